//! Who reaches whom: what is in AWS against what the file leads to.

use gcnet::{
    blueprint::{self, Wish},
    config::schema::Municipality,
    counterpart, handshake,
    reach::{self, Outcome, Patience},
};
use gcnet_aws::{Aws, KINDS};
use gcnet_core::{World, observe, plan};
use gcnet_reach::{Network, Verdict};
use gcnet_sandbox::Sandbox;

use crate::support::{answer, city, connect, converge, fleet, handshakes, open, sandbox, unite};

/// What is in AWS now, as the command line looks at it.
async fn live(aws: &Aws, municipality: &Municipality, wish: &Wish) -> Network {
    let observed = observe(&aws.fresh(), KINDS).await.unwrap();
    let owned = observed.for_wish(&wish.desired).unwrap();
    let plan = plan(KINDS, &wish.desired, &owned).unwrap();
    let own = observed.of(&blueprint::stack(municipality)).unwrap();
    reach::live(municipality, own, &handshake::all(&plan, wish))
}

/// apply, counterpart, apply: until nobody owes anything but lines.
async fn build(sandbox: &Sandbox, municipality: &Municipality, wish: &Wish) {
    counterpart::furnish(sandbox, municipality).unwrap();
    for round in 0.. {
        assert!(round < 6, "{} does not come to an end", municipality.key());
        let aws = connect(sandbox, municipality).await;
        converge(&aws, &wish.desired).await;
        if open(&handshakes(&aws, wish).await).is_empty() {
            return;
        }
        answer(sandbox, municipality, wish).await;
    }
}

/// Both views are made by one translation; here they are made of different things.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_built_is_what_was_planned() {
    for name in fleet().names() {
        let municipality = city(name);
        let wish = blueprint::wish(&municipality);
        let sandbox = sandbox().await;
        unite(&sandbox, &municipality);
        build(&sandbox, &municipality, &wish).await;
        let aws = connect(&sandbox, &municipality).await;
        assert_eq!(live(&aws, &municipality, &wish).await, reach::planned(&municipality), "{name}");
    }
}

/// After the first apply everything that others have to do is waited for, each with the handshake that it hangs on.
#[tokio::test(flavor = "multi_thread")]
async fn what_others_owe_is_waited_for() {
    let itano = city("itano");
    let wish = blueprint::wish(&itano);
    let sandbox = sandbox().await;
    unite(&sandbox, &itano);
    let aws = connect(&sandbox, &itano).await;
    let nothing = live(&aws, &itano, &wish).await;
    assert!(
        gcnet_reach::matrix(&nothing).unwrap().cells.iter().all(|cell| !cell.verdict.reaches()),
        "nothing is there"
    );

    converge(&aws, &wish.desired).await;
    let now = live(&aws, &itano, &wish).await;
    let reasons: Vec<&str> = reach::reasons(&now).into_iter().collect();
    assert_eq!(reasons.iter().filter(|reason| reason.starts_with("foreign-attachment/main/vpc-")).count(), 3);
    assert!(reasons.contains(&"line/lgcs"), "{reasons:?}");
    assert!(reasons.iter().any(|reason| reason.starts_with("endpoint-offer/")), "{reasons:?}");
    let asked = handshakes(&aws, &wish).await;
    for reason in &reasons {
        assert!(asked.iter().any(|handshake| handshake.address.as_str() == *reason), "{reason}: nobody is asked");
    }
    let later = reach::planned(&itano).when_open();
    let owed = reach::owed_lines(&asked);
    let survey = reach::survey(&itano, &now, &later, Patience::Live(&owed)).unwrap();
    assert!(survey.rules.iter().all(|(_, outcome)| matches!(outcome, Outcome::Holds | Outcome::Opens)), "{survey:#?}");
    assert!(survey.now.verdict("shared/dns", "shared/vpce").unwrap().reaches());
}

/// A propagation that is not there any more is a way that packets do not have, not something that is waited for.
#[tokio::test(flavor = "multi_thread")]
async fn a_way_that_somebody_removed_is_not_there() {
    let naruto = city("naruto");
    let wish = blueprint::wish(&naruto);
    let sandbox = sandbox().await;
    unite(&sandbox, &naruto);
    build(&sandbox, &naruto, &wish).await;
    let aws = connect(&sandbox, &naruto).await;
    let gone = |address: &str| address.starts_with("tgw-propagation/rt-juki/") && address.ends_with("shared");
    let address = wish.desired.wants().keys().find(|address| gone(address.as_str())).unwrap().clone();
    let observed = observe(&aws.fresh(), KINDS).await.unwrap();
    let own = observed.of(&blueprint::stack(&naruto)).unwrap();
    let left: Vec<_> = own.iter().filter(|owned| owned.address != address).cloned().collect();
    let now = reach::live(&naruto, &left, &[]);
    let verdict = gcnet_reach::path(&now, "juki", "shared/dns").unwrap().verdict;
    assert!(matches!(verdict, Verdict::Blocked { .. }), "{address}: {verdict:?}");
    let later = reach::planned(&naruto).when_open();
    let survey = reach::survey(&naruto, &now, &later, Patience::Live(&reach::owed_lines(&[]))).unwrap();
    let broken = survey.rules.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Broken { .. })).count();
    assert_eq!(broken, 2, "there and back");
}
