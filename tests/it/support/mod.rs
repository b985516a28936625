//! A municipality, a sandbox and the engine, put together as the command line does it.

pub mod dice;

use std::{path::Path, time::Duration};

use gcnet::{
    blueprint,
    config::{
        Fleet,
        schema::{Credentials, Municipality},
    },
    counterpart,
};
use gcnet_aws::{Access, Aws, Connection, KINDS, OtherAccount, Pace, Role, StaticCredentials, Timing};
use gcnet_core::{Desired, Options, Outcome, Plan, Poll, Report, Stop, World, apply, observe, plan};
use gcnet_sandbox::{ClockMode, Organizations, Sandbox};

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

/// Nothing, protected or not.
pub fn nothing(municipality: &Municipality) -> Desired {
    let mut nothing = blueprint::nothing(municipality);
    nothing.include_protected = true;
    nothing
}

/// An AWS in which every request moves time on by two seconds: what a run sees depends on its calls alone. As on the
/// command line, the companies of the nine files are there, in one organisation that shares without asking.
pub async fn sandbox() -> Sandbox {
    sandbox_with(|_| {}).await
}

/// The same, with other options.
pub async fn sandbox_with(change: impl FnOnce(&mut gcnet_sandbox::Options)) -> Sandbox {
    let sandbox = empty_sandbox(change).await;
    let fleet = fleet();
    let cities: Vec<&Municipality> = fleet.cities().map(|city| &city.config).collect();
    furnish(&sandbox, &cities);
    sandbox
}

/// The same with the companies of one file, which takes less time.
pub async fn sandbox_of(municipality: &Municipality) -> Sandbox {
    let sandbox = empty_sandbox(|_| {}).await;
    furnish(&sandbox, &[municipality]);
    sandbox
}

fn furnish(sandbox: &Sandbox, cities: &[&Municipality]) {
    sandbox.set_organizations(Organizations(vec![cities.iter().flat_map(|city| accounts(city)).collect()]));
    cities.iter().for_each(|city| counterpart::furnish(sandbox, city).unwrap());
    sandbox.clear_calls();
}

/// An AWS in which nobody is.
pub async fn empty_sandbox(change: impl FnOnce(&mut gcnet_sandbox::Options)) -> Sandbox {
    let clock = ClockMode::Stepped(Duration::from_secs(2));
    let mut options = gcnet_sandbox::Options { clock, ..gcnet_sandbox::Options::default() };
    change(&mut options);
    Sandbox::start(options).await.unwrap()
}

/// All accounts of a file.
pub fn accounts(municipality: &Municipality) -> Vec<String> {
    let others = municipality.accounts.others.values().map(|other| other.id.to_string());
    others.chain([municipality.accounts.network.id.to_string()]).collect()
}

/// A new process's view of the municipality's network account.
pub async fn connect(sandbox: &Sandbox, municipality: &Municipality) -> Aws {
    connect_to(sandbox.endpoint(), municipality).await
}

/// The same, at any endpoint.
pub async fn connect_to(endpoint: String, municipality: &Municipality) -> Aws {
    Aws::connect(&connection(endpoint, municipality)).await
}

/// The same, as fast or slow as is asked for.
pub async fn connect_at(pace: Pace, endpoint: String, municipality: &Municipality) -> Aws {
    Aws::connect(&Connection { pace, ..connection(endpoint, municipality) }).await
}

/// To the municipality's network account, at once and without sparing anybody.
pub fn connection(endpoint: String, municipality: &Municipality) -> Connection {
    let account = municipality.accounts.network.id.to_string();
    let access = Access { fixed: Some(StaticCredentials { key_id: account.clone() }), ..Access::default() };
    let region = municipality.region.value.as_str().into();
    let (others, pace) = (other_accounts(municipality), Pace::Unlimited);
    // The sandbox is as well off a moment later as a second later.
    let timing = Timing { backoff: Duration::from_millis(1), ..Timing::default() };
    Connection { region, account, endpoint: Some(endpoint), access, others, pace, timing }
}

/// The companies that gave us a role.
pub fn other_accounts(municipality: &Municipality) -> Vec<OtherAccount> {
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
    others.collect()
}

/// Quick polls: the sandbox's time does not pass by waiting.
pub fn options() -> Options {
    Options {
        parallelism: 8,
        poll: Poll { first: Duration::from_millis(1), max: Duration::from_millis(4) },
        lag: Duration::from_millis(100),
        recheck: Duration::ZERO,
        rivals: Duration::ZERO,
        run: String::new(),
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

/// `+ vpc/shared`, one line a step but for what is only tried.
pub fn summary(plan: &Plan) -> Vec<String> {
    let mark = |action| match action {
        gcnet_core::Action::Create => '+',
        gcnet_core::Action::Update => '~',
        gcnet_core::Action::Delete => '-',
    };
    let to_do = plan.steps.iter().filter(|step| !step.is_attempt());
    to_do.map(|step| format!("{} {}", mark(step.action), step.address)).collect()
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
