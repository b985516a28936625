//! How a run ended.

use std::time::Duration;

use gcnet_core::{Outcome, Plan, Report, Step, StepError};

use super::{
    Style,
    document::Subject,
    layout::clean,
    message::{
        call::{self, Origin},
        step,
        told::{Label, Severity, Told},
    },
    plan::Goal,
};

/// Addresses that are listed before the rest is only counted.
const NAMES: usize = 12;

/// A run that is over.
#[derive(Clone, Copy, Debug)]
pub struct End<'a> {
    /// What it was for.
    pub goal: Goal,
    /// Whose network.
    pub subject: &'a Subject,
    /// What was carried out.
    pub plan: &'a Plan,
    /// What became of it.
    pub report: &'a Report,
    /// What to run again to continue.
    pub command: &'a str,
    /// With which profile.
    pub profile: Option<&'a str>,
    /// From the first step to the last.
    pub elapsed: Duration,
}

/// One line for a run that did all; else the failures, what they kept from being done, and how to go on. Ends in a newline;
/// empty when there was nothing to do.
pub fn text(end: &End<'_>, style: Style) -> String {
    if end.plan.is_empty() {
        return String::new();
    }
    if end.report.is_success() {
        return success(end, style);
    }
    let failures = failures(end);
    let done = done(end, style);
    let mut text = String::new();
    for failure in &failures {
        text.push_str(&told(failure, end, (failures.len() == 1).then(|| done.clone()), style).text(style));
        if failures.len() > 1 {
            text.push('\n');
        }
    }
    if end.report.stopped {
        text.push_str(&stopped(end, style).text(style));
    }
    if failures.len() != 1 {
        text.push_str(&Label::Done.paragraph(&done, style));
    }
    text
}

fn success(end: &End<'_>, style: Style) -> String {
    let (steps, time) = (end.plan.steps.len(), step::duration(end.elapsed, style.lang));
    let waits = end.report.is_waiting() || !end.plan.waiting.is_empty();
    let done = match end.goal {
        _ if waits => style.pick(
            format!("{steps} ステップ（{time}）。こちらでできることはすべて済みました"),
            format!("{steps} steps in {time}: all that is ours to do for now"),
        ),
        Goal::Apply => style.pick(
            format!("{steps} ステップすべて（{time}）。AWS はファイルのとおりです"),
            format!("all {steps} steps in {time}; AWS is as the file says"),
        ),
        Goal::Destroy => style.pick(
            format!("{steps} ステップすべて（{time}）。{} のものは残っていません", clean(&end.subject.municipality)),
            format!("all {steps} steps in {time}; nothing of {} is left", clean(&end.subject.municipality)),
        ),
    };
    Label::Done.paragraph(&done, style)
}

fn done(end: &End<'_>, style: Style) -> String {
    let (done, steps, command) = (end.report.done(), end.plan.steps.len(), clean(end.command));
    style.pick(
        format!("{steps} ステップ中 {done}。`{command}` をもう一度実行すると続きから進みます"),
        format!("{done} of {steps} steps; run `{command}` again to continue"),
    )
}

fn stopped(end: &End<'_>, style: Style) -> Told {
    let waiting = end.report.outcomes.iter().filter(|outcome| matches!(outcome, Outcome::NotStarted)).count();
    Told::new(
        Severity::Warning,
        style.pick(
            format!("中断したため、{waiting} ステップを始めていません"),
            format!("the run was stopped, and {waiting} steps were not started"),
        ),
    )
}

/// A failed step, others that failed in the very same way, and the places of all.
struct Failed<'a> {
    step: &'a Step,
    error: &'a StepError,
    also: Vec<&'a Step>,
    places: Vec<usize>,
}

