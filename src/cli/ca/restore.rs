//! `gcnet ca restore`: brings a deleted authority back within its days.

use std::{collections::BTreeSet, time::Duration};

use gcnet_aws::ca::Ca;
use gcnet_core::{Class, Failure, wait};

use super::{
    super::{Cx, Exit, Result, place::Place},
    Desk, Recorded, agree, passes, trouble,
};
use crate::report::{
    ca::trouble::{Doing, Restoring},
    message::{Confirm, Message},
    monthly_price,
};

#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    #[arg(value_name = "CITY")]
    city: String,
    #[arg(long, value_name = "ARN")]
    arn: Vec<String>,
    #[arg(long)]
    yes: bool,
}

/// A state is changed within seconds.
const PATIENCE: Duration = Duration::from_secs(120);

pub(super) async fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    let fleet = cx.fleet()?;
    Place::with(cx, async |place| {
        let desk = Desk::open(cx, place, &fleet, &args.city).await?;
        // Root first: nothing below it is trusted without it.
        let chosen = chosen(&desk, &args.arn)?;
        let arns: String = args.arn.iter().map(|arn| format!(" --arn {arn}")).collect();
        // All are asked about before the first is touched: a no changes nothing, and a command has one record.
        for ca in &chosen {
            let about = Message::Ca(
                Restoring::Asked {
                    name: ca.name.clone(),
                    arn: ca.arn.clone(),
                    until: ca.restorable_until.clone(),
                    price: monthly_price(ca.short_lived, desk.aws().region()),
                }
                .into(),
            );
            agree(cx, args.yes, &about, Confirm::Restore, format!("{}{arns}", desk.again("restore"))).await?;
        }
        let record = desk.record(Recorded::CaRestore)?;
        let done = restore_all(cx, &desk, &chosen).await;
        record.end_with(desk.aws(), &done).await;
        done.map_err(|failure| desk.refused(Doing::Restore, failure))?;
        Ok(Exit::Success)
    })
    .await
}

/// The deleted one of each name: those that were named, or all where there is no choice to make.
fn chosen<'a>(desk: &'a Desk<'_>, arns: &[String]) -> Result<Vec<&'a Ca>> {
    let deleted = || desk.authorities.iter().filter(|ca| ca.is_deleted());
    if let Some(arn) = arns.iter().find(|arn| !deleted().any(|ca| ca.arn == **arn)) {
        return Err(trouble(Restoring::NotDeleted { arn: arn.clone(), look: desk.again("status") }));
    }
    let wanted = |ca: &&Ca| arns.is_empty() || arns.contains(&ca.arn);
    let names: BTreeSet<&str> = deleted().filter(wanted).map(|ca| ca.name.as_str()).collect();
    if names.is_empty() {
        return Err(trouble(Restoring::Nothing { municipality: desk.city.key().into(), look: desk.again("status") }));
    }
    let mut chosen = vec![];
    for name in names {
        if let Some(live) = desk.living().find(|ca| ca.name == name) {
            // Of the other names there may be one that is missing.
            if arns.is_empty() && desk.authorities.iter().any(|ca| ca.is_deleted() && !is_occupied(desk, ca)) {
                continue;
            }
            return Err(trouble(Restoring::Occupied { name: name.into(), live: live.arn.clone() }));
        }
        let of_name: Vec<&Ca> = deleted().filter(wanted).filter(|ca| ca.name == name).collect();
        match of_name.as_slice() {
            [ca] => chosen.push(*ca),
            several => {
                let deleted = several.iter().map(|ca| (ca.arn.clone(), ca.restorable_until.clone())).collect();
                return Err(trouble(Restoring::Choose { name: name.into(), deleted }));
            }
        }
    }
    Ok(chosen)
}

fn is_occupied(desk: &Desk<'_>, ca: &Ca) -> bool {
    desk.living().any(|live| live.name == ca.name)
}

/// One after the other, each told as soon as it is back.
async fn restore_all(cx: &Cx, desk: &Desk<'_>, chosen: &[&Ca]) -> Result<(), Failure> {
    for ca in chosen {
        let status = restore(desk, ca).await?;
        let (name, apply) = (ca.name.clone(), desk.apply());
        cx.screen.tell(&Message::Ca(Restoring::Restored { name, status, apply }.into()));
    }
    Ok(())
}

/// Restores it and lets it issue again, where it has what it takes; answers AWS's word for its state.
async fn restore(desk: &Desk<'_>, ca: &Ca) -> Result<String, Failure> {
    let aws = desk.aws();
    aws.restore_ca(&ca.arn).await?;
    let status = wait::until(desk.poll, PATIENCE, passes, async || match aws.ca_status(&ca.arn).await? {
        status if status == "DELETED" => Err(not_yet(&status)),
        status => Ok(status),
    })
    .await?;
    if status != "DISABLED" {
        return Ok(status);
    }
    wait::until(desk.poll, PATIENCE, passes, async || aws.activate_ca(&ca.arn).await).await?;
    wait::until(desk.poll, PATIENCE, passes, async || match aws.ca_status(&ca.arn).await? {
        status if status == "DISABLED" => Err(not_yet(&status)),
        status => Ok(status),
    })
    .await
}

/// Reads lag behind writes.
fn not_yet(status: &str) -> Failure {
    let failure = Failure::internal("acm-pca:DescribeCertificateAuthority", status);
    Failure { class: Class::NotYet, code: "not-yet".into(), ..failure }
}
