//! Hosted transit virtual interfaces: the owner of a connection allocates one to another account, which confirms it onto
//! a gateway of its own.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::tags::{self, Tag, Tags};
use super::{connection, gateway, missing, page, refused, short_id, timing};
use crate::account::is_account_id;
use crate::clock::Moment;
use crate::error::{AwsError, Result};
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::json_write("AllocateTransitVirtualInterface", allocate),
    Operation::json_write("ConfirmTransitVirtualInterface", confirm),
    Operation::json_read("DescribeVirtualInterfaces", describe),
    Operation::json_write("DeleteVirtualInterface", delete),
];

/// DOC (Direct Connect quotas): transit virtual interfaces per dedicated connection.
const MOST_PER_CONNECTION: usize = 4;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VirtualInterface {
    /// The account that it was allocated to.
    pub owner: String,
    pub connection: String,
    pub connection_owner: String,
    pub region: String,
    pub location: String,
    pub name: String,
    pub vlan: i64,
    pub asn: i64,
    pub mtu: i64,
    pub auth_key: String,
    pub amazon_address: String,
    pub customer_address: String,
    pub tags: Tags,
    /// Set when the owner confirms it.
    pub gateway: Option<String>,
    pub available_at: Option<Moment>,
    pub ends_at: Option<Moment>,
    /// Declined by whom it was allocated to.
    #[serde(default)]
    pub declined: bool,
}

