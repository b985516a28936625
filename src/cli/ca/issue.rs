//! `gcnet ca issue`: a certificate for a request that somebody brings, or for a key that is made here.

use std::{
    collections::BTreeSet,
    fs,
    net::IpAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{ArgGroup, builder::PossibleValuesParser};
use gcnet_aws::ca::{Ca, Issue, Pem};
use gcnet_core::{Class, Failure, wait};
use jiff::Timestamp;

use super::{
    super::{Cx, Exit, Result, place::Place, stdout},
    Desk, Recorded, export, passes, trouble, unwritten,
};
use crate::{
    files::{self as bounded, Unread},
    pki::{
        Certificate, KeyKind, Name, Request, RequestFault, Secret, files, key, request,
        terms::{self, Issuer, Usage},
    },
    report::{
        ca::{
            issue::{self, Issued},
            trouble::{Doing, Issuing},
        },
        message::Message,
    },
};

#[derive(clap::Args)]
#[command(group(ArgGroup::new("for").args(["csr", "names", "ips"]).required(true).multiple(true)))]
pub(in crate::cli) struct Args {
    #[arg(value_name = "CITY")]
    city: String,
    #[arg(long, value_name = "FILE", conflicts_with_all = ["names", "ips", "key"])]
    csr: Option<PathBuf>,
    #[arg(long = "name", value_name = "HOST")]
    names: Vec<String>,
    #[arg(long = "ip", value_name = "IP")]
    ips: Vec<IpAddr>,
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=36500))]
    days: Option<u32>,
    #[arg(long, value_name = "USAGE", default_value = Usage::Both.as_str(), value_parser = PossibleValuesParser::new(Usage::ALL.map(Usage::as_str)))]
    usage: String,
    #[arg(long, value_name = "KEY", default_value = KeyKind::EcP256.as_str(), value_parser = PossibleValuesParser::new(KeyKind::ALL.map(KeyKind::as_str)))]
    key: String,
}

/// As long as a certificate may take: a second usually, and a minute by the SDK's own waiter.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) async fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    let asked = Asked::new(args)?;
    let fleet = cx.fleet()?;
    Place::with(cx, async |place| {
        let desk = Desk::open(cx, place, &fleet, &args.city).await?;
        let ca = desk.living_called(desk.issuing())?;
        let days = check_terms(&desk, ca, args.days)?;
        let usual = if ca.short_lived { terms::SHORT_LIVED_DAYS } else { terms::DAYS };
        if args.days.is_none() && days < usual {
            cx.screen.tell(&Message::Ca(Issuing::Shortened { days, usual, name: ca.name.clone() }.into()));
        }
        let files = Files::free(&args.out, &asked)?;
        let (request, usage) = (asked.request(&files)?, usage(args));
        if usage != Usage::Client && request.names.is_empty() {
            cx.screen.tell(&Message::Ca(Issuing::NoNames.into()));
        }
        let issue = Issue { csr: &request.pem, template: usage.template(), days };
        let record = desk.record(Recorded::CaIssue).inspect_err(|_| asked.forget(&files))?;
        let done = issued(&desk, ca, &issue).await;
        record.end_with(desk.aws(), &done).await;
        let (arn, pem) = match done {
            Ok(issued) => issued,
            Err((failure, arn)) => return Err(asked.not_issued(&desk, &files, failure, arn, args)),
        };
        let certificate = Certificate::all(&pem.certificate).map_err(|error| export::broken(&error))?.remove(0);
        for (path, text) in [(&files.certificate, Some(&pem.certificate)), (&files.chain, pem.chain.as_ref())] {
            let Some(text) = text else { continue };
            files::write_public(path, ended(text).as_bytes()).map_err(|error| {
                let (arn, ca, detail) = (arn.clone(), ca.arn.clone(), error.to_string());
                trouble(Issuing::NotWritten { arn, ca, path: path.clone(), detail })
            })?;
        }
        let written =
            Issued { arn: &arn, certificate: &certificate, key: asked.key(&files), files: asked.written(&files, &pem) };
        cx.screen.data(&issue::text(&written, cx.screen.out_style())).map_err(stdout)?;
        cx.screen.tell(&Message::Ca(Issuing::Unlisted { list: desk.again("list") }.into()));
        Ok(Exit::Success)
    })
    .await
}

/// What the command line asks for, judged before anything else is done.
enum Asked {
    /// Of somebody who has a key.
    Brought { path: PathBuf, request: Request },
    /// With a key that is made here.
    Made { names: Vec<Name>, kind: KeyKind },
}

impl Asked {
    fn new(args: &Args) -> Result<Asked> {
        if let Some(path) = &args.csr {
            let bytes = bounded::read(path, request::MAX_BYTES).map_err(|unread| match unread {
                Unread::System(error) => trouble(Issuing::Unreadable { path: path.clone(), detail: error.to_string() }),
                Unread::TooLarge { limit } => {
                    let fault = RequestFault::FileTooLarge { limit };
                    trouble(Issuing::Request { path: path.clone(), fault })
                }
            })?;
            let request = Request::read(&bytes);
            let request = request.map_err(|fault| trouble(Issuing::Request { path: path.clone(), fault }))?;
            return Ok(Asked::Brought { path: path.clone(), request });
        }
        let hosts = args.names.iter().map(|text| Name::host(text).map_err(|bad| trouble(Issuing::Name(bad))));
        let mut names: Vec<Name> = hosts.collect::<Result<_>>()?;
        names.extend(args.ips.iter().map(|ip| Name::Address(*ip)));
        // The first one names the files.
        let mut seen = BTreeSet::new();
        names.retain(|name| seen.insert(name.clone()));
        // clap has taken one of the list.
        Ok(Asked::Made { names, kind: args.key.parse().unwrap_or_default() })
    }

