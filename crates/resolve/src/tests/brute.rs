//! The same questions answered the dull way: every candidate is tried, every way is walked to its end, over the description
//! as it is written. It shares nothing with the computation but the description.

use std::{collections::BTreeSet, net::IpAddr};

use crate::{model::*, *};

/// All that can become of a query.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Fate {
    /// In words of this file.
    pub(super) ends: BTreeSet<String>,
    /// Whether some way comes back by names alone, and whether some way comes back that forwards.
    pub(super) by_names: bool,
    pub(super) by_forwarding: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place<'a> {
    Vpc(&'a Vpc),
    Server(&'a Server),
}

pub(super) struct Brute<'a> {
    pub(super) model: &'a Resolution,
    /// `None`: zones are ends, whatever is in them.
    pub(super) record_type: Option<RecordType>,
}

/// How a query goes on from a place: by a CNAME or by forwarding.
pub(super) enum Onward<'a> {
    End(String),
    Named(Name),
    Sent { by: String, target: IpAddr, to: Place<'a> },
    Lost { by: String, target: IpAddr, end: String },
}

pub(super) fn labels(name: &Name) -> Vec<String> {
    if name.is_root() { vec![] } else { name.as_str().split('.').map(String::from).collect() }
}

/// Whether a name is a domain or below it, label by label from the end.
pub(super) fn inside(name: &Name, domain: &Name) -> bool {
    let (name, domain) = (labels(name), labels(domain));
    name.len() >= domain.len() && name[name.len() - domain.len()..] == domain[..]
}

/// The widest domain that Amazon stands for and that a name is in, and no wider than needed: the most specific one.
fn amazon(vpc: &Vpc, region: &str, name: &Name) -> Option<Name> {
    if !(vpc.dns_support && vpc.dns_hostnames) {
        return None;
    }
    let mut fixed = vec!["localhost".to_string(), "localdomain".into(), "127.in-addr.arpa".into()];
    fixed.extend(["0", "1"].map(|last| format!("{last}{}.ip6.arpa", ".0".repeat(31))));
    fixed.push(format!("{region}.compute.internal"));
    fixed.push(format!("{region}.compute.amazonaws.com"));
    if vpc.autodefined_reverse {
        fixed.extend(["10.in-addr.arpa", "168.192.in-addr.arpa", "254.169.254.169.in-addr.arpa"].map(String::from));
        fixed.extend((16..=31).map(|octet| format!("{octet}.172.in-addr.arpa")));
    }
    let mut found: Vec<Name> =
        fixed.iter().map(|domain| domain.parse().unwrap()).filter(|domain| inside(name, domain)).collect();
    let mut parts = labels(name);
    if vpc.autodefined_reverse && parts.len() > 2 && parts[parts.len() - 2..] == ["in-addr", "arpa"] {
        parts.truncate(parts.len() - 2);
        let octets: Vec<u8> = parts.iter().rev().map_while(|part| part.parse().ok()).collect();
        for cidr in vpc.cidrs.iter().chain(&vpc.connected) {
            let whole = (1..=4).find(|octets| cidr.prefix_len() <= octets * 8).unwrap();
            if octets.len() >= usize::from(whole) {
                let mut address = [0; 4];
                address[..usize::from(whole)].copy_from_slice(&octets[..usize::from(whole)]);
                if cidr.contains(&std::net::Ipv4Addr::from(address)) {
                    let domain: Vec<String> = address[..usize::from(whole)].iter().rev().map(u8::to_string).collect();
                    found.push(format!("{}.in-addr.arpa", domain.join(".")).parse().unwrap());
                }
            }
        }
    }
    found.into_iter().max_by_key(|domain| labels(domain).len())
}

