//! Reads on which the handshakes with other parties run: routes that a gateway learned, peerings, shares.

use std::{collections::BTreeSet, sync::Arc};

use aws_sdk_ec2::types::{Filter, RouteTable, TransitGatewayPeeringAttachment, TransitGatewayRoute};
use aws_sdk_ram::types::{
    ResourceOwner, ResourceShare, ResourceShareAssociation, ResourceShareAssociationType, ResourceShareStatus,
    TagFilter,
};
use futures::future::try_join_all;
use gcnet_core::{Class, Failure, identity};

use super::live;
use crate::{aws::Aws, read::need};

/// A route and the id of the table that it is in.
pub(crate) type TableRoute = (String, TransitGatewayRoute);

impl Aws {
    /// Static and learned ones. One call a table: AWS has no read for several.
    pub(crate) async fn tgw_routes(&self) -> Result<Arc<Vec<TableRoute>>, Failure> {
        let read = async || {
            let tables = self.tgw_route_tables().await?;
            let tables = tables.iter().filter_map(|table| table.transit_gateway_route_table_id());
            let routes = try_join_all(tables.map(|table| self.routes_of(table))).await?;
            Ok(Arc::new(routes.into_iter().flatten().collect()))
        };
        self.snapshot.tgw_routes.get_or_try_init(read).await.cloned()
    }

    /// Of one table, read now.
    pub(crate) async fn routes_of(&self, table: &str) -> Result<Vec<TableRoute>, Failure> {
        const OPERATION: &str = "ec2:SearchTransitGatewayRoutes";
        let call = self.read().ec2.search_transit_gateway_routes().transit_gateway_route_table_id(table);
        let types = Filter::builder().name("type").values("static").values("propagated").build();
        let pages = match self.pages(OPERATION, call.filters(types).max_results(1000).into_paginator().send()).await {
            // The table went between the two reads.
            Err(failure) if failure.class == Class::NotFound => return Ok(vec![]),
            pages => pages?,
        };
        // A partial answer must not pass for a whole one: what is missing from it would be created again.
        if pages.iter().any(|page| page.additional_routes_available() == Some(true) && page.next_token().is_none()) {
            need(None::<()>, OPERATION, "page token although there are more routes")?;
        }
        let routes = pages.into_iter().flat_map(|page| page.routes.unwrap_or_default());
        Ok(routes.map(|route| (table.to_string(), route)).collect())
    }

    /// Of our gateways and those of our account that are not ours; with the tombstones that say that a request was refused.
    pub(crate) async fn tgw_peerings(&self) -> Result<Arc<Vec<TransitGatewayPeeringAttachment>>, Failure> {
        let read = async || {
            let call = self.read().ec2.describe_transit_gateway_peering_attachments().max_results(1000);
            let call = call.filters(live("state", &["failed", "rejected"]));
            let pages =
                self.pages("ec2:DescribeTransitGatewayPeeringAttachments", call.into_paginator().send()).await?;
            let items = pages.into_iter().flat_map(|page| page.transit_gateway_peering_attachments.unwrap_or_default());
            Ok(Arc::new(items.collect()))
        };
        self.snapshot.tgw_peerings.get_or_try_init(read).await.cloned()
    }

    /// Tables of other parties' VPCs that are attached to our gateways, each with its account, as far as roles let us look. One
    /// paginated call an account and 200 VPCs, which is as many values as a filter takes.
    pub(crate) async fn foreign_tables(&self) -> Result<Arc<Vec<(String, RouteTable)>>, Failure> {
        let read = async || {
            let attachments = self.tgw_vpc_attachments().await?;
            let attached = |account: &str| -> Vec<String> {
                let theirs = attachments.iter().filter(|attachment| attachment.vpc_owner_id() == Some(account));
                let vpcs: BTreeSet<&str> = theirs.filter_map(|attachment| attachment.vpc_id()).collect();
                vpcs.into_iter().map(String::from).collect()
            };
            let attached: Vec<(&str, Vec<String>)> =
                self.others().map(|account| (account, attached(account))).collect();
            let parts = attached.iter().flat_map(|(account, vpcs)| vpcs.chunks(200).map(|vpcs| (*account, vpcs)));
            let tables = try_join_all(parts.map(|(account, vpcs)| self.tables_in(account, vpcs))).await?;
            Ok(Arc::new(tables.into_iter().flatten().collect()))
        };
        self.snapshot.foreign_tables.get_or_try_init(read).await.cloned()
    }

