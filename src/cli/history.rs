//! `gcnet history`

use super::{Cx, Exit, Result, record::FOLDER, stdout};
use crate::{
    config::Purpose,
    record::{self, Fault, Run},
    report::{
        history::{self, Listing, Trouble},
        message::Message,
    },
};

#[derive(clap::Args)]
pub(super) struct Args {
    #[arg(value_name = "CITY")]
    city: String,
    #[arg(value_name = "RUN")]
    run: Option<String>,
    #[arg(long, value_name = "N", conflicts_with = "run")]
    last: Option<usize>,
    #[arg(long)]
    json: bool,
}

pub(super) fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    let folder = cx.path(".gcnet").join(FOLDER);
    let history = record::read(&folder)
        .map_err(|error| Box::new(Message::Unreadable { path: folder, detail: error.to_string() }))?;
    let key = args.city.as_str();
    let mut runs: Vec<&Run> = history.runs.iter().filter(|run| run.began.municipality == key).collect();
    // A file that is gone or has mistakes has a history all the same; without one, the name may be misspelt.
    if runs.is_empty() {
        let fleet = cx.fleet()?;
        if !fleet.names().any(|name| name == key) {
            cx.city(&fleet, key, Purpose::Validate)?;
        }
    }
    if let Some(name) = &args.run {
        runs.retain(|run| run.began.run == *name);
    }
    if let Some(last) = args.last {
        runs.drain(..runs.len().saturating_sub(last));
    }
    // Asking for one is asking for all of it.
    let in_detail = args.run.is_some() || args.last == Some(1);
    if args.json {
        cx.screen.json(&Listing::new(key, &runs, &history.faults, in_detail)).map_err(stdout)?;
    } else {
        let style = cx.screen.out_style();
        let text = match runs.as_slice() {
            [run] if in_detail => history::run(run, style),
            runs => history::text(runs, style),
        };
        cx.screen.data(&text).map_err(stdout)?;
    }
    for fault in &history.faults {
        cx.screen.tell(&Message::Record(Trouble::Fault(fault.clone())));
    }
    match &args.run {
        Some(run) if runs.is_empty() => {
            let (run, command) = (run.clone(), cx.again(&format!("history {key}")));
            Err(Box::new(Message::Record(Trouble::UnknownRun { run, command })))
        }
        _ if history.faults.iter().all(Fault::is_warning) => Ok(Exit::Success),
        _ => Ok(Exit::Failure),
    }
}
