//! Systems Manager: Parameter Store.

use gcnet_sandbox::{ClockMode, Options, Quotas};
use serde_json::{Value, json};
use std::time::Duration;

use crate::client::{ACCOUNT, Aws};

const NAME: &str = "/gcnet/naruto/prod/lease";

async fn ssm(aws: &Aws, operation: &str, body: Value) -> (String, Value) {
    let reply = aws.json("ssm", &format!("AmazonSSM.{operation}"), &body.to_string()).await;
    let code = if reply.status == 200 { String::new() } else { reply.code() };
    (code, serde_json::from_str(&reply.body).unwrap())
}

async fn ok(aws: &Aws, operation: &str, body: Value) -> Value {
    let (code, answer) = ssm(aws, operation, body).await;
    assert_eq!(code, "", "{operation}: {answer}");
    answer
}

async fn still() -> Aws {
    Aws::start(Options { clock: ClockMode::Stepped(Duration::from_secs(1)), ..Options::default() }).await
}

#[tokio::test]
async fn a_parameter_lives_and_dies() {
    let aws = still().await;
    let tags = json!([{ "Key": "gcnet:municipality", "Value": "naruto" }]);
    let made = json!({ "Name": NAME, "Value": "one", "Type": "String", "Tags": tags });
    assert_eq!(ok(&aws, "PutParameter", made.clone()).await, json!({ "Version": 1, "Tier": "Standard" }));
    assert_eq!(ssm(&aws, "PutParameter", made).await.0, "ParameterAlreadyExists");
    let over = json!({ "Name": NAME, "Value": "two", "Overwrite": true });
    assert_eq!(ok(&aws, "PutParameter", over).await["Version"], 2);

    let read = ok(&aws, "GetParameter", json!({ "Name": NAME })).await["Parameter"].clone();
    assert_eq!((&read["Value"], &read["Version"], &read["Type"]), (&json!("two"), &json!(2), &json!("String")));
    let arn = format!("arn:aws:ssm:ap-northeast-1:{ACCOUNT}:parameter{NAME}");
    assert_eq!(read["ARN"], arn);
    // The first request was at one second, the third at three.
    assert_eq!(read["LastModifiedDate"], 1_775_001_603.0);
    let first = ok(&aws, "GetParameter", json!({ "Name": format!("{NAME}:1") })).await["Parameter"].clone();
    assert_eq!((&first["Value"], &first["Selector"]), (&json!("one"), &json!(":1")));
    assert_eq!(ok(&aws, "GetParameter", json!({ "Name": arn })).await["Parameter"]["Value"], "two");
    assert_eq!(aws.sandbox.everything(ACCOUNT)[0].tags["gcnet:municipality"], "naruto");

    ok(&aws, "DeleteParameter", json!({ "Name": NAME })).await;
    assert!(aws.sandbox.everything(ACCOUNT).is_empty());
    for operation in ["GetParameter", "DeleteParameter"] {
        assert_eq!(ssm(&aws, operation, json!({ "Name": NAME })).await.0, "ParameterNotFound");
    }
    let again = json!({ "Name": NAME, "Value": "three", "Type": "String" });
    assert_eq!(ssm(&aws, "PutParameter", again.clone()).await.0, "TooManyUpdates");
    aws.sandbox.advance(Duration::from_secs(30));
    assert_eq!(ok(&aws, "PutParameter", again).await["Version"], 1, "versions begin anew");
}

#[tokio::test]
async fn a_hundred_versions_are_kept() {
    let aws = still().await;
    ok(&aws, "PutParameter", json!({ "Name": NAME, "Value": "1", "Type": "String" })).await;
    for n in 2..=101 {
        ok(&aws, "PutParameter", json!({ "Name": NAME, "Value": n.to_string(), "Overwrite": true })).await;
    }
    let at = async |n: u32| ssm(&aws, "GetParameter", json!({ "Name": format!("{NAME}:{n}") })).await;
    assert_eq!(at(1).await.0, "ParameterVersionNotFound");
    assert_eq!(at(2).await.1["Parameter"]["Value"], "2");
    assert_eq!(at(101).await.1["Parameter"]["Value"], "101");
    assert_eq!(at(102).await.0, "ParameterVersionNotFound");
}

#[tokio::test]
async fn what_aws_refuses_is_refused() {
    let aws = still().await;
    ok(&aws, "PutParameter", json!({ "Name": NAME, "Value": "x", "Type": "String" })).await;
    aws.sandbox.set_quotas(Quotas { parameters: 1, ..Quotas::default() });
    let tag = json!([{ "Key": "a", "Value": "b" }]);
    for (body, code) in [
        (json!({ "Name": "/new", "Value": "x", "Type": "String" }), "ParameterLimitExceeded"),
        (json!({ "Name": "/new", "Value": "x" }), "ValidationException"),
        (json!({ "Name": "/new", "Value": "x", "Type": "SecureString" }), "ValidationException"),
        (json!({ "Name": "/new", "Value": "x", "Type": "Text" }), "ValidationException"),
        (json!({ "Name": "ssm", "Value": "x", "Type": "String" }), "ValidationException"),
        (json!({ "Name": "/new", "Value": "", "Type": "String" }), "ValidationException"),
        (json!({ "Name": "/new", "Value": "x".repeat(4097), "Type": "String" }), "ValidationException"),
        (json!({ "Name": "/new", "Value": "a {{ssm:/b}}", "Type": "String" }), "ValidationException"),
        (json!({ "Name": "/new", "Value": "x", "Type": "String", "Tier": "Advanced" }), "ValidationException"),
        (json!({ "Name": NAME, "Value": "x", "Overwrite": true, "Tags": tag }), "ValidationException"),
        (
            json!({ "Name": NAME, "Value": "x", "Overwrite": true, "Type": "StringList" }),
            "HierarchyTypeMismatchException",
        ),
        (json!({ "Name": NAME, "Value": "x", "Overwrite": true, "KeyId": "k" }), "SerializationException"),
        (
            json!({ "Name": "/new", "Value": "x", "Type": "String", "Tags": [{ "Key": "aws:x", "Value": "" }] }),
            "ValidationException",
        ),
    ] {
        assert_eq!(ssm(&aws, "PutParameter", body.clone()).await.0, code, "{body}");
    }
    assert_eq!(ssm(&aws, "GetParameter", json!({ "Name": format!("{NAME}:x") })).await.0, "ParameterVersionNotFound");
}
