//! Query logging.

use gcnet_sandbox::{Options, Quotas};
use serde_json::{Value, json};

use super::{Net, stepped, text, with};
use crate::client::{ACCOUNT, OTHER, REGION};

fn both(config: &str, vpc: &str) -> Value {
    json!({ "ResolverQueryLogConfigId": config, "ResourceId": vpc })
}

fn one(config: &str) -> Value {
    json!({ "ResolverQueryLogConfigId": config })
}

#[tokio::test]
async fn a_configuration_lives_and_dies() {
    let net = Net::start().await;
    let group = net.log_group("/dns");
    let input = json!({
        "Name": "log", "CreatorRequestId": "1", "DestinationArn": format!("{group}:*"),
        "Tags": [{ "Key": "a", "Value": "1" }],
    });
    let made = net.ok("CreateResolverQueryLogConfig", input.clone())["ResolverQueryLogConfig"].clone();
    let id = text(&made["Id"]);
    for (member, value) in [
        ("Arn", json!(format!("arn:aws:route53resolver:{REGION}:{ACCOUNT}:resolver-query-log-config/{id}"))),
        ("AssociationCount", json!(0)),
        ("CreatorRequestId", json!("1")),
        ("DestinationArn", json!(format!("{group}:*"))),
        ("Name", json!("log")),
        ("OwnerId", json!(ACCOUNT)),
        ("ShareStatus", json!("NOT_SHARED")),
        ("Status", json!("CREATING")),
    ] {
        assert_eq!(made[member], value, "{member}");
    }
    net.refused("CreateResolverQueryLogConfig", input, "ResourceExistsException");
    net.refused("AssociateResolverQueryLogConfig", both(&id, &net.vpc), "ResourceUnavailableException");
    net.refused("DeleteResolverQueryLogConfig", one(&id), "InvalidRequestException");
    net.aws.wait(5);
    assert_eq!(net.ok("GetResolverQueryLogConfig", one(&id))["ResolverQueryLogConfig"]["Status"], "CREATED");

    let made = net.ok("AssociateResolverQueryLogConfig", both(&id, &net.vpc));
    let made = &made["ResolverQueryLogConfigAssociation"];
    assert_eq!((&made["Status"], &made["Error"]), (&json!("CREATING"), &json!("NONE")));
    net.refused("AssociateResolverQueryLogConfig", both(&id, &net.vpc), "ResourceExistsException");
    let named = json!({ "ResolverQueryLogConfigAssociationId": made["Id"] });
    let state = || {
        let read = net.ok("GetResolverQueryLogConfigAssociation", named.clone());
        let read = &read["ResolverQueryLogConfigAssociation"];
        (text(&read["Status"]), text(&read["Error"]))
    };
    net.aws.wait(60);
    assert_eq!(state(), ("ACTIVE".to_owned(), "NONE".to_owned()));
    let read = net.ok("GetResolverQueryLogConfig", one(&id));
    assert_eq!(read["ResolverQueryLogConfig"]["AssociationCount"], 1);
    net.refused("DeleteResolverQueryLogConfig", one(&id), "InvalidRequestException");

    // Without its log group it fails, and works again with it.
    net.call_as(ACCOUNT, "logs", "DeleteLogGroup", json!({ "logGroupName": "/dns" })).unwrap();
    assert_eq!(state(), ("FAILED".to_owned(), "DESTINATION_NOT_FOUND".to_owned()));
    assert_eq!(net.ok("GetResolverQueryLogConfig", one(&id))["ResolverQueryLogConfig"]["Status"], "FAILED");
    net.log_group("/dns");
    assert_eq!(state().0, "ACTIVE");

    let ending = net.ok("DisassociateResolverQueryLogConfig", both(&id, &net.vpc));
    assert_eq!(ending["ResolverQueryLogConfigAssociation"]["Status"], "DELETING");
    net.refused("DeleteResolverQueryLogConfig", one(&id), "InvalidRequestException");
    net.aws.wait(60);
    net.refused("DisassociateResolverQueryLogConfig", both(&id, &net.vpc), "ResourceNotFoundException");
    net.refused("GetResolverQueryLogConfigAssociation", named, "ResourceNotFoundException");
    assert_eq!(net.ok("DeleteResolverQueryLogConfig", one(&id))["ResolverQueryLogConfig"]["Status"], "DELETING");
    net.aws.wait(5);
    net.refused("GetResolverQueryLogConfig", one(&id), "ResourceNotFoundException");
}

