//! `gcnet ca`: what people do with certificate authorities beside any plan.

mod export;
mod issue;
mod list;
pub(super) mod restorable;
mod restore;
mod revoke;
mod status;

use std::{io, path::Path};

use clap::Subcommand;
use gcnet_aws::{Aws, ca::Ca};
use gcnet_core::{Class, Failure, Poll};
use jiff::Timestamp;

use super::{
    Cx, Exit, Result,
    connect::{Connected, connect},
    place::Place,
    record::Record,
};
use crate::{
    blueprint::{
        self,
        ca::{ROOT, SUBORDINATE},
    },
    config::{
        City, Fleet,
        schema::{Hierarchy, PrivateCa},
    },
    record::Command as Recorded,
    report::{
        ca::trouble::{Doing, Issuing, Standing, Trouble},
        message::{Confirm, Message},
    },
};

#[derive(Subcommand)]
pub(super) enum Command {
    Status(status::Args),
    Export(export::Args),
    Issue(issue::Args),
    List(list::Args),
    Revoke(revoke::Args),
    Restore(restore::Args),
}

pub(super) async fn run(cx: &Cx, command: &Command) -> Result<Exit> {
    match command {
        Command::Status(args) => status::run(cx, args).await,
        Command::Export(args) => export::run(cx, args).await,
        Command::Issue(args) => issue::run(cx, args).await,
        Command::List(args) => list::run(cx, args).await,
        Command::Revoke(args) => revoke::run(cx, args).await,
        Command::Restore(args) => restore::run(cx, args).await,
    }
}

/// Names of a municipality's authorities, as the command line takes them.
const NAMES: [&str; 2] = [ROOT, SUBORDINATE];
/// For `--which`.
fn names() -> clap::builder::PossibleValuesParser {
    NAMES.into()
}

/// A municipality's authorities and the way to them.
struct Desk<'a> {
    cx: &'a Cx,
    place: &'a Place,
    city: &'a City,
    file: &'a PrivateCa,
    connected: Connected,
    /// Deleted ones included.
    authorities: Vec<Ca>,
    poll: Poll,
}

impl<'a> Desk<'a> {
    /// Checks whose credentials these are and reads the authorities, and nothing else: an issuer's role sees no network.
    async fn open(cx: &'a Cx, place: &'a Place, fleet: &'a Fleet, name: &str) -> Result<Self> {
        let city = cx.city(fleet, name, place.purpose())?;
        let Some(file) = &city.config.private_ca else { return Err(no_block(cx, city)) };
        let (connected, authorities) = authorities(cx, place, city).await?;
        Ok(Desk { cx, place, city, file, connected, authorities, poll: place.options(cx).poll })
    }

    fn aws(&self) -> &Aws {
        &self.connected.aws
    }

    /// Begins the record of what is about to be changed.
    fn record(&self, command: Recorded) -> Result<Record> {
        Record::begin(self.cx, self.place, self.city, (self.aws(), &self.connected.arn), command)
    }

    /// A read that failed.
    fn failed(&self, failure: Failure) -> Box<Message> {
        self.connected.failed(failure)
    }

    /// AWS refused what was asked of it.
    fn refused(&self, doing: Doing, failure: Failure) -> Box<Message> {
        let Connected { endpoint, profile, .. } = &self.connected;
        trouble(Trouble::Refused { doing, failure, endpoint: endpoint.clone(), profile: profile.clone() })
    }

    /// The same of an authority, whose state may be why: to wait does not change that.
    fn refused_by(&self, ca: &Ca, doing: Doing, failure: Failure) -> Box<Message> {
        if ca.status == "ACTIVE" || !failure.code.starts_with("InvalidState") {
            return self.refused(doing, failure);
        }
        let (name, status, apply) = (ca.name.clone(), ca.status.clone(), self.apply());
        trouble(Standing::NotActive { doing, name, status, apply })
    }

    /// By AWS's clock.
    fn now(&self) -> Timestamp {
        now(self.aws())
    }

