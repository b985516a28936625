//! Attachments of our transit gateway, and by which name the rest refers to each.

use std::collections::{BTreeMap, BTreeSet};

use gcnet_aws::kinds::{
    DxAssociation, DxAttachment, DxGateway, ForeignAttachment, Hop, Tgw, TgwPeering, TgwRoute, TgwVpcAttachment,
};
use gcnet_core::{Ref, Target};
use gcnet_reach::{Attached, Attachment, State, Vpc};
use ipnet::Ipv4Net;

use super::{
    facts::{Fact, Facts},
    gateways, names,
    names::Names,
    vpcs,
};
use crate::config::{derive::Behind, schema::Municipality};

/// All of them.
pub(super) struct Attachments(Vec<Known>);

struct Known {
    target: Target,
    /// The transit gateway.
    gateway: String,
    /// Without the table that it is associated with.
    attachment: Attachment,
}

impl Attachments {
    pub(super) fn new(municipality: &Municipality, facts: &Facts, names: &Names, vpcs: &[Vpc]) -> Self {
        let mut all = Attachments(vec![]);
        for fact in facts.all::<TgwVpcAttachment>() {
            let vpc = fact.spec.vpc.label().to_string();
            let subnets = vpcs::known(vpcs, &vpc, &fact.spec.subnets);
            all.push(&fact, &fact.spec.tgw, fact.name(), Attached::Vpc { vpc, subnets }, true);
        }
        for fact in facts.all::<ForeignAttachment>() {
            let vpc = names.vpc(&fact.spec.vpc);
            let to = Attached::Vpc { vpc: vpc.clone(), subnets: vec![] };
            all.push(&fact, &fact.spec.tgw, &vpc, to, fact.spec.accepted);
        }
        let peers = peers(municipality);
        for fact in facts.all::<TgwPeering>() {
            let name = peers.get(&fact.spec.peer).unwrap_or(&fact.spec.peer);
            all.push(&fact, &fact.spec.tgw, name, Attached::Peering, fact.spec.accepted != Some(false));
        }
        for fact in facts.all::<DxAttachment>() {
            let line = line_of(municipality, &fact.spec.gateway);
            let (advertised, learned) = (granted(facts, &fact), announced(municipality, &line, &fact));
            let name = names::line(municipality, &line);
            all.push(&fact, &fact.spec.tgw, &name, Attached::Line { line, advertised, learned }, true);
        }
        all.add_strangers(facts);
        all
    }

    /// What is there and not accepted waits for our own next apply.
    fn push<K>(&mut self, fact: &Fact<K>, tgw: &Ref<Tgw>, name: &str, to: Attached, is_accepted: bool) {
        let state = match &fact.state {
            State::Open if !is_accepted => State::Waiting { reason: fact.address.to_string() },
            state => state.clone(),
        };
        let attachment = Attachment { name: name.into(), to, state, table: None };
        let target = Target::Address(fact.address.clone());
        self.0.push(Known { target, gateway: tgw.label().into(), attachment });
    }

    /// Somebody may have routed to an attachment that is none of ours: packets leave there, and nobody we know is behind.
    fn add_strangers(&mut self, facts: &Facts) {
        for route in facts.all::<TgwRoute>() {
            let Hop::Attachment(to) = &route.spec.hop else { continue };
            let (None, Some(gateway)) = (self.name(to), gateways::of_table(facts, &route.spec.table)) else { continue };
            let name = to.label().to_string();
            let attachment = Attachment { name, to: Attached::Peering, state: State::Open, table: None };
            self.0.push(Known { target: to.target().clone(), gateway, attachment });
        }
    }

    /// The subnets that attachments to our VPCs lie in.
    pub(super) fn subnets(&self) -> BTreeSet<&str> {
        let mut all = BTreeSet::new();
        for known in &self.0 {
            if let Attached::Vpc { subnets, .. } = &known.attachment.to {
                all.extend(subnets.iter().map(String::as_str));
            }
        }
        all
    }

    /// What the attachment is called that is referred to.
    pub(super) fn name<K>(&self, reference: &Ref<K>) -> Option<&str> {
        let known = self.0.iter().find(|known| known.target == *reference.target())?;
        Some(&known.attachment.name)
    }

    /// Whether this is the name of a peering.
    pub(super) fn is_peering(&self, name: &str) -> bool {
        self.peerings().any(|peering| peering == name)
    }

    /// The names of all peerings.
    pub(super) fn peerings(&self) -> impl Iterator<Item = &str> {
        let peerings = self.0.iter().filter(|known| known.attachment.to == Attached::Peering);
        peerings.map(|known| known.attachment.name.as_str())
    }

    /// Those of one transit gateway, each with the table that `tables` associates it with.
    pub(super) fn of(&self, gateway: &str, tables: &BTreeMap<Target, String>) -> Vec<Attachment> {
        let own = self.0.iter().filter(|known| known.gateway == gateway);
        own.map(|known| Attachment { table: tables.get(&known.target).cloned(), ..known.attachment.clone() }).collect()
    }
}

/// What lies behind other transit gateways, by their ids.
fn peers(municipality: &Municipality) -> BTreeMap<String, String> {
    let name = |behind: &Behind<'_>| match behind {
        Behind::Asp(asp) => names::asp(&asp.name),
        Behind::Sites(sites) => sites.iter().map(|site| names::site(&site.name)).collect::<Vec<_>>().join("+"),
    };
    municipality.peerings().iter().map(|peering| (peering.tgw.to_string(), name(&peering.behind))).collect()
}

/// The line that ends at a gateway; of a gateway that the file does not know, the id.
pub(super) fn line_of(municipality: &Municipality, gateway: &Ref<DxGateway>) -> String {
    let ends_there = |line: &&crate::config::schema::Line| match &line.dxgw.id {
        Some(id) => id.as_str() == gateway.label(),
        None => line.name.as_str() == gateway.label(),
    };
    let line = municipality.lines.iter().find(ends_there);
    line.map_or_else(|| gateway.label().to_string(), |line| line.name.to_string())
}

/// What is advertised to on-premises: what the association has, wished or granted.
fn granted(facts: &Facts, attachment: &Fact<DxAttachment>) -> Vec<Ipv4Net> {
    let ends = |association: &DxAssociation| (association.tgw.clone(), association.gateway.clone());
    let own = (attachment.spec.tgw.clone(), attachment.spec.gateway.clone());
    let mut associations = facts.all::<DxAssociation>().filter(|association| ends(&association.spec) == own);
    associations.next().map(|association| association.spec.prefixes.into_iter().collect()).unwrap_or_default()
}

/// What on-premises announces: as read from our route tables where they show it, and expected by the file where only the
/// wish or a line that carries nothing yet is there.
fn announced(municipality: &Municipality, line: &str, attachment: &Fact<DxAttachment>) -> Vec<Ipv4Net> {
    if attachment.state.is_open() {
        return attachment.spec.announced.iter().copied().collect();
    }
    let line = municipality.lines.iter().find(|known| known.name.as_str() == line);
    let expected: BTreeSet<Ipv4Net> =
        line.map(|line| municipality.expected_from(line).into_iter().map(|cidr| *cidr).collect()).unwrap_or_default();
    expected.into_iter().collect()
}
