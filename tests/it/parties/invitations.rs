//! Shares outside an organisation: invitations that wait, are refused, or lapse.

use std::time::Duration;

use gcnet::{config::schema::Municipality, handshake::Stage};
use serde_json::json;

use super::story::{Story, changed};

const A_SHA: &str = "200000000001";

fn naruto() -> Municipality {
    let from = "within_organization: unknown, allow_external_principals: false";
    changed("naruto", &[(from, "within_organization: no, allow_external_principals: true")])
}

fn stage_of(handshakes: &[gcnet::handshake::Handshake], address: &str) -> Stage {
    handshakes.iter().find(|handshake| handshake.address.as_str() == address).unwrap().stage
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_accepted_before_what_it_brings() {
    let story = Story::apart(naruto()).await;
    story.apply().await;
    let (share, ask) = story.asked("accept-share").await;
    assert_eq!((share.stage, ask.refused), (Stage::Theirs, false));
    assert!(ask.since.is_some());
    story.settle().await;
    story.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_invitation_is_a_state_until_they_are_asked_again() {
    let story = Story::apart(naruto()).await;
    story.apply().await;
    story.refuse_of(A_SHA).await;
    let principal = format!("share-principal/tgw/{A_SHA}");

    // Neither an error nor a reason to try it again.
    for _ in 0..2 {
        assert!(story.apply().await.is_empty());
        let handshakes = story.handshakes().await;
        let share = handshakes.iter().find(|handshake| handshake.address.as_str() == principal).unwrap();
        assert_eq!((share.stage, share.asks[0].action.as_str()), (Stage::Refused, "reconsider-share"));
        assert!(share.asks[0].refused);
    }

    story.apply_again().await;
    assert_eq!(stage_of(&story.handshakes().await, &principal), Stage::Theirs);
    story.settle().await;
    story.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lapsed_invitation_is_sent_again_by_the_next_apply() {
    let story = Story::apart(naruto()).await;
    story.apply().await;
    story.sandbox.advance(Duration::from_secs(7 * 24 * 3600));
    let principal = format!("share-principal/tgw/{A_SHA}");
    assert_eq!(stage_of(&story.handshakes().await, &principal), Stage::Ours);

    story.apply().await;
    assert_eq!(stage_of(&story.handshakes().await, &principal), Stage::Theirs);
    story.settle().await;
    story.clear().await;
}

/// What the file says is sent, also when it is what AWS would do unasked.
#[tokio::test(flavor = "multi_thread")]
async fn accounts_outside_are_let_in_only_where_the_file_says_so() {
    for (municipality, external) in [(naruto(), true), (changed("naruto", &[]), false)] {
        let story = Story::begin(municipality).await;
        story.apply().await;
        let shares = story.call(&story.account(), "ram", "GetResourceShares", json!({ "resourceOwner": "SELF" }));
        // The gateway's, the private CA's, and one for the names of each account.
        let shares = shares["resourceShares"].as_array().unwrap();
        assert_eq!(shares.len(), 6);
        for share in shares {
            assert_eq!((&share["allowExternalPrincipals"], &share["status"]), (&json!(external), &json!("ACTIVE")));
        }
    }
}
