//! ASPs whose VPCs attach to the transit gateway.

use std::collections::BTreeSet;

use gcnet_aws::kinds::{
    Checked, ForeignAttachment, ForeignRoute, MadeByUs, TgwAssociation, TgwAttachment, TgwPropagation,
};
use gcnet_core::Ref;
use ipnet::Ipv4Net;

use super::{Build, Network, Purpose, Tables, sharing::Recipients};
use crate::config::{
    derive::{EXTERNAL_TABLE, ONPREM_TABLE, SHARED_TABLE},
    schema::{Asp, AspVpc, Municipality, Site},
};

pub(super) fn add(build: &mut Build<'_>, network: &Network, recipients: &Recipients) {
    let municipality = build.municipality;
    for asp in &municipality.asps {
        for vpc in asp.attached_vpcs() {
            add_vpc(build, network, recipients, asp, vpc);
        }
    }
}

fn add_vpc(build: &mut Build<'_>, network: &Network, recipients: &Recipients, asp: &Asp, vpc: &AspVpc) {
    let municipality = build.municipality;
    // An account that V02 refuses has no plan.
    let Some(party) = municipality.account_of(asp) else { return };
    let account = party.id.to_string();
    let ours = build.acts_for(&party);
    let subnets = vpc.subnets.iter().map(|subnet| subnet.to_string()).collect();
    let ranges: BTreeSet<Ipv4Net> = vpc.cidrs().map(|cidr| *cidr).collect();
    let destinations = destinations(municipality, asp);
    // With a role and no table to write to, we see whether they have added the routes, and ask until they have.
    let asked = ours && vpc.route_tables.is_empty();
    let wish = ForeignAttachment {
        tgw: network.tgw.clone(),
        account: account.clone(),
        vpc: vpc.id.to_string(),
        ranges: ranges.clone(),
        seen: build.seen.and_then(|seen| seen.get(&vpc.id.to_string())).filter(|_| ours).cloned(),
        accepted: true,
        labels: build.labels(&asp.name),
        made_by_us: ours.then_some(MadeByUs { subnets }),
        routes: asked.then(|| destinations.clone()),
        share: recipients.get(&account).cloned(),
    };
    let purpose = Purpose::Asp(asp.name.to_string());
    let attachment = build.shake("", wish, purpose.clone());
    connect(build, asp, attachment.clone().widen(), &ranges);
    if !ours || asked {
        let tables = Tables::Vpc { id: vpc.id.to_string() };
        build.keep_up(&attachment, &party, purpose, tables, destinations);
        return;
    }
    for table in &vpc.route_tables {
        for &destination in &destinations {
            let route = ForeignRoute {
                account: account.clone(),
                table: table.to_string(),
                destination,
                tgw: network.tgw.clone(),
                attachment: attachment.clone(),
                made: true,
            };
            build.desired.add("", route);
        }
    }
}

/// Where its packets can go, and who learns of it: its own table first, and others when the ranges that
/// are seen there are the file's.
fn connect(build: &mut Build<'_>, asp: &Asp, attachment: Ref<TgwAttachment>, ranges: &BTreeSet<Ipv4Net>) {
    let own = build.municipality.table_of(asp);
    let learns =
        |table: &str, checked| TgwPropagation { table: Ref::to(table), attachment: attachment.clone(), checked };
    build.desired.add("", TgwAssociation { attachment: attachment.clone(), table: Ref::to(&own) });
    let by = build.desired.add("", learns(&own, None));
    // A group's table is its own too: whoever shares it sees the ranges with it.
    for table in learners(build.municipality, asp).into_iter().filter(|table| *table != own) {
        let checked = Checked { by: by.clone(), ranges: ranges.clone() };
        build.desired.add("", learns(&table, Some(checked)));
    }
}

/// The tables that hold the way to an ASP.
pub(super) fn learners(municipality: &Municipality, asp: &Asp) -> BTreeSet<String> {
    let mut tables = BTreeSet::from([SHARED_TABLE.to_string()]);
    if asp.onprem {
        tables.insert(ONPREM_TABLE.into());
    }
    tables.extend(
        municipality.reachable_asps(asp).filter(|peer| is_routed(peer)).map(|peer| municipality.table_of(peer)),
    );
    if attached_sites(municipality).any(|site| municipality.linked(&site.name, &asp.name)) {
        tables.insert(EXTERNAL_TABLE.into());
    }
    tables
}

fn is_routed(asp: &Asp) -> bool {
    !asp.routed_cidrs().is_empty()
}

fn attached_sites(municipality: &Municipality) -> impl Iterator<Item = &Site> {
    municipality.sites.iter().filter(|site| site.is_attached())
}

/// What an ASP's VPC must send to the transit gateway: all that may reach it.
pub fn destinations(municipality: &Municipality, asp: &Asp) -> BTreeSet<Ipv4Net> {
    let onprem = municipality.onprem.cidrs.iter().map(|cidr| cidr.value).filter(|_| asp.onprem);
    let asps = municipality.reachable_asps(asp).flat_map(Asp::routed_cidrs);
    let linked = municipality.sites.iter().filter(|site| municipality.linked(&site.name, &asp.name));
    let shared = std::iter::once(municipality.shared_vpc.cidr.value);
    shared.chain(onprem).chain(asps).chain(linked.flat_map(Site::ranges)).map(|cidr| *cidr).collect()
}
