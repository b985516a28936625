//! A Resolver endpoint: the addresses at which on-premises asks AWS, or from which AWS asks on-premises.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

use aws_sdk_route53resolver::types::{
    IpAddressRequest, IpAddressStatus, IpAddressUpdate, Protocol, ResolverEndpointDirection, ResolverEndpointStatus,
    ResolverEndpointType, Tag,
};
use gcnet_core::{Ask, Calls, Context, Diff, Failure, Kind, Known, Live, Ref, Replace, Resource, State, Tags};
use serde::{Deserialize, Serialize};

use super::{SecurityGroup, Subnet};
use crate::{
    aws::Aws,
    mark,
    read::{need, parse},
    snapshot::PlacedEndpoint,
};

/// Known by the mark that its creation left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResolverEndpoint {
    /// Who asks whom.
    pub direction: Direction,
    /// Who may ask, or be asked; fixed at creation.
    pub groups: BTreeSet<Ref<SecurityGroup>>,
    /// Two at least, each in its subnet; AWS bills each.
    pub addresses: BTreeMap<Ipv4Addr, Ref<Subnet>>,
    /// How queries travel: `Do53`, `DoH`.
    pub protocols: BTreeSet<String>,
    /// Protocols that targets of rules still speak; only found. An endpoint keeps them until the rules have left them.
    pub in_use: BTreeSet<String>,
    /// Addresses that AWS says need somebody's action; only found.
    pub ailing: BTreeSet<Ipv4Addr>,
}

/// Of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From on-premises into the VPC.
    Inbound,
    /// From the VPC to on-premises.
    Outbound,
}

impl Resource for ResolverEndpoint {
    const NAME: &'static str = "resolver-endpoint";
}

impl Kind<Aws> for ResolverEndpoint {
    // Its addresses are taken as long as it is there, and a Region has four.
    const REPLACE: Replace = Replace::DeleteFirst;
    const TAKES_TOKEN: bool = true;
    const CALLS: Calls = Calls {
        observe: &[
            "route53resolver:ListResolverEndpoints",
            "route53resolver:ListResolverEndpointIpAddresses",
            "route53resolver:ListResolverRules",
        ],
        // AWS makes the interfaces in the name of whoever asks (Resolver, "Identity and access management").
        create: &[
            "route53resolver:CreateResolverEndpoint",
            "route53resolver:TagResource",
            "ec2:CreateNetworkInterface",
            "ec2:CreateNetworkInterfacePermission",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
            "ec2:DescribeAvailabilityZones",
        ],
        update: &[
            "route53resolver:UpdateResolverEndpoint",
            "route53resolver:AssociateResolverEndpointIpAddress",
            "route53resolver:DisassociateResolverEndpointIpAddress",
            "ec2:CreateNetworkInterface",
            "ec2:CreateNetworkInterfacePermission",
            "ec2:DeleteNetworkInterface",
            "ec2:DescribeAvailabilityZones",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets",
        ],
        delete: &[
            "ec2:DeleteNetworkInterface",
            "ec2:DescribeNetworkInterfaces",
            "route53resolver:DeleteResolverEndpoint",
        ],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        let endpoints = aws.resolver_endpoints().await?;
        let found: Result<Vec<Option<Live<Self>>>, Failure> = endpoints.iter().map(read).collect();
        let mut found: Vec<Live<Self>> = found?.into_iter().flatten().collect();
        // Only of several protocols can one be taken away.
        let outbound = |live: &Live<Self>| live.spec.direction == Direction::Outbound && live.spec.protocols.len() > 1;
        if found.iter().any(outbound) {
            let rules = aws.resolver_rules().await?;
            for endpoint in found.iter_mut().filter(|live| outbound(live)) {
                let own = rules.iter().filter(|rule| rule.resolver_endpoint_id() == Some(endpoint.id.as_str()));
                let used = own.flat_map(|rule| rule.target_ips()).map(|target| target.protocol());
                let used = used.map(|protocol| protocol.unwrap_or(&Protocol::Do53).as_str().to_string());
                endpoint.spec.in_use = used.collect();
            }
        }
        Ok(found)
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let ResolverEndpoint { direction, groups, addresses, protocols, in_use: _, ailing: _ } = self;
        diff.replace("direction", direction, &live.direction);
        diff.replace("groups", groups, &live.groups);
        diff.in_place("addresses", addresses, &live.addresses);
        // What rules still use goes with the plan after theirs.
        let held = live.in_use.difference(protocols);
        let found: BTreeSet<String> = held.fold(live.protocols.clone(), |mut found, protocol| {
            found.remove(protocol);
            found
        });
        diff.in_place("protocols", protocols, &found);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        const OPERATION: &str = "route53resolver:CreateResolverEndpoint";
        let aws = &cx.world;
        let mut call = aws
            .write()
            .resolver
            .create_resolver_endpoint()
            .creator_request_id(mark::write(cx.address.name(), cx))
            .name(display_name(&cx.tags))
            .direction(match self.direction {
                Direction::Inbound => ResolverEndpointDirection::Inbound,
                Direction::Outbound => ResolverEndpointDirection::Outbound,
            })
            .resolver_endpoint_type(ResolverEndpointType::Ipv4)
            .set_protocols(Some(sdk(&self.protocols)))
            .set_security_group_ids(Some(cx.ids(&self.groups)?))
            .set_tags(Some(resolver_tags(&cx.tags, OPERATION)?));
        for (address, subnet) in &self.addresses {
            let request = IpAddressRequest::builder().ip(address.to_string()).subnet_id(cx.id(subnet)?).build();
            call = call.ip_addresses(request.map_err(|error| Failure::internal(OPERATION, error.to_string()))?);
        }
        let made = aws.call(OPERATION, call.send()).await?;
        need(made.resolver_endpoint.and_then(|endpoint| endpoint.id), OPERATION, "Id")
    }

