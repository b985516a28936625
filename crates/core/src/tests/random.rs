//! Random wishes on random worlds, with other parties in them: every plan is in order, carries out, and leaves nothing
//! to do once the others have done what they were asked.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use proptest::prelude::*;
use serde_json::json;

use super::{
    counterpart::{make_guest, obey, offer, remove_guest},
    help::{check_settled, nothing, options, planned, render, run, run_or_die, shown, stack, undone},
    house::check_theirs_were_left,
    kinds::{Assoc, Attachment, KINDS, Log, Net, Peer, Route, Subnet, Table},
    parties::{Door, Guest, Offer, Pass, Stamp, Wire},
    restoring::Vault,
    world::{Toy, Trouble, Verdict},
};
use crate::{
    Action, Address, Class, Desired, Object, Owned, Plan, Ref, Removal, State, Stop, Tags, Target, World, observe,
    plan, refs,
};

/// Decisions taken from random bytes; when they run out, the answer is 0.
struct Dice<'a>(std::slice::Iter<'a, u8>);

impl Dice<'_> {
    fn of(&mut self, sides: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or(0)) % sides
    }

    fn chance(&mut self) -> bool {
        self.of(2) == 1
    }

    fn some<T: Clone + Ord>(&mut self, from: &[T]) -> BTreeSet<T> {
        from.iter().filter(|_| self.chance()).cloned().collect()
    }

    fn maybe<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        let pick = self.of(from.len() + 1);
        from.get(pick).cloned()
    }
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..110)
}

/// Any graph of wishes that the cloud can hold: no two subnets of one net have one CIDR, attachments stay in their net.
fn wishes(bytes: &[u8]) -> Desired {
    let dice = &mut Dice(bytes.iter());
    let owner = ["city", "prefecture"][dice.of(2)];
    let mut d = Desired::new(stack(), Tags::from([("owner".into(), owner.into())]));
    let (mut nets, mut tables, mut hubs) = (vec![], vec![], vec![]);
    for n in ["n", "m"].iter().take(dice.of(3)) {
        let cidr = format!("10.{}", dice.of(2));
        let note = dice.maybe(&["x".to_string(), "y".to_string()]);
        let net = d.add(n, Net { cidr, dns: dice.chance(), note, log: None });
        nets.push(net.clone());
        let own: Vec<_> = (0..dice.of(3))
            .map(|i| d.add(&format!("{n}t{i}"), Table { net: net.clone(), flavour: ["x", "y"][dice.of(2)].into() }))
            .collect();
        let mut subnets = vec![];
        for i in 0..dice.of(4) {
            let cidr = format!("10.{i}.{}", dice.of(2));
            let subnet = d.add(&format!("{n}{i}"), Subnet { net: net.clone(), cidr, public: dice.chance() });
            if let Some(table) = dice.maybe(&own) {
                d.add("", Assoc { subnet: subnet.clone(), table });
            }
            subnets.push(subnet);
        }
        let chosen = dice.some(&subnets);
        if !chosen.is_empty() {
            let mode = ["x", "y"][dice.of(2)].into();
            hubs.push(d.add(&format!("{n}h"), Attachment { net, subnets: chosen, mode }));
        }
        tables.extend(own);
    }
    for table in &tables {
        for to in ["10.8", "10.9"] {
            if let Some(via) = dice.maybe(&hubs) {
                d.add("", Route { table: table.clone(), to: to.into(), via });
            }
        }
    }
    if dice.chance() {
        d.add("flow", Log { days: dice.of(3) as u32 });
    }
    let guests = parties(&mut d, &tables, dice);
    let mut peers: Vec<Ref<Peer>> = vec![];
    // Up or down the alphabet, so that two wishes can point at each other's ends.
    let names = if dice.chance() { ["a", "b", "c", "d"] } else { ["d", "c", "b", "a"] };
    for name in names {
        if dice.chance() {
            let (via, others) = (dice.maybe(&hubs), dice.some(&peers));
            peers.push(d.add(name, Peer { size: dice.of(2) as u32, via, others }));
        }
    }
    for name in ["u", "v"] {
        if dice.chance() {
            let (door, guest) = (dice.maybe(&guests.0), dice.maybe(&guests.1));
            d.add(name, Wire { door, guest });
        }
    }
    for name in ["k", "l"] {
        if dice.chance() {
            let vault = Vault { size: 1 + dice.of(2) as u32, open: true, net: dice.maybe(&nets) };
            let vault = d.add(name, vault);
            if let Some(protected) = dice.maybe(&[true, false]) {
                d.protect(&vault, protected);
            }
        }
    }
    d
}

