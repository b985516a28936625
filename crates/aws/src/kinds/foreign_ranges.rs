//! The addresses of other parties' VPCs, where a role shows them.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::types::{Vpc, VpcCidrBlockStateCode};
use futures::future::try_join_all;
use gcnet_core::{Class, Failure};
use ipnet::Ipv4Net;

use crate::{
    aws::Aws,
    read::{need, not_seen, parse},
};

const OPERATION: &str = "ec2:DescribeVpcs";

/// By id: what each VPC has in these accounts, in which we have roles. One paginated read an account; one that does not let us
/// look is left out, and [`Aws::refused`] tells what its role lacks.
///
/// # Errors
/// Whatever else kept a read from its answer.
pub async fn foreign_ranges(
    aws: &Aws,
    accounts: &BTreeSet<String>,
) -> Result<BTreeMap<String, BTreeSet<Ipv4Net>>, Failure> {
    let look = async |account: &String| match vpcs_in(aws, account).await {
        Err(failure) if failure.class == Class::Theirs => Ok(vec![]),
        vpcs => vpcs,
    };
    let vpcs = try_join_all(accounts.iter().map(look)).await?;
    let known = |vpc: &Vpc| Ok((need(vpc.vpc_id(), OPERATION, "vpcId")?.to_string(), ranges(vpc)?));
    vpcs.iter().flatten().map(known).collect()
}

async fn vpcs_in(aws: &Aws, account: &str) -> Result<Vec<Vpc>, Failure> {
    let there = aws.in_account(account)?;
    let call = there.read().ec2.describe_vpcs().max_results(1000);
    let pages = there.pages(OPERATION, call.into_paginator().send()).await?;
    Ok(pages.into_iter().flat_map(|page| page.vpcs.unwrap_or_default()).collect())
}

/// What one VPC has now.
pub(super) async fn ranges_of(there: &Aws, vpc: &str) -> Result<BTreeSet<Ipv4Net>, Failure> {
    let answer = there.call(OPERATION, there.read().ec2.describe_vpcs().vpc_ids(vpc).send()).await?;
    ranges(answer.vpcs().first().ok_or_else(|| not_seen(OPERATION, there.account(), vpc))?)
}

fn ranges(vpc: &Vpc) -> Result<BTreeSet<Ipv4Net>, Failure> {
    let blocks = vpc.cidr_block_association_set().iter().filter(|block| {
        let state = block.cidr_block_state().and_then(|state| state.state());
        state == Some(&VpcCidrBlockStateCode::Associated)
    });
    blocks.filter_map(|block| block.cidr_block()).map(|cidr| parse(cidr, OPERATION)).collect()
}
