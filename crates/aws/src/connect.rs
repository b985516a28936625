//! From where and as whom AWS is called.

use std::time::Duration;

use aws_config::{
    AppName, BehaviorVersion, Region, SdkConfig, retry::RetryConfig, sts::AssumeRoleProvider, timeout::TimeoutConfig,
};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};

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
}

/// A role to assume.
#[derive(Clone, Debug)]
pub struct Role {
    /// `arn:aws:iam::111122223333:role/…`
    pub arn: String,
    /// What the role's trust policy asks of a third party.
    pub external_id: Option<String>,
    /// Seen in CloudTrail: 2-64 characters of `[\w+=,.@-]`.
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
    pub(crate) async fn load(&self) -> SdkConfig {
        let region = Region::new(self.region.clone());
        // Not latest(): a new default must not change a run's time-outs and retries unnoticed.
        let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12()).region(region).timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(Duration::from_secs(5))
                .read_timeout(Duration::from_secs(30))
                .operation_attempt_timeout(Duration::from_secs(60))
                .operation_timeout(Duration::from_secs(300))
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
        let config = loader.retry_config(RetryConfig::standard()).load().await;
        match &self.access.role {
            Some(role) => role.assumed_by(&config).await,
            None => config,
        }
    }
}

impl Role {
    /// The same configuration with the role's credentials. Sends nothing.
    pub(crate) async fn assumed_by(&self, config: &SdkConfig) -> SdkConfig {
        let mut assume = AssumeRoleProvider::builder(&self.arn).session_name(&self.session_name).configure(config);
        if let Some(external_id) = &self.external_id {
            assume = assume.external_id(external_id);
        }
        let provider = SharedCredentialsProvider::new(assume.build().await);
        config.to_builder().credentials_provider(provider).build()
    }
}
