//! Policy documents: the grammar of the IAM policy language, and what each use of it forbids.
//!
//! DOC (IAM user guide, "Grammar of the IAM JSON policy language"). What AWS refuses, it refuses with
//! `MalformedPolicyDocument`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::error::{AwsError, Result};

/// Where a document is attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// To a role, as what it may do.
    Identity,
    /// To a role, as who may assume it.
    Trust,
    /// To a resource, as who may do what with it.
    Resource,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Document {
    version: Option<String>,
    #[serde(rename = "Id")]
    _id: Option<String>,
    statement: OneOrMany<Statement>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Statement {
    sid: Option<String>,
    pub effect: Effect,
    pub principal: Option<Principal>,
    pub not_principal: Option<Principal>,
    pub action: Option<OneOrMany<String>>,
    pub not_action: Option<OneOrMany<String>>,
    pub resource: Option<OneOrMany<String>>,
    pub not_resource: Option<OneOrMany<String>>,
    #[serde(default)]
    pub condition: Condition,
}

/// Values by key by operator.
pub(super) type Condition = BTreeMap<String, BTreeMap<String, OneOrMany<Scalar>>>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum Effect {
    Allow,
    Deny,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    pub fn all(&self) -> &[T] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

/// `"*"`, or names by kind.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Principal {
    Any(String),
    Kinds(BTreeMap<String, OneOrMany<String>>),
}

/// A value of a condition: JSON's numbers and booleans stand for their text.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Scalar {
    Text(String),
    Bool(bool),
    Number(serde_json::Number),
}

impl Scalar {
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Bool(on) => on.to_string(),
            Self::Number(number) => number.to_string(),
        }
    }
}

/// DOC (IAM user guide, "Condition operators"); all but `Null` may end in `IfExists`.
static OPERATORS: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
];

impl Document {
    /// Reads a document and checks it for its use.
    pub fn parse(text: &str, place: Use) -> Result<Self> {
        let document: Self = serde_json::from_str(text).map_err(|_| malformed("Syntax errors in policy."))?;
        if !matches!(document.version.as_deref(), None | Some("2012-10-17" | "2008-10-17")) {
            return Err(malformed("The policy must contain a valid version string"));
        }
        if document.statements().is_empty() {
            return Err(malformed("Syntax errors in policy."));
        }
        let mut sids = BTreeSet::new();
        for statement in document.statements() {
            if let Some(sid) = &statement.sid {
                if !sid.bytes().all(|b| b.is_ascii_alphanumeric()) {
                    return Err(malformed("Statement IDs (SID) must be alpha-numeric: [0-9A-Za-z]*"));
                }
                if !sids.insert(sid) {
                    return Err(malformed("Statement IDs (SID) in a single policy must be unique."));
                }
            }
            statement.check(place)?;
        }
        Ok(document)
    }

    /// A document that allows some actions on everything.
    pub fn allowing(actions: &[&str]) -> Self {
        let statement = Statement {
            sid: None,
            effect: Effect::Allow,
            principal: None,
            not_principal: None,
            action: Some(OneOrMany::Many(actions.iter().map(|action| (*action).to_owned()).collect())),
            not_action: None,
            resource: Some(OneOrMany::One("*".to_owned())),
            not_resource: None,
            condition: Condition::new(),
        };
        Self { version: None, _id: None, statement: OneOrMany::One(statement) }
    }

    pub fn statements(&self) -> &[Statement] {
        self.statement.all()
    }

    /// What counts towards the quotas: characters that are not whitespace.
    pub fn size(text: &str) -> usize {
        text.chars().filter(|c| !c.is_whitespace()).count()
    }
}

