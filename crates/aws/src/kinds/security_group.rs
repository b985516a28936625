//! A security group with its rules.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{IpPermission, IpRange, ResourceType};
use gcnet_core::{Calls, Context, Diff, Failure, Kind, Live, Owner, Ref, Replace, Resource, State, Tags};
use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

use super::Vpc;
use crate::{
    aws::Aws,
    read::{need, parse},
    tags,
};

/// Exactly these rules: AWS starts a group with one that lets everything out, and it goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SecurityGroup {
    /// Around it.
    pub vpc: Ref<Vpc>,
    /// Unique in the VPC, at most 255 characters, not `sg-…`.
    pub name: String,
    /// At most 255 characters of a small ASCII set; cannot be changed.
    pub description: String,
    /// What may come in.
    pub ingress: BTreeSet<Rule>,
    /// What may go out.
    pub egress: BTreeSet<Rule>,
}

/// One permission. Peers are address ranges; other sorts of peers are seen, as `peer`, so that they can be removed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Rule {
    /// Which packets.
    pub protocol: Protocol,
    /// Which ports; `None` for all, and for protocols without.
    pub ports: Option<Ports>,
    /// From or to whom: a CIDR of IPv4 or IPv6, a prefix list, or another group.
    pub peer: String,
}

/// As AWS spells it: `tcp`, `udp`, `icmp`, `-1` for all, else a number.
pub type Protocol = String;

/// First and last port; type and code for ICMP.
pub type Ports = (i32, i32);

impl Rule {
    /// TCP or UDP on one port.
    pub fn port(protocol: &str, port: u16, peer: Ipv4Net) -> Self {
        let port = i32::from(port);
        Rule { protocol: protocol.into(), ports: Some((port, port)), peer: peer.to_string() }
    }

    fn permission(&self) -> IpPermission {
        let Rule { protocol, ports, peer } = self;
        let rule = IpPermission::builder().ip_protocol(protocol);
        let rule = rule.set_from_port(ports.map(|p| p.0)).set_to_port(ports.map(|p| p.1));
        match peer.split_once('-').map(|(kind, _)| kind) {
            Some("sg") => {
                rule.user_id_group_pairs(aws_sdk_ec2::types::UserIdGroupPair::builder().group_id(peer).build())
            }
            Some("pl") => {
                rule.prefix_list_ids(aws_sdk_ec2::types::PrefixListId::builder().prefix_list_id(peer).build())
            }
            _ if peer.contains(':') => {
                rule.ipv6_ranges(aws_sdk_ec2::types::Ipv6Range::builder().cidr_ipv6(peer).build())
            }
            _ => rule.ip_ranges(IpRange::builder().cidr_ip(peer).build()),
        }
        .build()
    }
}

impl Resource for SecurityGroup {
    const NAME: &'static str = "security-group";
}

impl Kind<Aws> for SecurityGroup {
    // Names are unique in a VPC: InvalidGroup.Duplicate.
    const REPLACE: Replace = Replace::DeleteFirst;
    const MANY_CALLS: bool = true;
    const PATIENCE: std::time::Duration = std::time::Duration::from_secs(15 * 60);
    const CALLS: Calls = Calls {
        observe: &["ec2:DescribeSecurityGroups"],
        create: &["ec2:CreateSecurityGroup", "ec2:CreateTags"],
        update: &[
            "ec2:AuthorizeSecurityGroupIngress",
            "ec2:AuthorizeSecurityGroupEgress",
            "ec2:RevokeSecurityGroupIngress",
            "ec2:RevokeSecurityGroupEgress",
            "ec2:CreateTags",
        ],
        delete: &["ec2:DeleteSecurityGroup"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        let groups = aws.security_groups().await?;
        groups.iter().filter(|group| tags::are_ours(group.tags())).map(read).collect()
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let SecurityGroup { vpc, name, description, ingress, egress } = self;
        diff.replace("vpc", vpc, &live.vpc);
        diff.replace("name", name, &live.name);
        diff.replace("description", description, &live.description);
        diff.in_place("ingress", ingress, &live.ingress);
        diff.in_place("egress", egress, &live.egress);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        const OPERATION: &str = "ec2:CreateSecurityGroup";
        let aws = &cx.world;
        let call = aws
            .write()
            .ec2
            .create_security_group()
            .vpc_id(cx.id(&self.vpc)?)
            .group_name(&self.name)
            .description(&self.description)
            .tag_specifications(tags::specification(ResourceType::SecurityGroup, &cx.tags));
        need(aws.call(OPERATION, call.send()).await?.group_id, OPERATION, "groupId")
    }

    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        let (aws, ec2, id) = (&cx.world, &cx.world.write().ec2, live.id.as_str());
        let missing = |want: &BTreeSet<Rule>, have: &BTreeSet<Rule>| {
            let rules: Vec<IpPermission> = want.difference(have).map(Rule::permission).collect();
            (!rules.is_empty()).then_some(rules)
        };
        // What is wished comes before what is not goes: nobody who may pass is cut off in between.
        if let rules @ Some(_) = missing(&self.ingress, &live.spec.ingress) {
            let call = ec2.authorize_security_group_ingress().group_id(id).set_ip_permissions(rules);
            aws.call("ec2:AuthorizeSecurityGroupIngress", call.send()).await?;
        }
        if let rules @ Some(_) = missing(&self.egress, &live.spec.egress) {
            let call = ec2.authorize_security_group_egress().group_id(id).set_ip_permissions(rules);
            aws.call("ec2:AuthorizeSecurityGroupEgress", call.send()).await?;
        }
        if let rules @ Some(_) = missing(&live.spec.ingress, &self.ingress) {
            let call = ec2.revoke_security_group_ingress().group_id(id).set_ip_permissions(rules);
            aws.call("ec2:RevokeSecurityGroupIngress", call.send()).await?;
        }
        if let rules @ Some(_) = missing(&live.spec.egress, &self.egress) {
            let call = ec2.revoke_security_group_egress().group_id(id).set_ip_permissions(rules);
            aws.call("ec2:RevokeSecurityGroupEgress", call.send()).await?;
        }
        Ok(())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let call = aws.write().ec2.delete_security_group().group_id(&live.id);
        aws.call("ec2:DeleteSecurityGroup", call.send()).await.map(drop)
    }

