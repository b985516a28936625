//! `gcnet ca revoke`

use clap::builder::PossibleValuesParser;
use gcnet_aws::ca::Ca;
use gcnet_core::Class;

use super::{
    super::{Cx, Exit, Result, place::Place},
    Desk, Recorded, agree, export, trouble,
};
use crate::{
    pki::{Certificate, Serial},
    report::{
        ca::trouble::{Doing, Revoking},
        message::{Confirm, Message},
    },
};

#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    #[arg(value_name = "CITY")]
    city: String,
    #[arg(value_name = "SERIAL")]
    serial: String,
    #[arg(long, value_name = "REASON", value_parser = PossibleValuesParser::new(REASONS.map(|(word, _)| word)))]
    reason: String,
    #[arg(long)]
    yes: bool,
}

/// As the command line has them, and AWS (RevokeCertificate, RevocationReason).
const REASONS: [(&str, &str); 8] = [
    ("unspecified", "UNSPECIFIED"),
    ("key-compromise", "KEY_COMPROMISE"),
    ("ca-compromise", "CERTIFICATE_AUTHORITY_COMPROMISE"),
    ("affiliation-changed", "AFFILIATION_CHANGED"),
    ("superseded", "SUPERSEDED"),
    ("cessation-of-operation", "CESSATION_OF_OPERATION"),
    ("privilege-withdrawn", "PRIVILEGE_WITHDRAWN"),
    ("aa-compromise", "A_A_COMPROMISE"),
];

pub(super) async fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    let serial: Serial =
        args.serial.parse().map_err(|_| trouble(Revoking::NotASerial { text: args.serial.clone() }))?;
    // clap has taken one of the list.
    let reason = REASONS.iter().find(|(word, _)| *word == args.reason).map_or("UNSPECIFIED", |(_, reason)| reason);
    let fleet = cx.fleet()?;
    Place::with(cx, async |place| {
        let desk = Desk::open(cx, place, &fleet, &args.city).await?;
        let (ca, certificate) = issuer_of(&desk, &serial).await?;
        if certificate.is_root() {
            return Err(trouble(Revoking::RootItself { serial: serial.to_string() }));
        }
        let is_published = ca.has_crl || ca.has_ocsp;
        let about = Message::Ca(
            Revoking::Asked {
                serial: serial.to_string(),
                subject: certificate.subject.clone(),
                names: certificate.names.iter().map(ToString::to_string).collect(),
                until: certificate.not_after.to_string(),
                is_authority: certificate.is_authority,
                is_published,
            }
            .into(),
        );
        let command = format!("{} {} --reason {}", desk.again("revoke"), args.serial, args.reason);
        agree(cx, args.yes, &about, Confirm::Revoke, command).await?;
        let record = desk.record(Recorded::CaRevoke)?;
        let revoked = desk.aws().revoke(&ca.arn, &serial.to_string(), reason).await;
        record.end_with(desk.aws(), &revoked).await;
        let end = match revoked.map_err(|failure| desk.refused_by(ca, Doing::Revoke, failure))? {
            true => Revoking::Revoked { serial: serial.to_string(), has_crl: ca.has_crl, has_ocsp: ca.has_ocsp },
            false => Revoking::AlreadyRevoked { serial: serial.to_string() },
        };
        cx.screen.tell(&Message::Ca(end.into()));
        Ok(Exit::Success)
    })
    .await
}

/// Which of the living authorities issued it: there is no list, but each knows its own by number. The one that issues is
/// asked first; an issuer may not ask the other.
async fn issuer_of<'a>(desk: &'a Desk<'_>, serial: &Serial) -> Result<(&'a Ca, Certificate)> {
    let mut living: Vec<&Ca> = desk.living().collect();
    living.sort_by_key(|ca| ca.name != desk.issuing());
    let mut refused = None;
    for ca in living {
        let arn = format!("{}/certificate/{}", ca.arn, serial.digits());
        match desk.aws().issued(&ca.arn, &arn).await {
            Ok(pem) => {
                let certificate = Certificate::all(&pem.certificate).map_err(|error| export::broken(&error))?.remove(0);
                return Ok((ca, certificate));
            }
            // Not its own; or it has issued nothing yet, because it has no certificate itself.
            Err(failure) if matches!(failure.class, Class::NotFound | Class::NotYet) => {}
            Err(failure) if matches!(failure.class, Class::Denied | Class::Guardrail) => refused = Some(failure),
            Err(failure) => return Err(desk.failed(failure)),
        }
    }
    match refused {
        Some(failure) => Err(desk.failed(failure)),
        None if desk.authorities.iter().any(Ca::is_deleted) => {
            Err(trouble(Revoking::PerhapsOfADeletedOne { serial: serial.to_string(), restore: desk.again("restore") }))
        }
        None => Err(trouble(Revoking::UnknownSerial { serial: serial.to_string(), list: desk.again("list") })),
    }
}
