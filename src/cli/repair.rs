//! `gcnet repair`

use std::collections::BTreeSet;

use gcnet_core::{Stop, Twins, lease::End};

use super::{
    Cx, Exit, Result,
    execute::{How, Operator},
    lease::{self, Leases},
    place::Place,
    session::{Asking, Protected, Session},
    signals::{self, unless_stopped},
};
use crate::{
    config::City,
    report::{message::Message, plan::Goal, twins},
};

#[derive(clap::Args)]
pub(super) struct Args {
    #[arg(value_name = "CITY")]
    city: String,
    #[arg(long, value_name = "ID")]
    keep: Vec<String>,
    #[arg(long)]
    no_lease: bool,
    #[arg(long, value_name = "CITY")]
    confirm: Option<String>,
    #[arg(long)]
    detailed_exitcode: bool,
    #[arg(long)]
    yes: bool,
}

pub(super) async fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    let fleet = cx.fleet()?;
    // Before a lease is taken, which only an orderly end gives back.
    let stop = signals::listen(cx.screen.clone(), !args.no_lease);
    let how = lease::How { command: "repair", none: args.no_lease, json: false };
    let leases = Leases::new(cx, how, stop.clone());
    Place::until(cx, &stop, async |place| {
        let city = cx.city(&fleet, &args.city, place.purpose())?;
        let done = repair(cx, args, place, city, &leases, &stop).await;
        leases.release(city.key(), End::Free).await;
        Ok(done?.detailed(args.detailed_exitcode))
    })
    .await
}

async fn repair(cx: &Cx, args: &Args, place: &Place, city: &City, leases: &Leases<'_>, stop: &Stop) -> Result<Exit> {
    if let Some(given) = args.confirm.as_ref().filter(|given| *given != city.key()) {
        return Err(Box::new(Message::OtherName { given: given.clone(), municipality: city.key().into() }));
    }
    leases.take(place, city).await?;
    let keep: BTreeSet<String> = args.keep.iter().cloned().collect();
    let read = async {
        let session = Session::open(cx, place, &city.config).await?;
        session.check_days(city)?;
        let sets = session.twins(city, &keep)?;
        let mut withdrawn = session.withdrawn(city)?;
        withdrawn.extend(goes(&sets));
        Ok((session, sets, withdrawn))
    };
    let (session, sets, withdrawn) = unless_stopped(stop, read).await?;
    if withdrawn.is_empty() {
        let plan = cx.again(&format!("plan {}", city.key()));
        cx.screen.tell(&Message::NoTwins { municipality: city.key().into(), plan });
        return Ok(Exit::Success);
    }
    let again = |options: &str| cx.again(&format!("repair {}{options}", city.key()));
    // What an earlier repair left is no choice any more.
    if !sets.is_empty() {
        // Also with -q, as the plan that comes after it.
        cx.screen.say(&twins::text(&sets, &again(" --keep ID"), cx.screen.err_style()));
    }
    let planned = session.plan_without(city, Asking::Once, &withdrawn)?;
    let kept: String = args.keep.iter().map(|id| format!(" --keep {id}")).collect();
    let command = again(&kept);
    let how = How {
        goal: Goal::Apply,
        yes: args.yes,
        json: false,
        asking: Asking::Once,
        protected: Protected::Stays,
        withdrawn,
        is_named: args.confirm.is_some(),
        command: &command,
    };
    Operator::new(cx, place, how, leases, stop.clone()).execute(city, &session, &planned).await
}

fn goes(sets: &[Twins]) -> impl Iterator<Item = String> {
    let goes = sets.iter().flat_map(|set| &set.each).filter(|twin| !twin.stays);
    goes.map(|twin| twin.id.clone())
}