    /// One address at a time, and the new before the old: an endpoint never has fewer than two. Protocols likewise.
    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        let (aws, resolver) = (&cx.world, &cx.world.write().resolver);
        let protocols = self.next_protocols(&live.spec);
        if protocols != live.spec.protocols {
            let call = resolver.update_resolver_endpoint().resolver_endpoint_id(&live.id);
            let call = call.set_protocols(Some(sdk(&protocols)));
            return aws.call("route53resolver:UpdateResolverEndpoint", call.send()).await.map(drop);
        }
        let subnet_of = |address: &Ipv4Addr| self.addresses.get(address).map(|subnet| cx.id(subnet)).transpose();
        let new = self.addresses.keys().find(|address| !live.spec.addresses.contains_key(*address));
        if let Some(address) = new {
            let place = IpAddressUpdate::builder().ip(address.to_string()).set_subnet_id(subnet_of(address)?).build();
            let call = resolver.associate_resolver_endpoint_ip_address().resolver_endpoint_id(&live.id);
            let call = call.ip_address(place);
            return aws.call("route53resolver:AssociateResolverEndpointIpAddress", call.send()).await.map(drop);
        }
        let old = live.spec.addresses.iter().find(|(at, _)| !self.addresses.contains_key(*at));
        if let Some((address, subnet)) = old {
            let place = IpAddressUpdate::builder().ip(address.to_string()).subnet_id(subnet.label()).build();
            let call = resolver.disassociate_resolver_endpoint_ip_address().resolver_endpoint_id(&live.id);
            let call = call.ip_address(place);
            return aws.call("route53resolver:DisassociateResolverEndpointIpAddress", call.send()).await.map(drop);
        }
        Ok(())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let call = aws.write().resolver.delete_resolver_endpoint().resolver_endpoint_id(&live.id);
        aws.call("route53resolver:DeleteResolverEndpoint", call.send()).await.map(drop)
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // its tags are not read back, so they never differ
    }

    /// AWS says that it cannot bring the addresses back (ResolverEndpoint, Status, ACTION_NEEDED).
    fn asks(&self, live: Option<&Live<Self>>, _: &Known<'_>) -> Vec<Ask> {
        let ailing = live.map(|live| &live.spec.ailing).filter(|ailing| !ailing.is_empty());
        let ask = |ailing: &BTreeSet<Ipv4Addr>| {
            let text = |address: &Ipv4Addr| address.to_string();
            let wished: Vec<String> = self.addresses.keys().map(text).collect();
            Ask::operator("repair-endpoint").between(wished, ailing.iter().map(text).collect::<Vec<_>>())
        };
        ailing.map(ask).into_iter().collect()
    }

    fn example() -> Self {
        ResolverEndpoint {
            direction: Direction::Inbound,
            groups: [Ref::to("dns-in")].into(),
            addresses: [
                (Ipv4Addr::new(10, 210, 11, 36), Ref::to("dns-a")),
                (Ipv4Addr::new(10, 210, 11, 52), Ref::to("dns-c")),
            ]
            .into(),
            protocols: ["Do53".to_string()].into(),
            in_use: ["Do53".to_string()].into(),
            ailing: [Ipv4Addr::new(10, 210, 11, 36)].into(),
        }
    }
}

impl ResolverEndpoint {
    /// What to change the protocols to: all at once where something is new, and of what is not wished what rules have left.
    /// AWS refuses to take plain DNS from an inbound endpoint that spoke nothing else (UpdateResolverEndpoint, Protocols).
    fn next_protocols(&self, live: &Self) -> BTreeSet<String> {
        let kept = if self.protocols.is_subset(&live.protocols) { &live.in_use } else { &live.protocols };
        let kept = kept.intersection(&live.protocols);
        self.protocols.iter().chain(kept).cloned().collect()
    }
}

