//! Names in both directions: Resolver endpoints, forwarding rules, private zones, and who logs what is asked.

use std::collections::{BTreeMap, BTreeSet};

use gcnet_aws::kinds::{
    AliasRecord, Direction, ForeignZone, HostedZone, LogGroup, NameServer, QueryLog, QueryLogAssociation,
    ResolverEndpoint, ResolverRule, ResolverRuleAssociation, Values, VpcEndpoint, ZoneAssociation, ZoneRecords,
};
use gcnet_core::Ref;

use super::{
    Build, Network, Purpose,
    borrowed::{self, Shared},
    logging,
};
use crate::config::{
    derive::{Direction as Way, RuleTarget, reverse_zones},
    schema::{Asp, Dns, ForwardRule, RecordType, Zone},
    values::Domain,
};

/// The log group and the configuration of query logs.
const QUERIES: &str = "queries";

pub(super) fn add(build: &mut Build<'_>, network: &Network) {
    for asp in &build.municipality.asps {
        join_their_zones(build, network, asp);
    }
    let Some(dns) = &build.municipality.dns else { return };
    endpoints(build, dns, Way::Inbound);
    let outbound = endpoints(build, dns, Way::Outbound);
    let mut shared = Shared::new();
    for rule in &dns.forward_rules {
        forward(build, network, rule, &outbound, &mut shared);
    }
    if dns.query_log {
        log_queries(build, network, dns, &mut shared);
    }
    borrowed::lend(build, &shared);
    for zone in &dns.zones {
        host(build, network, zone);
    }
    for asp in &build.municipality.asps {
        name_endpoint(build, dns, asp);
    }
}

/// `inbound`, and where there are several, `inbound-2`.
fn endpoints(build: &mut Build<'_>, dns: &Dns, way: Way) -> Vec<Ref<ResolverEndpoint>> {
    let (name, group, direction, choice) = match way {
        Way::Inbound => ("inbound", "dns-in", Direction::Inbound, &dns.inbound),
        Way::Outbound => ("outbound", "dns-out", Direction::Outbound, &dns.outbound),
    };
    let mut placed: BTreeMap<usize, BTreeMap<_, _>> = BTreeMap::new();
    for address in build.municipality.resolver_addresses(way) {
        // An address in no subnet is V09's.
        let Some(subnet) = address.subnet else { continue };
        placed.entry(address.endpoint).or_default().insert(address.address, Ref::to(&subnet));
    }
    let protocols: BTreeSet<String> = choice.protocols.iter().map(|protocol| protocol.as_str().to_string()).collect();
    let endpoint = |(index, addresses)| {
        let name = if index == 0 { name.to_string() } else { format!("{name}-{}", index + 1) };
        let groups = [Ref::to(group)].into();
        let (protocols, in_use, ailing) = (protocols.clone(), BTreeSet::new(), BTreeSet::new());
        build.desired.add(&name, ResolverEndpoint { direction, groups, addresses, protocols, in_use, ailing })
    };
    placed.into_iter().map(endpoint).collect()
}

/// The rule of a domain, those of its reverse zones, and those that keep names under it from leaving.
fn forward<'a>(
    build: &mut Build<'_>,
    network: &Network,
    rule: &'a ForwardRule,
    endpoints: &[Ref<ResolverEndpoint>],
    shared: &mut Shared<'a>,
) {
    let targets = build.municipality.rule_targets(rule).into_iter();
    let targets: BTreeSet<NameServer> = targets.map(name_server).collect();
    let reverse = rule.reverse.iter().flat_map(|cidr| reverse_zones(cidr.value));
    let forwarded = std::iter::once(rule.domain.value.clone()).chain(reverse).filter_map(|domain| {
        let endpoint = Some(endpoint_of(&domain, endpoints)?.clone());
        Some(ResolverRule { domain: domain.to_string(), endpoint, targets: targets.clone() })
    });
    let kept = rule.except.iter().map(|domain| ResolverRule {
        domain: domain.to_string(),
        endpoint: None,
        targets: BTreeSet::new(),
    });
    for spec in forwarded.chain(kept) {
        let domain = spec.domain.clone();
        let wish = build.desired.add(&domain, spec);
        if rule.use_in_shared_vpc {
            build
                .desired
                .add("", ResolverRuleAssociation { rule: wish.clone(), vpc: network.vpc.clone(), overridden: false });
        }
        for asp in &rule.share_with {
            shared.entry(asp.as_str()).or_default().rules.push(wish.clone());
        }
    }
}

/// Several endpoints share the rules out among them, by domain: by place in the file, a rule at its top would move all below it.
/// FNV-1a (64 bits), because a plan must come out the same in every run and version, which the standard library's hashes do not
/// promise. Of its bits the upper ones: the lowest is no more than the parity of the text.
fn endpoint_of<'a, T>(domain: &Domain, endpoints: &'a [T]) -> Option<&'a T> {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let hash = domain.as_str().bytes().fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME));
    let place = (hash >> 32).checked_rem(endpoints.len() as u64)?;
    endpoints.get(usize::try_from(place).ok()?)
}

fn name_server(target: RuleTarget) -> NameServer {
    let RuleTarget { address, port, protocol, server_name } = target;
    let server_name = server_name.map(|name| name.to_string());
    NameServer { address, port, protocol: protocol.as_str().into(), server_name }
}

