//! IAM policy documents in one canonical form, so that `==` is the comparison.
//!
//! AWS gives back what was written, but people, consoles and other tools write one policy in many ways. The rules are
//! those of the IAM policy grammar: one element or a list of one, order and repetition in lists, case of actions and
//! condition operators, an account id or its root ARN.

use std::fmt;

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// A policy document, sorted, with the case of its words as written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "Value", into = "Value")]
pub struct Policy(Value);

impl PartialEq for Policy {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0 || canonical(self.0.clone(), Case::Folded) == canonical(other.0.clone(), Case::Folded)
    }
}
impl Eq for Policy {}

/// What to do with the case of actions, condition operators and condition keys, which means nothing.
#[derive(Clone, Copy, PartialEq)]
enum Case {
    /// For people, and for AWS.
    Kept,
    /// For comparing.
    Folded,
}

impl Case {
    fn of(self, text: String) -> String {
        if self == Case::Folded { text.to_ascii_lowercase() } else { text }
    }
}

/// A text that is no policy document.
#[derive(Debug, thiserror::Error)]
#[error("not a policy document: {0}")]
pub struct InvalidPolicy(#[from] serde_json::Error);

impl Policy {
    /// Reads a document as IAM returns it: percent-encoded JSON.
    ///
    /// # Errors
    /// It is no JSON.
    pub fn from_wire(text: &str) -> Result<Self, InvalidPolicy> {
        let decoded = percent_decode_str(text).decode_utf8_lossy();
        Ok(Policy::from(serde_json::from_str::<Value>(&decoded)?))
    }

    /// Some statements, in the current policy language.
    pub fn new(statements: Vec<Value>) -> Self {
        Policy::from(json!({ "Version": "2012-10-17", "Statement": statements }))
    }

    /// One statement that allows some actions on some resources.
    pub fn allow(actions: &[&str], resources: &[&str]) -> Self {
        Policy::new(vec![json!({ "Effect": "Allow", "Action": actions, "Resource": resources })])
    }

    /// Its statements, each with its actions and resources as lists.
    pub fn statements(&self) -> &[Value] {
        self.0["Statement"].as_array().map_or(&[], Vec::as_slice)
    }

    /// Its length as AWS counts it: without whitespace.
    pub fn characters(&self) -> usize {
        self.to_string().chars().filter(|c| !c.is_whitespace()).count()
    }

    /// A trust policy for an AWS service.
    pub fn trust_service(service: &str) -> Self {
        Policy::new(vec![json!({ "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "Service": service } })])
    }
}

impl From<Value> for Policy {
    fn from(document: Value) -> Self {
        Policy(canonical(document, Case::Kept))
    }
}

impl From<Policy> for Value {
    fn from(policy: Policy) -> Value {
        policy.0
    }
}

/// As JSON, without spaces.
impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn canonical(document: Value, case: Case) -> Value {
    let Value::Object(mut document) = document else { return document };
    // A document without a version speaks the old language, in which variables are plain text.
    document.entry("Version").or_insert_with(|| "2008-10-17".into());
    if let Some(statements) = document.remove("Statement") {
        document.insert("Statement".into(), set(list(statements).into_iter().map(|value| statement(value, case))));
    }
    Value::Object(document)
}

fn statement(value: Value, case: Case) -> Value {
    let Value::Object(members) = value else { return value };
    let action = |value: Value| match value {
        Value::String(text) => case.of(text).into(),
        value => value,
    };
    let member = |(key, value): (String, Value)| {
        let value = match key.as_str() {
            "Action" | "NotAction" => set(list(value).into_iter().map(action)),
            "Resource" | "NotResource" => set(list(value)),
            "Principal" | "NotPrincipal" => principal(value),
            "Condition" => condition(value, case),
            _ => value,
        };
        (key, value)
    };
    Value::Object(members.into_iter().map(member).collect())
}

/// `"*"` and `{"AWS": "*"}` are one in an Allow, but not in a Deny: kept as written.
fn principal(value: Value) -> Value {
    let Value::Object(kinds) = value else { return value };
    let kind = |(kind, names): (String, Value)| {
        let names = list(names).into_iter();
        let names = if kind == "AWS" { set(names.map(root_arn)) } else { set(names) };
        (kind, names)
    };
    Value::Object(kinds.into_iter().map(kind).collect())
}

fn root_arn(name: Value) -> Value {
    match name.as_str() {
        Some(account) if account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit()) => {
            format!("arn:aws:iam::{account}:root").into()
        }
        _ => name,
    }
}

/// Values are lists of strings.
fn condition(value: Value, case: Case) -> Value {
    let Value::Object(operators) = value else { return value };
    let text = |value: Value| match value {
        Value::Bool(on) => on.to_string().into(),
        Value::Number(number) => number.to_string().into(),
        value => value,
    };
    let operator = |(operator, keys): (String, Value)| {
        let Value::Object(keys) = keys else { return (case.of(operator), keys) };
        let keys: Map<String, Value> =
            keys.into_iter().map(|(key, values)| (case.of(key), set(list(values).into_iter().map(text)))).collect();
        (case.of(operator), Value::Object(keys))
    };
    Value::Object(operators.into_iter().map(operator).collect())
}

fn list(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        one => vec![one],
    }
}

/// Sorted and without repetition.
fn set(items: impl IntoIterator<Item = Value>) -> Value {
    let mut items: Vec<Value> = items.into_iter().collect();
    items.sort_by_key(Value::to_string);
    items.dedup();
    Value::Array(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: Value, b: Value) -> bool {
        Policy::from(a) == Policy::from(b)
    }

    #[test]
    fn one_policy_in_many_spellings_is_one_policy() {
        let plain = json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": ["*"],
            "Principal": {"AWS": ["arn:aws:iam::111122223333:root"]},
            "Condition": {"Bool": {"aws:MultiFactorAuthPresent": ["true"]}}}]});
        let odd = json!({"Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Action": ["S3:putobject", "s3:GetObject", "s3:getobject"], "Resource": "*",
            "Principal": {"AWS": "111122223333"},
            "Condition": {"bool": {"aws:multifactorauthpresent": true}}}});
        assert!(same(plain, odd));
    }

    #[test]
    fn what_means_something_else_differs() {
        let allow = |resource| json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "a:b", "Resource": resource}});
        assert!(!same(allow("*"), allow("arn:aws:s3:::x")));
        assert!(!same(allow("arn:aws:s3:::X"), allow("arn:aws:s3:::x")), "resources are case-sensitive");
        let mut old = allow("*");
        old["Version"] = "2008-10-17".into();
        assert!(!same(old, allow("*")));
    }

    #[test]
    fn the_wire_form_is_percent_encoded() {
        let policy = Policy::from_wire("%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%5D%7D");
        assert_eq!(policy.unwrap(), Policy::new(vec![]));
        assert!(Policy::from_wire("%7B").is_err());
    }
}
