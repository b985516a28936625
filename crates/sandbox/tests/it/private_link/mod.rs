//! PrivateLink: both sides, and the load balancers between them.

mod endpoints;
mod load_balancers;
mod services;

use std::time::Duration;

use gcnet_sandbox::{ClockMode, Options};

use crate::client::{ACCOUNT, Aws, OTHER, Reply};

/// Time moves only when a test says so.
fn stepped() -> Options {
    Options { clock: ClockMode::Stepped(Duration::ZERO), ..Options::default() }
}

impl Aws {
    fn later(&self, seconds: u64) {
        self.sandbox.advance(Duration::from_secs(seconds));
    }

    fn act_as(&mut self, account: &str) {
        account.clone_into(&mut self.key);
    }

    /// A call of Elastic Load Balancing, its parameters as `A=b C=d`.
    async fn elb(&self, action: &str, params: &str) -> Reply {
        let params: Vec<_> = params.split(' ').filter_map(|word| word.split_once('=')).collect();
        self.query("elasticloadbalancing", "2015-12-01", action, &params).await.unwrap()
    }

    /// A VPC and its subnets in zones a and c (by name) of the caller's account.
    async fn two_zones(&self, second: u8) -> (String, [String; 2]) {
        let vpc = self.vpc(&format!("10.{second}.0.0/16")).await;
        let mut subnets = [String::new(), String::new()];
        for (n, zone) in ["a", "c"].into_iter().enumerate() {
            let params = format!("VpcId={vpc} CidrBlock=10.{second}.{n}.0/24 AvailabilityZone=ap-northeast-1{zone}");
            subnets[n] = self.call("CreateSubnet", params).await.one("subnetId");
        }
        (vpc, subnets)
    }

    /// An active load balancer in these subnets: its ARN.
    async fn balancer(&self, name: &str, subnets: &[String]) -> String {
        let members: Vec<_> = subnets.iter().zip(1..).map(|(id, n)| format!("Subnets.member.{n}={id}")).collect();
        let params = format!("Name={name} Type=network Scheme=internal {}", members.join(" "));
        let arn = self.elb("CreateLoadBalancer", &params).await.one("LoadBalancerArn");
        self.later(120);
        arn
    }

    /// An available endpoint service in all zones of the caller's, and its name.
    async fn service(&self, acceptance: bool) -> (String, String) {
        let (vpc, subnets) = self.two_zones(200).await;
        let third = format!("VpcId={vpc} CidrBlock=10.200.9.0/24 AvailabilityZone=ap-northeast-1d");
        let third = self.call("CreateSubnet", third).await.one("subnetId");
        let arn = self.balancer("app", &[subnets[0].clone(), subnets[1].clone(), third]).await;
        let params = format!("NetworkLoadBalancerArn.1={arn} AcceptanceRequired={acceptance}");
        let made = self.call("CreateVpcEndpointServiceConfiguration", params).await;
        self.later(20);
        (made.one("serviceId"), made.one("serviceName"))
    }

    async fn allow(&self, service: &str, principal: &str) {
        let params = format!("ServiceId={service} AddAllowedPrincipals.1={principal}");
        self.call("ModifyVpcEndpointServicePermissions", params).await;
    }

    async fn endpoint_states(&self) -> Vec<String> {
        self.call("DescribeVpcEndpoints", "").await.all("item.state")
    }
}

/// An endpoint of ours that waits for the other account: the endpoint, the service.
async fn waiting(aws: &mut Aws) -> (String, String) {
    aws.act_as(OTHER);
    let (service, name) = aws.service(true).await;
    aws.allow(&service, &format!("arn:aws:iam::{ACCOUNT}:root")).await;
    aws.act_as(ACCOUNT);
    let (vpc, [a, _]) = aws.two_zones(1).await;
    let params = format!("VpcEndpointType=Interface VpcId={vpc} ServiceName={name} SubnetId.1={a}");
    let made = aws.call("CreateVpcEndpoint", params).await;
    assert_eq!(made.one("vpcEndpoint.state"), "pendingAcceptance");
    (made.one("vpcEndpointId"), service)
}