    /// What its files are called.
    fn stem(&self) -> String {
        let text = match self {
            Asked::Brought { path, .. } => {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let name = [".pem", ".der", ".csr", ".req"].iter().fold(name.as_str(), |name, ending| {
                    name.strip_suffix(ending).filter(|rest| !rest.is_empty()).unwrap_or(name)
                });
                name.to_string()
            }
            Asked::Made { names, .. } => names.first().map(ToString::to_string).unwrap_or_default(),
        };
        text.replace('*', "wildcard")
            .chars()
            .map(|c| if c.is_alphanumeric() || "-._".contains(c) { c } else { '-' })
            .collect()
    }

    /// The request; a key that is made is in its file before AWS is asked, so that no certificate is without its key.
    fn request(&self, paths: &Files) -> Result<Request> {
        let (names, kind) = match self {
            Asked::Brought { request, .. } => return Ok(request.clone()),
            Asked::Made { names, kind } => (names, *kind),
        };
        let internal = |detail: String| Box::new(Message::Internal { detail });
        let (secret, der): (Secret, Vec<u8>) = key::make(kind, names).map_err(|error| internal(error.to_string()))?;
        let request =
            Request::judge(&der).map_err(|fault| trouble(Issuing::Request { path: paths.request.clone(), fault }))?;
        files::write_secret(&paths.key, &secret).map_err(|error| unwritten(&paths.key, &error))?;
        files::write_public(&paths.request, request.pem.as_bytes()).map_err(|error| {
            self.forget(paths);
            unwritten(&paths.request, &error)
        })?;
        Ok(request)
    }

    /// Takes away what was made for a certificate that there will not be.
    fn forget(&self, paths: &Files) {
        if let Asked::Made { .. } = self {
            // What cannot be removed is of no use to anybody, and stands in the way of nothing but its own name.
            let _ = fs::remove_file(&paths.key);
            let _ = fs::remove_file(&paths.request);
        }
    }

    /// Says what became of it; what AWS may have issued all the same keeps its key.
    fn not_issued(
        &self,
        desk: &Desk<'_>,
        paths: &Files,
        failure: Failure,
        arn: Option<String>,
        args: &Args,
    ) -> Box<Message> {
        if arn.is_none() && failure.class != Class::Unknown {
            self.forget(paths);
            return desk.refused(Doing::Issue, failure);
        }
        let csr = match self {
            Asked::Brought { path, .. } => path,
            Asked::Made { .. } => &paths.request,
        };
        let days = args.days.map(|days| format!(" --days {days}")).unwrap_or_default();
        let out = args.out.display();
        let again = format!("{} --csr {} --usage {}{days} --out {out}", desk.again("issue"), csr.display(), args.usage);
        trouble(Issuing::Unknown { failure, again, arn })
    }

    fn key(&self, paths: &Files) -> Option<PathBuf> {
        matches!(self, Asked::Made { .. }).then(|| paths.key.clone())
    }

    fn written(&self, paths: &Files, pem: &Pem) -> Vec<PathBuf> {
        let chain = pem.chain.as_ref().map(|_| paths.chain.clone());
        let request = matches!(self, Asked::Made { .. }).then(|| paths.request.clone());
        [Some(paths.certificate.clone()), chain, request].into_iter().flatten().collect()
    }
}

/// Where everything goes.
struct Files {
    key: PathBuf,
    request: PathBuf,
    certificate: PathBuf,
    chain: PathBuf,
}

impl Files {
    /// Refuses what is there already before anything is issued that could then not be kept.
    fn free(dir: &Path, asked: &Asked) -> Result<Files> {
        let stem = asked.stem();
        let path = |what: &str| dir.join(format!("{stem}.{what}.pem"));
        let files = Files { key: path("key"), request: path("csr"), certificate: path("cert"), chain: path("chain") };
        let made = [&files.key, &files.request].into_iter().filter(|_| matches!(asked, Asked::Made { .. }));
        for path in made.chain([&files.certificate, &files.chain]) {
            files::check_free(path).map_err(|error| unwritten(path, &error))?;
        }
        Ok(files)
    }
}

fn usage(args: &Args) -> Usage {
    // clap has taken one of the list.
    args.usage.parse().unwrap_or_default()
}

fn check_terms(desk: &Desk<'_>, ca: &Ca, days: Option<u32>) -> Result<u32> {
    let ends = ca.not_after.as_deref().and_then(|moment| moment.parse::<Timestamp>().ok());
    let issuer = Issuer { short_lived: ca.short_lived, status: ca.status.clone(), not_after: ends };
    terms::check(&issuer, days, desk.now())
        .map_err(|fault| trouble(Issuing::Terms { name: ca.name.clone(), fault, apply: desk.apply() }))
}

/// Asks and waits. What fails after AWS has given the certificate a name says which.
async fn issued(desk: &Desk<'_>, ca: &Ca, issue: &Issue<'_>) -> Result<(String, Pem), (Failure, Option<String>)> {
    let aws = desk.aws();
    // An authority that has only just become active refuses for some seconds; the token makes two calls one.
    let arn = wait::until(desk.poll, PATIENCE, passes, async || aws.issue(ca, issue).await).await;
    let arn = arn.map_err(|failure| (failure, None))?;
    let seen = |failure: &Failure| passes(failure) || failure.class == Class::NotFound;
    match wait::until(desk.poll, PATIENCE, seen, async || aws.issued(&ca.arn, &arn).await).await {
        Ok(pem) => Ok((arn, pem)),
        Err(failure) => Err((failure, Some(arn))),
    }
}

/// AWS leaves out the last newline.
fn ended(text: &str) -> String {
    format!("{}\n", text.trim_end())
}
