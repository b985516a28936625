//! What is planned, and what is refused.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use serde_json::json;

use super::{
    help::{Town, built, check_apply, converge, nothing, peer, planned, render, shown, stack},
    kinds::{KINDS, Log, Net, Peer, Subnet},
    world::{Toy, Trouble},
};
use crate::{Address, Class, Desired, Kinds, PlanError, Ref, Stack, Summary, Tags, World, kind, observe, plan};

#[tokio::test(start_paused = true)]
async fn everything_is_made_in_the_order_of_its_references() {
    assert_snapshot!(shown(&Toy::default(), &Town::default().wish()).await, @r"
     0 + log/flow (missing)
     1 + net/main (missing)
     2 + subnet/a (missing) <- 1
     3 + subnet/b (missing) <- 1
     4 + attachment/hub (missing) <- 1 2 3
     5 + table/main (missing) <- 1
     6 + route/main/10.8 (missing) <- 4 5
     7 + route/main/10.9 (missing) <- 4 5
     8 + assoc/a (missing) <- 2 5
     9 + assoc/b (missing) <- 3 5
    10 + peer/p (missing) <- 4
    11 + peer/q (missing) <- 10
    0 unchanged
    ");
}

#[tokio::test(start_paused = true)]
async fn a_built_town_needs_nothing_and_is_counted() {
    let toy = built(&Town::default()).await;
    let plan = planned(&toy, &Town::default().wish()).await.unwrap();
    assert_eq!(plan.summary(), Summary { unchanged: 12, ..Summary::default() });
    assert!(plan.is_empty() && !plan.is_destructive());
    assert_eq!(plan.ids[&Address::new("net", "main")], toy.id_of("net/main"));
}

#[tokio::test(start_paused = true)]
async fn one_read_a_call_whatever_the_number() {
    for names in [&["a"][..], &["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"][..]] {
        let town = Town { subnets: names.iter().map(|name| (*name, false)).collect(), ..Town::default() };
        let toy = built(&town).await;
        planned(&toy, &town.wish()).await.unwrap();
        // Routes come with their tables, and whatever hangs on a guest with it.
        assert_eq!(toy.cloud().reads.values().collect::<Vec<_>>(), [&1; 12], "{names:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_replaced_root_drags_its_users_along() {
    let toy = built(&Town::default()).await;
    let town = Town { cidr: "10.2", ..Town::default() };
    let plan = planned(&toy, &town.wish()).await.unwrap();
    assert_snapshot!(render(&plan), @r#"
     0 + net/main (replaced, file: [cidr] []) cidr!: "10.1" -> "10.2" tags.gcnet:spec
     1 + table/main (replaced, follows: [] [net/main]) net!: {"$id":"net-002"} -> {"$ref":"net/main"} <- 0
     2 - peer/q (replaced, follows: [] [peer/p]) <- 0
     3 - peer/p (replaced, follows: [] [attachment/hub]) <- 0 2
     4 - assoc/a (replaced, follows: [] [subnet/a table/main]) <- 0 1
     5 - assoc/b (replaced, follows: [] [subnet/b table/main]) <- 0 1
     6 - route/main/10.8 (replaced, follows: [] [attachment/hub table/main]) <- 0 1
     7 - route/main/10.9 (replaced, follows: [] [attachment/hub table/main]) <- 0 1
     8 - table/main (replaced, follows: [] [net/main]) <- 1 4 5 6 7
     9 - attachment/hub (replaced, follows: [] [net/main subnet/a subnet/b]) <- 0 3 6 7
    10 - subnet/a (replaced, file: [cidr] [net/main]) <- 0 4 9
    11 + subnet/a (replaced, file: [cidr] [net/main]) net!: {"$id":"net-002"} -> {"$ref":"net/main"} cidr!: "10.1.a" -> "10.2.a" tags.gcnet:spec <- 0 10
    12 + assoc/a (replaced, follows: [] [subnet/a table/main]) subnet!: {"$id":"subnet-003"} -> {"$ref":"subnet/a"} table!: {"$id":"table-005"} -> {"$ref":"table/main"} <- 1 4 11
    13 - subnet/b (replaced, file: [cidr] [net/main]) <- 0 5 9
    14 + subnet/b (replaced, file: [cidr] [net/main]) net!: {"$id":"net-002"} -> {"$ref":"net/main"} cidr!: "10.1.b" -> "10.2.b" tags.gcnet:spec <- 0 13
    15 + attachment/hub (replaced, follows: [] [net/main subnet/a subnet/b]) net!: {"$id":"net-002"} -> {"$ref":"net/main"} subnets: [{"$id":"subnet-003"},{"$id":"subnet-004"}] -> [{"$ref":"subnet/a"},{"$ref":"subnet/b"}] <- 0 9 11 14
    16 + route/main/10.8 (replaced, follows: [] [attachment/hub table/main]) table!: {"$id":"table-005"} -> {"$ref":"table/main"} via: {"$id":"attachment-006"} -> {"$ref":"attachment/hub"} <- 1 6 15
    17 + route/main/10.9 (replaced, follows: [] [attachment/hub table/main]) table!: {"$id":"table-005"} -> {"$ref":"table/main"} via: {"$id":"attachment-006"} -> {"$ref":"attachment/hub"} <- 1 7 15
    18 + assoc/b (replaced, follows: [] [subnet/b table/main]) subnet!: {"$id":"subnet-004"} -> {"$ref":"subnet/b"} table!: {"$id":"table-005"} -> {"$ref":"table/main"} <- 1 5 14
    19 + peer/p (replaced, follows: [] [attachment/hub]) via: {"$id":"attachment-006"} -> {"$ref":"attachment/hub"} <- 3 15
    20 + peer/q (replaced, follows: [] [peer/p]) others: [{"$id":"peer-011"}] -> [{"$ref":"peer/p"}] <- 2 19
    21 - net/main (replaced, file: [cidr] []) <- 0 8 9 10 13
    1 unchanged
    "#);
    assert_eq!(plan.summary(), Summary { replace: 11, unchanged: 1, ..Summary::default() });
    check_apply(&toy, &town.wish()).await;
}

/// A route can be pointed elsewhere in place. But the attachment must go before its successor comes, and cannot go while
/// the route uses it.
#[tokio::test(start_paused = true)]
async fn users_of_what_goes_first_go_before_it() {
    let toy = built(&Town::default()).await;
    let town = Town { mode: "fancy", ..Town::default() };
    assert_snapshot!(shown(&toy, &town.wish()).await, @r#"
     0 - peer/q (replaced, follows: [] [peer/p])
     1 - peer/p (replaced, follows: [] [attachment/hub]) <- 0
     2 - route/main/10.8 (replaced, follows: [] [attachment/hub])
     3 - route/main/10.9 (replaced, follows: [] [attachment/hub])
     4 - attachment/hub (replaced, file: [mode] []) <- 1 2 3
     5 + attachment/hub (replaced, file: [mode] []) mode!: "plain" -> "fancy" tags.gcnet:spec <- 4
     6 + route/main/10.8 (replaced, follows: [] [attachment/hub]) via: {"$id":"attachment-006"} -> {"$ref":"attachment/hub"} <- 2 5
     7 + route/main/10.9 (replaced, follows: [] [attachment/hub]) via: {"$id":"attachment-006"} -> {"$ref":"attachment/hub"} <- 3 5
     8 + peer/p (replaced, follows: [] [attachment/hub]) via: {"$id":"attachment-006"} -> {"$ref":"attachment/hub"} <- 1 5
     9 + peer/q (replaced, follows: [] [peer/p]) others: [{"$id":"peer-011"}] -> [{"$ref":"peer/p"}] <- 0 8
    7 unchanged
    "#);
    check_apply(&toy, &town.wish()).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_made_first_is_wired_before_the_old_one_goes() {
    let toy = built(&Town::default()).await;
    let town = Town { size: 2, ..Town::default() };
    assert_snapshot!(shown(&toy, &town.wish()).await, @r#"
     0 + peer/p (replaced, file: [size] []) size!: 1 -> 2 tags.gcnet:spec
     1 ~ peer/q (follows) others: [{"$id":"peer-011"}] -> [{"$ref":"peer/p"}] <- 0
     2 - peer/p (replaced, file: [size] []) <- 0 1
    10 unchanged
    "#);
    check_apply(&toy, &town.wish()).await;
}

#[tokio::test(start_paused = true)]
async fn what_a_dead_run_was_replacing_goes_when_its_successor_is_ready() {
    let toy = built(&Town::default()).await;
    let (old, new) = (toy.id_of("net/main"), "net-new");
    toy.copy(&old, new);
    toy.by_hand(|things| drop(things.get_mut(new).unwrap().tags.insert("gcnet:replaces".into(), old.clone())));
    toy.set(new, "dns", false);
    assert_snapshot!(shown(&toy, &Town::default().wish()).await, @r#"
     0 ~ net/main (drift) dns: false -> true
     1 + table/main (replaced, follows: [] [net/main]) net!: {"$id":"net-002"} -> {"$ref":"net/main"} <- 0
     2 - peer/q (replaced, follows: [] [peer/p]) <- 0
     3 - peer/p (replaced, follows: [] [attachment/hub]) <- 0 2
     4 - assoc/a (replaced, follows: [] [subnet/a table/main]) <- 0 1
     5 - assoc/b (replaced, follows: [] [subnet/b table/main]) <- 0 1
     6 - route/main/10.8 (replaced, follows: [] [attachment/hub table/main]) <- 0 1
     7 - route/main/10.9 (replaced, follows: [] [attachment/hub table/main]) <- 0 1
     8 - table/main (replaced, follows: [] [net/main]) <- 1 4 5 6 7
     9 - attachment/hub (replaced, follows: [] [net/main subnet/a subnet/b]) <- 0 3 6 7
    10 - subnet/a (replaced, follows: [] [net/main]) <- 0 4 9
    11 + subnet/a (replaced, follows: [] [net/main]) net!: {"$id":"net-002"} -> {"$ref":"net/main"} <- 0 10
    12 + assoc/a (replaced, follows: [] [subnet/a table/main]) subnet!: {"$id":"subnet-003"} -> {"$ref":"subnet/a"} table!: {"$id":"table-005"} -> {"$ref":"table/main"} <- 1 4 11
    13 - subnet/b (replaced, follows: [] [net/main]) <- 0 5 9
    14 + subnet/b (replaced, follows: [] [net/main]) net!: {"$id":"net-002"} -> {"$ref":"net/main"} <- 0 13
    15 + attachment/hub (replaced, follows: [] [net/main subnet/a subnet/b]) net!: {"$id":"net-002"} -> {"$ref":"net/main"} subnets: [{"$id":"subnet-003"},{"$id":"subnet-004"}] -> [{"$ref":"subnet/a"},{"$ref":"subnet/b"}] <- 0 9 11 14
    16 + route/main/10.8 (replaced, follows: [] [attachment/hub table/main]) table!: {"$id":"table-005"} -> {"$ref":"table/main"} via: {"$id":"attachment-006"} -> {"$ref":"attachment/hub"} <- 1 6 15
    17 + route/main/10.9 (replaced, follows: [] [attachment/hub table/main]) table!: {"$id":"table-005"} -> {"$ref":"table/main"} via: {"$id":"attachment-006"} -> {"$ref":"attachment/hub"} <- 1 7 15
    18 + assoc/b (replaced, follows: [] [subnet/b table/main]) subnet!: {"$id":"subnet-004"} -> {"$ref":"subnet/b"} table!: {"$id":"table-005"} -> {"$ref":"table/main"} <- 1 5 14
    19 + peer/p (replaced, follows: [] [attachment/hub]) via: {"$id":"attachment-006"} -> {"$ref":"attachment/hub"} <- 3 15
    20 + peer/q (replaced, follows: [] [peer/p]) others: [{"$id":"peer-011"}] -> [{"$ref":"peer/p"}] <- 2 19
    21 - net/main (unfinished) <- 0 8 9 10 13
    1 unchanged
    "#);
    check_apply(&toy, &Town::default().wish()).await;
    assert_eq!(toy.id_of("net/main"), new);
}

#[tokio::test(start_paused = true)]
async fn a_wish_that_is_gone_takes_its_object_along_and_frees_it_first() {
    let toy = built(&Town::default()).await;
    let town = Town { subnets: vec![("a", false)], routes: vec!["10.8"], ..Town::default() };
    assert_snapshot!(shown(&toy, &town.wish()).await, @r#"
     0 ~ attachment/hub (file) subnets: [{"$ref":"subnet/a"},{"$ref":"subnet/b"}] -> [{"$ref":"subnet/a"}] tags.gcnet:spec
     1 - assoc/b (not desired)
     2 - route/main/10.9 (not desired)
     3 - subnet/b (not desired) <- 0 1
    8 unchanged
    "#);
    check_apply(&toy, &town.wish()).await;
}

#[tokio::test(start_paused = true)]
async fn destroys_in_the_order_that_live_attributes_tell() {
    let toy = built(&Town::default()).await;
    assert_snapshot!(shown(&toy, &nothing()).await, @r"
     0 - peer/q (not desired)
     1 - peer/p (not desired) <- 0
     2 - assoc/a (not desired)
     3 - assoc/b (not desired)
     4 - route/main/10.8 (not desired)
     5 - route/main/10.9 (not desired)
     6 - table/main (not desired) <- 2 3 4 5
     7 - attachment/hub (not desired) <- 1 4 5
     8 - subnet/a (not desired) <- 2 7
     9 - subnet/b (not desired) <- 3 7
    10 - net/main (not desired) <- 6 7 8 9
    11 - log/flow (not desired) <- 0 1 2 3 4 5 6 7 8 9 10
    0 unchanged
    ");
    check_apply(&toy, &nothing()).await;
    assert_eq!(toy.things(), []);
}

#[tokio::test(start_paused = true)]
async fn what_was_added_by_hand_to_ours_goes() {
    let toy = built(&Town::default()).await;
    let hub = toy.id_of("attachment/hub");
    toy.by_hand(|things| {
        let route = things.values().find(|t| t.kind == "route").unwrap().clone();
        let table = route.id.split('|').next().unwrap();
        let mut added = route.clone();
        added.id = format!("{table}|10.66");
        (added.raw["to"], added.raw["via"]) = (json!("10.66"), json!({ "$id": hub }));
        things.insert(added.id.clone(), added);
    });
    assert_snapshot!(shown(&toy, &Town::default().wish()).await, @r"
     0 - route/main/10.66 (not desired)
    12 unchanged
    ");
    check_apply(&toy, &Town::default().wish()).await;
}

#[tokio::test(start_paused = true)]
async fn twins_are_refused_and_both_are_named() {
    let toy = built(&Town::default()).await;
    let id = toy.id_of("table/main");
    toy.copy(&id, "table-twin");
    let ids = vec![id, "table-twin".to_string()];
    let twins = PlanError::Twins { address: Address::new("table", "main"), ids };
    assert_eq!(planned(&toy, &Town::default().wish()).await, Err(twins.clone()));
    assert_eq!(planned(&toy, &nothing()).await, Err(twins), "to destroy is no reason to choose");
}

/// Two that each say that they replace the other, or that both replace a third, are twins.
#[tokio::test(start_paused = true)]
async fn a_successor_must_be_the_only_one() {
    let toy = built(&Town::default()).await;
    let id = toy.id_of("table/main");
    let replaces = |of: &str, old: &str| {
        toy.by_hand(|things| drop(things.get_mut(of).unwrap().tags.insert("gcnet:replaces".into(), old.into())));
    };
    toy.copy(&id, "table-x");
    replaces("table-x", &id);
    toy.copy("table-x", "table-y");
    assert_eq!(shown(&toy, &nothing()).await, "refused: table/main exists 3 times: table-005, table-x, table-y");
    toy.by_hand(|things| drop(things.remove("table-y")));
    replaces(&id, "table-x");
    assert_eq!(shown(&toy, &nothing()).await, "refused: table/main exists 2 times: table-005, table-x");
}

/// A guardrail against what nobody asks for stops nobody; what is asked for may be there, and is not made beside it.
#[tokio::test(start_paused = true)]
async fn what_may_not_be_read_stops_only_wishes_of_its_kind() {
    let mut few = Desired::new(stack(), Tags::new());
    few.add("main", Net { cidr: "10.1".into(), dns: false, note: None, log: None });
    for (class, is_denied) in [(Class::Guardrail, true), (Class::Denied, true), (Class::Throttled, false)] {
        let toy = Toy::default();
        let read = async |wish: &Desired| {
            toy.trouble("read:peers", 1, Trouble::Refuse(class));
            let observed = observe(&toy.fresh(), KINDS).await;
            observed.map(|observed| observed.for_wish(wish).map(|owned| plan(KINDS, wish, &owned).unwrap().steps.len()))
        };
        let all = read(&nothing()).await;
        assert!(matches!(all, Ok(Err(PlanError::Unseen { .. }))) || !is_denied && all.is_err(), "{all:?}");
        let answers = (read(&few).await, read(&Town::default().wish()).await);
        match answers {
            (Ok(Ok(1)), Ok(Err(PlanError::Unseen { kind: "peer", failure }))) if is_denied => {
                assert_eq!(failure.class, class);
            }
            (Err(_), Err(_)) if !is_denied => {}
            other => panic!("{class:?}: {other:?}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn tags_that_nobody_can_read_stop_their_own_stack_only() {
    let toy = built(&Town::default()).await;
    let other = Town { stack: Stack::new("itano", "prod"), ..Town::default() };
    assert!(converge(&toy, &other.wish()).await.is_success());
    let label = |id: &str, address: &str| {
        toy.by_hand(|things| drop(things.get_mut(id).unwrap().tags.insert("gcnet:address".into(), address.into())));
    };
    let ours =
        toy.things().into_iter().find(|t| t.kind == "table" && t.tags["gcnet:municipality"] == "naruto").unwrap();
    for address in ["gate/main", "subnet/a", "no address"] {
        label(&ours.id, address);
        let expected = PlanError::Mislabelled { id: ours.id.clone(), kind: "table", address: address.into() };
        assert_eq!(planned(&toy, &Town::default().wish()).await, Err(expected));
        assert!(planned(&toy, &other.wish()).await.unwrap().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn two_stacks_do_not_see_each_other() {
    let toy = built(&Town::default()).await;
    let names = [("itano", "prod"), ("naruto", "test")];
    let others =
        names.map(|(city, environment)| Town { stack: Stack::new(city, environment), ..Town::default() }.wish());
    for other in &others {
        assert_eq!(planned(&toy, other).await.unwrap().summary(), Summary { create: 12, ..Summary::default() });
        assert!(converge(&toy, other).await.is_success());
    }
    assert!(converge(&toy, &nothing()).await.is_success());
    for other in &others {
        assert!(planned(&toy, other).await.unwrap().is_empty());
    }
    assert_eq!(toy.things().len(), 24);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_ours_is_left_alone() {
    let toy = built(&Town::default()).await;
    let id = toy.id_of("net/main");
    toy.copy(&id, "net-foreign");
    toy.by_hand(|things| things.get_mut("net-foreign").unwrap().tags = Tags::from([("Name".into(), "theirs".into())]));
    toy.by_hand(|things| drop(things.get_mut(&id).unwrap().tags.insert("aws:guardrail".into(), "on".into())));
    assert!(planned(&toy, &Town::default().wish()).await.unwrap().is_empty());
    assert!(converge(&toy, &nothing()).await.is_success());
    assert_eq!(toy.things().into_iter().map(|t| t.id).collect::<Vec<_>>(), ["net-foreign"]);
}

#[tokio::test(start_paused = true)]
async fn failed_and_leaving_objects_are_waited_for_and_made_anew() {
    let toy = built(&Town::default()).await;
    let id = toy.id_of("attachment/hub");
    toy.by_hand(|things| things.get_mut(&id).unwrap().failed = true);
    assert_snapshot!(shown(&toy, &Town::default().wish()).await, @r#"
     0 - peer/q (replaced, follows: [] [peer/p])
     1 - peer/p (replaced, follows: [] [attachment/hub]) <- 0
     2 - route/main/10.8 (replaced, follows: [] [attachment/hub])
     3 - route/main/10.9 (replaced, follows: [] [attachment/hub])
     4 - attachment/hub (broken: it broke) <- 1 2 3
     5 + attachment/hub (broken: it broke) <- 4
     6 + route/main/10.8 (replaced, follows: [] [attachment/hub]) via: {"$id":"attachment-006"} -> {"$ref":"attachment/hub"} <- 2 5
     7 + route/main/10.9 (replaced, follows: [] [attachment/hub]) via: {"$id":"attachment-006"} -> {"$ref":"attachment/hub"} <- 3 5
     8 + peer/p (replaced, follows: [] [attachment/hub]) via: {"$id":"attachment-006"} -> {"$ref":"attachment/hub"} <- 1 5
     9 + peer/q (replaced, follows: [] [peer/p]) others: [{"$id":"peer-011"}] -> [{"$ref":"peer/p"}] <- 0 8
    7 unchanged
    "#);
    check_apply(&toy, &Town::default().wish()).await;

    toy.slow("attachment", 60);
    let (id, live) = (toy.id_of("attachment/hub"), toy.things());
    let users = live.iter().filter(|t| t.raw.to_string().contains(&format!("\"{id}\"")));
    users.for_each(|user| toy.tear_down(&user.id));
    toy.remove("attachment", &id).await.unwrap();
    assert_snapshot!(shown(&toy, &Town::default().wish()).await, @r"
     0 - attachment/hub (broken: deleting)
     1 + attachment/hub (broken: deleting) <- 0
     2 + route/main/10.8 (missing) <- 1
     3 + route/main/10.9 (missing) <- 1
     4 + peer/p (missing) <- 1
     5 + peer/q (missing) <- 4
    7 unchanged
    ");
    check_apply(&toy, &Town::default().wish()).await;
}

/// Whatever state the others at its address are in, one that lives is the one.
#[tokio::test(start_paused = true)]
async fn dying_objects_give_way_to_a_living_one() {
    let toy = built(&Town::default()).await;
    let id = toy.id_of("peer/q");
    for copy in ["peer-x", "peer-a"] {
        toy.copy(&id, copy);
        toy.by_hand(|things| things.get_mut(copy).unwrap().failed = true);
    }
    assert_snapshot!(shown(&toy, &Town::default().wish()).await, @r"
     0 - peer/q (broken: it broke)
     1 - peer/q (broken: it broke)
    12 unchanged
    ");
    check_apply(&toy, &Town::default().wish()).await;
}

/// `u` is not wished any more and uses what must go early; so must `u`, and so must `k`, which could let go of `u` in
/// place if only what it turns to were there already.
#[tokio::test(start_paused = true)]
async fn what_goes_early_takes_along_the_users_of_its_unwished_users() {
    let town = Town::default();
    let mut before = town.wish();
    let u = before.add("u", Peer { size: 1, via: Some(Ref::to("hub")), others: BTreeSet::new() });
    before.add("k", Peer { size: 1, via: None, others: [u].into() });
    let mut after = Town { mode: "fancy", ..town }.wish();
    after.add("k", Peer { size: 1, via: Some(Ref::to("hub")), others: BTreeSet::new() });
    let toy = Toy::default();
    check_apply(&toy, &before).await;
    check_apply(&toy, &after).await;
}

#[tokio::test(start_paused = true)]
async fn a_new_name_under_an_old_key_waits_for_the_old_to_go() {
    let toy = Toy::default();
    let wish = |name: &str| {
        let mut d = nothing();
        let net = d.add("main", Net { cidr: "10.1".into(), dns: true, note: None, log: None });
        d.add(name, Subnet { net, cidr: "10.1.1".into(), public: false });
        d
    };
    check_apply(&toy, &wish("a")).await;
    check_apply(&toy, &wish("b")).await;
}

fn refusal(wish: &Desired) -> String {
    refusal_by(KINDS, wish)
}

fn refusal_by(kinds: Kinds<Toy>, wish: &Desired) -> String {
    plan(kinds, wish, &[]).unwrap_err().to_string()
}

#[test]
fn wishes_that_no_plan_can_carry_out_are_refused() {
    let mut twice = nothing();
    twice.add("flow", Log { days: 1 });
    twice.add("flow", Log { days: 2 });
    assert_eq!(refusal(&twice), "log/flow is wished twice");

    let mut dangling = nothing();
    dangling.add("p", Peer { size: 1, via: Some(Ref::to("hub")), others: BTreeSet::new() });
    assert_eq!(refusal(&dangling), "peer/p refers to attachment/hub, which nobody wishes");

    let mut ring = nothing();
    ring.add("p", Peer { size: 1, via: None, others: [peer("q")].into() });
    ring.add("q", Peer { size: 1, via: None, others: [peer("p")].into() });
    ring.add("r", Peer { size: 1, via: None, others: BTreeSet::new() });
    assert_eq!(refusal(&ring), "these wait for each other: peer/p, peer/q");

    let mut own_user = nothing();
    own_user.add("p", Peer { size: 1, via: None, others: [peer("p")].into() });
    assert_eq!(refusal(&own_user), "these wait for each other: peer/p");

    const FEW: Kinds<Toy> = Kinds(&[&kind::<Net>()]);
    assert_eq!(refusal_by(FEW, &Town::default().wish()), "no kind of resource is called assoc: assoc/a");
}

#[tokio::test(start_paused = true)]
async fn nothing_goes_that_something_goes_on_using() {
    let toy = built(&Town::default()).await;
    let log = toy.things().into_iter().find(|t| t.kind == "log").unwrap().id;
    // The wish does not say where the net writes its log, so somebody else may.
    toy.set(&toy.id_of("net/main"), "log", json!({ "$id": log }));
    let wish = |note: Option<&str>| {
        let mut d = Desired::new(stack(), Town::default().tags);
        d.add("main", Net { cidr: "10.1".into(), dns: true, note: note.map(Into::into), log: None });
        d
    };
    let refused = "refused: log/flow (/toy/naruto/prod/flow) must go, but net/main goes on using it";
    assert_eq!(shown(&toy, &wish(None)).await, refused);
    // An update of something else does not free it.
    assert_eq!(shown(&toy, &wish(Some("new"))).await, refused);
}

#[tokio::test(start_paused = true)]
async fn the_order_of_observation_does_not_matter() {
    let toy = built(&Town::default()).await;
    let id = toy.id_of("peer/q");
    for copy in ["peer-x", "peer-a"] {
        toy.copy(&id, copy);
        toy.by_hand(|things| things.get_mut(copy).unwrap().failed = true);
    }
    for wish in [Town { cidr: "10.2", ..Town::default() }.wish(), Town::default().wish(), nothing()] {
        let observed = observe(&toy.fresh(), KINDS).await.unwrap();
        let mut owned = observed.of(&stack()).unwrap().to_vec();
        let first = plan(KINDS, &wish, &owned).unwrap();
        for _ in 0..owned.len() {
            owned.rotate_left(1);
            assert_eq!(plan(KINDS, &wish, &owned).unwrap(), first);
        }
        owned.reverse();
        assert_eq!(plan(KINDS, &wish, &owned).unwrap(), first);
    }
}

/// The wishes that a kind gives as examples differ in every field from one with other values: no field is left out.
#[test]
fn a_change_says_what_it_costs() {
    let before = json!({ "net": { "$ref": "net/main" }, "subnets": [{ "$ref": "subnet/a" }], "mode": "x" });
    let kind = KINDS.get("attachment").unwrap();
    let diff = kind.diff(&kind.example(), &before).unwrap();
    assert_eq!(diff.0.iter().map(|c| c.field.as_str()).collect::<Vec<_>>(), ["mode"]);
    assert_eq!(diff.effect(), Some(crate::Effect::Replace));
    let broken = kind.diff(&kind.example(), &json!({ "net": 1 })).unwrap_err();
    assert_eq!(broken.operation, "gcnet:read-attachment");
}
