//! Shares themselves: states, tokens, tags, filters, pages, refusals.

use serde_json::json;

use super::{gateway_arn, start, text};
use crate::client::{ACCOUNT, OTHER, REGION};

#[tokio::test]
async fn a_share_is_pending_then_active_then_deleted_and_listed_for_an_hour() {
    let aws = start().await;
    let made = aws.ram_ok("CreateResourceShare", json!({ "name": "s", "tags": [{ "key": "a", "value": "b" }] })).await;
    let made = &made["resourceShare"];
    assert_eq!(made["status"], "PENDING");
    assert_eq!(made["allowExternalPrincipals"], true);
    assert_eq!(made["owningAccountId"], ACCOUNT);
    let arn = text(&made["resourceShareArn"]);
    assert!(arn.starts_with(&format!("arn:aws:ram:{REGION}:{ACCOUNT}:resource-share/")), "{arn}");
    let named = json!({ "resourceShareArn": arn });
    aws.ram_refuses("DeleteResourceShare", named.clone(), "InvalidStateTransitionException").await;
    aws.pass(2);
    let update = json!({ "resourceShareArn": arn, "name": "t", "allowExternalPrincipals": false });
    let updated = aws.ram_ok("UpdateResourceShare", update).await;
    assert_eq!(updated["resourceShare"]["status"], "ACTIVE");
    assert_eq!(updated["resourceShare"]["name"], "t");
    assert_eq!(updated["resourceShare"]["tags"], json!([{ "key": "a", "value": "b" }]));
    assert_eq!(aws.sandbox.everything(ACCOUNT).iter().filter(|it| it.kind == "resource-share").count(), 1);

    assert_eq!(aws.ram_ok("DeleteResourceShare", named.clone()).await["returnValue"], true);
    for (passes, status) in [(0, "DELETING"), (10, "DELETED"), (3599, "DELETED")] {
        aws.pass(passes);
        let listed = aws.ram_ok("GetResourceShares", json!({ "resourceOwner": "SELF" })).await;
        assert_eq!(listed["resourceShares"][0]["status"], status, "after {passes} s more");
    }
    assert!(aws.sandbox.everything(ACCOUNT).is_empty());
    aws.ram_refuses("UpdateResourceShare", json!({ "resourceShareArn": arn, "name": "u" }), "UnknownResourceException")
        .await;
    aws.pass(1);
    let named = json!({ "resourceOwner": "SELF", "resourceShareArns": [arn] });
    aws.ram_refuses("GetResourceShares", named, "UnknownResourceException").await;
}

#[tokio::test]
async fn a_client_token_makes_one_share_only() {
    let aws = start().await;
    let body = json!({ "name": "s", "clientToken": "t-1" });
    let first = aws.ram_ok("CreateResourceShare", body.clone()).await;
    assert_eq!(first["clientToken"], "t-1");
    assert_eq!(aws.ram_ok("CreateResourceShare", body).await, first);
    let other = json!({ "name": "other", "clientToken": "t-1" });
    aws.ram_refuses("CreateResourceShare", other, "IdempotentParameterMismatchException").await;
    let empty = json!({ "name": "other", "clientToken": "" });
    aws.ram_refuses("CreateResourceShare", empty, "InvalidClientTokenException").await;
    let shares = aws.ram_ok("GetResourceShares", json!({ "resourceOwner": "SELF" })).await;
    assert_eq!(shares["resourceShares"].as_array().unwrap().len(), 1);

    // Deleting takes its token in the query string.
    aws.pass(2);
    let arn = text(&first["resourceShare"]["resourceShareArn"]);
    let delete = json!({ "resourceShareArn": arn, "clientToken": "t-2" });
    let deleted = aws.ram_ok("DeleteResourceShare", delete.clone()).await;
    assert_eq!(aws.ram_ok("DeleteResourceShare", delete).await, deleted);
}