/// In the order of the plan. One refusal that met many steps is told once.
fn failures<'a>(end: &End<'a>) -> Vec<Failed<'a>> {
    let mut failures: Vec<Failed<'a>> = vec![];
    for (place, (step, outcome)) in end.plan.steps.iter().zip(&end.report.outcomes).enumerate() {
        let Outcome::Failed { error } = outcome else { continue };
        match failures.iter_mut().find(|failed| is_same(failed.error, error)) {
            Some(failed) => {
                failed.also.push(step);
                failed.places.push(place);
            }
            None => failures.push(Failed { step, error, also: vec![], places: vec![place] }),
        }
    }
    failures
}

fn is_same(a: &StepError, b: &StepError) -> bool {
    if step::stops_all(a) && step::stops_all(b) {
        return true;
    }
    match (a, b) {
        (StepError::Call(a), StepError::Call(b)) => {
            (a.class, &a.operation, &a.code, &a.account) == (b.class, &b.operation, &b.code, &b.account)
                && (a.permission.is_some() || a.message == b.message)
        }
        _ => false,
    }
}

fn told(failed: &Failed<'_>, end: &End<'_>, done: Option<String>, style: Style) -> Told {
    let origin = Origin { profile: end.profile, endpoint: None };
    let followers = end.plan.steps.iter().zip(&end.report.outcomes).filter_map(|(step, outcome)| match outcome {
        Outcome::Skipped { because_of } if failed.places.contains(because_of) => Some(step),
        _ => None,
    });
    let skipped: Vec<&Step> = followers.collect();
    step::told(&failed.step.address, failed.step.action, failed.error, origin, style.lang)
        .with(Label::Also, names(&failed.also, style))
        .with(Label::Skipped, names(&skipped, style))
        .with(Label::Done, done)
        .with(Label::RequestId, call::request_id(failed.error.failure()))
}

fn names(steps: &[&Step], style: Style) -> Option<String> {
    if steps.is_empty() {
        return None;
    }
    let mut names: Vec<String> = steps.iter().map(|step| clean(step.address.as_str())).collect();
    // Both halves of a replacement have one name.
    names.sort();
    names.dedup();
    let rest = names.len().saturating_sub(NAMES);
    names.truncate(NAMES);
    let names = names.join(", ");
    Some(match rest {
        0 => names,
        _ => style.pick(format!("{names} ほか {rest} 件"), format!("{names} and {rest} more")),
    })
}

#[cfg(test)]
mod tests {
    use gcnet_core::{Class, Failure};
    use insta::assert_snapshot;

    use super::*;
    use crate::report::{
        Lang,
        fixtures::{MINUTES, address, failed, failure, first, subject},
    };

    fn told(plan: &Plan, report: &Report, lang: Lang) -> String {
        let end = End {
            goal: Goal::Apply,
            subject: &subject(),
            plan,
            report,
            command: "gcnet apply naruto",
            profile: Some("naruto"),
            elapsed: Duration::from_secs(72),
        };
        text(&end, Style::plain(lang))
    }

    fn both(at: &str, error: StepError) -> String {
        let (plan, mut text) = (first(), String::new());
        let report = failed(&plan, at, error);
        for lang in [Lang::En, Lang::Ja] {
            text.push_str(&told(&plan, &report, lang));
            text.push('\n');
        }
        text
    }

    #[test]
    fn each_class_of_refusal_has_its_hint() {
        const CREATE: &str = "ec2:CreateFlowLogs";
        let classes = [
            (Class::Denied, "UnauthorizedOperation"),
            (Class::Guardrail, "AccessDenied"),
            (Class::Quota, "TransitGatewayAttachmentLimitExceeded"),
            (Class::Quota, "SomethingLimitExceeded"),
            (Class::Credentials, "ExpiredToken"),
            (Class::Credentials, "RequestTimeTooSkewed"),
            (Class::Credentials, "OptInRequired"),
            (Class::Unreachable, "unreachable"),
            (Class::Unknown, "timeout"),
            (Class::NotYet, "IncorrectState"),
            (Class::NotFound, "InvalidSubnetID.NotFound"),
            (Class::Already, "DuplicateTransitGatewayAttachment"),
            (Class::Throttled, "RequestLimitExceeded"),
            (Class::Invalid, "InvalidParameterValue"),
        ];
        let told: Vec<String> = classes
            .into_iter()
            .map(|(class, code)| {
                let failure = failure(class, CREATE, code, "You are not\u{1b}[31m allowed.");
                both("flow-log/vpc-shared", StepError::Call(failure))
            })
            .collect();
        assert_snapshot!(told.join("---\n"));
    }

