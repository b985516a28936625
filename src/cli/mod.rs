//! The command line: one file a subcommand. A command gathers data and hands it to `report`, which has the words.

mod apply;
mod ca;
mod completions;
mod connect;
mod destroy;
mod dig_check;
mod doctor;
mod execute;
mod history;
mod lease;
mod leftovers;
mod man;
mod permissions;
mod place;
mod plan;
mod reach;
mod record;
mod repair;
mod requests;
mod resolve;
mod sandbox;
mod schema;
mod session;
mod show;
mod signals;
mod unlock;
mod validate;

use std::{
    collections::BTreeMap,
    ffi::OsString,
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
    sync::{Mutex, PoisonError},
};

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{FilterExt, LevelFilter, filter_fn},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use crate::{
    blueprint::Borrowed,
    config::{City, CityError, Finding, Fleet, FleetError, Purpose, Severity},
    expiry,
    report::{
        Lang, diagnostics, help,
        message::Message,
        screen::{Color, Screen, Settings},
        tame::tame,
    },
};

/// What a command ends with when it does not end well. Boxed: a message carries the facts that its sentence needs.
type Result<T, E = Box<Message>> = std::result::Result<T, E>;

// No doc comments on what clap derives from: they would become help in one language. The words are in `report::help`.

#[derive(Parser)]
#[command(name = "gcnet", version, max_term_width = 100)]
struct Args {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Args)]
struct Global {
    #[arg(long, global = true, default_value = ".", value_name = "DIR")]
    dir: PathBuf,
    #[arg(long, global = true, conflicts_with_all = ["endpoint_url", "profile"])]
    sandbox: bool,
    #[arg(long, global = true, value_name = "URL", value_parser = endpoint)]
    endpoint_url: Option<String>,
    #[arg(long, global = true, value_name = "PROFILE")]
    profile: Option<String>,
    // No conflict with the sandbox, where it is not needed: clap would take the variable for an option that was given.
    #[arg(long, global = true, value_name = "SERIAL", env = "GCNET_MFA_SERIAL", hide_env = true)]
    mfa_serial: Option<String>,
    // Not from the environment: a code is good for one use, and child processes would inherit it. Judged where it is used:
    // clap would repeat what was typed.
    #[arg(long, global = true, value_name = "CODE", requires = "mfa_serial")]
    mfa_code: Option<String>,
    #[arg(long, global = true, env = "GCNET_ALLOW_LONG_LIVED_KEYS", hide_env = true, value_parser = clap::builder::FalseyValueParser::new())]
    allow_long_lived_keys: bool,
    #[arg(long, global = true, default_value_t = 16, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    parallelism: u16,
    #[arg(long, global = true)]
    no_record: bool,
    #[arg(long, global = true, value_enum)]
    lang: Option<Language>,
    #[arg(long, global = true, default_value_t = Color::Auto, value_name = "WHEN")]
    color: Color,
    #[arg(short, long, global = true, action = clap::ArgAction::Count, conflicts_with = "quiet")]
    verbose: u8,
    #[arg(short, long, global = true)]
    quiet: bool,
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text, value_name = "FORMAT")]
    log_format: LogFormat,
}

impl Global {
    /// The device that is held first. An empty variable names none, and the sandbox asks for none.
    fn device(&self) -> Option<&str> {
        self.mfa_serial.as_deref().map(str::trim).filter(|serial| !serial.is_empty() && !self.sandbox)
    }
}

