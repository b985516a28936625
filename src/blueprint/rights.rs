//! What a run needs to be allowed, as an IAM policy: the sum of what the kinds say that they call, so that a new kind brings its
//! own permissions. The operators' roles and `gcnet permissions` both come from here.

use std::collections::BTreeSet;

use gcnet_aws::{
    KINDS, Policy, audit,
    kinds::{Bucket, CertificateAuthority, LogGroup},
    lease,
};
use gcnet_core::Stack;
use serde_json::{Value, json};

use super::{access, ca, ca_roles, stack, wish};
use crate::config::schema::{Credentials, Municipality};

/// What a run does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Looks.
    Plan,
    /// Builds, which includes deleting what a change replaces or the file no longer wants.
    Apply,
    /// Deletes everything.
    Destroy,
}

/// For which files a policy is good.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// Whatever a later version of the file asks for: a role that had to be changed first could not build what changed it. No root
    /// (the VPC, the transit gateway) is deleted by who builds: that takes the role that destroys.
    AnyFile,
    /// The file as it is.
    ThisFile,
}

/// The least that `doing` takes with this file as it is. What a former version of the file made is not forgotten: all kinds are
/// looked for, and all may be deleted.
pub fn least(municipality: &Municipality, doing: Doing) -> Policy {
    policy(municipality, &stack(municipality), doing, Extent::ThisFile)
}

/// The longest managed policy, in characters that are no whitespace (IAM user guide, "IAM and AWS STS quotas").
pub const MANAGED: usize = 6144;
/// The longest that all inline policies of a role may be together, counted in the same way.
pub const INLINE: usize = 10_240;

/// The same policy in documents that are short enough for managed policies: a list of actions can be cut anywhere.
pub fn split(policy: &Policy) -> Vec<Policy> {
    let mut documents: Vec<Vec<Value>> = vec![vec![]];
    for statement in policy.statements() {
        for action in statement["Action"].as_array().into_iter().flatten() {
            let mut last = documents.pop().unwrap_or_default();
            let mut longer = last.clone();
            match longer.last_mut().filter(|it| without_actions(it) == without_actions(statement)) {
                Some(it) => it["Action"].as_array_mut().into_iter().for_each(|actions| actions.push(action.clone())),
                None => longer.push(with_actions(statement, vec![action.clone()])),
            }
            if Policy::new(longer.clone()).characters() <= MANAGED {
                last = longer;
                documents.push(last);
            } else {
                documents.extend([last, vec![with_actions(statement, vec![action.clone()])]]);
            }
        }
    }
    documents.into_iter().map(Policy::new).collect()
}

fn with_actions(statement: &Value, actions: Vec<Value>) -> Value {
    let mut statement = statement.clone();
    statement["Action"] = Value::Array(actions);
    statement
}

fn without_actions(statement: &Value) -> Value {
    with_actions(statement, vec![])
}

/// Calls that no kind makes: one line each.
struct Beside {
    doing: &'static [Doing],
    wanted: fn(&Municipality) -> bool,
    calls: &'static [&'static str],
}

/// Asking whose credentials these are takes no permission, and roles of other companies are named one by one.
static BESIDE_THE_KINDS: &[Beside] = &[
    // The copy of a run's record.
    Beside { doing: &[Doing::Apply, Doing::Destroy], wanted: |file| file.logs.audit, calls: &audit::CALLS },
    // To be the only run that works on the stack; whoever leaves nothing behind takes the lease away as well.
    Beside { doing: &[Doing::Apply, Doing::Destroy], wanted: |_| true, calls: &lease::CALLS },
    Beside { doing: &[Doing::Destroy], wanted: |_| true, calls: &[lease::REMOVE] },
];

