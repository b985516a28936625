//! What is deleted and can still be brought back, and what is protected against deletion.

use insta::assert_snapshot;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    help::{check_apply, check_crash_everywhere, check_settled, converge, nothing, options, planned, run, shown},
    kinds::{KINDS, Log, Net, common, named},
    world::{Toy, Trouble},
};
use crate::{
    Context, Desired, Diff, Failure, Kind, Live, PlanError, Ref, Resource, Stop, Tags, World as _, observe,
    takes_protected,
};

/// Softly deleted: it stays listed and can be brought back, closed. It is opened by a second call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Vault {
    pub size: u32,
    pub open: bool,
    pub net: Option<Ref<Net>>,
}

named!(Vault = "vault");

impl Kind<Toy> for Vault {
    const MANY_CALLS: bool = true;
    common!();

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let Vault { size, open, net } = self;
        diff.replace("size", size, &live.size);
        diff.in_place("open", open, &live.open);
        diff.replace("net", net, &live.net);
    }
    async fn create(&self, cx: &Context<'_, Toy>) -> Result<String, Failure> {
        let net = self.net.as_ref().map(|net| cx.id(net)).transpose()?.map(Ref::id);
        cx.world.make(&Vault { open: false, net, ..self.clone() }, None, &cx.tags, None).await
    }
    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Toy>) -> Result<(), Failure> {
        if matches!(live.state, crate::State::Deleted { .. }) {
            return cx.world.restore(&live.id).await;
        }
        cx.world.change(Self::NAME, &live.id, &[("open", json!(self.open))]).await
    }
    fn example() -> Self {
        Vault { size: 1, open: true, net: Some(Ref::to("main")) }
    }
}

/// A vault of this size, with something that goes last beside it.
fn wish(size: u32) -> Desired {
    let mut wish = nothing();
    wish.add("flow", Log { days: 7 });
    let vault = wish.add("safe", Vault { size, open: true, net: None });
    wish.protect(&vault, false);
    wish
}

fn protected(size: u32) -> Desired {
    let mut wish = wish(size);
    wish.protect(&Ref::<Vault>::to("safe"), true);
    wish
}

async fn with(wish: &Desired) -> Toy {
    let toy = Toy::default();
    check_apply(&toy, wish).await;
    toy
}

