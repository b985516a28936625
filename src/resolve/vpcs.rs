//! VPCs: ours, and others' as nobody here can see into them.

use std::collections::BTreeSet;

use gcnet_aws::kinds::{ForeignAttachment, Tgw, Vpc};
use gcnet_resolve as resolve;
use ipnet::Ipv4Net;

use super::{facts::Facts, names::Names};
use crate::config::schema::{AspVpc, Municipality};

pub(super) fn translate(municipality: &Municipality, facts: &Facts, names: &Names) -> Vec<resolve::Vpc> {
    // Across a transit gateway with DNS support, Amazon answers the reverse names of the other side.
    let connects = facts.all::<Tgw>().any(|(_, tgw)| tgw.dns_support);
    let attached: BTreeSet<String> =
        facts.all::<ForeignAttachment>().filter(|_| connects).map(|(_, attachment)| attachment.vpc).collect();
    let theirs: Vec<&AspVpc> = municipality.asps.iter().flat_map(|asp| &asp.vpcs).collect();
    let ranges = |vpc: &AspVpc| vpc.cidrs().map(|cidr| *cidr).collect::<Vec<Ipv4Net>>();
    let is_attached = |vpc: &AspVpc| attached.contains(vpc.id.as_str());
    let beyond: Vec<Ipv4Net> = theirs.iter().filter(|vpc| is_attached(vpc)).flat_map(|vpc| ranges(vpc)).collect();
    let mut vpcs: Vec<resolve::Vpc> = vec![];
    let mut ours: Vec<Ipv4Net> = vec![];
    for (address, vpc) in facts.all::<Vpc>() {
        ours.push(vpc.cidr);
        vpcs.push(resolve::Vpc {
            connected: beyond.clone(),
            dns_support: vpc.dns_support,
            dns_hostnames: vpc.dns_hostnames,
            ..resolve::Vpc::new(address.name(), vec![vpc.cidr])
        });
    }
    for vpc in theirs {
        let Some(name) = names.vpc(&vpc.id) else { continue };
        let connected = if is_attached(vpc) { ours.clone() } else { vec![] };
        // One VPC that two ASPs name is V01's business.
        if vpcs.iter().all(|known| known.name != name) {
            vpcs.push(resolve::Vpc { connected, seen: false, ..resolve::Vpc::new(name, ranges(vpc)) });
        }
    }
    vpcs
}
