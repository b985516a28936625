//! One run that is disturbed, and the plain one after it that makes everything good.

use std::{
    collections::BTreeSet,
    panic::AssertUnwindSafe,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use futures::FutureExt;
use gcnet_aws::{Aws, Connection, KINDS};
use gcnet_core::{
    Action, Address, Class as Meaning, Event, Failure, Observed, Options, Outcome, Plan, PlanError, Report, Stop,
    World, apply, observe, plan,
};
use gcnet_sandbox::{ReadLag, Sandbox};

use super::{
    class::Class,
    content::Content,
    stage::{LATER, Stage},
};
use crate::support::{self, connect, connection, failures, summary};

/// How a disturbed run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ended {
    /// Every step of ours was done in spite of it.
    Well,
    /// Steps failed, each with what AWS said or gcnet saw.
    Failed,
    /// There was no plan: a read failed, and it said which.
    Unplanned,
    /// The process died, as it was meant to.
    Died,
    /// It was over before anything went wrong: no run makes exactly as many calls as the one before.
    Unharmed,
}

/// What is told as done before a run ends or dies: which step, and the object's id.
type Claims = Mutex<Vec<(Address, Action, String)>>;

/// Of a death: the run that began at once had a plan, though reads were late.
pub const FOLLOWED: &str = "the run after it had a plan at once";

/// Real time after which a run is taken to hang. A busy machine needs a tenth of it.
const HANGS: Duration = Duration::from_secs(120);

/// Disturbs the stage's run at a place of a calm run's calls. How it ended, and what it said of it.
///
/// # Errors
/// What does not hold, in words for whoever mends it.
pub async fn check(stage: &Stage, class: Class, at: usize) -> Result<(Ended, String), String> {
    let checked = tokio::time::timeout(HANGS, AssertUnwindSafe(disturb(stage, class, at)).catch_unwind()).await;
    match checked {
        Err(_) => Err("it hangs".into()),
        Ok(Ok(checked)) => checked,
        Ok(Err(panic)) => {
            let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
            Err(format!("it panics: {}", text.unwrap_or_default()))
        }
    }
}

async fn disturb(stage: &Stage, class: Class, at: usize) -> Result<(Ended, String), String> {
    let sandbox = Sandbox::restore(&stage.start, class.clock(), at as u64).await.unwrap();
    sandbox.set_read_lag(class.lag());
    class.fault(at, &stage.calls).into_iter().for_each(|fault| sandbox.inject(fault));

    let claims = Claims::default();
    let first = tokio::select! {
        first = disturbed(&sandbox, stage, class, &claims) => Some(first),
        () = sandbox.cut() => None,
    };
    sandbox.heal();
    sandbox.clear_faults();
    let mut ended = judge(class, first)?;
    if class == Class::KilledLagging {
        // It begins at once, and what it sees is late.
        let options = Options { recheck: Duration::from_millis(10), ..support::options() };
        let aws = connect(&sandbox, &stage.municipality).await;
        match planned(&aws, stage).await {
            Ok(plan) => {
                let report = apply(&aws, KINDS, &plan, &options, &Stop::default(), &|_| {}).await;
                only_told(&plan, &report)?;
                ended.1 = FOLLOWED.into();
            }
            // What gave way and its successor seem to be there together, or what is gone seems to be used.
            Err(NoPlan::Unplannable(PlanError::Twins { .. } | PlanError::StillUsed { .. })) => {}
            Err(why) => {
                return Err(format!("no plan right after a death, for another reason than late reads: {why:?}"));
            }
        }
    }
    sandbox.set_read_lag(ReadLag::None);

    let aws = connect(&sandbox, &stage.municipality).await;
    let observed = observe(&aws.fresh(), KINDS).await.map_err(|failure| format!("the second run: {failure}"))?;
    if class != Class::KilledLagging {
        check_claims(&observed, stage, &claims.into_inner().unwrap_or_else(PoisonError::into_inner))?;
    }
    let mut plan = plan_of(&observed, stage).map_err(|error| format!("no second plan: {error}"))?;
    for _ in 0..stage.runs {
        let report = support::run(&aws, &plan).await;
        if !report.is_success() {
            return Err(format!("the second run failed:\n{}", failures(&plan, &report)));
        }
        plan = planned(&aws, stage).await.map_err(|why| format!("no third plan: {why:?}"))?;
        if summary(&plan).is_empty() {
            break;
        }
    }
    sandbox.advance(LATER);
    let differs = Content::of(&sandbox, &stage.municipality).differs(&stage.before, &stage.after);
    if differs.is_empty() { Ok(ended) } else { Err(differs.join("\n")) }
}