/// Who could decide about a name in a VPC.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Decider<'a> {
    Rule(&'a Rule),
    Zone(&'a Zone),
    Amazon(Name),
    Internet,
}

impl<'a> Brute<'a> {
    /// All that match, each with how specific it is and its rank among equals.
    fn candidates(&self, vpc: &Vpc, name: &Name) -> Vec<((usize, u8), Decider<'a>)> {
        let mut all = vec![((0, 0), Decider::Internet)];
        for rule in &self.model.rules {
            if rule.vpcs.contains(&vpc.name) && inside(name, &rule.domain) {
                all.push(((labels(&rule.domain).len(), 3), Decider::Rule(rule)));
            }
        }
        for zone in &self.model.zones {
            if zone.vpcs.contains(&vpc.name) && vpc.dns_support && vpc.dns_hostnames && inside(name, &zone.apex) {
                all.push(((labels(&zone.apex).len(), 2), Decider::Zone(zone)));
            }
        }
        if let Some(domain) = amazon(vpc, &self.model.region, name) {
            all.push(((labels(&domain).len(), 1), Decider::Amazon(domain)));
        }
        all
    }

    /// Who match, but for the internet.
    pub(super) fn matching(&self, vpc: &Vpc, name: &Name) -> Vec<Decider<'a>> {
        let all = self.candidates(vpc, name).into_iter().map(|(_, decider)| decider);
        all.filter(|decider| !matches!(decider, Decider::Internet | Decider::Amazon(_))).collect()
    }

    /// Who decide, before a system rule gives way.
    pub(super) fn first(&self, vpc: &Vpc, name: &Name) -> Vec<Decider<'a>> {
        best(self.candidates(vpc, name))
    }

    /// Who decide in the end.
    pub(super) fn last(&self, vpc: &Vpc, name: &Name) -> Vec<Decider<'a>> {
        let mut last = vec![];
        for decider in self.first(vpc, name) {
            if matches!(&decider, Decider::Rule(rule) if rule.action == Action::System) {
                let candidates = self.candidates(vpc, name).into_iter();
                last.extend(best(candidates.filter(|(_, other)| !matches!(other, Decider::Rule(_))).collect()));
            } else {
                last.push(decider);
            }
        }
        last
    }

    pub(super) fn onward(&self, place: Place<'a>, name: &Name) -> Vec<Onward<'a>> {
        match place {
            Place::Vpc(vpc) if !vpc.dns_support => vec![Onward::End(format!("off {}", vpc.name))],
            Place::Vpc(vpc) => {
                let each = self.last(vpc, name).into_iter().map(|decider| match decider {
                    Decider::Rule(rule) => self.sent(&rule.id, rule.action.targets()),
                    Decider::Zone(zone) => self.in_zone(zone, name),
                    Decider::Amazon(domain) => vec![Onward::End(format!("amazon {domain}"))],
                    Decider::Internet => vec![Onward::End("internet".into())],
                });
                each.flatten().collect()
            }
            Place::Server(server) => self.at_server(server, name),
        }
    }

    fn at_server(&self, server: &'a Server, name: &Name) -> Vec<Onward<'a>> {
        let answers =
            server.answers.iter().filter(|domain| inside(name, domain)).map(|domain| labels(domain).len()).max();
        let forwards = server.forwards.iter().filter(|conditional| inside(name, &conditional.domain));
        let longest = forwards.clone().map(|conditional| labels(&conditional.domain).len()).max();
        if answers.is_some() && answers >= longest {
            let domain =
                server.answers.iter().find(|domain| inside(name, domain) && Some(labels(domain).len()) == answers);
            return vec![Onward::End(format!("answered {} {}", server.name, domain.unwrap()))];
        }
        let Some(longest) = longest else {
            return vec![Onward::End(match server.otherwise {
                Otherwise::Internet => "internet".into(),
                Otherwise::Unstated => format!("unstated {}", server.name),
            })];
        };
        let deciding = forwards.filter(|conditional| labels(&conditional.domain).len() == longest);
        let (mut domain, mut targets) = (String::new(), vec![]);
        for conditional in deciding {
            domain = conditional.domain.to_string();
            targets.extend(conditional.to.iter().copied());
        }
        self.sent(&format!("{} {domain}", server.name), &targets)
    }

    fn sent(&self, by: &str, targets: &[IpAddr]) -> Vec<Onward<'a>> {
        if targets.is_empty() {
            return vec![Onward::End("no target".into())];
        }
        targets.iter().map(|target| self.arrives(by.to_string(), *target)).collect()
    }

    fn arrives(&self, by: String, target: IpAddr) -> Onward<'a> {
        if let Some(endpoint) = self.model.inbound.iter().find(|endpoint| endpoint.addresses.contains(&target)) {
            let vpc = self.model.vpcs.iter().find(|vpc| vpc.name == endpoint.vpc).unwrap();
            return Onward::Sent { by, target, to: Place::Vpc(vpc) };
        }
        if let Some(server) = self.model.servers.iter().find(|server| server.addresses.contains(&target)) {
            return Onward::Sent { by, target, to: Place::Server(server) };
        }
        let outbound = self.model.outbound.iter().any(|endpoint| endpoint.addresses.contains(&target));
        let base = |vpc: &Vpc| IpAddr::from(std::net::Ipv4Addr::from_bits(vpc.cidrs[0].network().to_bits() + 2));
        let resolver = self.model.vpcs.iter().any(|vpc| base(vpc) == target) || target.to_string() == "169.254.169.253";
        let end = if outbound {
            format!("outbound {target}")
        } else if resolver {
            format!("resolver {target}")
        } else {
            format!("stranger {target}")
        };
        Onward::Lost { by, target, end }
    }

    fn in_zone(&self, zone: &'a Zone, name: &Name) -> Vec<Onward<'a>> {
        let (Contents::Known(sets), Some(record_type)) = (&zone.contents, self.record_type) else {
            return vec![Onward::End(format!("unseen {}", zone.id))];
        };
        let end = |text: String| vec![Onward::End(text)];
        // From the apex down, so that the upper one of two delegations counts.
        let mut cuts: Vec<&RecordSet> = sets
            .iter()
            .filter(|set| set.record_type() == RecordType::Ns && set.name != zone.apex && inside(name, &set.name))
            .collect();
        cuts.sort_by_key(|set| labels(&set.name).len());
        if let Some(cut) = cuts.first() {
            return end(format!("delegated {} {}", zone.id, cut.name));
        }
        let there = |wanted: &Name| *wanted == zone.apex || sets.iter().any(|set| inside(&set.name, wanted));
        let mut owner = name.clone();
        if !there(name) {
            let mut parts = labels(name);
            while !there(&joined(&parts)) {
                parts.remove(0);
            }
            parts.insert(0, "*".into());
            owner = joined(&parts);
            if !sets.iter().any(|set| set.name == owner) {
                return end(format!("nxdomain {}", zone.id));
            }
        }
        let own: Vec<&RecordSet> = sets.iter().filter(|set| set.name == owner).collect();
        let mut found = vec![];
        for set in own.iter().filter(|set| set.record_type() == record_type) {
            found.extend(behind(sets, set).into_iter().map(|set| Onward::End(format!("records {} {set:?}", zone.id))));
        }
        if found.is_empty() && record_type != RecordType::Cname {
            for set in own {
                if let Data::Cname { target } = &set.data {
                    found.push(Onward::Named(target.clone()));
                }
            }
        }
        if found.is_empty() {
            let made = *name == zone.apex && matches!(record_type, RecordType::Ns | RecordType::Soa);
            return end(format!("{} {}", if made { "apex" } else { "nodata" }, zone.id));
        }
        found
    }

    /// All ways, walked until they end or come back.
    pub(super) fn fate(&self, place: Place<'a>, name: &Name) -> Fate {
        let mut fate = Fate::default();
        self.walk(&mut vec![], place, name.clone(), true, &mut fate);
        fate
    }

    /// `forwarded`: whether the last step was a forwarding.
    fn walk(
        &self,
        way: &mut Vec<(Place<'a>, Name, bool)>,
        place: Place<'a>,
        name: Name,
        forwarded: bool,
        fate: &mut Fate,
    ) {
        if let Some(first) = way.iter().position(|(at, of, _)| *at == place && *of == name) {
            let forwards = forwarded || way[first + 1..].iter().any(|(_, _, forwarded)| *forwarded);
            if forwards {
                fate.by_forwarding = true
            } else {
                fate.by_names = true
            };
            return;
        }
        way.push((place, name.clone(), forwarded));
        for onward in self.onward(place, &name) {
            match onward {
                Onward::End(end) | Onward::Lost { end, .. } => drop(fate.ends.insert(end)),
                Onward::Named(other) => self.walk(way, place, other, false, fate),
                Onward::Sent { to, .. } => self.walk(way, to, name.clone(), true, fate),
            }
        }
        way.pop();
    }

    /// Whether a query that is now at a place can come to another, the name being the same.
    pub(super) fn leads(&self, from: Place<'a>, to: Place<'a>, name: &Name, seen: &mut Vec<Place<'a>>) -> bool {
        if from == to {
            return true;
        }
        if seen.contains(&from) {
            return false;
        }
        seen.push(from);
        self.onward(from, name).into_iter().any(|onward| match onward {
            Onward::Sent { to: next, .. } => self.leads(next, to, name, seen),
            Onward::End(_) | Onward::Named(_) | Onward::Lost { .. } => false,
        })
    }
}

fn best(candidates: Vec<((usize, u8), Decider<'_>)>) -> Vec<Decider<'_>> {
    let most = candidates.iter().map(|(rank, _)| *rank).max().unwrap();
    candidates.into_iter().filter(|(rank, _)| *rank == most).map(|(_, decider)| decider).collect()
}

fn joined(parts: &[String]) -> Name {
    if parts.is_empty() { Name::root() } else { parts.join(".").parse().unwrap() }
}

/// What an alias stands for in the end: all sets that are no aliases within the zone.
fn behind<'a>(sets: &'a [RecordSet], set: &'a RecordSet) -> Vec<&'a RecordSet> {
    let mut reached = vec![set];
    let mut next = 0;
    while next < reached.len() {
        if let Data::Alias { to: Alias::Record(target), record_type } = &reached[next].data {
            for other in sets.iter().filter(|other| other.name == *target && other.record_type() == *record_type) {
                if !reached.iter().any(|known| std::ptr::eq(*known, other)) {
                    reached.push(other);
                }
            }
        }
        next += 1;
    }
    reached.retain(|set| !matches!(set.data, Data::Alias { to: Alias::Record(_), .. }));
    reached
}
