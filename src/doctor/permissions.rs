//! What simulations say of the calls that gcnet makes.
//!
//! Each service is asked about with an ARN of a name of ours where it knows names, and with `*` elsewhere. A policy that names
//! narrower resources is not seen by that: only what is denied, and what nobody may even read, is certain.

use std::collections::{BTreeMap, BTreeSet};

use gcnet_aws::{
    KINDS,
    doctor::{Decision, Simulated},
    kinds::{Bucket, LogGroup},
    lease,
};
use gcnet_core::{Desired, Failure};
use serde_json::Value;

use super::{Check, Finding, Level};
use crate::{
    blueprint::{self, rights},
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

/// Calls to simulate by resource: all that `gcnet permissions CITY --for apply` prints. What is done in other companies'
/// accounts is done with their roles, and asked there.
pub fn questions(municipality: &Municipality, desired: &Desired) -> BTreeMap<String, Vec<String>> {
    let mut by_resource: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for statement in rights::least(municipality, rights::Doing::Apply).statements() {
        for action in statement["Action"].as_array().into_iter().flatten().filter_map(|action| action.as_str()) {
            if action != rights::ASSUME {
                by_resource.entry(resource(municipality, desired, action, statement)).or_default().push(action.into());
            }
        }
    }
    by_resource
}

fn reads() -> BTreeSet<&'static str> {
    KINDS.0.iter().flat_map(|kind| kind.calls().observe).copied().collect()
}

/// Something of ours that the action could be meant for, of what the statement allows it on.
fn resource(municipality: &Municipality, desired: &Desired, action: &str, statement: &Value) -> String {
    let (account, region) = (municipality.accounts.network.id.to_string(), municipality.region.value.as_str());
    let stack = &desired.stack;
    let bucket = || format!("arn:aws:s3:::{}", Bucket::named(stack, "ca", &account));
    match action.split_once(':').unwrap_or_default() {
        _ if reads().contains(action) => "*".into(),
        ("iam", "CreateServiceLinkedRole") => {
            let role = "transitgateway.amazonaws.com/AWSServiceRoleForVPCTransitGateway";
            format!("arn:aws:iam::{account}:role/aws-service-role/{role}")
        }
        ("iam", _) => format!("arn:aws:iam::{account}:role{}gcnet-doctor", blueprint::roles_path(stack)),
        ("logs", _) if rights::VENDED_LOGS.contains(&action) => "*".into(),
        ("logs", name) => {
            let group = LogGroup::arn(region, &account, &LogGroup::path(stack, "doctor"));
            if name == "PutLogEvents" { format!("{group}:log-stream:doctor") } else { group }
        }
        // The bucket may be somebody else's.
        ("s3", name) if name.contains("Object") => match statement["Resource"].as_array().map(Vec::as_slice) {
            Some([Value::String(objects)]) => objects.replace('*', "doctor"),
            _ => format!("{}/doctor", bucket()),
        },
        ("s3", _) => bucket(),
        ("ssm", _) => lease::arn(region, &account, stack),
        _ => "*".into(),
    }
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
    let mut missing: Vec<Missing> = missing.collect();
    missing.sort();
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
        let asked = questions(file, &blueprint::wish(file).desired);
        let matches = |pattern: &str, resource: &str| {
            let pieces: Vec<&str> = pattern.split('*').collect();
            resource.starts_with(pieces[0]) && resource.ends_with(pieces[pieces.len() - 1])
        };
        let policy = rights::least(file, rights::Doing::Apply);
        for statement in policy.statements() {
            let patterns = statement["Resource"].as_array().unwrap();
            for action in statement["Action"].as_array().unwrap() {
                let action = action.as_str().unwrap();
                let on = asked.iter().find(|(_, actions)| actions.iter().any(|asked| asked == action));
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
