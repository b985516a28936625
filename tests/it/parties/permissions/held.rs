//! A city whose runs may no more than the printed policies say.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use gcnet::{
    blueprint::{
        self, Wish,
        rights::{self, Doing},
    },
    config::schema::Municipality,
    counterpart::{self, Answer},
    handshake,
};
use gcnet_aws::{Access, Aws, Connection, Pace, Policy, Role, StaticCredentials, Timing, lease::LeaseParameter};
use gcnet_core::{
    Action, Plan, Tags,
    lease::{End, Lease},
};
use serde_json::{Value, json};

use super::{
    super::story::{Story, carry_out, open},
    lives::bare,
};
use crate::{
    lease::{TERMS, me},
    support::{failures, other_accounts, planned, summary},
};

/// A city whose runs are sessions of roles with just the printed policies.
pub(super) struct Held {
    pub(super) story: Story,
    /// What was asked of IAM, by what was being done.
    pub(super) asked: BTreeMap<&'static str, BTreeSet<String>>,
    /// How many there have been.
    pub(super) runs: usize,
    /// The kinds of which something was made or changed.
    pub(super) built: BTreeSet<String>,
}

pub(super) const DOING: [(Doing, &str); 3] =
    [(Doing::Plan, "plan"), (Doing::Apply, "apply"), (Doing::Destroy, "destroy")];

pub(super) fn name(doing: Doing) -> &'static str {
    DOING.iter().find(|(it, _)| *it == doing).unwrap().1
}

/// Actions and whether they are allowed somewhere.
pub(super) fn actions(policy: &Policy) -> BTreeSet<String> {
    let all = policy.statements().iter().flat_map(|statement| statement["Action"].as_array().unwrap());
    all.map(|action| action.as_str().unwrap().to_string()).collect()
}

