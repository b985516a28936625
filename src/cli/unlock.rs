//! `gcnet unlock`: ends the lease of a run that is dead.

use gcnet_core::lease;

use super::{
    Cx, Exit, Result,
    connect::connect,
    lease::{Optional, failed, parameter},
    place::Place,
};
use crate::{
    blueprint,
    report::{
        lease::Leasing,
        message::{Confirm, Message},
    },
};

#[derive(clap::Args)]
pub(super) struct Args {
    #[arg(value_name = "CITY")]
    city: String,
    #[arg(long)]
    yes: bool,
}

pub(super) async fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    let fleet = cx.fleet()?;
    Place::with(cx, async |place| {
        let city = cx.city(&fleet, &args.city, place.purpose())?;
        let connected = connect(cx, place, &city.config).await?;
        let parameter = parameter(&connected, city);
        let stack = blueprint::stack(&city.config).to_string();
        let tell = |leasing| cx.screen.tell(&Message::Lease(leasing));
        let why = |error| failed(cx, &connected, city, Optional::No, error);
        let held = lease::holder(&parameter).await.map_err(why)?;
        let Some(holder) = held else {
            tell(Leasing::Nobody { stack });
            return Ok(Exit::Success);
        };
        let run = holder.run.clone();
        tell(Leasing::Ending { stack: stack.clone(), holder });
        if !args.yes {
            confirm(cx, city.key()).await?;
        }
        match lease::end(&parameter, &run, place.lease_terms().poll).await.map_err(why)? {
            true => tell(Leasing::Ended { stack }),
            false => return Err(Box::new(Message::Lease(Leasing::Changed { stack }))),
        }
        Ok(Exit::Success)
    })
    .await
}

async fn confirm(cx: &Cx, key: &str) -> Result<()> {
    if !cx.screen.is_interactive() {
        let command = format!("{} --yes", super::lease::unlock(cx, key));
        return Err(Box::new(Message::Lease(Leasing::NeedsYes { command })));
    }
    // The terminal is read on a thread of its own: a blocked read must not hold up signals.
    let screen = cx.screen.clone();
    match tokio::task::spawn_blocking(move || screen.confirm(&Confirm::Unlock)).await {
        Ok(Ok(true)) => Ok(()),
        _ => Err(Box::new(Message::Aborted)),
    }
}
