//! Lines over Direct Connect. One that is not open yet is a normal state: everything else is built.

use std::collections::BTreeSet;

use gcnet_aws::kinds::{DxAssociation, DxAttachment, DxGateway, TgwAssociation, TgwPropagation, TransitVif};
use gcnet_core::{Ask, Party, Ref};

use super::{Build, Network, Opening, Purpose};
use crate::config::{
    derive::{ONPREM_TABLE, SHARED_TABLE},
    schema::{DxOwner, Line, Municipality},
};

pub(super) fn add(build: &mut Build<'_>, network: &Network) {
    let municipality = build.municipality;
    for line in &municipality.lines {
        let purpose = Purpose::Line(line.name.to_string());
        if !line.is_buildable() {
            let opens = line.opens.as_ref().map(|opens| Opening::from(&opens.value));
            let ask = ask(municipality, line, "open-line");
            build.wait("line", &line.name, purpose, ask, opens);
            continue;
        }
        if let Some(gateway) = gateway(build, line) {
            connect(build, network, line, gateway);
        }
    }
}

/// Whoever owns the gateway; a provider of whom no account is known.
fn ask(municipality: &Municipality, line: &Line, action: &str) -> Ask {
    match municipality.line_account(line) {
        Some(party) => Ask::account(party.id.to_string(), action),
        None => Ask::of(Party::Outsider, action),
    }
}

/// The line's Direct Connect gateway; `None` while its owner has not told us which.
fn gateway(build: &mut Build<'_>, line: &Line) -> Option<Ref<DxGateway>> {
    let municipality = build.municipality;
    let purpose = || Purpose::Line(line.name.to_string());
    let given = line.dxgw.id.as_ref().map(|id| Ref::id(id.to_string()));
    match *line.dxgw.owner {
        DxOwner::Other => {
            if given.is_none() {
                build.wait("line", &line.name, purpose(), ask(municipality, line, "tell-gateway"), None);
            }
            given
        }
        DxOwner::Ours => {
            let gateway = given.unwrap_or_else(|| {
                let asn = line.dxgw.effective_asn().map_or(AWS_ASN, |asn| asn.0);
                let name = municipality.gateway_name(line);
                build.desired.add(&line.name, DxGateway { name, asn })
            });
            match line.vif.as_ref().and_then(|vif| vif.id.as_ref().map(|id| (vif, id))) {
                Some((vif, id)) => {
                    let vif = TransitVif {
                        gateway: gateway.clone(),
                        vif: id.to_string(),
                        confirmed: true,
                        vlan: vif.vlan.as_ref().map(|vlan| vlan.get()),
                        bgp_asn: vif.bgp_asn.as_ref().map(|asn| asn.0),
                        mtu: vif.mtu.as_ref().map(|mtu| mtu.get()),
                        amazon_address: vif.amazon_address.as_ref().map(ToString::to_string),
                        customer_address: vif.customer_address.as_ref().map(ToString::to_string),
                    };
                    build.shake("", vif, purpose());
                }
                // The gateway and its association need no line; the provider needs our account to hand it over.
                None => build.wait("line", &line.name, purpose(), ask(municipality, line, "allocate-vif"), None),
            }
            Some(gateway)
        }
    }
}

/// What AWS gives a gateway that states none.
const AWS_ASN: u32 = 64_512;

fn connect(build: &mut Build<'_>, network: &Network, line: &Line, gateway: Ref<DxGateway>) {
    let municipality = build.municipality;
    let purpose = Purpose::Line(line.name.to_string());
    let owner = municipality.line_account(line);
    let association = DxAssociation {
        tgw: network.tgw.clone(),
        gateway: gateway.clone(),
        owner: owner.as_ref().map(|party| party.id.to_string()),
        prefixes: municipality.allowed_prefixes(line).into_iter().map(|cidr| *cidr).collect(),
        attachment: Some(network.attachment.clone()),
        accepted: owner.filter(|party| build.acts_for(party)).map(|_| true),
        standing: None,
    };
    let association = build.shake("", association, purpose);
    let attachment = DxAttachment {
        tgw: network.tgw.clone(),
        gateway,
        association,
        announced: municipality.expected_from(line).into_iter().map(|cidr| *cidr).collect(),
        elsewhere: municipality.not_behind_lines().into_iter().map(|cidr| *cidr).collect(),
    };
    let attachment = build.desired.add("", attachment);
    let table = Ref::to(ONPREM_TABLE);
    build.desired.add("", TgwAssociation { attachment: attachment.clone().widen(), table });
    if !line.propagate {
        return;
    }
    for table in learners(municipality, line) {
        let attachment = attachment.clone().widen();
        build.desired.add("", TgwPropagation { table: Ref::to(&table), attachment, checked: None });
    }
}

/// The tables that learn what is announced over a line: of all who may reach on-premises, or a site behind the line.
fn learners(municipality: &Municipality, line: &Line) -> BTreeSet<String> {
    let behind = |asp: &str| municipality.sites_behind(line).any(|site| municipality.linked(&site.name, asp));
    let asps = municipality.asps.iter().filter(|asp| !asp.routed_cidrs().is_empty());
    let asps = asps.filter(|asp| asp.onprem || behind(&asp.name)).map(|asp| municipality.table_of(asp));
    std::iter::once(SHARED_TABLE.to_string()).chain(asps).collect()
}