/// What others have a hand in.
fn parties(d: &mut Desired, tables: &[Ref<Table>], dice: &mut Dice<'_>) -> (Vec<Ref<Door>>, Vec<Ref<Guest>>) {
    let (mut doors, mut guests, mut offers) = (vec![], vec![], vec![]);
    for name in ["s", "t"] {
        if dice.chance() {
            offers.push(d.add("", Offer { account: "444".into(), name: name.into(), accepted: true }));
        }
    }
    for name in ["x", "y"] {
        if dice.chance() {
            let (size, speed) = (dice.of(2) as u32, 1 + dice.of(2) as u32);
            let offer = dice.maybe(&offers);
            doors.push(d.add(name, Door { account: "333".into(), size, speed, offer, accepted: dice.maybe(&[true]) }));
        }
    }
    for table in tables {
        for account in ["222", "223"] {
            if dice.chance() {
                let (table, account) = (table.clone(), account.to_string());
                let (cidr, label) = (["10.7", "10.8"][dice.of(2)].into(), dice.maybe(&["l".to_string()]));
                let guest = d.add("", Guest { table, account, cidr, accepted: true, label, share: dice.maybe(&doors) });
                if dice.chance() {
                    let pass = d.add("", Pass { guest: guest.clone(), mode: ["x", "y"][dice.of(2)].into() });
                    if dice.chance() {
                        d.add("", Stamp { pass });
                    }
                }
                guests.push(guest);
            }
        }
    }
    (doors, guests)
}

/// Somebody works on the console.
fn drift(toy: &Toy, bytes: &[u8]) {
    let dice = &mut Dice(bytes.iter());
    for _ in 0..dice.of(5) {
        let things = toy.things();
        if things.is_empty() {
            return;
        }
        let thing = &things[dice.of(things.len())];
        let id = &thing.id;
        match (dice.of(6), thing.kind) {
            (0, _) => toy.tear_down(id),
            (1, "net" | "subnet" | "attachment" | "table" | "peer" | "door" | "wire" | "vault") => {
                let key = ["Name", "owner", "gcnet:spec", "gcnet:incarnation"][dice.of(4)];
                toy.by_hand(|things| drop(things.get_mut(id).unwrap().tags.remove(key)));
            }
            (2, "subnet" | "attachment" | "table" | "peer" | "door") => {
                toy.by_hand(|things| things.get_mut(id).unwrap().failed = true);
            }
            (3, "table") => {
                let Some(hub) = things.iter().find(|t| t.kind == "attachment") else { continue };
                let Some(route) = things.iter().find(|t| t.kind == "route") else { continue };
                let mut added = route.clone();
                added.id = format!("{id}|10.66");
                added.raw = json!({ "table": { "$id": id }, "to": "10.66", "via": { "$id": hub.id } });
                toy.by_hand(|things| drop(things.insert(added.id.clone(), added)));
            }
            (4, "table") => make_guest(toy, id, ["222", "666"][dice.of(2)], "10.6"),
            (_, "net") => toy.set(id, "dns", dice.chance()),
            (_, "subnet") => toy.set(id, "public", dice.chance()),
            (4, "attachment") => toy.set(id, "mode", "by hand"),
            (_, "table") => toy.set(id, "flavour", "by hand"),
            (_, "route") => {
                let hubs: Vec<_> = things.iter().filter(|t| t.kind == "attachment").collect();
                toy.set(id, "via", json!({ "$id": hubs[dice.of(hubs.len())].id }));
            }
            (_, "log") => toy.set(id, "days", 99),
            (4, "peer") => toy.set(id, "size", 99),
            (_, "peer") => toy.set(id, "via", json!(null)),
            (3, "guest") => remove_guest(toy, id),
            (_, "guest") => toy.set(id, "label", "by hand"),
            (_, "pass") => toy.set(id, "mode", "by hand"),
            (_, "offer") => offer(toy, "555", "stray"),
            (3, "door") => {
                let verdict = [Verdict::Asked, Verdict::Refused][dice.of(2)];
                toy.by_hand(|things| {
                    let door = things.get_mut(id).unwrap();
                    (door.verdict, door.raw["accepted"]) = (verdict, false.into());
                });
            }
            (_, "door") => toy.set(id, "speed", 9),
            (3 | 4, "vault") => toy.fade(id),
            (_, "vault") => toy.set(id, "open", false),
            (_, "wire") => toy.set(id, "guest", json!(null)),
            _ => {}
        }
    }
}

