//! The world of the AWS kinds: one account in one Region, and what has been read of it so far. Other parties' accounts
//! are worlds of their own ([`Aws::in_account`]).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aws_config::{Region, SdkConfig, retry::RetryConfig};
use futures::future::try_join_all;
use gcnet_core::{Class, Failure, World};

use crate::{
    clock::Clock,
    connect::{Connection, Loaded, Pace},
    counter::{Counter, Counts},
    credentials::{Held, Seen},
    error::ROLE_REFUSED,
    read::need,
    snapshot::Snapshot,
    throttle::Buckets,
    writes::{Tap, Write, Writes},
};

/// The clients of one account and Region. Cheap to clone.
#[derive(Clone)]
pub struct Aws {
    run: Arc<Run>,
    place: Arc<Place>,
    pub(crate) snapshot: Arc<Snapshot>,
}

/// What all accounts and Regions have in common.
struct Run {
    /// The account of the file.
    account: String,
    config: SdkConfig,
    /// See [`Aws::held`].
    used: Seen,
    /// By account, with the credentials of the role there.
    others: BTreeMap<String, SdkConfig>,
    places: Mutex<BTreeMap<(String, String), Arc<Place>>>,
    pace: Pace,
    counter: Counter,
    clock: Clock,
    writes: Writes,
    put_aside: Mutex<BTreeSet<String>>,
    /// By account of another party: why its role cannot be used.
    lost: Mutex<BTreeMap<String, Failure>>,
    /// By account of another party: the read that its role does not allow.
    unread: Mutex<BTreeMap<String, Failure>>,
    /// By account of another party and permission: the first call that its role does not allow.
    refused: Mutex<BTreeMap<(String, String), Failure>>,
}

/// One account in one Region.
struct Place {
    account: String,
    region: String,
    /// Reads are repeated by the SDK.
    read: Clients,
    /// Writes never are: an answer that got lost may hide a creation, and only the engine can look.
    write: Clients,
    /// AWS counts by account and Region.
    buckets: Buckets,
}

/// One client a service.
pub(crate) struct Clients {
    pub(crate) acmpca: aws_sdk_acmpca::Client,
    pub(crate) directconnect: aws_sdk_directconnect::Client,
    pub(crate) ec2: aws_sdk_ec2::Client,
    pub(crate) iam: aws_sdk_iam::Client,
    pub(crate) logs: aws_sdk_cloudwatchlogs::Client,
    pub(crate) organizations: aws_sdk_organizations::Client,
    pub(crate) quotas: aws_sdk_servicequotas::Client,
    pub(crate) ram: aws_sdk_ram::Client,
    pub(crate) resolver: aws_sdk_route53resolver::Client,
    pub(crate) route53: aws_sdk_route53::Client,
    pub(crate) s3: aws_sdk_s3::Client,
    pub(crate) ssm: aws_sdk_ssm::Client,
    pub(crate) sts: aws_sdk_sts::Client,
}

/// Who answers to these credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// 12 digits.
    pub account: String,
    /// Of the user, role session or federated user.
    pub arn: String,
}

impl Identity {
    /// These credentials are a session of the role with this ARN. A session's ARN has the role's name without its path:
    /// `arn:aws:sts::111122223333:assumed-role/NAME/SESSION`.
    pub fn is_session_of(&self, role_arn: &str) -> bool {
        let session = self.arn.split_once(":assumed-role/").and_then(|(_, rest)| rest.split('/').next());
        let role = role_arn.split_once(":role/").and_then(|(_, rest)| rest.rsplit('/').next());
        role_arn.contains(&format!("::{}:", self.account)) && session.is_some() && session == role
    }
}

impl Clients {
    fn new(config: &SdkConfig, counter: &Counter, clock: &Clock, tap: Option<&Tap>) -> Self {
        // Interceptors are set per service: the shared configuration takes none.
        macro_rules! client {
            ($service:ident $(, $set:ident($value:expr))*) => {
                {
                    let mut config = $service::config::Builder::from(config)
                        .interceptor(counter.clone())
                        .interceptor(clock.clone())
                        $(.$set($value))*;
                    if let Some(tap) = tap {
                        config = config.interceptor(tap.clone());
                    }
                    $service::Client::from_conf(config.build())
                }
            };
        }
        // An endpoint of our own has no name for each bucket.
        let by_path = config.endpoint_url().is_some();
        Clients {
            acmpca: client!(aws_sdk_acmpca),
            directconnect: client!(aws_sdk_directconnect),
            ec2: client!(aws_sdk_ec2),
            iam: client!(aws_sdk_iam),
            logs: client!(aws_sdk_cloudwatchlogs),
            organizations: client!(aws_sdk_organizations),
            quotas: client!(aws_sdk_servicequotas),
            ram: client!(aws_sdk_ram),
            resolver: client!(aws_sdk_route53resolver),
            route53: client!(aws_sdk_route53),
            s3: client!(aws_sdk_s3, force_path_style(by_path)),
            ssm: client!(aws_sdk_ssm),
            sts: client!(aws_sdk_sts),
        }
    }
}

