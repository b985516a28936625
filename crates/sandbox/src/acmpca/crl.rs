//! Lists of revoked certificates (X.509 v2 CRL, RFC 5280, section 5).

use std::time::Duration;

use super::authority::Authority;
use super::bucket;
use super::certificate::{self, blocks};
use super::errors::internal;
use super::extension::{CRL_NUMBER, Extension, REASON_CODE};
use super::{authority, der, timing};
use crate::clock::Moment;
use crate::error::Result;
use crate::service::Ctx;

/// DOC (RevocationReason) and RFC 5280's codes. Of an unspecified one nothing is said (section 5.3.1).
static REASONS: &[(&str, u8)] = &[
    ("UNSPECIFIED", 0),
    ("KEY_COMPROMISE", 1),
    ("CERTIFICATE_AUTHORITY_COMPROMISE", 2),
    ("AFFILIATION_CHANGED", 3),
    ("SUPERSEDED", 4),
    ("CESSATION_OF_OPERATION", 5),
    ("PRIVILEGE_WITHDRAWN", 9),
    ("A_A_COMPROMISE", 10),
];

pub(super) fn is_reason(name: &str) -> bool {
    REASONS.iter().any(|(known, _)| *known == name)
}

/// The names of all reasons, for a message.
pub(super) fn reasons() -> String {
    REASONS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// Writes an authority's list anew, if it has one to write. DOC: about 30 minutes after a revocation, and again before it
/// ends; in the sandbox at once, and only when something has happened.
pub(super) fn publish(ctx: &mut Ctx<'_>, arn: &str) -> Result<()> {
    let now = ctx.now;
    let authority = authority::change(ctx, arn)?;
    let crl = authority.revocation.crl_configuration.clone();
    if !crl.enabled || authority.installed.is_none() {
        return Ok(());
    }
    authority.crl_number += 1;
    let list = write(authority, crl.expiration_in_days.unwrap_or(1), now)?;
    bucket::put_crl(ctx, arn, &crl, &list);
    Ok(())
}

/// The list in DER: what was revoked and has not expired.
fn write(authority: &Authority, days: i64, now: Moment) -> Result<Vec<u8>> {
    let installed = authority.installed.as_ref().ok_or_else(internal)?;
    let own = blocks(&installed.certificate).and_then(|mut all| all.pop()).ok_or_else(internal)?;
    let own = certificate::own(&own)?;
    let algorithm = authority.configuration.signing_algorithm;
    let time = |at| der::time(at).ok_or_else(internal);
    let next = now.plus(Duration::from_secs(u64::try_from(days).unwrap_or(1) * timing::DAY));

    let mut revoked = Vec::new();
    for (serial, issued) in authority.issued.iter().filter(|(_, issued)| now < issued.not_after) {
        let Some(revocation) = &issued.revoked else {
            continue;
        };
        let serial = certificate::unhex(serial).ok_or_else(internal)?;
        let mut entry = vec![der::integer(&serial), time(revocation.at)?];
        let code = REASONS.iter().find(|(name, _)| *name == revocation.reason).map_or(0, |(_, code)| *code);
        if code > 0 {
            let reason = Extension::new(REASON_CODE, false, der::enumerated(code));
            entry.push(der::sequence(&[reason.der()]));
        }
        revoked.push(der::sequence(&entry));
    }
    let number = der::integer(&authority.crl_number.to_be_bytes());
    let extensions = [
        Extension::authority_key_id(&certificate::subject_key_id(&own)).der(),
        Extension::new(CRL_NUMBER, false, number).der(),
    ];
    let mut content = vec![
        der::integer(&[1]), // v2
        algorithm.identifier(),
        own.subject().as_raw().to_vec(),
        time(now)?,
        time(next)?,
    ];
    // RFC 5280, section 5.1.2.6: absent when there are none.
    content.extend((!revoked.is_empty()).then(|| der::sequence(&revoked)));
    content.push(der::explicit(0, &der::sequence(&extensions)));
    authority.key.signed(authority.configuration.key_algorithm, algorithm, der::sequence(&content))
}
