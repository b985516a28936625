//! Values of fields as a person reads them: references as addresses, rules and statements as phrases, sets as what came
//! and what went.

use std::collections::{BTreeMap, BTreeSet};

use gcnet_core::{Address, refs};
use serde_json::{Map, Value};

use super::{
    Lang,
    document::{Change, Document},
    layout::clean,
};

/// What ids and addresses stand for in one plan.
pub(super) struct Names<'a> {
    lang: Lang,
    /// Addresses of what is changed, by id.
    by_id: BTreeMap<&'a str, &'a Address>,
    /// Addresses that get a new object.
    fresh: BTreeSet<&'a Address>,
}

impl<'a> Names<'a> {
    pub(super) fn new(document: &'a Document, lang: Lang) -> Self {
        use super::document::Action;
        let by_id = document.steps.iter().filter_map(|step| Some((step.id.as_deref()?, &step.address))).collect();
        let replaced = document.steps.iter().filter(|step| step.action == Action::Replace);
        Names { lang, by_id, fresh: replaced.map(|step| &step.address).collect() }
    }

    /// Whether a field differs only because what it points at gets another id: the reason of the step says so already.
    pub(super) fn only_follows(&self, change: &Change) -> bool {
        let mut before = change.before.clone();
        refs::resolve(&mut before, &|id| self.by_id.get(id).map(|address| (*address).clone()));
        before != change.before && sorted(before) == sorted(change.after.clone())
    }

    /// One value in a line. `field` tells which way a rule points.
    pub(super) fn inline(&self, field: &str, value: &Value) -> String {
        match value {
            Value::Null => self.lang.pick("なし", "none").into(),
            Value::Bool(on) => {
                self.lang.pick(if *on { "はい" } else { "いいえ" }, if *on { "true" } else { "false" }).into()
            }
            Value::Number(_) => value.to_string(),
            Value::String(text) if text.is_empty() => "\"\"".into(),
            Value::String(text) => choice(field, text, self.lang).map_or_else(|| clean(text), String::from),
            Value::Array(items) if items.is_empty() => self.lang.pick("なし", "none").into(),
            Value::Array(items) => items.iter().map(|item| self.inline(field, item)).collect::<Vec<_>>().join(", "),
            Value::Object(map) => self.object(field, map),
        }
    }

    fn object(&self, field: &str, map: &Map<String, Value>) -> String {
        if let Some(reference) = self.reference(map) {
            return reference;
        }
        if let Some(phrase) = self.rule(field, map).or_else(|| server(map)).or_else(|| self.authority(field, map)) {
            return phrase;
        }
        if let (2, Some(Value::Number(ttl)), Some(values)) = (map.len(), map.get("ttl"), map.get("values")) {
            let values = self.inline("values", values);
            return self.lang.pick(format!("{values}（{ttl} 秒）"), format!("{values} ({ttl} s)"));
        }
        // An enum with a payload: the reference says enough.
        if let Some((key, Value::Object(inner))) = map.iter().next()
            && map.len() == 1
        {
            return self.reference(inner).unwrap_or_else(|| format!("{} {}", clean(key), self.object(field, inner)));
        }
        let members = map.iter().map(|(key, value)| format!("{}: {}", clean(key), self.inline(key, value)));
        format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
    }

    fn reference(&self, map: &Map<String, Value>) -> Option<String> {
        let (key, Value::String(target)) = map.iter().next().filter(|_| map.len() == 1)? else { return None };
        match (key.as_str(), self.by_id.get(target.as_str())) {
            ("$ref", _) => {
                let address = Address::parse(target).ok()?;
                let new = if self.fresh.contains(&address) { self.lang.pick("（新）", " (new)") } else { "" };
                Some(format!("{}{new}", clean(target)))
            }
            ("$id", Some(address)) => {
                let old = self.lang.pick(format!("（旧 {}）", short_id(target)), format!(" ({})", short_id(target)));
                Some(format!("{}{old}", clean(address.as_str())))
            }
            ("$id", None) => Some(short_id(target)),
            _ => None,
        }
    }

