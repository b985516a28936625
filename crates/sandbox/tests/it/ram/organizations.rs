//! Accounts that belong together, and shares that are closed to others.

use std::collections::BTreeSet;

use gcnet_sandbox::Organizations;
use serde_json::json;

use super::{gateway_arn, start};
use crate::client::{ACCOUNT, Aws, OTHER};

const STRANGER: &str = "777788889999";

fn together(aws: &Aws) {
    let accounts = BTreeSet::from([ACCOUNT.to_owned(), OTHER.to_owned()]);
    aws.sandbox.set_organizations(Organizations(vec![accounts]));
}

#[tokio::test]
async fn inside_an_organization_nobody_is_invited() {
    let mut aws = start().await;
    together(&aws);
    let gateway = gateway_arn(&aws.shareable().await);
    let body = json!({
        "name": "s", "allowExternalPrincipals": false, "resourceArns": [gateway], "principals": [OTHER]
    });
    let share = aws.share(body).await;
    aws.pass(5);
    assert_eq!(aws.principal(&share).await, "ASSOCIATED");
    let stranger = json!({ "resourceShareArn": share, "principals": [STRANGER] });
    aws.ram_refuses("AssociateResourceShare", stranger, "InvalidParameterException").await;
    aws.as_account(OTHER);
    assert!(aws.invitations().await.is_empty());
    aws.pass(20);
    let seen = aws.call("DescribeTransitGateways", "").await;
    assert_eq!(seen.all("item.ownerId"), [ACCOUNT]);
}

#[tokio::test]
async fn a_closed_share_takes_nobody_and_nothing_outside_an_organization() {
    let aws = start().await;
    let gateway = gateway_arn(&aws.shareable().await);
    let closed = |more: &str, value: &str| json!({ "name": "s", "allowExternalPrincipals": false, more: [value] });
    for body in [closed("resourceArns", &gateway), closed("principals", OTHER)] {
        aws.ram_refuses("CreateResourceShare", body, "OperationNotPermittedException").await;
    }
    aws.share(json!({ "name": "empty", "allowExternalPrincipals": false })).await;

    // A share with strangers cannot be closed to them.
    let open = aws.share(json!({ "name": "open", "principals": [OTHER] })).await;
    let close = json!({ "resourceShareArn": open, "allowExternalPrincipals": false });
    aws.ram_refuses("UpdateResourceShare", close, "InvalidParameterException").await;
}

#[tokio::test]
async fn organizations_are_set_over_http() {
    let aws = start().await;
    let headers = [("Content-Type".to_owned(), "application/json".to_owned())];
    let body = format!(r#"[["{ACCOUNT}", "{OTHER}"]]"#);
    let reply = aws.send("PUT", "/_sandbox/organizations", &headers, body.as_bytes()).await.unwrap();
    assert_eq!(reply.status, 200, "{}", reply.body);
    let share = aws.share(json!({ "name": "s", "allowExternalPrincipals": false, "principals": [OTHER] })).await;
    aws.pass(5);
    assert_eq!(aws.principal(&share).await, "ASSOCIATED");
}