#[tokio::test]
async fn a_vpc_that_is_logged_stays_and_may_be_logged_twice() {
    let net = Net::start().await;
    let vpc = net.aws.vpc("10.2.0.0/16").await;
    for name in ["one", "two"] {
        let id = net.query_log(name);
        net.ok("AssociateResolverQueryLogConfig", both(&id, &vpc));
    }
    net.aws.refuses(&[("DeleteVpc", format!("VpcId={vpc}"), "DependencyViolation")]).await;
}

#[tokio::test]
async fn what_aws_refuses_is_refused() {
    let quotas = Quotas { query_logs: 1, query_log_associations: 1, ..Quotas::default() };
    let net = Net::start_with(Options { quotas, ..stepped() }).await;
    let group = net.log_group("/dns");
    let input = json!({ "Name": "log", "CreatorRequestId": "1", "DestinationArn": group });
    let elsewhere = |from: &str, to: &str| json!({ "DestinationArn": group.replace(from, to) });
    for (members, code) in [
        (json!({ "Name": "1" }), "ValidationException"),
        (json!({ "Name": "" }), "ValidationException"),
        (json!({ "CreatorRequestId": "" }), "ValidationException"),
        (json!({ "DestinationArn": "arn:aws:s3:::bucket" }), "InvalidParameterException"),
        (elsewhere(ACCOUNT, OTHER), "InvalidParameterException"),
        (elsewhere("-1:", "-3:"), "InvalidParameterException"),
        (elsewhere("/dns", "/none"), "ResourceNotFoundException"),
        (json!({ "DestinationArn": null }), "SerializationException"),
    ] {
        net.refused("CreateResolverQueryLogConfig", with(&input, members), code);
    }
    let id = net.query_log("log");
    net.refused("CreateResolverQueryLogConfig", input, "LimitExceededException");
    for (input, code) in
        [(both("rqlc-0", &net.vpc), "ResourceNotFoundException"), (both(&id, "vpc-0"), "InvalidParameterException")]
    {
        net.refused("AssociateResolverQueryLogConfig", input, code);
    }
    net.ok("AssociateResolverQueryLogConfig", both(&id, &net.vpc));
    let other = net.aws.vpc("10.2.0.0/16").await;
    net.refused("AssociateResolverQueryLogConfig", both(&id, &other), "LimitExceededException");
}

#[tokio::test]
async fn lists_have_filters_and_totals() {
    let net = Net::start().await;
    let ids = ["a", "b", "c"].map(|name| net.query_log(name));
    net.ok("AssociateResolverQueryLogConfig", both(&ids[1], &net.vpc));
    let list = "ListResolverQueryLogConfigs";
    let page = net.ok(list, json!({ "MaxResults": 2 }));
    assert_eq!((&page["TotalCount"], &page["TotalFilteredCount"]), (&json!(3), &json!(3)));
    assert_eq!(page["ResolverQueryLogConfigs"].as_array().unwrap().len(), 2);
    assert_eq!(net.listed(ACCOUNT, list, json!({ "NextToken": page["NextToken"] })).len(), 1);
    for (name, value, expected) in [
        ("Name", "a", &ids[..1]),
        ("AssociationCount", "1", &ids[1..2]),
        ("Id", ids[2].as_str(), &ids[2..]),
        ("ShareStatus", "SHARED_BY_ME", &[]),
        ("DestinationArn", "x", &[]),
    ] {
        let filters = json!({ "Filters": [{ "Name": name, "Values": [value] }] });
        let read = net.ok(list, filters.clone());
        assert_eq!((&read["TotalCount"], &read["TotalFilteredCount"]), (&json!(3), &json!(expected.len())));
        assert_eq!(net.listed(ACCOUNT, list, filters), expected, "{name}");
    }
    let of_service = json!({ "Filters": [{ "Name": "Destination", "Values": ["CloudWatchLogs"] }] });
    assert_eq!(net.listed(ACCOUNT, list, of_service).len(), 3);
    let list = "ListResolverQueryLogConfigAssociations";
    for (name, value, count) in [("ResourceId", net.vpc.as_str(), 1), ("ResolverQueryLogConfigId", &ids[0], 0)] {
        let filters = json!({ "Filters": [{ "Name": name, "Values": [value] }] });
        assert_eq!(net.listed(ACCOUNT, list, filters).len(), count, "{name}");
    }
}
