//! Whether what the file shares reaches other accounts without an invitation.

use gcnet_aws::doctor::Organization;
use gcnet_core::Failure;

use super::{Check, Finding, Level};

/// What is known of sharing.
#[derive(Clone, Debug, PartialEq)]
pub enum Sharing {
    /// The file shares nothing.
    NotNeeded,
    /// Shares have already reached accounts of this organisation without an invitation.
    Seen(Organization),
    /// The account is in this organisation; only its management account sees whether RAM shares with it.
    Unseen(Organization),
    /// The account is in no organisation: whoever is shared with has to accept.
    NoOrganization,
    /// The same, and the file lets RAM share with nobody outside.
    NobodyToShareWith,
    /// Nobody can tell.
    Unknown(Failure),
}

/// What the file shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    /// Nothing.
    No,
    /// With accounts of its organisation only (`sharing.allow_external_principals: false`).
    Within,
    /// With accounts outside too.
    Anywhere,
}

/// `seen`: whether a share has reached an account of the organisation without an invitation.
pub fn judge(
    needed: Needed,
    organization: Result<Option<Organization>, Failure>,
    seen: Result<bool, Failure>,
) -> Check {
    let sharing = match (needed, organization) {
        (Needed::No, _) => Sharing::NotNeeded,
        (_, Err(failure)) => Sharing::Unknown(failure),
        (Needed::Within, Ok(None)) => Sharing::NobodyToShareWith,
        (Needed::Anywhere, Ok(None)) => Sharing::NoOrganization,
        (_, Ok(Some(organization))) if seen == Ok(true) => Sharing::Seen(organization),
        (_, Ok(Some(organization))) => Sharing::Unseen(organization),
    };
    let level = match &sharing {
        Sharing::NotNeeded | Sharing::Seen(_) => Level::Green,
        // RAM refuses every principal outside (OperationNotPermittedException).
        Sharing::NobodyToShareWith => Level::Red,
        Sharing::Unseen(_) | Sharing::NoOrganization | Sharing::Unknown(_) => Level::Yellow,
    };
    Check::new(level, Finding::Sharing(sharing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_share_that_arrived_proves_that_sharing_is_on() {
        let organization = || Organization { id: "o-0123456789".into(), management_account: "111122223333".into() };
        let unread = || Failure::internal("x", "");
        for (needed, member, seen, level) in [
            (Needed::No, Err(unread()), Err(unread()), Level::Green),
            (Needed::Within, Ok(Some(organization())), Ok(true), Level::Green),
            (Needed::Within, Ok(Some(organization())), Ok(false), Level::Yellow),
            (Needed::Anywhere, Ok(Some(organization())), Err(unread()), Level::Yellow),
            (Needed::Anywhere, Ok(None), Ok(false), Level::Yellow),
            (Needed::Within, Ok(None), Ok(false), Level::Red),
            (Needed::Within, Err(unread()), Ok(true), Level::Yellow),
        ] {
            assert_eq!(judge(needed, member.clone(), seen,).level, level, "{needed:?} {member:?}");
        }
    }
}
