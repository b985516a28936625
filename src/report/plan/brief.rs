//! What is worth saying of a resource that comes.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::report::{
    Lang,
    document::{Change, Step},
    field,
    layout::clean,
    value::{self, Names},
};

/// On its line, and as lists below it.
#[derive(Default)]
pub(super) struct Brief {
    pub(super) line: Vec<String>,
    pub(super) lists: BTreeMap<&'static str, Vec<String>>,
}

impl Brief {
    /// Of a resource that is created.
    pub(super) fn of(step: &Step, names: &Names<'_>, lang: Lang) -> Brief {
        let fields = Fields { step, names, lang };
        let mut lists = BTreeMap::new();
        let line = match step.kind.as_str() {
            "vpc" => fields.said(&["cidr"]),
            "subnet" => fields.said(&["cidr", "zone"]),
            "transit-gateway" => fields.text("asn").map(|asn| format!("ASN {asn}")).into_iter().collect(),
            "tgw-vpc-attachment" => fields.way("vpc", "tgw").into_iter().chain(fields.items("subnets")).collect(),
            "log-group" => vec![fields.kept()],
            "flow-log" => fields.way("of", "group").into_iter().collect(),
            "query-log" => fields.text("group").map(|group| format!("-> {group}")).into_iter().collect(),
            "security-group" => {
                lists.extend(["ingress", "egress"].map(|field| (field, fields.elements(field))));
                vec![]
            }
            "role" => {
                lists.insert("trust", fields.elements("trust"));
                lists.insert("policies", fields.policies());
                vec![]
            }
            "bucket" => {
                let policy = fields.get("policy").map(|policy| value::policy_summary(policy, lang));
                lists.insert("policy", policy.unwrap_or_default());
                fields.said(&["name"])
            }
            "certificate-authority" => {
                let more = ["parent", "validity_years", "revocation", "deletion_window_days"];
                let more = more.iter().filter_map(|name| step.changes.iter().find(|change| change.field == *name));
                let more = more.filter(|change| is_plain(change)).map(|change| fields.plain(change));
                fields.said(&["subject", "key_algorithm", "mode"]).into_iter().chain(more).collect()
            }
            "dx-association" => {
                lists.insert("prefixes", fields.elements("prefixes"));
                fields.way("gateway", "tgw").into_iter().collect()
            }
            "resolver-endpoint" => fields.placed(),
            "resolver-rule" => vec![fields.forwarded()],
            "hosted-zone" => fields.items("vpcs"),
            "zone-records" => {
                lists.insert("records", fields.records());
                vec![]
            }
            "alias-record" => fields.text("endpoint").map(|endpoint| format!("-> {endpoint}")).into_iter().collect(),
            "foreign-zone" => fields.said(&["domain"]),
            // Outside the organization is worth a word.
            "share" if fields.get("external") == Some(&Value::Bool(false)) => vec![],
            // Their names say it; the rest is what they are held against.
            "route-table" | "tgw-route-table" | "dx-attachment" => vec![],
            _ => step.changes.iter().filter(|change| is_plain(change)).map(|change| fields.plain(change)).collect(),
        };
        lists.retain(|_, items| !items.is_empty());
        Brief { line, lists }
    }
}

/// The wished values of a step.
struct Fields<'a> {
    step: &'a Step,
    names: &'a Names<'a>,
    lang: Lang,
}

impl Fields<'_> {
    fn get(&self, name: &str) -> Option<&Value> {
        self.step.changes.iter().find(|change| change.field == name).map(|change| &change.after)
    }

    fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(|value| self.names.inline(name, value))
    }

    fn said(&self, names: &[&str]) -> Vec<String> {
        names.iter().filter_map(|name| self.text(name)).collect()
    }

    fn way(&self, from: &str, to: &str) -> Option<String> {
        Some(format!("{} -> {}", self.text(from)?, self.text(to)?))
    }

    fn items(&self, name: &str) -> Vec<String> {
        let items = self.get(name).and_then(Value::as_array).into_iter().flatten();
        items.map(|item| self.names.inline(name, item)).collect()
    }

    fn elements(&self, name: &str) -> Vec<String> {
        self.get(name).and_then(|value| self.names.elements(name, value)).into_iter().flatten().collect()
    }

    fn policies(&self) -> Vec<String> {
        let policies = self.get("policies").and_then(Value::as_object).into_iter().flatten();
        policies.flat_map(|(_, policy)| value::policy_summary(policy, self.lang)).collect()
    }

    fn kept(&self) -> String {
        match self.get("retention_days").and_then(Value::as_i64) {
            Some(days) => self.lang.pick(format!("{days} 日保存"), format!("kept {days} days")),
            None => self.lang.pick("無期限に保存", "kept for ever").into(),
        }
    }

    /// Addresses with their subnets; other protocols than DNS on port 53.
    fn placed(&self) -> Vec<String> {
        let addresses = self.get("addresses").and_then(Value::as_object).into_iter().flatten();
        let addresses = addresses
            .map(|(address, subnet)| format!("{} ({})", clean(address), self.names.inline("addresses", subnet)));
        let protocols = self.items("protocols").into_iter().filter(|protocol| protocol != "Do53");
        addresses.chain(protocols).collect()
    }

    fn forwarded(&self) -> String {
        if self.get("endpoint").is_none_or(Value::is_null) {
            return self.lang.pick("転送しない（AWS が答える）", "not forwarded: AWS answers").into();
        }
        let targets = self.get("targets").and_then(Value::as_array).into_iter().flatten();
        let targets: Vec<String> = targets.map(|target| self.names.inline("targets", target)).collect();
        let (targets, endpoint) = (targets.join(", "), self.text("endpoint").unwrap_or_default());
        self.lang.pick(format!("-> {targets}（{endpoint} 経由）"), format!("-> {targets} through {endpoint}"))
    }

    /// `www.gc.naruto.example A 10.2.0.10, 10.2.0.11 (300)`
    fn records(&self) -> Vec<String> {
        let records = self.get("records").and_then(Value::as_object).into_iter().flatten();
        let record = |(key, values): (&String, &Value)| {
            let ttl = values["ttl"].as_i64().unwrap_or_default();
            let seconds = self.lang.pick(format!("（{ttl} 秒）"), format!(" ({ttl} s)"));
            format!("{} {}{seconds}", clean(key), self.names.inline("values", &values["values"]))
        };
        records.map(record).collect()
    }

    fn plain(&self, change: &Change) -> String {
        format!("{} {}", field::name(&change.field, self.lang), self.names.inline(&change.field, &change.after))
    }
}

fn is_plain(change: &Change) -> bool {
    let empty = match &change.after {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    };
    !empty && !change.field.starts_with("tags.")
}
