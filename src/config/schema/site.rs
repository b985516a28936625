//! Systems outside AWS: the data centres of 戸籍 and 戸籍附票.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Initiator, Region};
use crate::config::at::At;
use crate::config::values::{AttachmentId, Cidr, Date, Name, Text, TransitGatewayId, Workload};

/// A data centre outside AWS whose systems must reach ASPs (specification 4.2.1: 戸籍・戸籍附票 and 住民記録).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Name that `asps[].links` refers to.
    pub name: At<Name>,
    /// Workloads that run there, marked ● in the specification.
    pub workloads: Vec<At<Workload>>,
    /// Its address ranges.
    pub cidrs: Vec<At<Cidr>>,
    /// How it is reached.
    pub via: Via,
    /// ASPs that it may reach, and that may reach it; all others are cut off by blackholes. A link stated on either side
    /// counts for both.
    #[serde(default)]
    pub links: Vec<At<Name>>,
    /// The day by which we ask its owner for the moves of a peering; printed on request sheets.
    pub deadline: Option<At<Date>>,
    /// Design reason.
    pub note: Option<Text>,
}

/// How a site is reached.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Via {
    /// Through the municipality's own network, over one of `lines`.
    Line(At<Name>),
    /// Through an attachment of its own that another party made.
    Attachment(At<AttachmentId>),
    /// Through another Transit Gateway.
    Peering(SitePeering),
}

/// The Transit Gateway behind which a site lies.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SitePeering {
    /// Its id.
    pub tgw: At<TransitGatewayId>,
    /// The account it belongs to: a name from `accounts.others`.
    pub account: At<Name>,
    /// Its Region; this file's when absent.
    pub region: Option<At<Region>>,
    /// Who asks for the peering; the other side accepts.
    #[serde(default)]
    pub initiated_by: At<Initiator>,
}
