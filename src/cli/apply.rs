//! `gcnet apply`

use std::path::{Path, PathBuf};

use super::{
    Cx, Exit, Result,
    execute::{How, execute},
    session::{Place, Planned, Session},
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
    yes: bool,
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    let fleet = cx.fleet()?;
    let place = Place::open(cx).await?;
    if args.plan.is_some() && args.cities.len() != 1 {
        return Err(Box::new(Message::OutNeedsOne { cities: args.cities.len() }));
    }
    let mut cities = vec![];
    for name in &args.cities {
        cities.push(cx.city(&fleet, name, place.purpose())?);
    }
    let mut exit = Exit::Success;
    for city in cities {
        let session = Session::open(cx, &place, &city.config).await?;
        let planned = session.plan(city)?;
        if let Some(path) = &args.plan {
            check_saved(path, city, &planned)?;
        }
        let command = cx.again(&format!("apply {}", city.key()));
        let how = How { goal: Goal::Apply, yes: args.yes, json: args.json, command: &command };
        let ended = execute(cx, &place, &session, city, &planned, &how).await?;
        if ended != Exit::Success {
            exit = ended;
        }
    }
    place.close().await;
    Ok(exit)
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
