//! What an assumed role needs for Resolver.

use gcnet_sandbox::{ApiCall, Options};
use serde_json::{Value, json};

use super::{Net, stepped, text};
use crate::client::{ACCOUNT, OTHER, REGION};

/// A role that everybody may assume and that may do this; the key and the token of a session.
fn session(net: &Net, actions: &[&str]) -> (String, String) {
    let allow = |rest: Value| {
        let mut statement = json!({ "Effect": "Allow" });
        statement.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string()
    };
    let iam = |operation: &str, input: Value| net.call_as(ACCOUNT, "iam", operation, input).unwrap();
    let trust = allow(json!({ "Principal": "*", "Action": "sts:AssumeRole" }));
    iam("CreateRole", json!({ "RoleName": "dns", "AssumeRolePolicyDocument": trust }));
    let may = allow(json!({ "Action": actions, "Resource": "*" }));
    iam("PutRolePolicy", json!({ "RoleName": "dns", "PolicyName": "p", "PolicyDocument": may }));
    net.aws.wait(10);
    let role = format!("arn:aws:iam::{ACCOUNT}:role/dns");
    let input = json!({ "RoleArn": role, "RoleSessionName": "me" });
    let made = net.call_as(OTHER, "sts", "AssumeRole", input).unwrap();
    (text(&made["Credentials"]["AccessKeyId"]), text(&made["Credentials"]["SessionToken"]))
}

/// The message of a call that a session with these permissions may not make, or none.
async fn denied(actions: &[&str], operation: &str, input: impl Fn(&Net) -> Value) -> Option<String> {
    let mut net = Net::start_with(Options { enforce_policies: true, ..stepped() }).await;
    net.query_log("there");
    let body = input(&net).to_string();
    let (key, token) = session(&net, actions);
    net.aws.key = key;
    net.aws.token = Some(token);
    let reply = net.aws.json("route53resolver", &format!("Route53Resolver.{operation}"), &body).await;
    if reply.status == 200 {
        return None;
    }
    assert_eq!(reply.code(), "AccessDeniedException", "{}", reply.body);
    Some(reply.body)
}

#[tokio::test]
async fn an_endpoint_needs_permissions_of_ec2() {
    let create = |net: &Net| net.endpoint_input("INBOUND", "1");
    let tagged = |net: &Net| super::with(&create(net), json!({ "Tags": [{ "Key": "a", "Value": "b" }] }));
    let ec2 = ["ec2:Describe*", "ec2:CreateNetworkInterface*"];
    let own = "route53resolver:CreateResolverEndpoint";
    let refused = denied(&[own], "CreateResolverEndpoint", create).await.unwrap();
    assert!(refused.contains("ec2:CreateNetworkInterface "), "{refused}");
    let refused = denied(&[own, ec2[1]], "CreateResolverEndpoint", create).await.unwrap();
    assert!(refused.contains("ec2:DescribeNetworkInterfaces"), "{refused}");
    assert_eq!(denied(&[own, ec2[0], ec2[1]], "CreateResolverEndpoint", create).await, None);
    let refused = denied(&[own, ec2[0], ec2[1]], "CreateResolverEndpoint", tagged).await.unwrap();
    assert!(refused.contains("route53resolver:TagResource"), "{refused}");
}

#[tokio::test]
async fn reading_associations_needs_to_see_vpcs() {
    let nothing = |_: &Net| json!({});
    let own = "route53resolver:List*";
    let refused = denied(&[own], "ListResolverRuleAssociations", nothing).await.unwrap();
    assert!(refused.contains("ec2:DescribeVpcs"), "{refused}");
    assert_eq!(denied(&[own, "ec2:DescribeVpcs"], "ListResolverRuleAssociations", nothing).await, None);
    assert_eq!(denied(&[own], "ListResolverRules", nothing).await, None);
}

#[tokio::test]
async fn query_logging_needs_permissions_of_logs() {
    let destination = format!("arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/dns/there");
    let create = |_: &Net| json!({ "Name": "a", "CreatorRequestId": "a", "DestinationArn": destination });
    let own = "route53resolver:CreateResolverQueryLogConfig";
    let refused = denied(&[own, "logs:*"], "CreateResolverQueryLogConfig", create).await.unwrap();
    assert!(refused.contains("iam:CreateServiceLinkedRole"), "{refused}");
    let refused = denied(&[own, "iam:*"], "CreateResolverQueryLogConfig", create).await.unwrap();
    assert!(refused.contains("logs:CreateLogDelivery"), "{refused}");
    assert_eq!(denied(&[own, "logs:*", "iam:*"], "CreateResolverQueryLogConfig", create).await, None);
}

#[tokio::test]
async fn sharing_a_rule_is_a_permission_of_resolver() {
    let mut net = Net::start_with(Options { enforce_policies: true, ..stepped() }).await;
    let rule = net.rule(&net.endpoint("OUTBOUND"), "city.lg.jp", &["10.9.0.53"]);
    let (key, token) = session(&net, &["ram:*"]);
    let arn = format!("arn:aws:route53resolver:{REGION}:{ACCOUNT}:resolver-rule/{rule}");
    net.aws.key = key;
    net.aws.token = Some(token);
    let body = json!({ "name": "dns", "resourceArns": [arn] }).to_string();
    let reply = net.aws.rest("ram", "POST", "/createresourceshare", &body).await;
    assert!(reply.body.contains("route53resolver:PutResolverRulePolicy"), "{}", reply.body);
    let reply = net.aws.rest("ram", "POST", "/createresourceshare", r#"{"name":"dns"}"#).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    // Over the wire and from within, it is one service.
    let call = ApiCall {
        account: ACCOUNT.to_owned(),
        region: REGION.to_owned(),
        service: "route53resolver".to_owned(),
        operation: "ListResolverRules".to_owned(),
        input: json!({}),
        id: None,
    };
    assert!(net.aws.sandbox.call(&call).is_ok());
}
