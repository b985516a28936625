//! `gcnet apply`

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::{
    Cx, Exit, Result,
    execute::{How, Operator},
    session::{Asking, Place, Planned, Protected, Session},
};
use crate::{
    config::City,
    plan_file,
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
    yes: bool,
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    if args.plan.is_some() && args.cities.len() != 1 {
        return Err(Box::new(Message::OutNeedsOne { cities: args.cities.len() }));
    }
    let fleet = cx.fleet()?;
    Place::with(cx, async |place| {
        // Everything is read and planned before the first write: a wrong account, wherever it is, leaves all untouched.
        let mut prepared = vec![];
        for name in once_each(&args.cities) {
            let city = cx.city(&fleet, name, place.purpose())?;
            let session = Session::open(cx, place, &city.config).await?;
            session.check_days(city)?;
            let planned = session.plan(city, Asking::again(args.ask_again))?;
            if let Some(path) = &args.plan {
                check_saved(path, city, &planned)?;
            }
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
        let operator = Operator::new(cx, place, how);
        let mut exit = Exit::Success;
        for (city, session, planned) in &prepared {
            if operator.is_stopped() {
                return Ok(Exit::Failure);
            }
            exit = exit.worse(operator.execute(city, session, planned).await?);
        }
        Ok(exit.detailed(args.detailed_exitcode))
    })
    .await
}

/// A name given twice is meant once: its second plan would be as old as the first.
pub(super) fn once_each(names: &[String]) -> Vec<&String> {
    let mut seen = BTreeSet::new();
    names.iter().filter(|name| seen.insert(*name)).collect()
}

/// A saved plan is not trusted, only compared: what is carried out is planned now, and must be the same.
fn check_saved(path: &Path, city: &City, planned: &Planned) -> Result<()> {
    let saved = plan_file::read(path).map_err(|error| Box::new(Message::PlanFile(error)))?;
    saved.check_subject(&planned.subject).map_err(|error| Box::new(Message::PlanFile(error)))?;
    let difference = plan_file::difference(&saved.plan, &planned.document);
    if difference.is_empty() {
        return Ok(());
    }
    let file_changed = saved.file_sha256 != city.source.sha256;
    Err(Box::new(Message::StalePlan { path: path.into(), difference, file_changed }))
}
