//! The roles that operators assume: one reads, one builds, one destroys. What each may do is the sum of what the kinds
//! say that they call, so a new kind brings its own permissions.

use std::collections::BTreeSet;

use gcnet_aws::{
    KINDS, Policy,
    kinds::{Bucket, CertificateAuthority, LogGroup, Role},
    lease,
};
use gcnet_core::{Desired, Stack};
use serde_json::{Value, json};

use super::{ca, ca_roles};
use crate::config::{
    derive::OperatorRole,
    schema::{Credentials, Mfa, Municipality, Operators},
};

pub(super) fn add(municipality: &Municipality, desired: &mut Desired) {
    for role in OperatorRole::ALL {
        add_role(municipality, desired, role, |stack| permissions(municipality, stack, role));
    }
}

/// A role that the file's operators assume; none where nobody may.
pub(super) fn add_role(
    municipality: &Municipality,
    desired: &mut Desired,
    role: OperatorRole,
    permissions: impl FnOnce(&Stack) -> Policy,
) {
    let operators = municipality.operators.as_ref();
    let Some(operators) = operators.filter(|operators| !operators.principals_of(role).is_empty()) else { return };
    let short = role.role_name().trim_start_matches("gcnet-");
    let wish = Role {
        path: path(&desired.stack),
        name: name(&desired.stack, short),
        trust: trust(operators, role),
        policies: [("gcnet".to_string(), permissions(&desired.stack))].into(),
        managed: Default::default(),
    };
    desired.add(short, wish);
}

/// Roles of a stack are under one path, so that policies and reads can name them together.
pub fn path(stack: &Stack) -> String {
    format!("/gcnet/{}/{}/", stack.municipality, stack.environment)
}

/// Role names are unique in an account, whatever their path; several stacks may live in one.
pub(super) fn name(stack: &Stack, short: &str) -> String {
    format!("gcnet-{}-{}-{short}", stack.municipality, stack.environment)
}

/// Hardware MFA is the rule (specification 4.2.1). AWS cannot tell which device was used, only that one was, and sessions
/// of an identity provider do not carry even that: there MFA is the provider's duty.
fn trust(operators: &Operators, role: OperatorRole) -> Policy {
    let principals: Vec<String> = operators.principals_of(role).into_iter().map(ToString::to_string).collect();
    let mut statement = json!({
        "Effect": "Allow",
        "Action": ["sts:AssumeRole"],
        "Principal": { "AWS": principals },
    });
    if operators.mfa.value == Mfa::Required {
        statement["Condition"] = json!({
            "Bool": { "aws:MultiFactorAuthPresent": "true" },
            "NumericLessThan": { "aws:MultiFactorAuthAge": "3600" },
        });
    }
    Policy::new(vec![statement])
}

/// Building includes deleting what a change replaces, but never a root (the VPC, the transit gateway): that takes the
/// role that destroys.
fn permissions(municipality: &Municipality, stack: &Stack, role: OperatorRole) -> Policy {
    let mut reads = BTreeSet::new();
    let mut writes = BTreeSet::new();
    for kind in KINDS.0 {
        let calls = kind.calls();
        reads.extend(calls.observe);
        match role {
            OperatorRole::Plan | OperatorRole::CaAdmin | OperatorRole::CaIssuer => {}
            OperatorRole::Apply => {
                writes.extend(calls.create.iter().chain(calls.update));
                writes.extend(calls.delete.iter().filter(|_| !kind.is_root()));
            }
            OperatorRole::Destroy => writes.extend(calls.delete),
        }
    }
    let writes: BTreeSet<&str> = writes.difference(&reads).copied().collect();
    let mut statements = vec![allow(reads.into_iter().collect(), vec!["*".into()])];
    statements.extend(by_service(municipality, stack, &writes));
    let elsewhere = municipality.private_ca.as_ref().and_then(ca::bucket_elsewhere);
    if let Some(bucket) = elsewhere.filter(|_| matches!(role, OperatorRole::Apply | OperatorRole::Destroy)) {
        statements.push(allow(ca_roles::WRITES.to_vec(), vec![ca_roles::objects(bucket)]));
    }
    statements.extend(lease_of(municipality, stack, role));
    let roles = roles_elsewhere(municipality);
    if !roles.is_empty() {
        statements.push(allow(vec!["sts:AssumeRole"], roles));
    }
    Policy::new(statements)
}

/// To be the only run that works on the stack; whoever leaves nothing behind takes the lease away as well.
fn lease_of(municipality: &Municipality, stack: &Stack, role: OperatorRole) -> Option<Value> {
    let mut actions = lease::CALLS.to_vec();
    match role {
        OperatorRole::Plan | OperatorRole::CaAdmin | OperatorRole::CaIssuer => return None,
        OperatorRole::Apply => {}
        OperatorRole::Destroy => actions.push(lease::REMOVE),
    }
    let (account, region) = (&municipality.accounts.network.id, municipality.region.value.as_str());
    Some(allow(actions, vec![lease::arn(region, account.as_str(), stack)]))
}

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
                format!("arn:aws:iam::{account}:role{}*", path(stack)),
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
