//! Flow logs.

use std::time::Duration;

use gcnet_sandbox::{ClockMode, Options, Quotas};

use crate::client::{ACCOUNT, Aws, Reply};

const ROLE: &str = "arn:aws:iam::111122223333:role/gcnet/flow-logs";
const GROUP: &str = "arn:aws:logs:ap-northeast-1:111122223333:log-group:/gcnet/flow";
const CREATE: &str = "CreateFlowLogs";

fn trust(service: &str, account: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Principal":{{"Service":"{service}"}},
        "Action":"sts:AssumeRole","Condition":{{"StringEquals":{{"aws:SourceAccount":"{account}"}},
        "ArnLike":{{"aws:SourceArn":"arn:aws:ec2:ap-northeast-1:{account}:vpc-flow-log/*"}}}}}}}}"#
    )
}

async fn role(aws: &Aws, name: &str, trust: &str) {
    let trust = ("AssumeRolePolicyDocument", trust);
    aws.iam_ok("CreateRole", &[("RoleName", name), ("Path", "/gcnet/"), trust]).await;
}

async fn allow(aws: &Aws, actions: &str) {
    let text =
        format!(r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":[{actions}],"Resource":"*"}}}}"#);
    let policy = [("RoleName", "flow-logs"), ("PolicyName", "write"), ("PolicyDocument", &*text)];
    aws.iam_ok("PutRolePolicy", &policy).await;
}

/// A sandbox with a VPC and a role that has spread.
async fn start(quotas: Quotas) -> (Aws, String) {
    let clock = ClockMode::Stepped(Duration::ZERO);
    let aws = Aws::start(Options { clock, quotas, ..Options::default() }).await;
    let vpc = aws.vpc("10.0.0.0/16").await;
    role(&aws, "flow-logs", &trust("vpc-flow-logs.amazonaws.com", ACCOUNT)).await;
    allow(&aws, r#""logs:CreateLogStream","logs:PutLogEvents""#).await;
    wait(&aws, 10);
    (aws, vpc)
}

fn wait(aws: &Aws, seconds: u64) {
    aws.sandbox.advance(Duration::from_secs(seconds));
}

fn of(vpc: &str) -> String {
    format!(
        "ResourceId.1={vpc} ResourceType=VPC TrafficType=ALL LogDestination={GROUP} DeliverLogsPermissionArn={ROLE}"
    )
}

fn groups(aws: &Aws) -> usize {
    aws.sandbox.everything(ACCOUNT).iter().filter(|resource| resource.kind == "log-group").count()
}

async fn logs(aws: &Aws, operation: &str) -> Reply {
    aws.json("logs", &format!("Logs_20140328.{operation}"), r#"{"logGroupName":"/gcnet/flow"}"#).await
}

#[tokio::test]
async fn a_flow_log_lives_and_dies() {
    let (aws, vpc) = start(Quotas::default()).await;
    logs(&aws, "CreateLogGroup").await;
    let tag = "TagSpecification.1.ResourceType=vpc-flow-log TagSpecification.1.Tag.1.Key=Name \
               TagSpecification.1.Tag.1.Value=all";
    let rest = format!("LogDestinationType=cloud-watch-logs MaxAggregationInterval=60 ClientToken=one {tag}");
    let made = aws.call(CREATE, format!("{} {rest}", of(&vpc))).await;
    assert_eq!(made.one("clientToken"), "one");
    assert!(made.all("unsuccessful.item.resourceId").is_empty());
    let id = made.one("flowLogIdSet.item");
    assert!(id.starts_with("fl-0"), "{id}");

    let read = aws.call("DescribeFlowLogs", format!("FlowLogId.1={id}")).await;
    for (path, value) in [
        ("item.flowLogId", &*id),
        ("item.resourceId", &vpc),
        ("item.trafficType", "ALL"),
        ("item.flowLogStatus", "ACTIVE"),
        ("item.deliverLogsStatus", "SUCCESS"),
        ("item.deliverLogsPermissionArn", ROLE),
        ("item.logDestinationType", "cloud-watch-logs"),
        ("item.logDestination", GROUP),
        ("item.logGroupName", "/gcnet/flow"),
        ("item.maxAggregationInterval", "60"),
        ("item.creationTime", "2026-04-01T00:00:10.000Z"),
        ("tagSet.item.value", "all"),
    ] {
        assert_eq!(read.one(path), value, "{path}");
    }
    assert!(read.one("item.logFormat").starts_with("${version} ${account-id}"));
    for (name, value, count) in [
        ("resource-id", &*vpc, 1),
        ("flow-log-id", &id, 1),
        ("log-group-name", "/gcnet/*", 1),
        ("log-destination-type", "s3", 0),
        ("deliver-log-status", "SUCCESS", 1),
        ("traffic-type", "REJECT", 0),
        ("tag:Name", "all", 1),
        ("tag-key", "name", 0),
    ] {
        let params = format!("Filter.1.Name={name} Filter.1.Value.1={value}");
        let found = aws.call("DescribeFlowLogs", params).await.all("item.flowLogId").len();
        assert_eq!(found, count, "{name}={value}");
    }

    let gone = aws.call("DeleteFlowLogs", format!("FlowLogId.1={id} FlowLogId.2=fl-1")).await;
    assert_eq!(gone.all("unsuccessful.item.resourceId"), ["fl-1"]);
    assert_eq!(gone.one("unsuccessful.item.error.code"), "InvalidFlowLogId.NotFound");
    let again = aws.call("DeleteFlowLogs", format!("FlowLogId.1={id}")).await;
    assert_eq!(again.all("unsuccessful.item.resourceId"), [id.as_str()]);
    assert!(aws.call("DescribeTags", "").await.all("resourceId").is_empty());
    aws.refuses(&[
        ("DescribeFlowLogs", format!("FlowLogId.1={id}"), "InvalidFlowLogId.NotFound"),
        ("DescribeFlowLogs", "MaxResults=1001".to_owned(), "InvalidParameterValue"),
        ("DescribeFlowLogs", "Filter.1.Name=state Filter.1.Value.1=x".to_owned(), "InvalidParameterValue"),
        ("DeleteFlowLogs", String::new(), "MissingParameter"),
    ])
    .await;
}

#[tokio::test]
async fn requests_are_refused_whole() {
    let (aws, vpc) = start(Quotas::default()).await;
    let good = of(&vpc);
    let gateway = aws.call("CreateTransitGateway", "").await.one("transitGatewayId");
    let to = |from: &str, to: &str| good.replace(from, to);
    let of_gateway = to("TrafficType=ALL ", "").replace("=VPC", "=TransitGateway").replace(&vpc, &gateway);
    let many: String = (2..=301).map(|n| format!("ResourceId.{n}=vpc-{n} ")).collect();
    for (name, document) in [
        ("ec2", trust("ec2.amazonaws.com", ACCOUNT)),
        ("foreign", trust("vpc-flow-logs.amazonaws.com", "444455556666")),
    ] {
        role(&aws, name, &document).await;
    }
    wait(&aws, 10);
    role(&aws, "young", &trust("vpc-flow-logs.amazonaws.com", ACCOUNT)).await;
    aws.refuses(&[
        (CREATE, to("ResourceType=VPC", ""), "MissingParameter"),
        (CREATE, to("=VPC", "=NetworkInterface"), "InvalidParameterValue"),
        (CREATE, to(&format!("ResourceId.1={vpc}"), ""), "MissingParameter"),
        (CREATE, format!("{good} ResourceId.2={vpc}"), "InvalidParameter"),
        (CREATE, format!("{good} {many}"), "InvalidParameter"),
        (CREATE, to("TrafficType=ALL", ""), "MissingParameter"),
        (CREATE, to("=ALL", "=SOME"), "InvalidParameterValue"),
        (CREATE, format!("{good} MaxAggregationInterval=300"), "InvalidParameterValue"),
        (CREATE, format!("{good} LogDestinationType=s3"), "InvalidParameterValue"),
        (CREATE, format!("{good} LogGroupName=a"), "InvalidParameter"),
        (CREATE, to(&format!("LogDestination={GROUP}"), ""), "InvalidParameter"),
        (CREATE, to("/gcnet/flow ", "/gcnet/flow:* "), "InvalidParameter"),
        (CREATE, to("logs:ap-northeast-1:", "logs:ap-northeast-3:"), "InvalidParameter"),
        (CREATE, to("111122223333:log-group", "444455556666:log-group"), "InvalidParameter"),
        (CREATE, to(&format!("DeliverLogsPermissionArn={ROLE}"), ""), "MissingParameter"),
        (CREATE, to(ROLE, "arn:aws:iam::444455556666:role/flow-logs"), "InvalidParameter"),
        (CREATE, to(ROLE, "arn:aws:iam::111122223333:role/nobody"), "InvalidParameter"),
        (CREATE, to(ROLE, "arn:aws:iam::111122223333:role/flow-logs"), "InvalidParameter"),
        (CREATE, to("gcnet/flow-logs", "gcnet/ec2"), "InvalidParameter"),
        (CREATE, to("gcnet/flow-logs", "gcnet/foreign"), "InvalidParameter"),
        (CREATE, to("gcnet/flow-logs", "gcnet/young"), "InvalidParameter"),
        (CREATE, format!("{good} LogFormat=version"), "InvalidParameter"),
        (CREATE, format!("{good} TagSpecification.1.ResourceType=vpc"), "InvalidParameterValue"),
        (CREATE, format!("{good} DestinationOptions.FileFormat=parquet"), "UnknownParameter"),
        (CREATE, format!("{good} ClientToken={}", "x".repeat(65)), "InvalidClientToken"),
        (CREATE, format!("{good} DryRun=true"), "DryRunOperation"),
        (CREATE, of_gateway.clone(), "InvalidParameter"),
        (CREATE, format!("{of_gateway} MaxAggregationInterval=60 TrafficType=ALL"), "InvalidParameter"),
    ])
    .await;
    let young = aws.ec2(CREATE, &[]).await;
    assert_eq!(young.code(), "MissingParameter");
    assert!(aws.call("DescribeFlowLogs", "").await.all("item.flowLogId").is_empty());

    // The message is how clients recognise the role that has not spread yet.
    let params = to("gcnet/flow-logs", "gcnet/young");
    let params: Vec<(&str, &str)> = params.split(' ').filter_map(|word| word.split_once('=')).collect();
    let refused = aws.ec2(CREATE, &params).await;
    assert!(refused.one("Message").starts_with("Unable to assume given IAM role"), "{}", refused.body);
    wait(&aws, 10);
    aws.ok(CREATE, &params).await;

    aws.call(CREATE, format!("{of_gateway} MaxAggregationInterval=60 LogFormat=${{version}}")).await;
    let read = aws.call("DescribeFlowLogs", format!("Filter.1.Name=resource-id Filter.1.Value.1={gateway}")).await;
    assert_eq!(read.one("item.logFormat"), "${version}");
    assert!(read.all("item.trafficType").is_empty());
}

#[tokio::test]
async fn resources_fail_one_by_one() {
    let (aws, vpc) = start(Quotas { flow_logs: 2, ..Quotas::default() }).await;
    let subnet = aws.call("CreateSubnet", format!("VpcId={vpc} CidrBlock=10.0.0.0/24")).await.one("subnetId");
    let failures = async |params: String| {
        let answer = aws.call(CREATE, params).await;
        (answer.all("flowLogIdSet.item").len(), answer.all("unsuccessful.item.error.code"))
    };
    let good = of(&vpc);
    let two = format!("{good} ResourceId.2=vpc-1");
    assert_eq!(failures(two).await, (1, vec!["InvalidVpcID.NotFound".to_owned()]));
    for (params, made, code) in [
        (good.clone(), 0, "FlowLogAlreadyExists"),
        // Another format, role or interval makes no other flow log.
        (format!("{good} MaxAggregationInterval=60 LogFormat=${{version}}"), 0, "FlowLogAlreadyExists"),
        (good.replace("=ALL", "=REJECT"), 1, ""),
        (good.replace("=ALL", "=ACCEPT"), 0, "FlowLogsLimitExceeded"),
        (good.replace("=VPC", "=Subnet"), 0, "InvalidSubnetID.Malformed"),
        (good.replace("=VPC", "=Subnet").replace(&vpc, &subnet), 1, ""),
        (good.replace(&vpc, &subnet), 0, "InvalidVpcID.Malformed"),
    ] {
        let codes = Vec::from_iter(Some(code.to_owned()).filter(|code| !code.is_empty()));
        assert_eq!(failures(params.clone()).await, (made, codes), "{params}");
    }
}

#[tokio::test]
async fn a_token_makes_one_flow_log() {
    let (aws, vpc) = start(Quotas::default()).await;
    let good = format!("{} ClientToken=one", of(&vpc));
    let id = aws.call(CREATE, &good).await.one("flowLogIdSet.item");
    assert_eq!(aws.call(CREATE, &good).await.one("flowLogIdSet.item"), id);
    aws.refuses(&[(CREATE, good.replace("=ALL", "=REJECT"), "IdempotentParameterMismatch")]).await;
    aws.call("DeleteFlowLogs", format!("FlowLogId.1={id}")).await;
    // Even then it answers what it answered.
    assert_eq!(aws.call(CREATE, &good).await.one("flowLogIdSet.item"), id);
    assert!(aws.call("DescribeFlowLogs", "").await.all("item.flowLogId").is_empty());
    wait(&aws, 24 * 3600);
    assert_ne!(aws.call(CREATE, &good).await.one("flowLogIdSet.item"), id);
}

#[tokio::test]
async fn delivery_makes_the_log_group_again() {
    let (aws, vpc) = start(Quotas::default()).await;
    // It need not exist.
    let id = aws.call(CREATE, of(&vpc)).await.one("flowLogIdSet.item");
    let status = async || {
        let read = aws.call("DescribeFlowLogs", "").await;
        (read.one("item.deliverLogsStatus"), read.all("item.deliverLogsErrorMessage"))
    };
    let (success, failure) = (("SUCCESS".to_owned(), vec![]), ("FAILED".to_owned(), vec!["Access error".to_owned()]));
    // The role may write, but not make the group.
    assert_eq!(status().await, failure);
    wait(&aws, 600);
    assert_eq!(groups(&aws), 0);
    allow(&aws, r#""logs:*""#).await;
    assert_eq!(status().await, success);
    wait(&aws, 600);
    aws.call("CreateTags", format!("ResourceId.1={id} Tag.1.Key=a")).await;
    assert_eq!(groups(&aws), 1);

    // Whoever deletes the group first, has it back.
    assert_eq!(logs(&aws, "DeleteLogGroup").await.status, 200);
    wait(&aws, 599);
    aws.call("CreateTags", format!("ResourceId.1={id} Tag.1.Key=b")).await;
    assert_eq!(groups(&aws), 0);
    wait(&aws, 1);
    aws.call("CreateTags", format!("ResourceId.1={id} Tag.1.Key=c")).await;
    assert_eq!(groups(&aws), 1);

    // A role that is gone makes it fail.
    for (action, params) in [
        ("DeleteRolePolicy", vec![("RoleName", "flow-logs"), ("PolicyName", "write")]),
        ("DeleteRole", vec![("RoleName", "flow-logs")]),
    ] {
        aws.iam_ok(action, &params).await;
    }
    assert_eq!(status().await, failure);
    aws.call("DeleteFlowLogs", format!("FlowLogId.1={id}")).await;
    assert_eq!(logs(&aws, "DeleteLogGroup").await.status, 200);
    wait(&aws, 3600);
    aws.call("CreateTags", format!("ResourceId.1={vpc} Tag.1.Key=d")).await;
    assert_eq!(groups(&aws), 0);
}
