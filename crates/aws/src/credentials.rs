//! Whose credentials a run lives by: what they show of themselves, sessions with MFA, and roles that are assumed in the
//! operator's name.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::UNIX_EPOCH,
};

use aws_config::{SdkConfig, retry::RetryConfig, sts::AssumeRoleProvider};
use aws_credential_types::{
    Credentials,
    provider::{self, ProvideCredentials, SharedCredentialsProvider, error::CredentialsError, future},
};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use tokio::sync::OnceCell;

use crate::connect::Role;

/// What credentials show of themselves; the secret parts are not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// An access key of a user or of the account itself, without a session: it stays until somebody deletes it.
    pub is_long_lived: bool,
    /// When they end, in seconds since 1970, where they say so.
    pub expires: Option<i64>,
}

/// A provider whose last credentials are remembered.
#[derive(Debug, Clone)]
pub(crate) struct Watched {
    inner: SharedCredentialsProvider,
    pub(crate) held: Seen,
}

/// What was seen of the credentials so far.
pub(crate) type Seen = Arc<Mutex<Option<Held>>>;

impl Watched {
    /// The same configuration, with its credentials watched.
    pub(crate) fn over(config: &SdkConfig) -> (SdkConfig, Seen) {
        let held = Seen::default();
        let Some(inner) = config.credentials_provider() else { return (config.clone(), held) };
        let watched = Watched { inner, held: held.clone() };
        (with_provider(config, watched), held)
    }
}

impl ProvideCredentials for Watched {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let credentials = self.inner.provide_credentials().await?;
            let held = Held {
                is_long_lived: credentials.session_token().is_none(),
                expires: credentials
                    .expiry()
                    .and_then(|end| end.duration_since(UNIX_EPOCH).ok())
                    .and_then(|since| i64::try_from(since.as_secs()).ok()),
            };
            *self.held.lock().unwrap_or_else(PoisonError::into_inner) = Some(held);
            Ok(credentials)
        })
    }
}

/// A device with the code that it showed. The code is good for one use, so the session that it opens serves every city of a
/// command: it tells of the device in each role that it assumes.
///
/// DOC (IAM user guide, "Secure API access with MFA"): credentials of GetSessionToken carry MFA into AssumeRole; those of a
/// role, SSO's among them, have no device.
pub struct Mfa {
    serial: String,
    code: String,
    /// By profile: the sessions of their users, or why there is none.
    sessions: tokio::sync::Mutex<BTreeMap<Option<String>, Result<Credentials, MfaRefused>>>,
    /// Some credentials were sessions already.
    left_out: AtomicBool,
}

/// STS opened no session. It is asked once: many wrong codes lock a device.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct MfaRefused {
    /// AWS's, where it was not about the device or its code.
    pub(crate) code: Option<String>,
    message: String,
}

impl MfaRefused {
    /// AWS has no code of its own for a device that it does not accept: only the words of AccessDenied tell ("MultiFactorAuthentication
    /// failed with invalid MFA one time pass code"), as the sandbox's do. A serial number of no form is a ValidationError.
    fn of(refusal: &impl ProvideErrorMetadata) -> Self {
        let code = refusal.code().unwrap_or("Unknown");
        let message = refusal.message().unwrap_or_default();
        let is_device = match code {
            "AccessDenied" => message.starts_with("MultiFactorAuthentication failed"),
            code => code == "ValidationError",
        };
        match is_device {
            true => MfaRefused { code: None, message: message.into() },
            false => MfaRefused { code: Some(code.into()), message: format!("sts:GetSessionToken: {message}") },
        }
    }
}

impl Mfa {
    /// `serial` is a hardware token's serial number or a virtual device's ARN; `code` has six digits.
    pub fn new(serial: impl Into<String>, code: impl Into<String>) -> Self {
        Mfa { serial: serial.into(), code: code.into(), sessions: Default::default(), left_out: AtomicBool::default() }
    }

    /// Which device this is.
    pub fn serial(&self) -> &str {
        &self.serial
    }

    /// Whether credentials were sessions already (SSO's, a role's), which have no device and were used as they are.
    pub fn is_left_out(&self) -> bool {
        self.left_out.load(Ordering::Relaxed)
    }

