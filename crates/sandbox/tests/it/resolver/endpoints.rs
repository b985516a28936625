//! Endpoints and their addresses.

use gcnet_sandbox::{Options, Quotas};
use serde_json::json;

use super::{Net, stepped, text, with};
use crate::client::{ACCOUNT, OTHER};

#[tokio::test]
async fn an_endpoint_lives_and_dies() {
    let net = Net::start().await;
    let [a, c] = &net.subnets;
    let ips = json!([{ "SubnetId": c }, { "SubnetId": a, "Ip": "10.1.0.53" }]);
    let input = with(&net.endpoint_input("INBOUND", "city/1"), json!({ "IpAddresses": ips }));
    let made = net.ok("CreateResolverEndpoint", input)["ResolverEndpoint"].clone();
    let id = text(&made["Id"]);
    assert!(id.starts_with("rslvr-in-"), "{id}");
    for (member, value) in [
        ("CreatorRequestId", json!("city/1")),
        ("Name", json!("dns")),
        ("SecurityGroupIds", json!([net.group])),
        ("Direction", json!("INBOUND")),
        ("IpAddressCount", json!(2)),
        ("HostVPCId", json!(net.vpc)),
        ("Status", json!("CREATING")),
        ("Protocols", json!(["Do53"])),
        ("CreationTime", json!("2026-04-01T00:00:00.000Z")),
    ] {
        assert_eq!(made[member], value, "{member}");
    }
    assert!(net.addresses(&id).iter().all(|[.., status]| status == "CREATING"));
    let one = json!({ "ResolverEndpointId": id });
    net.refused("DeleteResolverEndpoint", one.clone(), "InvalidRequestException");

    net.aws.wait(120);
    assert_eq!(net.endpoint_status(&id), "OPERATIONAL");
    let mut addresses = net.addresses(&id);
    addresses.sort_by(|x, y| x[2].cmp(&y[2]));
    let told: Vec<[&str; 3]> =
        addresses.iter().map(|[_, subnet, ip, status]| [subnet, ip, status].map(String::as_str)).collect();
    assert_eq!(told, [[a.as_str(), "10.1.0.53", "ATTACHED"], [c, "10.1.1.4", "ATTACHED"]]);
    let listed = net.ok("ListResolverEndpoints", json!({ "MaxResults": 7 }));
    assert_eq!((&listed["ResolverEndpoints"][0]["Id"], &listed["MaxResults"]), (&json!(id), &json!(7)));
    assert_eq!(net.listed(OTHER, "ListResolverEndpoints", json!({})), [""; 0]);
    net.refused_as(OTHER, "GetResolverEndpoint", one.clone(), "ResourceNotFoundException");

    // Its interfaces hold what they stand on.
    let described = net.aws.call("DescribeNetworkInterfaces", "").await;
    assert_eq!(described.all("networkInterfaceSet.item.description").len(), 2);
    assert!(described.body.contains(&format!("Route 53 Resolver: {id}:rni-")));
    net.aws
        .refuses(&[
            ("DeleteSubnet", format!("SubnetId={a}"), "DependencyViolation"),
            ("DeleteSecurityGroup", format!("GroupId={}", net.group), "DependencyViolation"),
        ])
        .await;

    assert_eq!(net.ok("DeleteResolverEndpoint", one.clone())["ResolverEndpoint"]["Status"], "DELETING");
    net.refused("DeleteResolverEndpoint", one.clone(), "InvalidRequestException");
    net.aws.refuses(&[("DeleteSubnet", format!("SubnetId={a}"), "DependencyViolation")]).await;
    net.aws.wait(90);
    net.refused("DeleteResolverEndpoint", one.clone(), "ResourceNotFoundException");
    net.refused("GetResolverEndpoint", one, "ResourceNotFoundException");
    for subnet in &net.subnets {
        net.aws.call("DeleteSubnet", format!("SubnetId={subnet}")).await;
    }
    net.aws.call("DeleteSecurityGroup", format!("GroupId={}", net.group)).await;
    net.aws.call("DeleteVpc", format!("VpcId={}", net.vpc)).await;
    assert!(net.aws.sandbox.everything(ACCOUNT).is_empty());
}