impl Held {
    pub(super) async fn begin(municipality: Municipality) -> Self {
        let story = Story::enforcing(municipality).await;
        for (_, name) in DOING {
            let root = format!("arn:aws:iam::{}:root", story.account());
            let trust = json!({ "Version": "2012-10-17", "Statement": [
                { "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "AWS": root } }] });
            let role = json!({ "RoleName": name, "AssumeRolePolicyDocument": trust.to_string() });
            story.call(&story.account(), "iam", "CreateRole", role);
        }
        story.sandbox.advance(Duration::from_secs(60));
        let held = Held { story, asked: BTreeMap::new(), runs: 0, built: BTreeSet::new() };
        held.allow(|doing, municipality| rights::least(municipality, doing));
        held
    }

    /// From now on the roles may do this.
    pub(super) fn allow(&self, policy: impl Fn(Doing, &Municipality) -> Policy) {
        for (doing, name) in DOING {
            let document = policy(doing, &self.story.municipality).to_string();
            let input = json!({ "RoleName": name, "PolicyName": "least", "PolicyDocument": document });
            self.story.call(&self.story.account(), "iam", "PutRolePolicy", input);
        }
    }

    /// The file is changed, and the policies are those of the changed file.
    pub(super) fn edit(&mut self, municipality: Municipality) {
        self.story.municipality = municipality;
        counterpart::furnish(&self.story.sandbox, &self.story.municipality).unwrap();
        self.allow(|doing, municipality| rights::least(municipality, doing));
    }

    pub(super) async fn settle_as(&mut self, municipality: Municipality) {
        self.edit(municipality);
        self.settle().await;
    }

    /// Somebody at the console, with credentials that may do everything.
    pub(super) fn console(&self, service: &str, operation: &str, input: Value) -> Value {
        self.story.call(&self.story.account(), service, operation, input)
    }

    /// The id of what has this address.
    pub(super) fn id(&self, address: &str) -> String {
        let all = self.story.sandbox.everything(&self.story.account()).into_iter();
        let mut found = all.filter(|it| it.tags.get("gcnet:address").is_some_and(|it| it == address));
        found.next().unwrap_or_else(|| panic!("{address} is not there")).id
    }

    pub(super) async fn session(&self, doing: Doing) -> Aws {
        let account = self.story.account();
        let arn = format!("arn:aws:iam::{account}:role/{}", name(doing));
        let role = Role { arn, external_id: None, session_name: "gcnet-test".into() };
        let fixed = Some(StaticCredentials { key_id: account.clone() });
        let access = Access { fixed, role: Some(role), ..Access::default() };
        let municipality = &self.story.municipality;
        let (region, others) = (municipality.region.value.as_str().into(), other_accounts(municipality));
        let (endpoint, pace) = (Some(self.story.sandbox.endpoint()), Pace::Unlimited);
        Aws::connect(&Connection { region, account, endpoint, access, others, pace, timing: Timing::default() }).await
    }

    /// Does it as the role for it, alone as commands are, and holds what IAM was asked against the policy.
    pub(super) async fn run(&mut self, doing: Doing) -> (Plan, Wish) {
        self.story.sandbox.clear_calls();
        self.runs += 1;
        let aws = self.session(doing).await;
        let register = LeaseParameter::new(aws.clone(), &blueprint::stack(&self.story.municipality), &Tags::new());
        let lease = match doing {
            Doing::Plan => None,
            Doing::Apply | Doing::Destroy => {
                Some(Lease::take(register, TERMS, me(&format!("run-{}", self.runs))).await.unwrap().keep(drop))
            }
        };
        let wish = match doing {
            Doing::Plan | Doing::Apply => self.story.wish(&aws).await,
            Doing::Destroy => self.story.nothing(),
        };
        let plan = match doing {
            Doing::Plan => planned(&aws, &wish.desired).await,
            Doing::Apply | Doing::Destroy => {
                let (plan, report) = carry_out(&aws, &wish).await;
                let key = self.story.municipality.key();
                assert!(report.is_success(), "{key} {doing:?}: {}", failures(&plan, &report));
                assert_eq!(aws.refused(), BTreeMap::new(), "{key} {doing:?}");
                plan
            }
        };
        if let Some(lease) = lease {
            lease.release(if doing == Doing::Destroy { End::Remove } else { End::Free }).await.unwrap();
            // What was removed can be made again half a minute later; and on a busy machine a lease may have been too late to be
            // given back.
            self.story.sandbox.advance(TERMS.lasts + Duration::from_secs(60));
        }
        let ups = plan.steps.iter().filter(|step| step.action != Action::Delete);
        self.built.extend(ups.map(|step| step.address.kind().to_string()));
        let account = self.story.account();
        let ours = self.story.sandbox.calls().into_iter().filter(|call| call.account == account);
        let mut asked: BTreeSet<String> = BTreeSet::new();
        let mut assumed = 0;
        for call in ours {
            assumed += usize::from(call.operation == "AssumeRole");
            asked.extend(call.permissions);
        }
        // The session itself is begun with long-term credentials.
        if assumed == 1 {
            asked.remove("sts:AssumeRole");
        }
        let allowed = actions(&rights::least(&self.story.municipality, doing));
        let missing: Vec<&String> = asked.difference(&allowed).collect();
        assert!(missing.is_empty(), "{} {doing:?}: {missing:?}", self.story.municipality.key());
        self.asked.entry(name(doing)).or_default().extend(asked);
        (plan, wish)
    }

    /// apply, plan, counterpart, until nobody owes anything.
    pub(super) async fn settle(&mut self) {
        let mut waiting = vec![];
        for _ in 0..6 {
            self.run(Doing::Apply).await;
            let (plan, wish) = self.run(Doing::Plan).await;
            let handshakes = handshake::all(&plan, &wish);
            waiting = open(&handshakes);
            if waiting.is_empty() && summary(&plan).is_empty() {
                return;
            }
            let (sandbox, file) = (&self.story.sandbox, &self.story.municipality);
            counterpart::play(sandbox, file, &handshakes, None, Answer::Comply).unwrap();
        }
        panic!("{}: {waiting:#?}", self.story.municipality.key());
    }

    /// Everything goes from the file but the VPC and the gateway, and with the next applies from AWS.
    pub(super) async fn dwindle(&mut self) {
        self.edit(bare(&self.story.municipality));
        for _ in 0..3 {
            self.run(Doing::Apply).await;
            self.story.leave().await;
        }
    }

    /// destroy, counterpart, destroy, until nothing is left.
    pub(super) async fn clear(&mut self) {
        for _ in 0..4 {
            self.run(Doing::Destroy).await;
            if self.story.left().is_empty() {
                return;
            }
            self.story.leave().await;
        }
        panic!("{}: {:#?}", self.story.municipality.key(), self.story.left());
    }
}
