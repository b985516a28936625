//! `x-gcnet-sandbox-id`: an id that the caller furnishes.

use std::time::Duration;

use gcnet_sandbox::{ClockMode, Options};

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

/// What an endpoint service is made of and called by is known from the file of whoever uses it.
#[tokio::test]
async fn a_load_balancer_and_a_service_have_the_ids_that_requests_wish_for() {
    let mut aws = Aws::start(Options { clock: ClockMode::Stepped(Duration::ZERO), ..Options::default() }).await;
    let vpc = aws.vpc("10.0.0.0/16").await;
    let subnet = aws.subnet(&vpc, "10.0.0.0/24").await;
    let start = "arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:loadbalancer/net";
    let arn = format!("{start}/app/50dc6c495c0c9188");
    let create = async |aws: &mut Aws, wish: &str, name: &str| {
        aws.wish = Some(wish.to_owned());
        let params =
            [("Name", name), ("Type", "network"), ("Scheme", "internal"), ("Subnets.member.1", subnet.as_str())];
        aws.query("elasticloadbalancing", "2015-12-01", "CreateLoadBalancer", &params).await.unwrap()
    };
    for stray in [format!("{start}/other/50dc6c495c0c9188"), format!("{start}/app/50dc"), format!("{start}/app")] {
        assert_eq!(create(&mut aws, &stray, "app").await.code(), "InvalidSandboxId", "{stray}");
    }
    assert_eq!(create(&mut aws, &arn, "app").await.one("LoadBalancerArn"), arn);
    assert_eq!(create(&mut aws, &arn, "app").await.code(), "SandboxIdTaken");
    aws.sandbox.advance(Duration::from_secs(120));

    let service = "vpce-svc-a1000000000000001";
    aws.wish = Some(service.to_owned());
    let params = format!("NetworkLoadBalancerArn.1={arn} AcceptanceRequired=true");
    let made = aws.call("CreateVpcEndpointServiceConfiguration", params).await;
    assert_eq!(made.one("serviceConfiguration.serviceId"), service);
    assert_eq!(made.one("serviceConfiguration.serviceName"), format!("com.amazonaws.vpce.ap-northeast-1.{service}"));
}
