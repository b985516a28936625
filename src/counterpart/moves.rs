//! The moves that others are asked to make.

use gcnet_core::{Ask, Party, Request, ask::THEIRS};
use gcnet_sandbox::Sandbox;
use serde_json::{Value, json};

use super::{
    Answer, Irrefusable, Move, Outcome,
    call::{Caller, Failed, list, text},
    estate::CARRIER,
};
use crate::{
    config::schema::Municipality,
    handshake::{Handshake, Stage},
};

pub(super) fn play(
    sandbox: &Sandbox,
    municipality: &Municipality,
    handshakes: &[Handshake],
    only: Option<&str>,
    answer: Answer,
) -> Vec<Move> {
    let region = municipality.region.value.as_str();
    let mut asks: Vec<(&Handshake, &Ask, &str)> = vec![];
    for handshake in handshakes {
        for ask in &handshake.asks {
            match &ask.party {
                Party::Account(account) if only.is_none_or(|only| only == account) => {
                    asks.push((handshake, ask, account));
                }
                Party::Outsider if only.is_none() => asks.push((handshake, ask, "")),
                _ => {}
            }
        }
    }
    // Each does what it is asked in the order of its sheet.
    asks.sort_by_key(|(.., account)| *account);
    asks.into_iter()
        .map(|(handshake, ask, account)| {
            let caller = Caller { sandbox, account, region };
            let outcome = match answer {
                _ if handshake.stage == Stage::Behind => Ok(Outcome::NotItsTurn),
                Answer::Comply => match (&ask.party, ask.action.as_str(), &handshake.id) {
                    (Party::Outsider, "delete-vif", Some(vif)) => take_away(caller, vif),
                    _ => comply(caller, ask),
                },
                Answer::Refuse => refuse(caller, ask),
            };
            let outcome = outcome.unwrap_or_else(|failed| Outcome::Failed(failed.to_string()));
            Move { ask: ask.clone(), address: handshake.address.clone(), purpose: handshake.purpose.clone(), outcome }
        })
        .collect()
}

fn comply(caller: Caller<'_>, ask: &Ask) -> Result<Outcome, Failed> {
    if ask.calls.is_empty() {
        return Ok(Outcome::NotByCall);
    }
    for call in &ask.calls {
        let Request { service, region, operation, input } = call;
        let caller = Caller { region: region.as_deref().unwrap_or(caller.region), ..caller };
        let input = filled(caller, input)?;
        caller.call(service, operation, input)?;
    }
    Ok(Outcome::Done)
}

/// A carrier that the file does not name ends its line.
fn take_away(caller: Caller<'_>, vif: &str) -> Result<Outcome, Failed> {
    let carrier = Caller { account: CARRIER, ..caller };
    carrier.call("directconnect", "DeleteVirtualInterface", json!({ "virtualInterfaceId": vif }))?;
    Ok(Outcome::Done)
}

/// The call with which AWS lets them say no, next to the one that says yes.
const REFUSALS: &[(&str, &str)] = &[
    ("AcceptResourceShareInvitation", "RejectResourceShareInvitation"),
    ("AcceptTransitGatewayPeeringAttachment", "RejectTransitGatewayPeeringAttachment"),
    ("AcceptVpcEndpointConnections", "RejectVpcEndpointConnections"),
    ("AcceptDirectConnectGatewayAssociationProposal", "DeleteDirectConnectGatewayAssociationProposal"),
];

fn refuse(caller: Caller<'_>, ask: &Ask) -> Result<Outcome, Failed> {
    if ask.refused {
        return Ok(Outcome::Irrefusable(Irrefusable::Already));
    }
    for call in &ask.calls {
        let Some((_, refusal)) = REFUSALS.iter().find(|(accept, _)| *accept == call.operation) else { continue };
        let caller = Caller { region: call.region.as_deref().unwrap_or(caller.region), ..caller };
        let mut input = filled(caller, &call.input)?;
        if *refusal == "DeleteDirectConnectGatewayAssociationProposal" {
            input = json!({ "proposalId": input["proposalId"] });
        }
        caller.call(&call.service, refusal, input)?;
        return Ok(Outcome::Refused);
    }
    Ok(Outcome::Irrefusable(if ask.calls.is_empty() { Irrefusable::NoCall } else { Irrefusable::TheirCall }))
}