fn sdk(protocols: &BTreeSet<String>) -> Vec<Protocol> {
    protocols.iter().map(|protocol| Protocol::from(protocol.as_str())).collect()
}

/// What the console shows: 64 characters at most, of those that Resolver allows.
pub(super) fn display_name(tags: &Tags) -> String {
    let name = tags.get("Name").map(String::as_str).unwrap_or_default();
    name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' }).take(64).collect()
}

/// For a creation.
pub(super) fn resolver_tags(tags: &Tags, operation: &'static str) -> Result<Vec<Tag>, Failure> {
    let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build();
    tags.iter().map(tag).collect::<Result<_, _>>().map_err(|error| Failure::internal(operation, error.to_string()))
}

fn read((endpoint, addresses): &PlacedEndpoint) -> Result<Option<Live<ResolverEndpoint>>, Failure> {
    const OPERATION: &str = "route53resolver:ListResolverEndpoints";
    let Some(owner) = mark::owner(endpoint.creator_request_id()) else { return Ok(None) };
    let direction = match need(endpoint.direction(), OPERATION, "Direction")? {
        ResolverEndpointDirection::Inbound => Direction::Inbound,
        ResolverEndpointDirection::Outbound => Direction::Outbound,
        _ => return Ok(None), // one that delegates is nothing that gcnet makes
    };
    let status = need(endpoint.status(), OPERATION, "Status")?;
    let mut placed = BTreeMap::new();
    let mut ailing = BTreeSet::new();
    for address in addresses.iter().filter(|address| !is_leaving(address.status())) {
        // One of IPv6 was added by hand, and is not ours to judge.
        let Some(ip) = address.ip() else { continue };
        let ip = parse(ip, OPERATION)?;
        placed.insert(ip, Ref::id(need(address.subnet_id(), OPERATION, "SubnetId")?));
        if *status == ResolverEndpointStatus::ActionNeeded && address.status() != Some(&IpAddressStatus::Attached) {
            ailing.insert(ip);
        }
    }
    // Which of them it is, AWS need not say.
    if *status == ResolverEndpointStatus::ActionNeeded && ailing.is_empty() {
        ailing.extend(placed.keys());
    }
    let state = match status {
        // Of what AWS cannot mend by itself, people are asked; while it mends something, the rest answers.
        ResolverEndpointStatus::Operational
        | ResolverEndpointStatus::ActionNeeded
        | ResolverEndpointStatus::AutoRecovering => State::Ready,
        ResolverEndpointStatus::Deleting => State::Leaving,
        other => State::Pending(other.as_str().to_ascii_lowercase()),
    };
    Ok(Some(Live {
        id: need(endpoint.id(), OPERATION, "Id")?.into(),
        owner,
        state,
        spec: ResolverEndpoint {
            direction,
            groups: endpoint.security_group_ids().iter().map(Ref::id).collect(),
            addresses: placed,
            protocols: endpoint.protocols().iter().map(|protocol| protocol.as_str().to_string()).collect(),
            in_use: BTreeSet::new(),
            ailing,
        },
    }))
}

fn is_leaving(status: Option<&IpAddressStatus>) -> bool {
    use IpAddressStatus as Status;
    matches!(status, Some(Status::Deleting | Status::Detaching))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(protocols: &[&str], in_use: &[&str]) -> ResolverEndpoint {
        let set = |names: &[&str]| names.iter().map(|name| name.to_string()).collect();
        ResolverEndpoint { protocols: set(protocols), in_use: set(in_use), ..ResolverEndpoint::example() }
    }

    #[test]
    fn a_new_protocol_comes_before_the_old_goes_and_the_old_waits_for_its_rules() {
        let (both, doh) = (["Do53", "DoH"], ["DoH"]);
        for (wish, live, in_use, differs, next) in [
            (&doh[..], &["Do53"][..], &[][..], true, &both[..]),
            (&doh, &both, &[], true, &doh),
            (&doh, &both, &["Do53"], false, &both),
            (&doh, &both, &["DoH"], true, &doh),
            (&both, &doh, &[], true, &both),
            (&["Do53"], &["Do53"], &[], false, &["Do53"]),
        ] {
            let (wish, live) = (endpoint(wish, &[]), endpoint(live, in_use));
            let mut diff = Diff::default();
            wish.diff(&live, &mut diff);
            assert_eq!(!diff.is_empty(), differs, "{wish:?} {live:?}");
            assert_eq!(wish.next_protocols(&live), endpoint(next, &[]).protocols, "{wish:?} {live:?}");
        }
    }

    #[test]
    fn a_name_fits_the_console() {
        let tags = Tags::from([("Name".to_string(), format!("naruto-prod-{}.例", "a".repeat(80)))]);
        let name = display_name(&tags);
        assert_eq!(name.len(), 64);
        assert!(name.starts_with("naruto-prod-aaa"));
    }
}
