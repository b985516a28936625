//! What policies say about a request: who may assume a role, and what a role may do.
//!
//! DOC (IAM user guide, "Policy evaluation logic" and "Condition operators"). A condition
//! that the sandbox does not simulate is decided against the caller: it never allows and always denies.

use std::collections::{BTreeMap, BTreeSet};

use crate::account::Caller;
use crate::clock::Moment;
use crate::iam::document::{Document, Effect, OneOrMany, Principal, Scalar, Statement, Use};
use crate::iam::{Iam, Role, managed};
use crate::wildcard;

/// The keys of a request that conditions may ask about, in lower case, with their values.
pub(crate) type Context = BTreeMap<String, String>;

/// What policies say together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    Allowed,
    /// No statement allows it.
    NotAllowed,
    /// A statement denies it, whatever others allow.
    Denied,
}

impl Role {
    /// Whether the trust policy lets `caller` assume the role now.
    pub fn trusts(&self, caller: &Caller, context: &Context, now: Moment) -> Decision {
        let names = names_of(caller);
        self.trust(now, context, |kind, name| kind == "AWS" && names.iter().any(|one| one == name))
    }

    /// Whether an AWS service such as `vpc-flow-logs.amazonaws.com` may assume the role now.
    pub fn trusts_service(&self, service: &str, context: &Context, now: Moment) -> bool {
        let decision = self.trust(now, context, |kind, name| kind == "Service" && name == service);
        decision == Decision::Allowed
    }

    fn trust(&self, now: Moment, context: &Context, names: impl Fn(&str, &str) -> bool) -> Decision {
        if !self.is_usable(now) {
            return Decision::NotAllowed;
        }
        let Ok(document) = Document::parse(&self.assume_role_policy, Use::Trust) else {
            return Decision::NotAllowed;
        };
        decide(&[document], |statement| {
            let named = match &statement.principal {
                Some(Principal::Any(_)) => names("AWS", "*"),
                Some(Principal::Kinds(kinds)) => {
                    kinds.iter().any(|(kind, all)| all.all().iter().any(|name| names(kind, name)))
                }
                None => false,
            };
            named && statement.covers_action("sts:AssumeRole") && statement.holds(context)
        })
    }

    /// What the role's own policies say about an action on the resource with this ARN. Where the sandbox does not know which
    /// resource is meant, an Allow counts whatever its resource and a Deny only when it is for all of them.
    pub fn may(&self, iam: &Iam, action: &str, resource: Option<&str>, context: &Context) -> Decision {
        let documents = self.documents(iam);
        decide(&documents, |statement| {
            let everything = || statement.resource.as_ref().is_some_and(|all| all.all().iter().any(|one| one == "*"));
            let there = match resource {
                Some(arn) => statement.covers_resource(arn),
                None => statement.effect == Effect::Allow || everything(),
            };
            there && statement.covers_action(action) && statement.holds(context)
        })
    }
}

impl Role {
    fn documents(&self, iam: &Iam) -> Vec<Document> {
        let inline = self.inline.values().filter_map(|text| Document::parse(text, Use::Identity).ok());
        let attached = self.attached.iter().filter_map(|arn| managed::document(iam, arn));
        inline.chain(attached).collect()
    }

    /// What the role's policies say of an action on a resource, and which keys their conditions ask for that `context` has
    /// not. As AWS, a narrower resource does not cover `*`.
    pub fn simulated(
        &self,
        iam: &Iam,
        action: &str,
        resource: &str,
        context: &Context,
    ) -> (Decision, BTreeSet<String>) {
        let documents = self.documents(iam);
        let applies = |statement: &Statement| statement.covers_resource(resource) && statement.covers_action(action);
        let decision = decide(&documents, |statement| applies(statement) && statement.holds(context));
        let applying = documents.iter().flat_map(Document::statements).filter(|statement| applies(statement));
        let keys = applying.flat_map(Statement::condition_keys);
        (decision, keys.filter(|key| !context.contains_key(&key.to_ascii_lowercase())).collect())
    }

    /// The keys in the conditions of the statements that deny an action.
    pub fn denying_keys(&self, iam: &Iam, action: &str, context: &Context) -> Vec<String> {
        let documents = self.documents(iam);
        let denying = documents.iter().flat_map(Document::statements).filter(|statement| {
            statement.effect == Effect::Deny && statement.covers_action(action) && statement.holds(context)
        });
        let keys: BTreeSet<String> = denying.flat_map(Statement::condition_keys).collect();
        keys.into_iter().collect()
    }
}

/// All that a policy of somebody else's may call the caller.
pub(super) fn names_of(caller: &Caller) -> Vec<String> {
    let account = &caller.account;
    let mut names = vec!["*".to_owned(), account.clone(), format!("arn:aws:iam::{account}:root"), caller.arn.clone()];
    names.extend(caller.role_arn.clone());
    names
}

pub(super) fn decide(documents: &[Document], applies: impl Fn(&Statement) -> bool) -> Decision {
    let applying = documents.iter().flat_map(Document::statements).filter(|statement| applies(statement));
    let mut decision = Decision::NotAllowed;
    for statement in applying {
        match statement.effect {
            Effect::Deny => return Decision::Denied,
            Effect::Allow => decision = Decision::Allowed,
        }
    }
    decision
}

impl Statement {
    pub(super) fn covers_action(&self, action: &str) -> bool {
        let action = action.to_ascii_lowercase();
        let listed = |all: &OneOrMany<String>| {
            all.all().iter().any(|pattern| wildcard::matches(&pattern.to_ascii_lowercase(), &action, None))
        };
        self.action.as_ref().is_some_and(listed) || self.not_action.as_ref().is_some_and(|all| !listed(all))
    }

