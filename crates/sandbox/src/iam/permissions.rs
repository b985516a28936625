//! Whether the policies of an assumed role allow a call: `Options::enforce_policies`.
//!
//! What is asked of policies is in [`super::asked`]; resources are checked where they are known (see [`Role::may`]). Long-term
//! credentials may do everything.

use serde_json::Value;

use crate::account::Caller;
use crate::fault::Denial;
use crate::iam::asked::Asked;
use crate::iam::{Context, Decision, private_ca};
use crate::protocol::Body;
use crate::region;
use crate::store::State;

/// A call as policies see it.
pub(crate) struct Request<'a> {
    pub caller: &'a Caller,
    pub region: &'a str,
    pub service: &'a str,
    pub operation: &'a str,
    pub input: &'a Body,
}

/// Why a call is not allowed.
pub(crate) struct Refused {
    /// `ec2:CreateVpc`.
    pub action: String,
    pub why: String,
    /// The condition keys of the statements that deny it.
    pub keys: Vec<String>,
}

impl Request<'_> {
    /// None if the caller may make the call.
    pub fn refused(&self, state: &State) -> Option<Refused> {
        let role_name = self.caller.role_arn.as_deref()?.rsplit('/').next()?;
        let iam = &state.account(&self.caller.account).iam;
        let context = self.context();
        let mut own = context.clone();
        own.extend(private_ca::context(self, state));
        self.asks(state).into_iter().find_map(|Asked { action, resource }| {
            // What is known of a service's own thing says nothing of what another service does for it.
            let is_own = action.split_once(':').is_some_and(|(service, _)| service == self.service);
            let context = if is_own { &own } else { &context };
            // A role that was deleted allows nothing to those who still hold its credentials.
            let decision = iam
                .roles
                .get(role_name)
                .map_or(Decision::NotAllowed, |role| role.may(iam, &action, resource.as_deref(), context));
            let why = match decision {
                Decision::Allowed => return None,
                Decision::NotAllowed => Denial::Missing.reason(&action),
                Decision::Denied => "with an explicit deny in an identity-based policy".to_owned(),
            };
            let role = iam.roles.get(role_name).filter(|_| decision == Decision::Denied);
            let keys = role.map(|role| role.denying_keys(iam, &action, context)).unwrap_or_default();
            Some(Refused { action, why, keys })
        })
    }

    /// DOC (IAM user guide, "aws:RequestedRegion"): that of global services is us-east-1, whatever Region a client that was
    /// given an endpoint has signed for.
    fn requested_region(&self) -> &str {
        if matches!(self.service, "iam" | "route53") { region::GLOBAL } else { self.region }
    }

    /// What conditions may ask about. A session of an assumed role does not tell of MFA.
    fn context(&self) -> Context {
        let mut context = Context::from(
            [
                ("aws:principalaccount", self.caller.account.as_str()),
                ("aws:principalarn", self.caller.role_arn.as_deref().unwrap_or_default()),
                ("aws:userid", &self.caller.user_id),
                ("aws:requestedregion", self.requested_region()),
                ("aws:multifactorauthpresent", "false"),
            ]
            .map(|(key, value)| (key.to_owned(), value.to_owned())),
        );
        if self.service == "ec2" && self.operation != "CreateTags" {
            context.insert("ec2:createaction".to_owned(), self.operation.to_owned());
        }
        if let Body::Json(input) = self.input
            && let Some(tags) = input.get("tags").or_else(|| input.get("Tags"))
        {
            let tag = |key: &str, value: &Value| {
                Some((format!("aws:requesttag/{}", key.to_ascii_lowercase()), value.as_str()?.to_owned()))
            };
            // RAM and Resolver have a list, each in its own case; CloudWatch Logs has a map.
            let listed = tags.as_array().into_iter().flatten();
            let member = |one: &'_ Value, small: &str, large: &str| one.get(small).or_else(|| one.get(large)).cloned();
            context.extend(listed.filter_map(|one| {
                let (key, value) = (member(one, "key", "Key")?, member(one, "value", "Value")?);
                tag(key.as_str()?, &value)
            }));
            let mapped = tags.as_object().into_iter().flatten();
            context.extend(mapped.filter_map(|(key, value)| tag(key, value)));
        }
        if let Body::Form(form) = self.input {
            // TagSpecification.1.Tag.1.Key, Tag.1.Key, Tags.member.1.Key; the value has the same name but for its end.
            for (name, key) in form.iter().filter(|(name, _)| name.contains("Tag")) {
                let value = name.strip_suffix(".Key").and_then(|tag| form.get(&format!("{tag}.Value")));
                context
                    .extend(value.map(|value| (format!("aws:requesttag/{}", key.to_ascii_lowercase()), value.clone())));
            }
        }
        context
    }
}
