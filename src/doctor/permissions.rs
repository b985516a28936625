//! What simulations say of the calls that gcnet makes.
//!
//! What is asked is what the least policy of an apply allows, so that the two cannot differ: each action with an ARN of a name of
//! ours where its statement names resources, and with `*` elsewhere. A policy that names narrower resources is not seen by that:
//! only what is denied, and what nobody may even read, is certain.

use std::collections::{BTreeMap, BTreeSet};

use gcnet_aws::{
    KINDS,
    doctor::{Decision, Simulated},
};
use gcnet_core::Failure;
use serde_json::Value;

use super::{Check, Finding, Level};
use crate::{
    blueprint::rights::{self, Doing},
    config::schema::Municipality,
};

/// A call that is not simply allowed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missing {
    /// `ec2:CreateVpc`
    pub action: String,
    /// Which policy is against it.
    pub why: Why,
    /// A plan needs it too.
    pub is_read: bool,
}

/// What keeps a call from being made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// No policy allows it on what was tried.
    NotAllowed,
    /// A policy of the caller denies it.
    Denied,
    /// A service control policy or a permissions boundary is against it.
    Guardrail,
    /// Conditions ask for what only a real call has.
    Depends,
}

/// Calls to simulate by resource: all that an apply with this file may make, but the roles of other companies, which are tried.
pub fn questions(municipality: &Municipality) -> BTreeMap<String, BTreeSet<String>> {
    let texts = |value: &Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(|text| Some(text.as_str()?.to_string())).collect()
    };
    let mut by_resource: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for statement in rights::least(municipality, Doing::Apply).statements() {
        let resources = texts(&statement["Resource"]);
        for action in texts(&statement["Action"]).into_iter().filter(|action| action != rights::ASSUME) {
            by_resource.entry(example(&action, &resources)).or_default().insert(action);
        }
    }
    by_resource
}

fn reads() -> BTreeSet<&'static str> {
    KINDS.0.iter().flat_map(|kind| kind.calls().observe).copied().collect()
}

/// Something that one of the patterns of a statement matches and the action could be meant for.
fn example(action: &str, patterns: &[String]) -> String {
    let fits = |pattern: &&String| match action.split_once(':').unwrap_or_default() {
        ("iam", "CreateServiceLinkedRole") => pattern.contains(":role/aws-service-role/transitgateway"),
        ("iam", _) => !pattern.contains(":role/aws-service-role/"),
        ("logs", name) => pattern.ends_with(":*") == (name == "PutLogEvents"),
        ("s3", name) => pattern.ends_with("/*") == name.contains("Object"),
        _ => true,
    };
    let pattern = patterns.iter().find(fits).or(patterns.first()).map_or("*", String::as_str);
    if pattern == "*" {
        return "*".into();
    }
    let pattern = match action {
        "iam:CreateServiceLinkedRole" => pattern.replace("/*", "/AWSServiceRoleForVPCTransitGateway"),
        "logs:PutLogEvents" => pattern.replace(":*", ":log-stream:doctor"),
        _ => pattern.replace("/*", "/doctor"),
    };
    // A bucket has no other name.
    pattern.replace('*', if action.starts_with("s3:") { "ca" } else { "gcnet-doctor" })
}

/// Judges the answers. Nobody's plan works without the reads; writes may belong to another role.
pub fn judge(simulated: Result<Vec<Simulated>, Option<Failure>>) -> Check {
    let simulated = match simulated {
        Ok(simulated) => simulated,
        Err(failure) => return Check::new(Level::Yellow, Finding::NotSimulated(failure)),
    };
    let reads = reads();
    let of = simulated.len();
    let missing = simulated.into_iter().filter_map(|Simulated { action, decision }| {
        let why = match decision {
            Decision::Allowed => return None,
            Decision::NotAllowed => Why::NotAllowed,
            Decision::Denied => Why::Denied,
            Decision::Guardrail => Why::Guardrail,
            Decision::Depends => Why::Depends,
        };
        let is_read = reads.contains(action.as_str());
        Some(Missing { action, why, is_read })
    });
    // In order, and each once: an action may be asked about with two resources.
    let missing: Vec<Missing> = missing.collect::<BTreeSet<_>>().into_iter().collect();
    let level = |missing: &Missing| match missing.why {
        Why::Depends => Level::Green,
        Why::NotAllowed if !missing.is_read => Level::Yellow,
        Why::NotAllowed | Why::Denied | Why::Guardrail => Level::Red,
    };
    let worst = missing.iter().map(level).max().unwrap_or(Level::Green);
    Check::new(worst, Finding::Permissions { of, missing })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::Fleet;

    fn level(action: &str, decision: Decision) -> Level {
        judge(Ok(vec![Simulated { action: action.into(), decision }])).level
    }

    #[test]
    fn what_is_denied_or_cannot_be_read_is_red() {
        for (action, decision, expected) in [
            ("ec2:CreateVpc", Decision::Allowed, Level::Green),
            ("ec2:CreateVpc", Decision::NotAllowed, Level::Yellow),
            ("ec2:CreateVpc", Decision::Denied, Level::Red),
            ("ec2:CreateVpc", Decision::Guardrail, Level::Red),
            ("acm-pca:IssueCertificate", Decision::Depends, Level::Green),
            ("ec2:DescribeVpcs", Decision::NotAllowed, Level::Red),
        ] {
            assert_eq!(level(action, decision), expected, "{action} {decision:?}");
        }
        assert_eq!(judge(Err(None)).level, Level::Yellow);
    }

    /// On something that the policy names: a question about anything else would be answered for another run.
    #[test]
    fn all_that_an_apply_takes_is_asked() {
        let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("municipalities");
        let fleet = Fleet::load(&files).unwrap();
        let file = &fleet.city("naruto").unwrap().config;
        let asked = questions(file);
        let matches = |pattern: &str, resource: &str| {
            let pieces: Vec<&str> = pattern.split('*').collect();
            resource.starts_with(pieces[0]) && resource.ends_with(pieces[pieces.len() - 1])
        };
        let policy = rights::least(file, Doing::Apply);
        for statement in policy.statements() {
            let patterns = statement["Resource"].as_array().unwrap();
            for action in statement["Action"].as_array().unwrap() {
                let action = action.as_str().unwrap();
                let on = asked.iter().find(|(_, actions)| actions.contains(action));
                if action == rights::ASSUME {
                    assert_eq!(on, None);
                    continue;
                }
                let (on, _) = on.unwrap_or_else(|| panic!("{action} is not asked"));
                assert!(patterns.iter().any(|pattern| matches(pattern.as_str().unwrap(), on)), "{action} on {on}");
            }
        }
        assert!(asked.contains_key("arn:aws:ssm:ap-northeast-1:100000000002:parameter/gcnet/naruto/prod/lease"));
    }
}
