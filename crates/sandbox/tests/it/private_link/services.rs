//! Endpoint services: configurations, permissions, connections, and what consumers see of them.

use gcnet_sandbox::Options;

use super::{stepped, waiting};
use crate::client::{ACCOUNT, Aws, OTHER};

const CREATE: &str = "CreateVpcEndpointServiceConfiguration";
const MODIFY: &str = "ModifyVpcEndpointServiceConfiguration";
const DELETE: &str = "DeleteVpcEndpointServiceConfigurations";
const DESCRIBE: &str = "DescribeVpcEndpointServiceConfigurations";
const PERMIT: &str = "ModifyVpcEndpointServicePermissions";
const PERMISSIONS: &str = "DescribeVpcEndpointServicePermissions";
const CONNECTIONS: &str = "DescribeVpcEndpointConnections";
const ACCEPT: &str = "AcceptVpcEndpointConnections";
const REJECT: &str = "RejectVpcEndpointConnections";
const OFFERS: &str = "DescribeVpcEndpointServices";

#[tokio::test]
async fn the_provider_accepts() {
    let mut aws = Aws::start(stepped()).await;
    let (id, service) = waiting(&mut aws).await;
    let both = format!("ServiceId={service} VpcEndpointId.1={id}");
    aws.refuses(&[(ACCEPT, both.clone(), "InvalidVpcEndpointServiceId.NotFound")]).await;

    aws.act_as(OTHER);
    let seen = aws.call(CONNECTIONS, format!("Filter.1.Name=service-id Filter.1.Value.1={service}")).await;
    for (path, value) in [
        ("item.serviceId", &*service),
        ("item.vpcEndpointId", &id),
        ("item.vpcEndpointOwner", ACCOUNT),
        ("item.vpcEndpointState", "pendingAcceptance"),
        ("item.vpcEndpointRegion", "ap-northeast-1"),
    ] {
        assert_eq!(seen.one(path), value, "{path}");
    }
    let stray = format!("{both} VpcEndpointId.2=vpce-0123456789abcdef0");
    assert_eq!(aws.call(ACCEPT, stray).await.all("error.code"), ["InvalidVpcEndpoint.NotFound"]);
    assert_eq!(aws.call(ACCEPT, &both).await.all("error.code"), ["InvalidState"]);
    assert_eq!(
        aws.call(DELETE, format!("ServiceId.1={service}")).await.one("error.code"),
        "ExistingVpcEndpointConnections"
    );
    aws.act_as(ACCOUNT);
    assert_eq!(aws.endpoint_states().await, ["pending"]);
    aws.later(90);
    assert_eq!(aws.endpoint_states().await, ["available"]);

    // The provider may change its mind; the consumer's endpoint is dead but there until the consumer deletes it.
    aws.act_as(OTHER);
    assert!(aws.call(REJECT, &both).await.all("error.code").is_empty());
    assert_eq!(aws.call(ACCEPT, &both).await.all("error.code"), ["InvalidState"]);
    assert_eq!(aws.call(CONNECTIONS, "").await.one("item.vpcEndpointState"), "rejected");
    assert!(aws.call(DELETE, format!("ServiceId.1={service}")).await.all("error.code").is_empty());
    assert_eq!(aws.call(DESCRIBE, "").await.one("item.serviceState"), "Deleting");
    aws.later(20);
    assert_eq!(aws.call(DESCRIBE, "").await.one("item.serviceState"), "Deleted");
    assert_eq!(
        aws.call(DELETE, format!("ServiceId.1={service}")).await.one("error.code"),
        "InvalidVpcEndpointServiceId.NotFound"
    );
    aws.act_as(ACCOUNT);
    assert_eq!(aws.endpoint_states().await, ["rejected"]);
    aws.call("DeleteVpcEndpoints", format!("VpcEndpointId.1={id}")).await;
    assert_eq!(aws.endpoint_states().await, ["deleting"]);
}

#[tokio::test]
async fn both_sides_are_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let options = || Options { file: Some(folder.path().join("sandbox.json")), ..stepped() };
    let mut aws = Aws::start(options()).await;
    waiting(&mut aws).await;
    let read = async |aws: &mut Aws| {
        let mut bodies = Vec::new();
        for (account, operation) in [(ACCOUNT, "DescribeVpcEndpoints"), (OTHER, CONNECTIONS), (OTHER, DESCRIBE)] {
            aws.act_as(account);
            let body = aws.call(operation, "").await.body;
            let (_, content) = body.split_once("</requestId>").unwrap();
            assert!(content.contains("<item>"), "{operation}");
            bodies.push(content.to_owned());
        }
        aws.act_as(OTHER);
        bodies.push(aws.elb("DescribeLoadBalancers", "").await.one("LoadBalancerArn"));
        bodies
    };
    let before = read(&mut aws).await;
    aws.sandbox.stop().await;
    assert_eq!(read(&mut Aws::start(options()).await).await, before);
}

