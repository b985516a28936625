//! `gcnet repair`

use std::collections::BTreeSet;

use gcnet_core::Twins;

use super::{
    Cx, Exit, Result,
    execute::{How, Operator},
    session::{Asking, Place, Protected, Session},
};
use crate::report::{message::Message, plan::Goal, twins};

#[derive(clap::Args)]
pub(super) struct Args {
    #[arg(value_name = "CITY")]
    city: String,
    #[arg(long, value_name = "ID")]
    keep: Vec<String>,
    #[arg(long)]
    detailed_exitcode: bool,
    #[arg(long)]
    yes: bool,
}

pub(super) async fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    let fleet = cx.fleet()?;
    Place::with(cx, async |place| {
        let city = cx.city(&fleet, &args.city, place.purpose())?;
        let session = Session::open(cx, place, &city.config).await?;
        session.check_days(city)?;
        let keep: BTreeSet<String> = args.keep.iter().cloned().collect();
        let sets = session.twins(city, &keep)?;
        let again = |options: &str| cx.again(&format!("repair {}{options}", city.key()));
        if sets.is_empty() {
            cx.screen.tell(&Message::NoTwins {
                municipality: city.key().into(),
                plan: cx.again(&format!("plan {}", city.key())),
            });
            return Ok(Exit::Success);
        }
        // Also with -q, as the plan that comes after it.
        cx.screen.say(&twins::text(&sets, &again(" --keep ID"), cx.screen.err_style()));
        let withdrawn = withdrawn(&sets);
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
            is_named: false,
            command: &command,
        };
        let exit = Operator::new(cx, place, how).execute(city, &session, &planned).await?;
        Ok(exit.detailed(args.detailed_exitcode))
    })
    .await
}

fn withdrawn(sets: &[Twins]) -> BTreeSet<String> {
    let goes = sets.iter().flat_map(|set| &set.each).filter(|twin| !twin.stays);
    goes.map(|twin| twin.id.clone()).collect()
}
