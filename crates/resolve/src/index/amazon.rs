//! Domains that Amazon answers for in every VPC, unless a rule or a zone of the same name is in the way: its autodefined rules
//! (<https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-overview-forward-vpc-to-network-autodefined-rules.html>).

use ipnet::Ipv4Net;

use crate::{model::Vpc, name::Name};

/// The autodefined rules of a VPC. The documentation shows ranges down to /24; that a smaller range has one rule for each
/// address is inferred from there being no rule for what is not the VPC's.
pub(super) fn autodefined(vpc: &Vpc, region: &str) -> Vec<String> {
    if !vpc.sees_zones() {
        return vec![];
    }
    let mut domains: Vec<String> = ["localhost", "localdomain", "127.in-addr.arpa"].map(String::from).to_vec();
    domains.extend(["::", "::1"].iter().filter_map(|address| Some(Name::reverse(address.parse().ok()?).key().into())));
    domains.extend(hosts(region));
    if vpc.autodefined_reverse {
        domains.extend(["10.in-addr.arpa", "168.192.in-addr.arpa", "254.169.254.169.in-addr.arpa"].map(String::from));
        domains.extend((16..32).map(|octet| format!("{octet}.172.in-addr.arpa")));
        domains.extend(vpc.cidrs.iter().chain(&vpc.connected).flat_map(reverse));
    }
    domains
}

/// Domains of the names that Amazon gives to hosts. The first Region has other names than all that came later.
fn hosts(region: &str) -> Vec<String> {
    let partition = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    match region {
        "us-east-1" => ["ec2.internal", "compute-1.internal", "compute-1.amazonaws.com"].map(String::from).to_vec(),
        "" => vec![],
        _ => vec![format!("{region}.compute.internal"), format!("{region}.compute.{partition}")],
    }
}

/// The reverse zones that a range is made of: at the next boundary between octets.
fn reverse(range: &Ipv4Net) -> Vec<String> {
    let octets = range.prefix_len().div_ceil(8);
    let subnets = range.subnets(octets * 8).into_iter().flatten();
    let labels = |net: Ipv4Net| {
        let octets: Vec<String> = net.addr().octets()[..usize::from(octets)].iter().rev().map(u8::to_string).collect();
        octets.join(".") + ".in-addr.arpa"
    };
    subnets.map(labels).collect()
}
