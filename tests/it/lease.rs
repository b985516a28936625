//! Leases in the parameter of an AWS that is simulated call by call: races in seeded orders, reads that lag, answers that are
//! lost, and roles that may no more than they need.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use futures::future::join_all;
use gcnet::blueprint;
use gcnet_aws::{Aws, lease::LeaseParameter};
use gcnet_core::{
    Class, Failure, Poll, Stack, Tags,
    lease::{self, End, Holder, Lease, LeaseError, Register, Terms},
};
use gcnet_sandbox::{Effect, Fault, Matcher, ReadLag, Sandbox, When};
use tokio::sync::oneshot;

use crate::support::{city, connect, empty_sandbox, planned, run};

/// By the sandbox's clock, which every request moves on by two seconds.
pub(crate) const TERMS: Terms = Terms {
    lasts: Duration::from_secs(1800),
    every: Duration::from_millis(600),
    gives_up: Duration::from_secs(20),
    poll: Poll { first: Duration::from_millis(2), max: Duration::from_millis(20) },
    patience: Duration::from_secs(5),
    alone: false,
};

pub(crate) fn me(run: &str) -> Holder {
    let (command, owner, host) = ("apply".into(), "arn:aws:iam::1:user/x".into(), "host".into());
    Holder { run: run.into(), command, owner, host, process: 1, since: 0, heartbeat: 0, expires: 0 }
}

fn parameter(aws: &Aws) -> LeaseParameter {
    LeaseParameter::new(aws.clone(), &Stack::new("naruto", "prod"), &Tags::new())
}

async fn after_a_death() -> (Sandbox, LeaseParameter) {
    let sandbox = empty_sandbox(|_| {}).await;
    let parameter = parameter(&connect(&sandbox, &city("naruto")).await);
    drop(Lease::take(parameter.clone(), TERMS, me("dead")).await.unwrap());
    sandbox.advance(TERMS.lasts);
    (sandbox, parameter)
}

/// Calls wait here until all who can call do; then the seed says whose goes first.
#[derive(Default)]
struct Gate {
    waiting: Vec<(String, oneshot::Sender<()>)>,
    active: usize,
    seed: u64,
}

#[derive(Clone)]
struct Gated {
    parameter: LeaseParameter,
    who: String,
    gate: Arc<Mutex<Gate>>,
}

impl Gated {
    async fn call<T>(&self, call: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        let (go, turn) = oneshot::channel();
        {
            let mut gate = self.gate.lock().unwrap();
            gate.waiting.push((self.who.clone(), go));
            gate.next();
        }
        turn.await.unwrap();
        let done = call.await;
        self.gate.lock().unwrap().active += 1;
        done
    }

    fn leave(&self) {
        let mut gate = self.gate.lock().unwrap();
        gate.active -= 1;
        gate.next();
    }
}

impl Gate {
    /// Lets one through when nobody else is about to call.
    fn next(&mut self) {
        if self.waiting.len() < self.active || self.waiting.is_empty() {
            return;
        }
        self.waiting.sort_by(|a, b| a.0.cmp(&b.0));
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (_, go) = self.waiting.remove((self.seed >> 33) as usize % self.waiting.len());
        self.active -= 1;
        go.send(()).unwrap();
    }
}

impl Register for Gated {
    async fn read(&self) -> Result<Option<(u64, String)>, Failure> {
        self.call(self.parameter.read()).await
    }

    async fn read_version(&self, version: u64) -> Result<Option<String>, Failure> {
        self.call(self.parameter.read_version(version)).await
    }

    async fn create(&self, text: &str) -> Result<u64, Failure> {
        self.call(self.parameter.create(text)).await
    }

    async fn overwrite(&self, text: &str) -> Result<u64, Failure> {
        self.call(self.parameter.overwrite(text)).await
    }

    async fn remove(&self) -> Result<(), Failure> {
        self.call(self.parameter.remove()).await
    }

