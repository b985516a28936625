//! Whose credentials these are, and whether gcnet would work with them.

use gcnet_aws::{Held, Identity};
use gcnet_core::Failure;

use super::{Check, Finding, Level};

/// Sorts of credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The account's root user.
    Root,
    /// An access key of a user, which stays until somebody deletes it.
    LongLived,
    /// A session of a user, with MFA or without.
    UserSession,
    /// A session of a role that IAM Identity Center (SSO) opened.
    Sso,
    /// A session of another role.
    Role,
    /// A session of somebody whom no user or role stands for.
    Federated,
}

impl Kind {
    /// From the ARN and from what the credentials show.
    pub fn of(identity: &Identity, held: Option<Held>) -> Self {
        let resource = identity.arn.rsplit_once(':').map(|(_, resource)| resource).unwrap_or_default();
        match resource.split_once('/') {
            None if resource == "root" => Kind::Root,
            // IAM user guide, "Service-linked roles for IAM Identity Center": the names of its roles begin so.
            Some(("assumed-role", rest)) if rest.starts_with("AWSReservedSSO_") => Kind::Sso,
            Some(("assumed-role", _)) => Kind::Role,
            Some(("user", _)) if held.is_some_and(|held| held.is_long_lived) => Kind::LongLived,
            Some(("user", _)) => Kind::UserSession,
            _ => Kind::Federated,
        }
    }
}

/// What was learned of the credentials, and from where.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// AWS's answer.
    pub identity: &'a Result<Identity, Failure>,
    /// What they show of themselves.
    pub held: Option<Held>,
    /// A device was held for this run.
    pub mfa: bool,
    /// By AWS's clock, in seconds since 1970.
    pub now: i64,
    /// Long-lived keys are allowed: by whoever runs gcnet, or because AWS is simulated.
    pub long_lived_allowed: bool,
}

/// A quarter of an hour: less than many a run takes.
const SOON: i64 = 900;

/// Judges them.
pub fn judge(seen: Seen<'_>) -> Check {
    let identity = match seen.identity {
        Ok(identity) => identity,
        Err(failure) => return Check::new(Level::Red, Finding::NoIdentity(failure.clone())),
    };
    let kind = Kind::of(identity, seen.held);
    let left = seen.held.and_then(|held| held.expires).map(|expires| expires - seen.now);
    let level = match kind {
        Kind::Root => Level::Red,
        Kind::LongLived if !seen.long_lived_allowed => Level::Red,
        _ if left.is_some_and(|left| left < SOON) => Level::Yellow,
        _ => Level::Green,
    };
    Check::new(level, Finding::Credentials { arn: identity.arn.clone(), kind, left, mfa: seen.mfa })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_775_001_600;

    fn seen(resource: &str, held: Held, long_lived_allowed: bool) -> (Kind, Level) {
        let (account, arn) = ("111122223333".to_string(), format!("arn:aws:iam::111122223333:{resource}"));
        let identity = Ok(Identity { account, arn });
        let check = judge(Seen { identity: &identity, held: Some(held), mfa: false, now: NOW, long_lived_allowed });
        let Finding::Credentials { kind, .. } = check.finding else { panic!("{check:?}") };
        (kind, check.level)
    }

    #[test]
    fn the_sort_of_credentials_decides() {
        let key = Held { is_long_lived: true, expires: None };
        let ends_in = |seconds| Held { is_long_lived: false, expires: Some(NOW + seconds) };
        for (resource, held, allowed, expected) in [
            ("root", key, true, (Kind::Root, Level::Red)),
            ("user/ops/taro", key, false, (Kind::LongLived, Level::Red)),
            ("user/ops/taro", key, true, (Kind::LongLived, Level::Green)),
            ("user/ops/taro", ends_in(3600), false, (Kind::UserSession, Level::Green)),
            ("assumed-role/gcnet-apply/taro", ends_in(3600), false, (Kind::Role, Level::Green)),
            ("assumed-role/gcnet-apply/taro", ends_in(60), false, (Kind::Role, Level::Yellow)),
            ("assumed-role/AWSReservedSSO_Net_0123/taro", ends_in(901), false, (Kind::Sso, Level::Green)),
            ("federated-user/taro", ends_in(3600), false, (Kind::Federated, Level::Green)),
        ] {
            assert_eq!(seen(resource, held, allowed), expected, "{resource} {held:?}");
        }
    }

    #[test]
    fn without_an_answer_nothing_works() {
        let identity = Err(Failure::internal("sts:GetCallerIdentity", "no"));
        let check = judge(Seen { identity: &identity, held: None, mfa: false, now: NOW, long_lived_allowed: true });
        assert_eq!(check.level, Level::Red);
    }
}
