//! What every test goes through: a town to wish for, and checks that hold for every run.

use std::{collections::BTreeSet, fmt::Write, sync::Mutex, time::Duration};

use super::{
    kinds::{Assoc, Attachment, KINDS, Log, Net, Peer, Route, Subnet, Table},
    world::{Toy, Trouble},
};
use crate::{
    Action, Ask, Cause, Desired, Effect, Event, Options, Outcome, Owned, Party, Plan, PlanError, Poll, Ref, Report,
    Stack, Stop, Tags, Waiting, Why, apply, observe, plan,
};

pub fn stack() -> Stack {
    Stack::new("naruto", "prod")
}

/// Nothing wished: the stack is to go.
pub fn nothing() -> Desired {
    Desired::new(stack(), Tags::new())
}

/// A stack with one of everything.
#[derive(Clone, Debug)]
pub struct Town {
    pub stack: Stack,
    pub tags: Tags,
    pub cidr: &'static str,
    pub dns: bool,
    pub note: Option<&'static str>,
    /// Name and whether it is public.
    pub subnets: Vec<(&'static str, bool)>,
    pub mode: &'static str,
    pub flavour: &'static str,
    pub routes: Vec<&'static str>,
    pub days: u32,
    pub size: u32,
}

impl Default for Town {
    fn default() -> Self {
        Town {
            stack: stack(),
            tags: Tags::from([("owner".into(), "city".into())]),
            cidr: "10.1",
            dns: true,
            note: None,
            subnets: vec![("a", false), ("b", true)],
            mode: "plain",
            flavour: "plain",
            routes: vec!["10.8", "10.9"],
            days: 7,
            size: 1,
        }
    }
}

impl Town {
    pub fn wish(&self) -> Desired {
        let mut d = Desired::new(self.stack.clone(), self.tags.clone());
        let net =
            d.add("main", Net { cidr: self.cidr.into(), dns: self.dns, note: self.note.map(Into::into), log: None });
        let table = d.add("main", Table { net: net.clone(), flavour: self.flavour.into() });
        let mut subnets = BTreeSet::new();
        for (name, public) in &self.subnets {
            let cidr = format!("{}.{name}", self.cidr);
            let subnet = d.add(name, Subnet { net: net.clone(), cidr, public: *public });
            d.add("", Assoc { subnet: subnet.clone(), table: table.clone() });
            subnets.insert(subnet);
        }
        let hub = d.add("hub", Attachment { net, subnets, mode: self.mode.into() });
        for to in &self.routes {
            d.add("", Route { table: table.clone(), to: (*to).into(), via: hub.clone() });
        }
        d.add("flow", Log { days: self.days });
        let p = d.add("p", Peer { size: self.size, via: Some(hub), others: BTreeSet::new() });
        d.add("q", Peer { size: 1, via: None, others: [p].into() });
        d
    }
}

/// A town that is built and settled.
pub async fn built(town: &Town) -> Toy {
    let toy = Toy::default();
    check_apply(&toy, &town.wish()).await;
    toy.reset();
    toy
}

pub fn options() -> Options {
    Options {
        parallelism: 8,
        poll: Poll { first: Duration::from_secs(1), max: Duration::from_secs(10) },
        lag: Duration::from_secs(15),
        recheck: Duration::ZERO,
        rivals: Duration::ZERO,
        run: String::new(),
        visibility: Duration::from_secs(300),
    }
}

pub async fn planned(toy: &Toy, wish: &Desired) -> Result<Plan, PlanError> {
    let observed = observe(&crate::World::fresh(toy), KINDS).await.unwrap();
    plan(KINDS, wish, &observed.for_wish(wish)?)
}

/// Plans, renders and compares nothing: for snapshots.
pub async fn shown(toy: &Toy, wish: &Desired) -> String {
    match planned(toy, wish).await {
        Ok(plan) => render(&plan),
        Err(error) => format!("refused: {error}"),
    }
}

pub async fn run(toy: &Toy, plan: &Plan, options: &Options, stop: &Stop) -> (Report, Vec<Event>) {
    let events = Mutex::new(vec![]);
    let report = apply(toy, KINDS, plan, options, stop, &|event| events.lock().unwrap().push(event)).await;
    (report, events.into_inner().unwrap())
}

pub async fn converge(toy: &Toy, wish: &Desired) -> Report {
    let plan = planned(toy, wish).await.unwrap();
    let (report, _) = run(toy, &plan, &options(), &Stop::default()).await;
    // Whatever comes next sees what was done.
    tokio::time::advance(options().lag).await;
    report
}

/// A run ends well, the next plan is empty, and there is exactly what is wished: no twins, no orphans.
pub async fn check_apply(toy: &Toy, wish: &Desired) {
    let report = converge(toy, wish).await;
    assert!(report.is_success(), "{report:#?}");
    check_settled(toy, wish).await;
}

/// Nothing is left to do, for nobody; and nothing of ours is there that is not wished.
pub async fn check_settled(toy: &Toy, wish: &Desired) {
    let next = planned(toy, wish).await.unwrap();
    assert!(next.is_empty() && next.waiting.is_empty(), "not settled:\n{}", render(&next));
    let observed = observe(&crate::World::fresh(toy), KINDS).await.unwrap();
    let owned = observed.for_wish(wish).unwrap();
    let there = owned.iter().filter(|owned| !owned.object.is_deleted()).count();
    assert_eq!(there - next.unknown.len(), wish.wants().len(), "{:#?}", toy.things());
    let there = |stack| observed.of(stack).unwrap().iter().filter(|owned| !owned.object.is_deleted()).count();
    let all: usize = observed.stacks().map(there).sum();
    let offers = toy.things().iter().filter(|thing| thing.kind == "offer").count();
    assert_eq!(all + offers, toy.things().len(), "orphans: {:#?}", toy.things());
}

/// Carries a plan out until the process dies; `None` when it did.
pub async fn run_or_die(toy: &Toy, plan: &Plan) -> Option<Report> {
    let (options, stop) = (options(), Stop::default());
    tokio::select! {
        biased;
        () = toy.died() => None,
        report = apply(toy, KINDS, plan, &options, &stop, &|_| {}) => Some(report),
    }
}

/// Dies at every single write of a run, before it and after it took effect; a plain second run must converge.
/// Answers at how many writes.
pub async fn check_crash_everywhere(from: Option<&Desired>, to: &Desired, prepare: impl Fn(&Toy)) -> usize {
    for n in 1.. {
        let mut died = false;
        for executed in [false, true] {
            let toy = Toy::default();
            if let Some(from) = from {
                check_apply(&toy, from).await;
            }
            prepare(&toy);
            toy.trouble_at(n, Trouble::Die { executed });
            let plan = planned(&toy, to).await.unwrap();
            died = run_or_die(&toy, &plan).await.is_none();
            toy.calm();
            tokio::time::advance(options().lag).await;
            let report = converge(&toy, to).await;
            assert!(report.is_success(), "after death at write {n} (executed: {executed}): {report:#?}");
            check_settled(&toy, to).await;
        }
        if !died {
            return n - 1;
        }
    }
    unreachable!()
}

/// One line a step: place, action, address, reason, changes (`!` forces a replacement), and what it waits for.
pub fn render(plan: &Plan) -> String {
    let mut text = String::new();
    for (i, step) in plan.steps.iter().enumerate() {
        let sign = match step.action {
            Action::Create => '+',
            Action::Update => '~',
            Action::Delete => '-',
        };
        write!(text, "{i:>2} {sign} {} ({})", step.address, reason(&step.why)).unwrap();
        for change in step.changes.iter().filter(|_| step.action != Action::Delete) {
            let force = if change.effect == Effect::Replace { "!" } else { "" };
            match change.field.as_str() {
                "tags.gcnet:spec" => text.push_str(" tags.gcnet:spec"),
                field => write!(text, " {field}{force}: {} -> {}", change.before, change.after).unwrap(),
            }
        }
        let after: Vec<String> = step.after.iter().map(usize::to_string).collect();
        writeln!(text, "{}{}", if after.is_empty() { "" } else { " <- " }, after.join(" ")).unwrap();
    }
    writeln!(text, "{} unchanged", plan.unchanged.len()).unwrap();
    for Waiting { address, id, asks, holds } in &plan.waiting {
        let asks: Vec<String> = asks.iter().map(ask).collect();
        let holds: Vec<_> = holds.iter().map(crate::Address::as_str).collect();
        let held = if holds.is_empty() { String::new() } else { format!(" holds {}", holds.join(" ")) };
        writeln!(text, "? {address} {}: {}{held}", id.as_deref().unwrap_or("-"), asks.join(", then ")).unwrap();
    }
    for Owned { address, object } in &plan.unknown {
        writeln!(text, "unknown {address} {}", object.id).unwrap();
    }
    text
}

fn ask(ask: &Ask) -> String {
    let Ask { party, action, refused, since, calls, differs } = ask;
    let party = match party {
        Party::Account(account) => account,
        Party::Operator => "operator",
        Party::Outsider => "outsider",
    };
    let calls: Vec<String> = calls.iter().map(|call| format!("{}{}", call.operation, call.input)).collect();
    let since = since.as_ref().map(|since| format!(" since {since}")).unwrap_or_default();
    let refused = if *refused { " (refused)" } else { "" };
    let differs = differs.as_ref().map(|differs| format!(" {} is {}", differs.wish, differs.live)).unwrap_or_default();
    format!("{party} {action}{refused}{since}{differs} [{}]", calls.join(" "))
}

fn reason(why: &Why) -> String {
    let who = |cause: &Cause| format!("{cause:?}").to_lowercase();
    match why {
        Why::Attempt => "attempt".into(),
        Why::Missing => "missing".into(),
        Why::Differs { cause } => who(cause),
        Why::Replaced { cause, fields, follows } => {
            let follows: Vec<_> = follows.iter().map(crate::Address::as_str).collect();
            format!("replaced, {}: [{}] [{}]", who(cause), fields.join(" "), follows.join(" "))
        }
        Why::Broken { state } => format!("broken: {state}"),
        Why::Unfinished => "unfinished".into(),
        Why::Withdrawn => "withdrawn".into(),
        Why::Restored { until } => format!("restored, until {}", until.as_deref().unwrap_or("-")),
        Why::NotDesired => "not desired".into(),
        Why::Unanswered { on } => format!("unanswered, on {on}"),
    }
}

/// One line an outcome, for those that are not done.
pub fn undone(plan: &Plan, report: &Report) -> Vec<String> {
    let named = plan.steps.iter().zip(&report.outcomes);
    let undone = named.filter_map(|(step, outcome)| {
        let what = match outcome {
            Outcome::Done { .. } => return None,
            Outcome::Failed { error } => format!("failed: {error}"),
            Outcome::Skipped { because_of } => format!("skipped: {}", plan.steps[*because_of].address),
            Outcome::Theirs { .. } => "theirs".into(),
            Outcome::Held { because_of } => format!("held: {}", plan.steps[*because_of].address),
            Outcome::NotStarted => "not started".into(),
        };
        Some(format!("{:?} {} {what}", step.action, step.address))
    });
    undone.collect()
}

/// The peer of this name, for wishes that need only one.
pub fn peer(name: &str) -> Ref<Peer> {
    Ref::to(name)
}
