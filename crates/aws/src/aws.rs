//! The world of the AWS kinds: one account in one Region, and what has been read of it so far.

use std::sync::Arc;

use aws_config::{SdkConfig, retry::RetryConfig};
use gcnet_core::{Failure, World};

use crate::{
    connect::Connection,
    counter::{Counter, Counts},
    read::need,
    snapshot::Snapshot,
    throttle::Buckets,
};

/// The clients of one account and Region. Cheap to clone.
#[derive(Clone)]
pub struct Aws {
    shared: Arc<Shared>,
    pub(crate) snapshot: Arc<Snapshot>,
}

struct Shared {
    account: String,
    region: String,
    /// Reads are repeated by the SDK.
    read: Clients,
    /// Writes never are: an answer that got lost may hide a creation, and only the engine can look.
    write: Clients,
    buckets: Buckets,
    counter: Counter,
}

/// One client a service.
pub(crate) struct Clients {
    pub(crate) ec2: aws_sdk_ec2::Client,
    pub(crate) iam: aws_sdk_iam::Client,
    pub(crate) logs: aws_sdk_cloudwatchlogs::Client,
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
    fn new(config: &SdkConfig, counter: &Counter) -> Self {
        // Interceptors are set per service: the shared configuration takes none.
        macro_rules! client {
            ($service:ident) => {
                $service::Client::from_conf(
                    $service::config::Builder::from(config).interceptor(counter.clone()).build(),
                )
            };
        }
        Clients {
            ec2: client!(aws_sdk_ec2),
            iam: client!(aws_sdk_iam),
            logs: client!(aws_sdk_cloudwatchlogs),
            sts: client!(aws_sdk_sts),
        }
    }
}

impl Aws {
    /// Prepares the clients; sends nothing.
    pub async fn connect(connection: &Connection) -> Self {
        let config = connection.load().await;
        let counter = Counter::default();
        let once = config.to_builder().retry_config(RetryConfig::disabled()).build();
        let shared = Shared {
            account: connection.account.clone(),
            region: connection.region.clone(),
            read: Clients::new(&config, &counter),
            write: Clients::new(&once, &counter),
            buckets: Buckets::default(),
            counter,
        };
        Aws { shared: Arc::new(shared), snapshot: Arc::default() }
    }

    /// The account of the file; [`identity`](Self::identity) tells whether the credentials belong to it.
    pub fn account(&self) -> &str {
        &self.shared.account
    }

    /// For example `ap-northeast-1`.
    pub fn region(&self) -> &str {
        &self.shared.region
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

    /// Requests sent so far, retries included.
    pub fn counts(&self) -> Counts {
        self.shared.counter.counts()
    }

    pub(crate) fn read(&self) -> &Clients {
        &self.shared.read
    }

    pub(crate) fn write(&self) -> &Clients {
        &self.shared.write
    }

    pub(crate) fn buckets(&self) -> &Buckets {
        &self.shared.buckets
    }
}

impl World for Aws {
    fn fresh(&self) -> Self {
        Aws { shared: self.shared.clone(), snapshot: Arc::default() }
    }
}
