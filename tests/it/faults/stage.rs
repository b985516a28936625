//! What runs are disturbed in: a scenario of a city, from one moment at which it is our move to the next. What a calm run does
//! from there is the reference, and every disturbed one begins at the same snapshot.

use std::time::Duration;

use gcnet::{blueprint, config::schema::Municipality};
use gcnet_core::Desired;
use gcnet_sandbox::{Call, ClockMode, Sandbox, Snapshot};

use super::content::Content;
use crate::{
    parties::{
        ca::{by_itself, only_theirs},
        story::{Story, changed},
    },
    support::{failures, planned, run, summary},
};

/// What is done to a city.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scenario {
    /// Everything is made; each time the others have moved, what they held.
    Create,
    /// Many things change in place: tags, links, names, logs, revocation.
    Change,
    /// The shared VPC gets another range: it is replaced, and all that lives in it.
    Move,
    /// Everything goes.
    Destroy,
    /// The authorities alone, with two levels: made, restored, issued anew, deleted.
    Authority,
}

impl Scenario {
    pub const ALL: [Scenario; 5] =
        [Scenario::Create, Scenario::Change, Scenario::Move, Scenario::Destroy, Scenario::Authority];

    pub fn name(self) -> &'static str {
        match self {
            Scenario::Create => "create",
            Scenario::Change => "change",
            Scenario::Move => "move",
            Scenario::Destroy => "destroy",
            Scenario::Authority => "authority",
        }
    }
}

/// See the module.
pub struct Stage {
    pub city: String,
    pub scenario: Scenario,
    /// Counts within the scenario.
    pub part: usize,
    pub municipality: Municipality,
    pub wish: Desired,
    pub start: Snapshot,
    pub before: Content,
    /// Of a calm run, its reads for the plan among them.
    pub calls: Vec<Call>,
    /// Calm runs until there is nothing left to do: two where what another party has allowed must be tried first.
    pub runs: usize,
    pub after: Content,
}

impl Stage {
    pub fn name(&self) -> String {
        format!("{} {}/{}", self.city, self.scenario.name(), self.part)
    }
}

/// What takes time of its own has ended by then: associations, tombstones.
pub const LATER: Duration = Duration::from_secs(3600);

/// Lines take ten minutes, which is some thirty looks.
const CLOCK: ClockMode = ClockMode::Stepped(Duration::from_secs(10));

/// An authority's key makes no difference to where a run dies, and RSA of 4096 bits makes hundreds of runs slow.
const SLOW_KEY: &str = "algorithm: RSA_4096, signing: SHA512WITHRSA";
const QUICK_KEY: &str = "algorithm: EC_prime256v1, signing: SHA256WITHECDSA";

/// Many things that change in place; each that a file has the text of. PREFIX is the first three numbers of the VPC's range.
pub const CHANGES: [(&str, &str); 9] = [
    ("retention_days: 365", "retention_days: 400"),
    ("  CostCenter: ", "  Section: network\n  CostCenter: "),
    ("    links: [juki]\n", "    links: [juki, hoken]\n"),
    ("role/network-operators\"", "role/network-operators\", \"arn:aws:iam::400000000001:role/night-shift\""),
    ("inbound: { endpoints: 1 }", "inbound: { ips: [PREFIX.40, PREFIX.56], protocols: [Do53, DoH] }"),
    ("[PREFIX.36, PREFIX.52] }", "[PREFIX.40, PREFIX.56] }"),
    ("{ name: koseki, type: A, ttl: 300,", "{ name: juminhyo, type: A, ttl: 60,"),
    (".0.12]\n", ".0.13]\n"),
    ("revocation: none", "revocation: { crl: { omit_distribution_point: true } }"),
];

/// The shared VPC elsewhere, with all addresses in it.
pub const MOVE: (&str, &str) = ("PREFIX.", "MOVED.");