#[tokio::test]
async fn a_share_may_have_the_uuid_that_its_caller_wishes_for() {
    let mut aws = start().await;
    let id = "0a1b2c3d-0000-4000-8000-00000000000f";
    aws.wish = Some(id.to_owned());
    let arn = aws.share(json!({ "name": "s", "principals": [OTHER] })).await;
    assert!(arn.ends_with(id));
    aws.ram_refuses("CreateResourceShare", json!({ "name": "s" }), "SandboxIdTaken").await;
}

#[tokio::test]
async fn shares_are_filtered_and_come_in_pages() {
    let aws = start().await;
    for (name, value) in [("a", "x"), ("b", "x"), ("c", "y")] {
        aws.share(json!({ "name": name, "tags": [{ "key": "k", "value": value }] })).await;
    }
    let tagged = |values: &[&str]| json!([{ "tagKey": "k", "tagValues": values }]);
    for (filter, count) in [
        (json!({}), 3),
        (json!({ "tagFilters": tagged(&["x"]) }), 2),
        (json!({ "tagFilters": tagged(&["x", "y"]) }), 3),
        (json!({ "tagFilters": tagged(&[]) }), 3),
        (json!({ "tagFilters": [{ "tagKey": "j" }] }), 0),
        (json!({ "name": "b" }), 1),
        (json!({ "name": "b", "tagFilters": tagged(&["y"]) }), 0),
        (json!({ "resourceShareStatus": "ACTIVE" }), 3),
        (json!({ "resourceShareStatus": "DELETED" }), 0),
    ] {
        let mut body = json!({ "resourceOwner": "SELF" });
        body.as_object_mut().unwrap().extend(filter.as_object().unwrap().clone());
        let found = aws.ram_ok("GetResourceShares", body).await;
        assert_eq!(found["resourceShares"].as_array().unwrap().len(), count, "{filter}");
    }
    let page = aws.ram_ok("GetResourceShares", json!({ "resourceOwner": "SELF", "maxResults": 2 })).await;
    assert_eq!(page["resourceShares"].as_array().unwrap().len(), 2);
    let next = json!({ "resourceOwner": "SELF", "maxResults": 2, "nextToken": page["nextToken"] });
    let rest = aws.ram_ok("GetResourceShares", next).await;
    assert_eq!(rest["resourceShares"].as_array().unwrap().len(), 1);
    assert!(rest.get("nextToken").is_none());
    for (member, value, code) in [
        ("nextToken", json!("zz"), "InvalidNextTokenException"),
        ("maxResults", json!(0), "InvalidParameterException"),
        ("maxResults", json!(501), "InvalidParameterException"),
        ("resourceShareStatus", json!("GONE"), "InvalidParameterException"),
        ("resourceShareArns", json!(["x"]), "MalformedArnException"),
        ("permissionArn", json!("x"), "SerializationException"),
    ] {
        let mut body = json!({ "resourceOwner": "SELF" });
        body[member] = value;
        aws.ram_refuses("GetResourceShares", body, code).await;
    }
    aws.ram_refuses("GetResourceShares", json!({ "resourceOwner": "ME" }), "InvalidParameterException").await;
}

#[tokio::test]
async fn tags_are_set_and_taken_away() {
    let aws = start().await;
    let arn = aws.share(json!({ "name": "s" })).await;
    let tags = json!([{ "key": "a", "value": "1" }, { "key": "b", "value": "2" }]);
    aws.ram_ok("TagResource", json!({ "resourceShareArn": arn, "tags": tags })).await;
    aws.ram_ok("UntagResource", json!({ "resourceShareArn": arn, "tagKeys": ["a"] })).await;
    let seen = aws.ram_ok("GetResourceShares", json!({ "resourceOwner": "SELF" })).await;
    assert_eq!(seen["resourceShares"][0]["tags"], json!([{ "key": "b", "value": "2" }]));
    let tag = |key: &str| json!({ "resourceShareArn": arn, "tags": [{ "key": key, "value": "v" }] });
    aws.ram_refuses("TagResource", tag("aws:x"), "InvalidParameterException").await;
    aws.ram_refuses("TagResource", tag(&"k".repeat(129)), "InvalidParameterException").await;
    let many: Vec<_> = (0..50).map(|n| json!({ "key": format!("k{n}"), "value": "" })).collect();
    let many = json!({ "resourceShareArn": arn, "tags": many });
    aws.ram_refuses("TagResource", many, "TagLimitExceededException").await;
}

