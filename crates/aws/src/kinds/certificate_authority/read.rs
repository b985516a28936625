//! From what lists show to what is compared with a wish.

use aws_sdk_acmpca::types::{CertificateAuthority as Listed, CertificateAuthorityStatus as Status};
use aws_sdk_acmpca::types::{CertificateAuthorityType, CertificateAuthorityUsageMode};
use aws_smithy_types::DateTime;
use gcnet_core::{Failure, Live, Owner, Ref, State};

use super::{CertificateAuthority, DEFAULT_WINDOW, NO_DAY, Revocation, SINCE, Subject, WINDOW, YEAR};
use crate::{
    read::{need, rfc3339},
    snapshot::authorities::{Authority, same_serial},
};

const OPERATION: &str = "acm-pca:ListCertificateAuthorities";

/// Every authority of ours, each with its parent among them.
pub(super) fn all(authorities: &[Authority]) -> Result<Vec<Live<CertificateAuthority>>, Failure> {
    authorities.iter().map(|authority| read(authority, authorities)).collect()
}

fn read(authority: &Authority, all: &[Authority]) -> Result<Live<CertificateAuthority>, Failure> {
    let ca = &authority.ca;
    let made = need(ca.certificate_authority_configuration(), OPERATION, "CertificateAuthorityConfiguration")?;
    let (state, status) = standing(ca)?;
    let owner = match state {
        State::Deleted { .. } => Owner::Name { stack: authority.stack.clone(), name: authority.name.clone() },
        _ => Owner::Tags(authority.tags.clone()),
    };
    let spec = CertificateAuthority {
        parent: parent(authority, all),
        mode: ca.usage_mode().unwrap_or(&CertificateAuthorityUsageMode::GeneralPurpose).as_str().into(),
        subject: made.subject().map(Subject::from).unwrap_or_default(),
        key_algorithm: made.key_algorithm().as_str().into(),
        signing_algorithm: made.signing_algorithm().as_str().into(),
        validity_years: years(ca),
        reissued_since: authority.tags.get(SINCE).filter(|day| *day != NO_DAY).cloned(),
        revocation: ca.revocation_configuration().map(Revocation::from).unwrap_or_default(),
        deletion_window_days: authority.tags.get(WINDOW).and_then(|days| days.parse().ok()).unwrap_or(DEFAULT_WINDOW),
        status: status.into(),
        signed_on: ca.not_before().and_then(day),
        expires: rfc3339(ca.not_after()),
    };
    Ok(Live { id: need(ca.arn(), OPERATION, "Arn")?.into(), owner, state, spec })
}

/// One that cannot sign yet, or not any more, is ready for what we do about it.
fn standing(ca: &Listed) -> Result<(State, &'static str), Failure> {
    Ok(match need(ca.status(), OPERATION, "Status")? {
        Status::Active => (State::Ready, CertificateAuthority::ACTIVE),
        Status::Disabled => (State::Ready, CertificateAuthority::DISABLED),
        Status::Expired => (State::Ready, CertificateAuthority::EXPIRED),
        Status::PendingCertificate => (State::Ready, CertificateAuthority::PENDING_CERTIFICATE),
        Status::Deleted => (State::Deleted { until: rfc3339(ca.restorable_until()) }, CertificateAuthority::DELETED),
        Status::Failed => {
            let reason = ca.failure_reason().map_or("failed", |reason| reason.as_str());
            (State::Failed(reason.into()), "failed")
        }
        other => (State::Pending(other.as_str().to_ascii_lowercase()), "creating"),
    })
}

/// Whose certificate is the first in its chain. Where that is nobody's any more, which happens when the parent's own was issued
/// anew, the serial number that is there.
fn parent(authority: &Authority, all: &[Authority]) -> Option<Ref<CertificateAuthority>> {
    if authority.ca.r#type() != Some(&CertificateAuthorityType::Subordinate) {
        return None;
    }
    let Some(serial) = &authority.signed_by else { return Some(Ref::id("serial:none")) };
    let signs = |of: &&Authority| of.ca.serial().is_some_and(|listed| same_serial(serial, listed));
    let parent = all.iter().find(signs).and_then(|parent| parent.ca.arn());
    Some(Ref::id(parent.map_or_else(|| format!("serial:{serial}"), String::from)))
}

/// A certificate is valid from an hour before it is issued (IssueCertificate, ValidityNotBefore), and days are Japan's.
const ISSUED: i64 = 3600 + 9 * 3600;

/// The day on which it was issued.
fn day(not_before: &DateTime) -> Option<String> {
    let text = rfc3339(Some(&DateTime::from_secs(not_before.secs() + ISSUED)))?;
    text.get(..10).map(String::from)
}

/// The day of a moment, in seconds since 1970.
pub(super) fn today(now: i64) -> String {
    day(&DateTime::from_secs(now - 3600)).unwrap_or_default()
}

/// To the nearest: leap days and that hour make no difference.
fn years(ca: &Listed) -> u16 {
    let (Some(from), Some(to)) = (ca.not_before(), ca.not_after()) else { return 0 };
    u16::try_from((to.secs() - from.secs() + YEAR / 2) / YEAR).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use aws_smithy_types::date_time::Format;

    use super::*;

    fn valid(from: &str, to: &str) -> Listed {
        let time = |text| DateTime::from_str(text, Format::DateTime).unwrap();
        Listed::builder().not_before(time(from)).not_after(time(to)).build()
    }

    #[test]
    fn years_are_rounded() {
        for (to, is) in [("2036-12-01T00:00:00Z", 10), ("2027-12-01T01:00:00Z", 1), ("2056-11-23T00:00:00Z", 30)] {
            assert_eq!(years(&valid("2026-12-01T00:00:00Z", to)), is, "{to}");
        }
        assert_eq!(years(&Listed::builder().build()), 0);
    }

    #[test]
    fn the_day_is_that_of_issuing_in_japan() {
        for (from, is) in [("2026-11-30T13:59:59Z", "2026-11-30"), ("2026-11-30T14:00:00Z", "2026-12-01")] {
            let ca = valid(from, "2036-12-01T00:00:00Z");
            assert_eq!(ca.not_before().and_then(day).as_deref(), Some(is), "{from}");
        }
    }
}
