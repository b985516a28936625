//! Plans for tests, built by hand from the engine's types.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use gcnet_core::{
    Action, Address, Cause, Change, Class, Effect, Failure, Fingerprint, Object, Outcome, Owner, Plan, Report, Stack,
    State, Step, StepError, Tags, Target, Want, Why, identity, plan::Goal, refs,
};
use serde_json::{Value, json};

use super::document::Subject;
use crate::blueprint::deferred::{Deferred, Unbuilt};

pub(crate) fn subject() -> Subject {
    Subject {
        municipality: "naruto".into(),
        name_ja: "鳴門市".into(),
        name_en: "Naruto".into(),
        environment: "prod".into(),
        account: "111122223333".into(),
        region: "ap-northeast-1".into(),
    }
}

pub(crate) fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

pub(crate) fn to(text: &str) -> Value {
    json!({ "$ref": text })
}

pub(crate) fn id(text: &str) -> Value {
    json!({ "$id": text })
}

/// A plan in the making. What waits for what follows from the references, as in the engine.
pub(crate) struct Draft {
    plan: Plan,
}

impl Draft {
    pub(crate) fn new() -> Self {
        let (steps, unchanged, ids) = (vec![], vec![], BTreeMap::new());
        Draft {
            plan: Plan { stack: Stack::new("naruto", "prod"), steps, unchanged, ids, waiting: vec![], unknown: vec![] },
        }
    }

    fn push(
        &mut self,
        of: &str,
        action: Action,
        why: Why,
        changes: Vec<Change>,
        spec: Option<Value>,
        have: Option<Object>,
    ) {
        let want = spec.map(|spec| {
            let fingerprint = Fingerprint::of(&spec, &Tags::new());
            let tags = identity::tags(
                &self.plan.stack,
                &address(of),
                &fingerprint,
                &Tags::from([("Owner".into(), "city".into())]),
            );
            Goal { want: Want { spec, fingerprint }, tags, roots: BTreeSet::new() }
        });
        let (address, after) = (address(of), BTreeSet::new());
        self.plan.steps.push(Step { address, action, why, changes, after, pair: None, want, have });
    }

    pub(crate) fn create(&mut self, of: &str, spec: Value) -> &mut Self {
        self.push(of, Action::Create, Why::Missing, vec![], Some(spec), None);
        self
    }

    pub(crate) fn update(&mut self, of: &str, live: &str, why: Why, changes: Vec<Change>) -> &mut Self {
        self.push(of, Action::Update, why, changes, Some(json!({})), Some(object(of, live, json!({}))));
        self
    }

    pub(crate) fn delete(&mut self, of: &str, live: &str, raw: Value, why: Why) -> &mut Self {
        self.push(of, Action::Delete, why, vec![], None, Some(object(of, live, raw)));
        self
    }

    pub(crate) fn replace(
        &mut self,
        of: &str,
        live: &str,
        why: Why,
        changes: Vec<Change>,
        spec: Value,
        raw: Value,
    ) -> &mut Self {
        let new = self.plan.steps.len();
        self.push(of, Action::Create, why.clone(), changes.clone(), Some(spec), None);
        self.push(of, Action::Delete, why, changes, None, Some(object(of, live, raw)));
        self.plan.steps[new].pair = Some(new + 1);
        self.plan.steps[new + 1].pair = Some(new);
        self
    }

    pub(crate) fn unchanged(&mut self, count: usize) -> &mut Self {
        self.plan.unchanged = (0..count).map(|i| address(&format!("subnet/same-{i}"))).collect();
        self
    }

    pub(crate) fn plan(&mut self) -> Plan {
        let mut plan = self.plan.clone();
        let steps = plan.steps.clone();
        for (i, step) in plan.steps.iter_mut().enumerate() {
            let targets = step.want.as_ref().map(|goal| refs::collect(&goal.want.spec)).unwrap_or_default();
            step.after = (0..steps.len())
                .filter(|&j| {
                    let other = &steps[j];
                    let up =
                        other.action != Action::Delete && targets.contains(&Target::Address(other.address.clone()));
                    let down = match (&step.have, &other.have) {
                        (Some(gone), Some(user)) if step.action == Action::Delete => {
                            refs::collect(&user.raw).contains(&Target::Id(gone.id.clone()))
                        }
                        _ => false,
                    };
                    j != i && (up || down || (step.action == Action::Delete && step.pair == Some(j)))
                })
                .collect();
        }
        plan
    }
}

fn object(of: &str, live: &str, raw: Value) -> Object {
    let kind: &'static str = Box::leak(address(of).kind().to_string().into_boxed_str());
    Object { kind, id: live.into(), owner: Owner::Tags(Tags::new()), state: State::Ready, raw }
}