    /// The authority that issues.
    fn issuing(&self) -> &'static str {
        blueprint::ca::issuing(self.file)
    }

    /// Those that live, of whatever name.
    fn living(&self) -> impl Iterator<Item = &Ca> {
        self.authorities.iter().filter(|ca| !ca.is_deleted())
    }

    /// The one that lives under this name.
    fn living_called(&self, name: &str) -> Result<&Ca> {
        if name == SUBORDINATE && self.file.hierarchy.value == Hierarchy::RootOnly {
            return Err(trouble(Standing::NotInFile { name: name.into() }));
        }
        let found: Vec<&Ca> = self.living().filter(|ca| ca.name == name).collect();
        match found.as_slice() {
            [ca] => Ok(ca),
            [] => Err(trouble(Standing::NotThere {
                name: name.into(),
                restorable: self.authorities.iter().any(|ca| ca.name == name),
                apply: self.apply(),
                restore: self.again("restore"),
            })),
            several => {
                let arns = several.iter().map(|ca| ca.arn.clone()).collect();
                Err(trouble(Standing::Twins { name: name.into(), arns }))
            }
        }
    }

    /// What brings the authorities in order.
    fn apply(&self) -> String {
        self.cx.again(&format!("apply {}", self.city.key()))
    }

    /// Another command about the same authorities.
    fn again(&self, command: &str) -> String {
        self.cx.again(&format!("ca {command} {}", self.city.key()))
    }
}

/// A municipality's authorities, also where its file has none any more.
async fn authorities(cx: &Cx, place: &Place, city: &City) -> Result<(Connected, Vec<Ca>)> {
    let connected = connect(cx, place, &city.config).await?;
    let mut authorities = connected.aws.cas().await.map_err(|failure| connected.failed(failure))?;
    let stack = blueprint::stack(&city.config);
    authorities.retain(|ca| ca.stack == stack);
    Ok((connected, authorities))
}

/// By AWS's clock.
fn now(aws: &Aws) -> Timestamp {
    Timestamp::from_second(aws.clock()).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn no_block(cx: &Cx, city: &City) -> Box<Message> {
    let key = city.key();
    trouble(Standing::NoBlock {
        municipality: key.into(),
        apply: cx.again(&format!("apply {key}")),
        leftovers: cx.again(&format!("leftovers {key}")),
    })
}

fn trouble(trouble: impl Into<Trouble>) -> Box<Message> {
    Box::new(Message::Ca(trouble.into()))
}

/// Refused for now, and nothing was changed by it.
fn passes(failure: &Failure) -> bool {
    matches!(failure.class, Class::NotYet | Class::Throttled | Class::Unreachable)
}

/// Shows what is about to be done and asks; without a terminal `--yes` must have been given.
async fn agree(cx: &Cx, yes: bool, about: &Message, question: Confirm, command: String) -> Result<()> {
    if yes {
        return Ok(());
    }
    if !cx.screen.is_interactive() {
        return Err(trouble(Trouble::NeedsYes { command }));
    }
    cx.screen.tell(about);
    // The terminal is read on a thread of its own: a blocked read must not hold up signals.
    let screen = cx.screen.clone();
    match tokio::task::spawn_blocking(move || screen.confirm(&question)).await {
        Ok(Ok(true)) => Ok(()),
        _ => Err(Box::new(Message::Aborted)),
    }
}

/// A file that could not be written.
fn unwritten(path: &Path, error: &io::Error) -> Box<Message> {
    // Making the folder fails with the same error as a file that is there.
    if let Some(dir) = path.parent().filter(|dir| dir.is_file()) {
        return trouble(Issuing::NotAFolder { path: dir.into() });
    }
    match error.kind() {
        io::ErrorKind::AlreadyExists => trouble(Issuing::Exists { path: path.into() }),
        _ => Box::new(Message::Unwritable { path: path.into(), detail: error.to_string() }),
    }
}
