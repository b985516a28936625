//! Lines: LGCS and private access lines, over Direct Connect.

use schemars::JsonSchema;
use serde::Deserialize;

use super::yes;
use crate::config::at::At;
use crate::config::values::{Address, Asn, Cidr, Date, DxGatewayId, Name, Opens, Text, VifId, Within};

/// A line between the municipality and AWS.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Name that `sites[].via` refers to.
    pub name: At<Name>,
    /// LGCS, or a private access line (民間アクセス回線).
    pub kind: LineKind,
    /// What the hearing says. Never derived from the calendar.
    pub status: At<LineStatus>,
    /// Opening month of the specification: `2025-01`, or `2025-04以降` for "in or after".
    pub opens: Option<At<Opens>>,
    /// The Direct Connect gateway that the line ends at.
    pub dxgw: DxGateway,
    /// Prefixes advertised to on-premises; derived from the shared VPC and the ASPs with `onprem: true` when absent.
    pub allowed_prefixes: Option<Vec<At<Cidr>>>,
    /// On-premises ranges expected over this line; `onprem.cidrs` and the sites behind the line when absent.
    pub onprem_cidrs: Option<Vec<At<Cidr>>>,
    /// Whether Transit Gateway route tables learn from this line. False while a migration prepares or drains it.
    #[serde(default = "yes")]
    pub propagate: bool,
    /// The virtual interface, as far as known.
    pub vif: Option<VirtualInterface>,
    /// The day by which we ask the line's provider for its moves; printed on request sheets.
    pub deadline: Option<At<Date>>,
    /// Design reason.
    pub note: Option<Text>,
}

/// Kinds of line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LineKind {
    /// J-LIS's Government Cloud connection service over LGWAN.
    Lgcs,
    /// 民間アクセス回線.
    Private,
}

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LineStatus {
    /// Agreed, not ordered or not built: everything else is built, the line's steps wait.
    Planned,
    /// Being opened: the association is proposed and waits for the other party.
    Opening,
    /// In service.
    Connected,
}

/// A Direct Connect gateway.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DxGateway {
    /// Ours (hosted transit VIF) or another party's (association proposal).
    pub owner: At<DxOwner>,
    /// Its id, when it exists. With `owner: self` and no id, gcnet makes one.
    pub id: Option<At<DxGatewayId>>,
    /// Name of the gateway that gcnet makes; `gcnet-`, the municipality's key and the line's name when absent.
    pub name: Option<At<Name>>,
    /// The account it belongs to: a name from `accounts.others`. For `owner: other`.
    pub account: Option<At<Name>>,
    /// Its ASN, which must differ from the Transit Gateway's. A gateway that gcnet makes has 64512, AWS's default, when absent.
    pub asn: Option<At<Asn>>,
}

/// Whose Direct Connect gateway it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DxOwner {
    /// The network account's.
    #[serde(rename = "self")]
    Ours,
    /// Another party's.
    Other,
}

/// A transit virtual interface.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VirtualInterface {
    /// `dxvif-…`. With `dxgw.owner: self`, the hosted interface that gcnet confirms; until its id is known, the line waits for
    /// the provider.
    pub id: Option<At<VifId>>,
    /// VLAN.
    pub vlan: Option<At<Within<1, 4094>>>,
    /// ASN of the router on the municipality's side.
    pub bgp_asn: Option<At<Asn>>,
    /// BGP peer address on AWS's side.
    pub amazon_address: Option<At<Address>>,
    /// BGP peer address on the customer's side.
    pub customer_address: Option<At<Address>>,
    /// Largest packet in bytes: 1500 or 8500.
    pub mtu: Option<At<Within<1500, 8500>>>,
}