    async fn tables_in(&self, account: &str, vpcs: &[String]) -> Result<Vec<(String, RouteTable)>, Failure> {
        let there = match self.in_account(account) {
            Ok(there) => there,
            Err(failure) => return self.as_far_as_allowed(account, Err(failure)),
        };
        let attached = Filter::builder().name("vpc-id").set_values(Some(vpcs.to_vec())).build();
        let call = there.read().ec2.describe_route_tables().max_results(100).filters(attached);
        let pages = there.pages("ec2:DescribeRouteTables", call.into_paginator().send()).await;
        let pages = self.as_far_as_allowed(account, pages)?.into_iter();
        Ok(pages.flat_map(|page| page.route_tables.unwrap_or_default()).map(|table| (account.into(), table)).collect())
    }

    /// Those that gcnet made, of whichever stack.
    pub(crate) async fn shares(&self) -> Result<Arc<Vec<ResourceShare>>, Failure> {
        let read = async || {
            let ours = TagFilter::builder().tag_key(identity::MUNICIPALITY).build();
            let call = self.read().ram.get_resource_shares().resource_owner(ResourceOwner::SelfValue);
            let call = call.tag_filters(ours).max_results(500);
            let pages = self.pages("ram:GetResourceShares", call.into_paginator().send()).await?;
            let shares = pages.into_iter().flat_map(|page| page.resource_shares.unwrap_or_default());
            Ok(Arc::new(shares.filter(|share| share.status() != Some(&ResourceShareStatus::Deleted)).collect()))
        };
        self.snapshot.shares.get_or_try_init(read).await.cloned()
    }

    /// What our shares hold.
    pub(crate) async fn share_resources(&self) -> Result<Arc<Vec<ResourceShareAssociation>>, Failure> {
        let read = || self.members(ResourceShareAssociationType::Resource);
        self.snapshot.share_resources.get_or_try_init(read).await.cloned()
    }

    /// Whom our shares are for.
    pub(crate) async fn share_principals(&self) -> Result<Arc<Vec<ResourceShareAssociation>>, Failure> {
        let read = || self.members(ResourceShareAssociationType::Principal);
        self.snapshot.share_principals.get_or_try_init(read).await.cloned()
    }

    /// One read for all shares. Pages may be empty and have a successor all the same.
    async fn members(&self, of: ResourceShareAssociationType) -> Result<Arc<Vec<ResourceShareAssociation>>, Failure> {
        let shares = self.shares().await?;
        let arns: Vec<String> =
            shares.iter().filter_map(|share| share.resource_share_arn().map(String::from)).collect();
        // No ARN would mean every share of the account.
        if arns.is_empty() {
            return Ok(Arc::default());
        }
        let read = async |arns: Vec<String>| {
            let call = self.read().ram.get_resource_share_associations().association_type(of.clone());
            let call = call.set_resource_share_arns(Some(arns)).max_results(500);
            let pages = self.pages("ram:GetResourceShareAssociations", call.into_paginator().send()).await?;
            Ok(pages
                .into_iter()
                .flat_map(|page| page.resource_share_associations.unwrap_or_default())
                .collect::<Vec<_>>())
        };
        match read(arns.clone()).await {
            Err(Failure { class: Class::NotFound, .. }) => {}
            members => return members.map(Arc::new),
        }
        // One that this read does not show, yet or any more, must not hide the others.
        let mut all = vec![];
        for arn in arns {
            match read(vec![arn]).await {
                Err(Failure { class: Class::NotFound, .. }) => {}
                members => all.extend(members?),
            }
        }
        Ok(Arc::new(all))
    }
}
