//! One municipality, its companies, and whose move it is.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    time::Duration,
};

use gcnet::{
    blueprint::{self, Wish},
    config::{Fleet, Purpose, Severity, schema::Municipality, source::Source},
    counterpart::{self, Answer, Move},
    handshake::{self, Handshake, Stage},
};
use gcnet_aws::Aws;
use gcnet_core::{Ask, Plan, Report};
use gcnet_sandbox::{ApiCall, ApiError, ClockMode, Organizations, Sandbox};
use serde_json::{Value, json};

use crate::support::{accounts, connect, empty_sandbox, failures, ours, planned, run, summary};

/// Where the nine are.
pub const TOKYO: &str = "ap-northeast-1";

/// A municipality in a sandbox of its own.
pub struct Story {
    pub municipality: Municipality,
    pub sandbox: Sandbox,
}

/// One of the nine files with changes; each text must be there. The file that comes of it has no mistakes.
pub fn changed(name: &str, changes: &[(&str, &str)]) -> Municipality {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("municipalities").join(format!("{name}.yaml"));
    let mut text = std::fs::read_to_string(path).unwrap();
    for (from, to) in changes {
        assert!(text.contains(from), "{name}: {from}");
        text = text.replace(from, to);
    }
    let fleet = Fleet::from_sources(vec![Source::new(format!("{name}.yaml"), text)]);
    let city = fleet.city(name).unwrap_or_else(|error| panic!("{error:#?}"));
    let mut mistakes = fleet.check_city(city, Purpose::Sandbox);
    mistakes.retain(|finding| finding.severity == Severity::Error);
    assert!(mistakes.is_empty(), "{mistakes:#?}");
    city.config.clone()
}

/// In place of `owner: COMPANY,`: the company gave us a role in its account.
pub fn role_of(company: &str, account: &str) -> String {
    format!(
        "owner: {company}, credentials: {{ assume-role: {{ role: \"arn:aws:iam::{account}:role/network/gcnet\", \
         external_id: gcnet-2026 }} }},"
    )
}

impl Story {
    /// Everybody in one organisation that shares without asking.
    pub async fn begin(municipality: Municipality) -> Self {
        let story = Story::apart(municipality).await;
        story.sandbox.set_organizations(Organizations(vec![accounts(&story.municipality).into_iter().collect()]));
        story
    }

    /// As [`begin`](Self::begin), where sessions of roles may do what their policies allow, and no more.
    pub async fn enforcing(municipality: Municipality) -> Self {
        let story = Story::with(municipality, |options| options.enforce_policies = true).await;
        story.sandbox.set_organizations(Organizations(vec![accounts(&story.municipality).into_iter().collect()]));
        story
    }

    /// Nobody in any organisation.
    pub async fn apart(municipality: Municipality) -> Self {
        Story::with(municipality, |_| {}).await
    }

    async fn with(municipality: Municipality, change: impl FnOnce(&mut gcnet_sandbox::Options)) -> Self {
        // Lines take ten minutes, which is some thirty looks.
        let quick = ClockMode::Stepped(Duration::from_secs(10));
        let sandbox = empty_sandbox(|options| {
            options.clock = quick;
            change(options);
        })
        .await;
        counterpart::furnish(&sandbox, &municipality).unwrap();
        Story { municipality, sandbox }
    }

    /// The id of the network account.
    pub fn account(&self) -> String {
        self.municipality.accounts.network.id.to_string()
    }

    /// A new process.
    pub async fn aws(&self) -> Aws {
        connect(&self.sandbox, &self.municipality).await
    }

    /// As the command line does it: what lost roles were for is asked of the companies.
    pub async fn wish(&self, aws: &Aws) -> Wish {
        let lost: BTreeSet<String> = aws.check_roles().await.unwrap().into_keys().collect();
        blueprint::wish_without(&self.municipality, &lost)
    }

    /// Protected or not.
    pub fn nothing(&self) -> Wish {
        let mut wish = Wish::nothing(&self.municipality);
        wish.desired.include_protected = true;
        wish
    }

    /// Plans and carries out; every step of ours must end well.
    pub async fn apply(&self) -> Plan {
        self.apply_asking(false).await
    }

    /// The same, asking those again who refused.
    pub async fn apply_again(&self) -> Plan {
        self.apply_asking(true).await
    }

    async fn apply_asking(&self, again: bool) -> Plan {
        let aws = self.aws().await;
        let mut wish = self.wish(&aws).await;
        wish.desired.ask_again = again;
        let (plan, report) = carry_out(&aws, &wish).await;
        assert!(report.is_success(), "{}", failures(&plan, &report));
        plan
    }

    /// Everything of ours that can go, goes.
    pub async fn destroy(&self) -> Plan {
        let (plan, report) = carry_out(&self.aws().await, &self.nothing()).await;
        assert!(report.is_success(), "{}", failures(&plan, &report));
        plan
    }

    pub async fn plan(&self) -> Plan {
        let aws = self.aws().await;
        planned(&aws, &self.wish(&aws).await.desired).await
    }

    pub async fn handshakes(&self) -> Vec<Handshake> {
        let aws = self.aws().await;
        let wish = self.wish(&aws).await;
        handshake::all(&planned(&aws, &wish.desired).await, &wish)
    }

    async fn farewells(&self) -> Vec<Handshake> {
        handshake::all(&planned(&self.aws().await, &self.nothing().desired).await, &self.nothing())
    }

