//! `gcnet permissions`

use clap::ValueEnum;

use super::{Cx, Exit, Result, stdout};
use crate::{
    blueprint::rights::{self, Doing},
    config::Purpose,
    report::message::Message,
};

#[derive(clap::Args)]
pub(super) struct Args {
    #[arg(value_name = "CITY")]
    city: String,
    // What roles are made for is to build, and who builds can plan.
    #[arg(long = "for", value_name = "COMMAND", value_enum, default_value_t = For::Apply)]
    doing: For,
    #[arg(long)]
    split: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum For {
    Plan,
    Apply,
    Destroy,
}

pub(super) fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    let fleet = cx.fleet()?;
    let city = cx.city(&fleet, &args.city, Purpose::Validate)?;
    let policy = rights::least(
        &city.config,
        match args.doing {
            For::Plan => Doing::Plan,
            For::Apply => Doing::Apply,
            For::Destroy => Doing::Destroy,
        },
    );
    if args.split {
        cx.screen.json(&rights::split(&policy)).map_err(stdout)?;
        return Ok(Exit::Success);
    }
    cx.screen.json(&policy).map_err(stdout)?;
    let characters = policy.characters();
    if characters > rights::MANAGED {
        cx.screen.tell(&Message::LongPolicy { characters, fits_a_role: characters <= rights::INLINE });
    }
    Ok(Exit::Success)
}
