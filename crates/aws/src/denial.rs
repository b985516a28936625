//! Refusals for lack of permission: what AWS's words say of them, and what it says more to those who may ask.
//!
//! Words: IAM user guide, "Troubleshoot access denied error messages". The decoded message: STS API reference,
//! DecodeAuthorizationMessage; its members are not modelled, so whatever is missing is simply not known.

use gcnet_core::{Class, Denial, Failure, Sealed};
use serde_json::Value;

use crate::{aws::Aws, read::need};

/// The sorts of policies that AWS names. Those of an organisation and of the account's administrators are guardrails.
const POLICIES: [&str; 7] = [
    "service control policy",
    "resource control policy",
    "permissions boundary",
    "session policy",
    "VPC endpoint policy",
    "identity-based policy",
    "resource-based policy",
];
pub(crate) const GUARDRAILS: [&str; 3] = ["service control policy", "resource control policy", "permissions boundary"];

const ENCODED: &str = "Encoded authorization failure message:";
/// Denials that are asked about in one run: what else was denied was so for much the same reason.
const MOST: usize = 5;
/// Condition keys that are kept.
const KEYS: usize = 8;

/// "… is not authorized to perform: ec2:CreateVpc on resource: arn:… with an explicit deny in a service control policy.
/// Encoded authorization failure message: …"
pub(crate) fn read(message: &str) -> Denial {
    let (words, encoded) = message.split_once(ENCODED).map_or((message, None), |(words, rest)| (words, Some(rest)));
    let resource = words.split_once(" on resource: ").and_then(|(_, rest)| rest.split_whitespace().next());
    let reason = words.find("with an explicit deny").or_else(|| words.find("because no ")).map(|at| &words[at..]);
    Denial {
        resource: resource
            // S3 quotes it.
            .map(|resource| resource.trim_matches(['"', '.']).into())
            .filter(|text: &String| !text.is_empty()),
        policy: reason.and_then(|reason| POLICIES.into_iter().find(|policy| reason.contains(policy)).map(String::from)),
        explicit: words.contains("explicit deny"),
        conditions: vec![],
        sealed: encoded.and_then(|text| text.split_whitespace().next()).map(Sealed::new),
    }
}

/// The words without the encoded message: it is long, nobody can read it, and it tells about policies.
pub(crate) fn without_encoded(message: &str) -> &str {
    message.split(ENCODED).next().unwrap_or(message).trim_end()
}

/// Adds what a decoded message says: its own, or that of another denial of the same call, which was meant for something
/// else. Names of policies and principals in it are left there.
fn add(failure: &mut Failure, decoded: &Value, is_own: bool) {
    let text = |value: &Value| value.as_str().map(String::from);
    let permission = text(&decoded["context"]["action"]);
    let resource = text(&decoded["context"]["resource"]).filter(|_| is_own);
    let statements = decoded["matchedStatements"]["items"].as_array().into_iter().flatten();
    let keys = statements.flat_map(|statement| statement["conditions"]["items"].as_array().into_iter().flatten());
    let mut conditions: Vec<String> = keys.filter_map(|condition| text(&condition["key"])).collect();
    conditions.sort();
    conditions.dedup();
    conditions.truncate(KEYS);
    let Some(denial) = &mut failure.denial else { return };
    denial.explicit |= decoded["explicitDeny"].as_bool().unwrap_or_default();
    denial.resource = resource.or(denial.resource.take());
    denial.conditions = conditions;
    failure.permission = permission.or(failure.permission.take());
}

