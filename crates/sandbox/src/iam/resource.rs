//! What an action is done to, by ARN, where the request tells. DOC (service authorization reference, "Resource types" of each
//! service). Those of EC2, Direct Connect, RAM, Route 53, its Resolver and Private CA are not told apart: gcnet's policies name
//! none of them.

use serde_json::Value;

use crate::iam::Request;
use crate::protocol::Body;
use crate::s3;
use crate::ssm;
use crate::store::State;

/// The services whose own role comes with a call, and its name. DOC (IAM user guide, "AWS services that work with IAM"; the
/// guides of the services, "Using service-linked roles").
static LINKED: &[(&str, &str)] = &[
    ("ec2", "transitgateway.amazonaws.com/AWSServiceRoleForVPCTransitGateway"),
    ("route53resolver", "route53resolver.amazonaws.com/AWSServiceRoleForRoute53Resolver"),
];

pub(super) fn of(request: &Request<'_>, action: &str, state: &State) -> Option<String> {
    let account = &request.caller.account;
    match (request.service, request.input) {
        ("s3", Body::Rest(rest)) => Some(s3::arn(rest)),
        ("sts", Body::Form(form)) => form.get("RoleArn").cloned(),
        ("logs", Body::Json(input)) => group(request, action, input),
        ("ssm", Body::Json(input)) => ssm::arn(input, request.region, account),
        ("iam", Body::Form(form)) => {
            let name = form.get("RoleName")?;
            let made = || {
                let path = form.get("Path").map_or("/", String::as_str);
                format!("arn:aws:iam::{account}:role{path}{name}")
            };
            let role = state.account(account).iam.roles.get(name);
            Some(role.map_or_else(made, |role| role.arn()))
        }
        (_, Body::Form(form)) if action == "iam:PassRole" => form.get("DeliverLogsPermissionArn").cloned(),
        (service, _) if action == "iam:CreateServiceLinkedRole" => {
            let (_, role) = LINKED.iter().find(|(of, _)| *of == service)?;
            Some(format!("arn:aws:iam::{account}:role/aws-service-role/{role}"))
        }
        _ => None,
    }
}

/// DOC (LogGroup, "arn" and "logGroupArn"): policies name a group with `:*` after it, but without for what concerns its tags.
fn group(request: &Request<'_>, action: &str, input: &Value) -> Option<String> {
    let name = input.get("logGroupName").and_then(Value::as_str);
    let arn = match (name, input.get("resourceArn").and_then(Value::as_str)) {
        (Some(name), _) => format!("arn:aws:logs:{}:{}:log-group:{name}", request.region, request.caller.account),
        (None, Some(arn)) => arn.to_owned(),
        (None, None) => return None,
    };
    if let (Some(stream), "PutLogEvents" | "GetLogEvents") =
        (input.get("logStreamName").and_then(Value::as_str), request.operation)
    {
        return Some(format!("{arn}:log-stream:{stream}"));
    }
    let is_about_tags =
        ["TagResource", "UntagResource", "ListTagsForResource"].iter().any(|tags| action.ends_with(tags));
    Some(if is_about_tags { arn } else { format!("{arn}:*") })
}
