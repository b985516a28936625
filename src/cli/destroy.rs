//! `gcnet destroy`

use std::collections::BTreeSet;

use super::{
    Cx, Exit, Result,
    execute::{How, Operator},
    session::{Asking, Place, Protected, Session},
};
use crate::report::{message::Message, plan::Goal};

#[derive(clap::Args)]
pub(super) struct Args {
    #[arg(value_name = "CITY")]
    city: String,
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
    Place::with(cx, async |place| {
        let city = cx.city(&fleet, &args.city, place.purpose())?;
        if let Some(given) = args.confirm.as_ref().filter(|given| *given != city.key()) {
            return Err(Box::new(Message::OtherName { given: given.clone(), municipality: city.key().into() }));
        }
        let (protected, option) = match args.include_protected {
            true => (Protected::Included, " --include-protected"),
            false => (Protected::Stays, ""),
        };
        let session = Session::open(cx, place, &city.config).await?;
        let (planned, own_role) = session.plan_destruction(city, protected)?;
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
        let exit = Operator::new(cx, place, how).execute(city, &session, &planned).await?;
        if let Some(arn) = own_role {
            cx.screen.tell(&Message::OwnRoleKept { arn });
        }
        Ok(exit.detailed(args.detailed_exitcode))
    })
    .await
}
