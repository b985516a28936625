//! The prefixes that an association allows, which for a transit gateway are what is advertised to on-premises (DOC:
//! Direct Connect user guide, "Allowed prefixes interactions"). IPv4 only.

use std::collections::BTreeSet;

use ipnet::Ipv4Net;
use serde::Deserialize;
use serde_json::{Value, json};

use super::refused;
use crate::error::Result;
use crate::service::Ctx;

/// In the order of their addresses.
pub(crate) type Prefixes = BTreeSet<Ipv4Net>;

/// One of them on the wire.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Prefix {
    cidr: String,
}

/// A list of a request; none given is none.
pub(super) fn read(given: Option<Vec<Prefix>>) -> Result<Prefixes> {
    let parse = |Prefix { cidr }: Prefix| match cidr.parse::<Ipv4Net>() {
        Ok(block) if block.trunc() == block => Ok(block),
        _ => Err(refused(format!("Invalid CIDR {cidr} in the allowed prefixes."))),
    };
    given.unwrap_or_default().into_iter().map(parse).collect()
}

/// As in an answer.
pub(super) fn json(prefixes: &Prefixes) -> Value {
    prefixes.iter().map(|block| json!({ "cidr": block.to_string() })).collect()
}

/// No more than an association may allow.
pub(super) fn check_count(ctx: &Ctx<'_>, prefixes: &Prefixes) -> Result<()> {
    let most = ctx.quotas.allowed_prefixes;
    if prefixes.len() > most {
        return Err(refused(format!("The number of allowed prefixes exceeds the limit of {most}.")));
    }
    Ok(())
}

/// A block of one that overlaps a block of the other.
pub(super) fn overlap(one: &Prefixes, other: &Prefixes) -> Option<Ipv4Net> {
    let overlaps = |a: &Ipv4Net, b: &Ipv4Net| a.contains(b) || b.contains(a);
    one.iter().find(|a| other.iter().any(|b| overlaps(a, b))).copied()
}