/// Deleted is gone: the next plan is empty, and finds it again when it is wished.
#[tokio::test(start_paused = true)]
async fn what_was_deleted_is_brought_back() {
    let toy = with(&wish(1)).await;
    let id = toy.id_of("vault/safe");
    check_apply(&toy, &nothing()).await;
    assert_snapshot!(shown(&toy, &wish(1)).await, @"
     0 + log/flow (missing)
     1 ~ vault/safe (restored, until 2026-05-01T00:00:00Z)
    0 unchanged
    ");
    check_apply(&toy, &wish(1)).await;
    assert_eq!(toy.id_of("vault/safe"), id);
}

/// Another one is wished than the one that was deleted: that stays deleted.
#[tokio::test(start_paused = true)]
async fn what_would_have_to_be_another_is_made_anew() {
    let toy = with(&wish(1)).await;
    let id = toy.id_of("vault/safe");
    check_apply(&toy, &nothing()).await;
    assert_snapshot!(shown(&toy, &wish(2)).await, @"
     0 + log/flow (missing)
     1 + vault/safe (missing)
    0 unchanged
    ");
    check_apply(&toy, &wish(2)).await;
    assert_ne!(toy.id_of("vault/safe"), id);
    // Beside a live one, deleted ones are nobody's twins, and of several the one that fits is brought back.
    check_apply(&toy, &nothing()).await;
    check_apply(&toy, &wish(1)).await;
    assert_eq!(toy.id_of("vault/safe"), id);
}

/// What it referred to has gone meanwhile, and another is in its place.
#[tokio::test(start_paused = true)]
async fn what_hung_on_something_gone_is_made_anew() {
    let net =
        |wish: &mut Desired, cidr: &str| wish.add("main", Net { cidr: cidr.into(), dns: false, note: None, log: None });
    let on_net = |cidr: &str| {
        let mut wish = nothing();
        let net = net(&mut wish, cidr);
        wish.add("safe", Vault { size: 1, open: true, net: Some(net) });
        wish
    };
    let toy = with(&on_net("10.1")).await;
    let id = toy.id_of("vault/safe");
    let mut alone = nothing();
    net(&mut alone, "10.1");
    check_apply(&toy, &alone).await;
    // While the net is there, it is brought back; when the net is replaced in the same run, it is not.
    assert_snapshot!(shown(&toy, &on_net("10.1")).await, @"
     0 ~ vault/safe (restored, until 2026-05-01T00:00:00Z)
    1 unchanged
    ");
    assert_snapshot!(shown(&toy, &on_net("10.2")).await, @r#"
     0 + net/main (replaced, file: [cidr] []) cidr!: "10.1" -> "10.2" tags.gcnet:spec
     1 + vault/safe (missing) <- 0
     2 - net/main (replaced, file: [cidr] []) <- 0
    0 unchanged
    "#);
    check_apply(&toy, &on_net("10.2")).await;
    assert_ne!(toy.id_of("vault/safe"), id);
}

/// Its deletion takes effect wherever the run dies, and so does its return.
#[tokio::test(start_paused = true)]
async fn a_run_may_die_anywhere() {
    let deaths = check_crash_everywhere(Some(&wish(1)), &nothing(), |_| {}).await;
    assert_eq!(deaths, 2, "the vault, the log");
    for executed in [false, true] {
        for write in 1..=3 {
            let toy = with(&wish(1)).await;
            let id = toy.id_of("vault/safe");
            check_apply(&toy, &nothing()).await;
            toy.trouble_at(write, Trouble::Lose { executed });
            assert!(converge(&toy, &wish(1)).await.is_success());
            check_settled(&toy, &wish(1)).await;
            assert_eq!(toy.id_of("vault/safe"), id, "write {write} lost, executed: {executed}");
        }
    }
}

/// A protected thing goes only when that is said; what goes last stays with it.
#[tokio::test(start_paused = true)]
async fn what_is_protected_stays() {
    let toy = with(&protected(1)).await;
    let id = toy.id_of("vault/safe");
    assert_snapshot!(shown(&toy, &nothing()).await, @"
    0 unchanged
    ? vault/safe vault-002: operator protected [] holds log/flow vault/safe
    ");
    assert!(converge(&toy, &nothing()).await.is_success());
    assert_eq!(toy.id_of("vault/safe"), id);
    // Nor is it replaced.
    assert_snapshot!(shown(&toy, &protected(2)).await, @r#"
    1 unchanged
    ? vault/safe vault-002: operator protected-replacement {"size":2} is {"size":1} [] holds vault/safe
    "#);
    assert!(converge(&toy, &protected(2)).await.is_success());
    assert_eq!(toy.id_of("vault/safe"), id);
    let mut all = nothing();
    all.include_protected = true;
    check_apply(&toy, &all).await;
}

/// Somebody took the tag away: what the file says counts as well. What a dead run left is none of the file's business.
#[tokio::test(start_paused = true)]
async fn a_tag_taken_away_unprotects_nothing_that_the_file_protects() {
    let mut going = nothing();
    going.protect(&Ref::<Vault>::to("safe"), true);
    for (wish, asked) in [(&going, "holds log/flow vault/safe"), (&protected(2), "holds vault/safe")] {
        let toy = with(&protected(1)).await;
        let id = toy.id_of("vault/safe");
        toy.by_hand(|things| drop(things.get_mut(&id).unwrap().tags.remove("gcnet:protect")));
        let plan = shown(&toy, wish).await;
        assert!(plan.contains("operator protected") && plan.contains(asked), "{plan}");
        assert!(converge(&toy, wish).await.is_success());
        assert_eq!(toy.id_of("vault/safe"), id);
    }
    going.include_protected = true;
    check_apply(&with(&protected(1)).await, &going).await;
}

/// Only a repair that names it takes one of two: what any plan would delete is held, and the way out is named.
#[tokio::test(start_paused = true)]
async fn of_two_that_are_protected_only_a_repair_takes_one() {
    let toy = with(&protected(1)).await;
    let (id, copy) = (toy.id_of("vault/safe"), "vault-copy".to_string());
    toy.copy(&id, &copy);
    assert!(matches!(planned(&toy, &protected(1)).await, Err(PlanError::Twins { .. })));
    toy.by_hand(|things| drop(things.get_mut(&copy).unwrap().tags.insert("gcnet:withdrawn".into(), id.clone())));
    assert_snapshot!(shown(&toy, &protected(1)).await, @r"
    2 unchanged
    ? vault/safe vault-copy: operator protected-twin [] holds vault/safe
    ");
    let mut repair = protected(1);
    repair.withdrawn = [copy.clone()].into();
    let plan = planned(&toy, &repair).await.unwrap();
    assert!(plan.steps.iter().any(|step| takes_protected(KINDS, &repair, step)));
    assert!(run(&toy, &plan, &options(), &Stop::default()).await.0.is_success());
    let observed = observe(&toy.fresh(), KINDS).await.unwrap();
    let owned = observed.for_wish(&repair).unwrap();
    let deleted = owned.iter().filter(|owned| owned.object.is_deleted());
    assert_eq!(deleted.map(|owned| owned.object.id.as_str()).collect::<Vec<_>>(), [copy]);
}

/// The file takes the protection away first; what failed protects nobody.
#[tokio::test(start_paused = true)]
async fn protection_can_be_taken_away() {
    let toy = with(&protected(1)).await;
    assert_snapshot!(shown(&toy, &wish(1)).await, @r#"
     0 ~ vault/safe (file) tags.gcnet:protect: "yes" -> "no" tags.gcnet:spec
    1 unchanged
    "#);
    check_apply(&toy, &wish(1)).await;
    check_apply(&toy, &nothing()).await;

    let toy = with(&protected(1)).await;
    let id = toy.id_of("vault/safe");
    let goes = |plan: crate::Plan| plan.steps.iter().any(|step| takes_protected(KINDS, &nothing(), step));
    let mut all = nothing();
    all.include_protected = true;
    assert!(goes(planned(&toy, &all).await.unwrap()), "somebody has to agree");
    toy.by_hand(|things| things.get_mut(&id).unwrap().failed = true);
    assert!(!goes(planned(&toy, &all).await.unwrap()), "nobody has to");
    check_apply(&toy, &nothing()).await;
}

/// Tags that protect say nothing of tags that nobody set.
#[test]
fn only_yes_protects() {
    let tags = |value: &str| Tags::from([("gcnet:protect".to_string(), value.to_string())]);
    for (value, is_protected) in [("yes", true), ("no", false), ("", false)] {
        let (owner, raw) = (crate::Owner::Tags(tags(value)), json!({}));
        let object = crate::Object { kind: "vault", id: "v".into(), owner, state: crate::State::Ready, raw };
        assert_eq!(object.is_protected(), is_protected, "{value:?}");
    }
}
