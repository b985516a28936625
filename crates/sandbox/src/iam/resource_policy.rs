//! Policies that are attached to resources, such as buckets.
//!
//! DOC (IAM user guide, "AWS JSON policy elements: Principal", "Cross-account policy evaluation logic").

use crate::account::Caller;
use crate::clock::Moment;
use crate::error::Result;
use crate::iam::document::{Document, Effect, Principal, Statement, Use};
use crate::iam::evaluate::{Context, Decision, decide, names_of};
use crate::iam::principal;
use crate::store::State;
use crate::wildcard;

/// A policy that says who may do what with the resource that it is attached to.
#[derive(Debug)]
pub(crate) struct ResourcePolicy(Document);

/// Who wants to do something.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Asker<'a> {
    /// With credentials of its own.
    Caller(&'a Caller),
    /// An AWS service in its own name: `acm-pca.amazonaws.com`.
    Service(&'a str),
}

/// What a statement is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'a> {
    /// Patterns; those of `NotAction` too.
    pub actions: &'a [String],
    /// Patterns; those of `NotResource` too.
    pub resources: &'a [String],
    /// Whether patterns say what is meant and not what is left out.
    pub is_plain: bool,
}

impl ResourcePolicy {
    /// Reads a policy that the resource's owner writes.
    ///
    /// # Errors
    ///
    /// `MalformedPolicyDocument`, which services give a code of their own.
    pub fn parse(text: &str) -> Result<Self> {
        Document::parse(text, Use::Resource).map(Self)
    }

    /// Refuses principals that do not exist.
    pub fn check_principals(&self, state: &State, owner: &str, now: Moment) -> Result<()> {
        principal::check(state, owner, &self.0, now)
    }

    /// What it says about an action on the resource with this ARN.
    pub fn decide(&self, asker: Asker<'_>, action: &str, arn: &str, context: &Context) -> Decision {
        decide(std::slice::from_ref(&self.0), |statement| {
            statement.names(asker)
                && statement.covers_action(action)
                && statement.covers_resource(arn)
                && statement.holds(context)
        })
    }

    /// What each statement is about.
    pub fn scopes(&self) -> impl Iterator<Item = Scope<'_>> {
        self.0.statements().iter().map(|statement| {
            let actions = statement.action.as_ref().or(statement.not_action.as_ref());
            let resources = statement.resource.as_ref().or(statement.not_resource.as_ref());
            Scope {
                actions: actions.map_or(&[], |all| all.all()),
                resources: resources.map_or(&[], |all| all.all()),
                is_plain: statement.action.is_some() && statement.resource.is_some(),
            }
        })
    }

    /// Whether it lets anybody in. `fixing` are the condition keys, in lower case, that a statement for everybody may be
    /// narrowed by: to values without wildcards.
    pub fn is_public(&self, fixing: &[&str]) -> bool {
        self.0.statements().iter().any(|statement| {
            statement.effect == Effect::Allow && statement.is_for_everybody() && !statement.is_narrowed(fixing)
        })
    }
}

impl Statement {
    fn names(&self, asker: Asker<'_>) -> bool {
        let named = |principal: &Principal| match (principal, asker) {
            (Principal::Any(_), _) => true,
            (Principal::Kinds(kinds), Asker::Caller(caller)) => {
                let names = names_of(caller);
                has(kinds.get("AWS"), |name| names.iter().any(|one| one == name))
            }
            (Principal::Kinds(kinds), Asker::Service(service)) => {
                has(kinds.get("AWS"), |name| name == "*") || has(kinds.get("Service"), |name| name == service)
            }
        };
        self.principal.as_ref().is_some_and(named) || self.not_principal.as_ref().is_some_and(|none| !named(none))
    }

    pub(super) fn covers_resource(&self, arn: &str) -> bool {
        let listed = |all: &super::document::OneOrMany<String>| has(Some(all), |one| wildcard::matches(one, arn, None));
        self.resource.as_ref().is_some_and(listed) || self.not_resource.as_ref().is_some_and(|none| !listed(none))
    }

    fn is_for_everybody(&self) -> bool {
        match &self.principal {
            Some(Principal::Any(_)) => true,
            Some(Principal::Kinds(kinds)) => has(kinds.get("AWS"), |name| name == "*"),
            None => true,
        }
    }

