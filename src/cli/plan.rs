//! `gcnet plan`

use std::{collections::BTreeMap, path::PathBuf};

use super::{
    Cx, Exit, Result,
    session::{Place, Session},
    stdout,
};
use crate::{
    config::City,
    plan_file,
    report::{
        document::Document,
        message::Message,
        plan::{self, Goal, Overview},
    },
};

#[derive(clap::Args)]
pub(super) struct Args {
    #[arg(value_name = "CITY", required_unless_present = "all")]
    cities: Vec<String>,
    #[arg(long, conflicts_with = "cities")]
    all: bool,
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[arg(long, conflicts_with = "markdown")]
    json: bool,
    #[arg(long)]
    markdown: bool,
    #[arg(long)]
    detailed_exitcode: bool,
}

pub(super) async fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    let fleet = cx.fleet()?;
    let place = Place::open(cx).await?;
    let names: Vec<String> = if args.all { fleet.names().map(String::from).collect() } else { args.cities.clone() };
    if args.out.is_some() && names.len() != 1 {
        return Err(Box::new(Message::OutNeedsOne { cities: names.len() }));
    }
    let mut cities: Vec<&City> = vec![];
    for name in &names {
        cities.push(cx.city(&fleet, name, place.purpose())?);
    }

    // One read for all municipalities of an account and Region that are reached in the same way.
    let mut sessions: BTreeMap<String, Session> = BTreeMap::new();
    let mut documents: Vec<Document> = vec![];
    for city in &cities {
        let network = &city.config.accounts.network;
        let key = format!("{} {} {:?}", *network.id, city.config.region.value.as_str(), network.access);
        if !sessions.contains_key(&key) {
            sessions.insert(key.clone(), Session::open(cx, &place, &city.config).await?);
        }
        let planned = sessions[&key].plan(city)?;
        if let Some(path) = &args.out {
            plan_file::write(path, &planned.document, &city.source.sha256)
                .map_err(|error| Box::new(Message::PlanFile(error)))?;
        }
        let overview = Overview {
            subject: &planned.subject,
            document: &planned.document,
            deferred: &planned.deferred,
            goal: Goal::Apply,
        };
        if args.markdown {
            cx.screen.data(&plan::markdown(&overview, cx.screen.lang())).map_err(stdout)?;
        } else if !args.json {
            cx.screen.data(&plan::text(&overview, cx.screen.out_style())).map_err(stdout)?;
        }
        documents.push(planned.document);
    }
    if args.json {
        match documents.as_slice() {
            [one] if !args.all => cx.screen.json(one),
            many => cx.screen.json(&many),
        }
        .map_err(stdout)?;
    }
    place.close().await;
    Ok(match args.detailed_exitcode {
        true if documents.iter().any(Document::has_steps) => Exit::Changes,
        true if !documents.iter().all(Document::is_empty) => Exit::Waiting,
        _ => Exit::Success,
    })
}