/// The city's file with each change whose text it has; none for the city as it is.
pub fn edited(city: &str, changes: &[(&str, &str)]) -> Municipality {
    let path = format!("{}/municipalities/{city}.yaml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let range = text.split_once("shared_vpc:\n  cidr: !sample ").unwrap().1;
    let prefix = range.split_once(".0/24").unwrap().0;
    let moved = prefix.replace("10.210.", "10.250.");
    let fill = |text: &str| text.replace("PREFIX", prefix).replace("MOVED", &moved);
    let changes = changes.iter().chain([&(SLOW_KEY, QUICK_KEY)]);
    let filled: Vec<(String, String)> =
        changes.map(|(from, to)| (fill(from), fill(to))).filter(|(from, _)| text.contains(from.as_str())).collect();
    let filled: Vec<(&str, &str)> = filled.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
    changed(city, &filled)
}

/// The stages of some scenarios of a city, in order.
pub async fn stages(city: &str, scenarios: &[Scenario]) -> Vec<Stage> {
    let mut stages = vec![];
    if scenarios.iter().any(|scenario| *scenario != Scenario::Authority) {
        let story = Story::begin(edited(city, &[])).await;
        let made = settle(city, Scenario::Create, story, &mut stages).await;
        for scenario in scenarios {
            let file = match scenario {
                Scenario::Change => edited(city, &CHANGES),
                Scenario::Move => edited(city, &[MOVE]),
                Scenario::Destroy => edited(city, &[]),
                Scenario::Create | Scenario::Authority => continue,
            };
            let story = Story { municipality: file, sandbox: Sandbox::restore(&made, CLOCK, 0).await.unwrap() };
            settle(city, *scenario, story, &mut stages).await;
        }
    }
    if scenarios.contains(&Scenario::Authority) && city == "naruto" {
        authority(&mut stages).await;
    }
    stages.retain(|stage| scenarios.contains(&stage.scenario));
    stages
}

/// Our move, their move, until nobody owes anything; what there is then.
async fn settle(city: &str, scenario: Scenario, story: Story, stages: &mut Vec<Stage>) -> Snapshot {
    for part in 0..6 {
        let aws = story.aws().await;
        let wish = match scenario {
            Scenario::Destroy => story.nothing(),
            _ => story.wish(&aws).await,
        };
        let stage = calm(city, scenario, part, &story, wish.desired.clone()).await;
        let is_idle = !stage.calls.iter().any(|call| call.committed);
        if !is_idle {
            stages.push(stage);
        }
        let moves = match scenario {
            Scenario::Destroy => story.leave().await,
            _ => story.comply().await,
        };
        if is_idle && moves.iter().all(|step| step.outcome != gcnet::counterpart::Outcome::Done) {
            return story.sandbox.snapshot();
        }
    }
    panic!("{city} {}: {:#?}", scenario.name(), story.open().await);
}

/// One run that nothing disturbs.
async fn calm(city: &str, scenario: Scenario, part: usize, story: &Story, wish: Desired) -> Stage {
    let (sandbox, municipality) = (&story.sandbox, &story.municipality);
    let (start, before) = (sandbox.snapshot(), Content::of(sandbox, municipality));
    sandbox.clear_calls();
    let aws = story.aws().await;
    let (mut plan, mut runs, mut calls) = (planned(&aws, &wish).await, 0, vec![]);
    while runs == 0 || !summary(&plan).is_empty() {
        let report = run(&aws, &plan).await;
        let stage = format!("{city} {}/{part}", scenario.name());
        assert!(report.is_success() && runs < 2, "{stage}: {}{:#?}", failures(&plan, &report), summary(&plan));
        if runs == 0 {
            calls = sandbox.calls();
        }
        runs += 1;
        plan = planned(&aws, &wish).await;
    }
    sandbox.advance(LATER);
    let after = Content::of(sandbox, municipality);
    let (city, municipality) = (city.to_string(), municipality.clone());
    Stage { city, scenario, part, municipality, wish, start, before, calls, runs, after }
}

/// Two levels, lists of revoked certificates, and all that can become of them.
async fn authority(stages: &mut Vec<Stage>) {
    let file = |root: &str, subordinate: &str| {
        let key = "key: { algorithm: EC_prime256v1, signing: SHA256WITHECDSA, validity_years: YEARS }";
        let two = format!(
            "hierarchy: root-and-subordinate\n  subordinate:\n    subject: {{ common_name: Issuing CA, country: JP }}\n    {}",
            key.replace("YEARS", subordinate)
        );
        by_itself(&[
            ("key: { algorithm: RSA_4096, signing: SHA512WITHRSA, validity_years: 20 }", &key.replace("YEARS", root)),
            ("hierarchy: root-only", &two),
            ("revocation: none", "revocation: { crl: { omit_distribution_point: true } }"),
        ])
    };
    let story = Story::begin(file("20", "5")).await;
    let made = only_theirs(&story.municipality);
    let mut nothing = blueprint::nothing(&story.municipality);
    nothing.include_protected = true;
    let again = only_theirs(&file("15", "4"));
    for (part, wish) in [made.clone(), nothing.clone(), made, again, nothing].into_iter().enumerate() {
        stages.push(calm("naruto", Scenario::Authority, part, &story, wish).await);
    }
}
