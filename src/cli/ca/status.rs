//! `gcnet ca status`

use gcnet_core::Class;

use super::{
    super::{Cx, Exit, Result, place::Place, session::subject, stdout},
    authorities, no_block, now,
};
use crate::{
    blueprint::ca::SUBORDINATE,
    config::schema::PrivateCa,
    report::{
        ca::{
            status::{Known, Status, text},
            trouble::Standing,
        },
        message::Message,
    },
};

#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    #[arg(value_name = "CITY")]
    city: String,
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    let fleet = cx.fleet()?;
    Place::with(cx, async |place| {
        let city = cx.city(&fleet, &args.city, place.purpose())?;
        let (connected, authorities) = authorities(cx, place, city).await?;
        let file = city.config.private_ca.as_ref();
        if file.is_none() && authorities.is_empty() {
            return Err(no_block(cx, city));
        }
        let mut known = vec![];
        for ca in &authorities {
            let shared_with = match connected.aws.ca_shared_with(&ca.arn).await {
                // An issuer sees the authority and not with whom it is shared.
                Err(failure) if matches!(failure.class, Class::Denied | Class::Guardrail) => None,
                shared => Some(shared.map_err(|failure| connected.failed(failure))?),
            };
            known.push(Known {
                ca: ca.clone(),
                shared_with,
                warn_days: file.map_or(0, |file| warn_days(file, &ca.name)),
            });
        }
        let municipality = &city.config;
        let name_of = |account: &str| {
            let mut others = municipality.accounts.others.iter();
            others.find(|(_, other)| other.id.to_string() == account).map(|(name, _)| name.to_string())
        };
        let subject = subject(municipality);
        let status = Status::new(&subject, known, now(&connected.aws), name_of);
        if args.json {
            cx.screen.json(&status).map_err(stdout)?;
        } else {
            let text = text(&status, &subject, &cx.again(&format!("ca restore {}", city.key())), cx.screen.out_style());
            cx.screen.data(&text).map_err(stdout)?;
        }
        if file.is_none() {
            let (municipality, leftovers) = (city.key().into(), cx.again(&format!("leftovers {}", city.key())));
            cx.screen.tell(&Message::Ca(Standing::Unwished { municipality, leftovers }.into()));
        }
        Ok(Exit::Success)
    })
    .await
}

/// Of how many days before its end the file wants to be warned.
fn warn_days(file: &PrivateCa, name: &str) -> i64 {
    let renewal = match &file.subordinate {
        Some(subordinate) if name == SUBORDINATE => &subordinate.renewal,
        _ => &file.renewal,
    };
    i64::from(renewal.warn_days.value.get())
}
