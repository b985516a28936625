//! `gcnet apply`

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use gcnet_core::{Stop, lease::End};

use super::{
    Cx, Exit, Result,
    execute::{How, Operator},
    lease::{self, Leases},
    place::Place,
    session::{Asking, Planned, Protected, Session},
    signals::{self, unless_stopped},
};
use crate::{
    config::{City, Fleet},
    plan_file::{self, PlanFile},
    report::{message::Message, plan::Goal},
};

#[derive(clap::Args)]
pub(super) struct Args {
    #[arg(value_name = "CITY", required = true)]
    cities: Vec<String>,
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,
    #[arg(long)]
    ask_again: bool,
    #[arg(long)]
    detailed_exitcode: bool,
    #[arg(long)]
    no_lease: bool,
    #[arg(long)]
    yes: bool,
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    if args.plan.is_some() && args.cities.len() != 1 {
        return Err(Box::new(Message::OutNeedsOne { cities: args.cities.len() }));
    }
    let fleet = cx.fleet()?;
    // Before a lease is taken, which only an orderly end gives back.
    let stop = signals::listen(cx.screen.clone(), !args.no_lease);
    let how = lease::How { command: "apply", none: args.no_lease, json: args.json };
    let leases = Leases::new(cx, how, stop.clone());
    Place::until(cx, &stop, async |place| {
        let done = apply(cx, args, place, &fleet, &leases, &stop).await;
        leases.release_all().await;
        done
    })
    .await
}

async fn apply(cx: &Cx, args: &Args, place: &Place, fleet: &Fleet, leases: &Leases<'_>, stop: &Stop) -> Result<Exit> {
    // Everything is read and planned before the first write: a wrong account, wherever it is, leaves all untouched.
    let saved = args.plan.as_deref().map(plan_file::read).transpose();
    let saved = saved.map_err(|error| Box::new(Message::PlanFile(error)))?;
    let mut prepared = vec![];
    for name in once_each(&args.cities) {
        let city = cx.city(fleet, name, place.purpose())?;
        // What was read before would be older than what somebody else did last. Never dropped half way: who has it gives it back.
        leases.take(place, city).await?;
        let (session, planned) = unless_stopped(stop, prepare(cx, args, saved.as_ref(), place, city)).await?;
        prepared.push((city, session, planned));
    }
    let command = cx.again(&format!("apply {}", args.cities.join(" ")));
    let how = How {
        goal: Goal::Apply,
        yes: args.yes,
        json: args.json,
        asking: Asking::again(args.ask_again),
        protected: Protected::Stays,
        withdrawn: BTreeSet::new(),
        is_named: false,
        command: &command,
    };
    let operator = Operator::new(cx, place, how, leases, stop.clone());
    let mut exit = Exit::Success;
    for (n, (city, session, planned)) in prepared.iter().enumerate() {
        if operator.is_stopped() {
            not_reached(cx, &prepared[n..]);
            return Ok(Exit::Failure);
        }
        let done = operator.execute(city, session, planned).await;
        exit = exit.worse(done.inspect_err(|_| not_reached(cx, &prepared[n + 1..]))?);
        leases.release(city.key(), End::Free).await;
    }
    Ok(exit.detailed(args.detailed_exitcode))
}

/// Names those that the command did not come to.
fn not_reached(cx: &Cx, rest: &[(&City, Session, Planned)]) {
    if !rest.is_empty() {
        let municipalities = rest.iter().map(|(city, ..)| city.key().into()).collect();
        cx.screen.tell(&Message::NotReached { municipalities });
    }
}

async fn prepare(
    cx: &Cx,
    args: &Args,
    saved: Option<&PlanFile>,
    place: &Place,
    city: &City,
) -> Result<(Session, Planned)> {
    let session = Session::open(cx, place, &city.config).await?;
    session.check_days(city)?;
    let planned = session.plan(city, Asking::again(args.ask_again))?;
    if let (Some(path), Some(saved)) = (&args.plan, saved) {
        check_saved(path, saved, city, &planned)?;
    }
    Ok((session, planned))
}

/// A name given twice is meant once: its second plan would be as old as the first.
pub(super) fn once_each(names: &[String]) -> Vec<&String> {
    let mut seen = BTreeSet::new();
    names.iter().filter(|name| seen.insert(*name)).collect()
}

/// A saved plan is not trusted, only compared: what is carried out is planned now, and must be the same.
fn check_saved(path: &Path, saved: &PlanFile, city: &City, planned: &Planned) -> Result<()> {
    saved.check_subject(&planned.subject).map_err(|error| Box::new(Message::PlanFile(error)))?;
    let difference = plan_file::difference(&saved.plan, &planned.document);
    if difference.is_empty() {
        return Ok(());
    }
    let file_changed = saved.file_sha256 != city.source.sha256;
    Err(Box::new(Message::StalePlan { path: path.into(), difference, file_changed }))
}
