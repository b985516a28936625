//! The names of a zone, and what it answers.

use std::collections::HashMap;

use crate::{
    error::ModelError,
    model::{Alias, Contents, Data, RecordSet, RecordType, Zone},
    name::{above, upwards},
};

pub(crate) struct ZoneView<'a> {
    pub(crate) zone: &'a Zone,
    /// `None`: unseen.
    nodes: Option<HashMap<&'a str, Node<'a>>>,
    /// The names that have records, each once, in order.
    names: Vec<&'a str>,
}

/// A name that exists: it has records, or a name below it has.
#[derive(Default)]
struct Node<'a> {
    sets: Vec<&'a RecordSet>,
    /// The wildcard directly below it.
    wildcard: Option<&'a str>,
}

/// What a zone answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hit<'a> {
    /// This set; aliases within the zone may have led to it from another.
    Set { asked: &'a RecordSet, set: &'a RecordSet },
    /// Another name.
    Cname { set: &'a RecordSet, target: &'a str },
    /// What Route 53 makes at every apex and the description leaves out.
    Apex,
    /// The name is there, but not with this type.
    NoData,
    /// There is no such name.
    NxDomain,
    /// Others answer for the name, so that the zone does not.
    Delegated { set: &'a RecordSet },
}

impl<'a> ZoneView<'a> {
    pub(super) fn new(zone: &'a Zone) -> Result<ZoneView<'a>, ModelError> {
        let Contents::Known(sets) = &zone.contents else { return Ok(ZoneView { zone, nodes: None, names: vec![] }) };
        let apex = zone.apex.key();
        let mut nodes: HashMap<&str, Node<'_>> = HashMap::from([(apex, Node::default())]);
        for set in sets {
            let (id, record) = (|| zone.id.clone(), || set.name.clone());
            if !set.name.is_within(&zone.apex) {
                return Err(ModelError::Astray { zone: id(), record: record() });
            }
            if set.record_type() == RecordType::Cname && !matches!(set.data, Data::Cname { .. }) {
                return Err(ModelError::CnameWithoutTarget { zone: id(), record: record() });
            }
            let name = set.name.key();
            for existing in upwards(name).take_while(|existing| *existing != apex) {
                nodes.entry(existing).or_default();
            }
            let node = nodes.entry(name).or_default();
            let cname = |set: &RecordSet| set.record_type() == RecordType::Cname;
            let beside = node.sets.iter().any(|other| cname(other) != cname(set));
            if beside || (cname(set) && name == apex) {
                return Err(ModelError::CnameBeside { zone: id(), record: record() });
            }
            node.sets.push(set);
            if let Some(parent) = above(name).filter(|_| set.name.is_wildcard() && name != apex) {
                nodes.entry(parent).or_default().wildcard = Some(name);
            }
        }
        let mut names: Vec<&str> = sets.iter().map(|set| set.name.key()).collect();
        names.sort_unstable();
        names.dedup();
        Ok(ZoneView { zone, nodes: Some(nodes), names })
    }

    /// Every set that may be answered, or why none is; `None` when nobody sees into the zone.
    pub(crate) fn lookup(&self, name: &str, record_type: RecordType) -> Option<Vec<Hit<'a>>> {
        let nodes = self.nodes.as_ref()?;
        let apex = self.zone.apex.key();
        let mut way: Vec<&str> = upwards(name).take_while(|part| *part != apex).collect();
        way.reverse();
        let mut encloser = nodes.get(apex)?;
        for part in way {
            let Some(node) = nodes.get(part) else {
                let wildcard = encloser.wildcard.and_then(|wildcard| nodes.get(wildcard));
                return Some(wildcard.map_or_else(|| vec![Hit::NxDomain], |node| self.answer(node, record_type)));
            };
            // A wildcard NS is no delegation: AWS refuses it.
            if let Some(set) = node.sets.iter().find(|set| set.record_type() == RecordType::Ns) {
                return Some(vec![Hit::Delegated { set }]);
            }
            encloser = node;
        }
        let made = name == apex && matches!(record_type, RecordType::Ns | RecordType::Soa);
        let hits = self.answer(encloser, record_type);
        Some(if made && hits == [Hit::NoData] { vec![Hit::Apex] } else { hits })
    }

    fn answer(&self, node: &Node<'a>, record_type: RecordType) -> Vec<Hit<'a>> {
        let mut hits = vec![];
        for set in &node.sets {
            match &set.data {
                _ if set.record_type() == record_type => self.resolve(set, record_type, &mut hits),
                Data::Cname { target } => hits.push(Hit::Cname { set, target: target.key() }),
                Data::Values { .. } | Data::Alias { .. } => {}
            }
        }
        if hits.is_empty() { vec![Hit::NoData] } else { hits }
    }

    /// Follows aliases within the zone. An alias to what is not there, or round in a circle, has nothing to answer.
    fn resolve(&self, asked: &'a RecordSet, record_type: RecordType, hits: &mut Vec<Hit<'a>>) {
        let (mut seen, mut open) = (vec![], vec![asked]);
        while let Some(set) = open.pop() {
            match &set.data {
                Data::Alias { to: Alias::Record(target), .. } => {
                    if !seen.contains(&target) {
                        seen.push(target);
                        let sets = self.sets(target.key()).into_iter().flatten();
                        open.extend(sets.rev().filter(|set| set.record_type() == record_type));
                    }
                }
                Data::Cname { .. } | Data::Values { .. } | Data::Alias { .. } => hits.push(Hit::Set { asked, set }),
            }
        }
    }

    fn sets(&self, name: &str) -> Option<impl DoubleEndedIterator<Item = &'a RecordSet>> {
        Some(self.nodes.as_ref()?.get(name)?.sets.iter().copied())
    }

    /// Whether somebody here sees what is in the zone.
    pub(crate) fn is_seen(&self) -> bool {
        self.nodes.is_some()
    }

    /// The names that have records, each once, in order; none when nobody sees into the zone.
    pub(crate) fn names(&self) -> &[&'a str] {
        &self.names
    }

    /// The CNAMEs of the zone; none when nobody sees into it.
    pub(crate) fn cnames(&self) -> impl Iterator<Item = &'a str> {
        let names = self.names.iter().copied();
        let is_cname = |set: &RecordSet| set.record_type() == RecordType::Cname;
        names.filter(move |name| self.sets(name).into_iter().flatten().any(is_cname))
    }
}
