//! `gcnet leftovers`

use std::collections::BTreeMap;

use gcnet_aws::ca::Ca;
use jiff::{Timestamp, tz};

use super::{
    Cx, Exit, Result,
    apply::once_each,
    ca::restorable,
    place::Place,
    session::{Asking, Session},
    stdout,
};
use crate::{
    blueprint,
    config::{CityError, Fleet},
    leftovers::{self, Leftover},
    report::{
        leftovers::{Found, Leftovers, text},
        message::Message,
    },
};

#[derive(clap::Args)]
pub(super) struct Args {
    #[arg(value_name = "CITY", required_unless_present = "all")]
    cities: Vec<String>,
    #[arg(long, conflicts_with = "cities")]
    all: bool,
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    let fleet = cx.fleet()?;
    let names: Vec<String> = if args.all { fleet.names().map(String::from).collect() } else { args.cities.clone() };
    Place::with(cx, async |place| {
        let mut accounts: BTreeMap<(String, String), Account> = BTreeMap::new();
        let mut exit = Exit::Success;
        for name in once_each(&names) {
            // One account that cannot be read takes no other along; but one that nobody knows ends it.
            match look(cx, place, &fleet, name, &mut accounts).await {
                Ok(()) => {}
                Err(message) if args.all => {
                    cx.screen.tell(&message);
                    exit = Exit::Failure;
                }
                Err(message) => return Err(message),
            }
        }
        let mut found = vec![];
        for ((account, region), seen) in &mut accounts {
            seen.leftovers = leftovers::once_each(std::mem::take(&mut seen.leftovers));
            let Account { leftovers, restorable, created, now } = seen;
            found.push(Found { account, region, leftovers, restorable, created, now: *now });
        }
        let report = Leftovers::new(&found);
        if args.json {
            cx.screen.json(&report).map_err(stdout)?;
        } else {
            cx.screen.data(&text(&report, &|command| cx.again(command), cx.screen.out_style())).map_err(stdout)?;
        }
        Ok(exit)
    })
    .await
}

/// What was seen in one account and Region, with the credentials of one file or of several.
struct Account {
    leftovers: Vec<Leftover>,
    restorable: Vec<(Ca, Option<String>)>,
    created: BTreeMap<String, String>,
    now: Timestamp,
}

/// Looks into the account of one file: for whole stacks that nobody wants, and for what this file does not wish.
async fn look(
    cx: &Cx,
    place: &Place,
    fleet: &Fleet,
    name: &str,
    accounts: &mut BTreeMap<(String, String), Account>,
) -> Result<()> {
    let city = cx.city(fleet, name, place.purpose())?;
    let session = Session::open(cx, place, &city.config).await?;
    let failed = |failure| Box::new(Message::Call { failure, endpoint: None, profile: cx.global.profile.clone() });
    let (account, region) = (session.aws.account().to_string(), session.aws.region().to_string());
    let now = Timestamp::from_second(session.aws.clock()).unwrap_or(Timestamp::UNIX_EPOCH);
    // The files' days are Japan's.
    let today = tz::offset(9).to_datetime(now).date();
    let there = leftovers::Place { account: &account, region: &region, today };

    let mut found = vec![];
    let own = blueprint::stack(&city.config);
    for stack in session.stacks() {
        let owned = session.of(stack)?;
        match leftovers::why(stack, owned, fleet, there) {
            Some(why) => found.extend(leftovers::all(stack, owned, &why, there)),
            None if *stack == own => {
                let planned = session.plan(city, Asking::Once)?;
                found.extend(leftovers::unwished(&planned.wish.desired, owned));
            }
            None => {
                if let Err(CityError::Broken { findings, .. }) = fleet.city(&stack.municipality) {
                    let (municipality, errors) = (stack.municipality.clone(), findings.len());
                    cx.screen.tell(&Message::BrokenFile { municipality, errors });
                }
            }
        }
    }
    let seen = match accounts.entry((account, region)) {
        std::collections::btree_map::Entry::Occupied(seen) => seen.into_mut(),
        std::collections::btree_map::Entry::Vacant(empty) => {
            let created = session.aws.created().await.map_err(failed)?;
            let deleted = session.aws.cas().await.map_err(failed)?.into_iter().filter(Ca::is_deleted);
            let restorable = deleted.map(|ca| {
                let command = restore(cx, fleet, &ca);
                (ca, command)
            });
            empty.insert(Account { leftovers: vec![], restorable: restorable.collect(), created, now })
        }
    };
    seen.leftovers.extend(found);
    Ok(())
}

/// What restores an authority: a command about its municipality, where a file has one.
fn restore(cx: &Cx, fleet: &Fleet, ca: &Ca) -> Option<String> {
    restorable::command(cx, fleet.city(&ca.stack.municipality).ok()?, &ca.stack, Some(&ca.arn))
}
