//! Transit gateways: states, refusals, tombstones, filters.

mod associations;
mod attachments;
mod gateways;
mod peerings;
mod routes;

use std::time::Duration;

use gcnet_sandbox::{ClockMode, Options};

use crate::client::Aws;

/// Without default tables.
const CLOSED: &str = "Options.DefaultRouteTableAssociation=disable Options.DefaultRouteTablePropagation=disable";
const HOUR: u64 = 3600;

/// Time moves only when a test says so.
pub fn stepped() -> Options {
    Options { clock: ClockMode::Stepped(Duration::ZERO), ..Options::default() }
}

impl Aws {
    pub fn wait(&self, seconds: u64) {
        self.sandbox.advance(Duration::from_secs(seconds));
    }

    /// A gateway that is available.
    pub async fn gateway(&self, params: &str) -> String {
        let id = self.call("CreateTransitGateway", params).await.one("transitGatewayId");
        self.wait(90);
        id
    }

    /// A VPC with a subnet in each of two zones.
    pub async fn vpc_with_subnets(&self, second: u8) -> (String, [String; 2]) {
        let vpc = self.vpc(&format!("10.{second}.0.0/16")).await;
        let mut subnets = [String::new(), String::new()];
        for (n, zone) in ["a", "c"].into_iter().enumerate() {
            let params = format!("VpcId={vpc} CidrBlock=10.{second}.{n}.0/24 AvailabilityZone=ap-northeast-1{zone}");
            subnets[n] = self.call("CreateSubnet", params).await.one("subnetId");
        }
        (vpc, subnets)
    }

    /// An attachment that is available.
    pub async fn attachment(&self, gateway: &str, vpc: &str, subnet: &str) -> String {
        let params = format!("TransitGatewayId={gateway} VpcId={vpc} SubnetIds.1={subnet}");
        let id = self.call("CreateTransitGatewayVpcAttachment", params).await.one("transitGatewayAttachmentId");
        self.wait(75);
        id
    }

    /// A route table that is available.
    pub async fn gateway_table(&self, gateway: &str) -> String {
        let params = format!("TransitGatewayId={gateway}");
        let id = self.call("CreateTransitGatewayRouteTable", params).await.one("transitGatewayRouteTableId");
        self.wait(15);
        id
    }

    /// The state of something: the read's operation, the list of ids and the element that holds it.
    async fn state(&self, operation: &str, ids: &str, id: &str, path: &str) -> String {
        self.call(operation, format!("{ids}.1={id}")).await.one(path)
    }

    async fn gateway_state(&self, id: &str) -> String {
        self.state("DescribeTransitGateways", "TransitGatewayIds", id, "item.state").await
    }

    async fn attachment_state(&self, id: &str) -> String {
        let operation = "DescribeTransitGatewayVpcAttachments";
        self.state(operation, "TransitGatewayAttachmentIds", id, "item.state").await
    }

    async fn table_state(&self, id: &str) -> String {
        let operation = "DescribeTransitGatewayRouteTables";
        self.state(operation, "TransitGatewayRouteTableIds", id, "item.state").await
    }
}

#[tokio::test]
async fn all_of_it_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let options = || Options { file: Some(folder.path().join("sandbox.json")), ..stepped() };
    let aws = Aws::start(options()).await;
    let gateway = aws.gateway("").await;
    let (vpc, [subnet, _]) = aws.vpc_with_subnets(1).await;
    let id = aws.attachment(&gateway, &vpc, &subnet).await;
    let table = aws.call("DescribeTransitGatewayRouteTables", "").await.one("transitGatewayRouteTableId");
    let named = format!("TransitGatewayRouteTableId={table}");
    let route = format!("{named} DestinationCidrBlock=10.9.0.0/16 TransitGatewayAttachmentId={id}");
    aws.call("CreateTransitGatewayRoute", route).await;
    aws.wait(30);
    let reads = [
        ("DescribeTransitGateways", String::new()),
        ("DescribeTransitGatewayAttachments", String::new()),
        ("DescribeTransitGatewayVpcAttachments", String::new()),
        ("GetTransitGatewayRouteTableAssociations", named.clone()),
        ("GetTransitGatewayRouteTablePropagations", named.clone()),
        ("SearchTransitGatewayRoutes", format!("{named} Filter.1.Name=state Filter.1.Value.1=active")),
    ];
    // Time is kept with every write.
    aws.call("CreateTags", format!("ResourceId.1={id} Tag.1.Key=a")).await;
    let read = async |aws: &Aws| {
        let mut bodies = Vec::new();
        for (operation, params) in &reads {
            let body = aws.call(operation, params).await.body;
            let (_, content) = body.split_once("</requestId>").unwrap();
            bodies.push(content.to_owned());
        }
        bodies
    };
    let before = read(&aws).await;
    assert!(before.iter().all(|body| body.contains("<item>")), "{before:?}");
    aws.sandbox.stop().await;
    assert_eq!(read(&Aws::start(options()).await).await, before);
}
