//! From where and as whom AWS is called.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use aws_config::{
    AppName, BehaviorVersion, Region, SdkConfig, environment::EnvironmentVariableRegionProvider,
    meta::region::RegionProviderChain, profile::ProfileFileRegionProvider, retry::RetryConfig, timeout::TimeoutConfig,
};
use aws_credential_types::Credentials;

use crate::{
    cleartext::NotInTheOpen,
    credentials::{self, Mfa, Operator, Seen, Watched},
};

/// One account in one Region, and how to get there.
#[derive(Clone, Debug)]
pub struct Connection {
    /// For example `ap-northeast-1`.
    pub region: String,
    /// The account that must answer; another one is refused before any write.
    pub account: String,
    /// Another endpoint for all services: the sandbox, or an emulator. `None` leaves it to the environment and profile.
    pub endpoint: Option<String>,
    /// Whose credentials.
    pub access: Access,
    /// Other parties' accounts in which we may act.
    pub others: Vec<OtherAccount>,
    /// How fast requests may follow each other.
    pub pace: Pace,
    /// For how long an answer is waited for.
    pub timing: Timing,
}

/// For how long an answer is waited for, and how soon the SDK repeats a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Until a connection stands.
    pub connect: Duration,
    /// From the request to the first byte of the answer.
    pub read: Duration,
    /// One request with its answer.
    pub attempt: Duration,
    /// A call with all its repetitions.
    pub operation: Duration,
    /// Before the first repetition, at most; each further one doubles it.
    pub backoff: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Timing {
            connect: Duration::from_secs(5),
            read: Duration::from_secs(30),
            attempt: Duration::from_secs(60),
            operation: Duration::from_secs(300),
            backoff: Duration::from_secs(1),
        }
    }
}

/// How fast requests may follow each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// Within AWS's limits, which all tools of an account share.
    #[default]
    Aws,
    /// As they come, for what is simulated on this machine: nobody else uses it, and it has no limits.
    Unlimited,
}

/// Another party's account, and the role that it gives us there.
#[derive(Clone, Debug)]
pub struct OtherAccount {
    /// 12 digits.
    pub account: String,
    /// Assumed with the credentials that [`Connection::access`] leads to.
    pub role: Role,
}

/// Where credentials come from.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// A named profile (SSO included); `None` for the SDK's usual chain.
    pub profile: Option<String>,
    /// A role to assume with them.
    pub role: Option<Role>,
    /// Fixed ones, for the sandbox.
    pub fixed: Option<StaticCredentials>,
    /// A device that is held first, with the user's credentials that the profile or chain leads to.
    pub mfa: Option<Arc<Mfa>>,
    /// Whether sessions of roles are called after whoever these credentials belong to, instead of by
    /// [`Role::session_name`]: one more call, made when the first role is assumed.
    pub in_the_operators_name: bool,
}

/// A role to assume.
#[derive(Clone, Debug)]
pub struct Role {
    /// `arn:aws:iam::111122223333:role/…`
    pub arn: String,
    /// What the role's trust policy asks of a third party.
    pub external_id: Option<String>,
    /// Seen in CloudTrail, where AWS does not tell who the operator is: 2-64 characters of `[\w+=,.@-]`.
    pub session_name: String,
}

/// An access key that is no secret: the sandbox takes the key id for the account.
#[derive(Clone, Debug)]
pub struct StaticCredentials {
    /// For the sandbox: the 12 digits of the account.
    pub key_id: String,
}

impl Connection {
    /// Loads configuration and credentials providers. Nothing is sent yet, except that assuming a role is prepared.
    pub(crate) async fn load(&self) -> Loaded {
        let region = Region::new(self.region.clone());
        // Not latest(): a new default must not change a run's time-outs and retries unnoticed.
        let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
            .region(region)
            // Inherited by every client, those that providers of credentials make for themselves among them.
            .http_client(NotInTheOpen::new())
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(self.timing.connect)
                    .read_timeout(self.timing.read)
                    .operation_attempt_timeout(self.timing.attempt)
                    .operation_timeout(self.timing.operation)
                    .build(),
            );
        if let Ok(name) = AppName::new(concat!("gcnet-", env!("CARGO_PKG_VERSION"))) {
            loader = loader.app_name(name);
        }
        if let Some(endpoint) = &self.endpoint {
            loader = loader.endpoint_url(endpoint);
        }
        if let Some(profile) = &self.access.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(fixed) = &self.access.fixed {
            loader =
                loader.credentials_provider(Credentials::new(&fixed.key_id, "sandbox", None, None, "gcnet-sandbox"));
        }
        let retries = RetryConfig::standard().with_initial_backoff(self.timing.backoff);
        let mut config = loader.retry_config(retries).load().await;
        if let Some(mfa) = &self.access.mfa {
            config = credentials::with_mfa(&config, mfa, self.access.profile.as_ref());
        }
        let operator = self.access.in_the_operators_name.then(|| Operator::of(&config));
        if let Some(role) = &self.access.role {
            config = credentials::assumed(role, &config, operator.as_ref());
        }
        let (config, used) = Watched::over(&config);
        let others = self.others.iter().map(|other| {
            let config = credentials::assumed(&other.role, &config, operator.as_ref());
            (other.account.clone(), config)
        });
        Loaded { others: others.collect(), config, used }
    }

    /// The Region that the environment or the profile names, which is not asked for: the file's own goes before. Sends
    /// nothing.
    pub async fn other_region(&self) -> Option<String> {
        let mut profile = ProfileFileRegionProvider::builder();
        if let Some(name) = &self.access.profile {
            profile = profile.profile_name(name);
        }
        let chain = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new()).or_else(profile.build());
        let region = chain.region().await?.as_ref().to_string();
        (region != self.region).then_some(region)
    }
}

/// What leads into the accounts of a connection.
pub(crate) struct Loaded {
    pub(crate) config: SdkConfig,
    /// By account of another party.
    pub(crate) others: BTreeMap<String, SdkConfig>,
    /// What was seen of the credentials that calls are made with.
    pub(crate) used: Seen,
}
