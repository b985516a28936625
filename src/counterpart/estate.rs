//! What other companies have had before the municipality came: made once, with the ids that the file knows.

use std::collections::BTreeSet;

use gcnet_aws::kinds::THERE;
use gcnet_sandbox::{Quotas, Sandbox};
use ipnet::Ipv4Net;
use serde_json::json;

use super::call::{Caller, Failed, list, text};
use crate::{
    blueprint,
    config::{
        derive::Party,
        schema::{Asp, AspVpc, Connect, Credentials, DxOwner, Line, Municipality, Region},
    },
};

pub(super) fn furnish(sandbox: &Sandbox, municipality: &Municipality) -> Result<(), Failed> {
    let region = municipality.region.value.as_str();
    let estate = Estate { sandbox, municipality, region };
    for other in municipality.accounts.others.values() {
        // Who serves many municipalities has asked AWS for more.
        sandbox.set_quotas_of(other.id.as_str(), Quotas { vpcs: 5000, ..Quotas::default() });
    }
    estate.roles()?;
    for asp in &municipality.asps {
        let Some(party) = municipality.account_of(asp) else { continue };
        for vpc in &asp.vpcs {
            estate.vpc(&party, vpc, asp.region(municipality))?;
        }
        if asp.connect.value == Connect::Privatelink {
            estate.private_link(asp, &party)?;
        }
        estate.hosted_zones(asp, &party)?;
    }
    for peering in municipality.peerings() {
        let Some(party) = &peering.party else { continue };
        let caller = Caller { sandbox, account: party.id.as_str(), region: peering.region.as_str() };
        estate.transit_gateway(caller, peering.tgw)?;
    }
    for line in municipality.lines.iter().filter(|line| line.is_buildable()) {
        estate.line(line)?;
    }
    Ok(())
}

/// The companies' own routes to the municipality's gateway, where their VPCs are attached.
pub(super) fn add_routes(sandbox: &Sandbox, municipality: &Municipality) -> Result<(), Failed> {
    let estate = Estate { sandbox, municipality, region: municipality.region.value.as_str() };
    for asp in &municipality.asps {
        // With a role, they are ours to add, and the company keeps its hands off.
        let Some(party) = municipality.account_of(asp).filter(|party| party.role.is_none()) else { continue };
        for vpc in asp.attached_vpcs() {
            estate.routes(estate.caller(party.id.as_str()), asp, &vpc.id)?;
        }
    }
    Ok(())
}

pub(super) struct Estate<'a> {
    pub(super) sandbox: &'a Sandbox,
    pub(super) municipality: &'a Municipality,
    pub(super) region: &'a str,
}

/// The account of a carrier that the file does not name.
pub(super) const CARRIER: &str = "390000000001";

/// Longer than a simulated connection takes to be handed over.
const ORDERED: std::time::Duration = std::time::Duration::from_secs(300);