pub(crate) fn change(field: &str, before: Value, after: Value, effect: Effect) -> Change {
    Change { field: field.into(), before, after, effect }
}

/// All of Naruto, none of it there.
pub(crate) fn first() -> Plan {
    let mut draft = Draft::new();
    let trust = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": ["sts:AssumeRole"], "Principal": {"Service": ["vpc-flow-logs.amazonaws.com"]}}]});
    let write = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": ["*"]}]});
    draft.create(
        "role/flow-logs",
        json!({"path": "/gcnet/naruto/prod/", "name": "naruto-prod-flow-logs", "trust": trust, "policies": {"write": write}, "managed": []}),
    );
    draft.create("log-group/flow", json!({"name": "/gcnet/naruto/prod/flow", "retention_days": 365, "kms_key": null}));
    draft.create(
        "vpc/shared",
        json!({"cidr": "10.210.2.0/24", "dns_support": true, "dns_hostnames": true, "default_group_closed": true}),
    );
    for (i, (name, zone)) in
        [("tgw-a", "apne1-az4"), ("tgw-c", "apne1-az1"), ("dns-a", "apne1-az4"), ("dns-c", "apne1-az1")]
            .iter()
            .enumerate()
    {
        draft.create(&format!("subnet/{name}"), json!({"vpc": to("vpc/shared"), "cidr": format!("10.210.2.{}/28", i * 16), "zone": zone, "public_ips": false}));
    }
    let rule = |protocol: &str, peer: &str| json!({"protocol": protocol, "ports": [53, 53], "peer": peer});
    let peers = ["10.1.0.0/16", "10.210.2.0/24", "10.211.2.0/24"];
    let rules: Vec<Value> = peers.iter().flat_map(|peer| [rule("tcp", peer), rule("udp", peer)]).collect();
    draft.create(
        "security-group/dns-inbound",
        json!({"vpc": to("vpc/shared"), "name": "naruto-dns", "description": "DNS", "ingress": rules, "egress": []}),
    );
    draft.create("route-table/dns", json!({"vpc": to("vpc/shared")}));
    draft.create("route-table/tgw", json!({"vpc": to("vpc/shared")}));
    for (subnet, table) in [("tgw-a", "tgw"), ("tgw-c", "tgw"), ("dns-a", "dns"), ("dns-c", "dns")] {
        draft.create(
            &format!("route-table-association/{subnet}"),
            json!({"subnet": to(&format!("subnet/{subnet}")), "table": to(&format!("route-table/{table}"))}),
        );
    }
    draft.create(
        "transit-gateway/main",
        json!({"asn": 4200036202u32, "description": "naruto-prod", "dns_support": true}),
    );
    draft.create(
        "tgw-vpc-attachment/shared",
        json!({"tgw": to("transit-gateway/main"), "vpc": to("vpc/shared"), "subnets": [to("subnet/tgw-a"), to("subnet/tgw-c")]}),
    );
    for peer in ["10.1.0.0/16", "10.211.2.0/24", "172.20.10.0/24"] {
        draft.create(
            &format!("route/dns/{peer}"),
            json!({"table": to("route-table/dns"), "destination": peer, "tgw": to("transit-gateway/main"), "attachment": to("tgw-vpc-attachment/shared")}),
        );
    }
    for table in ["rt-onprem", "rt-shared", "rt-asp-juki", "rt-asp-fukushi", "rt-external"] {
        draft.create(&format!("tgw-route-table/{table}"), json!({"tgw": to("transit-gateway/main")}));
    }
    draft.create(
        "tgw-association/shared",
        json!({"attachment": to("tgw-vpc-attachment/shared"), "table": to("tgw-route-table/rt-shared")}),
    );
    for table in ["rt-onprem", "rt-asp-juki", "rt-asp-fukushi"] {
        draft.create(
            &format!("tgw-propagation/{table}/shared"),
            json!({"table": to(&format!("tgw-route-table/{table}")), "attachment": to("tgw-vpc-attachment/shared")}),
        );
    }
    for i in 0..9 {
        let destination = format!("10.{}.2.0/24", 212 + i);
        draft.create(
            &format!("tgw-route/rt-asp-juki/{destination}"),
            json!({"table": to("tgw-route-table/rt-asp-juki"), "destination": destination, "hop": "blackhole"}),
        );
    }
    draft.create(
        "tgw-route/rt-external/10.211.2.0/24",
        json!({"table": to("tgw-route-table/rt-external"), "destination": "10.211.2.0/24", "hop": {"attachment": to("tgw-vpc-attachment/shared")}}),
    );
    draft.create("flow-log/vpc-shared", json!({"of": {"vpc": to("vpc/shared")}, "group": to("log-group/flow"), "role": to("role/flow-logs"), "interval": 600}));
    draft.plan()
}