    async fn retag(id: &str, tags: &Tags, aws: &Aws) -> Result<(), Failure> {
        tags::retag_ec2(id, tags, aws).await
    }

    fn example() -> Self {
        let onprem = Ipv4Net::new_assert([10, 2, 0, 0].into(), 16);
        SecurityGroup {
            vpc: Ref::to("shared"),
            name: "gcnet-naruto-prod-dns-in".into(),
            description: "DNS from on-premises".into(),
            ingress: [Rule::port("tcp", 53, onprem), Rule::port("udp", 53, onprem)].into(),
            egress: [Rule::port("udp", 53, onprem)].into(),
        }
    }
}

fn read(group: &aws_sdk_ec2::types::SecurityGroup) -> Result<Live<SecurityGroup>, Failure> {
    const OPERATION: &str = "ec2:DescribeSecurityGroups";
    Ok(Live {
        id: need(group.group_id(), OPERATION, "groupId")?.into(),
        owner: Owner::Tags(tags::from_ec2(group.tags())),
        state: State::Ready,
        spec: SecurityGroup {
            vpc: Ref::id(need(group.vpc_id(), OPERATION, "vpcId")?),
            name: need(group.group_name(), OPERATION, "groupName")?.into(),
            description: need(group.description(), OPERATION, "groupDescription")?.into(),
            ingress: rules(group.ip_permissions())?,
            egress: rules(group.ip_permissions_egress())?,
        },
    })
}

/// AWS groups rules of equal protocol and ports; we have one a peer.
fn rules(permissions: &[IpPermission]) -> Result<BTreeSet<Rule>, Failure> {
    const OPERATION: &str = "ec2:DescribeSecurityGroups";
    let mut rules = BTreeSet::new();
    for permission in permissions {
        let protocol = need(permission.ip_protocol(), OPERATION, "ipProtocol")?.to_string();
        // Ports mean nothing where all protocols do. For ICMP, -1 is "all", and AWS wants it back to revoke the rule.
        let ports = permission.from_port().zip(permission.to_port()).filter(|_| protocol != "-1");
        let mut peers: Vec<String> = vec![];
        for range in permission.ip_ranges() {
            // Parsed, so that a differently written range is the same range.
            let cidr: Ipv4Net = parse(need(range.cidr_ip(), OPERATION, "cidrIp")?, OPERATION)?;
            peers.push(cidr.trunc().to_string());
        }
        peers.extend(permission.ipv6_ranges().iter().filter_map(|range| range.cidr_ipv6().map(String::from)));
        peers.extend(permission.prefix_list_ids().iter().filter_map(|list| list.prefix_list_id().map(String::from)));
        peers.extend(permission.user_id_group_pairs().iter().filter_map(|pair| pair.group_id().map(String::from)));
        rules.extend(peers.into_iter().map(|peer| Rule { protocol: protocol.clone(), ports, peer }));
    }
    Ok(rules)
}
