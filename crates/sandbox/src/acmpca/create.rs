//! CreateCertificateAuthority.

use serde::Deserialize;
use serde_json::{Value, json};

use super::authority::{Authority, Configuration, Kind, Mode};
use super::csr_extensions::CsrExtensions;
use super::errors::{invalid_args, limit, validation};
use super::key::{KeyAlgorithm, PrivateKey, SigningAlgorithm};
use super::revocation::{self, Revocation};
use super::subject::Subject;
use super::tags::{self, Tag, Tags};
use super::{bucket, csr, pca, pca_mut, timing, token_use};
use crate::error::Result;
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};
use crate::store::Table;

pub(super) static OPERATIONS: &[Operation] = &[Operation::json_write("CreateCertificateAuthority", |ctx, input| {
    token_use::once(ctx, "CreateCertificateAuthority", input, create)
})];

/// DOC (CreateCertificateAuthority, KeyStorageSecurityStandard): the default, and the only one of these Regions
/// (unverified: that the lower level is refused where the higher one is kept).
const KEY_STORAGE: &str = "FIPS_140_2_LEVEL_3_OR_HIGHER";

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Create {
    certificate_authority_configuration: Wanted,
    revocation_configuration: Option<revocation::Wanted>,
    certificate_authority_type: String,
    #[serde(rename = "IdempotencyToken")]
    _idempotency_token: Option<String>,
    key_storage_security_standard: Option<String>,
    tags: Option<Vec<Tag>>,
    usage_mode: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Wanted {
    key_algorithm: String,
    signing_algorithm: String,
    subject: Subject,
    csr_extensions: Option<CsrExtensions>,
}

impl Wanted {
    fn read(self) -> Result<Configuration> {
        let Self { key_algorithm, signing_algorithm, subject, csr_extensions } = self;
        let key_algorithm = KeyAlgorithm::read(&key_algorithm)?;
        let signing_algorithm = SigningAlgorithm::read(&signing_algorithm)?;
        signing_algorithm.check_family(key_algorithm)?;
        subject.check()?;
        if let Some(extensions) = &csr_extensions {
            extensions.check()?;
        }
        Ok(Configuration { key_algorithm, signing_algorithm, subject, csr_extensions })
    }
}

fn create(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let wish: Create = json_input(input)?;
    let kind = match wish.certificate_authority_type.as_str() {
        "ROOT" => Kind::Root,
        "SUBORDINATE" => Kind::Subordinate,
        other => return Err(one_of("certificateAuthorityType", other, "ROOT, SUBORDINATE")),
    };
    let mode = match wish.usage_mode.as_deref() {
        None | Some("GENERAL_PURPOSE") => Mode::GeneralPurpose,
        Some("SHORT_LIVED_CERTIFICATE") => Mode::ShortLivedCertificate,
        Some(other) => return Err(one_of("usageMode", other, "GENERAL_PURPOSE, SHORT_LIVED_CERTIFICATE")),
    };
    check_key_storage(wish.key_storage_security_standard.as_deref())?;
    let configuration = wish.certificate_authority_configuration.read()?;
    let tags = wish.tags.map(tags::read).transpose()?.unwrap_or_else(Tags::new);
    let revocation = match wish.revocation_configuration {
        Some(wanted) => wanted.applied_to(&Revocation::default())?,
        None => Revocation::default(),
    };
    // DOC (quotas): those that can still be restored count.
    if pca(ctx).authorities.len() >= ctx.quotas.certificate_authorities {
        return Err(limit("The limit of private certificate authorities is reached."));
    }
    let id = ctx.new_uuid("certificate-authority");
    let arn = ctx.arn("acm-pca", &format!("certificate-authority/{id}"));
    bucket::check_crl(ctx, &arn, &revocation.crl_configuration)?;
    let key = PrivateKey::generate(ctx.state, configuration.key_algorithm)?;
    let csr = csr::write(&key, &configuration)?;
    let ready = ctx.in_seconds(timing::CREATING);
    let authority = Authority {
        kind,
        mode,
        key_storage: KEY_STORAGE.to_owned(),
        configuration,
        revocation,
        key,
        csr,
        created: ctx.now,
        ready,
        changed: ready,
        disabled: false,
        installed: None,
        deleted_until: None,
        tags,
        issued: Table::default(),
        crl_number: 0,
        reports: Table::default(),
        permission: None,
        policy: None,
    };
    pca_mut(ctx).authorities.insert(arn.clone(), authority);
    Ok(json!({ "CertificateAuthorityArn": arn }))
}

fn one_of(field: &str, given: &str, known: &str) -> crate::error::AwsError {
    validation(field, given, &format!("satisfy enum value set: [{known}]"))
}

fn check_key_storage(given: Option<&str>) -> Result<()> {
    match given {
        None | Some(KEY_STORAGE) => Ok(()),
        Some("FIPS_140_2_LEVEL_2_OR_HIGHER" | "CCPC_LEVEL_1_OR_HIGHER") => Err(invalid_args(
            "A certificate authority cannot be created in this region with the specified security standard.",
        )),
        Some(other) => {
            let known = "FIPS_140_2_LEVEL_2_OR_HIGHER, FIPS_140_2_LEVEL_3_OR_HIGHER, CCPC_LEVEL_1_OR_HIGHER";
            Err(one_of("keyStorageSecurityStandard", other, known))
        }
    }
}