/// The laws of every plan.
fn check_order(plan: &Plan) {
    for (i, step) in plan.steps.iter().enumerate() {
        assert!(step.after.iter().all(|&earlier| earlier < i), "{}", render(plan));
        assert_eq!(step.want.is_some(), step.action != Action::Delete);
        assert_eq!(step.have.is_some(), step.action != Action::Create);
        if let Some(pair) = step.pair {
            assert_eq!((plan.steps[pair].pair, &plan.steps[pair].address), (Some(i), &step.address));
            let (first, second) = (i.min(pair), i.max(pair));
            assert!(plan.steps[second].after.contains(&first), "{}", render(plan));
        }
    }
}

/// Carried out one by one on a model of what is there, no step refers to what is not there or not to be used yet, and none
/// takes away what something uses or what is another party's.
fn check_model(owned: &[Owned], plan: &Plan) {
    // What they are removing themselves is only waited for.
    let is_going = |object: &Object| is_theirs(object) && object.state == State::Leaving;
    let counts = |o: &&Owned| !o.object.is_deleted() && !is_going(&o.object);
    let counting = owned.iter().filter(counts);
    let mut uses: BTreeMap<&str, Vec<Target>> =
        counting.map(|o| (o.object.id.as_str(), refs::collect(&o.object.raw))).collect();
    let unusable = |object: &Object| object.is_deleted() || matches!(object.state, State::Theirs { .. });
    let is_unusable = |id: &str| owned.iter().any(|o| o.object.id == id && unusable(&o.object));
    let mut there: BTreeSet<&Address> = plan.ids.iter().filter(|(_, id)| !is_unusable(id)).map(|(a, _)| a).collect();
    for step in &plan.steps {
        let wanted = step.want.iter().flat_map(|goal| refs::collect(&goal.want.spec));
        for target in wanted {
            if let Target::Address(to) = target {
                assert!(there.contains(&to), "{} refers to {to}:\n{}", step.address, render(plan));
            }
        }
        // With a role of theirs, an update of ours is all that it takes.
        let is_ours = plan.waiting.iter().all(|waiting| waiting.address != step.address);
        if step.action == Action::Create || (step.action == Action::Update && is_ours) {
            there.insert(&step.address);
        }
        let Some(have) = &step.have else { continue };
        uses.remove(have.id.as_str());
        if step.action == Action::Delete {
            assert!(!is_theirs(have) || is_request(have), "{}", render(plan));
            let used = Target::Id(have.id.clone());
            let user = uses.iter().find(|(_, uses)| uses.contains(&used));
            assert!(user.is_none(), "{user:?} uses {}:\n{}", have.id, render(plan));
        }
    }
    assert!(plan.unknown.iter().all(|o| is_theirs(&o.object)), "{}", render(plan));
}

/// Nobody takes what is protected but by saying so. What is of no use is not protected.
fn check_protection(plan: &Plan, wish: &Desired) {
    let taken = plan.steps.iter().filter(|step| step.action == Action::Delete).filter_map(|step| step.have.as_ref());
    let mut taken = taken.filter(|have| have.is_protected() && have.state == State::Ready);
    assert!(wish.include_protected || taken.next().is_none(), "{}", render(plan));
}

fn is_request(object: &Object) -> bool {
    KINDS.get(object.kind).unwrap().removal(object) == Ok(Removal::Refused)
}

fn is_theirs(object: &Object) -> bool {
    KINDS.get(object.kind).unwrap().is_theirs(&object.raw)
}

