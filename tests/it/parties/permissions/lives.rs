//! What becomes of cities from their first apply to their end, so that all that a policy allows is asked for.

use std::time::Duration;

use gcnet::{
    blueprint::rights::Doing,
    config::{
        at::At,
        schema::{FlowDestination, Municipality},
        values::Asn,
    },
};
use serde_json::{Value, json};

use super::{
    super::{ca, lines, names, peerings, roles, services, story::changed},
    held::Held,
};
use crate::support::city;

/// RSA of 4096 bits takes its time, and permissions do not depend on it.
pub(super) fn quick(mut municipality: Municipality) -> Municipality {
    use gcnet::config::schema::{KeyAlgorithm, SigningAlgorithm};
    if let Some(ca) = &mut municipality.private_ca {
        let keys = std::iter::once(&mut ca.key).chain(ca.subordinate.as_mut().map(|it| &mut it.key));
        for key in keys {
            (key.algorithm.value, key.signing.value) = (KeyAlgorithm::EcPrime256v1, SigningAlgorithm::Sha256WithEcdsa);
        }
    }
    municipality
}

/// What a file can lose from one day to the next.
pub(super) fn bare(municipality: &Municipality) -> Municipality {
    let mut bare = municipality.clone();
    (bare.dns, bare.private_ca, bare.operators) = (None, None, None);
    bare.asps.clear();
    bare.lines.clear();
    bare.sites.clear();
    bare.logs.flow.value = FlowDestination::S3;
    bare
}

/// A city of the nine from its first apply to its end; then everything is taken out of its file but the VPC and the gateway.
pub(super) async fn whole_life(municipality: Municipality) -> Held {
    let mut held = Held::begin(municipality).await;
    held.settle().await;
    held.clear().await;
    held
}

/// Changes that somebody made at the console, all of which the next apply undoes.
pub(super) fn drift(held: &Held) {
    let share = |name: &str| {
        let found = held.console("ram", "GetResourceShares", json!({ "resourceOwner": "SELF", "name": name }));
        found["resourceShares"][0].clone()
    };
    let subnet = held.id("subnet/dns-a");
    held.console(
        "ec2",
        "ModifySubnetAttribute",
        json!({ "SubnetId": subnet, "MapPublicIpOnLaunch": { "Value": true } }),
    );
    let gateway = held.id("transit-gateway/main");
    held.console("ec2", "ModifyTransitGateway", json!({ "TransitGatewayId": gateway, "Description": "mine" }));
    let attachment = held.id("tgw-vpc-attachment/shared");
    let options = json!({ "ApplianceModeSupport": "enable" });
    let input = json!({ "TransitGatewayAttachmentId": attachment, "Options": options });
    held.console("ec2", "ModifyTransitGatewayVpcAttachment", input);
    let role = "gcnet-naruto-prod-plan";
    let anybody = json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "AWS": held.story.account() } }] });
    held.console("iam", "UpdateAssumeRolePolicy", json!({ "RoleName": role, "PolicyDocument": anybody.to_string() }));
    let more =
        json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "s3:*", "Resource": "*" }] });
    held.console(
        "iam",
        "PutRolePolicy",
        json!({ "RoleName": role, "PolicyName": "more", "PolicyDocument": more.to_string() }),
    );
    let all = "arn:aws:iam::aws:policy/AdministratorAccess";
    held.console("iam", "AttachRolePolicy", json!({ "RoleName": role, "PolicyArn": all }));
    let tables = held.console("ec2", "DescribeRouteTables", json!({ "RouteTableIds": [held.id("route-table/dns")] }));
    let association = tables.pointer("/routeTableSet/0/associationSet/0/routeTableAssociationId").unwrap();
    let other = held.id("route-table/tgw");
    held.console("ec2", "ReplaceRouteTableAssociation", json!({ "AssociationId": association, "RouteTableId": other }));
    let gateways = share("gcnet-naruto-prod-tgw");
    let others = !gateways["allowExternalPrincipals"].as_bool().unwrap();
    let input = json!({ "resourceShareArn": gateways["resourceShareArn"], "allowExternalPrincipals": others });
    held.console("ram", "UpdateResourceShare", input);
    let wide = "arn:aws:ram::aws:permission/AWSRAMSubordinateCACertificatePathLen0IssuanceCertificateAuthority";
    let ca = share("gcnet-naruto-prod-ca");
    let input = json!({ "resourceShareArn": ca["resourceShareArn"], "permissionArn": wide, "replace": true });
    held.console("ram", "AssociateResourceSharePermission", input);
}

