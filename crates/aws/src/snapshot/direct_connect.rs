//! What Direct Connect shows. Its SDK has no paginators.

use std::sync::Arc;

use aws_sdk_directconnect::types::{
    DirectConnectGateway, DirectConnectGatewayAssociation, DirectConnectGatewayAssociationProposal, VirtualInterface,
};
use aws_sdk_ec2::types::TransitGatewayState;
use futures::future::try_join_all;
use gcnet_core::Failure;

use crate::aws::Aws;

/// All pages of a call that takes and gives `nextToken`.
macro_rules! pages {
    ($aws:expr, $operation:expr, $call:expr, $items:ident) => {{
        let (call, mut all, mut token) = ($call, vec![], None);
        loop {
            let page = $aws.call($operation, call.clone().set_next_token(token).send()).await?;
            all.extend(page.$items.unwrap_or_default());
            token = page.next_token.filter(|token| !token.is_empty());
            if token.is_none() {
                break all;
            }
        }
    }};
}

impl Aws {
    /// Of the whole account: a Direct Connect gateway is in no Region.
    pub(crate) async fn dx_gateways(&self) -> Result<Arc<Vec<DirectConnectGateway>>, Failure> {
        let read = async || {
            let call = self.read().directconnect.describe_direct_connect_gateways().max_results(100);
            Ok(Arc::new(pages!(self, "directconnect:DescribeDirectConnectGateways", call, direct_connect_gateways)))
        };
        self.snapshot.dx_gateways.get_or_try_init(read).await.cloned()
    }

    /// Of our transit gateways: AWS wants one end named, and the other may be another account's.
    pub(crate) async fn dx_associations(&self) -> Result<Arc<Vec<DirectConnectGatewayAssociation>>, Failure> {
        let read = async || {
            let of = async |tgw: String| {
                let call = self.read().directconnect.describe_direct_connect_gateway_associations();
                let call = call.associated_gateway_id(tgw).max_results(100);
                Ok::<_, Failure>(pages!(
                    self,
                    "directconnect:DescribeDirectConnectGatewayAssociations",
                    call,
                    direct_connect_gateway_associations
                ))
            };
            let found = try_join_all(self.standing_tgws().await?.into_iter().map(of)).await?;
            Ok(Arc::new(found.into_iter().flatten().collect()))
        };
        self.snapshot.dx_associations.get_or_try_init(read).await.cloned()
    }

    /// All that this account made or received.
    pub(crate) async fn dx_proposals(&self) -> Result<Arc<Vec<DirectConnectGatewayAssociationProposal>>, Failure> {
        const OPERATION: &str = "directconnect:DescribeDirectConnectGatewayAssociationProposals";
        let read = async || {
            let call = self.read().directconnect.describe_direct_connect_gateway_association_proposals();
            let call = call.max_results(100);
            Ok(Arc::new(pages!(self, OPERATION, call, direct_connect_gateway_association_proposals)))
        };
        self.snapshot.dx_proposals.get_or_try_init(read).await.cloned()
    }

    /// In this Region, of every type.
    pub(crate) async fn virtual_interfaces(&self) -> Result<Arc<Vec<VirtualInterface>>, Failure> {
        let read = async || {
            let call = self.read().directconnect.describe_virtual_interfaces().max_results(100);
            Ok(Arc::new(pages!(self, "directconnect:DescribeVirtualInterfaces", call, virtual_interfaces)))
        };
        self.snapshot.virtual_interfaces.get_or_try_init(read).await.cloned()
    }

    /// Ids of our transit gateways that are no tombstones.
    async fn standing_tgws(&self) -> Result<Vec<String>, Failure> {
        let tgws = self.transit_gateways().await?;
        let standing = tgws.iter().filter(|tgw| tgw.state() != Some(&TransitGatewayState::Deleted));
        Ok(standing.filter_map(|tgw| tgw.transit_gateway_id().map(String::from)).collect())
    }
}
