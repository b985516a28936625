//! Rules and query logs of the municipality that companies associate with their VPCs, as their request sheets say.

use gcnet_aws::kinds::{ForeignRuleAssociation, QueryLogAssociation};
use gcnet_core::Request;
use gcnet_sandbox::Sandbox;
use serde_json::{Value, json};

use super::call::{Caller, Failed, list, text};
use crate::{
    blueprint::{self, Borrowed},
    config::schema::Municipality,
};

/// Associates what the companies see and have not associated yet. Without a VPC in the file nobody knows which it would be.
pub(super) fn associate(sandbox: &Sandbox, municipality: &Municipality) -> Result<(), Failed> {
    let region = municipality.region.value.as_str();
    let ours = municipality.accounts.network.id.as_str();
    for borrowed in blueprint::wish(municipality).borrowed {
        let caller = Caller { sandbox, account: &borrowed.account, region };
        for call in calls(caller, ours, &borrowed)? {
            match caller.call(&call.service, &call.operation, call.input) {
                // They have it, or a rule of another municipality for the same domain.
                Err(failed) if failed.error.code == "ResourceExistsException" => {}
                done => drop(done?),
            }
        }
    }
    Ok(())
}

fn calls(caller: Caller<'_>, ours: &str, borrowed: &Borrowed) -> Result<Vec<Request>, Failed> {
    let rules = caller.call("route53resolver", "ListResolverRules", json!({}))?;
    let logs = caller.call("route53resolver", "ListResolverQueryLogConfigs", json!({}))?;
    let shared = |one: &&Value| text(one, "/OwnerId") == Some(ours);
    let is_wanted = |rule: &&Value| {
        let domain = text(rule, "/DomainName").unwrap_or_default();
        borrowed.rules.iter().any(|wanted| domain.trim_end_matches('.') == wanted.name())
    };
    let mut calls = vec![];
    for vpc in borrowed.vpcs.iter().map(|vpc| json!(vpc)) {
        let rules = list(&rules, "/ResolverRules").into_iter().filter(shared).filter(is_wanted);
        calls.extend(rules.filter_map(|rule| Some(ForeignRuleAssociation::by_hand(&vpc, text(rule, "/Id")?))));
        let logs = list(&logs, "/ResolverQueryLogConfigs").into_iter().filter(|_| borrowed.log.is_some());
        let logs = logs.filter(shared).filter_map(|log| Some(QueryLogAssociation::by_hand(&vpc, text(log, "/Id")?)));
        calls.extend(logs);
    }
    Ok(calls)
}