    #[test]
    fn each_way_of_being_stuck_has_its_hint() {
        let id = || "tgw-attach-0a1b2c3d4e5f67890".to_string();
        let waited = MINUTES;
        let failure =
            failure(Class::NotYet, "ec2:CreateTransitGatewayVpcAttachment", "IncorrectState", "tgw is modifying");
        let errors = [
            StepError::StillRefused { failure, waited },
            StepError::Call(Failure::internal("gcnet:apply", "no such kind")),
            StepError::Invisible { id: id(), waited },
            StepError::NotReady { id: id(), waited },
            StepError::NotSettling { id: id(), fields: vec!["dns_support".into(), "ipv6".into()] },
            StepError::StillThere { id: id(), waited: Duration::from_secs(90) },
            StepError::Broken { id: id(), reason: "failed".into() },
            StepError::Twins { address: address("tgw-vpc-attachment/shared"), ids: vec![id(), "tgw-attach-1".into()] },
            StepError::Rival { id: None, rival: "tgw-attach-1".into(), left: None },
            StepError::Rival { id: Some(id()), rival: "tgw-attach-1".into(), left: None },
            StepError::Rival {
                id: Some(id()),
                rival: "tgw-attach-1".into(),
                left: Some(self::failure(Class::Denied, "ec2:DeleteTransitGateway", "UnauthorizedOperation", "no")),
            },
        ];
        let told: Vec<String> = errors.into_iter().map(|error| both("flow-log/vpc-shared", error)).collect();
        assert_snapshot!(told.join("---\n"));
    }

    #[test]
    fn one_refusal_that_meets_many_is_told_once() {
        let plan = first();
        let error = |class, code| StepError::Call(failure(class, "ec2:CreateSubnet", code, "no"));
        let mut report = failed(&plan, "subnet/tgw-a", error(Class::Denied, "UnauthorizedOperation"));
        let mut fail = |at: &str, error: StepError| {
            let place = plan.steps.iter().position(|step| step.address.as_str() == at).unwrap();
            report.outcomes[place] = Outcome::Failed { error };
        };
        fail("subnet/dns-a", error(Class::Denied, "UnauthorizedOperation"));
        fail("log-group/flow", error(Class::Quota, "LimitExceededException"));
        let text = format!("{}\n{}", told(&plan, &report, Lang::En), told(&plan, &report, Lang::Ja));
        assert_snapshot!(text);
    }

    #[test]
    fn a_stopped_run_says_what_is_left() {
        let plan = first();
        let outcomes = plan.steps.iter().enumerate().map(|(i, _)| match i {
            0..5 => Outcome::Done { id: "x".into() },
            _ => Outcome::NotStarted,
        });
        let report = Report { outcomes: outcomes.collect(), stopped: true };
        assert_snapshot!(format!("{}\n{}", told(&plan, &report, Lang::En), told(&plan, &report, Lang::Ja)));
    }

    #[test]
    fn a_good_run_is_one_line() {
        let plan = first();
        let outcomes = plan.steps.iter().map(|_| Outcome::Done { id: "x".into() }).collect();
        let report = Report { outcomes, stopped: false };
        assert_eq!(told(&plan, &report, Lang::En), "done: all 39 steps in 72 s; AWS is as the file says\n");
        assert_eq!(told(&plan, &report, Lang::Ja), "完了: 39 ステップすべて（72 秒）。AWS はファイルのとおりです\n");
        let nothing = Plan { steps: vec![], ..plan };
        assert_eq!(told(&nothing, &Report { outcomes: vec![], stopped: false }, Lang::En), "");
    }
}
