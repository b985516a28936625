//! The policies that `gcnet permissions` prints, held against what runs really ask of IAM: nothing is missing, and nothing is there
//! for nothing.

mod held;
mod lives;

use std::{
    collections::{BTreeMap, BTreeSet},
    thread::JoinHandle,
};

use gcnet::{
    blueprint::{
        self,
        rights::{self, Doing},
    },
    config::schema::Municipality,
};
use gcnet_aws::{KINDS, Policy};
use gcnet_core::{World, observe};
use serde_json::{Value, json};

use held::{DOING, Held, actions};
use lives::{
    a_company_lends_a_role, authority_comes_and_goes, edited_and_replaced, lines_move, peerings_come_and_go, quick,
    services_change, whole_life,
};

use crate::support::{city, fleet, run};

/// What is allowed and none of the lives below comes to, and when a run does.
const UNASKED: &[(&str, &str)] = &[
    ("s3:PutBucketPublicAccessBlock", "somebody made the bucket public, and only S3's own protocol can here"),
    ("s3:PutEncryptionConfiguration", "somebody changed the key of the bucket, and there is but one here"),
];

/// Lives have nothing in common, and all of them together take a while: each has a thread.
fn spawn<T: Send + 'static>(life: impl AsyncFnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    let live = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(life())
    };
    std::thread::Builder::new().stack_size(16 << 20).spawn(live).unwrap()
}

/// What is allowed only to make or change what this file has nothing of.
fn for_other_files(held: &Held) -> BTreeSet<String> {
    let may = |calls: &[&'static [&'static str]]| calls.concat().into_iter().map(String::from).collect::<Vec<_>>();
    let (mut elsewhere, mut here): (BTreeSet<String>, BTreeSet<String>) = Default::default();
    for kind in KINDS.0 {
        let calls = kind.calls();
        let ups = may(&[calls.create, calls.update]);
        if held.built.contains(kind.name()) {
            here.extend(ups)
        } else {
            elsewhere.extend(ups)
        }
        // What an earlier file made is looked for and taken away all the same.
        here.extend(may(&[calls.observe, calls.delete]));
    }
    let allowed = actions(&rights::least(&held.story.municipality, Doing::Apply));
    elsewhere.difference(&here).filter(|action| allowed.contains(*action)).cloned().collect()
}

#[test]
fn runs_need_all_of_the_printed_policies_and_nothing_else() {
    let keys: Vec<String> = fleet().names().map(String::from).collect();
    let whole = |key: String| {
        spawn(async move || {
            let held = whole_life(quick(city(&key))).await;
            assert_eq!(for_other_files(&held), BTreeSet::new(), "{key}");
            vec![held]
        })
    };
    let mut lives: Vec<_> = keys.into_iter().map(whole).collect();
    lives.push(spawn(async || vec![edited_and_replaced().await]));
    lives.push(spawn(services_change));
    lives.push(spawn(lines_move));
    lives.push(spawn(peerings_come_and_go));
    lives.push(spawn(authority_comes_and_goes));
    lives.push(spawn(a_company_lends_a_role));
    let mut asked: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut allowed: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for held in lives.into_iter().flat_map(|life| life.join().unwrap()) {
        for (doing, name) in DOING {
            allowed.entry(name).or_default().extend(actions(&rights::least(&held.story.municipality, doing)));
        }
        held.asked.into_iter().for_each(|(name, all)| asked.entry(name).or_default().extend(all));
    }
    let unasked = allowed.iter().flat_map(|(name, allowed)| allowed.difference(&asked[name]));
    let unasked: BTreeSet<&str> = unasked.map(String::as_str).collect();
    let told: BTreeSet<&str> = UNASKED.iter().map(|(action, _)| *action).collect();
    assert_eq!(unasked, told, "what is allowed and never asked for, and the reasons why it is allowed all the same");
}

/// Without one action: the plan cannot be made, or some step is refused.
async fn fails_without(action: &str, municipality: &Municipality) -> bool {
    let held = Held::begin(municipality.clone()).await;
    held.allow(|doing, municipality| {
        let mut document = Value::from(rights::least(municipality, doing));
        for statement in document["Statement"].as_array_mut().unwrap() {
            statement["Action"].as_array_mut().unwrap().retain(|one| one != action);
        }
        document["Statement"].as_array_mut().unwrap().retain(|one| one["Action"] != json!([]));
        Policy::from(document)
    });
    let aws = held.session(Doing::Apply).await;
    let Ok(observed) = observe(&aws.fresh(), KINDS).await else { return true };
    // What the file has nothing of is missed all the same: whatever an earlier file made of it stays.
    if observed.unseen().next().is_some() {
        return true;
    }
    let desired = blueprint::wish(municipality).desired;
    let plan = gcnet_core::plan(KINDS, &desired, &observed.for_wish(&desired).unwrap()).unwrap();
    !run(&aws, &plan).await.is_success()
}

/// A sample of what the first apply of a small network asks for: whatever is taken away is missed.
#[test]
fn a_policy_that_lacks_one_action_is_not_enough() {
    spawn(a_sample_is_missed).join().unwrap();
}

async fn a_sample_is_missed() {
    let mut small = quick(city("naruto"));
    small.asps.clear();
    small.lines.clear();
    small.sites.clear();
    let mut held = Held::begin(small.clone()).await;
    held.run(Doing::Apply).await;
    let asked: Vec<String> = held.asked["apply"].iter().cloned().collect();
    assert!(asked.len() > 80, "{}", asked.len());
    for action in asked.iter().step_by(11) {
        assert!(fails_without(action, &small).await, "{action}");
    }
}
