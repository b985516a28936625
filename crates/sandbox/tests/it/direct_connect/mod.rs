//! Direct Connect: gateways, associations, proposals, lines.

mod associations;
mod gateways;
mod lines;
mod proposals;

use gcnet_sandbox::ApiCall;
use serde_json::{Value, json};

use crate::client::{Aws, REGION};

/// A call as an account: the code of the error, or the answer.
fn dx(aws: &Aws, account: &str, operation: &str, input: Value) -> Result<Value, String> {
    let call = ApiCall {
        account: account.to_owned(),
        region: REGION.to_owned(),
        service: "directconnect".to_owned(),
        operation: operation.to_owned(),
        input,
        id: None,
    };
    aws.sandbox.call(&call).map_err(|error| {
        assert_eq!(error.code, "DirectConnectClientException", "{operation}: {error}");
        error.message
    })
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn cidrs(blocks: &[&str]) -> Value {
    blocks.iter().map(|block| json!({ "cidr": block })).collect()
}

/// A gateway that is available.
fn gateway(aws: &Aws, account: &str, asn: i64) -> String {
    let input = json!({ "directConnectGatewayName": "dxgw", "amazonSideAsn": asn });
    let made = dx(aws, account, "CreateDirectConnectGateway", input).unwrap();
    aws.wait(5);
    text(&made["directConnectGateway"]["directConnectGatewayId"])
}

/// An association of two of one account's, in whatever state.
fn associate(aws: &Aws, account: &str, gateway: &str, to: &str, blocks: &[&str]) -> Result<String, String> {
    let input = json!({
        "directConnectGatewayId": gateway,
        "gatewayId": to,
        "addAllowedPrefixesToDirectConnectGateway": cidrs(blocks),
    });
    let made = dx(aws, account, "CreateDirectConnectGatewayAssociation", input)?;
    Ok(text(&made["directConnectGatewayAssociation"]["associationId"]))
}

/// The one association with this id, or null.
fn association(aws: &Aws, account: &str, id: &str) -> Value {
    let listed = dx(aws, account, "DescribeDirectConnectGatewayAssociations", json!({ "associationId": id }));
    listed.unwrap()["directConnectGatewayAssociations"][0].clone()
}

impl Aws {
    /// A transit gateway with a VPC of its own account attached, and that attachment.
    async fn attached_gateway(&self, second: u8) -> (String, String) {
        let gateway = self.gateway("Options.AmazonSideAsn=64700").await;
        let (vpc, [subnet, _]) = self.vpc_with_subnets(second).await;
        let attachment = self.attachment(&gateway, &vpc, &subnet).await;
        (gateway, attachment)
    }

    /// The state of the Direct Connect attachment of a transit gateway, and its id.
    async fn line(&self, gateway: &str) -> Option<(String, String)> {
        let params = format!(
            "Filter.1.Name=resource-type Filter.1.Value.1=direct-connect-gateway Filter.2.Name=transit-gateway-id \
             Filter.2.Value.1={gateway}"
        );
        let reply = self.call("DescribeTransitGatewayAttachments", params).await;
        let state = reply.all("item.state").pop()?;
        Some((reply.one("item.transitGatewayAttachmentId"), state))
    }
}