    /// Whose certificates an authority's are, `CN=Naruto Root CA, C=JP`, and how they are taken back.
    fn authority(&self, field: &str, map: &Map<String, Value>) -> Option<String> {
        let said = |key: &str| map.get(key).filter(|value| !value.is_null());
        if field == "subject" {
            let parts =
                SUBJECT.iter().filter_map(|(key, short)| Some(format!("{short}={}", clean(said(key)?.as_str()?))));
            return Some(parts.collect::<Vec<_>>().join(", "));
        }
        if field != "revocation" {
            return None;
        }
        let way = |key: &'static str, name: &'static str| {
            let of = said(key)?.as_object()?;
            let members = of.iter().filter(|(_, value)| !value.is_null() && **value != Value::Bool(false));
            let members = members.map(|(key, value)| format!("{}: {}", clean(key), self.inline(key, value)));
            let members = members.collect::<Vec<_>>().join(", ");
            Some(if members.is_empty() { name.into() } else { format!("{name} {{{members}}}") })
        };
        let ways: Vec<String> = [way("crl", "CRL"), way("ocsp", "OCSP")].into_iter().flatten().collect();
        let none = || self.lang.pick("なし", "none").to_string();
        Some(if ways.is_empty() { none() } else { ways.join(", ") })
    }

    /// A security group's rule: `tcp 53 from 10.0.0.0/16`.
    fn rule(&self, field: &str, map: &Map<String, Value>) -> Option<String> {
        let (protocol, peer) = (map.get("protocol")?.as_str()?, map.get("peer")?.as_str()?);
        let ports = match map.get("ports")? {
            Value::Array(ports) => match (ports.first()?.as_i64()?, ports.get(1)?.as_i64()?) {
                (first, last) if first == last => format!(" {first}"),
                (first, last) => format!(" {first}-{last}"),
            },
            _ => String::new(),
        };
        let protocol =
            if protocol == "-1" { self.lang.pick("すべて", "all traffic").into() } else { clean(protocol) };
        let way = match field {
            "ingress" => "from",
            "egress" => "to",
            _ => "with",
        };
        Some(format!("{protocol}{ports} {way} {}", clean(peer)))
    }

    /// The elements of what is a set at heart: of lists, of policies and of maps of policies. Each element says enough to be
    /// read alone.
    pub(super) fn elements(&self, field: &str, value: &Value) -> Option<BTreeSet<String>> {
        match value {
            Value::Array(items) => Some(items.iter().map(|item| self.inline(field, item)).collect()),
            Value::Object(map) if map.contains_key("Statement") => Some(statements(map)),
            Value::Object(map) if !map.is_empty() => {
                let named =
                    map.iter().map(|(name, policy)| Some((name, policy.as_object()?.get("Statement")?, policy)));
                let policies: Option<Vec<_>> = named.collect();
                let of = |(name, _, policy): (&String, _, &Value)| {
                    let name = clean(name);
                    let inner = policy.as_object().map(statements).unwrap_or_default();
                    inner.into_iter().map(move |element| format!("{name}: {element}"))
                };
                Some(policies?.into_iter().flat_map(of).collect())
            }
            Value::Object(_) => Some(BTreeSet::new()),
            _ => None,
        }
    }
}

/// Parts of a distinguished name, in the order in which people write them.
const SUBJECT: [(&str, &str); 6] = [
    ("common_name", "CN"),
    ("organizational_unit", "OU"),
    ("organization", "O"),
    ("locality", "L"),
    ("state", "ST"),
    ("country", "C"),
];

/// The words for what is one of a few.
fn choice(field: &str, value: &str, lang: Lang) -> Option<&'static str> {
    Some(match (field, value) {
        ("hop", "blackhole") => lang.pick("ブラックホール", "blackhole"),
        ("initiator", "us") => lang.pick("当方", "us"),
        ("initiator", "them") => lang.pick("相手", "them"),
        ("status", "active") => lang.pick("有効", "active"),
        ("status", "deleted") => lang.pick("削除済み", "deleted"),
        ("status", "disabled") => lang.pick("無効", "disabled"),
        ("status", "expired") => lang.pick("期限切れ", "expired"),
        ("status", "pending-certificate") => lang.pick("証明書待ち", "pending-certificate"),
        _ => return None,
    })
}

