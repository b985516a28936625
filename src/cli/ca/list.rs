//! `gcnet ca list`: by the audit report, which is the only list that Private CA has.

use std::time::Duration;

use gcnet_aws::{
    ca::{Ca, StoredReport},
    kinds::Bucket,
};
use gcnet_core::{Class, Failure, wait};
use jiff::{SignedDuration, Timestamp};

use super::{
    super::{Cx, Exit, Result, place::Place, session::subject, stdout},
    Desk, Recorded, passes, trouble,
};
use crate::{
    blueprint,
    pki::audit,
    report::{
        ca::{
            list::{Listing, text},
            trouble::{self, Doing, Standing},
        },
        message::Message,
    },
};

#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    #[arg(value_name = "CITY")]
    city: String,
    #[arg(long, value_name = "CA", value_parser = super::names())]
    which: Option<String>,
    #[arg(long)]
    json: bool,
}

/// Private CA writes one report of an authority in this time (aws-facts 2.3).
const ONCE_IN: SignedDuration = SignedDuration::from_mins(30);
/// A report of many certificates takes minutes.
const PATIENCE: Duration = Duration::from_secs(300);

pub(super) async fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    let fleet = cx.fleet()?;
    Place::with(cx, async |place| {
        let desk = Desk::open(cx, place, &fleet, &args.city).await?;
        let ca = desk.living_called(args.which.as_deref().unwrap_or(desk.issuing()))?;
        if ["CREATING", "PENDING_CERTIFICATE", "FAILED"].contains(&ca.status.as_str()) {
            let (name, status, apply) = (ca.name.clone(), ca.status.clone(), desk.apply());
            return Err(trouble(Standing::NoCertificate { name, status, apply }));
        }
        let bucket = Bucket::named(&blueprint::stack(&desk.city.config), blueprint::ca::NAME, desk.aws().account());
        let report = report(&desk, ca, &bucket).await?;
        let json = desk.aws().fetch_report(&bucket, &report.key).await.map_err(|failure| desk.failed(failure))?;
        let issued = audit::parse(&json).map_err(|error| {
            trouble(trouble::Listing::BadReport { key: report.key.clone(), detail: error.to_string() })
        })?;
        let listing = Listing::new(&subject(&desk.city.config), &ca.arn, &report.written, &issued, desk.now());
        if args.json {
            cx.screen.json(&listing).map_err(stdout)?;
        } else {
            cx.screen.data(&text(&listing, cx.screen.out_style())).map_err(stdout)?;
        }
        Ok(Exit::Success)
    })
    .await
}

/// A new report, or the last one where Private CA would write no other yet.
async fn report(desk: &Desk<'_>, of: &Ca, bucket: &str) -> Result<StoredReport> {
    let (aws, ca) = (desk.aws(), of.arn.as_str());
    let newest = match aws.newest_report(ca, bucket).await {
        Err(failure) if failure.class == Class::NotFound => {
            return Err(trouble(trouble::Listing::NoBucket { bucket: bucket.into(), apply: desk.apply() }));
        }
        newest => newest.map_err(|failure| desk.failed(failure))?,
    };
    if let Some(report) = newest {
        let again = report.written.parse::<Timestamp>().ok().and_then(|written| written.checked_add(ONCE_IN).ok());
        if let Some(again) = again.filter(|again| *again > desk.now()) {
            let (written, again) = (report.written.clone(), again.to_string());
            desk.cx.screen.tell(&Message::Ca(trouble::Listing::OldReport { written, again }.into()));
            return Ok(report);
        }
    }
    let is_limit = |failure: &Failure| failure.code.starts_with("RequestInProgress");
    let record = desk.record(Recorded::CaList)?;
    let asked = aws.ask_for_report(ca, bucket).await;
    record.end_with(aws, &asked).await;
    let asked = asked.map_err(|failure| match is_limit(&failure) {
        // Somebody had it written elsewhere, so that no date of it is known here.
        true => trouble(trouble::Listing::TooSoon { again: None }),
        false => desk.refused_by(of, Doing::Report, failure),
    })?;
    wait::until(desk.poll, PATIENCE, passes, async || aws.report_is_written(ca, &asked).await)
        .await
        .map_err(|failure| desk.refused(Doing::Report, failure))
}
