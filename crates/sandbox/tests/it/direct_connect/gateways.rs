//! Direct Connect gateways and their tags.

use gcnet_sandbox::{ApiCall, Options, Quotas};
use serde_json::json;

use super::{dx, gateway, text};
use crate::client::{ACCOUNT, Aws, OTHER};
use crate::transit_gateway::stepped;

#[tokio::test]
async fn a_gateway_lives_and_dies() {
    let aws = Aws::start(stepped()).await;
    let input = json!({ "directConnectGatewayName": "dxgw", "tags": [{ "key": "Name", "value": "a" }] });
    let made = dx(&aws, ACCOUNT, "CreateDirectConnectGateway", input).unwrap()["directConnectGateway"].clone();
    let id = text(&made["directConnectGatewayId"]);
    assert_eq!(id.len(), 36);
    assert_eq!((&made["amazonSideAsn"], &made["directConnectGatewayState"]), (&json!(64512), &json!("pending")));
    assert_eq!((&made["ownerAccount"], &made["tags"][0]["value"]), (&json!(ACCOUNT), &json!("a")));

    aws.wait(5);
    let named = json!({ "directConnectGatewayId": id });
    let renamed = json!({ "directConnectGatewayId": id, "newDirectConnectGatewayName": "other" });
    dx(&aws, ACCOUNT, "UpdateDirectConnectGateway", renamed).unwrap();
    let listed = dx(&aws, ACCOUNT, "DescribeDirectConnectGateways", named.clone()).unwrap();
    assert_eq!(listed["directConnectGateways"][0]["directConnectGatewayName"], "other");
    assert_eq!(listed["directConnectGateways"][0]["directConnectGatewayState"], "available");
    // Its owner sees it from everywhere, and nobody else does.
    let elsewhere = ApiCall {
        account: ACCOUNT.to_owned(),
        region: "ap-northeast-3".to_owned(),
        service: "directconnect".to_owned(),
        operation: "DescribeDirectConnectGateways".to_owned(),
        input: json!({}),
        id: None,
    };
    assert_eq!(aws.sandbox.call(&elsewhere).unwrap(), listed);
    let none = json!({ "directConnectGateways": [] });
    assert_eq!(dx(&aws, OTHER, "DescribeDirectConnectGateways", named.clone()).unwrap(), none);
    assert!(dx(&aws, OTHER, "DeleteDirectConnectGateway", named.clone()).unwrap_err().contains("does not exist"));

    let gone = dx(&aws, ACCOUNT, "DeleteDirectConnectGateway", named.clone()).unwrap();
    assert_eq!(gone["directConnectGateway"]["directConnectGatewayState"], "deleting");
    assert!(dx(&aws, ACCOUNT, "DeleteDirectConnectGateway", named.clone()).is_err());
    aws.wait(30);
    assert_eq!(dx(&aws, ACCOUNT, "DescribeDirectConnectGateways", named.clone()).unwrap(), none);
    assert!(dx(&aws, ACCOUNT, "DeleteDirectConnectGateway", named).unwrap_err().contains("does not exist"));
    assert!(aws.sandbox.everything(ACCOUNT).is_empty());
}

