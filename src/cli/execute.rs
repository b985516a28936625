//! What apply, destroy and repair share: show, ask, carry out, report.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use gcnet_aws::{KINDS, kinds::CertificateAuthority};
use gcnet_core::{Options, Outcome, Plan, Report, Stop, apply, withdraw};

use super::{
    Cx, Exit, Made, Result,
    ca::restorable,
    lease::Leases,
    place::Place,
    record::Record,
    session::{Asking, Planned, Protected, Session},
    signals::unless_stopped,
    stdout,
};
use crate::{
    config::City,
    record::Command,
    report::{
        ca::trouble::{Restoring, Standing},
        end::{self, End},
        history::Trouble,
        message::{Confirm, Message},
        plan::{self, Goal, Overview},
        progress::{self, Mode, Progress},
    },
};

/// How the operator wants it.
pub(super) struct How<'a> {
    pub(super) goal: Goal,
    /// Nobody is asked.
    pub(super) yes: bool,
    /// Events on stdout instead of words on stderr.
    pub(super) json: bool,
    /// Whether others who refused are asked again.
    pub(super) asking: Asking,
    /// Whether a destroy takes what is protected as well.
    pub(super) protected: Protected,
    /// Ids of twins that give way.
    pub(super) withdrawn: BTreeSet<String>,
    /// The municipality's key was given with the command, as if it had been typed.
    pub(super) is_named: bool,
    /// What to run again to continue.
    pub(super) command: &'a str,
}

/// One command that changes AWS, for one municipality or several.
pub(super) struct Operator<'a> {
    cx: &'a Cx,
    place: &'a Place,
    how: How<'a>,
    leases: &'a Leases<'a>,
    stop: Stop,
}

impl<'a> Operator<'a> {
    /// Whoever requests `stop` stops the command in an orderly way.
    pub(super) fn new(cx: &'a Cx, place: &'a Place, how: How<'a>, leases: &'a Leases<'a>, stop: Stop) -> Self {
        Operator { cx, place, how, leases, stop }
    }

    /// Somebody pressed Ctrl-C, or the credentials gave out: nothing else may be begun.
    pub(super) fn is_stopped(&self) -> bool {
        self.stop.is_requested()
    }

    /// Shows a plan, asks, carries it out and tells how it ended.
    pub(super) async fn execute(&self, city: &City, session: &Session, planned: &Planned) -> Result<Exit> {
        let (cx, how) = (self.cx, &self.how);
        let Planned { subject, plan, wish, document, .. } = planned;
        let asks = !plan.is_empty() && if takes_protected(planned) { !how.is_named } else { !how.yes };
        if asks && (how.json || !cx.screen.is_interactive()) {
            let command = how.command.into();
            return Err(Box::new(match takes_protected(planned) {
                true => Message::NeedsName { command },
                false => Message::NeedsYes { command },
            }));
        }
        let overview = Overview { subject, document, deferred: &wish.deferred, goal: how.goal };
        let text = plan::text(&overview, cx.screen.err_style());
        if asks {
            // Also with -q: nobody signs what was not shown.
            cx.screen.say(&text);
            self.confirm(city, planned).await?;
            unless_stopped(&self.stop, self.check_unchanged(city, planned)).await?;
        } else if !how.json {
            cx.screen.note(&text);
        }

        // Before anything is told to have begun.
        let record = self.record(city, session, planned)?;
        if !how.withdrawn.is_empty() {
            withdraw(&session.aws, KINDS, plan, &self.place.options(cx), &self.stop).await;
        }
        let progress = if how.json {
            let progress = Progress::json(&cx.screen, subject, how.goal, plan);
            self.leases.tell_machines(city);
            progress
        } else {
            Progress::start(&cx.screen, plan, Mode::detect(&cx.screen))
        };
        let since = Instant::now();
        let mut options = Options { run: cx.run(city.key()), ..self.place.options(cx) };
        if self.leases.holds(city) {
            options.rivals = Duration::ZERO;
        }
        let mut report = apply(&session.aws, KINDS, plan, &options, &self.stop, &|event| progress.tell(event)).await;
        let failed = report.outcomes.iter_mut().filter_map(|outcome| match outcome {
            Outcome::Failed { error } => error.failure_mut(),
            _ => None,
        });
        session.aws.unseal(failed).await;
        record.end_of(&session.aws, &report).await;
        let told = progress.finish(&report).map_err(stdout);

        let profile = cx.global.profile.as_deref();
        let (command, elapsed) = (how.command, since.elapsed());
        let text = end::text(
            &End { goal: how.goal, subject, plan, report: &report, command, profile, elapsed },
            cx.screen.err_style(),
        );
        if !report.is_success() || told.is_err() {
            cx.screen.say(&text);
            if record.is_kept() && !how.json {
                // By its name: another run may have begun since.
                let command = cx.again(&format!("history {} {}", city.key(), cx.run(city.key())));
                cx.screen.tell(&Message::Record(Trouble::Look { command }));
            }
            // Machines that read no events were told nothing of what was done; people still are.
            told?;
            self.restorable(city, plan, &report).await?;
            // Reading works, so that what others owe in the other branches can be told. The failure stays the result.
            if report.done() > 0 && !self.is_stopped() && !how.json {
                self.owed(city, session, planned, report.is_waiting()).await.ok();
            }
            return Ok(Exit::Failure);
        }
        cx.screen.note(&text);
        self.restorable(city, plan, &report).await?;
        for authority in CertificateAuthority::outdated_by(plan, &wish.desired) {
            let (name, apply) = (authority.name().into(), how.command.into());
            cx.screen.tell(&Message::Ca(Standing::Outdated { name, apply }.into()));
        }
        self.owed(city, session, planned, report.is_waiting()).await
    }

