//! Credentials are checked before anything is done with them.

use gcnet_aws::{Aws, Identity};
use gcnet_core::Failure;

use super::{Cx, Result, place::Place};
use crate::{config::schema::Municipality, doctor, report::message::Message};

/// A way into an account whose credentials were checked; nothing is read yet.
pub(super) struct Connected {
    pub(super) aws: Aws,
    /// Whose credentials these are.
    pub(super) arn: String,
    /// Where to, when not to AWS itself.
    pub(super) endpoint: Option<String>,
    /// With which profile.
    pub(super) profile: Option<String>,
}

impl Connected {
    /// A call that failed outside any step.
    pub(super) fn failed(&self, failure: Failure) -> Box<Message> {
        let (endpoint, profile) = (self.endpoint.clone(), self.profile.clone());
        Box::new(Message::Call { failure, endpoint, profile })
    }
}

/// Prepares a way into the account of the file and asks whose credentials these are, and no more: for commands that work
/// with one service, as people do whose role allows no other.
pub(super) async fn connect(cx: &Cx, place: &Place, municipality: &Municipality) -> Result<Connected> {
    let connection = place.connection(cx, municipality);
    let (endpoint, profile) = (connection.endpoint.clone(), connection.access.profile.clone());
    let mut connected = Connected { aws: Aws::connect(&connection).await, arn: String::new(), endpoint, profile };
    let identity = connected.aws.identity().await.map_err(|failure| connected.failed(failure))?;
    check(cx, place, municipality, &connected.aws, &identity)?;
    place.tell_region(cx, &connection).await;
    connected.arn = identity.arn;
    Ok(connected)
}

/// What must not be worked with: another account's credentials, the root user's, and keys that stay until somebody deletes
/// them, unless whoever runs gcnet says so or AWS is simulated.
pub(super) fn check(cx: &Cx, place: &Place, municipality: &Municipality, aws: &Aws, identity: &Identity) -> Result<()> {
    place.tell_device(cx);
    check_account(municipality, aws.account(), identity)?;
    check_kind(doctor::Kind::of(identity, aws.held()), &identity.arn, place.allows_long_lived_keys(cx))
}

fn check_kind(kind: doctor::Kind, arn: &str, long_lived_allowed: bool) -> Result<()> {
    let arn = arn.to_string();
    match kind {
        doctor::Kind::Root => Err(Box::new(Message::RootUser { arn })),
        doctor::Kind::LongLived if !long_lived_allowed => Err(Box::new(Message::LongLivedKeys { arn })),
        _ => Ok(()),
    }
}

/// Credentials of another account are refused before anything else is believed.
fn check_account(municipality: &Municipality, expected: &str, identity: &Identity) -> Result<()> {
    if identity.account == expected {
        return Ok(());
    }
    Err(Box::new(Message::WrongAccount {
        municipality: municipality.key().into(),
        expected: expected.into(),
        actual: identity.account.clone(),
        arn: identity.arn.clone(),
    }))
}

#[cfg(test)]
mod tests {
    use super::check_kind;
    use crate::{doctor, report::message::Message};

    #[test]
    fn keys_that_stay_are_refused_unless_allowed_and_root_always() {
        let refused = |kind, allowed| check_kind(kind, "arn:aws:iam::111122223333:user/taro", allowed).err();
        assert!(matches!(refused(doctor::Kind::LongLived, false).as_deref(), Some(Message::LongLivedKeys { .. })));
        assert!(refused(doctor::Kind::LongLived, true).is_none());
        for allowed in [false, true] {
            assert!(matches!(refused(doctor::Kind::Root, allowed).as_deref(), Some(Message::RootUser { .. })));
            for kind in [doctor::Kind::UserSession, doctor::Kind::Sso, doctor::Kind::Role, doctor::Kind::Federated] {
                assert!(refused(kind, allowed).is_none(), "{kind:?}");
            }
        }
    }
}