pub(super) fn policy(municipality: &Municipality, stack: &Stack, doing: Doing, extent: Extent) -> Policy {
    let wished = (extent == Extent::ThisFile).then(|| {
        let desired = wish(municipality).desired;
        desired.wants().keys().map(|address| address.kind().to_string()).collect::<BTreeSet<_>>()
    });
    let is_wished = |kind: &str| wished.as_ref().is_none_or(|kinds| kinds.contains(kind));
    let [mut reads, mut writes, mut roots] = [const { BTreeSet::<&str>::new() }; 3];
    for kind in KINDS.0 {
        let calls = kind.calls();
        reads.extend(calls.observe);
        match doing {
            Doing::Plan => {}
            Doing::Apply => {
                if is_wished(kind.name()) {
                    writes.extend(calls.create.iter().chain(calls.update));
                }
                match kind.is_root() {
                    false => writes.extend(calls.delete),
                    true if extent == Extent::ThisFile => roots.extend(calls.delete),
                    true => {}
                }
            }
            Doing::Destroy => writes.extend(calls.delete),
        }
    }
    let beside = BESIDE_THE_KINDS.iter().filter(|it| it.doing.contains(&doing) && (it.wanted)(municipality));
    writes.extend(beside.flat_map(|it| it.calls));
    // Of other companies' roles, and those are named.
    reads.remove(ASSUME);
    let known = |action: &&str| !reads.contains(action) && *action != ASSUME;
    let writes: BTreeSet<&str> = writes.into_iter().filter(known).collect();

    let mut statements = vec![allow(reads.iter().copied().collect(), vec!["*".into()])];
    statements.extend(by_service(municipality, stack, &writes));
    if !roots.is_empty() {
        let mut statement = allow(roots.into_iter().collect(), vec!["*".into()]);
        statement["Sid"] = "RootsThatAReplacementDeletes".into();
        statements.push(statement);
    }
    let elsewhere = municipality.private_ca.as_ref().and_then(ca::bucket_elsewhere);
    if let Some(bucket) = elsewhere.filter(|_| doing != Doing::Plan) {
        statements.push(allow(ca_roles::WRITES.to_vec(), vec![ca_roles::objects(bucket)]));
    }
    let roles = roles_elsewhere(municipality);
    if !roles.is_empty() {
        statements.push(allow(vec![ASSUME], roles));
    }
    Policy::new(statements)
}

/// Only of the roles that other companies gave us.
pub const ASSUME: &str = "sts:AssumeRole";

/// The roles that other companies gave us: reads and writes in their accounts go through them.
fn roles_elsewhere(municipality: &Municipality) -> Vec<String> {
    let others = municipality.accounts.others.values();
    let assumed = others.filter_map(|other| match &other.credentials {
        Credentials::AssumeRole(assumed) => Some(assumed.role.to_string()),
        Credentials::None => None,
    });
    assumed.collect()
}

/// Writes keep to what is this stack's, where the service knows that before the thing exists: by name.
fn by_service(municipality: &Municipality, stack: &Stack, actions: &BTreeSet<&str>) -> Vec<Value> {
    let (account, region) = (municipality.accounts.network.id.to_string(), municipality.region.value.as_str());
    let (vended, actions): (Vec<&str>, Vec<&str>) = actions.iter().partition(|action| VENDED_LOGS.contains(action));
    let (signs, actions): (Vec<&str>, Vec<&str>) = actions.into_iter().partition(|action| *action == ISSUE);
    let services: BTreeSet<&str> = actions.iter().filter_map(|action| Some(action.split_once(':')?.0)).collect();
    let statement = |service: &str| {
        let of_service = |action: &&&str| action.split_once(':').is_some_and(|(s, _)| s == service);
        let actions: Vec<&str> = actions.iter().filter(of_service).copied().collect();
        let resources = match service {
            "iam" => vec![
                format!("arn:aws:iam::{account}:role{}*", access::path(stack)),
                format!("arn:aws:iam::{account}:role/aws-service-role/transitgateway.amazonaws.com/*"),
                format!("arn:aws:iam::{account}:role/aws-service-role/route53resolver.amazonaws.com/*"),
            ],
            "logs" => {
                let groups = LogGroup::arn(region, &account, &LogGroup::path(stack, "*"));
                vec![format!("{groups}:*"), groups]
            }
            "s3" => {
                let buckets = format!("arn:aws:s3:::{}", Bucket::named(stack, "*", &account));
                vec![format!("{buckets}/*"), buckets]
            }
            "ssm" => vec![lease::arn(region, &account, stack)],
            _ => vec!["*".to_string()],
        };
        allow(actions, resources)
    };
    let vended = Some(vended).filter(|vended| !vended.is_empty()).map(|vended| allow(vended, vec!["*".into()]));
    let signs = (!signs.is_empty()).then(|| {
        let condition = json!({ "StringEquals": { "acm-pca:TemplateArn": CertificateAuthority::TEMPLATES } });
        let mut statement = allow(signs, vec!["*".into()]);
        statement["Condition"] = condition;
        statement
    });
    services.into_iter().map(statement).chain(vended).chain(signs).collect()
}

/// Building signs authorities and nobody else.
const ISSUE: &str = "acm-pca:IssueCertificate";

/// They name no log group (CloudWatch Logs, "Enable logging from AWS services": on `*`).
pub const VENDED_LOGS: [&str; 7] = [
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
];

pub(super) fn allow(actions: Vec<&str>, resources: Vec<String>) -> Value {
    json!({ "Effect": "Allow", "Action": actions, "Resource": resources })
}
