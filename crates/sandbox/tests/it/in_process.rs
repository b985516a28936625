//! Calls from within the process: the same rules, the same log.

use gcnet_sandbox::{ApiCall, ApiError, Effect, Fault, Matcher, Options, When};
use serde_json::{Value, json};

use crate::client::{ACCOUNT, Aws, OTHER, REGION};

fn call(aws: &Aws, account: &str, service: &str, operation: &str, input: Value) -> Result<Value, ApiError> {
    aws.sandbox.call(&ApiCall {
        account: account.to_owned(),
        region: REGION.to_owned(),
        service: service.to_owned(),
        operation: operation.to_owned(),
        input,
        id: None,
    })
}

#[tokio::test]
async fn an_account_calls_as_itself() {
    let aws = Aws::start(Options::default()).await;
    let tags = json!([{ "ResourceType": "vpc", "Tags": [{ "Key": "Name", "Value": "戸籍 & 附票" }] }]);
    let input = json!({ "CidrBlock": "10.1.0.0/16", "TagSpecifications": tags });
    let vpc = call(&aws, OTHER, "ec2", "CreateVpc", input).unwrap()["vpc"]["vpcId"].clone();

    let seen = call(&aws, OTHER, "ec2", "DescribeVpcs", json!({ "VpcIds": [vpc] })).unwrap();
    assert_eq!(seen["vpcSet"][0]["ownerId"], OTHER);
    assert_eq!(seen["vpcSet"][0]["tagSet"][0]["value"], "戸籍 & 附票");
    assert_eq!(call(&aws, ACCOUNT, "ec2", "DescribeVpcs", json!({})).unwrap(), json!({ "vpcSet": null }));

    let who = call(&aws, OTHER, "sts", "GetCallerIdentity", json!({})).unwrap();
    assert_eq!(who["Account"], OTHER);
    call(&aws, OTHER, "logs", "CreateLogGroup", json!({ "logGroupName": "/a", "tags": null })).unwrap();
    let groups = call(&aws, OTHER, "logs", "DescribeLogGroups", json!({})).unwrap();
    assert_eq!(groups["logGroups"][0]["logGroupName"], "/a");

    let logged: Vec<(String, String)> =
        aws.sandbox.calls().into_iter().map(|call| (call.account, call.operation)).collect();
    assert_eq!(logged[0], (OTHER.to_owned(), "CreateVpc".to_owned()));
    assert_eq!(logged.len(), 6);
}

#[tokio::test]
async fn refusals_have_the_apis_codes() {
    let aws = Aws::start(Options::default()).await;
    for (service, operation, input, code) in [
        ("ec2", "DeleteVpc", json!({ "VpcId": "vpc-0" }), "InvalidVpcID.NotFound"),
        ("ec2", "CreateVpc", json!({ "CidrBlock": "10.0.0.0/16", "Nonsense": 1 }), "UnknownParameter"),
        ("ec2", "Nonsense", json!({}), "InvalidAction"),
        ("ec2", "CreateVpc", json!([]), "SerializationException"),
        ("iam", "GetRole", json!({ "RoleName": "none" }), "NoSuchEntity"),
        ("logs", "DeleteLogGroup", json!({ "logGroupName": "/a" }), "ResourceNotFoundException"),
        ("nonsense", "Nonsense", json!({}), "UnknownOperationException"),
    ] {
        let error = call(&aws, OTHER, service, operation, input).unwrap_err();
        assert_eq!(error.code, code, "{error}");
        assert!(!error.message.is_empty());
    }

    let fault = Fault::always(Matcher::operation("CreateVpc"), Effect::Drop(When::AfterExecution));
    aws.sandbox.inject(fault);
    let input = json!({ "CidrBlock": "10.0.0.0/16" });
    assert_eq!(call(&aws, OTHER, "ec2", "CreateVpc", input).unwrap_err().code, "NoAnswer");
    assert_eq!(aws.sandbox.live(OTHER, REGION)["vpc"].len(), 1);
}

#[tokio::test]
async fn an_id_may_be_wished_for() {
    let aws = Aws::start(Options::default()).await;
    let create = ApiCall {
        account: OTHER.to_owned(),
        region: REGION.to_owned(),
        service: "ec2".to_owned(),
        operation: "CreateVpc".to_owned(),
        input: json!({ "CidrBlock": "10.0.0.0/16" }),
        id: Some("vpc-0a000000000000001".to_owned()),
    };
    assert_eq!(aws.sandbox.call(&create).unwrap()["vpc"]["vpcId"], "vpc-0a000000000000001");
    assert_eq!(aws.sandbox.call(&create).unwrap_err().code, "SandboxIdTaken");
}