#[tokio::test]
async fn a_request_id_is_used_up() {
    let net = Net::start().await;
    let input = net.endpoint_input("OUTBOUND", "1");
    // What was refused has used up nothing.
    net.refused("CreateResolverEndpoint", with(&input, json!({ "IpAddresses": [] })), "InvalidRequestException");
    let made = net.ok("CreateResolverEndpoint", input.clone());
    net.refused("CreateResolverEndpoint", input.clone(), "ResourceExistsException");
    net.refused("CreateResolverEndpoint", with(&input, json!({ "Name": "other" })), "ResourceExistsException");
    net.aws.wait(120);
    net.ok("DeleteResolverEndpoint", json!({ "ResolverEndpointId": made["ResolverEndpoint"]["Id"] }));
    net.aws.wait(90);
    net.refused("CreateResolverEndpoint", input.clone(), "ResourceExistsException");
    // Kinds and accounts have their own.
    net.ok("CreateResolverRule", json!({ "CreatorRequestId": "1", "RuleType": "SYSTEM", "DomainName": "a.jp" }));
    net.ok("CreateResolverEndpoint", with(&input, json!({ "CreatorRequestId": "2" })));
}

#[tokio::test]
async fn what_aws_refuses_is_refused() {
    let quotas = Quotas { resolver_endpoints: 1, resolver_addresses: 3, ..Quotas::default() };
    let net = Net::start_with(Options { quotas, ..stepped() }).await;
    let [a, c] = &net.subnets;
    let (far_vpc, [far, _]) = net.aws.vpc_with_subnets(2).await;
    let far_group = net.aws.group(&far_vpc, "far").await;
    let dedicated = net.aws.call("CreateVpc", "CidrBlock=10.3.0.0/16 InstanceTenancy=dedicated").await.one("vpc.vpcId");
    let alone = net.aws.subnet(&dedicated, "10.3.0.0/24").await;
    let at = |ip: &str| json!([{ "SubnetId": a, "Ip": ip }, { "SubnetId": c }]);
    for (members, code) in [
        (json!({ "CreatorRequestId": "" }), "ValidationException"),
        (json!({ "CreatorRequestId": "x".repeat(256) }), "ValidationException"),
        (json!({ "Name": "12" }), "ValidationException"),
        (json!({ "Name": "x".repeat(65) }), "ValidationException"),
        (json!({ "Name": "a.b" }), "ValidationException"),
        (json!({ "Direction": "SIDEWAYS" }), "SerializationException"),
        (json!({ "ResolverEndpointType": "DUALSTACK" }), "SerializationException"),
        (json!({ "OutpostArn": "x" }), "SerializationException"),
        (json!({ "Protocols": [] }), "ValidationException"),
        (json!({ "Protocols": ["Do53", "DoH", "DoH-FIPS"] }), "ValidationException"),
        (json!({ "Protocols": ["DoH", "DoH-FIPS"] }), "InvalidRequestException"),
        (json!({ "Protocols": ["Do53", "Do53"] }), "InvalidParameterException"),
        (json!({ "Direction": "OUTBOUND", "Protocols": ["DoH-FIPS"] }), "InvalidRequestException"),
        (json!({ "SecurityGroupIds": [] }), "InvalidParameterException"),
        (json!({ "SecurityGroupIds": ["dns"] }), "InvalidParameterException"),
        (json!({ "SecurityGroupIds": [net.group, net.group] }), "InvalidParameterException"),
        (json!({ "SecurityGroupIds": ["sg-00000000000000000"] }), "ResourceNotFoundException"),
        (json!({ "SecurityGroupIds": [far_group] }), "InvalidRequestException"),
        (json!({ "SecurityGroupIds": ["sg-1", "sg-2", "sg-3", "sg-4", "sg-5", "sg-6"] }), "InvalidParameterException"),
        (json!({ "IpAddresses": [{ "SubnetId": a }] }), "InvalidRequestException"),
        (json!({ "IpAddresses": [{ "SubnetId": a }, { "SubnetId": a }] }), "InvalidRequestException"),
        (json!({ "IpAddresses": vec![json!({ "SubnetId": a }); 21] }), "ValidationException"),
        (json!({ "IpAddresses": vec![json!({ "SubnetId": a }); 4] }), "LimitExceededException"),
        (json!({ "IpAddresses": [{ "SubnetId": "subnet-0" }, { "SubnetId": a }] }), "InvalidParameterException"),
        (json!({ "IpAddresses": [{ "SubnetId": a }, { "SubnetId": "subnet-0" }] }), "InvalidParameterException"),
        (json!({ "IpAddresses": [{ "SubnetId": c }, { "SubnetId": far }] }), "InvalidRequestException"),
        (json!({ "IpAddresses": [{ "SubnetId": alone }, { "SubnetId": a }] }), "InvalidRequestException"),
        (json!({ "IpAddresses": [{ "SubnetId": a, "Ipv6": "::1" }, { "SubnetId": c }] }), "SerializationException"),
        (json!({ "IpAddresses": at("10.1.0") }), "InvalidParameterException"),
        (json!({ "IpAddresses": at("10.1.0.3") }), "InvalidRequestException"),
        (json!({ "IpAddresses": at("10.1.0.255") }), "InvalidRequestException"),
        (json!({ "IpAddresses": at("10.1.1.9") }), "InvalidRequestException"),
        (
            json!({ "IpAddresses": [
                { "SubnetId": a, "Ip": "10.1.0.9" }, { "SubnetId": a, "Ip": "10.1.0.9" }, { "SubnetId": c }
            ] }),
            "ResourceExistsException",
        ),
        (json!({ "Tags": [{ "Key": "aws:x", "Value": "" }] }), "InvalidTagException"),
    ] {
        net.refused("CreateResolverEndpoint", with(&net.endpoint_input("INBOUND", "1"), members), code);
    }
    net.endpoint("INBOUND");
    net.refused("CreateResolverEndpoint", net.endpoint_input("INBOUND", "2"), "LimitExceededException");
    for (operation, input, code) in [
        ("ListResolverEndpoints", json!({ "MaxResults": 0 }), "ValidationException"),
        ("ListResolverEndpoints", json!({ "MaxResults": 101 }), "ValidationException"),
        ("ListResolverEndpoints", json!({ "NextToken": "odd" }), "InvalidNextTokenException"),
        (
            "ListResolverEndpoints",
            json!({ "Filters": [{ "Name": "Moon", "Values": ["x"] }] }),
            "InvalidParameterException",
        ),
        ("ListResolverEndpoints", json!({ "Filters": [{ "Name": "Name" }] }), "InvalidParameterException"),
        ("ListResolverEndpointIpAddresses", json!({ "ResolverEndpointId": "rslvr-in-0" }), "ResourceNotFoundException"),
    ] {
        net.refused(operation, input, code);
    }
}

