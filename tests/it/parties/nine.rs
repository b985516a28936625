//! The nine files as they are.

use std::collections::BTreeSet;

use super::story::Story;
use crate::support::{city, fleet};

/// apply, counterpart, apply: until nobody owes anything. Then everything of ours goes, and theirs stays until they take
/// it away themselves.
#[tokio::test(flavor = "multi_thread")]
async fn all_nine_come_to_where_only_unopened_lines_wait_and_go_again() {
    for name in fleet().names() {
        let story = Story::begin(city(name)).await;
        let others: Vec<String> = story.municipality.accounts.others.values().map(|o| o.id.to_string()).collect();
        let before: Vec<Vec<String>> = others.iter().map(|account| story.everything(account)).collect();
        story.settle().await;

        let theirs: Vec<Vec<String>> = others.iter().map(|account| story.everything(account)).collect();
        story.destroy().await;
        for (account, theirs) in others.iter().zip(&theirs) {
            let now: BTreeSet<String> = story.everything(account).into_iter().collect();
            // The association with our gateway is ours as much as theirs; those with our rules end with the sharing.
            let is_shared =
                |line: &str| ["dx-gateway-association", "rule-association"].iter().any(|kind| line.contains(kind));
            let gone: Vec<&String> = theirs.iter().filter(|line| !is_shared(line) && !now.contains(*line)).collect();
            assert!(gone.is_empty(), "{name}: {gone:?} of {account}");
        }
        story.clear().await;
        let after: Vec<Vec<String>> = others.iter().map(|account| story.everything(account)).collect();
        assert_eq!(after, before, "{name}: they have what they had");
    }
}

/// What depends on nobody is there after the first apply, which needs no second.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_waited_for_who_is_not_needed() {
    let story = Story::begin(city("itano")).await;
    story.apply().await;
    let live = story.left();
    for kind in ["vpc ", "transit-gateway ", "resource-share "] {
        assert!(live.iter().any(|line| line.starts_with(kind)), "{kind}: {live:#?}");
    }
    assert!(story.plan().await.is_empty());
    // A look changes nothing.
    let open = story.open().await;
    assert_eq!(
        open,
        [
            "endpoint-offer/com.amazonaws.vpce.ap-northeast-1.vpce-svc-0c300000000000015 Theirs allow-principal",
            "foreign-attachment/main/vpc-a100000000000051a Theirs attach-vpc",
            "foreign-attachment/main/vpc-b2000000000000015 Theirs attach-vpc",
            "foreign-attachment/main/vpc-d4000000000000015 Theirs attach-vpc",
            "foreign-zone/shared/Z0A1SHARED00000000001 Theirs authorise-vpc",
            "foreign-zone/shared/Z0B200000000000000021 Theirs authorise-vpc",
            "zone-association/gc.itano.example/vpc-a100000000000051a Theirs associate-zone",
            "zone-association/gc.itano.example/vpc-b2000000000000015 Theirs associate-zone",
            "zone-association/gc.itano.example/vpc-d4000000000000015 Theirs associate-zone",
            "vpc-endpoint/fukushi Behind ",
        ]
    );
}
