//! `gcnet show`

use super::{
    Cx, Exit, Made, Result,
    place::Place,
    session::{Asking, Session},
    stdout,
};
use crate::report::show::{self, Listing, Shown};

#[derive(clap::Args)]
pub(super) struct Args {
    #[arg(value_name = "CITY")]
    city: String,
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    let fleet = cx.fleet()?;
    let (city, session) = Place::with(cx, async |place| {
        let city = cx.city(&fleet, &args.city, place.purpose())?;
        Ok((city, Session::open(cx, place, &city.config).await?))
    })
    .await?;
    let shown: Vec<Shown> = session.owned(&city.config)?.iter().map(Shown::from_owned).collect();
    let planned = session.plan(city, Asking::Once)?;
    let (subject, deferred) = (&planned.subject, &planned.wish.deferred);
    let shakes = show::shakes(&city.config, &planned.handshakes);
    let listing = Listing::new(subject, shown, shakes, &planned.plan.unknown, deferred);
    if args.json {
        cx.screen.json(&listing).map_err(stdout)?;
    } else {
        cx.screen.data(&show::text(&listing, subject, deferred, cx.screen.out_style())).map_err(stdout)?;
        cx.tell_unseen(city, &planned, Made::Before);
    }
    cx.tell_expiring(city, &session)?;
    Ok(Exit::Success)
}
