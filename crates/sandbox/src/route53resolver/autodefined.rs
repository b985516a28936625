//! What Resolver defines by itself: the rule that sends all other queries to the internet's name servers, which every VPC
//! has. DOC (CLI reference, list-resolver-rules and list-resolver-rule-associations, examples).

use serde_json::{Value, json};

use crate::service::Ctx;

/// The rule's id.
pub(super) const RULE: &str = "rslvr-autodefined-rr-internet-resolver";

/// It belongs to no account (inspec-aws, route53resolver controls).
pub(super) fn arn(ctx: &Ctx<'_>) -> String {
    format!("arn:aws:route53resolver:{}::autodefined-rule/{RULE}", ctx.region)
}

/// The values of the rule by the filters' names.
pub(super) fn rule_values(filter: &str) -> Vec<String> {
    let value = match filter {
        "DomainName" => ".",
        "Name" => "Internet Resolver",
        "Status" => "COMPLETE",
        "Type" => "RECURSIVE",
        _ => return Vec::new(),
    };
    vec![value.to_owned()]
}

pub(super) fn rule(ctx: &Ctx<'_>) -> Value {
    json!({
        "Id": RULE,
        "CreatorRequestId": "",
        "Arn": arn(ctx),
        "DomainName": ".",
        "Status": "COMPLETE",
        "StatusMessage": "",
        "RuleType": "RECURSIVE",
        "Name": "Internet Resolver",
        "OwnerId": "Route 53 Resolver",
        "ShareStatus": "NOT_SHARED",
    })
}

/// An association as it is listed.
pub(super) struct Row {
    pub id: String,
    pub vpc: String,
    pub json: Value,
}

impl Row {
    pub fn values(&self, filter: &str) -> Vec<String> {
        let value = match filter {
            "Name" => "System Rule Association",
            "ResolverRuleId" => RULE,
            "Status" => "COMPLETE",
            _ => &self.vpc,
        };
        vec![value.to_owned()]
    }
}

/// One for each VPC of the caller's.
pub(super) fn associations(ctx: &Ctx<'_>) -> Vec<Row> {
    let row = |vpc: &String| {
        let id = format!("rslvr-autodefined-assoc-{vpc}-internet-resolver");
        let json = json!({
            "Id": id,
            "ResolverRuleId": RULE,
            "Name": "System Rule Association",
            "VPCId": vpc,
            "Status": "COMPLETE",
            "StatusMessage": "",
        });
        Row { id, vpc: vpc.clone(), json }
    };
    ctx.ec2().vpcs.keys().map(row).collect()
}
