//! The records of a zone of ours: all but those that AWS puts there, and aliases, which are [`super::AliasRecord`]s.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_route53::types::{Change, ChangeAction, ChangeBatch, ResourceRecord, ResourceRecordSet, RrType};
use gcnet_core::{Calls, Context, Diff, Failure, Kind, Live, Natural, Owner, Ref, Replace, Resource, State, Tags};
use serde::{Deserialize, Serialize};

use super::{HostedZone, resolver_rule::plain_domain};
use crate::aws::Aws;

/// One resource a zone, so that a change of many records is a call for a thousand of them and not a call for each. The zone is
/// ours as a whole: a record that nobody wishes goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ZoneRecords {
    /// In which zone.
    pub zone: Ref<HostedZone>,
    /// By [`key`](Self::key).
    pub records: BTreeMap<String, Values>,
}

/// What a record set says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Values {
    /// Seconds.
    pub ttl: i64,
    /// As Route 53 wants them: TXT in quotes.
    pub values: BTreeSet<String>,
}

impl Resource for ZoneRecords {
    const NAME: &'static str = "zone-records";
}

impl Kind<Aws> for ZoneRecords {
    const REPLACE: Replace = Replace::DeleteFirst;
    const CALLS: Calls = Calls {
        observe: &["route53:ListHostedZones", "route53:ListResourceRecordSets"],
        create: &["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets"],
        update: &["route53:ListResourceRecordSets", "route53:ChangeResourceRecordSets"],
        delete: &["route53:ListResourceRecordSets", "route53:ChangeResourceRecordSets"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        let mut found = vec![];
        for zone in aws.hosted_zones().await?.iter() {
            let ours = zone.records.iter().filter(|record| is_kept_here(record, zone.zone.name()));
            let records: BTreeMap<String, Values> = ours.map(|record| (key_of(record), values(record))).collect();
            if !records.is_empty() {
                let spec = ZoneRecords { zone: Ref::id(zone.id()), records };
                found.push(Live { id: id(zone.id()), owner: Owner::Parent, state: State::Ready, spec });
            }
        }
        Ok(found)
    }

    fn natural(&self) -> Option<Natural> {
        Some(Natural { parent: self.zone.target().clone(), name: self.zone.label().into() })
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let ZoneRecords { zone, records } = self;
        diff.replace("zone", zone, &live.zone);
        let keys: BTreeSet<&String> = records.keys().chain(live.records.keys()).collect();
        for key in keys {
            diff.in_place(&format!("records.{key}"), &records.get(key), &live.records.get(key));
        }
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        let zone = cx.id(&self.zone)?;
        self.put(&zone, &cx.world).await?;
        Ok(id(&zone))
    }

    async fn update(&self, _: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        self.put(&cx.id(&self.zone)?, &cx.world).await
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let nothing = ZoneRecords { zone: live.spec.zone.clone(), records: BTreeMap::new() };
        nothing.put(live.spec.zone.label(), aws).await
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // carries no tags
    }

    fn example() -> Self {
        let key = ZoneRecords::key("www.gc.naruto.example", "A");
        let values = Values { ttl: 300, values: ["10.2.0.80".to_string()].into() };
        ZoneRecords { zone: Ref::to("gc.naruto.example"), records: [(key, values)].into() }
    }
}

impl ZoneRecords {
    /// `www.gc.naruto.example A`
    pub fn key(name: &str, class: &str) -> String {
        format!("{} {class}", plain_domain(name))
    }

