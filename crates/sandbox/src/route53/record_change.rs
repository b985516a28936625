//! One change of a batch: what Route 53 has against it, and what it does.
//!
//! The wordings are those that Route 53's users quote; where none is known, it is said so.

use super::name;
use super::record::{Content, RecordSet, RecordType, keys_of};
use super::value;
use crate::store::Table;

/// DOC (Route 53 quotas, "Values in a record set").
const MOST_VALUES: usize = 400;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Create,
    Delete,
    Upsert,
}

impl Action {
    pub fn read(word: &str) -> Option<Self> {
        match word {
            "CREATE" => Some(Self::Create),
            "DELETE" => Some(Self::Delete),
            "UPSERT" => Some(Self::Upsert),
            _ => None,
        }
    }
}

#[derive(Debug)]
pub(super) struct RecordChange {
    pub action: Action,
    pub set: RecordSet,
}

impl RecordChange {
    /// What is wrong with the set, whatever is in the zone.
    pub fn problems(&self, zone: &str) -> Vec<String> {
        let RecordSet { name, kind, content, .. } = &self.set;
        if let Err(why) = name::canonical(name) {
            return vec![format!("FATAL problem: {why} encountered with '{name}'")];
        }
        let mut problems = Vec::new();
        if !name::is_within(name, zone) {
            problems.push(format!("RRSet with DNS name {name} is not permitted in zone {zone}"));
        }
        let word = kind.word();
        if *kind == RecordType::Cname && name == zone {
            problems.push(format!("RRSet of type CNAME with DNS name {name} is not permitted at apex in zone {zone}"));
        }
        // A zone's own belong to Route 53, and what else they could be used for is not simulated.
        if matches!(kind, RecordType::Ns | RecordType::Soa) && !self.is_removal() {
            problems.push(format!("RRSet of type {word} with DNS name {name} is not simulated by the sandbox"));
        }
        problems.extend(content.values().iter().filter_map(|value| value::problem(*kind, value)));
        problems.extend(problems_of_values(*kind, content.values()));
        problems
    }

    fn is_removal(&self) -> bool {
        self.action == Action::Delete
    }

    /// Makes the change, or says why it cannot be made.
    pub fn apply(&self, records: &mut Table<RecordSet>, zone: &str) -> Result<(), String> {
        let set = &self.set;
        let here = match &set.weighted {
            None => format!("[name='{}', type='{}']", set.name, set.kind.word()),
            Some(weighted) => {
                let identifier = &weighted.identifier;
                format!("[name='{}', type='{}', set-identifier='{identifier}']", set.name, set.kind.word())
            }
        };
        let key = set.key();
        let there = records.get(&key);
        match (self.action, there) {
            (Action::Delete, None) => {
                return Err(format!("Tried to delete resource record set {here} but it was not found"));
            }
            (Action::Delete, Some(live)) if live.weighted != set.weighted || !live.content.is_same(&set.content) => {
                return Err(format!(
                    "Tried to delete resource record set {here} but the values provided do not match the current values"
                ));
            }
            (Action::Delete, Some(live)) if live.is_of_aws(zone) => {
                return Err(match live.kind {
                    RecordType::Soa => "A HostedZone must contain exactly one SOA record.".to_owned(),
                    _ => "A HostedZone must contain at least one NS record for the zone itself.".to_owned(),
                });
            }
            (Action::Delete, Some(_)) => {
                records.remove(&key);
                return Ok(());
            }
            (Action::Create, Some(_)) => {
                return Err(format!("Tried to create resource record set {here} but it already exists"));
            }
            (Action::Create, None) | (Action::Upsert, _) => {}
        }
        if let Some(conflict) = conflict(set, records, zone) {
            return Err(conflict);
        }
        records.insert(key, set.clone());
        Ok(())
    }
}

fn problems_of_values(kind: RecordType, values: &[String]) -> Vec<String> {
    let mut problems = Vec::new();
    for (n, value) in values.iter().enumerate() {
        if values.iter().take(n).any(|before| before == value) {
            problems.push(format!("Duplicate Resource Record: '{value}'"));
        }
    }
    // DOC (ResourceRecord): "You can specify more than one value for all record types except CNAME and SOA."
    if kind == RecordType::Cname && values.len() > 1 {
        problems.push("Invalid Resource Record: a CNAME record has exactly one value".to_owned());
    }
    if values.len() > MOST_VALUES {
        problems.push(format!("Number of values limit of {MOST_VALUES} exceeded"));
    }
    problems
}

/// What else is at the same name and cannot be beside this set.
fn conflict(set: &RecordSet, records: &Table<RecordSet>, zone: &str) -> Option<String> {
    let (name, kind) = (&set.name, set.kind.word());
    let start = keys_of(name);
    let others = records.range(start.clone()..).take_while(|(key, _)| key.starts_with(&start)).map(|(_, other)| other);
    for other in others.filter(|other| other.key() != set.key()) {
        if other.kind == set.kind {
            if other.weighted.is_none() || set.weighted.is_none() {
                return Some(format!(
                    "RRSet with DNS name {name}, type {kind} cannot be created as other RRSets exist with the same name \
                     and type"
                ));
            }
        } else if set.kind == RecordType::Cname {
            return Some(format!(
                "RRSet of type CNAME with DNS name {name} is not permitted as it conflicts with other records with the \
                 same DNS name in zone {zone}"
            ));
        } else if other.kind == RecordType::Cname {
            return Some(format!(
                "RRSet of type {kind} with DNS name {name} is not permitted because a conflicting RRSet of type CNAME \
                 with the same DNS name already exists in zone {zone}"
            ));
        }
    }
    None
}

/// What is wrong with the target of an alias, given the records that the zone will have. `is_endpoint` knows the names of
/// VPC endpoints and the zones that AWS has them in.
pub(super) fn problem_of_alias(
    set: &RecordSet,
    zone_id: &str,
    zone: &str,
    records: &Table<RecordSet>,
    is_endpoint: impl Fn(&str, &str) -> bool,
) -> Option<String> {
    let Content::Alias { zone: target_zone, name: target, .. } = &set.content else {
        return None;
    };
    let kind = set.kind;
    let word = kind.word();
    let tried = format!("Tried to create an alias that targets {target}, type {word} in zone {target_zone},");
    if target_zone == zone_id {
        if !name::is_within(target, zone) {
            return Some(format!("{tried} but the alias target name does not lie within the target zone"));
        }
        let mut targets = records.values().filter(|other| other.name == *target && other.kind == kind);
        let found = targets.any(|other| other.key() != set.key());
        return (!found).then(|| format!("{tried} but that target was not found"));
    }
    // DOC (AliasTarget): an interface endpoint has addresses of the type A.
    let plain = target.strip_suffix('.').unwrap_or(target);
    let found = kind == RecordType::A && is_endpoint(plain, target_zone);
    (!found).then(|| format!("{tried} but that target was not found"))
}