fn log_queries<'a>(build: &mut Build<'_>, network: &Network, dns: &'a Dns, shared: &mut Shared<'a>) {
    let group = logging::group(build.municipality, &build.desired, QUERIES);
    let group: Ref<LogGroup> = build.desired.add(QUERIES, group);
    let log = build.desired.add(QUERIES, QueryLog { group });
    build.desired.add("", QueryLogAssociation { log: log.clone(), vpc: network.vpc.clone() });
    for asp in &dns.query_log_share_with {
        shared.entry(asp.as_str()).or_default().log = Some(log.clone());
    }
}

/// A zone of ours with its records; the VPCs of the ASPs that it is for.
fn host(build: &mut Build<'_>, network: &Network, zone: &Zone) {
    let municipality = build.municipality;
    let domain = zone.name.value.to_string();
    let wish = build
        .desired
        .add(&domain, HostedZone { domain: domain.clone(), vpcs: [network.vpc.clone()].into(), tagged: true });
    let mut records: BTreeMap<String, Values> = BTreeMap::new();
    for record in &zone.records {
        let name = record.name.within(&zone.name);
        let values = record.values.iter().map(|value| route53_value(record.kind.value, &value.value)).collect();
        let values = Values { ttl: i64::from(record.ttl.get()), values };
        records.insert(ZoneRecords::key(&name, record.kind.value.as_str()), values);
    }
    if !records.is_empty() {
        build.desired.add("", ZoneRecords { zone: wish.clone(), records });
    }
    for name in &zone.share_with {
        let Some(asp) = municipality.asps.iter().find(|asp| asp.name.value == name.value) else { continue };
        let Some(party) = municipality.account_of(asp) else { continue };
        for vpc in &asp.vpcs {
            let association = ZoneAssociation {
                zone: wish.clone(),
                vpc: vpc.id.to_string(),
                region: asp.region(municipality).as_str().into(),
                account: party.id.to_string(),
                associated: true,
                authorised: false,
                role: Some(build.acts_for(&party)),
            };
            build.shake("", association, Purpose::Asp(asp.name.to_string()));
        }
    }
}

/// A text goes in quotes, in pieces of 255 characters (RFC 1035, character-string). One that has them already is left alone.
/// The name that other values end in is punycode.
fn route53_value(kind: RecordType, value: &str) -> String {
    if kind != RecordType::TXT && !value.is_ascii() {
        let (before, name) = value.rsplit_once(' ').map_or(("", value), |(before, name)| (before, name));
        return match Domain::parse(name) {
            Ok(name) => format!("{before} {name}").trim_start().to_string(),
            // Values that are none are told by their check.
            Err(_) => value.to_string(),
        };
    }
    if kind != RecordType::TXT || value.starts_with('"') {
        return value.to_string();
    }
    let escaped: Vec<String> = value
        .chars()
        .map(|c| match c {
            '"' | '\\' => format!("\\{c}"),
            c => c.to_string(),
        })
        .collect();
    let piece = |piece: &[String]| format!("\"{}\"", piece.concat());
    escaped.chunks(255).map(piece).collect::<Vec<_>>().join(" ")
}

/// Their zones, for whoever asks through the shared VPC.
fn join_their_zones(build: &mut Build<'_>, network: &Network, asp: &Asp) {
    let municipality = build.municipality;
    let Some(party) = municipality.account_of(asp) else { return };
    for zone in &asp.zones {
        let wish = ForeignZone {
            vpc: network.vpc.clone(),
            region: municipality.region.value.as_str().into(),
            zone: zone.id.to_string(),
            domain: zone.name.to_string(),
            account: party.id.to_string(),
            role: Some(build.acts_for(&party)),
            made_by_us: None,
            open: false,
        };
        build.shake("", wish, Purpose::Asp(asp.name.to_string()));
    }
}

/// The name under which clients reach the endpoint of an ASP's service, in the closest of our zones.
fn name_endpoint(build: &mut Build<'_>, dns: &Dns, asp: &Asp) {
    let Some(name) = asp.service.as_ref().and_then(|service| service.dns.as_ref()).filter(|_| asp.is_consumed()) else {
        return;
    };
    let around = dns.zones.iter().filter(|zone| name.value.is_within(&zone.name.value));
    // None is what the references' check tells.
    let Some(zone) = around.max_by_key(|zone| zone.name.value.len()) else { return };
    let record = AliasRecord {
        zone: Ref::to(&zone.name.value),
        name: name.value.to_string(),
        variant: AliasRecord::OURS.into(),
        endpoint: Ref::<VpcEndpoint>::to(&asp.name),
    };
    build.desired.add("", record);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `foobar` hashes to 85944171f73967e8, as published with FNV: the upper half leaves 1 of 4.
    #[test]
    fn the_hash_is_known_and_shares_out_evenly() {
        let domain = |text: &str| Domain::parse(text).unwrap();
        assert_eq!(endpoint_of(&domain("foobar"), &[0, 1, 2, 3]), Some(&1));
        assert_eq!(endpoint_of::<u8>(&domain("foobar"), &[]), None);
        let second = (0..256).filter(|i| endpoint_of(&domain(&format!("{i}.10.in-addr.arpa")), &[0, 1]) == Some(&1));
        let second = second.count();
        assert!((96..=160).contains(&second), "{second} of 256");
    }
}