impl<'a> Estate<'a> {
    pub(super) fn caller(&self, account: &'a str) -> Caller<'a> {
        Caller { sandbox: self.sandbox, account, region: self.region }
    }

    /// The roles that companies gave us.
    fn roles(&self) -> Result<(), Failed> {
        for other in self.municipality.accounts.others.values() {
            let Credentials::AssumeRole(assumed) = &other.credentials else { continue };
            let caller = self.caller(other.id.as_str());
            let Some((path, name)) =
                assumed.role.resource().strip_prefix("role").and_then(|role| role.rsplit_once('/'))
            else {
                continue;
            };
            let ours = format!("arn:aws:iam::{}:root", self.municipality.accounts.network.id.as_str());
            let mut trust = json!({ "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "AWS": ours } });
            if let Some(id) = &assumed.external_id {
                trust["Condition"] = json!({ "StringEquals": { "sts:ExternalId": id.to_string() } });
            }
            let trust = json!({ "Version": "2012-10-17", "Statement": [trust] }).to_string();
            let input = json!({ "RoleName": name, "Path": format!("{path}/"), "AssumeRolePolicyDocument": trust });
            match caller.call("iam", "CreateRole", input) {
                Err(failed) if failed.error.code == "EntityAlreadyExists" => continue,
                made => made?,
            };
            // What they are told to allow, and no more.
            let actions: BTreeSet<&str> = THERE.iter().flat_map(|(_, actions)| actions.iter().copied()).collect();
            let may = json!({ "Version": "2012-10-17", "Statement": [
                { "Effect": "Allow", "Action": actions, "Resource": "*" },
            ] });
            let input = json!({ "RoleName": name, "PolicyName": "network", "PolicyDocument": may.to_string() });
            caller.call("iam", "PutRolePolicy", input)?;
        }
        Ok(())
    }

    /// A VPC with a subnet in each of two zones.
    fn vpc(&self, party: &Party<'_>, vpc: &AspVpc, region: Region) -> Result<(), Failed> {
        let caller = Caller { sandbox: self.sandbox, account: party.id.as_str(), region: region.as_str() };
        let id = vpc.id.to_string();
        let filter = json!([{ "Name": "vpc-id", "Values": [id] }]);
        let found = caller.call("ec2", "DescribeVpcs", json!({ "Filters": filter }))?;
        if list(&found, "/vpcSet").is_empty() {
            let input = json!({ "CidrBlock": vpc.cidr.to_string() });
            caller.call_for("ec2", "CreateVpc", input, Some(&id))?;
            for cidr in &vpc.secondary_cidrs {
                caller.call("ec2", "AssociateVpcCidrBlock", json!({ "VpcId": id, "CidrBlock": cidr.to_string() }))?;
            }
            // Elsewhere nothing of it is attached to us, and our zones do not exist.
            if region.as_str() == self.region {
                let subnets: Vec<String> = vpc.subnets.iter().map(ToString::to_string).collect();
                self.subnets(caller, &id, *vpc.cidr.value, &subnets)?;
            }
            for table in &vpc.route_tables {
                caller.call_for("ec2", "CreateRouteTable", json!({ "VpcId": id }), Some(table))?;
            }
        }
        Ok(())
    }

    /// A /28, or what fits, in each of two zones; with these ids where the file knows them.
    pub(super) fn subnets(&self, caller: Caller<'_>, vpc: &str, range: Ipv4Net, ids: &[String]) -> Result<(), Failed> {
        let length = (range.prefix_len() + 1).clamp(28, 30);
        let Ok(blocks) = range.subnets(length) else { return Ok(()) };
        let zones = self.zones();
        for (i, (block, zone)) in blocks.zip(&zones).enumerate() {
            let input = json!({ "VpcId": vpc, "CidrBlock": block.to_string(), "AvailabilityZoneId": zone });
            caller.call_for("ec2", "CreateSubnet", input, ids.get(i).map(String::as_str))?;
        }
        Ok(())
    }

    /// The zones of the shared VPC: an attachment has a subnet where ours have theirs.
    fn zones(&self) -> BTreeSet<String> {
        self.municipality.subnets().iter().map(|subnet| subnet.zone.to_string()).collect()
    }

    /// The company's own routes to the municipality's gateway. AWS takes them once the attachment is there.
    fn routes(&self, caller: Caller<'_>, asp: &Asp, vpc: &str) -> Result<(), Failed> {
        let filters = json!([{ "Name": "vpc-id", "Values": [vpc] }, { "Name": "state", "Values": ["available"] }]);
        let attached = caller.call("ec2", "DescribeTransitGatewayVpcAttachments", json!({ "Filters": filters }))?;
        let tables =
            caller.call("ec2", "DescribeRouteTables", json!({ "Filters": [{ "Name": "vpc-id", "Values": [vpc] }] }))?;
        let ours = self.municipality.accounts.network.id.as_str();
        let ours = list(&attached, "/transitGatewayVpcAttachments")
            .into_iter()
            .find(|attachment| text(attachment, "/transitGatewayOwnerId") == Some(ours));
        let Some(tgw) = ours.and_then(|attachment| text(attachment, "/transitGatewayId")) else { return Ok(()) };
        for table in list(&tables, "/routeTableSet") {
            let Some(id) = text(table, "/routeTableId") else { continue };
            let there: BTreeSet<&str> =
                list(table, "/routeSet").into_iter().filter_map(|route| text(route, "/destinationCidrBlock")).collect();
            for destination in blueprint::destinations(self.municipality, asp) {
                let destination = destination.to_string();
                if !there.contains(destination.as_str()) {
                    let input =
                        json!({ "RouteTableId": id, "DestinationCidrBlock": destination, "TransitGatewayId": tgw });
                    caller.call("ec2", "CreateRoute", input)?;
                }
            }
        }
        Ok(())
    }

    fn transit_gateway(&self, caller: Caller<'_>, id: &str) -> Result<(), Failed> {
        let filter = json!([{ "Name": "transit-gateway-id", "Values": [id] }]);
        let found = caller.call("ec2", "DescribeTransitGateways", json!({ "Filters": filter }))?;
        if list(&found, "/transitGatewaySet").is_empty() {
            caller.call_for("ec2", "CreateTransitGateway", json!({}), Some(id))?;
        }
        Ok(())
    }

    /// The line's gateway where another owns it, and the interface that a carrier hands over where we do; and the router
    /// at its end, which is no AWS.
    fn line(&self, line: &Line) -> Result<(), Failed> {
        let municipality = self.municipality;
        match (*line.dxgw.owner, &line.dxgw.id, municipality.line_account(line)) {
            (DxOwner::Other, Some(id), Some(party)) => {
                let caller = Caller { sandbox: self.sandbox, account: party.id.as_str(), region: self.region };
                let found = caller.call("directconnect", "DescribeDirectConnectGateways", json!({}))?;
                let id = id.to_string();
                let there = list(&found, "/directConnectGateways");
                if !there.iter().any(|gateway| text(gateway, "/directConnectGatewayId") == Some(&id)) {
                    let mut input = json!({ "directConnectGatewayName": line.name.to_string() });
                    if let Some(asn) = &line.dxgw.asn {
                        input["amazonSideAsn"] = json!(asn.value.0);
                    }
                    caller.call_for("directconnect", "CreateDirectConnectGateway", input, Some(&id))?;
                }
                self.announce(line, &id);
            }
            (DxOwner::Ours, _, _) => self.interface(line)?,
            _ => {}
        }
        Ok(())
    }

    /// What a carrier hands over; once it is confirmed, its router announces what lies behind it.
    fn interface(&self, line: &Line) -> Result<(), Failed> {
        let Some(vif) = &line.vif else { return Ok(()) };
        let Some(id) = &vif.id else { return Ok(()) };
        let carrier = self.caller(CARRIER);
        let found = carrier.call("directconnect", "DescribeConnections", json!({}))?;
        let name = format!("{}-{}", self.municipality.key(), line.name);
        let there = list(&found, "/connections");
        if there.iter().any(|connection| text(connection, "/connectionName") == Some(&name)) {
            let found = carrier.call("directconnect", "DescribeVirtualInterfaces", json!({}))?;
            let mut there = list(&found, "/virtualInterfaces").into_iter();
            let interface = there.find(|interface| text(interface, "/virtualInterfaceId") == Some(id));
            let gateway = interface.and_then(|interface| text(interface, "/directConnectGatewayId"));
            if let Some(gateway) = gateway.filter(|gateway| !gateway.is_empty()) {
                self.announce(line, gateway);
            }
            return Ok(());
        }
        let input = json!({ "location": "EqTy2", "bandwidth": "1Gbps", "connectionName": name });
        let connection = carrier.call("directconnect", "CreateConnection", input)?;
        let connection = text(&connection, "/connectionId").unwrap_or_default();
        // It was ordered long before the municipality came.
        self.sandbox.advance(ORDERED);
        let mut allocation = json!({
            "virtualInterfaceName": line.name.to_string(),
            "vlan": vif.vlan.as_ref().map_or(101, |vlan| vlan.get()),
            "asn": vif.bgp_asn.as_ref().map_or(65_000, |asn| asn.value.0),
        });
        if let Some(mtu) = &vif.mtu {
            allocation["mtu"] = json!(mtu.get());
        }
        let input = json!({
            "connectionId": connection,
            "ownerAccount": self.municipality.accounts.network.id.to_string(),
            "newTransitVirtualInterfaceAllocation": allocation,
        });
        carrier.call_for("directconnect", "AllocateTransitVirtualInterface", input, Some(id))?;
        Ok(())
    }

    fn announce(&self, line: &Line, gateway: &str) {
        let ranges: Vec<Ipv4Net> = self.municipality.expected_from(line).into_iter().map(|cidr| *cidr).collect();
        // A gateway that is not there yet has no line: that is what the file's next step waits for.
        let _ = self.sandbox.announce(gateway, &ranges);
    }
}
