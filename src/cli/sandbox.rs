//! `gcnet sandbox`: the embedded AWS for other clients, and its end.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use clap::Subcommand;
use gcnet_sandbox::{ClockMode, Notice, Options, Organizations, ReadLag, Sandbox, StartError};

use super::{
    Cx, Exit, Result,
    place::Place,
    session::{Asking, Protected, Session},
    signals, stdout,
};
use crate::{
    config::schema::{Membership, Municipality},
    counterpart::{self, Answer},
    handshake,
    report::{counterpart as words, message::Message},
};

#[derive(Subcommand)]
pub(super) enum Command {
    Serve(Serve),
    Counterpart(Counterpart),
    Reset,
}

#[derive(clap::Args)]
pub(super) struct Counterpart {
    #[arg(value_name = "CITY")]
    city: String,
    #[arg(long, value_name = "ACCOUNT")]
    party: Option<String>,
    #[arg(long)]
    refuse: bool,
    #[arg(long)]
    destroy: bool,
}

#[derive(clap::Args)]
pub(super) struct Serve {
    #[arg(long, default_value_t = 4566)]
    port: u16,
    #[arg(long)]
    in_memory: bool,
    #[arg(long, default_value_t = 1000.0, value_name = "N", value_parser = scale)]
    time_scale: f64,
    #[arg(long, default_value_t = 0, value_name = "MS")]
    latency: u64,
    #[arg(long, default_value_t = 0, value_name = "SECONDS")]
    read_lag: u64,
}

/// Where the sandbox of this folder is kept.
pub(super) fn file(cx: &Cx) -> Options {
    Options { file: Some(path(cx)), organizations: organizations(cx), ..Options::default() }
}

/// The accounts that the files name are in one organisation that shares without asking, as those of Government Cloud are;
/// but for municipalities whose file says that theirs is not. AWS Organizations is not simulated beyond that.
fn organizations(cx: &Cx) -> Organizations {
    let Ok(fleet) = cx.fleet() else { return Organizations::default() };
    let members = fleet.cities().filter(|city| city.config.sharing.within_organization != Membership::No);
    let accounts = members.flat_map(|city| {
        let others = city.config.accounts.others.values().map(|other| other.id.to_string());
        others.chain([city.config.accounts.network.id.to_string()])
    });
    Organizations(vec![accounts.collect()])
}

pub(super) fn path(cx: &Cx) -> PathBuf {
    cx.path(".gcnet").join("sandbox.json")
}

/// Starts it and says what was found wrong with its file.
pub(super) async fn start(cx: &Cx, options: Options) -> Result<Sandbox> {
    let sandbox = Sandbox::start(options).await.map_err(|error| Box::new(failed(error)))?;
    match sandbox.notice() {
        Some(Notice::CorruptFileSetAside { file, kept, .. }) => {
            cx.screen.tell(&Message::SandboxCorrupt { path: file.clone(), kept_as: kept.clone() });
        }
        None => {}
    }
    Ok(sandbox)
}

fn failed(error: StartError) -> Message {
    let detail = |error: &StartError| match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    };
    match error {
        StartError::Locked { path } => Message::SandboxBusy { path },
        StartError::FormatVersion { path, found, known } => Message::SandboxOtherVersion { path, found, known },
        StartError::TooLarge { path, limit } => Message::SandboxTooLarge { path, limit },
        other => Message::SandboxFailed { detail: detail(&other) },
    }
}

pub(super) async fn run(cx: &Cx, command: &Command) -> Result<Exit> {
    match command {
        Command::Serve(serve) => serve_it(cx, serve).await,
        Command::Counterpart(args) => play(cx, args).await,
        Command::Reset => reset(cx).await,
    }
}

async fn serve_it(cx: &Cx, serve: &Serve) -> Result<Exit> {
    let options = Options {
        listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), serve.port),
        file: (!serve.in_memory).then(|| path(cx)),
        // In memory it is a bare AWS; with the folder's file it is the folder's.
        organizations: if serve.in_memory { Organizations::default() } else { organizations(cx) },
        clock: ClockMode::Scaled(serve.time_scale),
        latency: Duration::from_millis(serve.latency),
        ..Options::default()
    };
    let sandbox = start(cx, options).await?;
    if !serve.in_memory
        && let Ok(fleet) = cx.fleet()
    {
        for city in fleet.cities() {
            counterpart::furnish(&sandbox, &city.config).map_err(counterpart_failed)?;
        }
    }
    // Not before: whoever furnishes reads at once what was made a moment ago.
    if serve.read_lag > 0 {
        sandbox.set_read_lag(ReadLag::UpTo(Duration::from_secs(serve.read_lag)));
    }
    // Alone on stdout: scripts read it.
    cx.screen.data(&format!("{}\n", sandbox.endpoint())).map_err(stdout)?;
    cx.screen.tell(&Message::SandboxServes { endpoint: sandbox.endpoint() });
    signals::interrupted().await;
    sandbox.stop().await;
    Ok(Exit::Success)
}

/// The other parties have what the file says that they have, and make the moves that they are asked for.
async fn play(cx: &Cx, args: &Counterpart) -> Result<Exit> {
    let fleet = cx.fleet()?;
    Place::with(cx, async |place| {
        let Some(sandbox) = place.sandbox() else { return Err(Box::new(Message::OnlyInSandbox)) };
        let city = cx.city(&fleet, &args.city, place.purpose())?;
        let session = Session::open(cx, place, &city.config).await?;
        let planned = if args.destroy {
            session.plan_destruction(city, Protected::Stays)?.0
        } else {
            session.plan(city, Asking::Once)?
        };
        let only = args.party.as_ref().map(|party| account_of(&city.config, party)).transpose()?;
        let answer = if args.refuse { Answer::Refuse } else { Answer::Comply };
        let moves = counterpart::play(sandbox, &city.config, &planned.handshakes, only.as_deref(), answer)
            .map_err(counterpart_failed)?;
        let told = words::text(&city.config, &moves, cx.screen.out_style());
        cx.screen.data(&told).map_err(stdout)?;
        let stuck = moves.iter().any(|step| matches!(step.outcome, counterpart::Outcome::Failed(_)));
        Ok(if stuck { Exit::Failure } else { Exit::Success })
    })
    .await
}

/// The account of a party: a misspelt one would make no move and say nothing.
fn account_of(municipality: &Municipality, party: &str) -> Result<String> {
    let found = handshake::account_called(municipality, party);
    found.ok_or_else(|| super::requests::unknown(municipality, party))
}

pub(super) fn counterpart_failed(failed: counterpart::Failed) -> Box<Message> {
    Box::new(Message::CounterpartFailed { detail: failed.to_string() })
}

/// Time goes forward.
fn scale(text: &str) -> std::result::Result<f64, String> {
    let scale = text.parse::<f64>().map_err(|error| error.to_string())?;
    if scale.is_finite() && scale > 0.0 { Ok(scale) } else { Err("must be greater than 0".into()) }
}

/// Takes the lock first: what another process works on is not taken from under it.
async fn reset(cx: &Cx) -> Result<Exit> {
    let path = path(cx);
    if path.exists() {
        let sandbox = start(cx, file(cx)).await?;
        sandbox.stop().await;
        match std::fs::remove_file(&path) {
            Ok(()) => {}
            // A damaged one was set aside when it was opened.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(Box::new(Message::Unwritable { path, detail: error.to_string() })),
        }
    }
    cx.screen.tell(&Message::SandboxReset { path });
    Ok(Exit::Success)
}
