//! V20, for ASPs: what the specification leaves open, the file says.

use super::{Purpose, Reporter};
use crate::config::fleet::City;
use crate::config::problem::{Problem, Role};
use crate::config::schema::{Asp, Connect, PrivateLinkRole};

/// PrivateLink says who offers; every way of connecting has what it needs and nothing of the others.
pub(super) fn connections(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    for asp in &city.config.asps {
        let name = || asp.name.to_string();
        let connect = asp.connect.value;
        if connect == Connect::Privatelink && asp.role.is_none() {
            report.error(city.at(asp.connect.span), Problem::RoleMissing { asp: name() });
        }
        let needed = [
            ("vpcs", connect != Connect::Privatelink && asp.vpcs.is_empty()),
            ("service", connect == Connect::Privatelink && asp.service.is_none()),
            ("peering", connect == Connect::Peering && asp.peering.is_none()),
        ];
        for (key, _) in needed.into_iter().filter(|(_, missing)| *missing) {
            let problem = Problem::NeededWithConnect { asp: name(), key, connect: spelling(connect) };
            report.error(city.at(asp.name.span), problem).with(Role::Because, city.at(asp.connect.span));
        }
        let needless = [
            ("role", connect != Connect::Privatelink && asp.role.is_some()),
            ("service", connect != Connect::Privatelink && asp.service.is_some()),
            ("peering", connect != Connect::Peering && asp.peering.is_some()),
        ];
        for (key, _) in needless.into_iter().filter(|(_, present)| *present) {
            let problem = Problem::NotWithConnect { asp: name(), key, connect: spelling(connect) };
            report.error(city.at(asp.name.span), problem).with(Role::Because, city.at(asp.connect.span));
        }
        if connect == Connect::Privatelink {
            service(city, asp, report);
        }
    }
}

fn spelling(connect: Connect) -> &'static str {
    match connect {
        Connect::Tgw => "tgw",
        Connect::Peering => "peering",
        Connect::Privatelink => "privatelink",
    }
}

/// A service that we use is named by the ASP; one that we offer stands on a load balancer and is named by AWS.
fn service(city: &City, asp: &Asp, report: &mut Reporter<'_>) {
    let (Some(role), Some(service)) = (&asp.role, &asp.service) else { return };
    let spelling = match role.value {
        PrivateLinkRole::Consumer => "consumer",
        PrivateLinkRole::Provider => "provider",
    };
    let consumer = role.value == PrivateLinkRole::Consumer;
    let name = service.name.as_ref().map(|name| name.span);
    let dns = service.dns.as_ref().map(|dns| dns.span);
    let load_balancer = service.load_balancer.as_ref().map(|arn| arn.span);
    let principals = service.principals.iter().map(|arn| arn.span).min();
    let missing = if consumer {
        name.is_none().then_some("service.name")
    } else {
        load_balancer.is_none().then_some("service.load_balancer")
    };
    if let Some(key) = missing {
        let problem = Problem::NeededWithRole { asp: asp.name.to_string(), key, role: spelling };
        report.error(city.at(asp.name.span), problem).with(Role::Because, city.at(role.span));
    }
    let needless = [
        ("service.name", name.filter(|_| !consumer)),
        ("service.dns", dns.filter(|_| !consumer)),
        ("service.load_balancer", load_balancer.filter(|_| consumer)),
        ("service.principals", principals.filter(|_| consumer)),
    ];
    for (key, span) in needless {
        let Some(span) = span else { continue };
        let problem = Problem::NotWithRole { asp: asp.name.to_string(), key, role: spelling };
        report.error(city.at(span), problem).with(Role::Because, city.at(role.span));
    }
}

/// What gcnet does in an ASP's VPC takes a role in its account, and with that role the file says where.
pub(super) fn moves_in_other_accounts(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    let m = &city.config;
    for asp in &m.asps {
        // An account that nobody defines is V02's business.
        let Some(party) = m.account_of(asp) else { continue };
        for vpc in &asp.vpcs {
            let subnets = vpc.subnets.iter().map(|id| id.span).min();
            let tables = vpc.route_tables.iter().map(|id| id.span).min();
            let stated = [("vpcs[].subnets", subnets), ("vpcs[].route_tables", tables)];
            for (key, span) in stated.into_iter().filter_map(|(key, span)| Some((key, span?))) {
                if asp.connect.value != Connect::Tgw {
                    let connect = spelling(asp.connect.value);
                    let problem = Problem::NotWithConnect { asp: asp.name.to_string(), key, connect };
                    report.error(city.at(span), problem).with(Role::Because, city.at(asp.connect.span));
                } else if party.role.is_none() {
                    let problem =
                        Problem::NotWithoutAccess { vpc: vpc.id.to_string(), key, account: party.name.to_string() };
                    report.error(city.at(span), problem).with(Role::Because, city.at(asp.account.span));
                }
            }
            if let (Connect::Tgw, Some(role), None) = (asp.connect.value, party.role, subnets) {
                let problem = Problem::NeededWithAccess {
                    vpc: vpc.id.to_string(),
                    key: "vpcs[].subnets",
                    account: party.name.to_string(),
                };
                report.error(city.at(vpc.id.span), problem).with(Role::Because, city.at(role.role.span));
            }
        }
    }
}
