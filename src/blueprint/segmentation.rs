//! Who may reach whom: the route tables of the transit gateway.
//!
//! An association says where an attachment's packets can go, a propagation who learns of an attachment. The absence of a
//! route is no isolation, because a wider one may match: ranges that a table must not reach are black holes in it.
//!
//! The attachments of ASPs and lines are other parties' moves; their associations and propagations come with them.

use std::collections::BTreeSet;

use gcnet_aws::kinds::{Hop, TgwAssociation, TgwPropagation, TgwRoute, TgwRouteTable};
use gcnet_core::{Desired, Ref};
use ipnet::Ipv4Net;

use super::Network;
use crate::config::{
    derive::{EXTERNAL_TABLE, ONPREM_TABLE, SHARED_TABLE},
    schema::{Asp, Municipality},
};

pub(super) fn add(municipality: &Municipality, network: &Network, desired: &mut Desired) {
    for name in municipality.transit_tables() {
        desired.add(&name, TgwRouteTable { tgw: network.tgw.clone() });
    }
    let attachment = network.attachment.clone().widen();
    desired.add("", TgwAssociation { attachment, table: Ref::to(SHARED_TABLE) });
    for table in learners_of_shared(municipality) {
        let attachment = network.attachment.clone().widen();
        desired.add("", TgwPropagation { table: Ref::to(&table), attachment, checked: None });
    }
    for (table, destination) in black_holes(municipality) {
        desired.add("", TgwRoute { table: Ref::to(&table), destination: destination.into(), hop: Hop::Blackhole });
    }
}

/// On-premises and every ASP reach the shared VPC: names and endpoints are there. Sites with an attachment of their own
/// reach nothing but the ASPs that they are linked to.
fn learners_of_shared(municipality: &Municipality) -> Vec<String> {
    std::iter::once(ONPREM_TABLE.to_string()).chain(municipality.asp_tables()).collect()
}

fn black_holes(municipality: &Municipality) -> BTreeSet<(String, Ipv4Net)> {
    let routed = |asp: &Asp| !asp.routed_cidrs().is_empty();
    let mut holes = BTreeSet::new();
    for asp in municipality.asps.iter().filter(|asp| routed(asp)) {
        let table = municipality.table_of(asp);
        holes.extend(municipality.blackholes_of(asp).into_iter().map(|cidr| (table.clone(), *cidr)));
        if !asp.onprem {
            holes.extend(asp.routed_cidrs().into_iter().map(|cidr| (ONPREM_TABLE.to_string(), *cidr)));
            holes.extend(municipality.onprem.cidrs.iter().map(|cidr| (table.clone(), *cidr.value)));
        }
    }
    // 戸籍 and 戸籍附票 outside AWS reach the ASP of 住民記録 and no other.
    let sites: Vec<_> = municipality.sites.iter().filter(|site| site.is_attached()).collect();
    if !sites.is_empty() {
        let reached = |asp: &Asp| sites.iter().any(|site| municipality.linked(&site.name, &asp.name));
        let others = municipality.asps.iter().filter(|asp| !reached(asp)).flat_map(|asp| asp.routed_cidrs());
        let shared = std::iter::once(municipality.shared_vpc.cidr.value);
        let onprem = municipality.onprem.cidrs.iter().map(|cidr| cidr.value);
        let cut = others.chain(shared).chain(onprem);
        holes.extend(cut.map(|cidr| (EXTERNAL_TABLE.to_string(), *cidr)));
    }
    holes
}