impl Aws {
    /// Asks AWS what it says of denials only to those who may ask, and adds it to them. A few calls at most; where asking is
    /// denied too, or fails, everything stays as it is.
    pub async fn unseal<'f>(&self, failures: impl IntoIterator<Item = &'f mut Failure>) {
        let denied = |failure: &&mut Failure| matches!(failure.class, Class::Denied | Class::Guardrail);
        let ours = |failure: &&mut Failure| failure.account.as_deref() == Some(self.account());
        // What was denied by the same sort of policy for want of the same permission was so for the same reason.
        type Sort = (String, Option<String>, Option<String>, bool);
        let sort = |failure: &Failure| -> Sort {
            let denial = failure.denial.as_deref();
            let policy = denial.and_then(|denial| denial.policy.clone());
            let explicit = denial.is_some_and(|denial| denial.explicit);
            (failure.operation.clone(), failure.permission.clone(), policy, explicit)
        };
        let mut known: Vec<(Sort, Value)> = vec![];
        for failure in failures.into_iter().filter(denied).filter(ours) {
            let Some(sealed) = failure.denial.as_ref().and_then(|denial| denial.sealed.clone()) else { continue };
            let this = sort(failure);
            if let Some((_, decoded)) = known.iter().find(|(sort, _)| *sort == this) {
                add(failure, decoded, false);
                continue;
            }
            if known.len() == MOST {
                continue;
            }
            let Ok(decoded) = self.decode(&sealed).await else { return };
            add(failure, &decoded, true);
            known.push((this, decoded));
        }
    }

    async fn decode(&self, sealed: &Sealed) -> Result<Value, Failure> {
        const OPERATION: &str = "sts:DecodeAuthorizationMessage";
        let call = self.read().sts.decode_authorization_message().encoded_message(sealed.text()).send();
        let decoded = need(self.call(OPERATION, call).await?.decoded_message, OPERATION, "DecodedMessage")?;
        serde_json::from_str(&decoded).map_err(|error| Failure::internal(OPERATION, error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const USER: &str =
        "User: arn:aws:sts::111122223333:assumed-role/x/y is not authorized to perform: ec2:CreateVpc on resource:";

    #[test]
    fn words_tell_the_policy_and_the_resource() {
        for (reason, policy, explicit) in [
            ("with an explicit deny in a service control policy", Some("service control policy"), true),
            ("with an explicit deny in a resource control policy", Some("resource control policy"), true),
            ("with an explicit deny in a permissions boundary", Some("permissions boundary"), true),
            ("with an explicit deny in an identity-based policy", Some("identity-based policy"), true),
            (
                "because no service control policy allows the ec2:CreateVpc action",
                Some("service control policy"),
                false,
            ),
            ("because no identity-based policy allows the ec2:CreateVpc action", Some("identity-based policy"), false),
            ("with an explicit deny", None, true),
            ("", None, false),
        ] {
            let denial = read(&format!("{USER} arn:aws:ec2:ap-northeast-1:111122223333:vpc/* {reason}"));
            let resource = Some("arn:aws:ec2:ap-northeast-1:111122223333:vpc/*".to_string());
            let expected =
                Denial { resource, policy: policy.map(String::from), explicit, conditions: vec![], sealed: None };
            assert_eq!(denial, expected, "{reason}");
        }
        assert_eq!(read("You are not authorized to perform this operation."), Denial::default());
        let of_s3 = read(
            r#"User: x is not authorized to perform: s3:PutBucketPolicy on resource: "arn:aws:s3:::b" with an explicit deny in a resource-based policy"#,
        );
        assert_eq!(of_s3.resource.as_deref(), Some("arn:aws:s3:::b"));
    }

    #[test]
    fn the_encoded_message_is_kept_and_never_shown() {
        let message = format!("{USER} * because no identity-based policy allows it. {ENCODED} AbCd-_9 ");
        let denial = read(&message);
        assert_eq!(denial.sealed.as_ref().map(Sealed::text), Some("AbCd-_9"));
        assert!(!without_encoded(&message).contains("AbCd"));
        assert!(!format!("{denial:?} {}", json!(denial)).contains("AbCd"));
    }

    #[test]
    fn what_was_decoded_adds_to_what_was_said() {
        let message = format!("{USER} * with an explicit deny in a service control policy. {ENCODED} x");
        let denial = Some(Box::new(read(&message)));
        let mut failure = Failure { denial, ..Failure::internal("ec2:CreateVpc", "") };
        let condition = |key: &str| json!({ "key": key, "values": { "items": [] } });
        let conditions = json!({ "items": [condition("aws:RequestedRegion"), condition("aws:PrincipalArn"), condition("aws:RequestedRegion")] });
        add(
            &mut failure,
            &json!({
                "explicitDeny": true,
                "matchedStatements": { "items": [{ "statementId": "secret", "conditions": conditions }] },
                "context": { "action": "ec2:CreateTags", "resource": "arn:aws:ec2:::vpc/*" },
            }),
            true,
        );
        let denial = failure.denial.unwrap();
        assert_eq!(failure.permission.as_deref(), Some("ec2:CreateTags"));
        assert_eq!(denial.resource.as_deref(), Some("arn:aws:ec2:::vpc/*"));
        assert_eq!(denial.conditions, ["aws:PrincipalArn", "aws:RequestedRegion"]);

        let mut failure = Failure { denial: Some(Box::default()), ..Failure::internal("x", "") };
        add(&mut failure, &json!("no object"), true);
        assert_eq!(failure.denial, Some(Box::default()));
    }
    #[test]
    fn a_denial_keeps_its_resource_when_it_learns_from_another() {
        let denied = |resource: &str| {
            let denial = read(&format!("{USER} {resource} with an explicit deny. {ENCODED} x"));
            Failure { denial: Some(Box::new(denial)), ..Failure::internal("ec2:DeleteSubnet", "") }
        };
        let decoded = json!({ "context": { "action": "ec2:DeleteSubnet", "resource": "arn:aws:ec2:::subnet/a" } });
        for (words, is_own, resource) in [
            ("arn:aws:ec2:::subnet/*", true, "arn:aws:ec2:::subnet/a"),
            ("arn:aws:ec2:::subnet/b", false, "arn:aws:ec2:::subnet/b"),
        ] {
            let mut failure = denied(words);
            add(&mut failure, &decoded, is_own);
            assert_eq!(failure.permission.as_deref(), Some("ec2:DeleteSubnet"));
            assert_eq!(failure.denial.unwrap().resource.as_deref(), Some(resource));
        }
    }
}
