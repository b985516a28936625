//! Where a command works: real AWS, an endpoint, or the sandbox inside this process, and with whose credentials.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use gcnet_aws::{
    Access, Aws, Connection, Mfa, OtherAccount, Pace, Role, StaticCredentials, Timing, is_cleartext, is_loopback,
};
use gcnet_core::{Options, Poll, Stop, lease::Terms};
use gcnet_sandbox::Sandbox;

use super::{Cx, Result, sandbox};
use crate::{
    config::{
        Purpose,
        schema::{Credentials, Municipality},
    },
    counterpart,
    report::message::Message,
};

/// Where a command works.
pub(super) struct Place {
    endpoint: Option<String>,
    /// Kept until the command ends: it is the AWS behind the endpoint.
    pub(super) sandbox: Option<Sandbox>,
    /// Held for the whole command: a code is good for one use.
    mfa: Option<Arc<Mfa>>,
    /// It was said that another Region is named elsewhere.
    other_region: AtomicBool,
    /// It was said that the device was left out.
    device_told: AtomicBool,
}

impl Place {
    /// Does some work there, and closes the sandbox after it, so that the last write is on the disk.
    pub(super) async fn with<T>(cx: &Cx, work: impl AsyncFnOnce(&Place) -> Result<T>) -> Result<T> {
        Place::until(cx, &Stop::default(), work).await
    }

    /// The same for a command that listens to signals already, which end a question for a code as well.
    pub(super) async fn until<T>(cx: &Cx, stop: &Stop, work: impl AsyncFnOnce(&Place) -> Result<T>) -> Result<T> {
        let place = Place::open(cx, stop).await?;
        let done = work(&place).await;
        if let Some(sandbox) = place.sandbox {
            if let Some(detail) = sandbox.unsaved() {
                cx.screen.tell(&Message::SandboxUnsaved { path: sandbox::path(cx), detail });
            }
            sandbox.stop().await;
        }
        done
    }

    /// Starts the sandbox where it is asked for.
    async fn open(cx: &Cx, stop: &Stop) -> Result<Self> {
        if !cx.global.sandbox {
            refuse_cleartext(cx)?;
            let (endpoint, mfa) = (cx.global.endpoint_url.clone(), mfa(cx, stop).await?.map(Arc::new));
            return Ok(Place {
                endpoint,
                sandbox: None,
                mfa,
                other_region: AtomicBool::default(),
                device_told: AtomicBool::default(),
            });
        }
        let sandbox = sandbox::start(cx, sandbox::file(cx)).await?;
        let endpoint = Some(sandbox.endpoint());
        Ok(Place {
            endpoint,
            sandbox: Some(sandbox),
            mfa: None,
            other_region: AtomicBool::default(),
            device_told: AtomicBool::default(),
        })
    }

    /// Whether a device was held for this command.
    pub(super) fn has_mfa(&self) -> bool {
        self.mfa.as_ref().is_some_and(|mfa| !mfa.is_left_out())
    }

    /// Whoever named a device hears once that credentials were sessions already, which have none.
    pub(super) fn tell_device(&self, cx: &Cx) {
        if let Some(mfa) = self.mfa.as_ref().filter(|mfa| mfa.is_left_out())
            && !self.device_told.swap(true, Ordering::Relaxed)
        {
            cx.screen.tell(&Message::DeviceLeftOut { serial: mfa.serial().into() });
        }
    }

    /// A way into the account of a file. Nothing is sent, and nothing checked.
    pub(super) async fn prepare(&self, cx: &Cx, municipality: &Municipality) -> Result<Prepared> {
        if let Some(sandbox) = &self.sandbox {
            counterpart::furnish(sandbox, municipality).map_err(sandbox::counterpart_failed)?;
        }
        let connection = self.connection(cx, municipality);
        let other_region = if self.sandbox.is_some() { None } else { connection.other_region().await };
        Ok(Prepared { aws: Aws::connect(&connection).await, other_region })
    }

    /// Whoever has another Region in a profile or in the environment hears once that the file's goes before.
    pub(super) async fn tell_region(&self, cx: &Cx, connection: &Connection) {
        if self.sandbox.is_some() || self.other_region.load(Ordering::Relaxed) {
            return;
        }
        if let Some(elsewhere) = connection.other_region().await
            && !self.other_region.swap(true, Ordering::Relaxed)
        {
            cx.screen.tell(&Message::OtherRegion { file: connection.region.clone(), elsewhere });
        }
    }

    /// The sandbox, where this is one.
    pub(super) fn sandbox(&self) -> Option<&Sandbox> {
        self.sandbox.as_ref()
    }

