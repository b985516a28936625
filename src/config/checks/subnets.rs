//! V08: the shared VPC's subnets.

use super::{Purpose, Reporter};
use crate::config::derive::EffectiveSubnet;
use crate::config::fleet::City;
use crate::config::problem::Problem;
use crate::config::schema::Region;

/// Subnets lie inside the VPC, are at least a /28, do not overlap, and a role has its two subnets in two zones of the Region.
pub(super) fn fit(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    let m = &city.config;
    let vpc = &m.shared_vpc;
    // CreateVpc takes /16 to /28.
    if !(16..=28).contains(&vpc.cidr.prefix_len()) {
        report.error(city.at(vpc.cidr.span), Problem::VpcSize { cidr: vpc.cidr.value });
        return;
    }
    if let Some(zones) = &vpc.zones
        && zones.len() != 2
    {
        let span = zones.first().map_or(vpc.cidr.span, |zone| zone.span);
        report.error(city.at(span), Problem::ZoneCount { found: zones.len() });
    }
    let prefix = match m.region.value {
        Region::Tokyo => "apne1-",
        Region::Osaka => "apne3-",
    };
    let overrides = vpc.subnets.values().filter_map(|subnet| subnet.zone.as_ref());
    for zone in vpc.zones.iter().flatten().chain(overrides) {
        if !zone.starts_with(prefix) {
            let problem = Problem::ZoneOfOtherRegion { zone: zone.to_string(), region: m.region.as_str() };
            report.error(city.at(zone.span), problem);
        }
    }
    let subnets = m.subnets();
    for subnet in &subnets {
        let name = || subnet.name.clone();
        let problem = match subnet.cidr {
            None => Problem::SubnetNoRoom { subnet: name(), vpc: vpc.cidr.value },
            Some(cidr) if !vpc.cidr.covers(cidr) => {
                Problem::SubnetOutside { subnet: name(), cidr, vpc: vpc.cidr.value }
            }
            Some(cidr) if cidr.prefix_len() > 28 => Problem::SubnetSize { subnet: name(), cidr },
            Some(_) => continue,
        };
        report.error(city.at(subnet.span), problem);
    }
    for (index, b) in subnets.iter().enumerate() {
        for a in subnets.iter().take(index) {
            pair(city, a, b, report);
        }
    }
}

fn pair(city: &City, a: &EffectiveSubnet, b: &EffectiveSubnet, report: &mut Reporter<'_>) {
    if let (Some(first), Some(second)) = (a.cidr, b.cidr)
        && first.overlaps(second)
    {
        // The stated one of the two is the one to change.
        let derived = city.config.shared_vpc.cidr.span;
        let span = if b.span == derived { a.span } else { b.span };
        report.error(city.at(span), Problem::SubnetOverlap { a: a.name.clone(), b: b.name.clone() });
    }
    if a.role == b.role && a.zone == b.zone {
        let overrides = &city.config.shared_vpc.subnets;
        let stated = [b, a].into_iter().find_map(|subnet| overrides.get(subnet.name.as_str())?.zone.as_ref());
        let zones = city.config.shared_vpc.zones.as_ref().and_then(|zones| zones.last());
        let span = stated.or(zones).map_or(b.span, |zone| zone.span);
        let problem = Problem::SubnetsInOneZone { a: a.name.clone(), b: b.name.clone(), zone: b.zone.to_string() };
        report.error(city.at(span), problem);
    }
}