/// Plans, checks that the plan does not depend on luck, and carries it out. One run does all that is ours; then the others
/// do what they are asked, until nothing waits.
async fn reach(toy: &Toy, wish: &Desired, seed: usize) {
    let mut wish = wish.clone();
    for round in 0..16 {
        wish.ask_again = round > 2;
        wish.include_protected = round > 2;
        let observed = observe(&toy.fresh(), KINDS).await.unwrap();
        let mut owned = observed.for_wish(&wish).unwrap().to_vec();
        let first = plan(KINDS, &wish, &owned).unwrap();
        check_order(&first);
        check_model(&owned, &first);
        check_protection(&first, &wish);
        let middle = seed % (owned.len() + 1);
        owned.rotate_left(middle);
        owned[middle / 2..].reverse();
        assert_eq!(plan(KINDS, &wish, &owned).unwrap(), first);
        let (report, _) = run(toy, &first, &options(), &Stop::default()).await;
        assert!(report.is_success(), "{}\n{:#?}", render(&first), undone(&first, &report));
        tokio::time::advance(options().lag).await;
        let next = planned(toy, &wish).await.unwrap();
        if next.waiting.is_empty() && !report.is_waiting() {
            check_settled(toy, &wish).await;
            check_theirs_were_left(toy);
            return;
        }
        assert!(next.is_empty() || report.is_waiting(), "{}", render(&next));
        obey(toy, &next);
        tokio::time::advance(options().lag).await;
    }
    panic!("goes on for ever: {}", shown(toy, &wish).await);
}

fn simulate(scenario: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap().block_on(scenario);
}

/// A cloud where a first wish was applied and somebody worked on it.
async fn lived_in(before: &[u8], hand: &[u8]) -> Toy {
    let toy = Toy::default();
    reach(&toy, &wishes(before), 0).await;
    drift(&toy, hand);
    toy
}

proptest! {
    #[test]
    fn converges_whatever_was_there(before in bytes(), hand in bytes(), after in bytes(), seed in any::<usize>()) {
        simulate(async {
            let toy = lived_in(&before, &hand).await;
            reach(&toy, &wishes(&after), seed).await;
            reach(&toy, &nothing(), seed).await;
        });
    }

    /// The same wish again heals what was done by hand.
    #[test]
    fn heals(before in bytes(), hand in bytes(), seed in any::<usize>()) {
        simulate(async {
            let toy = lived_in(&before, &hand).await;
            reach(&toy, &wishes(&before), seed).await;
        });
    }

    #[test]
    fn converges_after_deaths(
        before in bytes(), hand in bytes(), after in bytes(),
        deaths in prop::collection::vec((1usize..30, any::<bool>()), 1..4),
    ) {
        simulate(async {
            let toy = lived_in(&before, &hand).await;
            for (write, executed) in deaths {
                toy.trouble_at(write, Trouble::Die { executed });
                let plan = planned(&toy, &wishes(&after)).await.unwrap();
                check_order(&plan);
                run_or_die(&toy, &plan).await;
                toy.calm();
                tokio::time::advance(options().lag).await;
            }
            reach(&toy, &wishes(&after), 0).await;
        });
    }

    #[test]
    fn converges_through_passing_trouble(
        before in bytes(), hand in bytes(), after in bytes(),
        lag in 0u64..15,
        slow in prop::sample::select(vec![
            "net", "subnet", "attachment", "table", "route", "peer", "door", "guest", "pass", "offer",
        ]),
        troubles in prop::collection::vec((1usize..40, 0usize..6), 0..12),
    ) {
        simulate(async {
            let toy = lived_in(&before, &hand).await;
            // What was done by hand is visible by now.
            tokio::time::advance(options().lag).await;
            toy.cloud().lag = Duration::from_secs(lag);
            toy.slow(slow, 45);
            for (i, (write, which)) in troubles.into_iter().enumerate() {
                // An update whose answer is lost four times over is given up, and rightly so.
                let which = if i < 3 { which } else { which % 4 };
                toy.trouble_at(write, [
                    Trouble::Refuse(Class::NotYet),
                    Trouble::Refuse(Class::NotFound),
                    Trouble::Refuse(Class::Throttled),
                    Trouble::Refuse(Class::Unreachable),
                    Trouble::Lose { executed: true },
                    Trouble::Lose { executed: false },
                ][which]);
            }
            reach(&toy, &wishes(&after), 0).await;
        });
    }
}