    /// What files are held to here. An endpoint on this machine is a simulation, whoever made it.
    pub(super) fn purpose(&self) -> Purpose {
        let set =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        if is_simulated(self.endpoint.as_deref(), set) { Purpose::Sandbox } else { Purpose::RealAccount }
    }

    /// Whether an access key without a session may be worked with.
    pub(super) fn allows_long_lived_keys(&self, cx: &Cx) -> bool {
        cx.global.allow_long_lived_keys || self.purpose() == Purpose::Sandbox
    }

    /// How the engine waits here.
    pub(super) fn options(&self, cx: &Cx) -> Options {
        let parallelism = usize::from(cx.global.parallelism);
        if self.sandbox.is_some() {
            // A thousand simulated seconds a second.
            let poll = Poll { first: Duration::from_millis(2), max: Duration::from_millis(20) };
            let (lag, visibility) = (Duration::from_millis(500), Duration::from_secs(5));
            let (recheck, rivals) = (Duration::ZERO, Duration::ZERO);
            return Options { parallelism, poll, lag, recheck, rivals, run: String::new(), visibility };
        }
        let poll = Poll { first: Duration::from_millis(500), max: Duration::from_secs(8) };
        Options {
            parallelism,
            poll,
            lag: Duration::from_secs(60),
            // Describe lags a creation by seconds; twice ten seconds apart is what others found to be enough.
            recheck: Duration::from_secs(10),
            rivals: Duration::from_secs(10),
            run: String::new(),
            visibility: Duration::from_secs(300),
        }
    }

    /// How long leases are here.
    pub(super) fn lease_terms(&self) -> Terms {
        let poll = Poll { first: Duration::from_millis(500), max: Duration::from_secs(8) };
        let aws = Terms {
            lasts: Duration::from_secs(180),
            every: Duration::from_secs(60),
            gives_up: Duration::from_secs(120),
            poll,
            patience: Duration::from_secs(90),
            alone: false,
        };
        if self.purpose() == Purpose::RealAccount {
            return aws;
        }
        // A day, of which a thousand simulated seconds pass in one: a machine that is busy must not lose it.
        let (lasts, gives_up) = (Duration::from_secs(86_400), Duration::from_secs(57));
        let every = Duration::from_secs(5);
        // Only one process at a time opens the sandbox of a folder: who holds a lease in it is dead.
        Terms { lasts, every, gives_up, alone: self.sandbox.is_some(), ..aws }
    }

    pub(super) fn connection(&self, cx: &Cx, municipality: &Municipality) -> Connection {
        let network = &municipality.accounts.network;
        let account = network.id.to_string();
        let access = if self.sandbox.is_some() {
            Access { fixed: Some(StaticCredentials { key_id: account.clone() }), ..Access::default() }
        } else {
            let file = network.access.as_ref();
            let profile =
                cx.global.profile.clone().or_else(|| file.and_then(|a| a.profile.as_ref()).map(ToString::to_string));
            let role = file.and_then(|access| access.role.as_ref()).map(|arn| Role {
                arn: arn.to_string(),
                external_id: file.and_then(|access| access.external_id.as_ref()).map(ToString::to_string),
                session_name: session_name(),
            });
            Access { profile, role, fixed: None, mfa: self.mfa.clone(), in_the_operators_name: true }
        };
        let region = municipality.region.value.as_str().to_string();
        let others = municipality.accounts.others.values().filter_map(|other| match &other.credentials {
            Credentials::AssumeRole(assumed) => Some(OtherAccount {
                account: other.id.to_string(),
                role: Role {
                    arn: assumed.role.to_string(),
                    external_id: assumed.external_id.as_ref().map(ToString::to_string),
                    session_name: session_name(),
                },
            }),
            Credentials::None => None,
        });
        let others = others.collect();
        // What is simulated has no neighbours to be spared.
        let pace = if self.purpose() == Purpose::Sandbox { Pace::Unlimited } else { Pace::Aws };
        Connection { region, account, endpoint: self.endpoint.clone(), access, others, pace, timing: Timing::default() }
    }
}

/// Whether every call stays on this machine, by where the SDK sends it. An endpoint that was asked for goes before all others;
/// of the environment, one for all services counts only where nothing has it ignored and no service has one of its own
/// (AWS SDKs and Tools reference guide, "Service-specific endpoints"). In doubt it is AWS.
fn is_simulated(asked: Option<&str>, environment: impl Iterator<Item = (String, String)>) -> bool {
    if let Some(endpoint) = asked {
        return is_loopback(endpoint);
    }
    let mut of_all = false;
    for (name, value) in environment {
        match name.as_str() {
            "AWS_ENDPOINT_URL" => of_all = is_loopback(&value),
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS" => return false,
            name if name.starts_with("AWS_ENDPOINT_URL_") => return false,
            _ => {}
        }
    }
    of_all
}