impl Statement {
    fn check(&self, place: Use) -> Result<()> {
        let actions = match (&self.action, &self.not_action) {
            (Some(actions), None) | (None, Some(actions)) => actions.all(),
            _ => return Err(malformed("Policy statement must contain actions.")),
        };
        if actions.is_empty() {
            return Err(malformed("Policy statement must contain actions."));
        }
        for action in actions {
            check_action(action, place)?;
        }
        match place {
            Use::Identity => self.check_identity()?,
            Use::Trust => self.check_trust()?,
            Use::Resource => self.check_resource()?,
        }
        self.condition.iter().try_for_each(|(operator, keys)| check_condition(operator, keys))
    }

    fn check_identity(&self) -> Result<()> {
        if self.principal.is_some() || self.not_principal.is_some() {
            return Err(malformed("Policy document should not specify a principal."));
        }
        self.check_resources()
    }

    /// Who is named in it is checked elsewhere: [`super::principal`].
    fn check_resource(&self) -> Result<()> {
        match (&self.principal, &self.not_principal) {
            (Some(Principal::Any(name)), None) | (None, Some(Principal::Any(name))) if name != "*" => {
                Err(malformed(format!("Invalid principal in policy: \"{name}\"")))
            }
            (Some(_), None) | (None, Some(_)) => self.check_resources(),
            (None, None) => Err(malformed("Missing required field Principal")),
            (Some(_), Some(_)) => Err(malformed("Principal and NotPrincipal exclude each other")),
        }
    }

    fn check_resources(&self) -> Result<()> {
        let resources = match (&self.resource, &self.not_resource) {
            (Some(resources), None) | (None, Some(resources)) => resources.all(),
            _ => return Err(malformed("Policy statement must contain resources.")),
        };
        if resources.is_empty() {
            return Err(malformed("Policy statement must contain resources."));
        }
        // arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE
        let shaped = |text: &&String| *text == "*" || (text.starts_with("arn:") && text.splitn(6, ':').count() == 6);
        match resources.iter().find(|resource| !shaped(resource)) {
            Some(odd) => Err(malformed(format!("Resource {odd} must be in ARN format or \"*\"."))),
            None => Ok(()),
        }
    }

    fn check_trust(&self) -> Result<()> {
        if self.resource.is_some() || self.not_resource.is_some() {
            return Err(malformed("Has prohibited field Resource"));
        }
        if self.not_principal.is_some() {
            return Err(malformed("Has prohibited field NotPrincipal"));
        }
        match &self.principal {
            None => Err(malformed("Missing required field Principal")),
            Some(Principal::Any(star)) if star != "*" => {
                Err(malformed(format!("Invalid principal in policy: \"{star}\"")))
            }
            Some(_) => Ok(()),
        }
    }
}