/// The SDK panics at some of what is none.
fn endpoint(url: &str) -> std::result::Result<String, &'static str> {
    let host = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    let is_host = |host: &&str| host.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[');
    host.filter(is_host).map(|_| url.into()).ok_or("http://HOST:PORT, https://HOST:PORT")
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
    Validate(validate::Args),
    Plan(plan::Args),
    Apply(apply::Args),
    Destroy(destroy::Args),
    Unlock(unlock::Args),
    Show(show::Args),
    Requests(requests::Args),
    Reach(reach::Args),
    Resolve(resolve::Args),
    DigCheck(dig_check::Args),
    Doctor(doctor::Args),
    #[command(subcommand)]
    Ca(ca::Command),
    Repair(repair::Args),
    Leftovers(leftovers::Args),
    Permissions(permissions::Args),
    History(history::Args),
    #[command(subcommand)]
    Sandbox(sandbox::Command),
    Schema,
    Completions(completions::Args),
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

impl Exit {
    /// Of two commands in a row, the end that matters.
    fn worse(self, other: Exit) -> Exit {
        [Exit::Failure, Exit::Changes, Exit::Waiting]
            .into_iter()
            .find(|end| [self, other].contains(end))
            .unwrap_or(self)
    }

    /// Waiting for others is a success to who did not ask for more.
    fn detailed(self, asked: bool) -> Exit {
        if self == Exit::Waiting && !asked { Exit::Success } else { self }
    }
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
    /// By municipality; see [`Cx::run`].
    runs: Mutex<BTreeMap<String, String>>,
}

/// The command line with its words.
fn command_line(lang: Lang) -> clap::Command {
    let mut command = Args::command();
    command.build();
    help::tell(command, lang)
}

/// The language of help, which is wanted before the command line is understood.
fn asked_lang(args: impl Iterator<Item = OsString>) -> Option<Lang> {
    let args: Vec<String> = args.map_while(|arg| arg.into_string().ok()).take_while(|arg| arg != "--").collect();
    let joined = args.iter().filter_map(|arg| arg.strip_prefix("--lang="));
    let apart = args.windows(2).filter(|pair| pair[0] == "--lang").map(|pair| pair[1].as_str());
    joined.chain(apart).find_map(|lang| lang.parse().ok())
}

/// Parses the command line and runs it.
pub fn main() -> ExitCode {
    let lang = Lang::detect(asked_lang(std::env::args_os()), |name| std::env::var(name).ok());
    let parsed = command_line(lang).try_get_matches().and_then(|matches| Args::from_arg_matches(&matches));
    let Args { global, command } = match parsed {
        Ok(args) => args,
        Err(error) => {
            // When nobody can read it there is nobody to tell.
            if !error.use_stderr() {
                let _ = error.print();
                return Exit::Success.into();
            }
            // It repeats what was typed, which may be what somebody pasted.
            let _ = io::stderr().write_all(tame(&error.render().to_string(), false).as_bytes());
            // Not clap's own 2, which means "something would change" to who asked for detailed exit codes.
            return Exit::Failure.into();
        }
    };
    let screen = Screen::new(Settings { lang, color: global.color, quiet: global.quiet });
    log_to(&screen, &global);
    let cx = Cx { global, screen, runs: Mutex::default() };
    // Not the thread-per-core default: a run waits for the network, and a small tool should stay small.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let ended = match runtime {
        Ok(runtime) => {
            let ended = runtime.block_on(run(&cx, command));
            // A prompt that nobody will answer any more must not keep the process.
            runtime.shutdown_background();
            ended
        }
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
        Command::Unlock(args) => unlock::run(cx, &args).await,
        Command::Show(args) => show::run(cx, &args).await,
        Command::Requests(args) => requests::run(cx, &args).await,
        Command::Reach(args) => reach::run(cx, &args).await,
        Command::Resolve(args) => resolve::run(cx, &args).await,
        Command::DigCheck(args) => dig_check::run(cx, &args).await,
        Command::Doctor(args) => doctor::run(cx, &args).await,
        Command::Ca(command) => ca::run(cx, &command).await,
        Command::Repair(args) => repair::run(cx, &args).await,
        Command::Leftovers(args) => leftovers::run(cx, &args).await,
        Command::Permissions(args) => permissions::run(cx, &args),
        Command::History(args) => history::run(cx, &args),
        Command::Sandbox(command) => sandbox::run(cx, &command).await,
        Command::Schema => schema::run(cx),
        Command::Completions(args) => completions::run(cx, &args),
        Command::Man(args) => man::run(cx, &args),
    }
}

