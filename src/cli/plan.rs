//! `gcnet plan`

use std::{collections::BTreeMap, path::PathBuf};

use super::{
    Cx, Exit, Made, Result,
    apply::once_each,
    place::Place,
    session::{Asking, Session},
    stdout,
};
use crate::{
    config::Fleet,
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
    ask_again: bool,
    #[arg(long)]
    detailed_exitcode: bool,
}

pub(super) async fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    let fleet = cx.fleet()?;
    let names: Vec<String> = if args.all { fleet.names().map(String::from).collect() } else { args.cities.clone() };
    if args.out.is_some() && names.len() != 1 {
        return Err(Box::new(Message::OutNeedsOne { cities: names.len() }));
    }
    let (documents, failed) =
        Place::with(cx, async |place| Ok(plan_all(cx, args, place, &fleet, &names).await)).await?;
    if args.json {
        match documents.as_slice() {
            [] => Ok(()),
            [one] if names.len() == 1 => cx.screen.json(one),
            many => cx.screen.json(&many),
        }
        .map_err(stdout)?;
    }
    Ok(match args.detailed_exitcode {
        _ if failed => Exit::Failure,
        _ if documents.iter().any(Document::has_decisions) => Exit::Failure,
        true if documents.iter().any(Document::has_steps) => Exit::Changes,
        true if !documents.iter().all(Document::is_empty) => Exit::Waiting,
        _ => Exit::Success,
    })
}

/// One municipality that cannot be planned takes no other along; whether there was one is the second value.
async fn plan_all(cx: &Cx, args: &Args, place: &Place, fleet: &Fleet, names: &[String]) -> (Vec<Document>, bool) {
    let mut documents = vec![];
    let mut failed = false;
    // One read for all municipalities of an account and Region that are reached in the same way.
    let mut sessions: BTreeMap<String, Option<Session>> = BTreeMap::new();
    for name in once_each(names) {
        match plan_one(cx, args, place, fleet, name, &mut sessions).await {
            Ok(Some(document)) => documents.push(document),
            // Its account could not be read, and that was said.
            Ok(None) => failed = true,
            Err(message) => {
                cx.screen.tell(&message);
                failed = true;
            }
        }
    }
    (documents, failed)
}

async fn plan_one(
    cx: &Cx,
    args: &Args,
    place: &Place,
    fleet: &Fleet,
    name: &str,
    sessions: &mut BTreeMap<String, Option<Session>>,
) -> Result<Option<Document>> {
    let city = cx.city(fleet, name, place.purpose())?;
    let network = &city.config.accounts.network;
    let roles: Vec<_> =
        city.config.accounts.others.values().map(|other| (other.id.to_string(), &other.credentials)).collect();
    let key = format!("{} {} {:?} {roles:?}", *network.id, city.config.region.value.as_str(), network.access);
    if !sessions.contains_key(&key) {
        sessions.insert(key.clone(), None);
        sessions.insert(key.clone(), Some(Session::open(cx, place, &city.config).await?));
    }
    let Some(Some(session)) = sessions.get(&key) else { return Ok(None) };
    session.check_days(city)?;
    let planned = session.plan(city, Asking::again(args.ask_again))?;
    if let Some(path) = &args.out {
        plan_file::write(path, &planned.document, &city.source.sha256)
            .map_err(|error| Box::new(Message::PlanFile(error)))?;
    }
    let overview = Overview {
        subject: &planned.subject,
        document: &planned.document,
        deferred: &planned.wish.deferred,
        goal: Goal::Apply,
    };
    if args.markdown {
        cx.screen.data(&plan::markdown(&overview, cx.screen.lang())).map_err(stdout)?;
    } else if !args.json {
        cx.screen.data(&plan::text(&overview, cx.screen.out_style())).map_err(stdout)?;
    }
    if !args.json {
        cx.tell_unseen(city, &planned, Made::Before);
    }
    cx.tell_expiring(city, session)?;
    Ok(Some(planned.document))
}
