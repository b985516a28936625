//! What people do at the console meanwhile: ours is deleted, labelled anew and altered, and others take back what is theirs.
//! AWS refuses some of it; whether it did
//! anything is answered.

use gcnet_core::identity;
use gcnet_sandbox::Resource;
use serde_json::{Value, json};

use crate::{
    parties::story::{Story, TOKYO, texts},
    support::dice::Dice,
};

/// An attachment of one of the others goes.
pub fn withdraw(story: &Story, n: u64) -> bool {
    let mut dice = Dice(n);
    let others: Vec<String> = story.municipality.accounts.others.values().map(|other| other.id.to_string()).collect();
    let attached: Vec<(&String, Resource)> = others
        .iter()
        .flat_map(|account| story.sandbox.everything(account).into_iter().map(move |resource| (account, resource)))
        .filter(|(_, resource)| resource.kind == "transit-gateway-attachment")
        .collect();
    if attached.is_empty() {
        return false;
    }
    let (account, attachment) = &attached[dice.below(attached.len())];
    let input = json!({ "TransitGatewayAttachmentId": attachment.id });
    story.try_call(account, "ec2", "DeleteTransitGatewayVpcAttachment", input).is_ok()
}

/// Something of ours is not what it was.
pub fn meddle(story: &Story, n: u64) -> bool {
    let mut dice = Dice(n);
    let all = story.sandbox.everything(&story.account());
    let ours: Vec<&Resource> =
        all.iter().filter(|r| r.tags.contains_key(identity::MUNICIPALITY) && r.region == TOKYO).collect();
    if ours.is_empty() {
        return false;
    }
    let one = ours[dice.below(ours.len())];
    match dice.throw(3) {
        0 => label(story, one, &mut dice),
        1 => delete(story, one),
        _ => alter(story, &ours, &mut dice),
    }
}

fn call(story: &Story, service: &str, operation: &str, input: Value) -> bool {
    story.try_call(&story.account(), service, operation, input).is_ok()
}

/// Every tag but those that say whose it is: without them it is nobody's that gcnet knows.
fn label(story: &Story, one: &Resource, dice: &mut Dice) -> bool {
    let whose = [identity::MUNICIPALITY, identity::ENVIRONMENT, identity::ADDRESS];
    let keys: Vec<&String> = one.tags.keys().filter(|key| !whose.contains(&key.as_str())).collect();
    if keys.is_empty() {
        return false;
    }
    let key = keys[dice.below(keys.len())];
    let resources = json!([one.id]);
    if dice.throw(2) == 0 {
        call(story, "ec2", "DeleteTags", json!({ "Resources": resources, "Tags": [{ "Key": key }] }))
    } else {
        call(
            story,
            "ec2",
            "CreateTags",
            json!({ "Resources": resources, "Tags": [{ "Key": key, "Value": "by hand" }] }),
        )
    }
}

fn delete(story: &Story, one: &Resource) -> bool {
    let (service, operation, member) = match one.kind.as_str() {
        "security-group" => ("ec2", "DeleteSecurityGroup", "GroupId"),
        "subnet" => ("ec2", "DeleteSubnet", "SubnetId"),
        "route-table" => ("ec2", "DeleteRouteTable", "RouteTableId"),
        "transit-gateway-route-table" => ("ec2", "DeleteTransitGatewayRouteTable", "TransitGatewayRouteTableId"),
        "transit-gateway-attachment" => ("ec2", "DeleteTransitGatewayVpcAttachment", "TransitGatewayAttachmentId"),
        "transit-gateway" => ("ec2", "DeleteTransitGateway", "TransitGatewayId"),
        "vpc" => ("ec2", "DeleteVpc", "VpcId"),
        "log-group" => ("logs", "DeleteLogGroup", "logGroupName"),
        "vpc-flow-log" => return call(story, "ec2", "DeleteFlowLogs", json!({ "FlowLogIds": [one.id] })),
        "vpc-endpoint" => return call(story, "ec2", "DeleteVpcEndpoints", json!({ "VpcEndpointIds": [one.id] })),
        _ => return false,
    };
    call(story, service, operation, json!({ member: one.id }))
}

fn alter(story: &Story, ours: &[&Resource], dice: &mut Dice) -> bool {
    let [kind, service, operation] = [
        ["vpc", "ec2", "ModifyVpcAttribute"],
        ["security-group", "ec2", "AuthorizeSecurityGroupIngress"],
        ["log-group", "logs", "DeleteRetentionPolicy"],
        ["route-table", "ec2", "DeleteRoute"],
    ][dice.below(4)];
    let Some(id) = ours.iter().find(|resource| resource.kind == kind).map(|resource| &resource.id) else {
        return false;
    };
    let everybody = json!([{ "IpProtocol": "-1", "IpRanges": [{ "CidrIp": "10.99.0.0/16" }] }]);
    let input = match kind {
        "vpc" => json!({ "VpcId": id, "EnableDnsHostnames": { "Value": false } }),
        "security-group" => json!({ "GroupId": id, "IpPermissions": everybody }),
        "log-group" => json!({ "logGroupName": id }),
        _ => {
            let routes = story.call(&story.account(), "ec2", "DescribeRouteTables", json!({ "RouteTableIds": [id] }));
            let to = texts(&routes, "/routeTableSet/0/routeSet", "/destinationCidrBlock");
            let Some(last) = to.last() else { return false };
            json!({ "RouteTableId": id, "DestinationCidrBlock": last })
        }
    };
    call(story, service, operation, input)
}