/// A route of ours leads to a gateway of somebody else; answers what takes that gateway away again.
pub(super) fn lead_elsewhere(held: &Held) -> impl FnOnce(&Held) + use<> {
    let text = |value: &Value, at: &str| value.pointer(at).and_then(Value::as_str).unwrap().to_string();
    let minutes = |held: &Held| held.story.sandbox.advance(Duration::from_secs(600));
    let made = held.console("ec2", "CreateTransitGateway", json!({}));
    let gateway = text(&made, "/transitGateway/transitGatewayId");
    minutes(held);
    let subnets = json!([held.id("subnet/tgw-a")]);
    let input = json!({ "TransitGatewayId": gateway, "VpcId": held.id("vpc/shared"), "SubnetIds": subnets });
    let made = held.console("ec2", "CreateTransitGatewayVpcAttachment", input);
    let attachment = text(&made, "/transitGatewayVpcAttachment/transitGatewayAttachmentId");
    minutes(held);
    let table = held.id("route-table/dns");
    let input = json!({ "RouteTableId": table, "DestinationCidrBlock": "10.2.0.0/16", "TransitGatewayId": gateway });
    held.console("ec2", "ReplaceRoute", input);
    move |held| {
        let input = json!({ "TransitGatewayAttachmentId": attachment });
        held.console("ec2", "DeleteTransitGatewayVpcAttachment", input);
        minutes(held);
        held.console("ec2", "DeleteTransitGateway", json!({ "TransitGatewayId": gateway }));
        minutes(held);
    }
}

pub(super) async fn edited_and_replaced() -> Held {
    let naruto = quick(city("naruto"));
    let mut held = Held::begin(naruto.clone()).await;
    held.settle().await;
    drift(&held);
    held.settle().await;
    let leads_elsewhere = lead_elsewhere(&held);
    held.settle().await;
    leads_elsewhere(&held);
    let mut edited = quick(changed(
        "naruto",
        &[
            ("inbound: { endpoints: 1 }", "inbound: { ips: [10.210.2.40, 10.210.2.56], protocols: [Do53, DoH] }"),
            ("targets: !sample [10.2.0.12]", "targets: [10.2.0.13, 10.2.0.14]"),
            ("values: !sample [10.210.2.36, 10.210.2.52] }", "values: [10.210.2.40, 10.210.2.56] }"),
            ("retention_days: 365", "retention_days: 30"),
            ("kms: none", "kms: { key: \"arn:aws:kms:ap-northeast-1:100000000002:key/0123-abcd\" }"),
        ],
    ));
    edited.dns.as_mut().unwrap().query_log_share_with = vec![edited.asps[0].name.clone()];
    held.settle_as(edited).await;
    let mut moved = naruto.clone();
    moved.shared_vpc.cidr.value = gcnet::config::values::Cidr::parse("10.250.0.0/24").unwrap();
    held.settle_as(moved).await;
    held.settle_as(naruto.clone()).await;
    held.dwindle().await;
    held.clear().await;
    held
}

/// From one who uses a service to one who offers it, and back to nothing.
pub(super) async fn services_change() -> Vec<Held> {
    let mut held = Held::begin(quick(city("itano"))).await;
    held.settle().await;
    let groups = json!([held.id("security-group/dns-in")]);
    let input = json!({ "VpcEndpointId": held.id("vpc-endpoint/fukushi"), "AddSecurityGroupId": groups });
    held.console("ec2", "ModifyVpcEndpoint", input);
    held.settle().await;
    held.settle_as(quick(names::over_https())).await;
    held.settle_as(quick(changed("itano", &services::PROVIDES))).await;
    held.settle_as(quick(services::itano_for_two())).await;
    let mut moved = services::PROVIDES.to_vec();
    moved.push(services::MOVED);
    held.settle_as(quick(changed("itano", &moved))).await;
    let input = json!({ "ServiceId": held.id("endpoint-service/fukushi"), "AcceptanceRequired": false });
    held.console("ec2", "ModifyVpcEndpointServiceConfiguration", input);
    held.settle().await;
    held.dwindle().await;
    held.clear().await;
    let mut offers = Held::begin(quick(changed("itano", &services::PROVIDES))).await;
    offers.settle().await;
    offers.clear().await;
    // What nobody has used yet is withdrawn.
    let mut begun = Held::begin(quick(city("itano"))).await;
    begun.run(Doing::Apply).await;
    begun.clear().await;
    vec![held, offers, begun]
}

