//! A subnet of one of our VPCs.

use aws_sdk_ec2::types::{AttributeBooleanValue, ResourceType, SubnetState};
use gcnet_core::{Calls, Context, Diff, Failure, Kind, Live, Owner, Ref, Replace, Resource, State, Tags};
use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

use super::Vpc;
use crate::{
    aws::Aws,
    read::{need, parse},
    tags,
};

/// Placed by zone id: the names of zones mean different zones in different accounts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Subnet {
    /// Around it.
    pub vpc: Ref<Vpc>,
    /// Inside the VPC's; /28 at least.
    pub cidr: Ipv4Net,
    /// For example `apne1-az4`.
    pub zone: String,
    /// New interfaces get public addresses; never wished, but somebody might switch it on.
    pub public_ips: bool,
}

impl Resource for Subnet {
    const NAME: &'static str = "subnet";
}

impl Kind<Aws> for Subnet {
    // AWS refuses two subnets with one CIDR: InvalidSubnet.Conflict.
    const REPLACE: Replace = Replace::DeleteFirst;
    // Interfaces of services that leave hold it for up to 35 minutes.
    const PATIENCE: std::time::Duration = std::time::Duration::from_secs(40 * 60);
    const CALLS: Calls = Calls {
        observe: &["ec2:DescribeSubnets"],
        create: &["ec2:CreateSubnet", "ec2:CreateTags"],
        update: &["ec2:ModifySubnetAttribute", "ec2:CreateTags"],
        delete: &["ec2:DeleteSubnet"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        aws.subnets().await?.iter().map(read).collect()
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let Subnet { vpc, cidr, zone, public_ips } = self;
        diff.replace("vpc", vpc, &live.vpc);
        diff.replace("cidr", cidr, &live.cidr);
        diff.replace("zone", zone, &live.zone);
        diff.in_place("public_ips", public_ips, &live.public_ips);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        const OPERATION: &str = "ec2:CreateSubnet";
        let aws = &cx.world;
        let call = aws
            .write()
            .ec2
            .create_subnet()
            .vpc_id(cx.id(&self.vpc)?)
            .cidr_block(self.cidr.to_string())
            .availability_zone_id(&self.zone)
            .tag_specifications(tags::specification(ResourceType::Subnet, &cx.tags));
        let made = aws.call(OPERATION, call.send()).await?;
        need(made.subnet.and_then(|subnet| subnet.subnet_id), OPERATION, "subnetId")
    }

    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        let on = AttributeBooleanValue::builder().value(self.public_ips).build();
        let call = cx.world.write().ec2.modify_subnet_attribute().subnet_id(&live.id).map_public_ip_on_launch(on);
        cx.world.call("ec2:ModifySubnetAttribute", call.send()).await.map(drop)
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        aws.call("ec2:DeleteSubnet", aws.write().ec2.delete_subnet().subnet_id(&live.id).send()).await.map(drop)
    }

    async fn retag(id: &str, tags: &Tags, aws: &Aws) -> Result<(), Failure> {
        tags::retag_ec2(id, tags, aws).await
    }

    fn example() -> Self {
        Subnet {
            vpc: Ref::to("shared"),
            cidr: Ipv4Net::new_assert([10, 210, 2, 0].into(), 28),
            zone: "apne1-az4".into(),
            public_ips: false,
        }
    }
}

fn read(subnet: &aws_sdk_ec2::types::Subnet) -> Result<Live<Subnet>, Failure> {
    const OPERATION: &str = "ec2:DescribeSubnets";
    let state = match subnet.state() {
        Some(SubnetState::Available) => State::Ready,
        other => State::Pending(other.map_or("unknown", SubnetState::as_str).into()),
    };
    Ok(Live {
        id: need(subnet.subnet_id(), OPERATION, "subnetId")?.into(),
        owner: Owner::Tags(tags::from_ec2(subnet.tags())),
        state,
        spec: Subnet {
            vpc: Ref::id(need(subnet.vpc_id(), OPERATION, "vpcId")?),
            cidr: parse(need(subnet.cidr_block(), OPERATION, "cidrBlock")?, OPERATION)?,
            zone: need(subnet.availability_zone_id(), OPERATION, "availabilityZoneId")?.into(),
            public_ips: subnet.map_public_ip_on_launch().unwrap_or_default(),
        },
    })
}
