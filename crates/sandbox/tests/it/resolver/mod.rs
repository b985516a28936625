//! Route 53 Resolver: endpoints, rules, query logging, and who else sees them.

mod associations;
mod endpoints;
mod permissions;
mod query_logs;
mod rules;
mod shared;

use gcnet_sandbox::{ApiCall, ApiError, Options};
use serde_json::{Value, json};

use crate::client::{ACCOUNT, Aws, OTHER, REGION};
use crate::transit_gateway::stepped;

const NOBODY: &str = "arn:aws:route53resolver:ap-northeast-1:111122223333:resolver-rule/rslvr-rr-0";

/// An account with a VPC, a subnet in each of two zones, and a security group.
struct Net {
    aws: Aws,
    vpc: String,
    subnets: [String; 2],
    group: String,
}

impl Net {
    async fn start() -> Self {
        Self::start_with(stepped()).await
    }

    async fn start_with(options: Options) -> Self {
        let aws = Aws::start(options).await;
        let (vpc, subnets) = aws.vpc_with_subnets(1).await;
        let group = aws.group(&vpc, "dns").await;
        Self { aws, vpc, subnets, group }
    }

    /// A call of any service's as an account.
    fn call_as(&self, account: &str, service: &str, operation: &str, input: Value) -> Result<Value, ApiError> {
        self.aws.sandbox.call(&ApiCall {
            account: account.to_owned(),
            region: REGION.to_owned(),
            service: service.to_owned(),
            operation: operation.to_owned(),
            input,
            id: None,
        })
    }

    /// A call of Resolver that must succeed.
    fn ok(&self, operation: &str, input: Value) -> Value {
        self.ok_as(ACCOUNT, operation, input)
    }

    fn ok_as(&self, account: &str, operation: &str, input: Value) -> Value {
        let answer = self.call_as(account, "route53resolver", operation, input.clone());
        answer.unwrap_or_else(|error| panic!("{operation} {input}: {error}"))
    }

    /// One that must be refused with this code; its message.
    fn refused(&self, operation: &str, input: Value, code: &str) -> String {
        self.refused_as(ACCOUNT, operation, input, code)
    }

    fn refused_as(&self, account: &str, operation: &str, input: Value, code: &str) -> String {
        let answer = self.call_as(account, "route53resolver", operation, input.clone());
        let error = answer.expect_err(&format!("{operation} {input} was not refused"));
        assert_eq!(error.code, code, "{operation} {input}: {error}");
        error.message
    }

    /// What creates an endpoint with two addresses that Resolver chooses, or the second ones of `ips`.
    fn endpoint_input(&self, direction: &str, request_id: &str) -> Value {
        json!({
            "CreatorRequestId": request_id,
            "Name": "dns",
            "Direction": direction,
            "SecurityGroupIds": [self.group],
            "IpAddresses": self.subnets.iter().map(|id| json!({ "SubnetId": id })).collect::<Value>(),
        })
    }

    /// An endpoint that is operational.
    fn endpoint(&self, direction: &str) -> String {
        let made = self.ok("CreateResolverEndpoint", self.endpoint_input(direction, direction));
        self.aws.wait(120);
        text(&made["ResolverEndpoint"]["Id"])
    }

    fn endpoint_status(&self, id: &str) -> String {
        let read = self.ok("GetResolverEndpoint", json!({ "ResolverEndpointId": id }));
        text(&read["ResolverEndpoint"]["Status"])
    }

    /// The addresses of an endpoint: id, subnet, address, status.
    fn addresses(&self, endpoint: &str) -> Vec<[String; 4]> {
        let read = self.ok("ListResolverEndpointIpAddresses", json!({ "ResolverEndpointId": endpoint }));
        let rows = read["IpAddresses"].as_array().unwrap().iter();
        rows.map(|row| ["IpId", "SubnetId", "Ip", "Status"].map(|name| text(&row[name]))).collect()
    }

    /// A rule that forwards.
    fn rule(&self, endpoint: &str, domain: &str, targets: &[&str]) -> String {
        let made = self.ok("CreateResolverRule", forward(endpoint, domain, targets));
        text(&made["ResolverRule"]["Id"])
    }

