//! Handshakes with other parties, from the first apply to the last destroy.

use gcnet::blueprint::{self, Wish};

use crate::support::{
    answer, city, connect, converge, fleet, handshakes, open, ours, planned, sandbox, summary, unite, wish,
};

/// apply, counterpart, apply: until nobody owes anything. Then everything of ours goes, and theirs is left to them.
#[tokio::test(flavor = "multi_thread")]
async fn all_nine_come_to_where_only_unopened_lines_wait_and_go_again() {
    for name in fleet().names() {
        let municipality = city(name);
        let wish = blueprint::wish(&municipality);
        let sandbox = sandbox().await;
        unite(&sandbox, &municipality);
        for round in 0.. {
            assert!(
                round < 6,
                "{name}: {:#?}",
                open(&handshakes(&connect(&sandbox, &municipality).await, &wish).await)
            );
            let aws = connect(&sandbox, &municipality).await;
            converge(&aws, &wish.desired).await;
            if open(&handshakes(&aws, &wish).await).is_empty() {
                break;
            }
            answer(&sandbox, &municipality, &wish).await;
        }
        let aws = connect(&sandbox, &municipality).await;
        assert_eq!(summary(&planned(&aws, &wish.desired).await), [""; 0], "{name}");

        let gone = Wish::nothing(&municipality);
        for round in 0.. {
            assert!(round < 4, "{name}: {:#?}", ours(&sandbox, &municipality));
            converge(&connect(&sandbox, &municipality).await, &gone.desired).await;
            if answer(&sandbox, &municipality, &gone).await.is_empty() {
                break;
            }
        }
        assert_eq!(ours(&sandbox, &municipality), [""; 0], "{name}");
    }
}

/// What depends on nobody is there after the first apply.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_waited_for_who_is_not_needed() {
    let itano = city("itano");
    let sandbox = sandbox().await;
    unite(&sandbox, &itano);
    let aws = connect(&sandbox, &itano).await;
    converge(&aws, &wish(&itano)).await;
    let live = ours(&sandbox, &itano);
    for kind in ["vpc", "transit-gateway", "resource-share"] {
        assert!(live.iter().any(|line| line.contains(kind)), "{kind}: {live:#?}");
    }
    assert_eq!(summary(&planned(&aws, &wish(&itano)).await), [""; 0]);
}
