//! Who calls: the account is read from the access key id, the service and the Region from the credential scope.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::store::State;

/// The temporary credentials of an assumed role. The secret is not kept: signatures are not verified.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Session {
    /// The role's account.
    pub account: String,
    pub role: String,
    pub role_id: String,
    pub name: String,
    pub token: String,
    /// By the system's clock, not by simulated time: the client's SDK refreshes credentials by its own clock.
    pub expires: Moment,
}

/// The temporary credentials of a user.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserSession {
    pub account: String,
    pub token: String,
    /// By the system's clock, as the next.
    pub expires: Moment,
    /// When a device was held, if one was.
    pub mfa_at: Option<Moment>,
}

/// What credentials tell of a device that their holder held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mfa {
    /// Long-term credentials tell nothing.
    Untold,
    /// Temporary ones that were made without, and those of every role.
    Without,
    /// Temporary ones of a user, made with a code at this moment by the system's clock.
    At(Moment),
}

/// A caller whose key is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    pub account: String,
    pub arn: String,
    pub user_id: String,
    /// The role when the caller is an assumed role: `arn:aws:iam::111122223333:role/plan`.
    pub role_arn: Option<String>,
    pub mfa: Mfa,
}

impl Caller {
    fn user(account: &str, mfa: Mfa) -> Self {
        Self {
            account: account.to_owned(),
            arn: format!("arn:aws:iam::{account}:user/sandbox"),
            user_id: format!("AIDASANDBOX{account}"),
            role_arn: None,
            mfa,
        }
    }

    /// Whether these are temporary credentials, be they a user's or a role's.
    pub fn is_session(&self) -> bool {
        self.mfa != Mfa::Untold
    }
}

/// The `Credential=` part of a Signature Version 4 header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Credential {
    pub key_id: String,
    pub region: String,
    pub service: String,
}

/// Why a caller is not let in; the protocol gives it its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    MissingAuthentication,
    IncompleteSignature(&'static str),
    UnknownKey,
    Expired,
    WrongRegion,
}

impl Credential {
    /// Reads `AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request, SignedHeaders=…, Signature=…`.
    ///
    /// Source: IAM user guide, "Elements of an AWS API request signature".
    pub fn parse(header: &str) -> Result<Self, Refusal> {
        let fields = header
            .strip_prefix("AWS4-HMAC-SHA256 ")
            .ok_or(Refusal::IncompleteSignature("the algorithm is not AWS4-HMAC-SHA256"))?;
        let (mut scope, mut signed, mut signature) = (None, None, None);
        for field in fields.split(',') {
            match field.trim().split_once('=') {
                Some(("Credential", value)) => scope = Some(value),
                Some(("SignedHeaders", value)) => signed = Some(value),
                Some(("Signature", value)) => signature = Some(value),
                _ => return Err(Refusal::IncompleteSignature("a field is not known")),
            }
        }
        let scope = scope.ok_or(Refusal::IncompleteSignature("Credential is missing"))?;
        let signed: BTreeSet<&str> =
            signed.ok_or(Refusal::IncompleteSignature("SignedHeaders is missing"))?.split(';').collect();
        let signature = signature.ok_or(Refusal::IncompleteSignature("Signature is missing"))?;
        if !signed.contains("host") {
            return Err(Refusal::IncompleteSignature("host is not signed"));
        }
        if signature.len() != 64 || !signature.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(Refusal::IncompleteSignature("Signature is not 64 hexadecimal digits"));
        }
        match scope.split('/').collect::<Vec<_>>()[..] {
            [key_id, date, region, service, "aws4_request"]
                if date.len() == 8 && date.bytes().all(|b| b.is_ascii_digit()) =>
            {
                Ok(Self { key_id: key_id.to_owned(), region: region.to_owned(), service: service.to_owned() })
            }
            _ => Err(Refusal::IncompleteSignature("Credential is not KEY/DATE/REGION/SERVICE/aws4_request")),
        }
    }
}

/// Twelve digits.
pub(crate) fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Who holds this key.
pub(crate) fn identify(state: &State, key_id: &str, token: Option<&str>, wall: Moment) -> Result<Caller, Refusal> {
    if is_account_id(key_id) {
        return Ok(Caller::user(key_id, Mfa::Untold));
    }
    if let Some(session) = state.user_sessions.get(key_id) {
        let UserSession { account, token: known, expires, mfa_at } = session;
        return match token {
            Some(token) if token != known => Err(Refusal::UnknownKey),
            None => Err(Refusal::UnknownKey),
            Some(_) if *expires <= wall => Err(Refusal::Expired),
            Some(_) => Ok(Caller::user(account, mfa_at.map_or(Mfa::Without, Mfa::At))),
        };
    }
    let session = state.sessions.get(key_id).ok_or(Refusal::UnknownKey)?;
    if token != Some(session.token.as_str()) {
        return Err(Refusal::UnknownKey);
    }
    if session.expires <= wall {
        return Err(Refusal::Expired);
    }
    let Session { account, role, role_id, name, .. } = session;
    let role_name = role.rsplit('/').next().unwrap_or(role);
    Ok(Caller {
        account: account.clone(),
        arn: format!("arn:aws:sts::{account}:assumed-role/{role_name}/{name}"),
        user_id: format!("{role_id}:{name}"),
        role_arn: Some(role.clone()),
        mfa: Mfa::Without,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_the_header_is_checked() {
        let good = |scope: &str| {
            let signature = "0".repeat(64);
            format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host;x-amz-date, Signature={signature}")
        };
        let scope = "111122223333/20260401/ap-northeast-1/ec2/aws4_request";
        let parsed = Credential::parse(&good(scope)).unwrap();
        assert_eq!((parsed.region.as_str(), parsed.service.as_str()), ("ap-northeast-1", "ec2"));

        for bad in [
            "Basic abc".to_owned(),
            "AWS4-HMAC-SHA256 ".to_owned(),
            good("111122223333/2026/ap-northeast-1/ec2/aws4_request"),
            good("111122223333/20260401/ec2/aws4_request"),
            good(scope).replace("host;", ""),
            good(scope).replace("Signature=0", "Signature=g"),
            good(scope).replace(", Signature", ", Other"),
        ] {
            assert!(matches!(Credential::parse(&bad), Err(Refusal::IncompleteSignature(_))), "{bad}");
        }
    }
}