    /// Those that are not done, in words.
    pub async fn open(&self) -> Vec<String> {
        open(&self.handshakes().await)
    }

    /// The one handshake that asks for `action`.
    pub async fn asked(&self, action: &str) -> (Handshake, Ask) {
        let all = self.handshakes().await;
        let mut found = all.iter().flat_map(|handshake| handshake.asks.iter().map(move |ask| (handshake, ask)));
        match found.find(|(_, ask)| ask.action == action) {
            Some((handshake, ask)) => (handshake.clone(), ask.clone()),
            None => panic!("nobody is asked for {action}: {:#?}", open(&all)),
        }
    }

    /// The other parties make all moves that they are asked for now.
    pub async fn comply(&self) -> Vec<Move> {
        self.answer(&self.handshakes().await, None, Answer::Comply)
    }

    /// One account makes its moves.
    pub async fn comply_of(&self, account: &str) -> Vec<Move> {
        self.answer(&self.handshakes().await, Some(account), Answer::Comply)
    }

    /// One account says no to all that it can say no to.
    pub async fn refuse_of(&self, account: &str) -> Vec<Move> {
        self.answer(&self.handshakes().await, Some(account), Answer::Refuse)
    }

    /// The same answer of all, where some have to find that it is too late or too early for theirs.
    pub async fn answer_as_far_as_possible(&self, answer: Answer) {
        counterpart::play(&self.sandbox, &self.municipality, &self.handshakes().await, None, answer).unwrap();
    }

    /// They take away what stands in the way of our going.
    pub async fn leave(&self) -> Vec<Move> {
        self.answer(&self.farewells().await, None, Answer::Comply)
    }

    fn answer(&self, asked: &[Handshake], only: Option<&str>, answer: Answer) -> Vec<Move> {
        let moves = counterpart::play(&self.sandbox, &self.municipality, asked, only, answer).unwrap();
        for step in &moves {
            assert!(!matches!(step.outcome, counterpart::Outcome::Failed(_)), "{step:#?}");
        }
        moves
    }

    /// apply, counterpart, apply: until nobody owes anything but lines that are not open yet; then the plan is empty.
    pub async fn settle(&self) {
        for _ in 0..6 {
            self.apply().await;
            if self.open().await.is_empty() {
                assert_eq!(summary(&self.plan().await), [""; 0]);
                return;
            }
            self.comply().await;
        }
        panic!("{}: {:#?}", self.municipality.key(), self.open().await);
    }

    /// destroy, counterpart, destroy: until nothing of ours is left.
    pub async fn clear(&self) {
        for _ in 0..4 {
            self.destroy().await;
            if self.left().is_empty() && self.farewells().await.is_empty() {
                return;
            }
            self.leave().await;
        }
        panic!("{}: {:#?} {:#?}", self.municipality.key(), self.left(), open(&self.farewells().await));
    }

    /// What is left of ours in the network account.
    pub fn left(&self) -> Vec<String> {
        ours(&self.sandbox, &self.municipality)
    }

    /// A call with an account's own credentials.
    pub fn try_call(&self, account: &str, service: &str, operation: &str, input: Value) -> Result<Value, ApiError> {
        self.try_call_in(TOKYO, account, service, operation, input)
    }

    pub fn try_call_in(
        &self,
        region: &str,
        account: &str,
        service: &str,
        operation: &str,
        input: Value,
    ) -> Result<Value, ApiError> {
        self.sandbox.call(&ApiCall {
            account: account.into(),
            region: region.into(),
            service: service.into(),
            operation: operation.into(),
            input,
            id: None,
        })
    }

    pub fn call(&self, account: &str, service: &str, operation: &str, input: Value) -> Value {
        self.try_call(account, service, operation, input).unwrap_or_else(|error| panic!("{operation}: {error}"))
    }

    /// By name in the stack: the ids of our transit gateway route tables.
    pub fn tables(&self) -> BTreeMap<String, String> {
        let found = self.call(&self.account(), "ec2", "DescribeTransitGatewayRouteTables", json!({}));
        let ids = texts(&found, "/transitGatewayRouteTables", "/transitGatewayRouteTableId");
        let named = |id: &str| {
            let all = self.sandbox.everything(&self.account());
            let tags = all.into_iter().find(|resource| resource.id == id).unwrap().tags;
            let address = &tags[gcnet_core::identity::ADDRESS];
            (address.strip_prefix("tgw-route-table/").unwrap().to_string(), id.to_string())
        };
        ids.into_iter().map(named).collect()
    }

    /// Everything alive in an account, without what time changes.
    pub fn everything(&self, account: &str) -> Vec<String> {
        let line = |resource: gcnet_sandbox::Resource| format!("{} {} {}", resource.region, resource.kind, resource.id);
        self.sandbox.everything(account).into_iter().map(line).collect()
    }
}

pub async fn carry_out(aws: &Aws, wish: &Wish) -> (Plan, Report) {
    let plan = planned(aws, &wish.desired).await;
    let report = run(aws, &plan).await;
    (plan, report)
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

/// Texts of a JSON list.
pub fn texts<'v>(answer: &'v Value, list: &str, member: &str) -> Vec<&'v str> {
    let items = answer.pointer(list).and_then(Value::as_array);
    items.into_iter().flatten().filter_map(|item| item.pointer(member)?.as_str()).collect()
}
