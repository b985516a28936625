//! A Resolver rule: queries for a domain leave for name servers on-premises, or are kept from doing so.

use std::{collections::BTreeSet, net::Ipv4Addr};

use aws_sdk_route53resolver::types::{
    Protocol, ResolverRule as Answer, ResolverRuleConfig, ResolverRuleStatus, RuleTypeOption, TargetAddress,
};
use gcnet_core::{Calls, Context, Diff, Failure, Kind, Live, Owner, Ref, Replace, Resource, State, Tags};
use serde::{Deserialize, Serialize};

use super::{
    ResolverEndpoint,
    resolver_endpoint::{display_name, resolver_tags},
};
use crate::{
    aws::Aws,
    mark,
    read::{need, parse},
};

/// Known by the mark that its creation left; its domain is its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResolverRule {
    /// With all names below it; lower case, without the last dot.
    pub domain: String,
    /// The outbound endpoint through which queries leave; `None` for a rule of type SYSTEM, which keeps the names below it
    /// from leaving by the rule of a wider domain.
    pub endpoint: Option<Ref<ResolverEndpoint>>,
    /// The name servers that are asked, in no order; six at most.
    pub targets: BTreeSet<NameServer>,
}

/// Where a rule forwards to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NameServer {
    /// IPv4.
    pub address: Ipv4Addr,
    /// Mostly 53, or 443 for `DoH`.
    pub port: u16,
    /// How it is asked: `Do53` or `DoH`, which the endpoint must speak.
    pub protocol: String,
    /// The name of a `DoH` server, for TLS and the header `Host` (Route 53 API reference, "TargetAddress").
    pub server_name: Option<String>,
}

impl Resource for ResolverRule {
    const NAME: &'static str = "resolver-rule";
}

impl Kind<Aws> for ResolverRule {
    // A VPC takes one rule for a domain.
    const REPLACE: Replace = Replace::DeleteFirst;
    const TAKES_TOKEN: bool = true;
    const CALLS: Calls = Calls {
        observe: &["route53resolver:ListResolverRules"],
        create: &["route53resolver:CreateResolverRule", "route53resolver:TagResource"],
        update: &["route53resolver:UpdateResolverRule"],
        delete: &["route53resolver:DeleteResolverRule"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        let rules = aws.resolver_rules().await?;
        // Others share theirs with this account, and their marks are not ours to read.
        let ours = rules.iter().filter(|rule| rule.owner_id() == Some(aws.account()));
        let found: Result<Vec<Option<Live<Self>>>, Failure> = ours.map(read).collect();
        Ok(found?.into_iter().flatten().collect())
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let ResolverRule { domain, endpoint, targets } = self;
        diff.replace("domain", domain, &live.domain);
        if endpoint.is_some() == live.endpoint.is_some() {
            diff.in_place("endpoint", endpoint, &live.endpoint);
            diff.in_place("targets", targets, &live.targets);
        } else {
            diff.replace("endpoint", endpoint, &live.endpoint);
            diff.replace("targets", targets, &live.targets);
        }
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        const OPERATION: &str = "route53resolver:CreateResolverRule";
        let aws = &cx.world;
        let call = aws
            .write()
            .resolver
            .create_resolver_rule()
            .creator_request_id(mark::write("rule", cx))
            .name(display_name(&cx.tags))
            .domain_name(&self.domain)
            .set_tags(Some(resolver_tags(&cx.tags, OPERATION)?));
        let call = match &self.endpoint {
            None => call.rule_type(RuleTypeOption::System),
            Some(endpoint) => call
                .rule_type(RuleTypeOption::Forward)
                .resolver_endpoint_id(cx.id(endpoint)?)
                .set_target_ips(Some(self.targets())),
        };
        let made = aws.call(OPERATION, call.send()).await?;
        need(made.resolver_rule.and_then(|rule| rule.id), OPERATION, "Id")
    }

    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        let Some(endpoint) = &self.endpoint else { return Ok(()) };
        let config = ResolverRuleConfig::builder()
            .resolver_endpoint_id(cx.id(endpoint)?)
            .set_target_ips(Some(self.targets()))
            .build();
        let call = cx.world.write().resolver.update_resolver_rule().resolver_rule_id(&live.id).config(config);
        cx.world.call("route53resolver:UpdateResolverRule", call.send()).await.map(drop)
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let call = aws.write().resolver.delete_resolver_rule().resolver_rule_id(&live.id);
        aws.call("route53resolver:DeleteResolverRule", call.send()).await.map(drop)
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // its tags are not read back, so they never differ
    }

    fn example() -> Self {
        ResolverRule {
            domain: "city.naruto.example".into(),
            endpoint: Some(Ref::to("outbound")),
            targets: [NameServer {
                address: Ipv4Addr::new(10, 2, 0, 10),
                port: 443,
                protocol: Protocol::Doh.as_str().into(),
                server_name: Some("dns.city.naruto.example".into()),
            }]
            .into(),
        }
    }
}

impl ResolverRule {
    fn targets(&self) -> Vec<TargetAddress> {
        let target = |server: &NameServer| {
            TargetAddress::builder()
                .ip(server.address.to_string())
                .port(server.port.into())
                // Refused without one by an endpoint that speaks several (RSLVR-00726).
                .protocol(Protocol::from(server.protocol.as_str()))
                .set_server_name_indication(server.server_name.clone())
                .build()
        };
        self.targets.iter().map(target).collect()
    }
}

fn read(rule: &Answer) -> Result<Option<Live<ResolverRule>>, Failure> {
    const OPERATION: &str = "route53resolver:ListResolverRules";
    let Some((stack, _)) = mark::read(rule.creator_request_id()) else { return Ok(None) };
    let domain = plain_domain(need(rule.domain_name(), OPERATION, "DomainName")?);
    let mut targets = BTreeSet::new();
    for target in rule.target_ips() {
        // One of IPv6 was set by hand: no address that anybody wished, so that it differs.
        let address = target.ip().map_or(Ok(Ipv4Addr::UNSPECIFIED), |ip| parse(ip, OPERATION))?;
        let protocol = target.protocol().unwrap_or(&Protocol::Do53);
        let usual = if *protocol == Protocol::Do53 { 53 } else { 443 };
        targets.insert(NameServer {
            address,
            // A port out of range is none that anybody wished.
            port: u16::try_from(target.port().unwrap_or(usual)).unwrap_or_default(),
            protocol: protocol.as_str().into(),
            server_name: target.server_name_indication().filter(|name| !name.is_empty()).map(String::from),
        });
    }
    let state = match need(rule.status(), OPERATION, "Status")? {
        ResolverRuleStatus::Complete => State::Ready,
        ResolverRuleStatus::Deleting => State::Leaving,
        ResolverRuleStatus::Failed => State::Failed(rule.status_message().unwrap_or("failed").into()),
        other => State::Pending(other.as_str().to_ascii_lowercase()),
    };
    Ok(Some(Live {
        id: need(rule.id(), OPERATION, "Id")?.into(),
        owner: Owner::Name { stack, name: domain.clone() },
        state,
        spec: ResolverRule { domain, endpoint: rule.resolver_endpoint_id().map(Ref::id), targets },
    }))
}

/// AWS appends the last dot.
pub(super) fn plain_domain(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}