    async fn session(&self, profile: Option<&String>, config: &SdkConfig) -> provider::Result {
        if let Some(provider) = config.credentials_provider() {
            let base = provider.provide_credentials().await?;
            // GetSessionToken is for long-lived keys only, and refuses everything else.
            if base.session_token().is_some() {
                self.left_out.store(true, Ordering::Relaxed);
                return Ok(base);
            }
        }
        let mut sessions = self.sessions.lock().await;
        if let Some(asked) = sessions.get(&profile.cloned()) {
            return asked.clone().map_err(CredentialsError::provider_error);
        }
        // Sent once: a second try would be refused for its code, whatever became of the first.
        let once = config.to_builder().retry_config(RetryConfig::disabled()).build();
        let sts = aws_sdk_sts::Client::new(&once);
        let asked = sts.get_session_token().serial_number(&self.serial).token_code(&self.code).send().await;
        if let Err(SdkError::ServiceError(refusal)) = &asked {
            let refused = MfaRefused::of(refusal.err());
            sessions.insert(profile.cloned(), Err(refused.clone()));
            return Err(CredentialsError::provider_error(refused));
        }
        let answer = asked.map_err(CredentialsError::provider_error)?;
        let made = answer.credentials.ok_or_else(|| CredentialsError::unhandled("no credentials in the answer"))?;
        let expiry = made.expiration.try_into().map_err(CredentialsError::unhandled)?;
        let (key, secret, token) = (made.access_key_id, made.secret_access_key, made.session_token);
        let session = Credentials::new(key, secret, Some(token), Some(expiry), "gcnet-mfa");
        sessions.insert(profile.cloned(), Ok(session.clone()));
        Ok(session)
    }
}

impl fmt::Debug for Mfa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mfa").field("serial", &self.serial).finish_non_exhaustive()
    }
}

/// The credentials of a configuration's user, after a device was held.
#[derive(Debug)]
struct WithMfa {
    mfa: Arc<Mfa>,
    profile: Option<String>,
    config: SdkConfig,
}

impl ProvideCredentials for WithMfa {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.mfa.session(self.profile.as_ref(), &self.config))
    }
}

pub(crate) fn with_mfa(config: &SdkConfig, mfa: &Arc<Mfa>, profile: Option<&String>) -> SdkConfig {
    let provider = WithMfa { mfa: mfa.clone(), profile: profile.cloned(), config: config.clone() };
    with_provider(config, provider)
}

/// The person whose credentials everything begins with, asked for once and only when a role is assumed.
#[derive(Debug, Clone)]
pub(crate) struct Operator(Arc<(SdkConfig, OnceCell<Option<String>>)>);

impl Operator {
    pub(crate) fn of(config: &SdkConfig) -> Self {
        Operator(Arc::new((config.clone(), OnceCell::new())))
    }

    /// How a session in their name is called; None where AWS does not tell.
    async fn session_name(&self) -> Option<String> {
        let (config, name) = &*self.0;
        let ask = async {
            let me = aws_sdk_sts::Client::new(config).get_caller_identity().send().await.ok()?;
            session_name(&me.arn?)
        };
        name.get_or_init(|| ask).await.clone()
    }
}

/// `gcnet-` and the user, or the name of the session that these credentials are: SSO puts the user's name or mail address
/// there. AWS takes 2-64 characters of `[\w+=,.@-]`.
fn session_name(arn: &str) -> Option<String> {
    let (_, resource) = arn.rsplit_once(':')?;
    let name = resource.rsplit('/').next().filter(|name| !name.is_empty())?;
    let clean = |c: &char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(*c);
    // A role that gcnet assumed for somebody goes on in that name.
    let name = name.trim_start_matches("gcnet-");
    if is_made_up(name) {
        return None;
    }
    Some(format!("gcnet-{}", name.chars().filter(clean).take(58).collect::<String>()))
}

/// Names of sessions that say nothing of a person: what SDKs and the AWS CLI make up where a profile with a role has no
/// `role_session_name`, instances, and tasks of ECS, whose ids are 32 hexadecimal digits.
fn is_made_up(name: &str) -> bool {
    let hex = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_hexdigit());
    let made_up = [
        "assume-role-from-profile-",
        "assume-role-provider-",
        "web-identity-token-",
        "botocore-session-",
        "aws-sdk-",
        "AWSCLI-Session",
    ];
    name.is_empty()
        || made_up.iter().any(|start| name.starts_with(start))
        || name.strip_prefix("i-").is_some_and(hex)
        || (name.len() == 32 && hex(name))
}

