//! ImportCertificateAuthorityCertificate: what makes an authority active.

use serde::Deserialize;
use serde_json::{Value, json};
use x509_parser::certificate::X509Certificate;

use super::authority::{Installed, Kind, change, own};
use super::certificate::{self, blocks, colons};
use super::errors::{invalid_request, malformed_certificate, mismatch, refused, validation};
use super::extension::{AUTHORITY_INFO_ACCESS, BASIC_CONSTRAINTS, CRL_DISTRIBUTION_POINTS};
use super::{crl, pem};
use crate::clock::Moment;
use crate::error::Result;
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(super) static OPERATIONS: &[Operation] = &[Operation::json_write("ImportCertificateAuthorityCertificate", import)];

/// DOC: "The maximum allowed size of a certificate is 32 KB", "of a certificate chain is 2 MB". The sandbox takes no
/// request that large.
const LARGEST: usize = 32_768;

/// DOC ("Enforcement of Critical Constraints"): what may be critical. Authority key identifier, basic constraints,
/// certificate policies, extended key usage, inhibit anyPolicy, issuer alternative name, key usage, name constraints,
/// policy mappings, subject alternative name, directory attributes, key identifier, information access.
static MAY_BE_CRITICAL: &[&str] = &[
    "2.5.29.35",
    BASIC_CONSTRAINTS,
    "2.5.29.32",
    "2.5.29.37",
    "2.5.29.54",
    "2.5.29.18",
    "2.5.29.15",
    "2.5.29.30",
    "2.5.29.33",
    "2.5.29.17",
    "2.5.29.9",
    "2.5.29.14",
    "1.3.6.1.5.5.7.1.11",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Import {
    certificate_authority_arn: String,
    certificate: String,
    certificate_chain: Option<String>,
}

fn import(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    const OPERATION: &str = "ImportCertificateAuthorityCertificate";
    let Import { certificate_authority_arn: arn, certificate, certificate_chain } = json_input(input)?;
    let authority = own(ctx, OPERATION, &arn)?;
    // DOC (user guide, "Understand AWS Private CA CA status", the table): an expired one is given a new certificate, a disabled
    // one is not.
    authority.require(ctx.now, OPERATION, &["PENDING_CERTIFICATE", "ACTIVE", "EXPIRED"])?;

    let (text, mut ders) = read("certificate", &certificate)?;
    if text.len() > LARGEST {
        return Err(validation("certificate", text.len(), "have length less than or equal to 32768"));
    }
    if ders.len() != 1 {
        return Err(malformed_certificate("More than one certificate is given."));
    }
    let chain = certificate_chain.filter(|chain| !chain.is_empty()).map(|chain| read("certificate chain", &chain));
    let chain_text = match (authority.kind, chain.transpose()?) {
        (Kind::Root, None) => None,
        // DOC (CertificateChain): "When you import a root CA, there is no chain"; it "must be supplied when you import a
        // subordinate CA". Unverified: the code of both.
        (Kind::Root, Some(_)) => return Err(invalid_request("A root CA certificate is imported without a chain.")),
        (Kind::Subordinate, None) => return Err(invalid_request("A subordinate CA certificate needs its chain.")),
        (Kind::Subordinate, Some((text, chain))) => {
            ders.extend(chain);
            Some(text)
        }
    };
    let unreadable = || malformed_certificate("A certificate cannot be parsed.");
    let all: Vec<X509Certificate<'_>> =
        ders.iter().map(|der| certificate::parse(der).ok_or_else(unreadable)).collect::<Result<_>>()?;
    let Some((own, above)) = all.split_first() else {
        return Err(unreadable());
    };
    if own.public_key().raw != authority.key.public()? {
        return Err(mismatch("The certificate is not for the key of the certificate authority."));
    }
    for one in &all {
        check_extensions(one)?;
        check_now(one, ctx.now)?;
    }
    check_signatures(authority.kind, own, above)?;
    // DOC (user guide, "RFC compliance"): "would violate the path length constraint … in any CA certificate in the chain".
    if certificate::path_length(&all).is_some_and(|most| most < 0) {
        return Err(refused("The certificate violates a path length constraint of its chain."));
    }
    let (not_before, not_after) = certificate::validity(own);
    let installed =
        Installed { certificate: text, chain: chain_text, serial: colons(own.raw_serial()), not_before, not_after };
    let now = ctx.now;
    let authority = change(ctx, &arn)?;
    authority.installed = Some(installed);
    authority.changed = now;
    crl::publish(ctx, &arn)?;
    Ok(json!({}))
}

/// A blob of JSON that is PEM: its text, written anew, and the certificates in it.
fn read(what: &str, blob: &str) -> Result<(String, Vec<Vec<u8>>)> {
    let unreadable = || malformed_certificate(format!("The {what} is not in PEM."));
    let text = pem::unwrap(blob).and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(unreadable)?;
    let blocks = blocks(&text).ok_or_else(unreadable)?;
    Ok((blocks.iter().map(|der| pem::block("CERTIFICATE", der)).collect(), blocks))
}

/// DOC (user guide, "RFC compliance"): basic constraints must be there, critical, and say CA.
fn check_extensions(one: &X509Certificate<'_>) -> Result<()> {
    let constraints = one.basic_constraints().ok().flatten();
    if !constraints.is_some_and(|found| found.critical && found.value.ca) {
        return Err(refused("The basic constraints of a certificate are missing, not critical, or not of a CA."));
    }
    let usage = one.key_usage().map_err(|_| malformed_certificate("A certificate has its key usage twice."))?;
    if usage.is_some_and(|found| !found.value.key_cert_sign()) {
        return Err(malformed_certificate("The key usage of a certificate does not allow it to sign certificates."));
    }
    for extension in one.iter_extensions().filter(|extension| extension.critical) {
        let oid = extension.oid.to_id_string();
        if !MAY_BE_CRITICAL.contains(&oid.as_str()) {
            let known = [AUTHORITY_INFO_ACCESS, CRL_DISTRIBUTION_POINTS].contains(&oid.as_str());
            let why = if known { "must not be critical" } else { "is not known and critical" };
            return Err(malformed_certificate(format!("The extension {oid} of a certificate {why}.")));
        }
    }
    Ok(())
}

fn check_now(one: &X509Certificate<'_>, now: Moment) -> Result<()> {
    let (not_before, not_after) = certificate::validity(one);
    if now < not_before || not_after <= now {
        return Err(malformed_certificate("A certificate is not valid yet or not any more."));
    }
    Ok(())
}

/// DOC: "Only a self-signed certificate can be imported as a root CA", and not as a subordinate; each certificate of the
/// chain signs the one before it, the root is the last, and the certificate itself is not in it.
fn check_signatures(kind: Kind, own: &X509Certificate<'_>, above: &[X509Certificate<'_>]) -> Result<()> {
    let self_signed = |one: &X509Certificate<'_>| {
        one.issuer().as_raw() == one.subject().as_raw() && one.verify_signature(None).is_ok()
    };
    if (kind == Kind::Root) != self_signed(own) {
        return Err(malformed_certificate(match kind {
            Kind::Root => "Only a self-signed certificate can be imported as a root CA.",
            Kind::Subordinate => "A self-signed certificate cannot be imported as a subordinate CA.",
        }));
    }
    if above.iter().any(|one| one.as_raw() == own.as_raw()) {
        return Err(malformed_certificate("The chain must not have the certificate itself."));
    }
    let mut below = own;
    for signer in above {
        let named = below.issuer().as_raw() == signer.subject().as_raw();
        if !named || below.verify_signature(Some(signer.public_key())).is_err() {
            return Err(mismatch("A certificate is not signed by the one that follows it in the chain."));
        }
        if certificate::validity(signer).1 < certificate::validity(below).1 {
            return Err(mismatch("A certificate is valid for longer than the one that has signed it."));
        }
        below = signer;
    }
    if !self_signed(below) {
        return Err(malformed_certificate("The last certificate of the chain is no root."));
    }
    Ok(())
}