impl Run {
    fn place(&self, config: &SdkConfig, account: &str, region: &str) -> Arc<Place> {
        let mut places = lock(&self.places);
        let place = places.entry((account.into(), region.into())).or_insert_with(|| {
            let config = config.to_builder().region(Region::new(region.to_string())).build();
            let once = config.to_builder().retry_config(RetryConfig::disabled()).build();
            let tap = Tap { writes: self.writes.clone(), account: account.into(), region: region.into() };
            Arc::new(Place {
                account: account.into(),
                region: region.into(),
                read: Clients::new(&config, &self.counter, &self.clock, None),
                write: Clients::new(&once, &self.counter, &self.clock, Some(&tap)),
                buckets: Buckets::new(self.pace),
            })
        });
        place.clone()
    }
}

impl Aws {
    /// Prepares the clients; sends nothing.
    pub async fn connect(connection: &Connection) -> Self {
        let Loaded { config, others, used } = connection.load().await;
        let run = Run {
            account: connection.account.clone(),
            config,
            used,
            others,
            pace: connection.pace,
            places: Mutex::default(),
            counter: Counter::default(),
            clock: Clock::default(),
            writes: Writes::default(),
            put_aside: Mutex::default(),
            lost: Mutex::default(),
            unread: Mutex::default(),
            refused: Mutex::default(),
        };
        let place = run.place(&run.config, &connection.account, &connection.region);
        Aws { run: Arc::new(run), place, snapshot: Arc::default() }
    }

    /// The account of the file, or the one that [`in_account`](Self::in_account) led to;
    /// [`identity`](Self::identity) tells whether the credentials belong to it.
    pub fn account(&self) -> &str {
        &self.place.account
    }

    /// For example `ap-northeast-1`.
    pub fn region(&self) -> &str {
        &self.place.region
    }

    /// Another party's account, with the role that the file gives for it, in the same Region; nothing of it is read yet.
    /// Requests are counted with ours and limited by account.
    ///
    /// Nothing that happens there stops a run: a role that is refused is the other party's move ([`Class::Theirs`], code
    /// `role-refused`), other trouble with its credentials may pass.
    ///
    /// # Errors
    /// `no-role`: the file gives no role there. Where [`check_roles`](Self::check_roles) found that the role cannot be used,
    /// what it found: nothing is sent.
    pub fn in_account(&self, account: &str) -> Result<Aws, Failure> {
        self.in_account_region(account, self.region())
    }

    /// The same in another Region; our own account is one too.
    ///
    /// # Errors
    /// As [`in_account`](Self::in_account).
    pub fn in_account_region(&self, account: &str, region: &str) -> Result<Aws, Failure> {
        let ours = (account == self.run.account).then_some(&self.run.config);
        let config = ours.or_else(|| self.run.others.get(account)).ok_or_else(|| Failure {
            code: "no-role".into(),
            account: Some(account.into()),
            ..Failure::internal("sts:AssumeRole", account)
        })?;
        if let Some(failure) = lock(&self.run.lost).get(account) {
            return Err(Failure { class: Class::Theirs, ..failure.clone() });
        }
        let place = self.run.place(config, account, region);
        Ok(Aws { run: self.run.clone(), place, snapshot: Arc::default() })
    }

    /// Other parties' accounts in which we have a role.
    pub fn others(&self) -> impl Iterator<Item = &str> {
        self.run.others.keys().map(String::as_str)
    }

    /// The account of the file and no other party's.
    pub(crate) fn is_home(&self) -> bool {
        self.place.account == self.run.account
    }

    /// Asks AWS whose credentials these are.
    ///
    /// # Errors
    /// No credentials, expired ones, no connection.
    pub async fn identity(&self) -> Result<Identity, Failure> {
        const OPERATION: &str = "sts:GetCallerIdentity";
        let answer = self.call(OPERATION, self.read().sts.get_caller_identity().send()).await?;
        let account = need(answer.account, OPERATION, "Account")?;
        Ok(Identity { account, arn: need(answer.arn, OPERATION, "Arn")? })
    }