    /// Makes the zone's records these, in as few calls as AWS allows. Each is carried out whole or not at all.
    async fn put(&self, zone: &str, aws: &Aws) -> Result<(), Failure> {
        const OPERATION: &str = "route53:ChangeResourceRecordSets";
        // Read anew and whole: to remove a record is to say what it is, to the letter.
        let there = aws.records(zone).await?;
        let apex = there.iter().find(|record| *record.r#type() == RrType::Soa).map(|soa| soa.name().to_string());
        let there: BTreeMap<String, &ResourceRecordSet> = there
            .iter()
            .filter(|record| is_kept_here(record, apex.as_deref().unwrap_or_default()))
            .map(|record| (key_of(record), record))
            .collect();
        for batch in batches(changes(&self.records, &there)?) {
            let batch = ChangeBatch::builder().set_changes(Some(batch)).build().map_err(unbuilt)?;
            let call = aws.write().route53.change_resource_record_sets().hosted_zone_id(zone).change_batch(batch);
            aws.call(OPERATION, call.send()).await?;
        }
        Ok(())
    }
}

fn id(zone: &str) -> String {
    format!("{zone}|records")
}

/// AWS puts an SOA and an NS record at the apex and keeps them there.
fn is_kept_here(record: &ResourceRecordSet, apex: &str) -> bool {
    let is_awss = matches!(record.r#type(), RrType::Soa | RrType::Ns) && plain(record.name()) == plain_domain(apex);
    !is_awss && record.alias_target().is_none()
}

/// With the set identifier of what somebody made with a routing policy.
fn key_of(record: &ResourceRecordSet) -> String {
    let key = ZoneRecords::key(&plain(record.name()), record.r#type().as_str());
    record.set_identifier().map_or(key.clone(), |set| format!("{key} {set}"))
}

fn values(record: &ResourceRecordSet) -> Values {
    let values = record.resource_records().iter().map(|value| value.value().to_string()).collect();
    Values { ttl: record.ttl().unwrap_or_default(), values }
}

/// Names come back with everything but letters, digits, `-`, `_` and `.` as `\` and three octal digits.
pub(super) fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let code = after.get(..3).and_then(|digits| u8::from_str_radix(digits, 8).ok());
        match code.filter(u8::is_ascii) {
            Some(code) => {
                plain.push(code.into());
                rest = &after[3..];
            }
            None => {
                plain.push('\\');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain_domain(&plain)
}

/// What goes comes first, of each name: nothing stands beside a CNAME, not even for the length of a batch.
fn changes(
    wished: &BTreeMap<String, Values>,
    there: &BTreeMap<String, &ResourceRecordSet>,
) -> Result<Vec<Change>, Failure> {
    let mut changes = vec![];
    for (_, record) in there.iter().filter(|(key, _)| !wished.contains_key(*key)) {
        changes.push(change(ChangeAction::Delete, (*record).clone())?);
    }
    for (key, wish) in
        wished.iter().filter(|(key, wish)| there.get(*key).map(|record| values(record)).as_ref() != Some(wish))
    {
        let (name, class) = key.rsplit_once(' ').unwrap_or((key, ""));
        let records = wish.values.iter().map(|value| ResourceRecord::builder().value(value).build());
        let records = records.collect::<Result<_, _>>().map_err(unbuilt)?;
        let record = ResourceRecordSet::builder().name(name).r#type(RrType::from(class)).ttl(wish.ttl);
        changes
            .push(change(ChangeAction::Upsert, record.set_resource_records(Some(records)).build().map_err(unbuilt)?)?);
    }
    changes.sort_by_cached_key(|change| {
        let name = change.resource_record_set().map(|record| plain(record.name()));
        (name, *change.action() != ChangeAction::Delete)
    });
    Ok(changes)
}

fn change(action: ChangeAction, record: ResourceRecordSet) -> Result<Change, Failure> {
    Change::builder().action(action).resource_record_set(record).build().map_err(unbuilt)
}

fn unbuilt(error: aws_sdk_route53::error::BuildError) -> Failure {
    Failure::internal("route53:ChangeResourceRecordSets", error.to_string())
}

/// A batch has at most 1,000 values, those of an UPSERT counted twice, and 32,000 characters in them (aws-facts 2.2). All
/// changes of one name are in one batch, unless they alone are too many.
fn batches(changes: Vec<Change>) -> Vec<Vec<Change>> {
    const VALUES: usize = 1000;
    const CHARACTERS: usize = 32_000;
    let name = |change: &Change| change.resource_record_set().map(|record| plain(record.name()));
    let mut batches: Vec<Vec<Change>> = vec![];
    let (mut values, mut characters) = (0, 0);
    for together in changes.chunk_by(|a, b| name(a) == name(b)) {
        let (more_values, more_characters) = together.iter().map(weight).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        match batches.last_mut() {
            Some(batch) if values + more_values <= VALUES && characters + more_characters <= CHARACTERS => {
                batch.extend_from_slice(together);
            }
            _ => {
                batches.push(together.to_vec());
                (values, characters) = (0, 0);
            }
        }
        values += more_values;
        characters += more_characters;
    }
    batches
}

fn weight(change: &Change) -> (usize, usize) {
    let times = if *change.action() == ChangeAction::Upsert { 2 } else { 1 };
    let values = change.resource_record_set().map(ResourceRecordSet::resource_records).unwrap_or_default();
    (times * values.len().max(1), times * values.iter().map(|value| value.value().chars().count()).sum::<usize>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(name: &str, class: &str, values: &[&str]) -> ResourceRecordSet {
        let values = values.iter().map(|value| ResourceRecord::builder().value(*value).build().unwrap()).collect();
        let record = ResourceRecordSet::builder().name(name).r#type(RrType::from(class)).ttl(300);
        record.set_resource_records(Some(values)).build().unwrap()
    }

    fn wish(key: &str, value: &str) -> (String, Values) {
        (key.to_string(), Values { ttl: 300, values: [value.to_string()].into() })
    }

    #[test]
    fn names_are_read_back_as_they_were_written() {
        assert_eq!(plain(r"\052.gc.naruto.example."), "*.gc.naruto.example");
        assert_eq!(plain(r"a\b.example."), r"a\b.example");
        assert_eq!(plain(r"\377x.example."), r"\377x.example", "no ASCII: nothing that we write");
    }

    #[test]
    fn a_cname_that_becomes_an_address_goes_and_comes_in_one_batch() {
        let old = record("www.x.example.", "CNAME", &["other.example"]);
        let there = [(key_of(&old), &old)].into();
        let changes = changes(&[wish("www.x.example A", "10.0.0.1")].into(), &there).unwrap();
        let actions: Vec<&str> = changes.iter().map(|change| change.action().as_str()).collect();
        assert_eq!(actions, ["DELETE", "UPSERT"]);
        assert_eq!(batches(changes).len(), 1);
    }

    #[test]
    fn what_is_as_wished_is_not_touched_and_awss_own_is_not_seen() {
        let kept = record("www.x.example.", "A", &["10.0.0.1"]);
        let there = [(key_of(&kept), &kept)].into();
        assert!(changes(&[wish("www.x.example A", "10.0.0.1")].into(), &there).unwrap().is_empty());
        assert!(!is_kept_here(&record("x.example.", "NS", &["ns-1."]), "x.example."));
        assert!(is_kept_here(&record("sub.x.example.", "NS", &["ns-1."]), "x.example."));
    }

    #[test]
    fn no_batch_is_larger_than_aws_takes() {
        let wished: BTreeMap<String, Values> =
            (0..1200).map(|i| wish(&format!("host-{i}.x.example A"), "10.0.0.1")).collect();
        let batches = batches(changes(&wished, &BTreeMap::new()).unwrap());
        assert_eq!(batches.iter().map(Vec::len).collect::<Vec<_>>(), [500, 500, 200]);
        let long: BTreeMap<String, Values> =
            (0..4).map(|i| wish(&format!("t{i}.x.example TXT"), &"x".repeat(9000))).collect();
        assert_eq!(super::batches(super::changes(&long, &BTreeMap::new()).unwrap()).len(), 4);
    }
}
