//! AWS Private CA: certificate authorities and the certificates that they issue. JSON 1.1. Rules: aws-facts section 2.3,
//! the API reference (version 2017-08-22) and the Private CA user guide, both cited as DOC.
//!
//! Certificates, requests and lists of revoked certificates are real X.509. The account of an authority keeps it and all
//! that it has issued; other accounts reach it through RAM or a policy (see [`access`]).

mod access;
mod audit;
mod authority;
mod bucket;
mod certificate;
mod create;
mod crl;
mod csr;
mod csr_extensions;
mod delete;
mod der;
mod errors;
mod extension;
mod import;
mod issue;
mod key;
mod page;
mod pem;
mod permission;
mod policy;
mod read;
mod revocation;
mod revoke;
mod subject;
mod tags;
mod template;
mod timing;
mod token_use;
mod update;
mod validity;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::inspect::Resource;
use crate::protocol::Protocol;
use crate::service::{Ctx, Scope, Service};
use crate::store::{Regional, State, Table};

pub(crate) use authority::Authority;
pub(crate) use bucket::PROBE;
pub(crate) use template::DEFAULT as DEFAULT_TEMPLATE;

pub(crate) static SERVICE: Service = Service {
    name: "acm-pca",
    protocol: Protocol::Json { target: "ACMPrivateCA" },
    scope: Scope::Regional,
    operations: &[
        create::OPERATIONS,
        read::OPERATIONS,
        update::OPERATIONS,
        delete::OPERATIONS,
        issue::OPERATIONS,
        import::OPERATIONS,
        revoke::OPERATIONS,
        audit::OPERATIONS,
        permission::OPERATIONS,
        policy::OPERATIONS,
        tags::OPERATIONS,
    ],
};

/// What Private CA remembers of one account in one Region.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct AcmPca {
    /// By ARN.
    pub authorities: Table<authority::Authority>,
    /// By operation and idempotency token, of the account that has called.
    pub tokens: Table<token_use::TokenUse>,
}

impl AcmPca {
    /// Removes what time has ended. DOC (DeleteCertificateAuthority): "the CA won't be permanently deleted until the
    /// restoration period has passed".
    pub fn settle(&mut self, now: Moment) {
        self.authorities.prune(|it| it.deleted_until.is_some_and(|until| until <= now));
        self.tokens.prune(|used| used.is_forgotten(now));
    }
}

/// Does what authorities do by themselves.
pub(crate) fn work(state: &mut State, now: Moment) {
    crl::refresh(state, now);
}

fn pca<'a>(ctx: &'a Ctx<'_>) -> &'a AcmPca {
    &ctx.state.regional(&ctx.caller.account, ctx.region).acmpca
}

fn pca_mut<'a>(ctx: &'a mut Ctx<'_>) -> &'a mut AcmPca {
    &mut ctx.state.regional_mut(&ctx.caller.account, ctx.region).acmpca
}

/// The authority with this ARN, whoever's it is.
pub(crate) fn find<'a>(state: &'a State, region: &str, arn: &str) -> Option<&'a Authority> {
    state.regional(authority::owner_of(arn), region).acmpca.authorities.get(arn)
}

/// Whether there is an authority with this UUID that is not deleted.
pub(crate) fn is_there(regional: &Regional, id: &str) -> bool {
    let all = &regional.acmpca.authorities;
    all.iter().any(|(arn, it)| authority::id_of(arn) == id && it.deleted_until.is_none())
}

/// What is alive in an account, in every Region: what only waits to be gone is not.
pub(crate) fn inventory(state: &State, account: &str) -> Vec<Resource> {
    let mut all = Vec::new();
    for (region, regional) in &state.account(account).regions {
        let living = regional.acmpca.authorities.iter().filter(|(_, it)| it.deleted_until.is_none());
        all.extend(living.map(|(arn, it)| Resource {
            region: region.clone(),
            kind: "certificate-authority".to_owned(),
            id: arn.clone(),
            tags: it.tags.clone(),
        }));
    }
    all
}