#[tokio::test]
async fn what_aws_refuses_is_refused() {
    let quotas = Quotas { direct_connect_gateways: 1, ..Quotas::default() };
    let aws = Aws::start(Options { quotas, ..stepped() }).await;
    for input in [
        json!({ "directConnectGatewayName": " " }),
        json!({ "directConnectGatewayName": "a", "amazonSideAsn": 7224 }),
        json!({ "directConnectGatewayName": "a", "amazonSideAsn": 65535 }),
        json!({ "directConnectGatewayName": "a", "tags": [] }),
        json!({ "directConnectGatewayName": "a", "tags": [{ "key": "k" }, { "key": "k" }] }),
        json!({ "directConnectGatewayName": "a", "tags": [{ "key": "aws:k" }] }),
    ] {
        assert!(dx(&aws, ACCOUNT, "CreateDirectConnectGateway", input.clone()).is_err(), "{input}");
    }
    let id = gateway(&aws, ACCOUNT, 4_200_000_000);
    let second = json!({ "directConnectGatewayName": "a" });
    assert!(dx(&aws, ACCOUNT, "CreateDirectConnectGateway", second).unwrap_err().contains("limit"));
    let unnamed = json!({ "directConnectGatewayId": id, "newDirectConnectGatewayName": "" });
    assert!(dx(&aws, ACCOUNT, "UpdateDirectConnectGateway", unnamed).is_err());
    assert!(dx(&aws, ACCOUNT, "DescribeDirectConnectGateways", json!({ "maxResults": 0 })).is_err());
    assert!(dx(&aws, ACCOUNT, "DescribeDirectConnectGateways", json!({ "nextToken": "x" })).is_err());

    let reply = aws.json("directconnect", "OvertureService.CreateDirectConnectGateway", r#"{"colour":"red"}"#).await;
    assert_eq!((reply.status, reply.code().as_str()), (400, "SerializationException"));
}

#[tokio::test]
async fn lists_have_pages() {
    let aws = Aws::start(stepped()).await;
    let made: std::collections::BTreeSet<String> = (0..5).map(|n| gateway(&aws, ACCOUNT, 64_520 + n)).collect();
    let (mut seen, mut token) = (Vec::new(), json!(null));
    loop {
        let input = json!({ "maxResults": 2, "nextToken": token });
        let page = dx(&aws, ACCOUNT, "DescribeDirectConnectGateways", input).unwrap();
        let rows = page["directConnectGateways"].as_array().unwrap();
        seen.extend(rows.iter().map(|row| text(&row["directConnectGatewayId"])));
        token = page["nextToken"].clone();
        if token.is_null() {
            break;
        }
        assert_eq!(rows.len(), 2);
    }
    assert_eq!(seen, made.into_iter().collect::<Vec<_>>());
}

#[tokio::test]
async fn tags_are_their_owners() {
    let aws = Aws::start(stepped()).await;
    let id = gateway(&aws, ACCOUNT, 64512);
    let arn = format!("arn:aws:directconnect::{ACCOUNT}:dx-gateway/{id}");
    let tags = json!({ "resourceArn": arn, "tags": [{ "key": "a", "value": "1" }, { "key": "b" }] });
    dx(&aws, ACCOUNT, "TagResource", tags.clone()).unwrap();
    dx(&aws, ACCOUNT, "UntagResource", json!({ "resourceArn": arn, "tagKeys": ["b", "none"] })).unwrap();
    let read = dx(&aws, ACCOUNT, "DescribeTags", json!({ "resourceArns": [arn] })).unwrap();
    let expected = json!([{ "resourceArn": arn, "tags": [{ "key": "a", "value": "1" }] }]);
    assert_eq!(read["resourceTags"], expected);
    assert_eq!(aws.sandbox.everything(ACCOUNT)[0].tags["a"], "1");

    assert!(dx(&aws, OTHER, "TagResource", tags).unwrap_err().contains("does not exist"));
    assert!(dx(&aws, OTHER, "DescribeTags", json!({ "resourceArns": [arn] })).is_err());
    let many: Vec<_> = (0..50).map(|n| json!({ "key": n.to_string() })).collect();
    let body = json!({ "resourceArn": arn, "tags": many }).to_string();
    let reply = aws.json("directconnect", "OvertureService.TagResource", &body).await;
    assert_eq!(reply.code(), "TooManyTagsException");
    let twice = json!({ "resourceArn": arn, "tags": [{ "key": "c" }, { "key": "c" }] }).to_string();
    let reply = aws.json("directconnect", "OvertureService.TagResource", &twice).await;
    assert_eq!(reply.code(), "DuplicateTagKeysException");
}