fn check_action(action: &str, place: Use) -> Result<()> {
    if action == "*" && place != Use::Trust {
        return Ok(());
    }
    let Some((vendor, name)) = action.split_once(':') else {
        return Err(malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."));
    };
    let vendor_named = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let action_named = |c: char| c.is_ascii_alphanumeric() || "*?-".contains(c);
    if vendor.is_empty() || !vendor.chars().all(vendor_named) {
        return Err(malformed(format!("Vendor {vendor} is not valid")));
    }
    if name.is_empty() || !name.chars().all(action_named) {
        return Err(malformed(format!("Action {action} is not valid")));
    }
    if place == Use::Trust && !vendor.eq_ignore_ascii_case("sts") {
        return Err(malformed("AssumeRole policy may only specify STS AssumeRole actions."));
    }
    Ok(())
}

fn check_condition(operator: &str, keys: &BTreeMap<String, OneOrMany<Scalar>>) -> Result<()> {
    let set = ["ForAllValues:", "ForAnyValue:"].iter().find_map(|set| operator.strip_prefix(set));
    let plain = set.unwrap_or(operator);
    let plain = plain.strip_suffix("IfExists").unwrap_or(plain);
    let known = OPERATORS.iter().any(|known| known.eq_ignore_ascii_case(plain));
    if !known && !operator.eq_ignore_ascii_case("Null") {
        return Err(malformed(format!("Invalid Condition type : {operator}.")));
    }
    let unprefixed = |key: &&String| !key.contains(':');
    if keys.keys().any(|key| unprefixed(&key)) {
        return Err(malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."));
    }
    if keys.is_empty() || keys.values().any(|values| values.all().is_empty()) {
        return Err(malformed("Syntax errors in policy."));
    }
    Ok(())
}

pub(super) fn malformed(message: impl Into<String>) -> AwsError {
    AwsError::new("MalformedPolicyDocument", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(statement: &str, place: Use) -> String {
        let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#);
        let error = Document::parse(&text, place).unwrap_err();
        assert_eq!(error.code, "MalformedPolicyDocument");
        error.message
    }

    #[test]
    fn the_grammar_is_checked() {
        for (statement, place, said) in [
            (r#"{"Effect":"Maybe","Action":"a:b","Resource":"*"}"#, Use::Identity, "Syntax"),
            (r#"{"Effect":"Allow","Action":"a:b","Resource":"*","Colour":"red"}"#, Use::Identity, "Syntax"),
            (r#"{"Effect":"Allow","Effect":"Deny","Action":"a:b","Resource":"*"}"#, Use::Identity, "Syntax"),
            (r#"{"Effect":"Allow","Resource":"*"}"#, Use::Identity, "actions"),
            (r#"{"Effect":"Allow","Action":"a:b","NotAction":"a:c","Resource":"*"}"#, Use::Identity, "actions"),
            (r#"{"Effect":"Allow","Action":"CreateVpc","Resource":"*"}"#, Use::Identity, "vendor"),
            (r#"{"Effect":"Allow","Action":"ec2:Create Vpc","Resource":"*"}"#, Use::Identity, "not valid"),
            (r#"{"Effect":"Allow","Action":"ec2:*"}"#, Use::Identity, "resources"),
            (r#"{"Effect":"Allow","Action":"ec2:*","Resource":"vpc-1"}"#, Use::Identity, "ARN format"),
            (r#"{"Effect":"Allow","Action":"ec2:*","Resource":"*","Principal":"*"}"#, Use::Identity, "principal"),
            (
                r#"{"Effect":"Allow","Action":"ec2:*","Resource":"*","Condition":{"StringSame":{"a:b":"c"}}}"#,
                Use::Identity,
                "StringSame",
            ),
            (r#"{"Effect":"Allow","Action":"sts:AssumeRole"}"#, Use::Trust, "Principal"),
            (r#"{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*","Resource":"*"}"#, Use::Trust, "Resource"),
            (r#"{"Effect":"Allow","Action":"ec2:CreateVpc","Principal":"*"}"#, Use::Trust, "STS AssumeRole"),
            (r#"{"Effect":"Allow","Action":"*","Principal":"*"}"#, Use::Trust, "vendor"),
        ] {
            let message = refused(statement, place);
            assert!(message.contains(said), "{statement}: {message}");
        }
        let twice = r#"{"Sid":"A","Effect":"Allow","Action":"a:b","Resource":"*"}"#;
        assert!(refused(&format!("{twice},{twice}"), Use::Identity).contains("unique"));
    }

    #[test]
    fn one_may_stand_for_a_list_of_one() {
        let text = r#"{"Statement":{"Effect":"Allow","NotAction":"iam:*","NotResource":"arn:aws:ec2:*:*:vpc/*",
            "Condition":{"ForAllValues:StringLikeIfExists":{"aws:TagKeys":["gcnet:*",true,1]}}}}"#;
        assert_eq!(Document::parse(text, Use::Identity).unwrap().statements().len(), 1);
        assert_eq!(Document::size("{ \"a\" :\n\t1 }"), 7);
        for text in ["", "[]", r#"{"Statement":[]}"#, r#"{"Version":"2020-01-01","Statement":[]}"#] {
            assert!(Document::parse(text, Use::Identity).is_err(), "{text}");
        }
    }
}
