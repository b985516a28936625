//! Who changed what, told without state: every reason a step can have.

use serde_json::json;

use super::{
    help::{Town, built, check_apply, planned},
    world::Toy,
};
use crate::{Cause, Desired, Tags, Why, identity};

async fn why(toy: &Toy, wish: &Desired, address: &str) -> Why {
    let plan = planned(toy, wish).await.unwrap();
    let step = plan.steps.iter().find(|step| step.address.as_str() == address);
    step.unwrap_or_else(|| panic!("{address} is not in the plan")).why.clone()
}

fn differs(cause: Cause) -> Why {
    Why::Differs { cause }
}

#[tokio::test(start_paused = true)]
async fn the_file_changed() {
    let toy = built(&Town::default()).await;
    let town = Town { subnets: vec![("a", true), ("b", true)], ..Town::default() };
    assert_eq!(why(&toy, &town.wish(), "subnet/a").await, differs(Cause::File));
    let town = Town { tags: Tags::from([("owner".into(), "prefecture".into())]), ..Town::default() };
    assert_eq!(why(&toy, &town.wish(), "subnet/a").await, differs(Cause::File));
    let more = [("owner", "city"), ("cost", "12")].map(|(key, value)| (key.to_string(), value.to_string()));
    let town = Town { tags: more.into(), ..Town::default() };
    assert_eq!(why(&toy, &town.wish(), "subnet/a").await, differs(Cause::File));
}

/// What it refers to goes, but it was the file that said so.
#[tokio::test(start_paused = true)]
async fn the_file_changed_what_it_refers_to() {
    let toy = built(&Town::default()).await;
    let town = Town { subnets: vec![("a", false)], ..Town::default() };
    assert_eq!(why(&toy, &town.wish(), "attachment/hub").await, differs(Cause::File));
}

/// The file never spoke of the note: what stands there is nobody's change.
#[tokio::test(start_paused = true)]
async fn the_file_changed_and_leaves_a_field_to_others() {
    let toy = built(&Town::default()).await;
    let town = Town { dns: false, ..Town::default() };
    assert_eq!(why(&toy, &town.wish(), "net/main").await, differs(Cause::File));

    let said = Town { note: Some("said"), ..Town::default() };
    check_apply(&toy, &said.wish()).await;
    assert_eq!(why(&toy, &town.wish(), "net/main").await, differs(Cause::File));
}

#[tokio::test(start_paused = true)]
async fn somebody_changed_the_cloud() {
    let toy = built(&Town::default()).await;
    let (wish, id) = (Town::default().wish(), toy.id_of("subnet/a"));
    toy.set(&id, "public", true);
    assert_eq!(why(&toy, &wish, "subnet/a").await, differs(Cause::Drift));
    check_apply(&toy, &wish).await;

    toy.by_hand(|things| drop(things.get_mut(&id).unwrap().tags.remove("Name")));
    assert_eq!(why(&toy, &wish, "subnet/a").await, differs(Cause::Drift));
    check_apply(&toy, &wish).await;

    toy.set(&id, "cidr", "10.66");
    let replaced = Why::Replaced { cause: Cause::Drift, fields: vec!["cidr".into()], follows: vec![] };
    assert_eq!(why(&toy, &wish, "subnet/a").await, replaced);
}

#[tokio::test(start_paused = true)]
async fn both_changed() {
    let toy = built(&Town::default()).await;
    toy.set(&toy.id_of("net/main"), "dns", false);
    let town = Town { note: Some("new"), ..Town::default() };
    assert_eq!(why(&toy, &town.wish(), "net/main").await, differs(Cause::Both));
}