/// The whole id, where it is one that AWS shows: those with a bar are put together of others that the address spells.
pub(super) fn whole_id(id: &str) -> Option<String> {
    (!id.contains('|')).then(|| clean(id))
}

/// The id without what nobody compares by eye: the resource of an ARN, the first half of the hexadecimal digits.
pub(super) fn short_id(id: &str) -> String {
    let id = match id.splitn(6, ':').nth(5) {
        Some(resource) if id.starts_with("arn:") => resource,
        _ => id,
    };
    clean(id).split('|').map(short_part).collect::<Vec<_>>().join(" ")
}

fn short_part(part: &str) -> String {
    match part.rsplit_once('-') {
        Some((kind, digits)) if digits.len() == 17 && digits.bytes().all(|b| b.is_ascii_hexdigit()) => {
            format!("{kind}-{}..", &digits[..8])
        }
        _ => part.into(),
    }
}

/// One element for each action of each statement, so that a changed action is one line and not the whole statement.
fn statements(policy: &Map<String, Value>) -> BTreeSet<String> {
    let list = policy.get("Statement").map(list).unwrap_or_default();
    list.iter().filter_map(|statement| statement.as_object()).flat_map(statement).collect()
}

fn statement(statement: &Map<String, Value>) -> Vec<String> {
    let words = |key: &str| {
        let values = statement.get(key).map(list).unwrap_or_default();
        values.iter().map(text).collect::<Vec<_>>()
    };
    let effect = words("Effect").join(" ");
    let mut tail = String::new();
    for (key, word) in
        [("Principal", "by"), ("NotPrincipal", "by all but"), ("Resource", "on"), ("NotResource", "on all but")]
    {
        let values = match statement.get(key) {
            Some(Value::Object(kinds)) => kinds.values().flat_map(list).map(|value| text(&value)).collect(),
            _ => words(key),
        };
        if !values.is_empty() {
            tail.push_str(&format!(" {word} {}", values.join(", ")));
        }
    }
    if let Some(condition) = statement.get("Condition") {
        tail.push_str(&format!(" if {}", condition_text(condition)));
    }
    let actions = words("Action").into_iter().chain(words("NotAction").into_iter().map(|a| format!("all but {a}")));
    actions.map(|action| format!("{effect} {action}{tail}")).collect()
}

fn condition_text(condition: &Value) -> String {
    let Value::Object(operators) = condition else { return clean(&condition.to_string()) };
    let each = operators.iter().flat_map(|(operator, keys)| {
        let keys = keys.as_object().into_iter().flatten();
        keys.map(move |(key, values)| {
            let values: Vec<String> = list(values).iter().map(text).collect();
            format!("{} {} {}", clean(key), clean(operator), values.join("|"))
        })
    });
    each.collect::<Vec<_>>().join(" and ")
}

/// What a policy of a new role comes to: its actions are counted, its trust is spelt out.
pub(super) fn policy_summary(policy: &Value, lang: Lang) -> Vec<String> {
    let Some(statements) = policy.get("Statement").map(list) else { return vec![] };
    let summary = |statement: &Value| {
        let count = |key: &str| statement.get(key).map(list).unwrap_or_default().len();
        let effect = statement.get("Effect").map(text).unwrap_or_default();
        let actions = count("Action") + count("NotAction");
        let resources = statement.get("Resource").map(list).unwrap_or_default();
        let on = match resources.as_slice() {
            [one] => text(one),
            many => lang.pick(format!("{} 件", many.len()), format!("{} resources", many.len())),
        };
        lang.pick(
            format!("{effect} {actions} アクション（{on}）"),
            format!("{effect} {actions} {} on {on}", if actions == 1 { "action" } else { "actions" }),
        )
    };
    statements.iter().map(summary).collect()
}

