//! What the roles in other parties' accounts turned out not to allow. It is theirs to allow, and ours to name.

use gcnet_core::{Address, Ask, Class, Failure, Request};
use serde_json::json;

use super::{Purpose, Standing, Wish};
use crate::config::{
    derive::Party,
    schema::{AssumedRole, Municipality},
};

impl Wish {
    /// Asks for each permission that was refused. Whoever is asked for one by name is not asked for the whole role.
    pub fn ask_for_permissions<'f>(
        &mut self,
        municipality: &Municipality,
        refused: impl IntoIterator<Item = &'f Failure>,
    ) {
        for failure in refused {
            let Failure { account: Some(account), permission: Some(permission), .. } = failure else { continue };
            let names = municipality.accounts.others.keys();
            let mut parties = names.filter_map(|name| municipality.party(name));
            let Some(Party { name, role: Some(role), .. }) = parties.find(|party| party.id.as_str() == account) else {
                continue;
            };
            let whole = Ask::account(account, "restore-role");
            self.standing.retain(|standing| standing.ask != whole);
            let ask = Ask::account(account, "extend-role");
            self.standing.push(Standing {
                address: Address::new("account", &format!("{name}/{permission}")),
                purpose: Purpose::Account(name.to_string()),
                ask: match failure.class {
                    // A guardrail goes on denying whatever the role's own policies say.
                    Class::Guardrail => ask,
                    _ => ask.by(grant(role, permission)),
                },
                opens: None,
            });
        }
    }
}

/// The call that lets a role do one thing more.
fn grant(role: &AssumedRole, permission: &str) -> Request {
    let name = role.role.resource().rsplit('/').next().unwrap_or_default();
    let statement = json!({ "Effect": "Allow", "Action": permission, "Resource": "*" });
    let policy = json!({ "Version": "2012-10-17", "Statement": [statement] });
    let input = json!({
        "RoleName": name,
        "PolicyName": format!("gcnet-{}", permission.replace(':', "-")),
        "PolicyDocument": policy.to_string(),
    });
    Request::new("iam", "PutRolePolicy", input)
}