#[tokio::test]
async fn filters_find_endpoints() {
    let net = Net::start().await;
    let (inbound, outbound) = (net.endpoint("INBOUND"), net.endpoint("OUTBOUND"));
    for (name, value, expected) in [
        ("CreatorRequestId", "INBOUND", &inbound),
        ("Direction", "OUTBOUND", &outbound),
        ("HostVPCId", net.vpc.as_str(), &inbound),
        ("IpAddressCount", "2", &inbound),
        ("SecurityGroupIds", net.group.as_str(), &inbound),
        ("Status", "OPERATIONAL", &inbound),
        ("Name", "dns", &inbound),
    ] {
        let filters = json!({ "Filters": [{ "Name": name, "Values": [value] }] });
        let found = net.listed(ACCOUNT, "ListResolverEndpoints", filters);
        assert!(found.contains(expected), "{name}");
    }
    for filter in [("Status", "DELETING"), ("HostVPCId", "vpc-0"), ("Name", "DNS")] {
        let filters = json!({ "Filters": [{ "Name": filter.0, "Values": [filter.1] }] });
        assert!(net.listed(ACCOUNT, "ListResolverEndpoints", filters).is_empty(), "{filter:?}");
    }
}

#[tokio::test]
async fn addresses_are_added_before_others_are_removed() {
    let quotas = Quotas { resolver_addresses: 3, ..Quotas::default() };
    let net = Net::start_with(Options { quotas, ..stepped() }).await;
    let id = net.endpoint("INBOUND");
    let [a, _] = &net.subnets;
    let change = |address: serde_json::Value| json!({ "ResolverEndpointId": id, "IpAddress": address });
    let first = net.addresses(&id)[0].clone();
    let (add, remove) = ("AssociateResolverEndpointIpAddress", "DisassociateResolverEndpointIpAddress");
    let message = net.refused(remove, change(json!({ "IpId": first[0] })), "InvalidRequestException");
    assert!(message.contains("[RSLVR-00506]"), "{message}");
    for (address, code) in [
        (json!({}), "InvalidParameterException"),
        (json!({ "IpId": first[0], "SubnetId": a }), "InvalidParameterException"),
        (json!({ "SubnetId": first[1], "Ip": first[2] }), "ResourceExistsException"),
        (json!({ "SubnetId": a, "Ip": "10.9.0.9" }), "InvalidRequestException"),
    ] {
        net.refused(add, change(address), code);
    }
    let answer = net.ok(add, change(json!({ "SubnetId": a, "Ip": "10.1.0.99" })));
    assert_eq!(answer["ResolverEndpoint"]["Status"], "UPDATING");
    assert_eq!(answer["ResolverEndpoint"]["IpAddressCount"], 3);
    net.refused(remove, change(json!({ "IpId": first[0] })), "InvalidRequestException");
    net.refused("DeleteResolverEndpoint", json!({ "ResolverEndpointId": id }), "InvalidRequestException");
    net.aws.wait(60);
    assert_eq!(net.endpoint_status(&id), "OPERATIONAL");
    net.refused(add, change(json!({ "SubnetId": a })), "LimitExceededException");

    for (address, code) in [
        (json!({ "SubnetId": a }), "InvalidRequestException"),
        (json!({ "SubnetId": a, "Ip": "10.1.0.98" }), "ResourceNotFoundException"),
        (json!({ "IpId": "rni-0" }), "ResourceNotFoundException"),
        (json!({ "IpId": first[0], "Ip": "10.1.0.99" }), "ResourceNotFoundException"),
    ] {
        net.refused(remove, change(address), code);
    }
    let answer = net.ok(remove, change(json!({ "SubnetId": first[1], "Ip": first[2] })));
    assert_eq!(
        (&answer["ResolverEndpoint"]["Status"], &answer["ResolverEndpoint"]["IpAddressCount"]),
        (&json!("UPDATING"), &json!(2))
    );
    let leaving: Vec<_> = net.addresses(&id).into_iter().filter(|[.., status]| status == "DETACHING").collect();
    assert_eq!(leaving.iter().map(|row| &row[0]).collect::<Vec<_>>(), [&first[0]]);
    net.aws.wait(60);
    assert!(net.addresses(&id).iter().all(|[known, .., status]| *known != first[0] && status == "ATTACHED"));
    // The interface went with the address, which is free again.
    assert_eq!(net.aws.call("DescribeNetworkInterfaces", "").await.all("item.networkInterfaceId").len(), 2);
    net.ok(add, change(json!({ "SubnetId": first[1], "Ip": first[2] })));
}