    fn condition_keys(&self) -> impl Iterator<Item = String> {
        self.condition.values().flat_map(|keys| keys.keys().cloned())
    }

    /// Whether all conditions are met.
    pub(super) fn holds(&self, context: &Context) -> bool {
        let unknown = self.effect == Effect::Deny;
        let mut tests = self.condition.iter().flat_map(|(operator, keys)| keys.iter().map(move |key| (operator, key)));
        tests.all(|(operator, (key, wanted))| {
            let has = context.get(&key.to_ascii_lowercase());
            test(&operator.to_ascii_lowercase(), wanted.all(), has.map(String::as_str)).unwrap_or(unknown)
        })
    }
}

/// One condition; None where the sandbox does not simulate the operator.
fn test(operator: &str, wanted: &[Scalar], has: Option<&str>) -> Option<bool> {
    let wanted: Vec<String> = wanted.iter().map(Scalar::text).collect();
    if operator == "null" {
        return Some(wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case("true") == has.is_none()));
    }
    let (operator, if_exists) = match operator.strip_suffix("ifexists") {
        Some(operator) => (operator, true),
        None => (operator, false),
    };
    // A negated operator holds when the key is missing; `not` stands in no other operator's name.
    let (operator, negated) = match operator.split_once("not") {
        Some((left, right)) => (format!("{left}{right}"), true),
        None => (operator.to_owned(), false),
    };
    let like = |wanted: &str, has: &str| wildcard::matches(wanted, has, None);
    let number = |is: fn(f64, f64) -> bool| {
        move |wanted: &str, has: &str| match (has.parse(), wanted.parse()) {
            (Ok(has), Ok(wanted)) => is(has, wanted),
            _ => false,
        }
    };
    let any = |is: &dyn Fn(&str, &str) -> bool| {
        has.map_or(if_exists || negated, |has| wanted.iter().any(|wanted| is(wanted, has)) != negated)
    };
    Some(match operator.as_str() {
        "stringequals" => any(&|wanted, has| wanted == has),
        "stringequalsignorecase" | "bool" => any(&|wanted, has| wanted.eq_ignore_ascii_case(has)),
        "stringlike" | "arnlike" | "arnequals" => any(&like),
        "numericequals" => any(&number(|has, wanted| has == wanted)),
        "numericlessthan" => any(&number(|has, wanted| has < wanted)),
        "numericlessthanequals" => any(&number(|has, wanted| has <= wanted)),
        "numericgreaterthan" => any(&number(|has, wanted| has > wanted)),
        "numericgreaterthanequals" => any(&number(|has, wanted| has >= wanted)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wants(values: &[&str]) -> Vec<Scalar> {
        values.iter().map(|value| Scalar::Text((*value).to_owned())).collect()
    }

    #[test]
    fn conditions() {
        for (operator, wanted, has, expected) in [
            ("bool", &["true"][..], Some("true"), Some(true)),
            ("bool", &["true"], None, Some(false)),
            ("boolifexists", &["false"], None, Some(true)),
            ("boolifexists", &["false"], Some("true"), Some(false)),
            ("stringequals", &["a", "b"], Some("b"), Some(true)),
            ("stringequals", &["a"], Some("A"), Some(false)),
            ("stringnotequals", &["a", "b"], Some("b"), Some(false)),
            ("stringnotequals", &["a"], None, Some(true)),
            ("stringnotlike", &["a*"], Some("abc"), Some(false)),
            ("arnlike", &["arn:aws:iam::*:role/a"], Some("arn:aws:iam::1:role/a"), Some(true)),
            ("numericlessthan", &["3600"], Some("0"), Some(true)),
            ("numericlessthan", &["3600"], Some("3600"), Some(false)),
            ("numericlessthan", &["3600"], None, Some(false)),
            ("numericnotequals", &["1"], Some("2"), Some(true)),
            ("numericgreaterthanequals", &["x"], Some("2"), Some(false)),
            ("null", &["true"], None, Some(true)),
            ("null", &["true"], Some("x"), Some(false)),
            ("null", &["false"], Some("x"), Some(true)),
            ("ipaddress", &["10.0.0.0/8"], Some("10.0.0.1"), None),
            ("forallvalues:stringequals", &["a"], Some("a"), None),
        ] {
            assert_eq!(test(operator, &wants(wanted), has), expected, "{operator} {wanted:?} {has:?}");
        }
    }

    #[test]
    fn a_deny_wins_and_the_unknown_is_against_the_caller() {
        let read = |text: &str| vec![Document::parse(text, Use::Identity).unwrap()];
        let decision = |text: &str, action: &str| {
            decide(&read(text), |statement| statement.covers_action(action) && statement.holds(&Context::new()))
        };
        let mixed = r#"{"Statement":[{"Effect":"Allow","Action":"ec2:*","Resource":"*"},
            {"Effect":"Deny","Action":"EC2:deletevpc","Resource":"*"}]}"#;
        assert_eq!(decision(mixed, "ec2:CreateVpc"), Decision::Allowed);
        assert_eq!(decision(mixed, "ec2:DeleteVpc"), Decision::Denied);
        assert_eq!(decision(mixed, "iam:CreateRole"), Decision::NotAllowed);
        let from = |effect: &str| {
            format!(
                r#"{{"Statement":[{{"Effect":"{effect}","NotAction":"iam:*","Resource":"*",
                "Condition":{{"IpAddress":{{"aws:SourceIp":"10.0.0.0/8"}}}}}}]}}"#
            )
        };
        assert_eq!(decision(&from("Allow"), "ec2:CreateVpc"), Decision::NotAllowed);
        assert_eq!(decision(&from("Deny"), "ec2:CreateVpc"), Decision::Denied);
    }
}
