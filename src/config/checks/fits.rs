//! V21: values of one block fit each other.

use super::{Purpose, Reporter};
use crate::config::at::At;
use crate::config::derive::OperatorRole;
use crate::config::fleet::City;
use crate::config::problem::{Misfit, Problem};
use crate::config::schema::{Environment, FlowDestination, Membership, Municipality, SitePeering, Via};
use crate::config::source::Span;
use crate::config::values::Name;

/// Looks at every block whose keys depend on each other.
pub(super) fn together(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    let m = &city.config;
    let mut misfits = Vec::new();
    wildcards(m, &mut misfits);
    logs(m, &mut misfits);
    peerings(m, &mut misfits);
    regions(m, &mut misfits);
    if m.sharing.within_organization == Membership::No
        && !m.sharing.allow_external_principals
        && !m.accounts.others.is_empty()
    {
        misfits.push((Misfit::NobodyReceives, m.accounts.network.id.span));
    }
    if let Some(operators) = &m.operators
        && OperatorRole::ALL.into_iter().any(|role| operators.principals_of(role).is_empty())
    {
        misfits.push((Misfit::NobodyAssumes, m.accounts.network.id.span));
    }
    if let Some(expires) = &m.expires
        && m.environment.value != Environment::Test
    {
        misfits.push((Misfit::ExpiresUnused, expires.span));
    }
    for (misfit, span) in misfits {
        report.error(city.at(span), Problem::Misfit { misfit });
    }
}

/// A record can stand for every name of a zone; a zone or a rule is for one domain.
fn wildcards(m: &Municipality, misfits: &mut Vec<(Misfit, Span)>) {
    let zones = m.dns.iter().flat_map(|dns| &dns.zones).map(|zone| &zone.name);
    let theirs = m.asps.iter().flat_map(|asp| &asp.zones).map(|zone| &zone.name);
    let rules = m.dns.iter().flat_map(|dns| &dns.forward_rules);
    let ruled = rules.flat_map(|rule| std::iter::once(&rule.domain).chain(&rule.except));
    let domains = zones.chain(theirs).chain(ruled);
    misfits.extend(domains.filter(|domain| domain.is_wildcard()).map(|domain| (Misfit::WildcardDomain, domain.span)));
}

fn peerings(m: &Municipality, misfits: &mut Vec<(Misfit, Span)>) {
    let mut known: Vec<&SitePeering> = Vec::new();
    for site in &m.sites {
        let Via::Peering(peering) = &site.via else {
            misfits.extend(site.deadline.as_ref().map(|deadline| (Misfit::DeadlineUnused, deadline.span)));
            continue;
        };
        let region = |peering: &SitePeering| peering.region.as_ref().unwrap_or(&m.region).value;
        match known.iter().find(|known| known.tgw == peering.tgw) {
            Some(first) => {
                let same = first.account == peering.account
                    && first.initiated_by == peering.initiated_by
                    && region(first) == region(peering);
                misfits.extend((!same).then_some((Misfit::PeeringDiffers, peering.tgw.span)));
            }
            None => known.push(peering),
        }
    }
}

/// Resolver's rules and query logs are shared within a Region (API reference, "ResolverRule"); hosted zones have none.
fn regions(m: &Municipality, misfits: &mut Vec<(Misfit, Span)>) {
    let Some(dns) = &m.dns else { return };
    let rules = dns.forward_rules.iter().flat_map(|rule| &rule.share_with);
    let elsewhere = |name: &&At<Name>| {
        let asp = m.asps.iter().find(|asp| asp.name.value == name.value);
        asp.is_some_and(|asp| asp.region(m) != m.region.value)
    };
    let shared = rules.chain(&dns.query_log_share_with).filter(elsewhere);
    misfits.extend(shared.map(|name| (Misfit::SharedAcrossRegions, name.span)));
}

fn logs(m: &Municipality, misfits: &mut Vec<(Misfit, Span)>) {
    match (m.logs.flow.value, &m.logs.bucket) {
        (FlowDestination::S3, None) => misfits.push((Misfit::BucketMissing, m.logs.flow.span)),
        (FlowDestination::Cloudwatch, Some(bucket)) => misfits.push((Misfit::BucketUnused, bucket.span)),
        _ => {}
    }
}