/// Why there is no plan.
#[derive(Debug)]
enum NoPlan {
    Unread(Failure),
    Unplannable(PlanError),
}

async fn planned(aws: &Aws, stage: &Stage) -> Result<Plan, NoPlan> {
    let observed = observe(&aws.fresh(), KINDS).await.map_err(NoPlan::Unread)?;
    plan_of(&observed, stage).map_err(|error| match error {
        PlanError::Unseen { failure, .. } => NoPlan::Unread(failure),
        error => NoPlan::Unplannable(error),
    })
}

fn plan_of(observed: &Observed, stage: &Stage) -> Result<Plan, PlanError> {
    plan(KINDS, &stage.wish, &observed.for_wish(&stage.wish)?)
}

async fn disturbed(sandbox: &Sandbox, stage: &Stage, class: Class, claims: &Claims) -> Result<(Plan, Report), NoPlan> {
    let usual = connection(sandbox.endpoint(), &stage.municipality);
    let aws = Aws::connect(&Connection { timing: class.timing(usual.timing), ..usual }).await;
    let plan = planned(&aws, stage).await?;
    let note = |event: Event| {
        if let Event::Done { address, action, id, .. } = event {
            claims.lock().unwrap_or_else(PoisonError::into_inner).push((address, action, id));
        }
    };
    let report = apply(&aws, KINDS, &plan, &class.options(), &Stop::default(), &note).await;
    Ok((plan, report))
}

/// Whether the disturbed run may end like that.
fn judge(class: Class, first: Option<Result<(Plan, Report), NoPlan>>) -> Result<(Ended, String), String> {
    let denies = |meaning: Meaning| matches!(meaning, Meaning::Denied | Meaning::Guardrail);
    match first {
        None if class.kills() => Ok((Ended::Died, String::new())),
        None => Err("the line was cut, and nobody had asked for that".into()),
        Some(Err(NoPlan::Unplannable(error))) => Err(format!("no plan: {error}")),
        Some(Err(NoPlan::Unread(failure))) => {
            let denied = class.denies();
            let told = if denied { denies(failure.class) } else { passes(failure.class) };
            if told {
                Ok((Ended::Unplanned, failure.to_string()))
            } else {
                Err(format!("a read failed as {:?}: {failure}", failure.class))
            }
        }
        Some(Ok((plan, report))) => {
            only_told(&plan, &report)?;
            if report.stopped {
                return Err("it stopped as a whole".into());
            }
            for outcome in &report.outcomes {
                let Outcome::Failed { error } = outcome else { continue };
                let is_denial = error.failure().is_some_and(|failure| denies(failure.class));
                if is_denial != class.denies() {
                    return Err(format!("a step failed otherwise than expected: {error}"));
                }
            }
            let ended = match report.is_success() {
                true if class.kills() => Ended::Unharmed,
                true => Ended::Well,
                false => Ended::Failed,
            };
            Ok((ended, failures(&plan, &report)))
        }
    }
}

/// Of this it is said that the next run may be luckier.
fn passes(meaning: Meaning) -> bool {
    meaning.may_pass() || meaning == Meaning::Unknown
}

/// A failure takes along what comes after it in the plan and nothing else.
fn only_told(plan: &Plan, report: &Report) -> Result<(), String> {
    let mut lost: BTreeSet<usize> = BTreeSet::new();
    for (place, (step, outcome)) in plan.steps.iter().zip(&report.outcomes).enumerate() {
        let follows = step.after.iter().any(|earlier| lost.contains(earlier));
        match outcome {
            Outcome::Failed { .. } => drop(lost.insert(place)),
            Outcome::Skipped { .. } if follows => drop(lost.insert(place)),
            Outcome::Done { .. } | Outcome::Theirs { .. } | Outcome::Held { .. } if !follows => {}
            outcome => return Err(format!("{} ended as {outcome:?}, following a failure: {follows}", step.address)),
        }
    }
    Ok(())
}

/// What was told as done is there, and what was told as deleted is not.
fn check_claims(observed: &Observed, stage: &Stage, claims: &[(Address, Action, String)]) -> Result<(), String> {
    let owned = observed.for_wish(&stage.wish).map_err(|error| format!("{error}"))?;
    for (address, action, id) in claims {
        let mut alive = owned.iter().filter(|owned| !owned.object.is_deleted());
        let is_there = alive.any(|owned| owned.address == *address && owned.object.id == *id);
        if is_there == (*action == Action::Delete) {
            return Err(format!("{address} {id} was told as done ({action:?}); it is there: {is_there}"));
        }
    }
    Ok(())
}