/// A DNS server: `10.2.0.10`, or `10.2.0.10 DoH dns.town.example`; with the port where it is not the usual one.
fn server(map: &Map<String, Value>) -> Option<String> {
    let (address, port) = (map.get("address")?.as_str()?, map.get("port")?.as_u64()?);
    let (protocol, name) = (map.get("protocol")?.as_str()?, map.get("server_name")?.as_str());
    let is_plain = protocol == "Do53";
    let usual = if is_plain { 53 } else { 443 };
    let port = (port != usual).then(|| format!(":{port}"));
    let protocol = (!is_plain).then(|| format!(" {}", clean(protocol)));
    let name = name.map(|name| format!(" {}", clean(name)));
    Some([Some(clean(address)), port, protocol, name].into_iter().flatten().collect())
}

/// The order of ids is not that of addresses.
fn sorted(value: Value) -> Value {
    match value {
        Value::Array(mut items) => {
            items.sort_by_key(Value::to_string);
            Value::Array(items)
        }
        one => one,
    }
}

fn list(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items.clone(),
        one => vec![one.clone()],
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => clean(text),
        other => clean(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use gcnet_aws::kinds::Initiator;
    use serde_json::json;

    use super::*;
    use crate::report::fixtures;

    /// What is one of a few or true or false is no English word in the middle of a Japanese sentence.
    #[test]
    fn choices_are_said_in_japanese() {
        let document = Document::new(&fixtures::subject(), &fixtures::Draft::new().plan(), &[], &[], None);
        let names = Names::new(&document, Lang::Ja);
        for (field, value) in [
            ("accepted", json!(false)),
            ("hop", json!("blackhole")),
            ("initiator", json!(Initiator::Us)),
            ("initiator", json!(Initiator::Them)),
            ("status", json!("pending-certificate")),
            ("revocation", json!({ "crl": null, "ocsp": null })),
        ] {
            let said = names.inline(field, &value);
            assert!(!said.is_ascii(), "{field}: {said}");
        }
    }

    #[test]
    fn ids_are_short_and_foreign_ones_whole() {
        assert_eq!(short_id("vpc-0a1b2c3d4e5f67890"), "vpc-0a1b2c3d..");
        assert_eq!(short_id("tgw-rtb-0a1b2c3d4e5f67890|10.0.0.0/8"), "tgw-rtb-0a1b2c3d.. 10.0.0.0/8");
        assert_eq!(short_id("arn:aws:iam::111122223333:role/gcnet/naruto/prod/flow"), "role/gcnet/naruto/prod/flow");
        assert_eq!(short_id("log-group/naruto"), "log-group/naruto");
        assert_eq!(whole_id("vpc-0a1b2c3d4e5f67890").as_deref(), Some("vpc-0a1b2c3d4e5f67890"));
        assert_eq!(whole_id("Z0A1SHARED00000000001|vpc-0a1b2c3d4e5f67890"), None);
    }

    #[test]
    fn one_action_is_no_actions() {
        let policy = |actions: &[&str]| json!({"Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]});
        let summary = |actions: &[&str]| policy_summary(&policy(actions), Lang::En).remove(0);
        assert_eq!(summary(&["s3:GetObject"]), "Allow 1 action on *");
        assert_eq!(summary(&["s3:GetObject", "s3:PutObject"]), "Allow 2 actions on *");
    }

    #[test]
    fn a_policy_is_one_element_an_action() {
        let policy = json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": ["ec2:CreateVpc", "ec2:DeleteVpc"], "Resource": ["*"],
             "Condition": {"Bool": {"aws:MultiFactorAuthPresent": ["true"]}}}]});
        let elements = statements(policy.as_object().unwrap());
        assert_eq!(
            elements.into_iter().collect::<Vec<_>>(),
            [
                "Allow ec2:CreateVpc on * if aws:MultiFactorAuthPresent Bool true",
                "Allow ec2:DeleteVpc on * if aws:MultiFactorAuthPresent Bool true"
            ]
        );
    }
}
