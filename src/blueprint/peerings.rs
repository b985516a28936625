//! ASPs and sites behind another transit gateway. AWS does not propagate over a peering: every route is static.

use std::collections::BTreeSet;

use gcnet_aws::kinds::{Hop, Initiator, TgwAssociation, TgwAttachment, TgwPeering, TgwRoute};
use gcnet_core::Ref;

use super::{Build, Network, Purpose, attachments};
use crate::config::{
    derive::{Behind, TransitPeering},
    schema,
};

pub(super) fn add(build: &mut Build<'_>, network: &Network) {
    for peering in build.municipality.peerings() {
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
        let wish = TgwPeering {
            tgw: network.tgw.clone(),
            our_account: build.municipality.accounts.network.id.to_string(),
            our_region: build.municipality.region.value.as_str().into(),
            peer: peering.tgw.to_string(),
            account: party.id.to_string(),
            region: peering.region.as_str().into(),
            initiator: match peering.initiated_by {
                schema::Initiator::Us => Initiator::Us,
                schema::Initiator::Them => Initiator::Them,
            },
            accepted: build.acts_for(party).then_some(true),
            labels: build.labels(&name),
        };
        let attachment: Ref<TgwAttachment> = build.shake("", wish, purpose).widen();
        let table = Ref::to(&peering.table);
        build.desired.add("", TgwAssociation { attachment: attachment.clone(), table });
        for table in tables(build, &peering) {
            for destination in peering.cidrs() {
                let (table, destination) = (Ref::to(&table), (*destination).into());
                build.desired.add("", TgwRoute { table, destination, hop: Hop::Attachment(attachment.clone()) });
            }
        }
    }
}

/// Who may reach what lies behind it.
fn tables(build: &Build<'_>, peering: &TransitPeering<'_>) -> BTreeSet<String> {
    let municipality = build.municipality;
    match &peering.behind {
        Behind::Asp(asp) => attachments::learners(municipality, asp),
        Behind::Sites(sites) => {
            let linked = |asp: &&schema::Asp| sites.iter().any(|site| municipality.linked(&site.name, &asp.name));
            let routed = municipality.asps.iter().filter(|asp| !asp.routed_cidrs().is_empty());
            routed.filter(linked).map(|asp| municipality.table_of(asp)).collect()
        }
    }
}
