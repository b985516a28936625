//! A way into a municipality's account: real AWS, an endpoint, or the sandbox inside this process.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use gcnet_aws::{
    Access, Aws, Connection, Identity, KINDS, Mfa, OtherAccount, Pace, Role, StaticCredentials, Timing, is_cleartext,
    is_loopback,
    kinds::{ForeignRoute, ForeignRuleAssociation, foreign_ranges},
};
use gcnet_core::{
    Failure, Object, Observed, Options, Owned, Plan, PlanError, Poll, Resource, Stack, Twins, lease::Terms, observe,
};
use gcnet_sandbox::Sandbox;
use ipnet::Ipv4Net;

use super::{Cx, Result, sandbox};
use crate::{
    blueprint::{self, Wish},
    config::{
        City, Purpose,
        schema::{Credentials, Municipality},
    },
    counterpart, doctor, expiry,
    handshake::{self, Handshake},
    report::{
        document::{self, Document, Subject},
        message::Message,
    },
};

/// Where a command works.
pub(super) struct Place {
    endpoint: Option<String>,
    /// Kept until the command ends: it is the AWS behind the endpoint.
    sandbox: Option<Sandbox>,
    /// Held for the whole command: a code is good for one use.
    mfa: Option<Arc<Mfa>>,
    /// It was said that another Region is named elsewhere.
    other_region: AtomicBool,
}