/// A role's credentials. Its provider is built when the operator's name is known.
#[derive(Debug)]
struct Assumed {
    role: Role,
    config: SdkConfig,
    operator: Option<Operator>,
    provider: OnceCell<AssumeRoleProvider>,
}

impl Assumed {
    async fn build(&self) -> AssumeRoleProvider {
        let name = match &self.operator {
            Some(operator) => operator.session_name().await,
            None => None,
        };
        let name = name.as_ref().unwrap_or(&self.role.session_name);
        let mut assume = AssumeRoleProvider::builder(&self.role.arn).session_name(name).configure(&self.config);
        if let Some(external_id) = &self.role.external_id {
            assume = assume.external_id(external_id);
        }
        assume.build().await
    }
}

impl ProvideCredentials for Assumed {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            self.provider.get_or_init(|| self.build()).await.provide_credentials().await
        })
    }
}

/// The same configuration with the role's credentials. Sends nothing.
pub(crate) fn assumed(role: &Role, config: &SdkConfig, operator: Option<&Operator>) -> SdkConfig {
    let (role, operator) = (role.clone(), operator.cloned());
    with_provider(config, Assumed { role, config: config.clone(), operator, provider: OnceCell::new() })
}

fn with_provider(config: &SdkConfig, provider: impl ProvideCredentials + 'static) -> SdkConfig {
    config.to_builder().credentials_provider(SharedCredentialsProvider::new(provider)).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_carry_the_operator() {
        for (arn, expected) in [
            ("arn:aws:iam::111122223333:user/ops/taro", Some("gcnet-taro")),
            (
                "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Net_0123/taro@naruto.example",
                Some("gcnet-taro@naruto.example"),
            ),
            ("arn:aws:sts::111122223333:assumed-role/gcnet-plan/gcnet-taro", Some("gcnet-taro")),
            ("arn:aws:sts::111122223333:federated-user/taro", Some("gcnet-taro")),
            ("arn:aws:iam::111122223333:root", Some("gcnet-root")),
            ("arn:aws:sts::111122223333:assumed-role/net/assume-role-from-profile-1775001600000", None),
            ("arn:aws:sts::111122223333:assumed-role/gcnet-plan/gcnet-assume-role-from-profile-1775001600000", None),
            ("arn:aws:sts::111122223333:assumed-role/net/botocore-session-1775001600", None),
            ("arn:aws:sts::111122223333:assumed-role/bastion/i-0123456789abcdef0", None),
            ("arn:aws:sts::111122223333:assumed-role/task/0123456789abcdef0123456789abcdef", None),
            ("arn:aws:sts::111122223333:assumed-role/net/i-am-taro", Some("gcnet-i-am-taro")),
            ("arn:aws:sts::111122223333:assumed-role/net/gcnet-", None),
            ("arn:aws:iam::111122223333:user/", None),
            ("", None),
        ] {
            assert_eq!(session_name(arn).as_deref(), expected, "{arn}");
        }
        let long = session_name(&format!("arn:aws:iam::1:user/{}", "x".repeat(100))).unwrap();
        assert_eq!(long.len(), 64);
    }

    #[test]
    fn only_what_is_about_the_device_is_told_as_a_wrong_code() {
        let wrong = "MultiFactorAuthentication failed with invalid MFA one time pass code.";
        for (code, message, expected) in [
            ("AccessDenied", wrong, None),
            ("ValidationError", "1 validation error detected", None),
            ("AccessDenied", "User: u is not authorized to perform: sts:GetSessionToken", Some("AccessDenied")),
            ("AccessDenied", "Cannot call GetSessionToken with session credentials", Some("AccessDenied")),
            (
                "InvalidClientTokenId",
                "The security token included in the request is invalid.",
                Some("InvalidClientTokenId"),
            ),
            ("InternalFailure", "", Some("InternalFailure")),
        ] {
            let refusal = aws_smithy_types::error::ErrorMetadata::builder().code(code).message(message).build();
            assert_eq!(MfaRefused::of(&refusal).code.as_deref(), expected, "{code} {message}");
        }
    }

    #[test]
    fn a_code_is_not_shown() {
        let mfa = Mfa::new("GAHT12345678", "493817");
        assert!(!format!("{mfa:?}").contains("493817"));
    }
}
