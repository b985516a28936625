//! CloudWatch Logs.

use gcnet_sandbox::Options;
use serde_json::{Value, json};

use crate::client::{ACCOUNT, Aws};

const KEY: &str = "arn:aws:kms:ap-northeast-1:111122223333:key/1";
const ARN: &str = "arn:aws:logs:ap-northeast-1:111122223333:log-group:/gcnet/a";

async fn logs(aws: &Aws, operation: &str, body: Value) -> (String, Value) {
    let reply = aws.json("logs", &format!("Logs_20140328.{operation}"), &body.to_string()).await;
    let code = if reply.status == 200 { String::new() } else { reply.code() };
    (code, serde_json::from_str(&reply.body).unwrap())
}

async fn ok(aws: &Aws, operation: &str, body: Value) -> Value {
    let (code, answer) = logs(aws, operation, body).await;
    assert_eq!(code, "", "{operation}: {answer}");
    answer
}

#[tokio::test]
async fn a_log_group_lives_and_dies() {
    let aws = Aws::start(Options::default()).await;
    let name = json!({ "logGroupName": "/gcnet/a" });
    ok(&aws, "CreateLogGroup", json!({ "logGroupName": "/gcnet/a", "tags": { "gcnet:stack": "a" } })).await;
    let group = ok(&aws, "DescribeLogGroups", json!({})).await["logGroups"][0].clone();
    assert_eq!(group["arn"], format!("{ARN}:*"));
    assert_eq!(group["logGroupArn"], ARN);
    assert_eq!(group["logGroupClass"], "STANDARD");
    assert!(
        group["creationTime"].is_i64() && group.get("retentionInDays").is_none() && group.get("kmsKeyId").is_none()
    );

    ok(&aws, "PutRetentionPolicy", json!({ "logGroupName": "/gcnet/a", "retentionInDays": 365 })).await;
    ok(&aws, "AssociateKmsKey", json!({ "logGroupName": "/gcnet/a", "kmsKeyId": KEY })).await;
    let group = ok(&aws, "DescribeLogGroups", json!({ "logGroupNamePattern": "GCNET" })).await["logGroups"][0].clone();
    assert_eq!((&group["retentionInDays"], &group["kmsKeyId"]), (&json!(365), &json!(KEY)));
    ok(&aws, "DeleteRetentionPolicy", name.clone()).await;
    ok(&aws, "DisassociateKmsKey", name.clone()).await;
    let group = ok(&aws, "DescribeLogGroups", json!({})).await["logGroups"][0].clone();
    assert!(group.get("retentionInDays").is_none() && group.get("kmsKeyId").is_none());

    ok(&aws, "TagResource", json!({ "resourceArn": ARN, "tags": { "more": "b" } })).await;
    ok(&aws, "UntagResource", json!({ "resourceArn": ARN, "tagKeys": ["gcnet:stack", "none"] })).await;
    assert_eq!(
        ok(&aws, "ListTagsForResource", json!({ "resourceArn": ARN })).await,
        json!({ "tags": { "more": "b" } })
    );
    assert_eq!(aws.sandbox.everything(ACCOUNT)[0].tags["more"], "b");

    ok(&aws, "DeleteLogGroup", name.clone()).await;
    assert_eq!(logs(&aws, "DeleteLogGroup", name).await.0, "ResourceNotFoundException");
}

