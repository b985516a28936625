//! V20, for lines: whose gateway it is, and which line carries what while there are two.

use super::{Purpose, Reporter};
use crate::config::fleet::City;
use crate::config::problem::{Problem, Role};
use crate::config::schema::{DxOwner, Line, LineStatus};

/// A line that is being opened or connected has its gateway; what is said of a gateway fits its owner.
pub(super) fn gateways(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    for line in &city.config.lines {
        let name = || line.name.to_string();
        let dxgw = &line.dxgw;
        let status = match line.status.value {
            LineStatus::Planned => None,
            LineStatus::Opening => Some("opening"),
            LineStatus::Connected => Some("connected"),
        };
        if let (Some(status), DxOwner::Other) = (status, dxgw.owner.value) {
            if dxgw.id.is_none() {
                report.error(city.at(line.status.span), Problem::LineWithoutGateway { line: name(), status });
            }
            if dxgw.account.is_none() {
                report.error(city.at(dxgw.owner.span), Problem::GatewayAccountMissing { line: name() });
            }
        }
        if let (DxOwner::Ours, Some(account)) = (dxgw.owner.value, &dxgw.account) {
            let problem = Problem::GatewayAccountOurs { line: name() };
            report.error(city.at(account.span), problem).with(Role::Because, city.at(dxgw.owner.span));
        }
        if let Some(stated) = dxgw.name.as_ref().filter(|_| !dxgw.is_made()) {
            let because = dxgw.id.as_ref().map_or(dxgw.owner.span, |id| id.span);
            let problem = Problem::GatewayNameUnused { line: name() };
            report.error(city.at(stated.span), problem).with(Role::Because, city.at(because));
        }
    }
}

/// Two lines may be there at once, as during a migration. Of two that bring the same ranges, AWS and not the file chooses
/// one; and when no line feeds the route tables, answers have no way back.
pub(super) fn propagation(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    let m = &city.config;
    let learnt: Vec<&Line> = m.lines.iter().filter(|line| line.propagate).collect();
    for (index, line) in learnt.iter().enumerate() {
        for earlier in learnt.iter().take(index) {
            let before = m.expected_from(earlier);
            let common =
                m.expected_from(line).into_iter().find(|cidr| before.iter().any(|other| other.overlaps(*cidr)));
            if let Some(cidr) = common {
                let problem =
                    Problem::LinesCompete { line: line.name.to_string(), other: earlier.name.to_string(), cidr };
                report.warning(city.at(line.name.span), problem).with(Role::Other, city.at(earlier.name.span));
            }
        }
    }
    if learnt.is_empty()
        && let Some(line) = m.lines.iter().find(|line| line.status.value == LineStatus::Connected)
    {
        report.warning(city.at(line.name.span), Problem::NothingLearnt { line: line.name.to_string() });
    }
}
