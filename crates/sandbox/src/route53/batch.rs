//! ChangeResourceRecordSets: all changes of a batch, or none.

use std::collections::BTreeMap;

use super::change::{self, refuse_while_pending};
use super::record::{RecordSet, RecordType};
use super::record_change::{Action, RecordChange, problem_of_alias};
use super::{own_zone, zone_mut};
use crate::ec2::is_name_of_endpoint;
use crate::error::{AwsError, Result};
use crate::protocol::{Node, RestAnswer, RestParams, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] =
    &[Operation::xml_write("ChangeResourceRecordSets", "POST", "/2013-04-01/hostedzone/{HostedZoneId}/rrset", change)];

/// DOC (Route 53 quotas, "ChangeResourceRecordSets requests"): `ResourceRecord` elements, those of an UPSERT twice.
const MOST_RECORDS: usize = 1000;
/// Likewise the characters of all values.
const MOST_CHARACTERS: usize = 32_000;

fn change(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let id = p.label("HostedZoneId");
    let batch = p.document("ChangeResourceRecordSetsRequest")?.required_child("ChangeBatch")?;
    let comment = batch.optional("Comment", 0..=256)?.filter(|comment| !comment.is_empty());
    let changes = batch.list("Changes", "Change", 1..=usize::MAX)?.unwrap_or_default();
    if changes.is_empty() {
        return Err(batch.invalid("Changes is missing."));
    }
    let changes: Vec<RecordChange> = changes.iter().map(read).collect::<Result<_>>()?;
    let zone = own_zone(ctx, id)?;
    refuse_while_pending(ctx, zone.pending_until)?;

    let name = zone.name.clone();
    let mut records = zone.records.clone();
    let mut problems = limits(&changes);
    problems.extend(clashes(&changes));
    for change in &changes {
        let wrong = change.problems(&name);
        if wrong.is_empty() {
            problems.extend(change.apply(&mut records, &name).err());
        } else {
            problems.extend(wrong);
        }
    }
    let is_endpoint = |target: &str, zone: &str| {
        let mut regions = ctx.state.account(&ctx.caller.account).regions.iter();
        regions.any(|(region, regional)| is_name_of_endpoint(&regional.ec2, region, target, zone))
    };
    let made = changes.iter().filter(|change| change.action != Action::Delete);
    problems.extend(made.filter_map(|change| problem_of_alias(&change.set, id, &name, &records, is_endpoint)));
    if records.len() > ctx.quotas.records_per_hosted_zone {
        let most = ctx.quotas.records_per_hosted_zone;
        problems.push(format!("Limit Exceeded: MAX_RRSETS_BY_ZONE - {most}"));
    }
    if !problems.is_empty() {
        // In brackets, as clients get them.
        return Err(AwsError::new("InvalidChangeBatch", format!("[{}]", problems.join(", "))));
    }
    zone_mut(ctx, id)?.records = records;
    Ok(Xml::new().nest("ChangeInfo", change::begin(ctx, id, comment)?).into())
}

fn read(change: &Node<'_>) -> Result<RecordChange> {
    let word = change.required("Action", 1..=16)?;
    let action = Action::read(word).ok_or_else(|| change.invalid(format!("'{word}' is no action.")))?;
    let set = RecordSet::read(&change.required_child("ResourceRecordSet")?, word)?;
    Ok(RecordChange { action, set })
}

/// More than a request may hold.
fn limits(changes: &[RecordChange]) -> Vec<String> {
    let (mut records, mut characters) = (0, 0);
    for RecordChange { action, set } in changes {
        let times = if *action == Action::Upsert { 2 } else { 1 };
        let values = set.content.values();
        records += times * values.len();
        characters += times * values.iter().map(|value| value.chars().count()).sum::<usize>();
    }
    let exceeded = |what: &str, most: usize| format!("Number of {what} limit of {most} exceeded.");
    let mut problems = Vec::new();
    if records > MOST_RECORDS {
        problems.push(exceeded("records", MOST_RECORDS));
    }
    if characters > MOST_CHARACTERS {
        problems.push(exceeded("characters", MOST_CHARACTERS));
    }
    problems
}

/// A set may be changed once, or be deleted and then created.
fn clashes(changes: &[RecordChange]) -> Vec<String> {
    let mut by_set: BTreeMap<String, (Vec<Action>, RecordType, &str)> = BTreeMap::new();
    for RecordChange { action, set } in changes {
        by_set.entry(set.key()).or_insert((Vec::new(), set.kind, &set.name)).0.push(*action);
    }
    let clash = by_set
        .into_values()
        .filter(|(actions, ..)| actions.len() > 1 && actions.as_slice() != [Action::Delete, Action::Create].as_slice());
    clash
        .map(|(_, kind, name)| {
            format!("The request contains an invalid set of changes for a resource record set '{} {name}'", kind.word())
        })
        .collect()
}