#[tokio::test]
async fn what_aws_refuses_is_refused() {
    let aws = Aws::start(Options::default()).await;
    ok(&aws, "CreateLogGroup", json!({ "logGroupName": "/gcnet/a" })).await;
    let many: serde_json::Map<String, Value> = (0..51).map(|n| (n.to_string(), json!(""))).collect();
    let fifty: serde_json::Map<String, Value> = many.clone().into_iter().take(50).collect();
    ok(&aws, "TagResource", json!({ "resourceArn": ARN, "tags": fifty })).await;
    for (operation, body, code) in [
        ("CreateLogGroup", json!({ "logGroupName": "/gcnet/a" }), "ResourceAlreadyExistsException"),
        ("CreateLogGroup", json!({ "logGroupName": "a b" }), "InvalidParameterException"),
        ("CreateLogGroup", json!({ "logGroupName": "" }), "InvalidParameterException"),
        ("CreateLogGroup", json!({ "logGroupName": "aws/a" }), "InvalidParameterException"),
        ("CreateLogGroup", json!({ "logGroupName": "b", "tags": many }), "InvalidParameterException"),
        ("CreateLogGroup", json!({ "logGroupName": "b", "tags": { "aws:a": "" } }), "InvalidParameterException"),
        ("CreateLogGroup", json!({ "logGroupName": "b", "logGroupClass": "GOLD" }), "SerializationException"),
        ("CreateLogGroup", json!({ "logGroupName": "b", "deletionProtectionEnabled": true }), "SerializationException"),
        (
            "CreateLogGroup",
            json!({ "logGroupName": "b", "kmsKeyId": KEY.replace("northeast-1", "northeast-3") }),
            "InvalidParameterException",
        ),
        (
            "PutRetentionPolicy",
            json!({ "logGroupName": "/gcnet/a", "retentionInDays": 2 }),
            "InvalidParameterException",
        ),
        ("PutRetentionPolicy", json!({ "logGroupName": "b", "retentionInDays": 1 }), "ResourceNotFoundException"),
        ("DeleteRetentionPolicy", json!({ "logGroupName": "b" }), "ResourceNotFoundException"),
        ("AssociateKmsKey", json!({ "logGroupName": "/gcnet/a", "kmsKeyId": "alias/a" }), "InvalidParameterException"),
        ("AssociateKmsKey", json!({ "logGroupName": "b", "kmsKeyId": KEY }), "ResourceNotFoundException"),
        ("DisassociateKmsKey", json!({ "logGroupName": "b" }), "ResourceNotFoundException"),
        ("TagResource", json!({ "resourceArn": ARN, "tags": { "more": "" } }), "TooManyTagsException"),
        ("TagResource", json!({ "resourceArn": format!("{ARN}:*"), "tags": { "a": "" } }), "InvalidParameterException"),
        ("TagResource", json!({ "resourceArn": format!("{ARN}b"), "tags": { "a": "" } }), "ResourceNotFoundException"),
        ("ListTagsForResource", json!({ "resourceArn": ARN.replace('1', "2") }), "InvalidParameterException"),
        ("DescribeLogGroups", json!({ "limit": 51 }), "InvalidParameterException"),
        ("DescribeLogGroups", json!({ "nextToken": "x" }), "InvalidParameterException"),
        (
            "DescribeLogGroups",
            json!({ "logGroupNamePrefix": "a", "logGroupNamePattern": "a" }),
            "InvalidParameterException",
        ),
        ("ListLogGroups", json!({ "logGroupNamePattern": "^a" }), "InvalidParameterException"),
    ] {
        let (got, answer) = logs(&aws, operation, body.clone()).await;
        assert_eq!(got, code, "{operation} {body}: {answer}");
    }
}

#[tokio::test]
async fn groups_come_in_pages() {
    let aws = Aws::start(Options::default()).await;
    for n in 0..60 {
        ok(&aws, "CreateLogGroup", json!({ "logGroupName": format!("/gcnet/{n:02}") })).await;
    }
    ok(&aws, "CreateLogGroup", json!({ "logGroupName": "/other" })).await;
    let first = ok(&aws, "DescribeLogGroups", json!({ "logGroupNamePrefix": "/gcnet/" })).await;
    assert_eq!(first["logGroups"].as_array().unwrap().len(), 50);
    let next = json!({ "logGroupNamePrefix": "/gcnet/", "nextToken": first["nextToken"] });
    let second = ok(&aws, "DescribeLogGroups", next).await;
    assert_eq!(second["logGroups"][0]["logGroupName"], "/gcnet/50");
    assert_eq!(second["logGroups"].as_array().unwrap().len(), 10);
    assert!(second.get("nextToken").is_none());
    let all = ok(&aws, "ListLogGroups", json!({ "limit": 1000 })).await;
    assert_eq!(all["logGroups"].as_array().unwrap().len(), 61);
}