#[tokio::test(start_paused = true)]
async fn an_old_note_alone_tells_of_a_changed_file_and_an_unfinished_one_of_a_dead_run() {
    let toy = built(&Town::default()).await;
    let id = toy.id_of("net/main");
    let spec = |value: &str| {
        toy.by_hand(|things| drop(things.get_mut(&id).unwrap().tags.insert(identity::SPEC.into(), value.into())));
    };
    spec("0123456789abcdef");
    assert_eq!(why(&toy, &Town::default().wish(), "net/main").await, differs(Cause::File));
    spec(identity::UNFINISHED);
    toy.set(&id, "dns", false);
    assert_eq!(why(&toy, &Town::default().wish(), "net/main").await, Why::Unfinished);
    let replaced = Why::Replaced { cause: Cause::Interrupted, fields: vec!["cidr".into()], follows: vec![] };
    assert_eq!(why(&toy, &Town { cidr: "10.2", ..Town::default() }.wish(), "net/main").await, replaced);
}

#[tokio::test(start_paused = true)]
async fn nobody_can_tell() {
    let toy = built(&Town::default()).await;
    // A log group shows no tags.
    assert_eq!(why(&toy, &Town { days: 30, ..Town::default() }.wish(), "log/flow").await, differs(Cause::Unknown));
    let id = toy.id_of("peer/p");
    toy.by_hand(|things| drop(things.get_mut(&id).unwrap().tags.remove(identity::SPEC)));
    assert_eq!(why(&toy, &Town::default().wish(), "peer/p").await, differs(Cause::Unknown));
}

#[tokio::test(start_paused = true)]
async fn it_only_follows() {
    let toy = built(&Town::default()).await;
    let wish = Town { size: 2, ..Town::default() }.wish();
    assert_eq!(why(&toy, &wish, "peer/q").await, differs(Cause::Follows));

    let wish = Town { cidr: "10.2", ..Town::default() }.wish();
    let Why::Replaced { cause, fields, follows } = why(&toy, &wish, "table/main").await else { panic!() };
    let follows: Vec<_> = follows.iter().map(|address| address.as_str()).collect();
    assert_eq!((cause, fields, follows), (Cause::Follows, vec![], vec!["net/main"]));
}

/// A dead run has made the new net; its users still hang on the old one, and nobody drifted.
#[tokio::test(start_paused = true)]
async fn it_follows_what_a_dead_run_replaced() {
    let toy = built(&Town::default()).await;
    let id = toy.id_of("net/main");
    toy.copy(&id, "net-new");
    toy.by_hand(|things| drop(things.get_mut("net-new").unwrap().tags.insert(identity::REPLACES.into(), id)));
    let Why::Replaced { cause, fields, follows } = why(&toy, &Town::default().wish(), "table/main").await else {
        panic!()
    };
    let follows: Vec<_> = follows.iter().map(|address| address.as_str()).collect();
    assert_eq!((cause, fields, follows), (Cause::Follows, vec![], vec!["net/main"]));
}

#[tokio::test(start_paused = true)]
async fn it_is_missing_broken_pending_or_not_desired() {
    let toy = built(&Town::default()).await;
    let wish = Town::default().wish();
    toy.tear_down(&toy.id_of("peer/q"));
    assert_eq!(why(&toy, &wish, "peer/q").await, Why::Missing);
    let id = toy.id_of("peer/p");
    toy.by_hand(|things| things.get_mut(&id).unwrap().failed = true);
    assert_eq!(why(&toy, &wish, "peer/p").await, Why::Broken { state: "it broke".into() });
    let fewer = Town { routes: vec![], ..Town::default() }.wish();
    assert_eq!(why(&toy, &fewer, "route/main/10.8").await, Why::NotDesired);

    toy.tear_down(&id);
    toy.slow("peer", 60);
    let plan = planned(&toy, &wish).await.unwrap();
    toy.trouble_at(1, super::world::Trouble::Die { executed: true });
    assert_eq!(super::help::run_or_die(&toy, &plan).await, None);
    assert_eq!(why(&toy, &wish, "peer/p").await, Why::Unfinished);
    assert_eq!(toy.things().iter().find(|t| t.kind == "peer").unwrap().raw["size"], json!(1));
}