    /// Begins the record of what is about to be carried out; of nothing there is none.
    fn record(&self, city: &City, session: &Session, planned: &Planned) -> Result<Record> {
        if planned.plan.steps.is_empty() {
            return Ok(Record::none());
        }
        let command = match self.how.goal {
            Goal::Apply if !self.how.withdrawn.is_empty() => Command::Repair,
            Goal::Apply => Command::Apply,
            Goal::Destroy => Command::Destroy,
        };
        let record = Record::begin(self.cx, self.place, city, (&session.aws, &session.identity.arn), command)?;
        record.plan(&planned.document);
        Ok(record)
    }

    /// What was deleted and is not gone for good: whoever deleted it by mistake learns it while there is time.
    async fn restorable(&self, city: &City, plan: &Plan, report: &Report) -> Result<()> {
        let deleted = restorable::deleted(self.cx, self.place, city, plan, report).await;
        if self.how.json && !deleted.is_empty() {
            return self.cx.screen.json_line(&progress::restorable(&deleted)).map_err(stdout);
        }
        for authority in deleted {
            self.cx.screen.tell(&Message::Ca(Restoring::Deleted(authority).into()));
        }
        Ok(())
    }

    /// Who owes what now: what was done may have made it somebody else's move, and ids are known only by now.
    async fn owed(&self, city: &City, session: &Session, planned: &Planned, is_waiting: bool) -> Result<Exit> {
        for (account, permission) in session.aws.refused().into_keys() {
            self.cx.screen.tell(&Message::RoleLacks { account, permission });
        }
        if self.how.goal == Goal::Apply && !self.how.json {
            self.cx.tell_unseen(city, planned, Made::Now);
        }
        // What was done with others may have shown something that nobody knew before.
        let alone = planned.wish.handshakes().next().is_none() && planned.document.waiting.is_empty() && !is_waiting;
        if alone {
            return Ok(Exit::Success);
        }
        let cx = self.cx;
        let now = if planned.plan.steps.is_empty() { None } else { Some(self.plan(city, session).await?) };
        let now = now.as_ref().unwrap_or(planned);
        let document = &now.document;
        if self.how.json {
            cx.screen.json_line(&progress::owed(&document.waiting)).map_err(stdout)?;
        } else if !planned.plan.is_empty() {
            let requests = match self.how.goal {
                Goal::Apply => format!("requests {}", city.key()),
                Goal::Destroy => format!("requests {} --destroy", city.key()),
            };
            let hint = plan::owed(document, &cx.again(&requests), self.how.command, cx.screen.err_style());
            cx.screen.note(&hint);
        }
        Ok(if document.has_decisions() {
            Exit::Failure
        } else if document.waiting.is_empty() {
            Exit::Success
        } else {
            Exit::Waiting
        })
    }

    async fn plan(&self, city: &City, earlier: &Session) -> Result<Planned> {
        let session = Session::open(self.cx, self.place, &city.config).await?.after(earlier);
        match self.how.goal {
            // Who was asked again in this run has been asked.
            Goal::Apply => session.plan_without(city, Asking::Once, &self.how.withdrawn),
            Goal::Destroy => Ok(session.plan_destruction(city, self.how.protected)?.0),
        }
    }

    /// What was agreed to may have become another plan while the question stood there.
    async fn check_unchanged(&self, city: &City, planned: &Planned) -> Result<()> {
        let session = Session::open(self.cx, self.place, &city.config).await?;
        let now = match self.how.goal {
            Goal::Apply => session.plan_without(city, self.how.asking, &self.how.withdrawn)?,
            Goal::Destroy => session.plan_destruction(city, self.how.protected)?.0,
        };
        if now.plan == planned.plan {
            return Ok(());
        }
        Err(Box::new(Message::ChangedMeanwhile { municipality: city.key().into() }))
    }

    async fn confirm(&self, city: &City, planned: &Planned) -> Result<()> {
        let production = planned.subject.environment == "prod";
        let question = match self.how.goal {
            _ if takes_protected(planned) => Confirm::Protected { municipality: city.key().into() },
            _ if production && planned.document.is_destructive() => Confirm::Name { municipality: city.key().into() },
            Goal::Apply => Confirm::Apply,
            Goal::Destroy => Confirm::Destroy,
        };
        // The terminal is read on a thread of its own: a blocked read must not hold up signals.
        let screen = self.cx.screen.clone();
        let answer = tokio::task::spawn_blocking(move || screen.confirm(&question));
        let agreed = tokio::select! {
            answer = answer => matches!(answer, Ok(Ok(true))),
            () = self.stop.requested() => false,
        };
        if agreed { Ok(()) } else { Err(Box::new(Message::Aborted)) }
    }
}

/// Something protected goes: only a typed name agrees to that.
fn takes_protected(planned: &Planned) -> bool {
    planned.plan.steps.iter().any(|step| gcnet_core::takes_protected(KINDS, &planned.wish.desired, step))
}
