//! What the caller's policies allow, without making a call.
//!
//! DOC (IAM API reference, SimulatePrincipalPolicy): identity-based policies and service control policies with their
//! conditions are evaluated; resource control policies, session policies and policies of resources are not.

use aws_sdk_iam::types::{EvaluationResult, PolicyEvaluationDecisionType};
use gcnet_core::{Class, Failure};

use crate::{
    aws::{Aws, Identity},
    read::need,
};

/// Actions in one request: an answer's page has as many.
const AT_ONCE: usize = 100;

/// What a simulation says of one action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulated {
    /// `ec2:CreateVpc`
    pub action: String,
    /// What came of it.
    pub decision: Decision,
}

/// What policies say of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// They allow it.
    Allowed,
    /// None allows it.
    NotAllowed,
    /// One denies it.
    Denied,
    /// A service control policy is against it, or allows nothing.
    Guardrail,
    /// Conditions ask for what only a real call has.
    Depends,
}

impl Aws {
    /// The ARN whose policies a simulation can read: of the user, or of the role behind a session, whose ARN lacks the role's
    /// path. `None` for the account's root user and for federated users.
    ///
    /// # Errors
    /// The role cannot be looked up.
    pub async fn principal(&self, identity: &Identity) -> Result<Option<String>, Failure> {
        const OPERATION: &str = "iam:GetRole";
        let Some((_, session)) = identity.arn.split_once(":assumed-role/") else {
            return Ok(identity.arn.contains(":user/").then(|| identity.arn.clone()));
        };
        let name = session.split('/').next().unwrap_or(session);
        let answer = self.call(OPERATION, self.read().iam.get_role().role_name(name).send()).await?;
        Ok(Some(need(answer.role, OPERATION, "Role")?.arn))
    }

    /// Simulates actions on one resource, an ARN or `*`.
    ///
    /// # Errors
    /// The simulation is not allowed, or failed.
    pub async fn simulate(
        &self,
        principal: &str,
        actions: &[String],
        resource: &str,
    ) -> Result<Vec<Simulated>, Failure> {
        const OPERATION: &str = "iam:SimulatePrincipalPolicy";
        let mut all = vec![];
        for actions in actions.chunks(AT_ONCE) {
            let call = self.read().iam.simulate_principal_policy().policy_source_arn(principal);
            let call = call.set_action_names(Some(actions.to_vec())).resource_arns(resource).max_items(1000);
            let pages = self.pages(OPERATION, call.into_paginator().send()).await?;
            all.extend(pages.iter().flat_map(|page| page.evaluation_results()).map(read));
        }
        // A short answer would hide what is missing.
        match all.len() == actions.len() {
            true => Ok(all),
            false => {
                Err(Failure { class: Class::Invalid, ..Failure::internal(OPERATION, "not every action is answered") })
            }
        }
    }
}

fn read(result: &EvaluationResult) -> Simulated {
    let guardrail = result.organizations_decision_detail().is_some_and(|detail| !detail.allowed_by_organizations())
        || result
            .permissions_boundary_decision_detail()
            .is_some_and(|detail| !detail.allowed_by_permissions_boundary());
    let decision = match result.eval_decision() {
        PolicyEvaluationDecisionType::Allowed => Decision::Allowed,
        _ if guardrail => Decision::Guardrail,
        _ if !result.missing_context_values().is_empty() => Decision::Depends,
        PolicyEvaluationDecisionType::ExplicitDeny => Decision::Denied,
        _ => Decision::NotAllowed,
    };
    Simulated { action: result.eval_action_name().into(), decision }
}