/// The input with what only the party knows.
fn filled(caller: Caller<'_>, input: &Value) -> Result<Value, Failed> {
    if let Some((what, of)) = input.get(THEIRS).and_then(Value::as_object).and_then(|theirs| theirs.iter().next()) {
        return theirs(caller, what, of.as_str().unwrap_or_default());
    }
    Ok(match input {
        Value::Object(members) => {
            let filled: Result<_, Failed> =
                members.iter().map(|(key, value)| Ok((key.clone(), filled(caller, value)?))).collect();
            Value::Object(filled?)
        }
        Value::Array(items) => Value::Array(items.iter().map(|item| filled(caller, item)).collect::<Result<_, _>>()?),
        value => value.clone(),
    })
}

fn theirs(caller: Caller<'_>, what: &str, of: &str) -> Result<Value, Failed> {
    let in_vpc = |vpc: &str| json!({ "Filters": [{ "Name": "vpc-id", "Values": [vpc] }] });
    Ok(match what {
        "invitation-of" => {
            let answer = caller.call("ram", "GetResourceShareInvitations", json!({ "resourceShareArns": [of] }))?;
            let invitations = list(&answer, "/resourceShareInvitations");
            let pending = invitations.iter().find(|invitation| text(invitation, "/status") == Some("PENDING"));
            json!(pending.and_then(|invitation| text(invitation, "/resourceShareInvitationArn")))
        }
        // Of an account: of its VPC.
        "subnets-of" if !of.starts_with("vpc-") => {
            let vpc = theirs(caller, "vpc-of", of)?;
            theirs(caller, "subnets-of", vpc.as_str().unwrap_or_default())?
        }
        "security-groups-of" => {
            let vpc = theirs(caller, "vpc-of", of)?;
            let answer = caller.call("ec2", "DescribeSecurityGroups", in_vpc(vpc.as_str().unwrap_or_default()))?;
            let groups = list(&answer, "/securityGroupInfo");
            json!(groups.iter().filter_map(|group| text(group, "/groupId")).collect::<Vec<_>>())
        }
        "subnets-of" => {
            let answer = caller.call("ec2", "DescribeSubnets", in_vpc(of))?;
            let mut zones = std::collections::BTreeMap::new();
            for subnet in list(&answer, "/subnetSet") {
                if let (Some(zone), Some(id)) = (text(subnet, "/availabilityZoneId"), text(subnet, "/subnetId")) {
                    zones.entry(zone.to_string()).or_insert_with(|| id.to_string());
                }
            }
            json!(zones.into_values().collect::<Vec<_>>())
        }
        "vpc-of" => {
            let answer = caller.call("ec2", "DescribeVpcs", json!({}))?;
            json!(list(&answer, "/vpcSet").first().and_then(|vpc| text(vpc, "/vpcId")))
        }
        "peering-of" => {
            let filter = json!([{ "Name": "transit-gateway-id", "Values": [of] }]);
            let answer =
                caller.call("ec2", "DescribeTransitGatewayPeeringAttachments", json!({ "Filters": filter }))?;
            let peerings = list(&answer, "/transitGatewayPeeringAttachments");
            let standing = |state: &str| peerings.iter().find(|peering| text(peering, "/state") == Some(state));
            let found = standing("pendingAcceptance").or_else(|| standing("available"));
            json!(found.and_then(|peering| text(peering, "/transitGatewayAttachmentId")))
        }
        "peering-with" => {
            let filter = json!([
                { "Name": "transit-gateway-id", "Values": [of] },
                { "Name": "state", "Values": ["available"] },
            ]);
            let answer =
                caller.call("ec2", "DescribeTransitGatewayPeeringAttachments", json!({ "Filters": filter }))?;
            let peerings = list(&answer, "/transitGatewayPeeringAttachments");
            json!(peerings.first().and_then(|peering| text(peering, "/transitGatewayAttachmentId")))
        }
        "tgw-route-table-of" => {
            let filter = json!([{ "Name": "transit-gateway-id", "Values": [of] }]);
            let answer = caller.call("ec2", "DescribeTransitGatewayRouteTables", json!({ "Filters": filter }))?;
            let tables = list(&answer, "/transitGatewayRouteTables");
            json!(tables.first().and_then(|table| text(table, "/transitGatewayRouteTableId")))
        }
        "route-table-of" => {
            let answer = caller.call("ec2", "DescribeRouteTables", in_vpc(of))?;
            json!(list(&answer, "/routeTableSet").first().and_then(|table| text(table, "/routeTableId")))
        }
        _ => Value::Null,
    })
}
