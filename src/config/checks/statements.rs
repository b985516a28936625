//! V20: what the specification leaves open, the file says.

use super::{Purpose, Reporter};
use crate::config::fleet::City;
use crate::config::problem::{Problem, Role};
use crate::config::schema::{Connect, DxOwner, LineStatus, PrivateLinkRole};

/// PrivateLink says who offers; every way of connecting has what it needs and nothing of the others; a line that is being
/// opened or connected has its gateway.
pub(super) fn made(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    let m = &city.config;
    for asp in &m.asps {
        let name = || asp.name.to_string();
        let connect = asp.connect.value;
        let spelling = match connect {
            Connect::Tgw => "tgw",
            Connect::Peering => "peering",
            Connect::Privatelink => "privatelink",
        };
        if connect == Connect::Privatelink && asp.role.is_none() {
            report.error(city.at(asp.connect.span), Problem::RoleMissing { asp: name() });
        }
        let consumer = asp.role.as_deref() == Some(&PrivateLinkRole::Consumer);
        let service_name = asp.service.as_ref().and_then(|service| service.name.as_ref());
        let needed = [
            ("vpcs", connect != Connect::Privatelink && asp.vpcs.is_empty()),
            ("service", connect == Connect::Privatelink && asp.service.is_none()),
            ("service.name", consumer && asp.service.is_some() && service_name.is_none()),
            ("peering", connect == Connect::Peering && asp.peering.is_none()),
        ];
        for (key, _) in needed.into_iter().filter(|(_, missing)| *missing) {
            let problem = Problem::NeededWithConnect { asp: name(), key, connect: spelling };
            report.error(city.at(asp.name.span), problem).with(Role::Because, city.at(asp.connect.span));
        }
        let needless = [
            ("role", connect != Connect::Privatelink && asp.role.is_some()),
            ("service", connect != Connect::Privatelink && asp.service.is_some()),
            ("peering", connect != Connect::Peering && asp.peering.is_some()),
        ];
        for (key, _) in needless.into_iter().filter(|(_, present)| *present) {
            let problem = Problem::NotWithConnect { asp: name(), key, connect: spelling };
            report.error(city.at(asp.name.span), problem).with(Role::Because, city.at(asp.connect.span));
        }
    }
    for line in &m.lines {
        let name = || line.name.to_string();
        let status = match line.status.value {
            LineStatus::Planned => continue,
            LineStatus::Opening => "opening",
            LineStatus::Connected => "connected",
        };
        let other = line.dxgw.owner.value == DxOwner::Other;
        if other && line.dxgw.id.is_none() {
            let problem = Problem::LineWithoutGateway { line: name(), status };
            report.error(city.at(line.status.span), problem);
        }
        if other && line.dxgw.account.is_none() {
            report.error(city.at(line.dxgw.owner.span), Problem::GatewayAccountMissing { line: name() });
        }
    }
    for line in &m.lines {
        if let (DxOwner::Ours, Some(account)) = (line.dxgw.owner.value, &line.dxgw.account) {
            let problem = Problem::GatewayAccountOurs { line: line.name.to_string() };
            report.error(city.at(account.span), problem).with(Role::Because, city.at(line.dxgw.owner.span));
        }
    }
}