    /// What the credentials of the last call to our account showed of themselves; `None` before the first.
    pub fn held(&self) -> Option<Held> {
        *lock(&self.run.used)
    }

    /// By how many seconds AWS's clock was ahead of this machine's when it last answered; `None` before it has.
    pub fn skew(&self) -> Option<i64> {
        self.run.clock.skew()
    }

    /// Tries every role in another party's account, all at once: those that cannot be used, by account. From then on nothing
    /// is read or written there.
    ///
    /// # Errors
    /// Whatever else kept a role from being tried. It says nothing about the role, and a plan must not be built on it.
    pub async fn check_roles(&self) -> Result<BTreeMap<String, Failure>, Failure> {
        let check = async |account: &str| match self.in_account(account)?.identity().await {
            Ok(identity) if identity.account == account => Ok(None),
            Ok(identity) => Ok(Some(Failure {
                code: "other-account".into(),
                account: Some(account.into()),
                ..Failure::internal("sts:AssumeRole", identity.account)
            })),
            Err(failure) if failure.code == ROLE_REFUSED => Ok(Some(failure)),
            Err(failure) => Err(failure),
        };
        let checks = self.others().map(async |account| Ok((account.to_string(), check(account).await?)));
        let checks = try_join_all(checks).await?.into_iter();
        let lost: BTreeMap<String, Failure> = checks.filter_map(|(account, lost)| Some((account, lost?))).collect();
        lock(&self.run.lost).extend(lost.clone());
        Ok(lost)
    }

    /// Accounts of other parties in which a read was refused so far, although there is a role, and which read. What is there
    /// may be more than was seen.
    pub fn unread(&self) -> BTreeMap<String, Failure> {
        lock(&self.run.unread).clone()
    }

    /// What a read in another party's account shows; nothing where the role is gone or may not look, which
    /// [`unread`](Self::unread) tells.
    pub(crate) fn as_far_as_allowed<T: Default>(&self, account: &str, read: Result<T, Failure>) -> Result<T, Failure> {
        match read {
            Err(failure) if matches!(failure.class, Class::Theirs | Class::Denied | Class::Guardrail) => {
                lock(&self.run.unread).entry(account.into()).or_insert(failure);
                Ok(T::default())
            }
            read => read,
        }
    }

    /// Permissions that roles in other parties' accounts turned out to lack, by account and permission. A role is not asked
    /// what it may do: AWS tells only when it is tried.
    pub fn refused(&self) -> BTreeMap<(String, String), Failure> {
        lock(&self.run.refused).clone()
    }

    /// Notes a refusal in another party's account.
    pub(crate) fn note_refused(&self, failure: &Failure) {
        if let Some(permission) = &failure.permission {
            let key = (self.account().to_string(), permission.clone());
            lock(&self.run.refused).entry(key).or_insert_with(|| failure.clone());
        }
    }

    /// Requests sent so far, retries and other accounts included.
    pub fn counts(&self) -> Counts {
        self.run.counter.counts()
    }

    /// From now on `sink` is told of every call of this run that changes something, in whatever account; whoever was told before is
    /// told no more. It is called between the request and the answer, so it must not block for long.
    pub fn watch_writes(&self, sink: impl Fn(Write) + Send + Sync + 'static) {
        self.run.writes.watch(sink);
    }

    pub(crate) fn writes(&self) -> &Writes {
        &self.run.writes
    }

    /// Time by AWS's own clock, in seconds since 1970: what AWS dates is compared with it.
    pub fn now(&self) -> i64 {
        self.run.clock.now()
    }

    /// Looks away from a tombstone for the rest of this run: AWS goes on listing it, and cannot delete it.
    pub(crate) fn put_aside(&self, id: &str) {
        lock(&self.run.put_aside).insert(id.into());
    }

    pub(crate) fn is_put_aside(&self, id: &str) -> bool {
        lock(&self.run.put_aside).contains(id)
    }

    pub(crate) fn read(&self) -> &Clients {
        &self.place.read
    }

    pub(crate) fn write(&self) -> &Clients {
        &self.place.write
    }

    pub(crate) fn buckets(&self) -> &Buckets {
        &self.place.buckets
    }
}

/// Entries are only inserted: a panicked holder cannot have left half of one.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl World for Aws {
    fn fresh(&self) -> Self {
        Aws { snapshot: Arc::default(), ..self.clone() }
    }
}