/// Logs go to stderr, without tearing a live view. The SDK and its HTTP client never say more than `warn`: at `trace` they
/// would write bodies, and with them secrets. Unasked they only say what is an error: what matters of a warning, such as a
/// source of credentials that has none, is in the message that ends the run.
fn log_to(screen: &Screen, global: &Global) {
    let (level, sdk) = match global.verbose {
        0 => ("warn", LevelFilter::ERROR),
        1 => ("info", LevelFilter::WARN),
        _ => ("debug", LevelFilter::WARN),
    };
    let asked = EnvFilter::try_from_env("GCNET_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    // A cap, not a directive: whatever GCNET_LOG asks for, it holds.
    let capped = filter_fn(move |event| {
        let foreign =
            ["aws_", "hickory", "hyper", "h2", "rustls"].iter().any(|prefix| event.target().starts_with(prefix));
        !foreign || *event.level() <= sdk
    });
    let writer = screen.log_writer();
    let log = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(move || writer.clone());
    let log = match global.log_format {
        LogFormat::Text => log.boxed(),
        LogFormat::Json => log.json().boxed(),
    };
    tracing_subscriber::registry().with(log.with_filter(asked.and(capped))).init();
}

/// What a file leads to and its wishes do not bear: who reaches whom, and what becomes of names.
fn contradictions(city: &City, found: &[Finding]) -> Vec<Finding> {
    let mut findings = crate::reach::contradictions(city, found);
    findings.extend(crate::resolve::contradictions(city, found));
    findings
}

/// A word as a POSIX shell reads it back.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_@%+=:,./-".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.into() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

/// When what others are to associate was made: before this command, or by it.
#[derive(Clone, Copy)]
enum Made {
    Before,
    Now,
}

impl Cx {
    /// The name of this command's run on a municipality: in its lease, in its record, and on what AWS would make twice.
    fn run(&self, key: &str) -> String {
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        runs.entry(key.into()).or_insert_with(crate::record::run_name).clone()
    }

    /// Something in the folder that gcnet works in, as a person would write it.
    fn path(&self, name: &str) -> PathBuf {
        let dir = &self.global.dir;
        if dir.as_os_str() == "." { name.into() } else { dir.join(name) }
    }

    /// A command that works in the same place.
    fn again(&self, command: &str) -> String {
        let Global { dir, sandbox, endpoint_url, profile, allow_long_lived_keys, .. } = &self.global;
        let mut line = "gcnet".to_string();
        if dir.as_os_str() != "." {
            line += &format!(" --dir {}", quoted(&dir.to_string_lossy()));
        }
        if *sandbox {
            line += " --sandbox";
        }
        // Never the code: it is used up, and a hint is copied and kept.
        let (endpoint, profile) = (endpoint_url.as_deref(), profile.as_deref());
        for (option, value) in
            [("--endpoint-url", endpoint), ("--profile", profile), ("--mfa-serial", self.global.device())]
        {
            line += &value.map(|value| format!(" {option} {}", quoted(value))).unwrap_or_default();
        }
        if *allow_long_lived_keys {
            line += " --allow-long-lived-keys";
        }
        format!("{line} {command}")
    }

    /// Names those of whom nobody here sees whether they have done their part.
    fn tell_unseen(&self, city: &City, planned: &session::Planned, made: Made) {
        let borrowed: Vec<Borrowed> = match made {
            Made::Before => {
                planned.wish.borrowed.iter().filter_map(|borrowed| borrowed.open(&planned.plan.ids)).collect()
            }
            Made::Now => planned.wish.borrowed.clone(),
        };
        let borrowed = &borrowed;
        let parties = crate::report::requests::unseen(&city.config, borrowed, &planned.plan.ids, self.screen.lang());
        if !parties.is_empty() {
            self.screen.tell(&Message::Unseen { parties, command: self.again(&format!("requests {}", city.key())) });
        }
    }

    /// Warns of authorities whose certificates end soon.
    fn tell_expiring(&self, city: &City, session: &session::Session) -> Result<()> {
        for expiring in expiry::expiring(&city.config, session.owned(&city.config)?, session.aws.now()) {
            self.screen.tell(&Message::Expiring(expiring));
        }
        Ok(())
    }

    /// All files.
    fn fleet(&self) -> Result<Fleet> {
        let dir = self.path("municipalities");
        Fleet::load(&dir).map_err(|error| {
            Box::new(match error {
                FleetError::Directory { dir, error } => Message::Unreadable { path: dir, detail: error.to_string() },
                FleetError::Empty { dir } => Message::NoFiles { dir },
            })
        })
    }

    /// A municipality whose file may be worked on. Findings are shown; errors among them end the command.
    fn city<'f>(&self, fleet: &'f Fleet, name: &str, purpose: Purpose) -> Result<&'f City> {
        let (city, errors) = self.look_at(fleet, name, purpose, contradictions)?;
        match errors {
            0 => Ok(city),
            errors => Err(Box::new(Message::BrokenFile { municipality: name.into(), errors })),
        }
    }

    /// A municipality whose file can be read, and how many errors were found in it, which were shown.
    fn look_at<'f>(
        &self,
        fleet: &'f Fleet,
        name: &str,
        purpose: Purpose,
        also: impl Fn(&City, &[Finding]) -> Vec<Finding>,
    ) -> Result<(&'f City, usize)> {
        let (findings, city) = match fleet.city(name) {
            Ok(city) => (fleet.check_city_also(city, purpose, also), Some(city)),
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
            Some(city) => Ok((city, errors)),
            None => Err(Box::new(Message::BrokenFile { municipality: name.into(), errors })),
        }
    }
}

/// Writing to stdout failed, other than by a reader who had enough.
fn stdout(error: std::io::Error) -> Box<Message> {
    Box::new(Message::Unwritable { path: "stdout".into(), detail: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_and_argument_has_words_in_both_languages() {
        assert_eq!(help::unmatched(&Args::command()), [""; 0]);
    }

    #[test]
    fn the_command_line_holds_together() {
        Args::command().debug_assert();
        for lang in [Lang::Ja, Lang::En] {
            command_line(lang).debug_assert();
        }
    }

    #[test]
    fn the_language_of_help_is_found_wherever_it_stands() {
        let asked = |line: &str| asked_lang(line.split(' ').map(OsString::from));
        assert_eq!(asked("gcnet --lang ja plan"), Some(Lang::Ja));
        assert_eq!(asked("gcnet plan --lang=en"), Some(Lang::En));
        assert_eq!(asked("gcnet plan -- --lang ja"), None);
        assert_eq!(asked("gcnet plan --lang"), None);
        assert_eq!(asked("gcnet plan --lang fr"), None);
    }
}
