//! `gcnet destroy`

use std::collections::BTreeSet;

use gcnet_core::{Stop, lease::End};

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
    report::{message::Message, plan::Goal},
};

#[derive(clap::Args)]
pub(super) struct Args {
    #[arg(value_name = "CITY")]
    city: String,
    #[arg(long)]
    no_lease: bool,
    #[arg(long)]
    detailed_exitcode: bool,
    #[arg(long)]
    yes: bool,
    #[arg(long)]
    include_protected: bool,
    #[arg(long, value_name = "CITY", requires = "include_protected")]
    confirm: Option<String>,
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    let fleet = cx.fleet()?;
    // Before a lease is taken, which only an orderly end gives back.
    let stop = signals::listen(cx.screen.clone(), !args.no_lease);
    let how = lease::How { command: "destroy", none: args.no_lease, json: args.json };
    let leases = Leases::new(cx, how, stop.clone());
    Place::until(cx, &stop, async |place| {
        let city = cx.city(&fleet, &args.city, place.purpose())?;
        let done = destroy(cx, args, place, city, &leases, &stop).await;
        // Where nothing of the stack is left, nothing of its lease is.
        let end = if matches!(done, Ok((Exit::Success, false))) { End::Remove } else { End::Free };
        leases.release(city.key(), end).await;
        Ok(done?.0.detailed(args.detailed_exitcode))
    })
    .await
}

/// How it ended, and whether the role that the run lives by is left.
async fn destroy(
    cx: &Cx,
    args: &Args,
    place: &Place,
    city: &City,
    leases: &Leases<'_>,
    stop: &Stop,
) -> Result<(Exit, bool)> {
    if let Some(given) = args.confirm.as_ref().filter(|given| *given != city.key()) {
        return Err(Box::new(Message::OtherName { given: given.clone(), municipality: city.key().into() }));
    }
    let (protected, option) = match args.include_protected {
        true => (Protected::Included, " --include-protected"),
        false => (Protected::Stays, ""),
    };
    leases.take(place, city).await?;
    let read = async {
        let session = Session::open(cx, place, &city.config).await?;
        let planned = session.plan_destruction(city, protected)?;
        Ok((session, planned))
    };
    let (session, (planned, own_role)) = unless_stopped(stop, read).await?;
    let command = cx.again(&format!("destroy {}{option}", city.key()));
    let (yes, json, is_named) = (args.yes, args.json, args.confirm.is_some());
    let how = How {
        goal: Goal::Destroy,
        yes,
        json,
        asking: Asking::Once,
        protected,
        withdrawn: BTreeSet::new(),
        is_named,
        command: &command,
    };
    let operator = Operator::new(cx, place, how, leases, stop.clone());
    let exit = operator.execute(city, &session, &planned).await?;
    if let Some(arn) = &own_role {
        cx.screen.tell(&Message::OwnRoleKept { arn: arn.clone() });
    }
    Ok((exit, own_role.is_some()))
}
