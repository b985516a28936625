//! V21 of the private CA: what AWS would refuse, or accept and never make use of.

use super::{Purpose, Reporter};
use crate::config::at::At;
use crate::config::fleet::City;
use crate::config::problem::{Misfit, Problem, SubjectFault};
use crate::config::schema::{AuthorityMode, Hierarchy, Key, PrivateCa, Revocation, Subject};
use crate::config::source::Span;
use crate::config::values::Text;

/// Looks at keys of the block that depend on each other, and at what certificates cannot hold.
pub(super) fn fits(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    let Some(ca) = &city.config.private_ca else { return };
    let mut misfits = vec![];
    levels(ca, &mut misfits);
    mode(ca, &mut misfits);
    revocation(ca, &mut misfits);
    let issuing = ca.subordinate.as_ref().map(|subordinate| (&subordinate.subject, &subordinate.key));
    for (subject, key) in std::iter::once((&ca.subject, &ca.key)).chain(issuing) {
        signing(subject, key, &mut misfits);
        for (field, text, limit) in fields(subject) {
            if let Some(fault) = fault(text, limit) {
                report.error(city.at(text.span), Problem::Subject { field, fault });
            }
        }
    }
    let root = ca.subject.common_name.span;
    for (misfit, span) in misfits {
        let stated = span != Span::default();
        report.error(city.at(if stated { span } else { root }), Problem::Misfit { misfit });
    }
}

/// Of two levels, the lower ends first: AWS signs no certificate that would outlive the one that signs it.
fn levels(ca: &PrivateCa, misfits: &mut Vec<(Misfit, Span)>) {
    match (ca.hierarchy.value, &ca.subordinate) {
        (Hierarchy::RootAndSubordinate, None) => misfits.push((Misfit::SubordinateMissing, ca.hierarchy.span)),
        (Hierarchy::RootOnly, Some(unused)) => {
            misfits.push((Misfit::SubordinateUnused, unused.subject.common_name.span));
        }
        (Hierarchy::RootAndSubordinate, Some(subordinate)) if subordinate.years() >= ca.root_years() => {
            let stated = subordinate.key.validity_years.as_ref().or(ca.key.validity_years.as_ref());
            misfits
                .push((Misfit::OutlivesRoot, stated.map_or(subordinate.subject.common_name.span, |years| years.span)));
        }
        _ => {}
    }
}

fn mode(ca: &PrivateCa, misfits: &mut Vec<(Misfit, Span)>) {
    if ca.mode.value != AuthorityMode::ShortLived {
        return;
    }
    if ca.hierarchy.value == Hierarchy::RootAndSubordinate {
        misfits.push((Misfit::ShortLivedRoot, ca.mode.span));
    }
    if let Some(acm) = &ca.acm_renewal
        && acm.value
    {
        misfits.push((Misfit::ShortLivedAcm, acm.span));
    }
}

/// Nobody reads the bucket that gcnet makes, so certificates must not send their readers there.
fn revocation(ca: &PrivateCa, misfits: &mut Vec<(Misfit, Span)>) {
    let Revocation::Crl(crl) = &ca.revocation.value else { return };
    match &crl.bucket {
        Some(bucket) if !is_bucket(bucket) => misfits.push((Misfit::BucketName, bucket.span)),
        None if crl.custom_cname.is_none() && !crl.omit_distribution_point => {
            misfits.push((Misfit::ListUnreachable, ca.revocation.span));
        }
        _ => {}
    }
}

/// S3, "General purpose bucket naming rules".
fn is_bucket(name: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'.';
    let outer = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let bytes = name.as_bytes();
    (3..=63).contains(&bytes.len())
        && bytes.iter().all(|byte| inner(*byte))
        && outer(bytes.first())
        && outer(bytes.last())
        && !name.contains("..")
}

fn signing(subject: &Subject, key: &Key, misfits: &mut Vec<(Misfit, Span)>) {
    let Key { algorithm, signing, .. } = key;
    if !algorithm.fits(signing.value) {
        let stated = if signing.span == Span::default() { algorithm.span } else { signing.span };
        misfits.push((Misfit::SigningForKey, stated));
    }
    if let Some(country) = &subject.country
        && !(country.len() == 2 && country.bytes().all(|letter| letter.is_ascii_uppercase()))
    {
        misfits.push((Misfit::Country, country.span));
    }
}

/// With the most characters that a certificate takes (X.520, upper bounds; ASN1Subject of the API).
fn fields(subject: &Subject) -> impl Iterator<Item = (&'static str, &At<Text>, usize)> {
    let Subject { common_name, organization, organizational_unit, country: _, state, locality } = subject;
    [
        ("common_name", Some(common_name), 64),
        ("organization", organization.as_ref(), 64),
        ("organizational_unit", organizational_unit.as_ref(), 64),
        ("state", state.as_ref(), 128),
        ("locality", locality.as_ref(), 128),
    ]
    .into_iter()
    .filter_map(|(field, text, limit)| Some((field, text?, limit)))
}

/// Control characters and characters that stand for none cannot be in a name, nor can the ends be blank.
fn fault(text: &str, limit: usize) -> Option<SubjectFault> {
    let length = text.chars().count();
    if length > limit {
        return Some(SubjectFault::TooLong { limit, length });
    }
    let cannot = |c: &char| c.is_control() || matches!(*c as u32, 0xfffe | 0xffff | 0xfdd0..=0xfdef);
    if let Some(character) = text.chars().find(cannot) {
        return Some(SubjectFault::Character { code: character as u32 });
    }
    (text.trim() != text).then_some(SubjectFault::BlankEnds)
}
