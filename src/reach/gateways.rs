//! Our transit gateway and its route tables.

use std::collections::{BTreeMap, BTreeSet};

use gcnet_aws::kinds::{Hop, Tgw, TgwAssociation, TgwPropagation, TgwRoute, TgwRouteTable};
use gcnet_core::{Ref, Target};
use gcnet_reach::{Gateway, Origin, TransitRoute, TransitTable, TransitTarget};
use ipnet::IpNet;

use super::{attachments::Attachments, facts::Facts};

pub(super) fn translate(facts: &Facts, attachments: &Attachments) -> Vec<Gateway> {
    let gateway = |name: &str| {
        let tables = tables(facts, attachments, name);
        let known: BTreeSet<&str> = tables.iter().map(|table| table.name.as_str()).collect();
        let associated: BTreeMap<Target, String> = facts
            .all::<TgwAssociation>()
            .filter(|fact| known.contains(fact.spec.table.label()))
            .map(|fact| (fact.spec.attachment.target().clone(), fact.spec.table.label().to_string()))
            .collect();
        let mut attached = attachments.of(name, &associated);
        // An attachment can be there before its table, or after it: then nothing says where its packets go.
        for fact in facts.all::<TgwAssociation>().filter(|fact| !fact.state.is_open()) {
            let name = attachments.name(&fact.spec.attachment);
            let open = attached.iter_mut().filter(|attachment| attachment.state.is_open());
            for attachment in open.filter(|attachment| Some(attachment.name.as_str()) == name) {
                attachment.state = fact.state.clone();
            }
        }
        Gateway { name: name.into(), attachments: attached, tables }
    };
    facts.all::<Tgw>().map(|tgw| gateway(tgw.name())).collect()
}

/// The gateway of a route table.
pub(super) fn of_table(facts: &Facts, table: &Ref<TgwRouteTable>) -> Option<String> {
    let mut tables = facts.all::<TgwRouteTable>().filter(|fact| fact.name() == table.label());
    tables.next().map(|fact| fact.spec.tgw.label().to_string())
}

fn tables(facts: &Facts, attachments: &Attachments, gateway: &str) -> Vec<TransitTable> {
    let mut tables: BTreeMap<String, TransitTable> = facts
        .all::<TgwRouteTable>()
        .filter(|fact| fact.spec.tgw.label() == gateway)
        .map(|fact| fact.name().to_string())
        .map(|name| (name.clone(), TransitTable { name, propagations: vec![], routes: vec![] }))
        .collect();
    for TgwPropagation { table, attachment, checked: _ } in facts.all::<TgwPropagation>().map(|fact| fact.spec) {
        let (Some(table), Some(name)) = (tables.get_mut(table.label()), attachments.name(&attachment)) else {
            continue;
        };
        // AWS has none; a description that says so is refused.
        if !attachments.is_peering(name) {
            table.propagations.push(name.into());
        }
    }
    for TgwRoute { table, destination, hop } in facts.all::<TgwRoute>().map(|fact| fact.spec) {
        // IPv6 is none of our plans.
        let (Some(table), IpNet::V4(destination)) = (tables.get_mut(table.label()), destination) else { continue };
        let target = match &hop {
            Hop::Blackhole => TransitTarget::Blackhole,
            Hop::Attachment(to) => match attachments.name(to) {
                Some(name) => TransitTarget::Attachment(name.into()),
                None => continue,
            },
        };
        table.routes.push(TransitRoute { destination, target, origin: Origin::Static });
    }
    tables.into_values().collect()
}
