//! The description with numbers for names, checked: what decisions run on.

mod amazon;
mod build;
mod names;
mod server;
mod table;
mod zone;

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr},
};

use names::Names;
pub(crate) use server::{Choice as ServerChoice, ServerView};
pub(crate) use table::{Choice, Table};
pub(crate) use zone::{Hit, ZoneView};

use crate::model::{Resolution, Rule, Vpc};

/// Numbers of parts: where they stand in the description.
pub(crate) type VpcId = usize;
pub(crate) type ZoneId = usize;
pub(crate) type RuleId = usize;
pub(crate) type InboundId = usize;
pub(crate) type OutboundId = usize;
pub(crate) type ServerId = usize;

pub(crate) struct Index<'a> {
    pub(crate) model: &'a Resolution,
    /// What every VPC's resolver goes by.
    pub(crate) tables: Vec<Table<'a>>,
    pub(crate) zones: Vec<ZoneView<'a>>,
    /// VPCs that a zone is associated with.
    pub(crate) zone_vpcs: Vec<Vec<VpcId>>,
    /// VPCs that a rule is associated with.
    pub(crate) rule_vpcs: Vec<Vec<VpcId>>,
    pub(crate) inbound_vpcs: Vec<VpcId>,
    pub(crate) servers: Vec<ServerView<'a>>,
    addresses: HashMap<IpAddr, Holder>,
    /// Those that a question can name.
    pub(crate) names: ByName<'a>,
}

pub(crate) struct ByName<'a> {
    pub(crate) vpcs: Names<'a>,
    pub(crate) inbound: Names<'a>,
    pub(crate) servers: Names<'a>,
}

/// What has an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holder {
    Inbound(InboundId),
    Outbound(OutboundId),
    Server(ServerId),
    /// A VPC's own resolver, which only the VPC's hosts can ask.
    Resolver(Option<VpcId>),
    Nobody,
}

/// The resolver's address in every VPC.
const LINK_LOCAL: IpAddr = IpAddr::V4(Ipv4Addr::new(169, 254, 169, 253));

impl<'a> Index<'a> {
    pub(crate) fn holder(&self, address: IpAddr) -> Holder {
        match self.addresses.get(&address) {
            Some(holder) => *holder,
            None if address == LINK_LOCAL => Holder::Resolver(None),
            None => Holder::Nobody,
        }
    }

    pub(crate) fn vpc(&self, id: VpcId) -> &'a Vpc {
        &self.model.vpcs[id]
    }

    pub(crate) fn rule(&self, id: RuleId) -> &'a Rule {
        &self.model.rules[id]
    }
}