    /// An association of the account's VPC that is complete.
    fn associated(&self, rule: &str) -> String {
        let made = self.ok("AssociateResolverRule", json!({ "ResolverRuleId": rule, "VPCId": self.vpc }));
        self.aws.wait(60);
        text(&made["ResolverRuleAssociation"]["Id"])
    }

    /// The ids that a list answers with.
    fn listed(&self, account: &str, operation: &str, input: Value) -> Vec<String> {
        let read = self.ok_as(account, operation, input);
        let rows = read[operation.strip_prefix("List").unwrap()].as_array().unwrap().iter();
        rows.map(|row| text(&row["Id"])).collect()
    }

    fn log_group(&self, name: &str) -> String {
        self.call_as(ACCOUNT, "logs", "CreateLogGroup", json!({ "logGroupName": name })).unwrap();
        format!("arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}")
    }

    /// A configuration that is created.
    fn query_log(&self, name: &str) -> String {
        let input = json!({ "Name": name, "CreatorRequestId": name, "DestinationArn": self.log_group(&format!("/dns/{name}")) });
        let made = self.ok("CreateResolverQueryLogConfig", input);
        self.aws.wait(5);
        text(&made["ResolverQueryLogConfig"]["Id"])
    }

    /// Shares something with [`OTHER`], which accepts and sees it: the share's ARN.
    fn share(&self, resource: &str) -> String {
        let input = json!({ "name": "dns", "resourceArns": [resource], "principals": [OTHER] });
        let made = self.call_as(ACCOUNT, "ram", "CreateResourceShare", input).unwrap();
        self.aws.wait(10);
        let invitations = self.call_as(OTHER, "ram", "GetResourceShareInvitations", json!({})).unwrap();
        let waiting = invitations["resourceShareInvitations"].as_array().unwrap().iter();
        let waiting: Vec<&Value> = waiting.filter(|one| one["status"] == "PENDING").collect();
        let arn = json!({ "resourceShareInvitationArn": waiting[0]["resourceShareInvitationArn"] });
        self.call_as(OTHER, "ram", "AcceptResourceShareInvitation", arn).unwrap();
        self.aws.wait(30);
        text(&made["resourceShare"]["resourceShareArn"])
    }

    /// Takes it away again.
    fn unshare(&self, share: &str) {
        let input = json!({ "resourceShareArn": share, "principals": [OTHER] });
        self.call_as(ACCOUNT, "ram", "DisassociateResourceShare", input).unwrap();
        self.aws.wait(5);
    }

    /// The other account's VPC.
    fn other_vpc(&self) -> String {
        let made = self.call_as(OTHER, "ec2", "CreateVpc", json!({ "CidrBlock": "10.211.0.0/16" })).unwrap();
        text(&made["vpc"]["vpcId"])
    }
}