    fn is_narrowed(&self, fixing: &[&str]) -> bool {
        let plain = |operator: &str| {
            matches!(
                operator.to_ascii_lowercase().as_str(),
                "stringequals" | "stringequalsignorecase" | "stringlike" | "arnequals" | "arnlike" | "ipaddress"
            )
        };
        let tests = self.condition.iter().filter(|(operator, _)| plain(operator)).flat_map(|(_, keys)| keys);
        let mut fixed = tests.filter(|(key, _)| fixing.contains(&key.to_ascii_lowercase().as_str()));
        fixed.any(|(_, values)| {
            let open = |value: String| value.contains(['*', '?']) || value.ends_with("/0");
            !values.all().iter().any(|value| open(value.text()))
        })
    }
}

fn has(names: Option<&super::document::OneOrMany<String>>, is: impl Fn(&str) -> bool) -> bool {
    names.is_some_and(|names| names.all().iter().any(|name| is(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CA: &str = "acm-pca.amazonaws.com";

    fn policy(statements: &str) -> ResourcePolicy {
        ResourcePolicy::parse(&format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#)).unwrap()
    }

    #[test]
    fn a_service_is_let_in_for_its_source_only() {
        let policy = policy(
            r#"{"Effect":"Allow","Principal":{"Service":"acm-pca.amazonaws.com"},"Action":["s3:PutObject"],
            "Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],"Condition":{
            "StringEquals":{"aws:SourceAccount":"1"},"ArnLike":{"aws:SourceArn":"arn:ca:1:*"}}}"#,
        );
        let context = |account: &str, arn: &str| {
            let pairs = [("aws:sourceaccount", account), ("aws:sourcearn", arn)];
            Context::from(pairs.map(|(key, value)| (key.to_owned(), value.to_owned())))
        };
        let good = context("1", "arn:ca:1:a");
        for (asker, action, arn, context, expected) in [
            (CA, "s3:PutObject", "arn:aws:s3:::b/x", &good, Decision::Allowed),
            (CA, "s3:GetObject", "arn:aws:s3:::b/x", &good, Decision::NotAllowed),
            (CA, "s3:PutObject", "arn:aws:s3:::c/x", &good, Decision::NotAllowed),
            (CA, "s3:PutObject", "arn:aws:s3:::b/x", &context("2", "arn:ca:1:a"), Decision::NotAllowed),
            (CA, "s3:PutObject", "arn:aws:s3:::b/x", &context("1", "arn:ca:2:a"), Decision::NotAllowed),
            (CA, "s3:PutObject", "arn:aws:s3:::b/x", &Context::new(), Decision::NotAllowed),
            ("logs.amazonaws.com", "s3:PutObject", "arn:aws:s3:::b/x", &good, Decision::NotAllowed),
        ] {
            let decided = policy.decide(Asker::Service(asker), action, arn, context);
            assert_eq!(decided, expected, "{asker} {action} {arn} {context:?}");
        }
    }

    #[test]
    fn what_lets_anybody_in_is_public() {
        let keys = ["aws:sourceaccount", "aws:sourceip"];
        let statement = |principal: &str, condition: &str| {
            format!(r#"{{"Effect":"Allow",{principal},"Action":"s3:*","Resource":"*","Condition":{{{condition}}}}}"#)
        };
        let everybody = r#""Principal":"*""#;
        for (principal, condition, expected) in [
            (everybody, "", true),
            (r#""Principal":{"AWS":["*"]}"#, "", true),
            (r#""NotPrincipal":{"AWS":"111122223333"}"#, "", true),
            (r#""Principal":{"AWS":"111122223333"}"#, "", false),
            (r#""Principal":{"Service":"acm-pca.amazonaws.com"}"#, "", false),
            (everybody, r#""StringEquals":{"aws:SourceAccount":"1"}"#, false),
            (everybody, r#""StringLike":{"aws:SourceAccount":"1*"}"#, true),
            (everybody, r#""StringNotEquals":{"aws:SourceAccount":"1"}"#, true),
            (everybody, r#""StringEquals":{"aws:UserAgent":"x"}"#, true),
            (everybody, r#""IpAddress":{"aws:SourceIp":"0.0.0.0/0"}"#, true),
            (everybody, r#""IpAddress":{"aws:SourceIp":"192.0.2.0/24"}"#, false),
        ] {
            assert_eq!(policy(&statement(principal, condition)).is_public(&keys), expected, "{principal} {condition}");
        }
        assert!(!policy(&statement(everybody, "").replace("Allow", "Deny")).is_public(&keys));
    }
}
