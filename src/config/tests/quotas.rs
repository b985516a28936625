//! V17 inside a file: at the quota is fine, one more is not.

use super::derived::city;
use crate::config::problem::{Problem, Quota};
use crate::config::{Fleet, Purpose, Severity};

/// Quotas that Naruto's file runs into when changed.
fn over(change: impl FnOnce(String) -> String) -> Vec<(Quota, usize, Severity)> {
    let city = city("naruto", change);
    let findings = Fleet::from_sources(vec![city.source]).check(Purpose::Validate);
    findings
        .into_iter()
        .filter_map(|finding| match finding.problem {
            Problem::OverQuota { quota, needed, .. } => Some((quota, needed, finding.severity)),
            _ => None,
        })
        .collect()
}

#[test]
fn peerings_of_a_transit_gateway() {
    let peered = |count: usize| {
        let sites: String = (0..count)
            .map(|index| {
                format!(
                    "  - {{ name: dc-{index}, workloads: [], cidrs: [172.30.{index}.0/24], via: {{ peering: {{ tgw: tgw-{index:08x}, account: j-lis }} }} }}\n"
                )
            })
            .collect();
        over(move |text| text.replace("sites:\n", &format!("sites:\n{sites}")))
    };
    assert!(peered(50).is_empty());
    assert_eq!(peered(51), [(Quota::Peerings, 51, Severity::Error)]);
}

#[test]
fn prefixes_of_a_line() {
    // Gakko with as many ranges as it takes; the shared VPC and three other ASPs are four more.
    let ranges = |count: usize| {
        let more: Vec<String> = (0..count).map(|index| format!("172.18.{index}.0/24")).collect();
        let stated = format!("cidr: 10.214.2.0/24, secondary_cidrs: [{}]", more.join(", "));
        over(move |text| text.replace("cidr: !sample 10.214.2.0/24", &stated))
    };
    assert!(ranges(195).is_empty());
    assert_eq!(ranges(196), [(Quota::GatewayPrefixes, 201, Severity::Error)]);
}

#[test]
fn endpoints_of_the_shared_vpc() {
    let central = |count: usize| {
        let services: Vec<String> = (0..count).map(|index| format!("service-{index}")).collect();
        let block = format!("central_endpoints: {{ services: [{}] }}\nlogs:\n", services.join(", "));
        over(move |text| text.replace("logs:\n", &block))
    };
    assert!(central(50).is_empty());
    assert_eq!(central(51), [(Quota::Endpoints, 51, Severity::Warning)]);
}

/// Two endpoints each way are all that AWS gives unasked.
#[test]
fn endpoints_of_the_resolver() {
    let used_up = |inbound: u8, outbound: u8| {
        let city = city("naruto", |text| {
            let text = text.replace("inbound: { endpoints: 1 }", &format!("inbound: {{ endpoints: {inbound} }}"));
            text.replace("outbound: { endpoints: 1 }", &format!("outbound: {{ endpoints: {outbound} }}"))
        });
        let findings = Fleet::from_sources(vec![city.source]).check(Purpose::Validate);
        let told = findings.iter().filter(|finding| matches!(finding.problem, Problem::QuotaUsedUp { limit: 4, .. }));
        told.filter(|finding| finding.severity == Severity::Notice).count()
    };
    assert_eq!([used_up(1, 1), used_up(2, 1), used_up(2, 2)], [0, 0, 1]);
}