fn forward(endpoint: &str, domain: &str, targets: &[&str]) -> Value {
    json!({
        "CreatorRequestId": format!("{domain} {}", targets.join(" ")),
        "RuleType": "FORWARD",
        "DomainName": domain,
        "ResolverEndpointId": endpoint,
        "TargetIps": targets.iter().map(|ip| json!({ "Ip": ip })).collect::<Value>(),
    })
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// A copy with some members replaced.
fn with(input: &Value, members: Value) -> Value {
    let mut copy = input.clone();
    for (name, value) in members.as_object().unwrap() {
        copy[name] = value.clone();
    }
    copy
}

#[tokio::test]
async fn tags_are_their_owners() {
    let net = Net::start().await;
    let input = with(&net.endpoint_input("INBOUND", "1"), json!({ "Tags": [{ "Key": "a", "Value": "1" }] }));
    let made = net.ok("CreateResolverEndpoint", input);
    let arn = text(&made["ResolverEndpoint"]["Arn"]);
    let id = text(&made["ResolverEndpoint"]["Id"]);
    assert_eq!(arn, format!("arn:aws:route53resolver:{REGION}:{ACCOUNT}:resolver-endpoint/{id}"));
    let named = json!({ "ResourceArn": arn });
    let more = json!([{ "Key": "b", "Value": "" }, { "Key": "c", "Value": "3" }]);
    net.ok("TagResource", with(&named, json!({ "Tags": more })));
    net.ok("UntagResource", with(&named, json!({ "TagKeys": ["a", "none"] })));
    let page = net.ok("ListTagsForResource", with(&named, json!({ "MaxResults": 1 })));
    assert_eq!(page["Tags"], json!([{ "Key": "b", "Value": "" }]));
    let rest = net.ok("ListTagsForResource", with(&named, json!({ "NextToken": page["NextToken"] })));
    assert_eq!(rest, json!({ "Tags": [{ "Key": "c", "Value": "3" }] }));
    let inventory = net.aws.sandbox.everything(ACCOUNT);
    let listed = inventory.iter().find(|one| one.kind == "resolver-endpoint").unwrap();
    assert_eq!((listed.id.as_str(), listed.tags["c"].as_str()), (id.as_str(), "3"));

    for (tags, code) in [
        (json!([{ "Key": "aws:a", "Value": "" }]), "InvalidTagException"),
        (json!([{ "Key": "a", "Value": "" }, { "Key": "a", "Value": "" }]), "InvalidTagException"),
        (json!([{ "Key": "", "Value": "" }]), "InvalidTagException"),
        (json!([{ "Key": "a" }]), "SerializationException"),
    ] {
        net.refused("TagResource", with(&named, json!({ "Tags": tags })), code);
    }
    let many: Value = (0..200).map(|n| json!({ "Key": n.to_string(), "Value": "" })).collect();
    net.refused("TagResource", with(&named, json!({ "Tags": many })), "LimitExceededException");
    net.refused("ListTagsForResource", json!({ "ResourceArn": NOBODY }), "ResourceNotFoundException");
    net.refused("ListTagsForResource", json!({ "ResourceArn": "odd" }), "ResourceNotFoundException");
    net.refused_as(OTHER, "ListTagsForResource", named, "AccessDeniedException");
    let default = format!("arn:aws:route53resolver:{REGION}::autodefined-rule/rslvr-autodefined-rr-internet-resolver");
    let message =
        net.refused("UntagResource", json!({ "ResourceArn": default, "TagKeys": [] }), "InvalidRequestException");
    assert!(message.contains("[RSLVR-00903]"), "{message}");
}

#[tokio::test]
async fn five_requests_a_second_are_taken_when_asked() {
    let net = Net::start_with(Options { limit_rates: true, ..stepped() }).await;
    let read = || net.call_as(ACCOUNT, "route53resolver", "ListResolverRules", json!({}));
    let answers: Vec<_> = (0..50).map(|_| read()).collect();
    let taken = answers.iter().filter(|answer| answer.is_ok()).count();
    assert!((5..50).contains(&taken), "{taken}");
    let refused = answers.into_iter().find_map(Result::err).unwrap();
    assert_eq!((refused.code.as_str(), refused.message.as_str()), ("ThrottlingException", "Rate exceeded"));
    // Neither the other services nor the other accounts are concerned.
    assert!(net.call_as(ACCOUNT, "ec2", "DescribeVpcs", json!({})).is_ok());
    assert!(net.call_as(OTHER, "route53resolver", "ListResolverRules", json!({})).is_ok());
}

#[tokio::test]
async fn all_of_it_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let options = || Options { file: Some(folder.path().join("sandbox.json")), ..stepped() };
    let net = Net::start_with(options()).await;
    let endpoint = net.endpoint("OUTBOUND");
    let rule = net.rule(&endpoint, "city.lg.jp", &["10.9.0.53"]);
    net.associated(&rule);
    let query_log = net.query_log("log");
    net.ok("AssociateResolverQueryLogConfig", json!({ "ResolverQueryLogConfigId": query_log, "ResourceId": net.vpc }));
    let read = |net: &Net| {
        [
            "ListResolverEndpoints",
            "ListResolverRules",
            "ListResolverRuleAssociations",
            "ListResolverQueryLogConfigs",
            "ListResolverQueryLogConfigAssociations",
        ]
        .map(|operation| net.ok(operation, json!({})))
    };
    let (before, addresses) = (read(&net), net.addresses(&endpoint));
    let Net { aws, vpc, subnets, group } = net;
    aws.sandbox.stop().await;
    let net = Net { aws: Aws::start(options()).await, vpc, subnets, group };
    assert_eq!((read(&net), net.addresses(&endpoint)), (before, addresses));
}