/// Somebody used the console, a run died, and the file changed.
pub(crate) fn drift() -> Plan {
    let rule = |port: u16, peer: &str| json!({"protocol": "tcp", "ports": [port, port], "peer": peer});
    let policy = |actions: &[&str]| json!({"read": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": ["*"]}]}});
    let spec = |before: &str| change("tags.gcnet:spec", json!(before), json!("0011223344556677"), Effect::InPlace);
    Draft::new()
        .update(
            "security-group/dns-inbound",
            "sg-0a1b2c3d4e5f67890",
            Why::Differs { cause: Cause::Drift },
            vec![change(
                "ingress",
                json!([rule(22, "0.0.0.0/0"), rule(53, "10.1.0.0/16")]),
                json!([rule(53, "10.1.0.0/16"), rule(53, "10.211.2.0/24")]),
                Effect::InPlace,
            )],
        )
        .update(
            "vpc/shared",
            "vpc-0a1b2c3d4e5f67890",
            Why::Differs { cause: Cause::Both },
            vec![
                change("dns_hostnames", json!(false), json!(true), Effect::InPlace),
                change("tags.Owner", json!("\u{1b}[31mx\u{1b}[0m"), json!("city"), Effect::InPlace),
                spec("8899aabbccddeeff"),
            ],
        )
        .update(
            "log-group/flow",
            "arn:aws:logs:ap-northeast-1:111122223333:log-group:/gcnet/naruto/prod/flow",
            Why::Differs { cause: Cause::File },
            vec![change("retention_days", json!(365), json!(3653), Effect::InPlace), spec("8899aabbccddeeff")],
        )
        .update(
            "role/plan",
            "arn:aws:iam::111122223333:role/gcnet/naruto/prod/naruto-prod-plan",
            Why::Unfinished,
            vec![change(
                "policies",
                policy(&["ec2:DescribeVpcs", "s3:*"]),
                policy(&["ec2:DescribeVpcs", "ec2:DescribeSubnets"]),
                Effect::InPlace,
            )],
        )
        .update(
            "tgw-route/rt-external/10.211.2.0/24",
            "tgw-rtb-0a1b2c3d4e5f67890|10.211.2.0/24",
            Why::Differs { cause: Cause::Unknown },
            vec![change(
                "hop",
                json!("blackhole"),
                json!({"attachment": to("tgw-vpc-attachment/shared")}),
                Effect::InPlace,
            )],
        )
        .delete(
            "tgw-route/rt-external/10.66.0.0/16",
            "tgw-rtb-0a1b2c3d4e5f67890|10.66.0.0/16",
            json!({"table": id("tgw-rtb-0a1b2c3d4e5f67890"), "destination": "10.66.0.0/16", "hop": "blackhole"}),
            Why::NotDesired,
        )
        .delete(
            "subnet/old",
            "subnet-0f1e2d3c4b5a69788",
            json!({"vpc": id("vpc-0a1b2c3d4e5f67890"), "cidr": "10.210.2.240/28"}),
            Why::NotDesired,
        )
        .create(
            "subnet/dns-d",
            json!({"vpc": to("vpc/shared"), "cidr": "10.210.2.64/28", "zone": "apne1-az2", "public_ips": false}),
        )
        .unchanged(30)
        .plan()
}

/// Another CIDR for the VPC: what lives in it comes anew.
pub(crate) fn cascade() -> Plan {
    const VPC: &str = "vpc-0a1b2c3d4e5f67890";
    const TABLE: &str = "rtb-0a1b2c3d4e5f67890";
    let follows = |of: &[&str]| Why::Replaced {
        cause: Cause::Follows,
        fields: vec![],
        follows: of.iter().map(|of| address(of)).collect(),
    };
    let vpc_changes = || vec![change("vpc", id(VPC), to("vpc/shared"), Effect::Replace)];
    let mut draft = Draft::new();
    draft.replace(
        "vpc/shared",
        VPC,
        Why::Replaced { cause: Cause::File, fields: vec!["cidr".into()], follows: vec![] },
        vec![change("cidr", json!("10.210.2.0/24"), json!("10.220.2.0/24"), Effect::Replace)],
        json!({"cidr": "10.220.2.0/24"}),
        json!({"cidr": "10.210.2.0/24"}),
    );
    for (name, live) in [("tgw-a", "subnet-0a1b2c3d4e5f67891"), ("tgw-c", "subnet-0a1b2c3d4e5f67892")] {
        let mut changes = vpc_changes();
        changes.push(change("cidr", json!("10.210.2.0/28"), json!("10.220.2.0/28"), Effect::Replace));
        let why =
            Why::Replaced { cause: Cause::File, fields: vec!["cidr".into()], follows: vec![address("vpc/shared")] };
        let (spec, raw) = (json!({"vpc": to("vpc/shared")}), json!({"vpc": id(VPC)}));
        draft.replace(&format!("subnet/{name}"), live, why, changes, spec, raw);
    }
    draft.replace(
        "route-table/tgw",
        TABLE,
        follows(&["vpc/shared"]),
        vpc_changes(),
        json!({"vpc": to("vpc/shared")}),
        json!({"vpc": id(VPC)}),
    );
    for i in 0..12 {
        let destination = format!("10.{i}.0.0/16");
        draft.replace(
            &format!("route/tgw/{destination}"),
            &format!("{TABLE}|{destination}"),
            follows(&["route-table/tgw"]),
            vec![change("table", id(TABLE), to("route-table/tgw"), Effect::Replace)],
            json!({"table": to("route-table/tgw")}),
            json!({"table": id(TABLE)}),
        );
    }
    draft.delete(
        "flow-log/old",
        "fl-0a1b2c3d4e5f67890",
        json!({"of": {"vpc": id(VPC)}, "interval": 600}),
        Why::NotDesired,
    );
    draft.unchanged(12).plan()
}

/// Everything goes.
pub(crate) fn destruction() -> Plan {
    let mut draft = Draft::new();
    let (vpc, table, tgw) = ("vpc-0a1b2c3d4e5f67890", "tgw-rtb-0a1b2c3d4e5f67890", "tgw-0a1b2c3d4e5f67890");
    for i in 0..6 {
        let destination = format!("10.{}.2.0/24", 212 + i);
        draft.delete(
            &format!("tgw-route/rt-asp-juki/{destination}"),
            &format!("{table}|{destination}"),
            json!({"table": id(table), "destination": destination, "hop": "blackhole"}),
            Why::NotDesired,
        );
    }
    draft.delete("tgw-route-table/rt-asp-juki", table, json!({"tgw": id(tgw)}), Why::NotDesired);
    draft.delete(
        "foreign-attachment/main/vpc-0aaa",
        "tgw-attach-0a1b2c3d4e5f67890",
        json!({"tgw": id(tgw), "vpc": "vpc-0aaa", "accepted": false}),
        Why::Unanswered { on: address("transit-gateway/main") },
    );
    draft.delete("transit-gateway/main", tgw, json!({"asn": 4200036202u32}), Why::NotDesired);
    draft.delete("subnet/dns-a", "subnet-0a1b2c3d4e5f67891", json!({"vpc": id(vpc)}), Why::NotDesired);
    draft.delete("vpc/shared", vpc, json!({"cidr": "10.210.2.0/24"}), Why::Broken { state: "failed".into() });
    draft.plan()
}

pub(crate) fn deferred() -> Vec<Deferred> {
    let deferred = |at: &str, what| Deferred { at: at.into(), what };
    vec![
        deferred("sites[koseki-dc]", Unbuilt::Site { site: "koseki-dc".into() }),
        deferred("central_endpoints", Unbuilt::CentralEndpoints),
    ]
}

pub(crate) fn failure(class: Class, operation: &str, code: &str, message: &str) -> Failure {
    Failure {
        class,
        operation: operation.into(),
        code: code.into(),
        message: message.into(),
        account: Some("111122223333".into()),
        request_id: Some("5c0b7d2e-0000-4000-8000-1234567890ab".into()),
        permission: matches!(class, Class::Denied | Class::Guardrail).then(|| operation.into()),
        denial: None,
    }
}

/// [`first`], where one creation fails, and what hangs on it is left out.
pub(crate) fn failed(plan: &Plan, at: &str, error: StepError) -> Report {
    let mut outcomes: Vec<Outcome> = vec![];
    let broken = plan.steps.iter().position(|step| step.address.as_str() == at);
    for (i, step) in plan.steps.iter().enumerate() {
        let because_of = step.after.iter().find_map(|&j| match outcomes.get(j) {
            Some(Outcome::Failed { .. }) => Some(j),
            Some(Outcome::Skipped { because_of }) => Some(*because_of),
            _ => None,
        });
        outcomes.push(match because_of {
            _ if Some(i) == broken => Outcome::Failed { error: error.clone() },
            Some(because_of) => Outcome::Skipped { because_of },
            None => Outcome::Done { id: format!("id-{i}") },
        });
    }
    Report { outcomes, stopped: false }
}

pub(crate) const MINUTES: Duration = Duration::from_secs(600);