#[tokio::test]
async fn a_request_is_withdrawn() {
    let mut aws = Aws::start(stepped()).await;
    let (id, service) = waiting(&mut aws).await;
    aws.call("DeleteVpcEndpoints", format!("VpcEndpointId.1={id}")).await;
    aws.act_as(OTHER);
    assert_eq!(aws.call(CONNECTIONS, "").await.one("item.vpcEndpointState"), "deleting");
    let both = format!("ServiceId={service} VpcEndpointId.1={id}");
    assert_eq!(aws.call(ACCEPT, both).await.all("error.code"), ["InvalidState"]);
    assert!(aws.call(DELETE, format!("ServiceId.1={service}")).await.all("error.code").is_empty());
}

#[tokio::test]
async fn only_those_who_are_listed_see_a_service() {
    let mut aws = Aws::start(stepped()).await;
    aws.act_as(OTHER);
    let (service, name) = aws.service(false).await;
    assert_eq!(aws.call(OFFERS, format!("ServiceName.1={name}")).await.one("item.owner"), OTHER);
    aws.act_as(ACCOUNT);
    let (vpc, [a, _]) = aws.two_zones(1).await;
    let endpoint = format!("VpcEndpointType=Interface VpcId={vpc} ServiceName={name} SubnetId.1={a}");
    let unseen = [
        (OFFERS, format!("ServiceName.1={name}"), "InvalidServiceName"),
        ("CreateVpcEndpoint", endpoint.clone(), "InvalidServiceName"),
    ];
    aws.refuses(&unseen).await;
    aws.act_as(OTHER);
    let root = format!("arn:aws:iam::{ACCOUNT}:root");
    for principal in [&*root, "*"] {
        aws.allow(&service, principal).await;
        aws.act_as(ACCOUNT);
        assert_eq!(aws.call(OFFERS, format!("ServiceName.1={name}")).await.one("item.serviceId"), service);
        aws.act_as(OTHER);
        let params = format!("ServiceId={service} RemoveAllowedPrincipals.1={principal}");
        aws.call(PERMIT, params).await;
    }
    // Without acceptance an endpoint becomes available by itself, and it outlives the permission.
    aws.allow(&service, &root).await;
    aws.act_as(ACCOUNT);
    assert_eq!(aws.call("CreateVpcEndpoint", &endpoint).await.one("vpcEndpoint.state"), "pending");
    aws.refuses(&[
        ("CreateVpcEndpoint", format!("{endpoint} PrivateDnsEnabled=true"), "InvalidParameter"),
        ("CreateVpcEndpoint", format!("{endpoint} PolicyDocument={{}}"), "InvalidParameter"),
    ])
    .await;
    aws.act_as(OTHER);
    aws.call(PERMIT, format!("ServiceId={service} RemoveAllowedPrincipals.1={root}")).await;
    aws.act_as(ACCOUNT);
    aws.refuses(&unseen).await;
    aws.later(90);
    assert_eq!(aws.endpoint_states().await, ["available"]);
}

#[tokio::test]
async fn permissions_are_a_set() {
    let mut aws = Aws::start(stepped()).await;
    let (service, _) = aws.service(true).await;
    let root = format!("arn:aws:iam::{OTHER}:root");
    let permit = |rest: &str| format!("ServiceId={service} {rest}");
    let added = aws.call(PERMIT, permit(&format!("AddAllowedPrincipals.1={root} AddAllowedPrincipals.2=*"))).await;
    let mut kinds = added.all("item.principalType");
    kinds.sort();
    assert_eq!(kinds, ["Account", "All"]);
    let again = aws.call(PERMIT, permit(&format!("AddAllowedPrincipals.1={root}"))).await;
    assert!(again.all("item.principal").is_empty());
    aws.call(PERMIT, permit("RemoveAllowedPrincipals.1=*")).await;
    aws.call(PERMIT, permit("RemoveAllowedPrincipals.1=*")).await;
    let listed = aws.call(PERMISSIONS, permit("")).await;
    assert_eq!(listed.all("allowedPrincipals.item.principal"), [root.as_str()]);
    let filtered = permit("Filter.1.Name=principal-type Filter.1.Value.1=Role");
    assert!(aws.call(PERMISSIONS, filtered).await.all("item.principal").is_empty());
    aws.refuses(&[
        (PERMIT, permit(""), "MissingParameter"),
        (PERMIT, permit("AddAllowedPrincipals.1=444455556666"), "InvalidPrincipal"),
        (PERMIT, permit(&format!("AddAllowedPrincipals.1=arn:aws:iam::{OTHER}:role/a/b")), "InvalidPrincipal"),
        (PERMIT, permit(&format!("AddAllowedPrincipals.1=arn:aws:iam::{OTHER}:role/nobody")), "InvalidPrincipal"),
        (
            PERMIT,
            "ServiceId=vpce-svc-0123456789abcdef0 AddAllowedPrincipals.1=*".into(),
            "InvalidVpcEndpointServiceId.NotFound",
        ),
    ])
    .await;
    aws.act_as(OTHER);
    aws.refuses(&[(PERMISSIONS, permit(""), "InvalidVpcEndpointServiceId.NotFound")]).await;
}

