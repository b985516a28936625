//! `x-gcnet-sandbox-id`: an id that the caller furnishes.

use gcnet_sandbox::Options;

use crate::client::{Aws, OTHER};

const VPC: &str = "vpc-a1000000000000001";

#[tokio::test]
async fn what_a_request_makes_has_the_id_that_it_wishes_for() {
    let mut aws = Aws::start(Options::default()).await;
    aws.wish = Some(VPC.to_owned());
    assert_eq!(aws.vpc("10.0.0.0/16").await, VPC);
    aws.wish = None;
    let seen = aws.call("DescribeVpcs", format!("VpcId.1={VPC}")).await;
    assert_eq!(seen.all("vpcSet.item.vpcId"), [VPC]);

    // An id is of one account only, in AWS as here.
    aws.key = OTHER.to_owned();
    aws.wish = Some(VPC.to_owned());
    aws.refuses(&[("CreateVpc", "CidrBlock=10.1.0.0/16".to_owned(), "SandboxIdTaken")]).await;
    for (wish, operation) in [
        ("subnet-a1000000000000001", "CreateVpc"),
        ("vpc-a10000000000001", "CreateVpc"),
        ("vpc-A1000000000000001", "CreateVpc"),
        ("a1000000000000001", "CreateVpc"),
        ("vpc-a1000000000000002", "DescribeVpcs"),
    ] {
        aws.wish = Some(wish.to_owned());
        let params = if operation == "CreateVpc" { "CidrBlock=10.1.0.0/16" } else { "" };
        aws.refuses(&[(operation, params.to_owned(), "InvalidSandboxId")]).await;
    }
    aws.wish = None;
    assert!(aws.call("DescribeVpcs", "").await.all("vpcSet.item.vpcId").is_empty(), "a refused request has made it");
}
