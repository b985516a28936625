//! That a service of AWS may issue from an authority and renew what it issued: Certificate Manager, for certificates of the same
//! account.

use aws_sdk_acmpca::types::ActionType;
use gcnet_core::{Calls, Context, Diff, Failure, Kind, Live, Natural, Owner, Ref, Replace, Resource, State, Tags};
use serde::{Deserialize, Serialize};

use super::CertificateAuthority;
use crate::{aws::Aws, read::need};

/// What AWS allows to be granted, and all of it (CreatePermission, Actions).
const ACTIONS: [ActionType; 3] =
    [ActionType::GetCertificate, ActionType::IssueCertificate, ActionType::ListPermissions];

/// The pair of authority and service is the natural key: the account is always the authority's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaPermission {
    /// From which authority.
    pub authority: Ref<CertificateAuthority>,
    /// AWS knows one: `acm.amazonaws.com`.
    pub principal: String,
}

impl CaPermission {
    /// The only principal that AWS takes (CreatePermission, Principal).
    pub const ACM: &str = "acm.amazonaws.com";
}

impl Resource for CaPermission {
    const NAME: &'static str = "ca-permission";
}

impl Kind<Aws> for CaPermission {
    const REPLACE: Replace = Replace::DeleteFirst;
    const CALLS: Calls = Calls {
        observe: &["acm-pca:ListCertificateAuthorities", "acm-pca:ListPermissions"],
        create: &["acm-pca:CreatePermission"],
        update: &[],
        delete: &["acm-pca:DeletePermission"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        const OPERATION: &str = "acm-pca:ListPermissions";
        let mut found = vec![];
        for permission in aws.ca_permissions().await?.iter() {
            let authority = need(permission.certificate_authority_arn(), OPERATION, "CertificateAuthorityArn")?;
            let principal = need(permission.principal(), OPERATION, "Principal")?;
            let spec = CaPermission { authority: Ref::id(authority), principal: principal.into() };
            found.push(Live { id: key(authority, principal), owner: Owner::Parent, state: State::Ready, spec });
        }
        Ok(found)
    }

    fn natural(&self) -> Option<Natural> {
        let name = format!("{}/{}", self.authority.label(), self.principal);
        Some(Natural { parent: self.authority.target().clone(), name })
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let CaPermission { authority, principal } = self;
        diff.replace("authority", authority, &live.authority);
        diff.replace("principal", principal, &live.principal);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        let (aws, authority) = (&cx.world, cx.id(&self.authority)?);
        let call = aws.write().acmpca.create_permission().certificate_authority_arn(&authority);
        let call = call.principal(&self.principal).source_account(aws.account()).set_actions(Some(ACTIONS.into()));
        aws.call("acm-pca:CreatePermission", call.send()).await?;
        Ok(key(&authority, &self.principal))
    }

    async fn update(&self, _: &Live<Self>, _: &Context<'_, Aws>) -> Result<(), Failure> {
        Ok(()) // nothing of it changes in place
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let (authority, principal) = live.id.split_once('|').unwrap_or_default();
        let call = aws.write().acmpca.delete_permission().certificate_authority_arn(authority);
        let call = call.principal(principal).source_account(aws.account());
        match aws.call("acm-pca:DeletePermission", call.send()).await {
            // The authority has been deleted, and with it what it allowed.
            Err(failure) if failure.code == "InvalidStateException" => Ok(()),
            answer => answer.map(drop),
        }
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // carries no tags
    }

    fn example() -> Self {
        CaPermission { authority: Ref::to("root"), principal: CaPermission::ACM.into() }
    }
}

fn key(authority: &str, principal: &str) -> String {
    format!("{authority}|{principal}")
}
