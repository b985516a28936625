//! Authorities that are deleted and can be restored, and the command that does it.

use gcnet_aws::{ca::Ca, kinds::CertificateAuthority};
use gcnet_core::{Action, Outcome, Plan, Report, Resource, Stack, Step};

use super::super::{Cx, connect::connect, place::Place};
use crate::{blueprint, config::City, report::ca::trouble::Deleted};

/// What restores an authority of this stack; nothing does where the file says nothing of it.
pub(in crate::cli) fn command(cx: &Cx, city: &City, stack: &Stack, arn: Option<&str>) -> Option<String> {
    let is_theirs = blueprint::stack(&city.config) == *stack && city.config.private_ca.is_some();
    let arn = arn.map(|arn| format!(" --arn {arn}")).unwrap_or_default();
    is_theirs.then(|| cx.again(&format!("ca restore {}{arn}", city.key())))
}

/// What a run has deleted. Only AWS knows until when it can be restored, so one more look is taken where there is something.
pub(in crate::cli) async fn deleted(cx: &Cx, place: &Place, city: &City, plan: &Plan, report: &Report) -> Vec<Deleted> {
    let is_gone = |(step, outcome): &(&Step, &Outcome)| {
        step.action == Action::Delete
            && step.address.kind() == CertificateAuthority::NAME
            && matches!(outcome, Outcome::Done { .. })
    };
    let gone: Vec<&Step> = plan.steps.iter().zip(&report.outcomes).filter(is_gone).map(|(step, _)| step).collect();
    if gone.is_empty() {
        return vec![];
    }
    // That it cannot be looked at is no reason to say nothing.
    let seen = match connect(cx, place, &city.config).await {
        Ok(connected) => connected.aws.cas().await.unwrap_or_default(),
        Err(_) => vec![],
    };
    let of_stack = || seen.iter().filter(|ca| ca.stack == plan.stack);
    let count = |name: &str| of_stack().filter(|ca| ca.is_deleted() && ca.name == name).count();
    let is_clear = of_stack().all(|ca| count(&ca.name) < 2);
    let row = |step: &&Step| {
        let arn = step.have.as_ref()?.id.clone();
        let name = step.address.name();
        let ca = of_stack().find(|ca| ca.arn == arn);
        let lives = |other: &Ca| other.name == name && other.arn != arn && !other.is_deleted();
        let is_free = !of_stack().any(lives);
        Some(Deleted {
            name: name.into(),
            restorable_until: ca.and_then(|ca| ca.restorable_until.clone()),
            command: command(cx, city, &plan.stack, (!is_clear).then_some(arn.as_str())).filter(|_| is_free),
            arn,
        })
    };
    gone.iter().filter_map(row).collect()
}
