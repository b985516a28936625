//! Whom a trust policy names: AWS refuses principals that do not exist.

use crate::account::is_account_id;
use crate::clock::Moment;
use crate::error::Result;
use crate::iam::document::{Document, Principal, malformed};
use crate::store::State;

/// Checks every principal of a policy that `owner` writes: to a role or to a resource.
///
/// A role must exist and have spread (aws-facts section 2.6, "Delay"). Users cannot be made in the sandbox and are taken
/// to exist; so are the roles of accounts that the sandbox holds nothing of.
pub(super) fn check(state: &State, owner: &str, document: &Document, now: Moment) -> Result<()> {
    for statement in document.statements() {
        let named = statement.principal.iter().chain(&statement.not_principal);
        let kinds = named.filter_map(|principal| match principal {
            Principal::Kinds(kinds) => Some(kinds),
            Principal::Any(_) => None,
        });
        for (kind, names) in kinds.flatten() {
            for name in names.all() {
                let exists = match kind.as_str() {
                    "AWS" => is_known(state, owner, name, now),
                    "Service" => is_service(name),
                    "Federated" => is_provider(name),
                    _ => false,
                };
                if !exists {
                    return Err(malformed(format!("Invalid principal in policy: \"{kind}\":\"{name}\"")));
                }
            }
        }
    }
    Ok(())
}

fn is_known(state: &State, owner: &str, name: &str, now: Moment) -> bool {
    if name == "*" || is_account_id(name) {
        return true;
    }
    let role_is_usable = |account: &str, role: &str, arn: Option<&str>| {
        if account != owner && !state.accounts.contains_key(account) {
            return true;
        }
        let role = state.account(account).iam.roles.get(role);
        role.is_some_and(|role| role.is_usable(now) && arn.is_none_or(|arn| role.arn() == arn))
    };
    let fields: Vec<&str> = name.splitn(6, ':').collect();
    match fields[..] {
        ["arn", "aws", "iam", "", account, resource] if is_account_id(account) => match resource.split_once('/') {
            None => resource == "root",
            Some(("user", path)) => !path.is_empty() && !path.contains('*'),
            Some(("role", path)) => {
                let role = path.rsplit('/').next().unwrap_or(path);
                role_is_usable(account, role, Some(name))
            }
            Some(_) => false,
        },
        ["arn", "aws", "sts", "", account, resource] if is_account_id(account) => {
            match resource.split('/').collect::<Vec<_>>()[..] {
                ["assumed-role", role, session] => !session.contains('*') && role_is_usable(account, role, None),
                _ => false,
            }
        }
        _ => false,
    }
}

fn is_service(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
    name.strip_suffix(".amazonaws.com").is_some_and(|service| !service.is_empty() && service.chars().all(allowed))
}

/// SAML and OpenID Connect providers, which the sandbox does not simulate.
fn is_provider(name: &str) -> bool {
    let resource = name.strip_prefix("arn:aws:iam::").and_then(|rest| rest.split_once(':'));
    resource.is_some_and(|(account, resource)| {
        let kinds = ["saml-provider/", "oidc-provider/"];
        is_account_id(account) && kinds.iter().any(|kind| resource.strip_prefix(kind).is_some_and(|n| !n.is_empty()))
    })
}