/// Six digits, however they were typed: in groups, or in full width.
fn six_digits(typed: &str) -> Option<String> {
    let half = |c: char| match c {
        '０'..='９' => u32::from(c).checked_sub(0xFF10).and_then(|digit| char::from_digit(digit, 10)),
        c => c.is_ascii_digit().then_some(c),
    };
    let code: String = typed.chars().filter(|c| !c.is_whitespace()).map(half).collect::<Option<_>>()?;
    (code.len() == 6).then_some(code)
}

/// What was given on the command line; the code is asked for where there is somebody to ask, until `stop`.
async fn mfa(cx: &Cx, stop: &Stop) -> Result<Option<Mfa>> {
    let Some(serial) = cx.global.device() else { return Ok(None) };
    let needed = || Box::new(Message::NeedsMfaCode { serial: serial.into() });
    if let Some(code) = &cx.global.mfa_code {
        return Ok(Some(Mfa::new(serial, six_digits(code).ok_or_else(needed)?)));
    }
    if !cx.screen.is_interactive() {
        return Err(needed());
    }
    // The terminal is read on a thread of its own, as questions are.
    let (screen, asked) = (cx.screen.clone(), serial.to_string());
    let answer = tokio::task::spawn_blocking(move || screen.ask_mfa_code(&asked));
    let answer = tokio::select! {
        answer = answer => answer,
        () = stop.requested() => return Err(Box::new(Message::Aborted)),
    };
    let code = answer.ok().and_then(std::result::Result::ok).and_then(|typed| six_digits(&typed));
    Ok(Some(Mfa::new(serial, code.ok_or_else(needed)?)))
}

/// Credentials sign nothing that leaves this machine in the open. The environment may name an endpoint for each service.
fn refuse_cleartext(cx: &Cx) -> Result<()> {
    let of_environment =
        std::env::vars_os().filter_map(|(name, url)| Some((name.into_string().ok()?, url.into_string().ok()?)));
    let of_environment = of_environment.filter(|(name, _)| name.starts_with("AWS_ENDPOINT_URL"));
    let asked = cx.global.endpoint_url.clone().map(|url| ("--endpoint-url".to_string(), url));
    match asked.into_iter().chain(of_environment).find(|(_, url)| is_cleartext(url)) {
        Some((by, endpoint)) => Err(Box::new(Message::CleartextEndpoint { by, endpoint })),
        None => Ok(()),
    }
}

/// Seen in CloudTrail: who ran gcnet. AWS takes 2-64 characters of `[\w+=,.@-]`.
fn session_name() -> String {
    let user =
        ["USER", "USERNAME"].into_iter().find_map(|name| std::env::var(name).ok().filter(|user| !user.is_empty()));
    // Containers and services may have no user's name: the machine's says more than nothing.
    let who = user.unwrap_or_else(|| gethostname::gethostname().to_string_lossy().into_owned());
    let clean = |c: char| c.is_ascii_alphanumeric() || "+=,.@-_".contains(c);
    format!("gcnet-{}", who.chars().filter(|c| clean(*c)).take(50).collect::<String>())
}

/// A way into an account that nobody has used yet.
pub(super) struct Prepared {
    pub(super) aws: Aws,
    /// What the profile or the environment names instead of the file's Region.
    pub(super) other_region: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::{is_simulated, six_digits};

    const HERE: &str = "http://127.0.0.1:4566";

    #[test]
    fn only_what_stays_on_this_machine_is_a_simulation() {
        let all = ("AWS_ENDPOINT_URL", HERE);
        for (asked, environment, expected) in [
            (None, vec![], false),
            (None, vec![all], true),
            (None, vec![("AWS_ENDPOINT_URL", "https://vpce.example")], false),
            (None, vec![all, ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")], false),
            (None, vec![("AWS_ENDPOINT_URL_EC2", HERE)], false),
            (None, vec![all, ("AWS_ENDPOINT_URL_EC2", "https://vpce.example")], false),
            (Some(HERE), vec![("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")], true),
            (Some("https://vpce.example"), vec![all], false),
        ] {
            let set = environment.iter().map(|(name, value)| (name.to_string(), value.to_string()));
            assert_eq!(is_simulated(asked, set), expected, "{asked:?} {environment:?}");
        }
    }

    #[test]
    fn a_code_is_six_digits_however_typed() {
        for typed in ["493817", " 493 817\n", "４９３８１７", "４９３\u{3000}817"] {
            assert_eq!(six_digits(typed).as_deref(), Some("493817"), "{typed}");
        }
        for typed in ["", "49381", "4938177", "49381x", "²93817"] {
            assert_eq!(six_digits(typed), None, "{typed}");
        }
    }
}
