//! IssueCertificate and GetCertificate.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use x509_parser::certificate::X509Certificate;

use super::authority::{Authority, Kind, Mode, change, id_of, reachable, reachable_for};
use super::certificate::{self, Draft, blocks};
use super::csr::Request;
use super::errors::{in_progress, internal, invalid_args, invalid_arn, limit, not_found, refused};
use super::extension::{CRL_DISTRIBUTION_POINTS, Extension, SUBJECT_ALT_NAME, key_id};
use super::key::SigningAlgorithm;
use super::revoke::Revoked;
use super::template::{self, Chosen, Role};
use super::validity::Validity;
use super::{pem, timing, token_use};
use crate::clock::Moment;
use crate::error::Result;
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(super) static OPERATIONS: &[Operation] = &[
    Operation::json_write("IssueCertificate", |ctx, input| token_use::once(ctx, "IssueCertificate", input, issue)),
    Operation::json_read("GetCertificate", get),
];

/// What an authority remembers of a certificate that it has issued.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Issued {
    /// PEM, as the next.
    pub certificate: String,
    /// Of its issuer, up to the root; None where it has signed itself.
    chain: Option<String>,
    /// The ARN.
    pub template: String,
    /// As it is read: `C=JP, CN=www`.
    pub subject: String,
    /// The account that has asked for it.
    pub by: String,
    pub issued: Moment,
    /// When it can be read.
    pub ready: Moment,
    pub not_before: Moment,
    pub not_after: Moment,
    pub revoked: Option<Revoked>,
}

