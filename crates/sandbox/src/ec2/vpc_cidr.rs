//! Secondary IPv4 blocks of VPCs. Rules: aws-facts section 1.2 "VPC, secondary CIDR".

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::ec2::vpc::{self, Vpc};
use crate::ec2::{Ec2, errors, params};
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::write("AssociateVpcCidrBlock", associate).without_dry_run(),
    Operation::write("DisassociateVpcCidrBlock", disassociate).without_dry_run(),
];

/// How long the states on the way last, in simulated seconds; Terraform waits up to ten minutes.
const ASSOCIATING: u64 = 5;
const DISASSOCIATING: u64 = 5;

/// A block besides the first.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecondaryBlock {
    pub cidr: Ipv4Net,
    pub from: Moment,
    pub ends_at: Option<Moment>,
}

impl SecondaryBlock {
    pub fn state(&self, now: Moment) -> &'static str {
        match self.ends_at {
            Some(_) => "disassociating",
            None if now < self.from => "associating",
            None => "associated",
        }
    }

    pub fn xml(&self, id: &str, now: Moment) -> Xml {
        row(id, self.cidr, self.state(now))
    }
}

/// A block as it is read.
pub(super) fn row(id: &str, cidr: Ipv4Net, state: &str) -> Xml {
    Xml::new()
        .text("associationId", id)
        .value("cidrBlock", cidr)
        .nest("cidrBlockState", Xml::new().text("state", state))
}

/// Removes the blocks that have ended.
pub(super) fn settle(ec2: &mut Ec2, now: Moment) {
    let ended = |block: &SecondaryBlock| block.ends_at.is_some_and(|at| at <= now);
    let changed: Vec<String> =
        ec2.vpcs.iter().filter(|(_, vpc)| vpc.secondary.values().any(ended)).map(|(id, _)| id.clone()).collect();
    for id in changed {
        if let Some(vpc) = ec2.vpcs.get_mut(&id) {
            vpc.secondary.retain(|_, block| !ended(block));
        }
    }
}

fn associate(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let vpc_id = p.required("VpcId")?;
    let cidr = params::ipv4_block(p, "CidrBlock")?;
    let ec2 = ctx.ec2();
    let vpc = vpc::KIND.get(&ec2.vpcs, &vpc_id)?;
    let range = |why: &str| AwsError::new("InvalidVpc.Range", format!("The CIDR '{cidr}' is invalid: {why}."));
    if !vpc::may_be_block(cidr) {
        return Err(range("it is not from /16 to /28, or reserved"));
    }
    // Unverified: the code (aws-facts section 1.2).
    if vpc.blocks().any(|block| block.contains(&cidr) || cidr.contains(&block)) {
        return Err(range("it overlaps with a block of the VPC"));
    }
    if !may_join(vpc, cidr) {
        return Err(range("it must not be combined with the blocks that the VPC has"));
    }
    // DOC (VPC user guide, "VPC CIDR blocks"): not the same as, or larger than, a destination in one of its route tables.
    let mut routes =
        ec2.route_tables.values().filter(|table| table.vpc == vpc_id).flat_map(|table| table.routes.keys());
    if let Some(to) = routes.find(|to| cidr.contains(*to)) {
        return Err(errors::invalid_value(format!("The CIDR '{cidr}' contains the destination {to} of a route.")));
    }
    if vpc.secondary.len() + 1 >= ctx.quotas.blocks {
        // Unverified: the code.
        return Err(errors::quota("VpcCidrBlockLimitExceeded", "IPv4 CIDR blocks of this VPC"));
    }
    let id = ctx.new_id("vpc-cidr-assoc");
    let block = SecondaryBlock { cidr, from: ctx.in_seconds(ASSOCIATING), ends_at: None };
    let xml = block.xml(&id, ctx.now);
    vpc::KIND.get_mut(&mut ctx.ec2_mut().vpcs, &vpc_id)?.secondary.insert(id, block);
    Ok(Xml::new().text("vpcId", &vpc_id).nest("cidrBlockAssociation", xml))
}

/// The ranges that AWS keeps apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Range {
    Ten,
    OneSevenTwo,
    OneNineTwo,
    /// 198.19.0.0/16.
    Benchmark,
    /// Public ones and 100.64.0.0/10.
    Other,
}

impl Range {
    fn of(cidr: Ipv4Net) -> Self {
        match cidr.network().octets() {
            [10, ..] => Self::Ten,
            [172, 16..=31, ..] => Self::OneSevenTwo,
            [192, 168, ..] => Self::OneNineTwo,
            [198, 19, ..] => Self::Benchmark,
            _ => Self::Other,
        }
    }
}

/// DOC (VPC user guide, "VPC CIDR blocks", "IPv4 CIDR block association restrictions"): blocks of different private
/// ranges do not mix, 198.19.0.0/16 mixes with none, and where 10.0.0.0/15 is used, 10.0.0.0/16 cannot be added.
fn may_join(vpc: &Vpc, cidr: Ipv4Net) -> bool {
    let second_octet = |block: Ipv4Net| block.network().octets()[1];
    vpc.blocks().all(|block| match (Range::of(block), Range::of(cidr)) {
        (Range::Ten, Range::Ten) => !(second_octet(block) <= 1 && second_octet(cidr) == 0),
        (one, other) => (one == other || one == Range::Other || other == Range::Other) && other != Range::Benchmark,
    })
}

/// Not the first block, and none that subnets use.
fn disassociate(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let id = p.required("AssociationId")?;
    let ec2 = ctx.ec2();
    if ec2.vpcs.values().any(|vpc| vpc.cidr_association == id) {
        return Err(AwsError::new("OperationNotPermitted", format!("{id} is of the VPC's primary CIDR block.")));
    }
    let missing = || {
        let code = "InvalidVpcCidrBlockAssociationID.NotFound";
        AwsError::new(code, format!("The vpc cidr block association ID '{id}' does not exist."))
    };
    let found = ec2.vpcs.iter().find_map(|(vpc, it)| Some((vpc.clone(), it.secondary.get(&id)?.clone())));
    let (vpc, mut block) = found.ok_or_else(missing)?;
    if ec2.subnets.values().any(|subnet| subnet.vpc == vpc && block.cidr.contains(&subnet.cidr)) {
        // Unverified: the code.
        return Err(AwsError::new(
            "InvalidCidr.InUse",
            format!("The vpc {vpc} currently has a subnet within the CIDR block {}.", block.cidr),
        ));
    }
    if block.state(ctx.now) != "associated" {
        let state = block.state(ctx.now);
        return Err(AwsError::new("IncorrectState", format!("{id} is in invalid state: {state}")));
    }
    block.ends_at = Some(ctx.in_seconds(DISASSOCIATING));
    let xml = block.xml(&id, ctx.now);
    vpc::KIND.get_mut(&mut ctx.ec2_mut().vpcs, &vpc)?.secondary.insert(id, block);
    Ok(Xml::new().text("vpcId", &vpc).nest("cidrBlockAssociation", xml))
}
