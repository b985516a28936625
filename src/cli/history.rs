//! `gcnet history`

use super::{Cx, Exit, Result, record::FOLDER, stdout};
use crate::{
    config::Purpose,
    record::{self, Run},
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
    let fleet = cx.fleet()?;
    // A file with mistakes has a history all the same.
    let key = match fleet.names().find(|name| *name == args.city) {
        Some(key) => key,
        None => cx.city(&fleet, &args.city, Purpose::Validate)?.key(),
    };
    let folder = cx.path(".gcnet").join(FOLDER);
    let history = record::read(&folder)
        .map_err(|error| Box::new(Message::Unreadable { path: folder, detail: error.to_string() }))?;
    let mut runs: Vec<&Run> = history.runs.iter().filter(|run| run.began.municipality == key).collect();
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
        _ if history.faults.is_empty() => Ok(Exit::Success),
        _ => Ok(Exit::Failure),
    }
}