impl Issued {
    pub fn is_self_signed(&self) -> bool {
        self.chain.is_none()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Issue {
    certificate_authority_arn: String,
    csr: String,
    signing_algorithm: String,
    template_arn: Option<String>,
    validity: Validity,
    validity_not_before: Option<Validity>,
    #[serde(rename = "IdempotencyToken")]
    _idempotency_token: Option<String>,
}

/// DOC (user guide, "Understand AWS Private CA CA modes"): "exclusively issues certificates with a maximum validity period of
/// seven days", those of CAs below it too; but "does not perform validity checks on root CA certificates".
const SHORT: Duration = Duration::from_secs(7 * timing::DAY);

fn issue(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    const OPERATION: &str = "IssueCertificate";
    let wish: Issue = json_input(input)?;
    let arn = wish.certificate_authority_arn;
    let template_arn = wish.template_arn.unwrap_or_else(|| template::DEFAULT.to_owned());
    let chosen = template::find(&template_arn)?;
    let authority = reachable_for(ctx, OPERATION, &arn, Some(&template_arn))?.clone();
    let is_root = chosen.template.role == Role::Root;
    // DOC (user guide, "Understand AWS Private CA CA status", the table): only an active one issues; a root signs itself before
    // it is active all the same (aws-facts section 2.3 "Activate root"). Unverified: that it may again when it has expired,
    // though the table lets it be given a new certificate then.
    let states: &[&str] = if is_root { &["PENDING_CERTIFICATE", "ACTIVE", "EXPIRED"] } else { &["ACTIVE"] };
    authority.require(ctx.now, OPERATION, states)?;
    if authority.issued.len() >= ctx.quotas.certificates_per_authority {
        return Err(limit("The limit of certificates of the certificate authority is reached."));
    }
    let request = Request::read(&wish.csr)?;
    let algorithm = SigningAlgorithm::read(&wish.signing_algorithm)?;
    algorithm.check_family(authority.configuration.key_algorithm)?;
    let not_after = wish.validity.end(ctx.now)?;
    let not_before = match &wish.validity_not_before {
        Some(given) => given.beginning()?,
        None => ctx.now.minus(Duration::from_secs(timing::BACKDATED)),
    };
    // The range of a certificate, to the second; the code is unverified.
    if not_after <= not_before || not_after <= ctx.now {
        return Err(refused("The certificate validity specified has ended or ends before it begins."));
    }
    let short_lived = authority.mode == Mode::ShortLivedCertificate && !is_root;
    if short_lived && ctx.now.plus(SHORT) < not_after {
        return Err(refused("A certificate authority in short-lived certificate mode issues for seven days at most."));
    }

    let serial = serial(ctx);
    let place = Place { region: ctx.region, id: id_of(&arn) };
    let range = (not_before, not_after);
    let (der, chain) = if is_root {
        (signed_by_itself(&authority, &request, algorithm, &serial, range, chosen)?, None)
    } else {
        let der = signed_by_authority(&authority, &place, &request, algorithm, &serial, range, chosen)?;
        let installed = authority.installed.as_ref().ok_or_else(internal)?;
        (der, Some(format!("{}{}", installed.certificate, installed.chain.as_deref().unwrap_or_default())))
    };
    let issued = Issued {
        certificate: pem::block("CERTIFICATE", &der),
        chain,
        template: template_arn,
        subject: certificate::own(&der)?.subject().to_string(),
        by: ctx.caller.account.clone(),
        issued: ctx.now,
        ready: ctx.in_seconds(timing::ISSUING),
        not_before,
        not_after,
        revoked: None,
    };
    let serial = certificate::hex(&serial);
    let certificate_arn = format!("{arn}/certificate/{serial}");
    change(ctx, &arn)?.issued.insert(serial, issued);
    Ok(json!({ "CertificateArn": certificate_arn }))
}

/// Sixteen bytes that are a number without sign and without zeros before it.
fn serial(ctx: &mut Ctx<'_>) -> Vec<u8> {
    let digits = ctx.state.mint_hex("certificate", 32);
    let value = u128::from_str_radix(&digits, 16).unwrap_or(0);
    ((value >> 2) | 1 << 124).to_be_bytes().to_vec()
}

/// What stands in the addresses that certificates name.
struct Place<'a> {
    region: &'a str,
    id: &'a str,
}

type Range = (Moment, Moment);

/// DOC (RootCACertificate/V1): for "self-signed root CA certificates". Unverified: what AWS makes of another's request.
fn signed_by_itself(
    authority: &Authority,
    request: &Request,
    algorithm: SigningAlgorithm,
    serial: &[u8],
    (not_before, not_after): Range,
    chosen: Chosen,
) -> Result<Vec<u8>> {
    if authority.kind != Kind::Root {
        return Err(invalid_args("A subordinate certificate authority does not sign itself."));
    }
    if request.public_key != authority.key.public()? {
        return Err(invalid_args("A root certificate is issued for the CSR of the certificate authority itself only."));
    }
    let mut extensions = copied(request, chosen, false);
    extensions.push(Extension::subject_key_id(&key_id(&request.key_bits)));
    let draft = Draft {
        serial,
        issuer: &request.subject,
        subject: &request.subject,
        public_key: &request.public_key,
        not_before,
        not_after,
        extensions: &extensions,
    };
    draft.sign(&authority.key, &authority.configuration, algorithm)
}

fn signed_by_authority(
    authority: &Authority,
    place: &Place<'_>,
    request: &Request,
    algorithm: SigningAlgorithm,
    serial: &[u8],
    (not_before, not_after): Range,
    chosen: Chosen,
) -> Result<Vec<u8>> {
    let installed = authority.installed.as_ref().ok_or_else(internal)?;
    // DOC (Validity): "must not exceed the limit set on its parents in the CA hierarchy".
    if installed.not_after < not_after {
        return Err(refused("The certificate validity specified exceeds the certificate authority validity."));
    }
    let text = format!("{}{}", installed.certificate, installed.chain.as_deref().unwrap_or_default());
    let chain = blocks(&text).ok_or_else(internal)?;
    let chain: Vec<X509Certificate<'_>> = chain.iter().map(|der| certificate::own(der)).collect::<Result<_>>()?;
    // DOC (user guide, "RFC compliance"): "Issuing a certificate would violate a path length constraint."
    if let (Role::Subordinate(length), Some(most)) = (chosen.template.role, certificate::path_length(&chain))
        && most <= i64::from(length)
    {
        return Err(refused("The path length of the template violates the path length constraint of the issuer."));
    }
    let issuer = chain.first().ok_or_else(internal)?;
    let revocation = &authority.revocation;
    let point = revocation.crl_configuration.url(place.region, place.id);
    let mut extensions = copied(request, chosen, point.is_some());
    extensions.push(Extension::authority_key_id(&certificate::subject_key_id(issuer)));
    extensions.push(Extension::subject_key_id(&key_id(&request.key_bits)));
    extensions.extend(point.map(|url| Extension::crl_distribution_point(&url)));
    let ocsp = revocation.ocsp_configuration.url(place.region).map(|url| Extension::ocsp_responder(&url));
    extensions.extend(ocsp.filter(|one| extensions.iter().all(|there| there.oid != one.oid)));
    let draft = Draft {
        serial,
        issuer: issuer.subject().as_raw(),
        subject: &request.subject,
        public_key: &request.public_key,
        not_before,
        not_after,
        extensions: &extensions,
    };
    draft.sign(&authority.key, &authority.configuration, algorithm)
}

/// The extensions of the template, and those of the request that it lets through: the alternative names always, others with
/// passthrough where neither the template nor the authority (`has_point`) says something else.
fn copied(request: &Request, chosen: Chosen, has_point: bool) -> Vec<Extension> {
    let mut all = chosen.template.extensions();
    for one in &request.extensions {
        let names = one.is(SUBJECT_ALT_NAME);
        let written = all.iter().any(|there| there.oid == one.oid)
            || one.is(super::extension::SUBJECT_KEY_ID)
            || one.is(super::extension::AUTHORITY_KEY_ID)
            || (has_point && one.is(CRL_DISTRIBUTION_POINTS));
        if names {
            // RFC 5280, section 4.2.1.6: critical where nothing else names the subject.
            all.push(Extension { critical: !request.has_subject || one.critical, ..one.clone() });
        } else if chosen.passthrough && !written {
            all.push(one.clone());
        }
    }
    all
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Get {
    certificate_authority_arn: String,
    certificate_arn: String,
}

fn get(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    const OPERATION: &str = "GetCertificate";
    let Get { certificate_authority_arn: arn, certificate_arn } = json_input(input)?;
    let authority = reachable(ctx, OPERATION, &arn)?;
    authority.require(ctx.now, OPERATION, &["PENDING_CERTIFICATE", "ACTIVE", "DISABLED", "EXPIRED"])?;
    let serial = certificate_arn.strip_prefix(&arn).and_then(|rest| rest.strip_prefix("/certificate/"));
    let serial = serial.ok_or_else(|| invalid_arn(&certificate_arn))?;
    let issued = authority.issued.get(serial).ok_or_else(|| not_found("certificate", &certificate_arn))?;
    if ctx.now < issued.ready {
        return Err(in_progress("The request to issue the certificate is in progress."));
    }
    let mut answer = json!({ "Certificate": issued.certificate });
    if let Some(chain) = &issued.chain {
        answer["CertificateChain"] = json!(chain);
    }
    Ok(answer)
}
