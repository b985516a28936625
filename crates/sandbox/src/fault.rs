//! Faults as data: what goes wrong, to which calls, how often.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::service::Access;

/// One thing that goes wrong. Faults are looked at in the order of injection; the first that matches a call applies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Which calls.
    #[serde(default)]
    pub on: Matcher,
    /// So many matching calls pass unharmed first.
    #[serde(default)]
    pub skip: u64,
    /// So many calls are hit after that; None is all of them.
    #[serde(default)]
    pub times: Option<u64>,
    /// What happens.
    pub effect: Effect,
}

impl Fault {
    /// A fault that hits the next call that matches.
    #[must_use]
    pub fn once(on: Matcher, effect: Effect) -> Self {
        Self { on, skip: 0, times: Some(1), effect }
    }

    /// A fault that hits every call that matches.
    #[must_use]
    pub fn always(on: Matcher, effect: Effect) -> Self {
        Self { on, skip: 0, times: None, effect }
    }
}

/// Which calls a fault hits. What is None matches everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Matcher {
    /// As in credential scopes: `ec2`, `sts`, `iam`, `logs`, `ram`, `directconnect`,
    /// `route53resolver`, `s3`.
    pub service: Option<String>,
    /// `CreateVpc`.
    pub operation: Option<String>,
    /// Only reads or only writes.
    pub access: Option<Access>,
    /// The twelve digits of the caller's account.
    pub account: Option<String>,
}

impl Matcher {
    /// Every call.
    #[must_use]
    pub fn any() -> Self {
        Self::default()
    }

    /// Calls of one operation, whatever the service.
    #[must_use]
    pub fn operation(name: impl Into<String>) -> Self {
        Self { operation: Some(name.into()), ..Self::default() }
    }

    /// Every write.
    #[must_use]
    pub fn writes() -> Self {
        Self { access: Some(Access::Write), ..Self::default() }
    }

    /// Every read.
    #[must_use]
    pub fn reads() -> Self {
        Self { access: Some(Access::Read), ..Self::default() }
    }
}

/// Whether the call took effect before it went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Nothing was done.
    BeforeExecution,
    /// It was done; the caller is not told.
    AfterExecution,
}

/// What happens to a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Refused for its rate: `RequestLimitExceeded` (EC2, 503), `Throttling` (query), `ThrottlingException` (JSON).
    Throttle,
    /// `InternalError` or its like, HTTP 500.
    ServerError(When),
    /// The connection is closed without an answer.
    Drop(When),
    /// No answer comes until the client gives up, or ten minutes of real time have passed.
    Hang(When),
    /// The answer is so late, in real time; the call itself is not disturbed. Milliseconds in JSON.
    #[serde(with = "millis")]
    Latency(Duration),
    /// The caller dies: nothing is answered from here on, see [`crate::Sandbox::cut`].
    Cut(When),
    /// The call is served. Then nobody listens for so long, in real time: connections are closed, new ones are refused.
    /// Milliseconds in JSON.
    #[serde(with = "millis")]
    Away(Duration),
    /// The caller lacks permission.
    Deny(Denial),
    /// Refused with this error.
    Refuse {
        /// HTTP status.
        status: u16,
        /// The error code.
        code: String,
        /// The error message.
        message: String,
    },
}

/// A duration as a whole number of milliseconds.
mod millis {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        duration.as_millis().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_millis)
    }
}

/// Why a caller is denied; the message says it as AWS does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Denial {
    /// No identity-based policy allows the action.
    Missing,
    /// An explicit deny in a service control policy.
    ServiceControlPolicy,
    /// An explicit deny in a resource control policy.
    ResourceControlPolicy,
    /// An explicit deny in a permissions boundary.
    PermissionsBoundary,
    /// No service control policy allows the action: the organisation lists what is allowed.
    NoServiceControlPolicy,
}

impl Denial {
    /// The part of the message after "because" or "with". Source: IAM user guide, "Access denied error message examples".
    pub(crate) fn reason(self, action: &str) -> String {
        match self {
            Self::Missing => format!("because no identity-based policy allows the {action} action"),
            Self::ServiceControlPolicy => "with an explicit deny in a service control policy".to_owned(),
            Self::ResourceControlPolicy => "with an explicit deny in a resource control policy".to_owned(),
            Self::PermissionsBoundary => "with an explicit deny in a permissions boundary".to_owned(),
            Self::NoServiceControlPolicy => format!("because no service control policy allows the {action} action"),
        }
    }
}

/// What a matcher is held against.
pub(crate) struct Subject<'a> {
    pub service: &'a str,
    pub operation: &'a str,
    pub access: Access,
    pub account: &'a str,
}

#[derive(Debug, Default)]
pub(crate) struct Faults {
    live: Vec<Fault>,
}

impl Faults {
    pub fn inject(&mut self, fault: Fault) {
        if fault.times != Some(0) {
            self.live.push(fault);
        }
    }

    pub fn clear(&mut self) {
        self.live.clear();
    }

    /// What happens to this call, if anything; counts the call.
    pub fn strike(&mut self, subject: &Subject<'_>) -> Option<Effect> {
        let mut matching = self.live.iter_mut().filter(|fault| fault.on.matches(subject));
        let fault = matching.find_map(|fault| match fault.skip.checked_sub(1) {
            Some(left) => {
                fault.skip = left;
                None
            }
            None => Some(fault),
        })?;
        fault.times = fault.times.map(|left| left.saturating_sub(1));
        let effect = fault.effect.clone();
        self.live.retain(|fault| fault.times != Some(0));
        Some(effect)
    }
}

impl Matcher {
    fn matches(&self, subject: &Subject<'_>) -> bool {
        let says = |wanted: &Option<String>, is: &str| wanted.as_deref().is_none_or(|w| w == is);
        says(&self.service, subject.service)
            && says(&self.operation, subject.operation)
            && says(&self.account, subject.account)
            && self.access.is_none_or(|access| access == subject.access)
    }
}
