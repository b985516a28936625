//! Since when things are there, where AWS tells.

use std::collections::BTreeMap;

use aws_smithy_types::DateTime;
use gcnet_core::Failure;

use crate::{
    aws::Aws,
    kinds::LogGroup,
    read::{rfc3339, seen},
};

impl Aws {
    /// The moment of creation by id, as RFC 3339, of what [`gcnet_core::observe`] has read: no further calls are made for it, and
    /// nothing is told of what may not be read.
    /// AWS tells none of VPCs, subnets, route tables, security groups, hosted zones and whatever cannot carry tags.
    ///
    /// # Errors
    /// A read failed.
    pub async fn created(&self) -> Result<BTreeMap<String, String>, Failure> {
        let mut all = BTreeMap::new();
        let mut add = |id: Option<&str>, moment: Option<String>| all.extend(id.map(String::from).zip(moment));
        for gateway in seen(self.transit_gateways().await)?.iter() {
            add(gateway.transit_gateway_id(), rfc3339(gateway.creation_time()));
        }
        for attachment in seen(self.tgw_vpc_attachments().await)?.iter() {
            add(attachment.transit_gateway_attachment_id(), rfc3339(attachment.creation_time()));
        }
        for peering in seen(self.tgw_peerings().await)?.iter() {
            add(peering.transit_gateway_attachment_id(), rfc3339(peering.creation_time()));
        }
        for table in seen(self.tgw_route_tables().await)?.iter() {
            add(table.transit_gateway_route_table_id(), rfc3339(table.creation_time()));
        }
        for endpoint in seen(self.vpc_endpoints().await)?.iter() {
            add(endpoint.vpc_endpoint_id(), rfc3339(endpoint.creation_timestamp()));
        }
        for log in seen(self.flow_logs().await)?.iter() {
            add(log.flow_log_id(), rfc3339(log.creation_time()));
        }
        for group in seen(self.log_groups().await)?.iter() {
            let id = group.log_group_name().map(|name| LogGroup::arn(self.region(), self.account(), name));
            add(id.as_deref(), rfc3339(group.creation_time().map(DateTime::from_millis).as_ref()));
        }
        for role in seen(self.roles().await)?.iter() {
            add(role.arn(), rfc3339(role.create_date()));
        }
        for share in seen(self.shares().await)?.iter() {
            add(share.resource_share_arn(), rfc3339(share.creation_time()));
        }
        // RFC 3339 already.
        for (endpoint, _) in seen(self.resolver_endpoints().await)?.iter() {
            add(endpoint.id(), endpoint.creation_time().map(String::from));
        }
        for rule in seen(self.resolver_rules().await)?.iter() {
            add(rule.id(), rule.creation_time().map(String::from));
        }
        for logging in seen(self.resolver_query_log_configs().await)?.iter() {
            add(logging.id(), logging.creation_time().map(String::from));
        }
        for authority in seen(self.authorities().await)?.iter() {
            add(authority.ca.arn(), rfc3339(authority.ca.created_at()));
        }
        for bucket in seen(self.s3_buckets().await)?.iter() {
            add(Some(&bucket.name), rfc3339(bucket.created.as_ref()));
        }
        Ok(all)
    }
}
