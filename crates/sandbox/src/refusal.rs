//! The encoded authorisation message that EC2 adds to `UnauthorizedOperation`: why a call was refused, which only those may
//! read who may call `sts:DecodeAuthorizationMessage`.
//!
//! Members as the IAM user guide and AWS's knowledge center show them ("How can I decode an authorization failure
//! message?"); unverified: which others there may be. The message holds itself, so nothing has to be remembered.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::account::Caller;
use crate::store::digest;

/// A refusal as policies see it.
pub(crate) struct Refusal<'a> {
    pub caller: &'a Caller,
    /// `ec2:CreateVpc`
    pub action: &'a str,
    pub resource: &'a str,
    /// A statement denies; otherwise none allows.
    pub explicit: bool,
    /// The condition keys of the statement that denies.
    pub keys: &'a [String],
}

impl Refusal<'_> {
    fn json(&self) -> Value {
        let Self { caller, action, resource, explicit, keys } = *self;
        let items = |all: Vec<Value>| json!({ "items": all });
        let one = |text: &str| items(vec![json!({ "value": text })]);
        let conditions = keys.iter().map(|key| json!({ "key": key, "values": items(vec![]) })).collect();
        let denying = json!({
            "statementId": "",
            "effect": "DENY",
            "principals": one(&caller.user_id),
            "principalGroups": items(vec![]),
            "actions": one(action),
            "resources": one(resource),
            "conditions": items(conditions),
        });
        let (id, arn) = (&caller.user_id, &caller.arn);
        let name = arn.rsplit('/').next().unwrap_or(arn);
        json!({
            "allowed": false,
            "explicitDeny": explicit,
            "matchedStatements": items(if explicit { vec![denying] } else { vec![] }),
            "failures": items(vec![]),
            "context": {
                "principal": { "id": id, "name": name, "arn": arn },
                "action": action,
                "resource": resource,
                "conditions": items(vec![]),
            },
        })
    }

    /// A text that nobody can read without asking.
    pub fn encode(&self, seed: u64) -> String {
        let (text, account) = (self.json().to_string(), &self.caller.account);
        let mut bytes = seal(seed, account, &text).to_vec();
        bytes.extend(scrambled(seed, account, text.as_bytes()));
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

/// What [`Refusal::encode`] has encoded for this account; None for everything else.
pub(crate) fn decode(seed: u64, account: &str, encoded: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(encoded).ok()?;
    let (sealed, rest) = bytes.split_at_checked(8)?;
    let text = String::from_utf8(scrambled(seed, account, rest)).ok()?;
    (seal(seed, account, &text) == sealed).then_some(text)
}

fn seal(seed: u64, account: &str, text: &str) -> [u8; 8] {
    digest(seed, &format!("authorization message {account} {text}"), 0)
}

/// Its own reverse.
fn scrambled(seed: u64, account: &str, bytes: &[u8]) -> Vec<u8> {
    let label = format!("authorization message {account}");
    let blocks = bytes.chunks(8).zip(1..);
    blocks.flat_map(|(chunk, n)| chunk.iter().zip(digest(seed, &label, n)).map(|(a, b)| a ^ b)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Mfa;

    #[test]
    fn only_the_account_that_was_refused_reads_it() {
        let (account, mfa) = ("111122223333".to_owned(), Mfa::Untold);
        let caller = Caller {
            account,
            arn: "arn:aws:iam::111122223333:user/x".into(),
            user_id: "AIDA".into(),
            role_arn: None,
            mfa,
        };
        let keys = ["aws:RequestedRegion".to_owned()];
        let refusal = Refusal { caller: &caller, action: "ec2:CreateVpc", resource: "*", explicit: true, keys: &keys };
        let encoded = refusal.encode(7);
        assert!(!encoded.contains("CreateVpc"));
        let decoded: Value = serde_json::from_str(&decode(7, "111122223333", &encoded).unwrap()).unwrap();
        assert_eq!(decoded["context"]["action"], "ec2:CreateVpc");
        assert_eq!(decoded["matchedStatements"]["items"][0]["conditions"]["items"][0]["key"], "aws:RequestedRegion");
        assert_eq!(decode(7, "444455556666", &encoded), None);
        assert_eq!(decode(7, "111122223333", &encoded[1..]), None);
        assert_eq!(decode(7, "111122223333", "x"), None);
    }
}
