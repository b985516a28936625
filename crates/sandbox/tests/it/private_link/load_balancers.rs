//! Network Load Balancers, as far as endpoint services need them.

use super::stepped;
use crate::client::Aws;

#[tokio::test]
async fn a_load_balancer_lives_and_dies() {
    let aws = Aws::start(stepped()).await;
    let (vpc, [a, c]) = aws.two_zones(1).await;
    let params = format!(
        "Name=app Type=network Scheme=internal Subnets.member.1={a} Subnets.member.2={c} Tags.member.1.Key=k \
         Tags.member.1.Value=v"
    );
    let made = aws.elb("CreateLoadBalancer", &params).await;
    let arn = made.one("LoadBalancerArn");
    assert!(arn.starts_with("arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:loadbalancer/net/app/"), "{arn}");
    assert_eq!((made.one("State.Code"), made.one("VpcId")), ("provisioning".to_owned(), vpc));
    // Idempotent by name, if all is the same.
    assert_eq!(aws.elb("CreateLoadBalancer", &params).await.one("LoadBalancerArn"), arn);
    let other = params.replace(&format!("Subnets.member.2={c} "), "");
    assert_eq!(aws.elb("CreateLoadBalancer", &other).await.code(), "DuplicateLoadBalancerName");
    aws.later(120);
    let read = aws.elb("DescribeLoadBalancers", "Names.member.1=app").await;
    assert_eq!((read.one("State.Code"), read.all("member.SubnetId").len()), ("active".to_owned(), 2));
    aws.refuses(&[("DeleteSubnet", format!("SubnetId={a}"), "DependencyViolation")]).await;

    let service = format!("NetworkLoadBalancerArn.1={arn} AcceptanceRequired=true");
    let service = aws.call("CreateVpcEndpointServiceConfiguration", service).await.one("serviceId");
    let named = format!("LoadBalancerArn={arn}");
    assert_eq!(aws.elb("DeleteLoadBalancer", &named).await.code(), "ResourceInUse");
    aws.later(20);
    aws.call("DeleteVpcEndpointServiceConfigurations", format!("ServiceId.1={service}")).await;
    assert_eq!(aws.elb("DeleteLoadBalancer", &named).await.code(), "ResourceInUse");
    aws.later(20);
    for _ in 0..2 {
        assert_eq!(aws.elb("DeleteLoadBalancer", &named).await.status, 200);
    }
    assert_eq!(aws.elb("DescribeLoadBalancers", "Names.member.1=app").await.code(), "LoadBalancerNotFound");
    aws.refuses(&[("DeleteSubnet", format!("SubnetId={a}"), "DependencyViolation")]).await;
    aws.later(60);
    aws.call("DeleteSubnet", format!("SubnetId={a}")).await;
}

#[tokio::test]
async fn load_balancers_are_refused() {
    let aws = Aws::start(stepped()).await;
    let (vpc, [a, _]) = aws.two_zones(1).await;
    let (_, [foreign, _]) = aws.two_zones(2).await;
    let twin = format!("VpcId={vpc} CidrBlock=10.1.9.0/24 AvailabilityZone=ap-northeast-1a");
    let twin = aws.call("CreateSubnet", twin).await.one("subnetId");
    let good = format!("Name=app Type=network Scheme=internal Subnets.member.1={a}");
    for (params, code) in [
        (good.replace("network", "application"), "InvalidParameterValue"),
        (good.replace("Scheme=internal ", ""), "MissingParameter"),
        (good.replace("=app", "=-app"), "ValidationError"),
        (good.replace("=app", "=internal-app"), "ValidationError"),
        (good.replace(&a, "subnet-0123456789abcdef0"), "SubnetNotFound"),
        (format!("{good} Subnets.member.2={foreign}"), "InvalidConfigurationRequest"),
        (format!("{good} Subnets.member.2={twin}"), "InvalidConfigurationRequest"),
        (format!("{good} SecurityGroups.member.1=sg-1"), "InvalidSecurityGroup"),
        (format!("{good} Colour=red"), "UnknownParameter"),
    ] {
        assert_eq!(aws.elb("CreateLoadBalancer", &params).await.code(), code, "{params}");
    }
    assert_eq!(aws.elb("DescribeLoadBalancers", "PageSize=0").await.code(), "ValidationError");
    assert_eq!(aws.elb("DescribeLoadBalancers", "Marker=x").await.code(), "ValidationError");
}