pub(super) async fn lines_move() -> Vec<Held> {
    let own = quick(lines::naruto_with_its_own_line());
    let mut held = Held::begin(own.clone()).await;
    held.settle().await;
    let gateways = held.console("directconnect", "DescribeDirectConnectGateways", json!({}));
    let gateway = gateways.pointer("/directConnectGateways/0/directConnectGatewayId").unwrap();
    let input = json!({ "directConnectGatewayId": gateway, "newDirectConnectGatewayName": "mine" });
    held.console("directconnect", "UpdateDirectConnectGateway", input);
    held.settle().await;
    let mut fewer = own;
    fewer.lines[0].allowed_prefixes = Some(vec![fewer.shared_vpc.cidr]);
    held.settle_as(fewer.clone()).await;
    held.dwindle().await;
    held.clear().await;
    let mut short = Held::begin(fewer).await;
    short.run(Doing::Apply).await;
    short.clear().await;
    // A proposal that nobody has accepted yet, and another in its place.
    let mut proposed = Held::begin(quick(city("naruto"))).await;
    proposed.run(Doing::Apply).await;
    proposed.edit(quick(lines::with_a_sixth_prefix()));
    proposed.run(Doing::Apply).await;
    proposed.clear().await;
    vec![held, short, proposed]
}

pub(super) async fn peerings_come_and_go() -> Vec<Held> {
    let naruto = |initiated_by| quick(peerings::naruto("ap-northeast-3", initiated_by));
    let mut ours = Held::begin(naruto("us")).await;
    ours.settle().await;
    for table in ours.story.tables().into_values() {
        let input =
            json!({ "TransitGatewayRouteTableId": table, "DestinationCidrBlock": "172.20.2.0/24", "Blackhole": true });
        // Not every table leads there.
        let _ = ours.story.try_call(&ours.story.account(), "ec2", "ReplaceTransitGatewayRoute", input);
    }
    ours.settle().await;
    ours.clear().await;
    // Another number takes another gateway. What hangs on the old one goes: what we asked for, and what they asked for in vain.
    let mut held = vec![ours];
    for initiated_by in ["us", "them"] {
        let mut theirs = Held::begin(naruto(initiated_by)).await;
        if initiated_by == "us" {
            theirs.settle().await;
        } else {
            theirs.run(Doing::Apply).await;
            theirs.story.comply().await;
        }
        let mut renumbered = naruto(initiated_by);
        renumbered.transit_gateway.asn = Some(At::nowhere(Asn(64_999)));
        theirs.edit(renumbered);
        for _ in 0..3 {
            theirs.run(Doing::Apply).await;
            theirs.story.leave().await;
        }
        theirs.clear().await;
        held.push(theirs);
    }
    // What they asked for and we never accepted, by a destroy.
    let mut refused = Held::begin(naruto("them")).await;
    refused.run(Doing::Apply).await;
    refused.story.comply().await;
    refused.clear().await;
    let mut accepted = Held::begin(naruto("them")).await;
    accepted.settle().await;
    accepted.clear().await;
    held.extend([refused, accepted]);
    held
}

/// Not as the file has it, which protects it: then no apply would delete it.
pub(super) async fn authority_comes_and_goes() -> Vec<Held> {
    let file = |years: &str, revocation: &str| {
        let key = format!("key: {{ algorithm: EC_prime256v1, signing: SHA256WITHECDSA, validity_years: {years} }}");
        let two = format!(
            "hierarchy: root-and-subordinate\n  subordinate:\n    subject: {{ common_name: Issuing CA, country: JP }}\n    {}",
            key.replace(years, "4"),
        );
        let mut file = ca::by_itself(&[
            ("key: { algorithm: RSA_4096, signing: SHA512WITHRSA, validity_years: 20 }", &key),
            ("hierarchy: root-only", &two),
            ("revocation: none", revocation),
        ]);
        file.private_ca.as_mut().unwrap().protect = Some(false);
        file
    };
    const LIST: &str = "revocation: { crl: { omit_distribution_point: true } }";
    let mut held = Held::begin(file("20", LIST)).await;
    held.settle().await;
    held.clear().await;
    held.settle().await;
    held.settle_as(file("15", "revocation: none")).await;
    held.settle_as(file("15", LIST)).await;
    held.dwindle().await;
    held.clear().await;
    vec![held]
}

pub(super) async fn a_company_lends_a_role() -> Vec<Held> {
    let mut held = Held::begin(quick(roles::naruto(false))).await;
    held.settle().await;
    let all = "arn:aws:iam::aws:policy/AdministratorAccess";
    held.console("iam", "AttachRolePolicy", json!({ "RoleName": "gcnet-naruto-prod-plan", "PolicyArn": all }));
    held.clear().await;
    vec![held]
}
