//! ASPs and sites behind another transit gateway. AWS does not propagate over a peering: every route is static.

use std::collections::BTreeSet;

use gcnet_aws::kinds::{Hop, Initiator, TgwAssociation, TgwAttachment, TgwPeering, TgwRoute};
use gcnet_core::Ref;
use ipnet::Ipv4Net;

use super::{Build, Network, Purpose, Tables, attachments};
use crate::config::{
    derive::{Behind, TransitPeering},
    schema::{self, Asp, Municipality, Site},
};

pub(super) fn add(build: &mut Build<'_>, network: &Network) {
    let municipality = build.municipality;
    for peering in municipality.peerings() {
        // An account that V02 refuses has no plan.
        let Some(party) = &peering.party else { continue };
        let (purpose, name) = match &peering.behind {
            Behind::Asp(asp) => (Purpose::Asp(asp.name.to_string()), asp.name.to_string()),
            Behind::Sites(sites) => {
                let names: Vec<String> = sites.iter().map(|site| site.name.to_string()).collect();
                let name = names.join("-");
                (Purpose::Sites(names), name)
            }
        };
        let (acts, destinations) = (build.acts_for(party), destinations(municipality, &peering));
        let wish = TgwPeering {
            tgw: network.tgw.clone(),
            our_account: build.municipality.accounts.network.id.to_string(),
            our_region: build.municipality.region.value.as_str().into(),
            peer: peering.tgw.to_string(),
            account: party.id.to_string(),
            region: peering.region.as_str().into(),
            initiator: match peering.initiated_by {
                schema::Initiator::Us => Initiator::Us,
                schema::Initiator::Them if acts => Initiator::OnTheirBehalf,
                schema::Initiator::Them => Initiator::Them,
            },
            accepted: acts.then_some(true),
            labels: build.labels(&name),
            routes: acts.then(|| destinations.clone()),
        };
        let peered = build.shake("", wish, purpose.clone());
        let theirs = Tables::Gateway { id: peering.tgw.to_string(), region: peering.region.as_str().into() };
        build.keep_up(&peered, party, purpose, theirs, destinations);
        let attachment: Ref<TgwAttachment> = peered.widen();
        let table = Ref::to(&peering.table);
        build.desired.add("", TgwAssociation { attachment: attachment.clone(), table });
        for table in tables(municipality, &peering) {
            for destination in peering.cidrs() {
                let (table, destination) = (Ref::to(&table), (*destination).into());
                build.desired.add("", TgwRoute { table, destination, hop: Hop::Attachment(attachment.clone()) });
            }
        }
    }
}

/// What the other side must send to us: all that may reach what lies behind it.
fn destinations(municipality: &Municipality, peering: &TransitPeering<'_>) -> BTreeSet<Ipv4Net> {
    match &peering.behind {
        Behind::Asp(asp) => attachments::destinations(municipality, asp),
        Behind::Sites(sites) => linked(municipality, sites).flat_map(Asp::routed_cidrs).map(|cidr| *cidr).collect(),
    }
}

/// The ASPs that work with one of these sites.
fn linked<'a>(municipality: &'a Municipality, sites: &'a [&Site]) -> impl Iterator<Item = &'a Asp> {
    let routed = municipality.asps.iter().filter(|asp| !asp.routed_cidrs().is_empty());
    routed.filter(|asp| sites.iter().any(|site| municipality.linked(&site.name, &asp.name)))
}

/// Who may reach what lies behind it.
fn tables(municipality: &Municipality, peering: &TransitPeering<'_>) -> BTreeSet<String> {
    match &peering.behind {
        Behind::Asp(asp) => attachments::learners(municipality, asp),
        Behind::Sites(sites) => linked(municipality, sites).map(|asp| municipality.table_of(asp)).collect(),
    }
}
