//! A VPC with its DNS attributes, and with its default security group stripped of rules.

use aws_sdk_ec2::types::{AttributeBooleanValue, ResourceType, SecurityGroup, VpcAttributeName, VpcState};
use futures::future::try_join_all;
use gcnet_core::{Calls, Context, Diff, Failure, Kind, Live, Owner, Resource, State, Tags};
use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

use crate::{
    aws::Aws,
    read::{need, parse},
    tags,
};

/// Created with its CIDR only: AWS takes the DNS attributes one call each, afterwards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Vpc {
    /// /16 to /28.
    pub cidr: Ipv4Net,
    /// The VPC's own resolver answers.
    pub dns_support: bool,
    /// Instances get names; private zones need it.
    pub dns_hostnames: bool,
    /// The group that AWS makes with every VPC, and that cannot be deleted, lets nothing in or out.
    pub default_group_closed: bool,
}

impl Resource for Vpc {
    const NAME: &'static str = "vpc";
}

impl Kind<Aws> for Vpc {
    const ROOT: bool = true;
    const MANY_CALLS: bool = true;
    const CALLS: Calls = Calls {
        observe: &["ec2:DescribeVpcs", "ec2:DescribeVpcAttribute", "ec2:DescribeSecurityGroups"],
        create: &["ec2:CreateVpc", "ec2:CreateTags"],
        update: &[
            "ec2:ModifyVpcAttribute",
            "ec2:RevokeSecurityGroupIngress",
            "ec2:RevokeSecurityGroupEgress",
            "ec2:CreateTags",
        ],
        delete: &["ec2:DeleteVpc"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        let (vpcs, groups) = futures::try_join!(aws.vpcs(), aws.security_groups())?;
        let ours = vpcs.iter().filter(|vpc| tags::are_ours(vpc.tags()));
        try_join_all(ours.map(|vpc| read(aws, vpc, &groups))).await
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let Vpc { cidr, dns_support, dns_hostnames, default_group_closed } = self;
        diff.replace("cidr", cidr, &live.cidr);
        diff.in_place("dns_support", dns_support, &live.dns_support);
        diff.in_place("dns_hostnames", dns_hostnames, &live.dns_hostnames);
        diff.in_place("default_group_closed", default_group_closed, &live.default_group_closed);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        const OPERATION: &str = "ec2:CreateVpc";
        let aws = &cx.world;
        let tags = tags::specification(ResourceType::Vpc, &cx.tags);
        let call = aws.write().ec2.create_vpc().cidr_block(self.cidr.to_string()).tag_specifications(tags);
        let made = aws.call(OPERATION, call.send()).await?;
        need(made.vpc.and_then(|vpc| vpc.vpc_id), OPERATION, "vpcId")
    }

    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        const OPERATION: &str = "ec2:ModifyVpcAttribute";
        let aws = &cx.world;
        let modify = || aws.write().ec2.modify_vpc_attribute().vpc_id(&live.id);
        let value = |on| AttributeBooleanValue::builder().value(on).build();
        // Support first: AWS refuses host names without it.
        if self.dns_support != live.spec.dns_support {
            aws.call(OPERATION, modify().enable_dns_support(value(self.dns_support)).send()).await?;
        }
        if self.dns_hostnames != live.spec.dns_hostnames {
            aws.call(OPERATION, modify().enable_dns_hostnames(value(self.dns_hostnames)).send()).await?;
        }
        if self.default_group_closed && !live.spec.default_group_closed {
            close_default_group(aws, &live.id).await?;
        }
        Ok(())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        aws.call("ec2:DeleteVpc", aws.write().ec2.delete_vpc().vpc_id(&live.id).send()).await.map(drop)
    }

    async fn retag(id: &str, tags: &Tags, aws: &Aws) -> Result<(), Failure> {
        tags::retag_ec2(id, tags, aws).await
    }

    fn example() -> Self {
        let cidr = Ipv4Net::new_assert([10, 210, 2, 0].into(), 24);
        Vpc { cidr, dns_support: true, dns_hostnames: true, default_group_closed: true }
    }
}

async fn read(aws: &Aws, vpc: &aws_sdk_ec2::types::Vpc, groups: &[SecurityGroup]) -> Result<Live<Vpc>, Failure> {
    const OPERATION: &str = "ec2:DescribeVpcs";
    let id = need(vpc.vpc_id(), OPERATION, "vpcId")?;
    let (support, hostnames) = futures::try_join!(
        attribute(aws, id, VpcAttributeName::EnableDnsSupport),
        attribute(aws, id, VpcAttributeName::EnableDnsHostnames),
    )?;
    let group = default_group(groups, id);
    let state = match vpc.state() {
        Some(VpcState::Available) => State::Ready,
        other => State::Pending(other.map_or("unknown", VpcState::as_str).into()),
    };
    let spec = Vpc {
        cidr: parse(need(vpc.cidr_block(), OPERATION, "cidrBlock")?, OPERATION)?,
        dns_support: support,
        dns_hostnames: hostnames,
        default_group_closed: group
            .is_some_and(|g| g.ip_permissions().is_empty() && g.ip_permissions_egress().is_empty()),
    };
    Ok(Live { id: id.into(), owner: Owner::Tags(tags::from_ec2(vpc.tags())), state, spec })
}

/// AWS answers one attribute a call. A VPC that has just gone has none.
async fn attribute(aws: &Aws, vpc: &str, name: VpcAttributeName) -> Result<bool, Failure> {
    const OPERATION: &str = "ec2:DescribeVpcAttribute";
    let call = aws.read().ec2.describe_vpc_attribute().vpc_id(vpc).attribute(name.clone());
    let answer = match aws.call(OPERATION, call.send()).await {
        Err(failure) if failure.class == gcnet_core::Class::NotFound => return Ok(false),
        answer => answer?,
    };
    let value = match name {
        VpcAttributeName::EnableDnsSupport => answer.enable_dns_support,
        _ => answer.enable_dns_hostnames,
    };
    need(value.and_then(|value| value.value), OPERATION, name.as_str())
}

fn default_group<'a>(groups: &'a [SecurityGroup], vpc: &str) -> Option<&'a SecurityGroup> {
    groups.iter().find(|group| group.vpc_id() == Some(vpc) && group.group_name() == Some("default"))
}

async fn close_default_group(aws: &Aws, vpc: &str) -> Result<(), Failure> {
    let groups = aws.security_groups().await?;
    // Not there yet: the VPC is seen before its group, and the engine comes back.
    let Some(group) = default_group(&groups, vpc) else { return Ok(()) };
    let id = need(group.group_id(), "ec2:DescribeSecurityGroups", "groupId")?;
    let ec2 = &aws.write().ec2;
    if let Some(rules) = group.ip_permissions.clone().filter(|rules| !rules.is_empty()) {
        let call = ec2.revoke_security_group_ingress().group_id(id).set_ip_permissions(Some(rules));
        aws.call("ec2:RevokeSecurityGroupIngress", call.send()).await?;
    }
    if let Some(rules) = group.ip_permissions_egress.clone().filter(|rules| !rules.is_empty()) {
        let call = ec2.revoke_security_group_egress().group_id(id).set_ip_permissions(Some(rules));
        aws.call("ec2:RevokeSecurityGroupEgress", call.send()).await?;
    }
    Ok(())
}
