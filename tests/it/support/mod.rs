//! A municipality, a sandbox and the engine, put together as the command line does it.

use std::{path::Path, time::Duration};

use gcnet::{
    blueprint::{self, Wish},
    config::{
        Fleet,
        schema::{Credentials, Municipality},
    },
    counterpart::{self, Answer, Move},
    handshake::{self, Handshake, Stage},
};
use gcnet_aws::{Access, Aws, Connection, KINDS, OtherAccount, Role, StaticCredentials};
use gcnet_core::{Desired, Options, Outcome, Plan, Poll, Report, Stop, World, apply, observe, plan};
use gcnet_sandbox::{ClockMode, Sandbox};

/// The nine files.
pub fn fleet() -> Fleet {
    Fleet::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("municipalities")).unwrap()
}

/// One of the nine.
pub fn city(name: &str) -> Municipality {
    fleet().city(name).unwrap().config.clone()
}

/// What a file asks for.
pub fn wish(municipality: &Municipality) -> Desired {
    blueprint::wish(municipality).desired
}

/// An AWS in which every request moves time on by two seconds: what a run sees depends on its calls alone.
pub async fn sandbox() -> Sandbox {
    sandbox_with(|_| {}).await
}

/// The same, with other options.
pub async fn sandbox_with(change: impl FnOnce(&mut gcnet_sandbox::Options)) -> Sandbox {
    let mut options = gcnet_sandbox::Options {
        clock: ClockMode::Stepped(Duration::from_secs(2)),
        ..gcnet_sandbox::Options::default()
    };
    change(&mut options);
    Sandbox::start(options).await.unwrap()
}

/// A new process's view of the municipality's network account.
pub async fn connect(sandbox: &Sandbox, municipality: &Municipality) -> Aws {
    connect_to(sandbox.endpoint(), municipality).await
}

/// The same, at any endpoint.
pub async fn connect_to(endpoint: String, municipality: &Municipality) -> Aws {
    let account = municipality.accounts.network.id.to_string();
    let access = Access { fixed: Some(StaticCredentials { key_id: account.clone() }), ..Access::default() };
    let region = municipality.region.value.as_str().into();
    let others = municipality.accounts.others.values().filter_map(|other| match &other.credentials {
        Credentials::AssumeRole(assumed) => Some(OtherAccount {
            account: other.id.to_string(),
            role: Role {
                arn: assumed.role.to_string(),
                external_id: assumed.external_id.as_ref().map(ToString::to_string),
                session_name: "gcnet-test".into(),
            },
        }),
        Credentials::None => None,
    });
    let others = others.collect();
    Aws::connect(&Connection { region, account, endpoint: Some(endpoint), access, others }).await
}

/// Quick polls: the sandbox's time does not pass by waiting.
pub fn options() -> Options {
    Options {
        parallelism: 8,
        poll: Poll { first: Duration::from_millis(1), max: Duration::from_millis(4) },
        lag: Duration::from_millis(100),
        recheck: Duration::ZERO,
        visibility: Duration::from_secs(2),
    }
}

/// Reads everything and plans.
pub async fn planned(aws: &Aws, desired: &Desired) -> Plan {
    let observed = observe(&aws.fresh(), KINDS).await.unwrap();
    plan(KINDS, desired, &observed.for_wish(desired).unwrap()).unwrap()
}

/// Plans and applies; every step must end well.
pub async fn converge(aws: &Aws, desired: &Desired) -> Plan {
    let plan = planned(aws, desired).await;
    let report = run(aws, &plan).await;
    assert!(report.is_success(), "{}", failures(&plan, &report));
    plan
}

/// Applies, however it ends.
pub async fn run(aws: &Aws, plan: &Plan) -> Report {
    apply(aws, KINDS, plan, &options(), &Stop::default(), &|_| {}).await
}

/// What did not end well, for a message.
pub fn failures(plan: &Plan, report: &Report) -> String {
    let bad = plan.steps.iter().zip(&report.outcomes).filter(|(_, o)| !matches!(o, Outcome::Done { .. }));
    bad.map(|(step, outcome)| format!("{:?} {}: {outcome:?}\n", step.action, step.address)).collect()
}

/// `+ vpc/shared`, one line a step.
pub fn summary(plan: &Plan) -> Vec<String> {
    let mark = |action| match action {
        gcnet_core::Action::Create => '+',
        gcnet_core::Action::Update => '~',
        gcnet_core::Action::Delete => '-',
    };
    plan.steps.iter().map(|step| format!("{} {}", mark(step.action), step.address)).collect()
}

/// What is left of ours in an account: nothing, after a destruction.
pub fn ours(sandbox: &Sandbox, municipality: &Municipality) -> Vec<String> {
    let account = municipality.accounts.network.id.to_string();
    let ours = sandbox.everything(&account).into_iter();
    let mut left: Vec<String> = ours
        .filter(|resource| {
            resource.tags.contains_key(gcnet_core::identity::MUNICIPALITY) || resource.id.contains("/gcnet/")
        })
        .map(|resource| format!("{} {}", resource.kind, resource.id))
        .collect();
    left.sort();
    left
}

/// All accounts that the file names in one organisation that shares without asking.
pub fn unite(sandbox: &Sandbox, municipality: &Municipality) {
    let others = municipality.accounts.others.values().map(|other| other.id.to_string());
    let accounts = others.chain([municipality.accounts.network.id.to_string()]).collect();
    sandbox.set_organizations(gcnet_sandbox::Organizations(vec![accounts]));
}

/// What others owe after a look at what is live.
pub async fn handshakes(aws: &Aws, wish: &Wish) -> Vec<Handshake> {
    handshake::all(&planned(aws, &wish.desired).await, wish)
}

/// The other parties make all moves that they are asked for now.
pub async fn answer(sandbox: &Sandbox, municipality: &Municipality, wish: &Wish) -> Vec<Move> {
    counterpart::furnish(sandbox, municipality).unwrap();
    let asked = handshakes(&connect(sandbox, municipality).await, wish).await;
    let moves = counterpart::play(sandbox, municipality, &asked, None, Answer::Comply).unwrap();
    let failed: Vec<&Move> =
        moves.iter().filter(|step| matches!(step.outcome, counterpart::Outcome::Failed(_))).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    moves
}

/// Handshakes that are not done, but for lines that are not open yet.
pub fn open(handshakes: &[Handshake]) -> Vec<String> {
    let waits = |handshake: &&Handshake| {
        handshake.stage != Stage::Done && !handshake.asks.iter().any(|ask| ask.action == "open-line")
    };
    let line = |handshake: &Handshake| {
        let asks: Vec<&str> = handshake.asks.iter().map(|ask| ask.action.as_str()).collect();
        format!("{} {:?} {}", handshake.address, handshake.stage, asks.join(" "))
    };
    handshakes.iter().filter(waits).map(line).collect()
}