#[tokio::test]
async fn names_and_protocols_change_in_place() {
    let net = Net::start().await;
    let (inbound, outbound) = (net.endpoint("INBOUND"), net.endpoint("OUTBOUND"));
    let update = |id: &str, members: serde_json::Value| with(&json!({ "ResolverEndpointId": id }), members);
    let named = net.ok("UpdateResolverEndpoint", update(&inbound, json!({ "Name": "new" })));
    assert_eq!(
        (&named["ResolverEndpoint"]["Name"], &named["ResolverEndpoint"]["Status"]),
        (&json!("new"), &json!("UPDATING"))
    );
    net.refused("UpdateResolverEndpoint", update(&inbound, json!({ "Name": "newer" })), "InvalidRequestException");
    net.aws.wait(30);
    for (id, members) in [
        (&inbound, json!({})),
        (&inbound, json!({ "Protocols": ["DoH"] })),
        (&outbound, json!({ "Protocols": ["Do53", "DoH-FIPS"] })),
    ] {
        net.refused("UpdateResolverEndpoint", update(id, members), "InvalidRequestException");
    }
    net.ok("UpdateResolverEndpoint", update(&inbound, json!({ "Protocols": ["DoH", "Do53"] })));
    net.aws.wait(30);
    let answer = net.ok("UpdateResolverEndpoint", update(&inbound, json!({ "Protocols": ["DoH"] })));
    assert_eq!(answer["ResolverEndpoint"]["Protocols"], json!(["DoH"]));
    // A rule's target needs the protocol that it has.
    net.rule(&outbound, "city.lg.jp", &["10.9.0.53"]);
    net.refused(
        "UpdateResolverEndpoint",
        update(&outbound, json!({ "Protocols": ["DoH"] })),
        "InvalidRequestException",
    );
    net.ok("UpdateResolverEndpoint", update(&outbound, json!({ "Protocols": ["Do53", "DoH"] })));
}
