//! The command line: one file a subcommand. A command gathers data and hands it to `report`, which has the words.

mod apply;
mod completions;
mod destroy;
mod execute;
mod man;
mod plan;
mod sandbox;
mod schema;
mod session;
mod show;
mod signals;
mod validate;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand, ValueEnum};
use tracing_subscriber::EnvFilter;

use crate::{
    config::{City, CityError, Fleet, FleetError, Purpose, Severity},
    report::{
        Lang, diagnostics,
        message::Message,
        screen::{Color, Screen, Settings},
    },
};

/// What a command ends with when it does not end well. Boxed: a message carries the facts that its sentence needs.
type Result<T, E = Box<Message>> = std::result::Result<T, E>;

/// Provisions a municipality's Government Cloud network on AWS from one YAML file, without a state file.
#[derive(Parser)]
#[command(name = "gcnet", version, max_term_width = 100)]
pub struct Args {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(clap::Args)]
struct Global {
    /// The folder that holds municipalities/ and .gcnet/
    #[arg(long, global = true, default_value = ".", value_name = "DIR")]
    dir: PathBuf,
    /// Work on the AWS that is simulated inside gcnet and kept in .gcnet/sandbox.json: no account is needed
    #[arg(long, global = true, conflicts_with_all = ["endpoint_url", "profile"])]
    sandbox: bool,
    /// Send all calls to this endpoint: an emulator, or `gcnet sandbox serve`
    #[arg(long, global = true, value_name = "URL")]
    endpoint_url: Option<String>,
    /// Profile of the AWS configuration, SSO included; goes before the file's own
    #[arg(long, global = true, value_name = "PROFILE")]
    profile: Option<String>,
    /// Changing calls in flight at once
    #[arg(long, global = true, default_value_t = 16, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    parallelism: u16,
    /// Language of what people read [default: LC_ALL, LC_MESSAGES or LANG]
    #[arg(long, global = true, value_enum)]
    lang: Option<Language>,
    /// Colours: auto, always or never
    #[arg(long, global = true, default_value_t = Color::Auto, value_name = "WHEN")]
    color: Color,
    /// More of the log on stderr; twice for every call
    #[arg(short, long, global = true, action = clap::ArgAction::Count, conflicts_with = "quiet")]
    verbose: u8,
    /// Only errors and what was asked for
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Form of the log
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text, value_name = "FORMAT")]
    log_format: LogFormat,
}

#[derive(Clone, Copy, ValueEnum)]
enum Language {
    Ja,
    En,
}

impl From<Language> for Lang {
    fn from(language: Language) -> Lang {
        match language {
            Language::Ja => Lang::Ja,
            Language::En => Lang::En,
        }
    }
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum LogFormat {
    Text,
    Json,
}

#[derive(Subcommand)]
enum Command {
    /// Check files offline: schema, references, addresses, within a file and across all
    Validate(validate::Args),
    /// Show what apply would do
    Plan(plan::Args),
    /// Build what the file asks for
    Apply(apply::Args),
    /// Delete everything that is ours, in the right order
    Destroy(destroy::Args),
    /// Show what is live
    Show(show::Args),
    /// The AWS that is simulated inside gcnet
    #[command(subcommand)]
    Sandbox(sandbox::Command),
    /// Print the JSON Schema of a municipality's file
    Schema,
    /// Print completions for a shell
    Completions(completions::Args),
    /// Write man pages
    Man(man::Args),
}

/// How a command ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Exit {
    /// 0
    Success,
    /// 1
    Failure,
    /// 2, only with --detailed-exitcode: something would change
    Changes,
    /// 3, only with --detailed-exitcode: nothing is left for us, others owe a move
    Waiting,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// What every command is given.
struct Cx {
    global: Global,
    screen: Screen,
}

/// Parses the command line and runs it.
pub fn main() -> ExitCode {
    let Args { global, command } = Args::parse();
    let lang = Lang::detect(global.lang.map(Lang::from), |name| std::env::var(name).ok());
    let screen = Screen::new(Settings { lang, color: global.color, quiet: global.quiet });
    log_to(&screen, &global);
    let cx = Cx { global, screen };
    // Not the thread-per-core default: a run waits for the network, and a small tool should stay small.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let ended = match runtime {
        Ok(runtime) => runtime.block_on(run(&cx, command)),
        Err(error) => Err(Box::new(Message::Internal { detail: error.to_string() })),
    };
    match ended {
        Ok(exit) => exit.into(),
        Err(message) => {
            cx.screen.tell(&message);
            Exit::Failure.into()
        }
    }
}

async fn run(cx: &Cx, command: Command) -> Result<Exit> {
    match command {
        Command::Validate(args) => validate::run(cx, &args),
        Command::Plan(args) => plan::run(cx, &args).await,
        Command::Apply(args) => apply::run(cx, &args).await,
        Command::Destroy(args) => destroy::run(cx, &args).await,
        Command::Show(args) => show::run(cx, &args).await,
        Command::Sandbox(command) => sandbox::run(cx, &command).await,
        Command::Schema => schema::run(cx),
        Command::Completions(args) => completions::run(cx, &args),
        Command::Man(args) => man::run(cx, &args),
    }
}

/// Logs go to stderr, without tearing a live view. The SDK and its HTTP client never say more than `info`: at `trace` they
/// would write bodies, and with them secrets.
fn log_to(screen: &Screen, global: &Global) {
    let level = match global.verbose {
        0 => "warn",
        1 => "info",
        _ => "debug",
    };
    let filter = EnvFilter::try_from_env("GCNET_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    let filter =
        ["aws_smithy_runtime", "aws_smithy_runtime_api", "aws_runtime", "aws_sdk", "aws_config", "hyper", "rustls"]
            .into_iter()
            .filter_map(|quiet| format!("{quiet}=warn").parse().ok())
            .fold(filter, EnvFilter::add_directive);
    let writer = screen.log_writer();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(move || writer.clone());
    match global.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}

impl Cx {
    /// All files.
    fn fleet(&self) -> Result<Fleet> {
        let dir = self.global.dir.join("municipalities");
        Fleet::load(&dir).map_err(|error| {
            Box::new(match error {
                FleetError::Directory { dir, error } => Message::Unreadable { path: dir, detail: error.to_string() },
                FleetError::Empty { dir } => Message::NoFiles { dir },
            })
        })
    }

    /// A municipality whose file may be worked on. Findings are shown; errors among them end the command.
    fn city<'f>(&self, fleet: &'f Fleet, name: &str, purpose: Purpose) -> Result<&'f City> {
        let (findings, city) = match fleet.city(name) {
            Ok(city) => (fleet.check_city(city, purpose), Some(city)),
            Err(CityError::Broken { findings, .. }) => (findings, None),
            Err(CityError::Unknown { name, suggestion, known }) => {
                return Err(Box::new(Message::UnknownCity { name, suggestion, known }));
            }
        };
        // Notices belong to `validate`: they would stand before every plan.
        for finding in findings.iter().filter(|finding| finding.severity > Severity::Notice) {
            self.screen.say(&diagnostics::render(finding, self.screen.err_style()));
        }
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
        match city {
            Some(city) if errors == 0 => Ok(city),
            _ => Err(Box::new(Message::BrokenFile { municipality: name.into(), errors })),
        }
    }
}

/// Writing to stdout failed, other than by a reader who had enough.
fn stdout(error: std::io::Error) -> Box<Message> {
    Box::new(Message::Unwritable { path: "stdout".into(), detail: error.to_string() })
}
