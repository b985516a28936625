//! What people do at the console meanwhile: ours is deleted, labelled anew and altered, and others take back what is theirs.
//! AWS refuses some of it; nobody minds.

use gcnet_core::identity;
use gcnet_sandbox::Resource;
use serde_json::{Value, json};

use crate::{
    parties::story::{Story, TOKYO},
    support::dice::Dice,
};

/// An attachment of one of the others goes.
pub fn withdraw(story: &Story, n: u64) {
    let mut dice = Dice(n);
    let others: Vec<String> = story.municipality.accounts.others.values().map(|other| other.id.to_string()).collect();
    let attached: Vec<(&String, Resource)> = others
        .iter()
        .flat_map(|account| story.sandbox.everything(account).into_iter().map(move |resource| (account, resource)))
        .filter(|(_, resource)| resource.kind == "transit-gateway-attachment")
        .collect();
    if attached.is_empty() {
        return;
    }
    let (account, attachment) = &attached[dice.below(attached.len())];
    let input = json!({ "TransitGatewayAttachmentId": attachment.id });
    drop(story.try_call(account, "ec2", "DeleteTransitGatewayVpcAttachment", input));
}

/// Something of ours is not what it was.
pub fn meddle(story: &Story, n: u64) {
    let mut dice = Dice(n);
    let all = story.sandbox.everything(&story.account());
    let ours: Vec<&Resource> =
        all.iter().filter(|r| r.tags.contains_key(identity::MUNICIPALITY) && r.region == TOKYO).collect();
    if ours.is_empty() {
        return;
    }
    let one = ours[dice.below(ours.len())];
    match dice.throw(3) {
        0 => label(story, one, &mut dice),
        1 => delete(story, one),
        _ => alter(story, &ours, &mut dice),
    }
}

fn call(story: &Story, service: &str, operation: &str, input: Value) {
    drop(story.try_call(&story.account(), service, operation, input));
}

/// Every tag but those that say whose it is: without them it is nobody's that gcnet knows.
fn label(story: &Story, one: &Resource, dice: &mut Dice) {
    let whose = [identity::MUNICIPALITY, identity::ENVIRONMENT, identity::ADDRESS];
    let keys: Vec<&String> = one.tags.keys().filter(|key| !whose.contains(&key.as_str())).collect();
    if keys.is_empty() {
        return;
    }
    let key = keys[dice.below(keys.len())];
    let resources = json!([one.id]);
    if dice.throw(2) == 0 {
        call(story, "ec2", "DeleteTags", json!({ "Resources": resources, "Tags": [{ "Key": key }] }));
    } else {
        call(
            story,
            "ec2",
            "CreateTags",
            json!({ "Resources": resources, "Tags": [{ "Key": key, "Value": "by hand" }] }),
        );
    }
}

fn delete(story: &Story, one: &Resource) {
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
        _ => return,
    };
    call(story, service, operation, json!({ member: one.id }));
}

fn alter(story: &Story, ours: &[&Resource], dice: &mut Dice) {
    let of = |kind: &str| ours.iter().find(|resource| resource.kind == kind).map(|resource| resource.id.clone());
    match dice.throw(4) {
        0 => {
            if let Some(id) = of("vpc") {
                let input = json!({ "VpcId": id, "EnableDnsHostnames": { "Value": false } });
                call(story, "ec2", "ModifyVpcAttribute", input);
            }
        }
        1 => {
            if let Some(id) = of("security-group") {
                let everybody = json!([{ "IpProtocol": "-1", "IpRanges": [{ "CidrIp": "10.99.0.0/16" }] }]);
                let input = json!({ "GroupId": id, "IpPermissions": everybody });
                call(story, "ec2", "AuthorizeSecurityGroupIngress", input);
            }
        }
        2 => {
            if let Some(id) = of("log-group") {
                call(story, "logs", "DeleteRetentionPolicy", json!({ "logGroupName": id }));
            }
        }
        _ => {
            if let Some(id) = of("route-table") {
                let input = json!({ "RouteTableId": id, "DestinationCidrBlock": "10.211.0.0/16" });
                call(story, "ec2", "DeleteRoute", input);
            }
        }
    }
}