#[tokio::test]
async fn a_service_is_made_of_load_balancers() {
    let aws = Aws::start(stepped()).await;
    let (_, [a, c]) = aws.two_zones(1).await;
    let (one, two) = (aws.balancer("one", &[a]).await, aws.balancer("two", std::slice::from_ref(&c)).await);
    let params = format!("NetworkLoadBalancerArn.1={one} AcceptanceRequired=true ClientToken=t");
    let young = format!("Name=young Type=network Scheme=internal Subnets.member.1={c}");
    let young = aws.elb("CreateLoadBalancer", &young).await.one("LoadBalancerArn");
    let missing = one.replace("net/one", "net/none");
    aws.refuses(&[
        (CREATE, "AcceptanceRequired=true".into(), "InvalidParameter"),
        (CREATE, format!("NetworkLoadBalancerArn.1={one}"), "MissingParameter"),
        (CREATE, format!("NetworkLoadBalancerArn.1={missing} AcceptanceRequired=true"), "InvalidParameter"),
        (CREATE, format!("NetworkLoadBalancerArn.1={young} AcceptanceRequired=true"), "InvalidParameter"),
        (CREATE, format!("GatewayLoadBalancerArn.1={one} AcceptanceRequired=true"), "InvalidParameter"),
        (CREATE, format!("{params} PrivateDnsName=app.example.jp"), "UnknownParameter"),
    ])
    .await;
    let made = aws.call(CREATE, &params).await;
    let service = made.one("serviceId");
    assert_eq!(made.one("serviceState"), "Pending");
    assert_eq!(made.one("serviceName"), format!("com.amazonaws.vpce.ap-northeast-1.{service}"));
    assert_eq!(made.all("availabilityZoneSet.item"), ["ap-northeast-1a"]);
    assert_eq!(aws.call(CREATE, &params).await.one("serviceId"), service);
    aws.refuses(&[
        (CREATE, params.replace("true", "false"), "IdempotentParameterMismatch"),
        (CREATE, params.replace(" ClientToken=t", ""), "InvalidParameter"),
        (MODIFY, format!("ServiceId={service} AcceptanceRequired=false"), "IncorrectState"),
    ])
    .await;
    aws.later(20);
    let modify = |rest: &str| format!("ServiceId={service} {rest}");
    aws.refuses(&[
        (MODIFY, modify(""), "MissingParameter"),
        (MODIFY, modify(&format!("RemoveNetworkLoadBalancerArn.1={one}")), "InvalidParameter"),
        (MODIFY, modify(&format!("RemoveNetworkLoadBalancerArn.1={two}")), "InvalidParameter"),
        (MODIFY, modify(&format!("AddNetworkLoadBalancerArn.1={one}")), "InvalidParameter"),
    ])
    .await;
    // In a zone that it does not have, nobody can be.
    let (vpc, [_, in_c]) = aws.two_zones(2).await;
    let endpoint = format!(
        "VpcEndpointType=Interface VpcId={vpc} ServiceName=com.amazonaws.vpce.ap-northeast-1.{service} SubnetId.1={in_c}"
    );
    aws.refuses(&[("CreateVpcEndpoint", endpoint.clone(), "InvalidParameter")]).await;
    let all =
        format!("AddNetworkLoadBalancerArn.1={two} RemoveNetworkLoadBalancerArn.1={one} AcceptanceRequired=false");
    aws.call(MODIFY, modify(&all)).await;
    let read = aws.call(DESCRIBE, format!("ServiceId.1={service}")).await;
    assert_eq!(read.all("networkLoadBalancerArnSet.item"), [two.as_str()]);
    assert_eq!(read.one("item.acceptanceRequired"), "false");
    assert_eq!(aws.call("CreateVpcEndpoint", endpoint).await.one("vpcEndpoint.state"), "pending");
}

#[tokio::test]
async fn what_aws_offers_is_listed() {
    let aws = Aws::start(stepped()).await;
    let gateways = aws.call(OFFERS, "Filter.1.Name=service-type Filter.1.Value.1=Gateway").await;
    assert_eq!(gateways.all("serviceNameSet.item").len(), 2);
    let logs = aws.call(OFFERS, "Filter.1.Name=service-name Filter.1.Value.1=*.logs").await;
    for (path, value) in [
        ("item.owner", "amazon"),
        ("item.privateDnsName", "logs.ap-northeast-1.amazonaws.com"),
        ("item.acceptanceRequired", "false"),
    ] {
        assert_eq!(logs.one(path), value, "{path}");
    }
    assert_eq!(logs.all("availabilityZoneSet.item").len(), 3);
    let page = aws.call(OFFERS, "MaxResults=5").await;
    assert_eq!(page.all("serviceNameSet.item").len(), 5);
    let next = page.one("nextToken");
    let rest = aws.call(OFFERS, format!("NextToken={next}")).await.all("serviceNameSet.item");
    assert_eq!(rest.len(), 16 - 5);
}
