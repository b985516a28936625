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
    /// Nobody can tell.
    Unknown(Failure),
}

/// `seen`: whether a share has reached an account of the organisation without an invitation.
pub fn judge(
    is_needed: bool,
    organization: Result<Option<Organization>, Failure>,
    seen: Result<bool, Failure>,
) -> Check {
    let sharing = match (is_needed, organization) {
        (false, _) => Sharing::NotNeeded,
        (true, Err(failure)) => Sharing::Unknown(failure),
        (true, Ok(None)) => Sharing::NoOrganization,
        (true, Ok(Some(organization))) if seen == Ok(true) => Sharing::Seen(organization),
        (true, Ok(Some(organization))) => Sharing::Unseen(organization),
    };
    let level = match &sharing {
        Sharing::NotNeeded | Sharing::Seen(_) => Level::Green,
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
            (false, Err(unread()), Err(unread()), Level::Green),
            (true, Ok(Some(organization())), Ok(true), Level::Green),
            (true, Ok(Some(organization())), Ok(false), Level::Yellow),
            (true, Ok(Some(organization())), Err(unread()), Level::Yellow),
            (true, Ok(None), Ok(false), Level::Yellow),
            (true, Err(unread()), Ok(true), Level::Yellow),
        ] {
            assert_eq!(judge(needed, member.clone(), seen,).level, level, "{needed} {member:?}");
        }
    }
}
