//! `gcnet ca export`

use std::path::PathBuf;

use clap::ValueEnum;

use super::{
    super::{Cx, Exit, Result, place::Place, stdout},
    Desk, trouble, unwritten,
};
use crate::{
    blueprint::ca::ROOT,
    pki::{Certificate, files},
    report::{
        ca::{
            export::text,
            trouble::{Issuing, Standing},
        },
        message::Message,
    },
};

#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    #[arg(value_name = "CITY")]
    city: String,
    #[arg(long, value_name = "CA", default_value = ROOT, value_parser = super::names())]
    which: String,
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t = Format::Pem)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    Pem,
    Der,
}

pub(super) async fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    if args.format == Format::Der && args.out.is_none() {
        return Err(trouble(Issuing::DerNeedsOut));
    }
    let fleet = cx.fleet()?;
    Place::with(cx, async |place| {
        let desk = Desk::open(cx, place, &fleet, &args.city).await?;
        let ca = desk.living_called(&args.which)?;
        if ["CREATING", "PENDING_CERTIFICATE", "FAILED"].contains(&ca.status.as_str()) {
            let (name, status, apply) = (ca.name.clone(), ca.status.clone(), desk.apply());
            return Err(trouble(Standing::NoCertificate { name, status, apply }));
        }
        let pem = desk.aws().ca_certificate(&ca.arn).await.map_err(|failure| desk.failed(failure))?;
        let whole = pem.certificate + "\n" + &pem.chain.unwrap_or_default();
        let certificates = Certificate::all(&whole).map_err(|error| broken(&error))?;
        match &args.out {
            None => {
                let pem: String = certificates.iter().map(Certificate::pem).collect();
                cx.screen.data(&pem).map_err(stdout)?;
                cx.screen.note(&text(&certificates, &[], cx.screen.err_style()));
            }
            Some(dir) => {
                let stem = format!("{}-{}", desk.city.key(), desk.city.config.environment.value.as_str());
                let mut written = vec![];
                for (i, certificate) in certificates.iter().enumerate() {
                    // Above a subordinate there is the root.
                    let name = if i == 0 { args.which.as_str() } else { ROOT };
                    let (ending, bytes) = match args.format {
                        Format::Pem => ("pem", certificate.pem().into_bytes()),
                        Format::Der => ("der", certificate.der.clone()),
                    };
                    let path = dir.join(format!("{stem}-{name}.{ending}"));
                    files::write_public(&path, &bytes).map_err(|error| unwritten(&path, &error))?;
                    written.push(path);
                }
                cx.screen.data(&text(&certificates, &written, cx.screen.out_style())).map_err(stdout)?;
            }
        }
        Ok(Exit::Success)
    })
    .await
}

/// AWS answered with something that is no certificate.
pub(super) fn broken(error: &crate::pki::certificate::NotACertificate) -> Box<Message> {
    Box::new(Message::Internal { detail: error.to_string() })
}
