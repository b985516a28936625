//! V21: what ARNs and service names point at is where the file says it is.

use super::{Purpose, Reporter};
use crate::config::at::At;
use crate::config::fleet::City;
use crate::config::problem::{Misfit, Problem, Role, Severity};
use crate::config::schema::Credentials;
use crate::config::values::{AccountId, Arn};

/// A role is a role of the account that it opens. A wrong account id would have gcnet act in a third party's account.
pub(super) fn roles(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    let accounts = &city.config.accounts;
    if let Some(role) = accounts.network.access.as_ref().and_then(|access| access.role.as_ref()) {
        role_of(city, role, &accounts.network.id, report);
    }
    for (name, account) in &accounts.others {
        let Credentials::AssumeRole(assumed) = &account.credentials else { continue };
        role_of(city, &assumed.role, &account.id, report);
        // Without it, whoever else gcnet works for could have it act in this account (the confused deputy).
        if assumed.external_id.is_none() {
            let problem = Problem::ExternalIdMissing { account: name.to_string() };
            report.report(Severity::Notice, city.at(assumed.role.span), problem);
        }
    }
}

fn role_of(city: &City, role: &At<Arn>, account: &At<AccountId>, report: &mut Reporter<'_>) {
    if role.service() != "iam" || !role.resource().starts_with("role/") {
        report.error(city.at(role.span), Problem::Misfit { misfit: Misfit::NotARole });
    } else if role.account() != account.as_str() {
        let problem = Problem::RoleElsewhere { found: role.account().to_owned(), account: account.to_string() };
        report.error(city.at(role.span), problem).with(Role::Other, city.at(account.span));
    }
}

/// The service that we use is in our Region; the one that we offer stands on a network load balancer of ours, for users,
/// roles and accounts.
pub(super) fn services(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    let m = &city.config;
    let region = m.region.value.as_str();
    for service in m.asps.iter().filter_map(|asp| asp.service.as_ref()) {
        if let Some(name) = service.name.as_ref().filter(|name| name.region() != region) {
            let problem = Problem::Misfit { misfit: Misfit::ServiceRegion };
            report.error(city.at(name.span), problem).with(Role::Other, city.at(m.region.span));
        }
        if let Some(balancer) = &service.load_balancer {
            let network = &m.accounts.network.id;
            if balancer.service() != "elasticloadbalancing" || !balancer.resource().starts_with("loadbalancer/net/") {
                report.error(city.at(balancer.span), Problem::Misfit { misfit: Misfit::NotANetworkLoadBalancer });
            } else if balancer.account() != network.as_str() || balancer.region() != region {
                let problem = Problem::LoadBalancerElsewhere { account: network.to_string(), region };
                report.error(city.at(balancer.span), problem).with(Role::Other, city.at(network.span));
            }
        }
        for principal in service.principals.iter().filter(|arn| !is_principal(arn)) {
            report.error(city.at(principal.span), Problem::Misfit { misfit: Misfit::NotAPrincipal });
        }
    }
}

/// Endpoint services know accounts (`root`), users and roles; a session or a policy would allow nobody.
fn is_principal(arn: &Arn) -> bool {
    let resource = arn.resource();
    let known = resource == "root" || resource.starts_with("user/") || resource.starts_with("role/");
    arn.service() == "iam" && !arn.account().is_empty() && known
}