impl Place {
    /// Does some work there, and closes the sandbox after it, so that the last write is on the disk.
    pub(super) async fn with<T>(cx: &Cx, work: impl AsyncFnOnce(&Place) -> Result<T>) -> Result<T> {
        let place = Place::open(cx).await?;
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
    async fn open(cx: &Cx) -> Result<Self> {
        if !cx.global.sandbox {
            refuse_cleartext(cx)?;
            let (endpoint, mfa) = (cx.global.endpoint_url.clone(), mfa(cx).await?.map(Arc::new));
            return Ok(Place { endpoint, sandbox: None, mfa, other_region: AtomicBool::default() });
        }
        let sandbox = sandbox::start(cx, sandbox::file(cx)).await?;
        let endpoint = Some(sandbox.endpoint());
        Ok(Place { endpoint, sandbox: Some(sandbox), mfa: None, other_region: AtomicBool::default() })
    }

    /// Whether a device was held for this command.
    pub(super) fn has_mfa(&self) -> bool {
        self.mfa.is_some()
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
    async fn tell_region(&self, cx: &Cx, connection: &Connection) {
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
        let from_environment = || std::env::var("AWS_ENDPOINT_URL").ok();
        let endpoint = self.endpoint.clone().or_else(from_environment);
        if endpoint.as_deref().is_some_and(is_loopback) { Purpose::Sandbox } else { Purpose::RealAccount }
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

    fn connection(&self, cx: &Cx, municipality: &Municipality) -> Connection {
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

/// What was given on the command line; the code is asked for where there is somebody to ask.
async fn mfa(cx: &Cx) -> Result<Option<Mfa>> {
    let Some(serial) = &cx.global.mfa_serial else { return Ok(None) };
    if let Some(code) = &cx.global.mfa_code {
        return Ok(Some(Mfa::new(serial, code)));
    }
    let needed = || Box::new(Message::NeedsMfaCode { serial: serial.clone() });
    if !cx.screen.is_interactive() {
        return Err(needed());
    }
    // The terminal is read on a thread of its own, as questions are.
    let (screen, asked) = (cx.screen.clone(), serial.clone());
    let answer = tokio::task::spawn_blocking(move || screen.ask_mfa_code(&asked)).await;
    let code = answer.ok().and_then(std::result::Result::ok).filter(|code| super::six_digits(code).is_ok());
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
    let user = std::env::var("USER").or_else(|_| std::env::var("USERNAME")).unwrap_or_default();
    let clean = |c: char| c.is_ascii_alphanumeric() || "+=,.@-_".contains(c);
    format!("gcnet-{}", user.chars().filter(|c| clean(*c)).take(50).collect::<String>())
}

/// A way into an account that nobody has used yet.
pub(super) struct Prepared {
    pub(super) aws: Aws,
    /// What the profile or the environment names instead of the file's Region.
    pub(super) other_region: Option<String>,
}

/// A way into an account whose credentials were checked; nothing is read yet.
pub(super) struct Connected {
    pub(super) aws: Aws,
    /// Whose credentials these are.
    pub(super) arn: String,
    /// Where to, when not to AWS itself.
    pub(super) endpoint: Option<String>,
    /// With which profile.
    pub(super) profile: Option<String>,
}

impl Connected {
    /// A call that failed outside any step.
    pub(super) fn failed(&self, failure: Failure) -> Box<Message> {
        let (endpoint, profile) = (self.endpoint.clone(), self.profile.clone());
        Box::new(Message::Call { failure, endpoint, profile })
    }
}

/// Prepares a way into the account of the file and asks whose credentials these are, and no more: for commands that work
/// with one service, as people do whose role allows no other.
pub(super) async fn connect(cx: &Cx, place: &Place, municipality: &Municipality) -> Result<Connected> {
    let connection = place.connection(cx, municipality);
    let (endpoint, profile) = (connection.endpoint.clone(), connection.access.profile.clone());
    let mut connected = Connected { aws: Aws::connect(&connection).await, arn: String::new(), endpoint, profile };
    let identity = connected.aws.identity().await.map_err(|failure| connected.failed(failure))?;
    check(cx, place, municipality, &connected.aws, &identity)?;
    place.tell_region(cx, &connection).await;
    connected.arn = identity.arn;
    Ok(connected)
}

/// What must not be worked with: another account's credentials, the root user's, and keys that stay until somebody deletes
/// them, unless whoever runs gcnet says so or AWS is simulated.
fn check(cx: &Cx, place: &Place, municipality: &Municipality, aws: &Aws, identity: &Identity) -> Result<()> {
    check_account(municipality, aws.account(), identity)?;
    check_kind(doctor::Kind::of(identity, aws.held()), &identity.arn, place.allows_long_lived_keys(cx))
}

fn check_kind(kind: doctor::Kind, arn: &str, long_lived_allowed: bool) -> Result<()> {
    let arn = arn.to_string();
    match kind {
        doctor::Kind::Root => Err(Box::new(Message::RootUser { arn })),
        doctor::Kind::LongLived if !long_lived_allowed => Err(Box::new(Message::LongLivedKeys { arn })),
        _ => Ok(()),
    }
}

/// Credentials of another account are refused before anything else is believed.
fn check_account(municipality: &Municipality, expected: &str, identity: &Identity) -> Result<()> {
    if identity.account == expected {
        return Ok(());
    }
    Err(Box::new(Message::WrongAccount {
        municipality: municipality.key().into(),
        expected: expected.into(),
        actual: identity.account.clone(),
        arn: identity.arn.clone(),
    }))
}

/// One account and Region, read once for all municipalities in it.
pub(super) struct Session {
    pub(super) aws: Aws,
    pub(super) identity: Identity,
    observed: Observed,
    /// Accounts of other companies whose role cannot be used.
    lost: BTreeSet<String>,
    /// Accounts of other companies in which a read was refused.
    unread: BTreeSet<String>,
    /// By account and permission: what roles of other companies turned out not to allow.
    refused: BTreeMap<(String, String), Failure>,
    /// What a command that works in the same place begins with.
    again: String,
    /// By VPC of another company: its addresses, where a role shows them.
    seen: BTreeMap<String, BTreeSet<Ipv4Net>>,
}

impl Session {
    /// Reads everything and, at the same time, asks whose credentials these are. Those of another account are refused
    /// before anything else is believed.
    pub(super) async fn open(cx: &Cx, place: &Place, municipality: &Municipality) -> Result<Self> {
        if let Some(sandbox) = &place.sandbox {
            counterpart::furnish(sandbox, municipality).map_err(sandbox::counterpart_failed)?;
        }
        let connection = place.connection(cx, municipality);
        let aws = Aws::connect(&connection).await;
        let attaching = blueprint::attaches_in(municipality);
        // What a role shows is not read before it is known to be a role of that account.
        let read = async {
            let lost = aws.check_roles().await?;
            let (observed, seen) = futures::try_join!(observe(&aws, KINDS), foreign_ranges(&aws, &attaching))?;
            Ok((observed, lost, seen))
        };
        let (identity, read) = futures::join!(aws.identity(), read);
        let failed = |failure| {
            let (endpoint, profile) = (connection.endpoint.clone(), connection.access.profile.clone());
            Box::new(Message::Call { failure, endpoint, profile })
        };
        let identity = identity.map_err(failed)?;
        check(cx, place, municipality, &aws, &identity)?;
        place.tell_region(cx, &connection).await;
        let (observed, lost, seen) = read.map_err(failed)?;
        let (unread, looked_into) = (aws.unread(), blueprint::looks_into(municipality));
        let denied =
            unread.iter().filter(|(account, _)| looked_into.contains(*account) && !lost.contains_key(*account));
        for (account, failure) in lost.iter().chain(denied) {
            cx.screen.tell(&Message::RoleLost { account: account.clone(), failure: failure.clone() });
        }
        let (lost, unread) = (lost.into_keys().collect(), unread.into_keys().collect());
        let refused = aws.refused();
        let again = cx.again("").trim_end().to_string();
        Ok(Session { aws, identity, observed, lost, unread, refused, again, seen })
    }

    /// The same, knowing what an earlier session of the same command has learned by trying.
    pub(super) fn after(mut self, earlier: &Session) -> Self {
        self.refused.extend(earlier.aws.refused());
        self
    }

    /// Accounts of other companies in which this municipality's resources cannot be seen or changed.
    fn lost_to(&self, municipality: &Municipality) -> BTreeSet<String> {
        let unread = self.unread.intersection(&blueprint::looks_into(municipality)).cloned().collect();
        &self.lost | &unread
    }

    /// What belongs to a municipality.
    pub(super) fn owned(&self, municipality: &Municipality) -> Result<&[Owned]> {
        self.observed.of(&blueprint::stack(municipality)).map_err(|error| Box::new(Message::Plan(error)))
    }

    /// Every stack that has something in the account.
    pub(super) fn stacks(&self) -> impl Iterator<Item = &Stack> {
        self.observed.stacks()
    }

    /// What belongs to a stack, whether it has a file or not.
    pub(super) fn of(&self, stack: &Stack) -> Result<&[Owned]> {
        self.observed.of(stack).map_err(|error| Box::new(Message::Plan(error)))
    }

    /// Refuses a file that no run of today could satisfy.
    pub(super) fn check_days(&self, city: &City) -> Result<()> {
        match expiry::not_yet(&city.config, self.aws.now()) {
            Some(not_yet) => Err(Box::new(Message::NotYet(not_yet))),
            None => Ok(()),
        }
    }

    /// Compares the file with what is live.
    pub(super) fn plan(&self, city: &City, asking: Asking) -> Result<Planned> {
        self.plan_without(city, asking, &BTreeSet::new())
    }

    /// The same, where these twins give way.
    pub(super) fn plan_without(&self, city: &City, asking: Asking, withdrawn: &BTreeSet<String>) -> Result<Planned> {
        let mut wish = blueprint::wish_seeing(&city.config, &self.lost_to(&city.config), &self.seen);
        wish.ask_for_permissions(&city.config, self.refused.values());
        wish.desired.ask_again = asking == Asking::Again;
        wish.desired.withdrawn = withdrawn.clone();
        let owned = self.observed.for_wish(&wish.desired).map_err(|error| self.no_plan(&city.config, error))?;
        self.planned(city, wish, &owned)
    }

    /// What is in AWS several times, and which of it stays.
    pub(super) fn twins(&self, city: &City, keep: &BTreeSet<String>) -> Result<Vec<Twins>> {
        let wish = blueprint::wish_seeing(&city.config, &self.lost_to(&city.config), &self.seen);
        let owned = self.observed.for_wish(&wish.desired).map_err(|error| self.no_plan(&city.config, error))?;
        gcnet_core::twins(KINDS, &wish.desired, &owned, keep).map_err(|error| Box::new(Message::Choice(error)))
    }

    /// What it takes to leave nothing of ours, but for the role that this run lives by: AWS would refuse the last calls of
    /// a role that has just lost its policy. The second value names it.
    pub(super) fn plan_destruction(&self, city: &City, protected: Protected) -> Result<(Planned, Option<String>)> {
        let owned = self.owned(&city.config)?;
        let (own, others): (Vec<Owned>, Vec<Owned>) =
            owned.iter().cloned().partition(|owned| self.identity.is_session_of(&owned.object.id));
        let mut wish = blueprint::nothing_without(&city.config, &self.lost_to(&city.config));
        wish.ask_for_permissions(&city.config, self.refused.values());
        wish.desired.include_protected = protected == Protected::Included;
        let planned = self.planned(city, wish, &others)?;
        Ok((planned, own.into_iter().next().map(|role| role.object.id)))
    }

    /// There is no plan.
    fn no_plan(&self, municipality: &Municipality, error: PlanError) -> Box<Message> {
        Box::new(match error {
            PlanError::Twins { address, ids } => {
                Message::Twins { address, ids, command: format!("{} repair {}", self.again, municipality.key()) }
            }
            error => Message::Plan(error),
        })
    }

    fn planned(&self, city: &City, wish: Wish, owned: &[Owned]) -> Result<Planned> {
        // What was seen in a lost account before it was lost, nobody may take for unwished.
        let lost = self.lost_to(&city.config);
        let owned: Vec<Owned> = owned.iter().filter(|owned| !is_in(&lost, owned)).cloned().collect();
        let plan = gcnet_core::plan(KINDS, &wish.desired, &owned).map_err(|error| self.no_plan(&city.config, error))?;
        let subject = subject(&city.config);
        let handshakes = handshake::all(&plan, &wish);
        let waiting = document::waiting(&city.config, &handshakes);
        let document = Document::new(&subject, &plan, &waiting, &wish.deferred, Some(&self.aws.counts()));
        Ok(Planned { subject, plan, wish, handshakes, document })
    }
}

/// It is in one of these accounts, and can be changed only there.
fn is_in(accounts: &BTreeSet<String>, owned: &Owned) -> bool {
    let Object { kind, raw, .. } = &owned.object;
    [ForeignRoute::NAME, ForeignRuleAssociation::NAME].contains(kind)
        && raw["account"].as_str().is_some_and(|account| accounts.contains(account))
}

/// Whether what is protected goes as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protected {
    Stays,
    Included,
}

/// Whether others who refused are asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asking {
    Once,
    Again,
}

impl Asking {
    pub(super) fn again(again: bool) -> Self {
        if again { Asking::Again } else { Asking::Once }
    }
}

/// A plan and what is needed to show it.
pub(super) struct Planned {
    pub(super) subject: Subject,
    pub(super) plan: Plan,
    pub(super) wish: Wish,
    pub(super) handshakes: Vec<Handshake>,
    pub(super) document: Document,
}

/// Of which municipality a report speaks.
pub(super) fn subject(municipality: &Municipality) -> Subject {
    let identity = &municipality.municipality;
    Subject {
        municipality: municipality.key().into(),
        name_ja: identity.name.to_string(),
        name_en: identity.name_en.as_ref().map_or_else(|| municipality.key().into(), ToString::to_string),
        environment: municipality.environment.value.as_str().into(),
        account: municipality.accounts.network.id.to_string(),
        region: municipality.region.value.as_str().into(),
    }
}

#[cfg(test)]
mod tests {
    use gcnet_aws::kinds::{ForeignAttachment, ForeignRoute};
    use gcnet_core::{Address, Kind, Object, Owned, Owner, Resource, State};
    use serde_json::json;

    use super::{check_kind, is_in};
    use crate::{doctor, report::message::Message};

    #[test]
    fn keys_that_stay_are_refused_unless_allowed_and_root_always() {
        let refused = |kind, allowed| check_kind(kind, "arn:aws:iam::111122223333:user/taro", allowed).err();
        assert!(matches!(refused(doctor::Kind::LongLived, false).as_deref(), Some(Message::LongLivedKeys { .. })));
        assert!(refused(doctor::Kind::LongLived, true).is_none());
        for allowed in [false, true] {
            assert!(matches!(refused(doctor::Kind::Root, allowed).as_deref(), Some(Message::RootUser { .. })));
            for kind in [doctor::Kind::UserSession, doctor::Kind::Sso, doctor::Kind::Role, doctor::Kind::Federated] {
                assert!(refused(kind, allowed).is_none(), "{kind:?}");
            }
        }
    }

    #[test]
    fn only_what_is_there_is_lost_with_an_account() {
        let owned = |kind: &'static str, raw| Owned {
            address: Address::new(kind, "x"),
            object: Object { kind, id: "x".into(), owner: Owner::Parent, state: State::Ready, raw },
        };
        let route = json!(ForeignRoute::example());
        assert!(is_in(&["111122223333".to_string()].into(), &owned(ForeignRoute::NAME, route.clone())));
        assert!(!is_in(&["444455556666".to_string()].into(), &owned(ForeignRoute::NAME, route)));
        let attachment = json!(ForeignAttachment::example());
        assert!(!is_in(&["111122223333".to_string()].into(), &owned(ForeignAttachment::NAME, attachment)));
    }
}
