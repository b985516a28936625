//! Application service providers.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Region, yes};
use crate::config::at::At;
use crate::config::values::{
    Arn, Cidr, Date, Domain, Name, ResolverId, RouteTableId, ServiceName, SubnetId, Text, TransitGatewayId, VpcId,
    Workload, ZoneId,
};

/// A provider whose systems the municipality uses.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Asp {
    /// Name that the rest of the file uses, and the name of its route table.
    pub name: At<Name>,
    /// Its account: a name from `accounts.others`.
    pub account: At<Name>,
    /// The company; the account's owner when absent.
    pub company: Option<Text>,
    /// How it is connected.
    pub connect: At<Connect>,
    /// With `connect: privatelink`, who offers the service: `consumer` = the ASP does and we use it, `provider` = we do.
    /// The specification does not say, so the file must.
    pub role: Option<At<PrivateLinkRole>>,
    /// Workloads that it serves, marked ○ in the specification.
    #[serde(default)]
    pub workloads: Vec<At<Workload>>,
    /// Its VPCs that attach to our Transit Gateway, or that lie behind the peering.
    #[serde(default)]
    pub vpcs: Vec<AspVpc>,
    /// Its private hosted zones that on-premises must resolve: associated with the shared VPC.
    #[serde(default)]
    pub zones: Vec<AspZone>,
    /// ASPs and sites that it may reach, and that may reach it. Everything else is cut off by blackholes.
    #[serde(default)]
    pub links: Vec<At<Name>>,
    /// Whether on-premises reaches it.
    #[serde(default = "yes")]
    pub onprem: bool,
    /// With `segmentation: grouped`, the group whose route table it shares.
    pub group: Option<At<Name>>,
    /// With `connect: privatelink`, the endpoint service.
    pub service: Option<Service>,
    /// With `connect: peering`, the other Transit Gateway.
    pub peering: Option<Peering>,
    /// Ids of our forwarding rules and query log that the company says it has associated with its VPCs. Nothing shows that to
    /// us: what is not named here stays on its request sheet. A rule that is made anew has another id.
    #[serde(default)]
    pub associated: Vec<At<ResolverId>>,
    /// The day by which we ask the company for its moves; printed on request sheets.
    pub deadline: Option<At<Date>>,
    /// Design reason.
    pub note: Option<Text>,
}

/// How an ASP is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Connect {
    /// Its VPCs attach to our Transit Gateway.
    Tgw,
    /// Its Transit Gateway peers with ours (ピアリングアタッチメント): static routes only.
    Peering,
    /// One service through an interface endpoint: one way, by port, also with overlapping addresses.
    Privatelink,
}

/// Who offers the endpoint service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PrivateLinkRole {
    /// The ASP offers it; the network account makes an interface endpoint.
    Consumer,
    /// The network account offers it; the ASP makes the interface endpoint.
    Provider,
}

/// A VPC of an ASP.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AspVpc {
    /// Its id.
    pub id: At<VpcId>,
    /// Its range.
    pub cidr: At<Cidr>,
    /// Further ranges of the same VPC.
    #[serde(default)]
    pub secondary_cidrs: Vec<At<Cidr>>,
    /// Its subnets for the attachment to our Transit Gateway, one in each availability zone that it uses. Needed when gcnet
    /// makes the attachment, which is when the ASP's account gives us a role (`credentials: assume-role`); refused otherwise.
    #[serde(default)]
    pub subnets: BTreeSet<At<SubnetId>>,
    /// Its route tables in which gcnet keeps the routes to us, with a role in the ASP's account. Without one, and for tables
    /// that are not listed, the routes are the ASP's to add; with a role and no table, gcnet looks whether they are there, and
    /// asks until they are.
    #[serde(default)]
    pub route_tables: BTreeSet<At<RouteTableId>>,
    /// Keys of municipalities outside this fleet whose Transit Gateways the VPC is attached to as well. A VPC takes five
    /// attachments at most, one a Transit Gateway.
    #[serde(default)]
    pub also_serves: BTreeSet<At<Name>>,
    /// Remark.
    pub note: Option<Text>,
}

/// A private hosted zone of an ASP.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AspZone {
    /// Its domain.
    pub name: At<Domain>,
    /// Its id.
    pub id: At<ZoneId>,
}

/// An endpoint service.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// The service's name, from the ASP. Required for `role: consumer`; for `provider` AWS gives it.
    pub name: Option<At<ServiceName>>,
    /// TCP ports.
    pub ports: Vec<At<u16>>,
    /// The name under which clients reach our endpoint: a record in one of `dns.zones`. For `role: consumer`; a public,
    /// verified name is not needed.
    pub dns: Option<At<Domain>>,
    /// With `role: provider`, the network load balancer that the service stands on: an ARN of the network account. gcnet does
    /// not make it.
    pub load_balancer: Option<At<Arn>>,
    /// With `role: provider`, the users, roles or accounts that may make an endpoint; the ASP's whole account when absent.
    #[serde(default)]
    pub principals: BTreeSet<At<Arn>>,
}

/// Another party's Transit Gateway.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Peering {
    /// Its id.
    pub tgw: At<TransitGatewayId>,
    /// The account it belongs to, when not the ASP's own: a name from `accounts.others`.
    pub account: Option<At<Name>>,
    /// Its Region; this file's when absent.
    pub region: Option<At<Region>>,
    /// Who asks for the peering; the other side accepts.
    #[serde(default)]
    pub initiated_by: At<Initiator>,
}

/// Who asks for a peering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Initiator {
    /// The network account: the other side accepts.
    #[default]
    Us,
    /// The other side: the network account accepts, and only what the file lists. With a role in its account, gcnet asks
    /// from there.
    Them,
}
