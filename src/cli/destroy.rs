//! `gcnet destroy`

use super::{
    Cx, Exit, Result,
    execute::{How, Operator},
    session::{Asking, Place, Session},
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
    json: bool,
}

pub(super) async fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    let fleet = cx.fleet()?;
    Place::with(cx, async |place| {
        let city = cx.city(&fleet, &args.city, place.purpose())?;
        let session = Session::open(cx, place, &city.config).await?;
        let (planned, own_role) = session.plan_destruction(city)?;
        let command = cx.again(&format!("destroy {}", city.key()));
        let how = How { goal: Goal::Destroy, yes: args.yes, json: args.json, asking: Asking::Once, command: &command };
        let exit = Operator::new(cx, place, how).execute(city, &session, &planned).await?;
        if let Some(arn) = own_role {
            cx.screen.tell(&Message::OwnRoleKept { arn });
        }
        Ok(exit.detailed(args.detailed_exitcode))
    })
    .await
}
