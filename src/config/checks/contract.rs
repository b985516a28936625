//! V11: what is built is what was ordered.

use super::{Purpose, Reporter};
use crate::config::at::At;
use crate::config::fleet::City;
use crate::config::problem::{Problem, Role, SpecOption};
use crate::config::schema::Connect;
use crate::config::source::Span;
use crate::config::values::{Mark, Workload};

/// ○ in an option's column needs its block, and a block needs its ○.
pub(super) fn options(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    let m = &city.config;
    let options = &m.contract.options;
    let private_link = m.asps.iter().find(|asp| asp.connect.value == Connect::Privatelink);
    let built: [(SpecOption, &At<Mark>, Option<Span>); 3] = [
        (
            SpecOption::Route53,
            &options.route53,
            m.dns.as_ref().map(|dns| {
                let first = dns.zones.first().map(|zone| zone.name.span);
                first.or(dns.forward_rules.first().map(|rule| rule.domain.span)).unwrap_or(options.route53.span)
            }),
        ),
        (SpecOption::PrivateCa, &options.private_ca, m.private_ca.as_ref().map(|ca| ca.subject.common_name.span)),
        (SpecOption::PrivateLink, &options.private_link, private_link.map(|asp| asp.connect.span)),
    ];
    for (option, mark, block) in built {
        match (mark.value, block) {
            (Mark::Aws, None) => {
                report.error(city.at(mark.span), Problem::OptionNotBuilt { option });
            }
            (Mark::None, Some(span)) => {
                report
                    .error(city.at(span), Problem::OptionNotOrdered { option })
                    .with(Role::Because, city.at(mark.span));
            }
            (Mark::Elsewhere, _) => {
                report.error(city.at(mark.span), Problem::OptionElsewhere { option });
            }
            (Mark::Aws, Some(_)) | (Mark::None, None) => {}
        }
    }
}

/// ○ is served by an ASP, ● by a site, － by nobody.
pub(super) fn workloads(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    let m = &city.config;
    let table = &m.contract.workloads;
    let by_asps: Vec<&At<Workload>> = m.asps.iter().flat_map(|asp| &asp.workloads).collect();
    let by_sites: Vec<&At<Workload>> = m.sites.iter().flat_map(|site| &site.workloads).collect();
    let serves = |servers: &[&At<Workload>], workload| servers.iter().any(|served| served.value == workload);

    for workload in Workload::ALL {
        let Some((_, mark)) = table.iter().find(|(listed, _)| listed.value == workload) else {
            report.error(city.at(m.contract.row.span), Problem::WorkloadNotListed { workload });
            continue;
        };
        let served = match mark.value {
            Mark::Aws => serves(&by_asps, workload),
            Mark::Elsewhere => serves(&by_sites, workload),
            Mark::None => true,
        };
        if !served {
            report.error(city.at(mark.span), Problem::WorkloadUnserved { workload, mark: mark.value });
        }
        let wrong = match mark.value {
            Mark::Aws => [&by_sites[..], &[]],
            Mark::Elsewhere => [&by_asps[..], &[]],
            Mark::None => [&by_asps[..], &by_sites[..]],
        };
        for served in wrong.into_iter().flatten().filter(|served| served.value == workload) {
            report
                .error(city.at(served.span), Problem::WorkloadWrongSide { workload, mark: mark.value })
                .with(Role::Because, city.at(mark.span));
        }
    }
}