#[tokio::test]
async fn what_cannot_be_shared_is_refused() {
    let mut aws = start().await;
    let gateway = aws.shareable().await;
    let own = gateway_arn(&gateway);
    let elsewhere = own.replace(REGION, "us-east-1");
    let missing = gateway_arn("tgw-0123456789abcdef0");
    let vpc = own.replace("transit-gateway/tgw", "vpc/vpc");
    for (member, value, code) in [
        ("resourceArns", json!(["tgw-1"]), "MalformedArnException"),
        ("resourceArns", json!([missing]), "UnknownResourceException"),
        ("resourceArns", json!([elsewhere]), "UnknownResourceException"),
        ("resourceArns", json!([vpc]), "InvalidParameterException"),
        ("principals", json!([ACCOUNT]), "InvalidParameterException"),
        ("principals", json!(["12345"]), "InvalidParameterException"),
        ("name", json!(" "), "InvalidParameterException"),
        ("permissionArns", json!(["AWSRAMDefaultPermissionTransitGateway"]), "MalformedArnException"),
        ("permissionArns", json!(["arn:aws:ram::aws:permission/Other"]), "UnknownResourceException"),
        ("sources", json!([ACCOUNT]), "SerializationException"),
    ] {
        let mut body = json!({ "name": "s" });
        body[member] = value;
        aws.ram_refuses("CreateResourceShare", body, code).await;
    }
    let permission = json!(["arn:aws:ram::aws:permission/AWSRAMDefaultPermissionTransitGateway"]);
    let named = json!({ "name": "s", "resourceArns": [own], "permissionArns": permission });
    let share = aws.share(named).await;
    aws.pass(5);
    let again = json!({ "resourceShareArn": share, "resourceArns": [own] });
    aws.ram_refuses("AssociateResourceShare", again, "InvalidParameterException").await;
    let nothing = json!({ "resourceShareArn": share });
    aws.ram_refuses("AssociateResourceShare", nothing, "InvalidParameterException").await;
    aws.refuses(&[("DeleteTransitGateway", format!("TransitGatewayId={gateway}"), "IncorrectState")]).await;

    // Another account's resource and another account's share are unknown.
    aws.as_account(OTHER);
    aws.ram_refuses("CreateResourceShare", json!({ "name": "s", "resourceArns": [own] }), "UnknownResourceException")
        .await;
    let theirs = json!({ "resourceShareArn": share, "principals": ["777788889999"] });
    aws.ram_refuses("AssociateResourceShare", theirs, "UnknownResourceException").await;
}

#[tokio::test]
async fn the_protocol_is_rest_json() {
    let aws = start().await;
    let reply = aws.rest("ram", "POST", "/getresourceshares", "{").await;
    assert_eq!((reply.status, reply.code().as_str()), (400, "SerializationException"));
    assert!(reply.body.contains("\"message\"") && !reply.body.contains("__type"), "{}", reply.body);
    for (method, path) in [("POST", "/listpermissions"), ("GET", "/getresourceshares"), ("POST", "/")] {
        let reply = aws.rest("ram", method, path, "{}").await;
        assert_eq!(reply.code(), "UnknownOperationException", "{method} {path}");
    }
    let reply = aws.rest("ec2", "POST", "/getresourceshares", "{}").await;
    assert_eq!(reply.status, 404, "{}", reply.body);
}