impl VirtualInterface {
    /// The line beyond it is taken to work: nothing is ever `down`.
    pub fn state(&self, now: Moment) -> &'static str {
        match (self.ends_at, self.available_at) {
            (Some(_), _) if self.declined => "rejected",
            (Some(at), _) if now < at => "deleting",
            (Some(_), _) => "deleted",
            (None, None) => "confirming",
            (None, Some(at)) if now < at => "pending",
            (None, Some(_)) => "available",
        }
    }

    /// It takes no VLAN of its connection any more.
    pub fn is_over(&self, now: Moment) -> bool {
        self.ends_at.is_some_and(|at| at <= now)
    }

    /// When it is no longer listed.
    pub fn forgotten_at(&self) -> Option<Moment> {
        self.ends_at.map(|at| at.plus(timing::INTERFACE_LISTED))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Allocate {
    connection_id: String,
    owner_account: String,
    new_transit_virtual_interface_allocation: Allocation,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Allocation {
    virtual_interface_name: String,
    vlan: i64,
    asn: Option<i64>,
    asn_long: Option<i64>,
    mtu: Option<i64>,
    auth_key: Option<String>,
    amazon_address: Option<String>,
    customer_address: Option<String>,
    address_family: Option<String>,
    tags: Option<Vec<Tag>>,
}

fn allocate(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Allocate { connection_id, owner_account, new_transit_virtual_interface_allocation: new } = json_input(input)?;
    let connection = connection::usable(ctx, &connection_id)?.clone();
    if !is_account_id(&owner_account) {
        return Err(refused(format!("{owner_account} is not an AWS account ID.")));
    }
    let asn = new.check()?;
    let tags = tags::read(new.tags)?;
    let interfaces = ctx.state.direct_connect.virtual_interfaces.values();
    let others: Vec<_> = interfaces.filter(|it| it.connection == connection_id && !it.is_over(ctx.now)).collect();
    if others.iter().any(|other| other.vlan == new.vlan) {
        return Err(refused(format!("VLAN {} is already in use on connection {connection_id}.", new.vlan)));
    }
    if others.len() >= MOST_PER_CONNECTION {
        return Err(AwsError::new(
            "LimitExceededException",
            format!(
                "Connection {connection_id} cannot have more than {MOST_PER_CONNECTION} transit virtual interfaces."
            ),
        ));
    }
    let id = short_id(ctx, "dxvif");
    // AWS chooses what it is not told (DOC: AllocateTransitVirtualInterface); the numbers are ours.
    let peer =
        |last: u8, given: Option<String>| given.unwrap_or_else(|| format!("169.254.{}.{last}/30", new.vlan % 256));
    let auth_key = new.auth_key.unwrap_or_else(|| ctx.state.mint_hex("bgp-key", 24));
    let interface = VirtualInterface {
        owner: owner_account,
        connection: connection_id,
        connection_owner: connection.owner,
        region: connection.region,
        location: connection.location,
        name: new.virtual_interface_name,
        vlan: new.vlan,
        asn,
        mtu: new.mtu.unwrap_or(1500),
        auth_key,
        amazon_address: peer(1, new.amazon_address),
        customer_address: peer(2, new.customer_address),
        tags,
        gateway: None,
        available_at: None,
        ends_at: None,
        declined: false,
    };
    ctx.state.direct_connect.virtual_interfaces.insert(id.clone(), interface.clone());
    Ok(json!({ "virtualInterface": json(ctx, &id, &interface) }))
}

impl Allocation {
    /// Checks what DOC (NewTransitVirtualInterfaceAllocation) says, and returns the ASN.
    fn check(&self) -> Result<i64> {
        if self.virtual_interface_name.is_empty() || self.virtual_interface_name.chars().count() > 100 {
            return Err(refused("The name of a virtual interface has 1 to 100 characters."));
        }
        if !(1..=4094).contains(&self.vlan) {
            return Err(refused(format!("VLAN {} is not between 1 and 4094.", self.vlan)));
        }
        if self.mtu.is_some_and(|mtu| !matches!(mtu, 1500 | 8500)) {
            return Err(refused("The MTU must be 1500 or 8500."));
        }
        if self.address_family.as_ref().is_some_and(|family| family != "ipv4") {
            return Err(refused("The sandbox simulates virtual interfaces of the address family ipv4 only."));
        }
        match (self.asn, self.asn_long) {
            (Some(asn), None) if (1..=2_147_483_646).contains(&asn) => Ok(asn),
            (None, Some(asn)) if (1..=4_294_967_294).contains(&asn) => Ok(asn),
            (None, None) => Err(refused("An ASN must be given.")),
            (Some(_), Some(_)) => Err(refused("asn and asnLong must not both be given.")),
            _ => Err(refused("The ASN is out of range.")),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Confirm {
    virtual_interface_id: String,
    direct_connect_gateway_id: String,
}

fn confirm(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Confirm { virtual_interface_id: id, direct_connect_gateway_id: gateway } = json_input(input)?;
    let mut interface = visible(ctx, &id)?.clone();
    if interface.owner != ctx.caller.account {
        return Err(refused(format!("Virtual Interface {id} was allocated to another account.")));
    }
    gateway::usable(ctx, &gateway)?;
    if interface.state(ctx.now) != "confirming" {
        return Err(refused(format!("Virtual Interface {id} is not in the state confirming.")));
    }
    interface.gateway = Some(gateway);
    interface.available_at = Some(ctx.in_seconds(timing::INTERFACE_PENDING));
    let state = interface.state(ctx.now);
    ctx.state.direct_connect.virtual_interfaces.insert(id, interface);
    Ok(json!({ "virtualInterfaceState": state }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Describe {
    connection_id: Option<String>,
    virtual_interface_id: Option<String>,
    max_results: Option<i64>,
    next_token: Option<String>,
}

fn describe(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Describe { connection_id, virtual_interface_id, max_results, next_token } = json_input(input)?;
    let ctx = &*ctx;
    if let Some(id) = &virtual_interface_id {
        visible(ctx, id)?;
    }
    let rows = ctx.state.direct_connect.virtual_interfaces.iter();
    let rows = rows.filter(|(id, it)| {
        sees(ctx, it)
            && virtual_interface_id.as_ref().is_none_or(|wanted| wanted == *id)
            && connection_id.as_ref().is_none_or(|wanted| *wanted == it.connection)
    });
    let rows = rows.map(|(id, it)| (id.clone(), json(ctx, id, it)));
    page::answer("virtualInterfaces", rows, max_results, next_token.as_deref())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Delete {
    virtual_interface_id: String,
}

/// Either side may: the account it was allocated to, and the connection's owner. DOC (DescribeVirtualInterfaces, on
/// `rejected`): one that is `confirming` and is deleted by the former enters that state. How long it stays is unverified.
fn delete(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Delete { virtual_interface_id: id } = json_input(input)?;
    let mut interface = visible(ctx, &id)?.clone();
    if interface.ends_at.is_some() {
        return Err(refused(format!("Virtual Interface {id} is in the state {}.", interface.state(ctx.now))));
    }
    interface.declined = interface.owner == ctx.caller.account && interface.state(ctx.now) == "confirming";
    interface.ends_at = Some(ctx.in_seconds(timing::INTERFACE_DELETING));
    let state = interface.state(ctx.now);
    ctx.state.direct_connect.virtual_interfaces.insert(id, interface);
    Ok(json!({ "virtualInterfaceState": state }))
}

fn sees(ctx: &Ctx<'_>, interface: &VirtualInterface) -> bool {
    let caller = &ctx.caller.account;
    interface.region == ctx.region && (interface.owner == *caller || interface.connection_owner == *caller)
}

fn visible<'a>(ctx: &'a Ctx<'_>, id: &str) -> Result<&'a VirtualInterface> {
    let found = ctx.state.direct_connect.virtual_interfaces.get(id).filter(|interface| sees(ctx, interface));
    found.ok_or_else(|| missing("Virtual Interface", id))
}

fn json(ctx: &Ctx<'_>, id: &str, interface: &VirtualInterface) -> Value {
    let state = interface.state(ctx.now);
    let gateway = interface.gateway.as_ref().and_then(|id| ctx.state.direct_connect.gateways.get(id));
    // DOC (DescribeVirtualInterfaces): 0 where it does not fit.
    let asn = if interface.asn > 2_147_483_647 { 0 } else { interface.asn };
    let (peer_state, session) = match state {
        "available" => ("available", "up"),
        "deleting" => ("deleting", "down"),
        "deleted" | "rejected" => ("deleted", "down"),
        _ => ("pending", "down"),
    };
    let mut answer = json!({
        "ownerAccount": interface.owner,
        "virtualInterfaceId": id,
        "location": interface.location,
        "connectionId": interface.connection,
        "virtualInterfaceType": "transit",
        "virtualInterfaceName": interface.name,
        "vlan": interface.vlan,
        "asn": asn,
        "asnLong": interface.asn,
        "authKey": interface.auth_key,
        "amazonAddress": interface.amazon_address,
        "customerAddress": interface.customer_address,
        "addressFamily": "ipv4",
        "virtualInterfaceState": state,
        "mtu": interface.mtu,
        "jumboFrameCapable": true,
        "directConnectGatewayId": interface.gateway.as_deref().unwrap_or_default(),
        "bgpPeers": [{
            "bgpPeerId": id.replace("dxvif", "dxpeer"),
            "asn": asn,
            "asnLong": interface.asn,
            "authKey": interface.auth_key,
            "addressFamily": "ipv4",
            "amazonAddress": interface.amazon_address,
            "customerAddress": interface.customer_address,
            "bgpPeerState": peer_state,
            "bgpStatus": session,
        }],
        "region": interface.region,
        "tags": tags::json(&interface.tags),
    });
    if let Some(gateway) = gateway {
        answer["amazonSideAsn"] = json!(gateway.asn);
    }
    answer
}
