//! Zones: ours with their records, ASPs' as nobody here sees what is in them.

use std::collections::{BTreeMap, BTreeSet};

use gcnet_aws::kinds::{AliasRecord, ForeignZone, HostedZone, Values, ZoneAssociation, ZoneRecords};
use gcnet_resolve::{Alias, Contents, Data, Name, RecordSet, RecordType, Zone};

use super::{facts::Facts, names::Names};
use crate::config::schema::Municipality;

pub(super) fn translate(
    municipality: &Municipality,
    facts: &Facts,
    names: &Names,
    is_known: &dyn Fn(&str) -> bool,
) -> Vec<Zone> {
    let mut zones: Vec<Zone> = ours(municipality, facts, names).chain(theirs(municipality, facts, names)).collect();
    for zone in &mut zones {
        let once: BTreeSet<String> = zone.vpcs.drain(..).filter(|vpc| is_known(vpc)).collect();
        zone.vpcs = once.into_iter().collect();
    }
    zones
}

fn ours<'a>(municipality: &'a Municipality, facts: &'a Facts, names: &'a Names) -> impl Iterator<Item = Zone> + 'a {
    facts.all::<HostedZone>().filter_map(move |(address, zone)| {
        let own = zone.vpcs.iter().map(|vpc| vpc.label().to_string());
        let associated = facts.all::<ZoneAssociation>().map(|(_, association)| association);
        let to_others = associated.filter(|known| known.zone.label() == address.name() && known.associated);
        let to_others = to_others.filter_map(|known| names.vpc(&known.vpc).map(String::from));
        Some(Zone {
            id: address.name().into(),
            apex: name(&zone.domain)?,
            owner: municipality.key().into(),
            vpcs: own.chain(to_others).collect(),
            contents: Contents::Known(records(facts, address.name())),
        })
    })
}

fn records(facts: &Facts, zone: &str) -> Vec<RecordSet> {
    let sets = facts.all::<ZoneRecords>().map(|(_, records)| records).filter(|records| records.zone.label() == zone);
    let values = sets.flat_map(|set| set.records).filter_map(|(key, values)| record(&key, values));
    let aliases = facts.all::<AliasRecord>().map(|(_, alias)| alias).filter(|alias| alias.zone.label() == zone);
    let aliases = aliases.filter_map(|alias| {
        let to = Alias::Resource(name(alias.endpoint.label())?);
        Some(RecordSet { name: name(&alias.name)?, ttl: None, data: Data::Alias { record_type: RecordType::A, to } })
    });
    values.chain(aliases).collect()
}

/// Of a key such as `www.gc.naruto.example A`; routing policies add a word, and each set answers in its turn.
fn record(key: &str, values: Values) -> Option<RecordSet> {
    let mut words = key.split(' ');
    let (name, record_type) = (name(words.next()?)?, words.next()?.parse().ok()?);
    let data = match (record_type, values.values.first()) {
        (RecordType::Cname, target) => Data::Cname { target: target?.parse().ok()? },
        _ => Data::Values { record_type, values: values.values.into_iter().collect() },
    };
    Some(RecordSet { name, ttl: u32::try_from(values.ttl).ok(), data })
}

/// Those of the file, in the VPCs of the ASP itself and wherever they are associated with ours, and live ones besides.
fn theirs(municipality: &Municipality, facts: &Facts, names: &Names) -> Vec<Zone> {
    let mut here: BTreeMap<String, ForeignZone> =
        facts.all::<ForeignZone>().map(|(_, zone)| (zone.zone.clone(), zone)).collect();
    let mut zones: Vec<Zone> = vec![];
    for asp in &municipality.asps {
        let owner =
            municipality.account_of(asp).map_or_else(|| asp.name.to_string(), |party| party.company.to_string());
        for stated in &asp.zones {
            let associated = here.remove(stated.id.as_str());
            let Some(apex) = name(&stated.name) else { continue };
            let ours = associated.map(|zone| zone.vpc.label().to_string());
            zones.push(Zone {
                id: stated.id.to_string(),
                apex,
                owner: owner.clone(),
                vpcs: names.of(asp).chain(ours).collect(),
                contents: Contents::Unseen,
            });
        }
    }
    let unstated = here.into_values().filter_map(|zone| {
        let vpcs = vec![zone.vpc.label().to_string()];
        Some(Zone { id: zone.zone, apex: name(&zone.domain)?, owner: zone.account, vpcs, contents: Contents::Unseen })
    });
    zones.extend(unstated);
    zones
}

/// Route 53 answers with `\052` where a wildcard was written.
fn name(text: &str) -> Option<Name> {
    text.replace("\\052", "*").parse().ok()
}
