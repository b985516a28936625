//! The roles that operators assume: one reads, one builds, one destroys. What each may do is in [`rights`].

use gcnet_aws::{Policy, kinds::Role};
use gcnet_core::{Desired, Stack};
use serde_json::json;

use super::rights::{self, Doing, Extent};
use crate::config::{
    derive::OperatorRole,
    schema::{Mfa, Municipality, Operators},
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
pub(super) fn path(stack: &Stack) -> String {
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

/// Roles are good for whatever the file will ask for next.
fn permissions(municipality: &Municipality, stack: &Stack, role: OperatorRole) -> Policy {
    let doing = match role {
        OperatorRole::Apply => Doing::Apply,
        OperatorRole::Destroy => Doing::Destroy,
        OperatorRole::Plan | OperatorRole::CaAdmin | OperatorRole::CaIssuer => Doing::Plan,
    };
    rights::policy(municipality, stack, doing, Extent::AnyFile)
}