    fn now(&self) -> i64 {
        self.parameter.now()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_racing_takers_one_wins_in_every_seeded_order() {
    for seed in 0..20 {
        let (sandbox, parameter) = after_a_death().await;
        if seed % 2 == 1 {
            sandbox.set_read_lag(ReadLag::UpTo(Duration::from_secs(60)));
        }
        let gate = Arc::new(Mutex::new(Gate { active: 3, seed, ..Gate::default() }));
        let takers = ["a", "b", "c"].map(|who| {
            let gated = Gated { parameter: parameter.clone(), who: who.into(), gate: gate.clone() };
            async move {
                let took = Lease::take(gated.clone(), TERMS, me(who)).await;
                gated.leave();
                took.map(|lease| lease.holder().run.clone())
            }
        });
        let took = join_all(takers).await;
        let winners: Vec<&String> = took.iter().flatten().collect();
        assert_eq!(winners.len(), 1, "seed {seed}: {took:?}");
        for refused in took.iter().filter_map(|took| took.as_ref().err()) {
            assert!(matches!(refused, LeaseError::Held(holder) if holder.run == *winners[0]), "seed {seed}: {took:?}");
        }
    }
}

/// Whatever happens to any one call: it is taken, kept and given back, or the run knows that it has none.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_lost_is_looked_for() {
    let mut cases = 0;
    for operation in ["GetParameter", "PutParameter"] {
        for effect in [
            Effect::Drop(When::BeforeExecution),
            Effect::Drop(When::AfterExecution),
            Effect::ServerError(When::BeforeExecution),
            Effect::ServerError(When::AfterExecution),
            Effect::Throttle,
        ] {
            let sandbox = empty_sandbox(|_| {}).await;
            let parameter = parameter(&connect(&sandbox, &city("naruto")).await);
            let strike = || sandbox.inject(Fault::once(Matcher::operation(operation), effect.clone()));
            strike();
            let lease = Lease::take(parameter.clone(), TERMS, me("a")).await.unwrap();
            let taken = sandbox.calls().len();
            strike();
            let kept = lease.keep(|lost| panic!("{lost:?}"));
            // One heartbeat that fails, and the one after it.
            let other = async {
                loop {
                    let beats = sandbox.calls().split_off(taken).into_iter().filter(|call| call.committed).count();
                    let refused = Lease::take(parameter.clone(), TERMS, me("b")).await;
                    assert!(matches!(refused, Err(LeaseError::Held(holder)) if holder.run == "a"));
                    if beats > 0 {
                        break;
                    }
                    tokio::task::yield_now().await;
                }
            };
            tokio::time::timeout(Duration::from_secs(20), other).await.unwrap();
            sandbox.clear_faults();
            strike();
            kept.release(End::Free).await.unwrap();
            assert_eq!(lease::holder(&parameter).await.unwrap(), None, "{operation} {effect:?}");
            cases += 1;
        }
    }
    assert_eq!(cases, 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_that_is_lost_removes_nothing_of_others() {
    let sandbox = empty_sandbox(|_| {}).await;
    let parameter = parameter(&connect(&sandbox, &city("naruto")).await);
    for when in [When::BeforeExecution, When::AfterExecution] {
        let lease = Lease::take(parameter.clone(), TERMS, me("a")).await.unwrap();
        sandbox.inject(Fault::once(Matcher::operation("DeleteParameter"), Effect::Drop(when)));
        lease.keep(|_| {}).release(End::Remove).await.unwrap();
        assert_eq!(sandbox.everything("100000000002"), []);
    }
    let deletions = sandbox.calls().into_iter().filter(|call| call.operation == "DeleteParameter" && call.committed);
    assert_eq!(deletions.count(), 2, "what was gone was not removed again");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_may_have_the_lease_that_it_needs() {
    let naruto = crate::roles::naruto();
    let sandbox = empty_sandbox(|options| options.enforce_policies = true).await;
    let ours = connect(&sandbox, &naruto).await;
    let desired = blueprint::wish(&naruto).desired;
    // The roles are made, whatever else is not without the companies.
    run(&ours, &planned(&ours, &desired).await).await;
    sandbox.advance(Duration::from_secs(60));
    let stack = blueprint::stack(&naruto);
    let of = async |role: &str, stack: &Stack| {
        LeaseParameter::new(crate::roles::assume(&sandbox, &naruto, role).await, stack, &Tags::new())
    };
    for (role, end) in [("apply", End::Free), ("destroy", End::Remove)] {
        let lease = Lease::take(of(role, &stack).await, TERMS, me(role)).await.unwrap();
        lease.keep(|lost| panic!("{lost:?}")).release(end).await.unwrap();
    }
    let denied = |took: Result<Lease<LeaseParameter>, LeaseError>| match took {
        Err(LeaseError::Call(failure)) => assert_eq!(failure.class, Class::Denied, "{failure:?}"),
        other => panic!("{other:?}"),
    };
    denied(Lease::take(of("plan", &stack).await, TERMS, me("plan")).await);
    denied(Lease::take(of("apply", &Stack::new("itano", "prod")).await, TERMS, me("apply")).await);
    let lease = Lease::take(of("apply", &stack).await, TERMS, me("apply")).await.unwrap();
    let refused = lease.keep(|_| {}).release(End::Remove).await.unwrap_err();
    assert_eq!(refused.permission.as_deref(), Some("ssm:DeleteParameter"));
}
