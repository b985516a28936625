//! What apply and destroy share: show, ask, carry out, report.

use std::time::Instant;

use gcnet_aws::KINDS;
use gcnet_core::{Stop, apply};

use super::{
    Cx, Exit, Result,
    session::{Place, Planned, Session},
    signals, stdout,
};
use crate::{
    config::City,
    report::{
        end::{self, End},
        message::{Confirm, Message},
        plan::{self, Goal, Overview},
        progress::{Mode, Progress},
    },
};

/// How the operator wants it.
pub(super) struct How<'a> {
    pub(super) goal: Goal,
    /// Nobody is asked.
    pub(super) yes: bool,
    /// Events on stdout instead of words on stderr.
    pub(super) json: bool,
    /// What to run again to continue.
    pub(super) command: &'a str,
}

/// Shows a plan, asks, carries it out and tells how it ended.
pub(super) async fn execute(
    cx: &Cx,
    place: &Place,
    session: &Session,
    city: &City,
    planned: &Planned,
    how: &How<'_>,
) -> Result<Exit> {
    let Planned { subject, plan, deferred, document } = planned;
    if !how.json {
        let overview = Overview { subject, document, deferred, goal: how.goal };
        cx.screen.note(&plan::text(&overview, cx.screen.err_style()));
    }
    if !plan.is_empty() && !how.yes {
        confirm(cx, city, planned, how).await?;
    }

    let progress = if how.json {
        Progress::json(&cx.screen, subject, how.goal, plan)
    } else {
        Progress::start(&cx.screen, plan, Mode::detect(&cx.screen))
    };
    let stop = Stop::default();
    let watch = tokio::spawn(signals::watch(stop.clone(), cx.screen.clone()));
    let since = Instant::now();
    let options = place.options(cx);
    let report = apply(&session.aws, KINDS, plan, &options, &stop, &|event| progress.tell(event)).await;
    watch.abort();
    progress.finish(&report).map_err(stdout)?;

    let profile = cx.global.profile.as_deref();
    let end =
        End { goal: how.goal, subject, plan, report: &report, command: how.command, profile, elapsed: since.elapsed() };
    let text = end::text(&end, cx.screen.err_style());
    if report.is_success() {
        cx.screen.note(&text);
        return Ok(Exit::Success);
    }
    cx.screen.say(&text);
    Ok(Exit::Failure)
}

async fn confirm(cx: &Cx, city: &City, planned: &Planned, how: &How<'_>) -> Result<()> {
    if !cx.screen.is_interactive() {
        return Err(Box::new(Message::NeedsYes { command: how.command.into() }));
    }
    let production = planned.subject.environment == "prod";
    let question = match how.goal {
        _ if production && planned.plan.is_destructive() => Confirm::Name { municipality: city.key().into() },
        Goal::Apply => Confirm::Apply,
        Goal::Destroy => Confirm::Destroy,
    };
    // The terminal is read on a thread of its own: a blocked read must not hold up signals.
    let screen = cx.screen.clone();
    let answer = tokio::task::spawn_blocking(move || screen.confirm(&question)).await;
    match answer {
        Ok(Ok(true)) => Ok(()),
        _ => Err(Box::new(Message::Aborted)),
    }
}
