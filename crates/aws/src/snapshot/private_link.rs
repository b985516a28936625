//! What PrivateLink shows that no filter and no paginator helps with.

use std::sync::Arc;

use aws_sdk_ec2::types::{AllowedPrincipal, ServiceDetail};
use futures::future::try_join_all;
use gcnet_core::{Class, Failure};

use crate::aws::Aws;

impl Aws {
    /// Endpoint services of other customers that this account may use; AWS's own are left out.
    pub(crate) async fn offered_services(&self) -> Result<Arc<Vec<ServiceDetail>>, Failure> {
        let read = async || {
            let call = self.read().ec2.describe_vpc_endpoint_services().max_results(1000);
            let (mut all, mut token) = (vec![], None);
            loop {
                let page = call.clone().set_next_token(token).send();
                let page = self.call("ec2:DescribeVpcEndpointServices", page).await?;
                all.extend(page.service_details.unwrap_or_default());
                token = page.next_token.filter(|token| !token.is_empty());
                if token.is_none() {
                    break;
                }
            }
            all.retain(|service| service.owner().is_some_and(|owner| owner != "amazon"));
            Ok(Arc::new(all))
        };
        self.snapshot.offered_services.get_or_try_init(read).await.cloned()
    }

    /// Who may use our endpoint services: one call a service, each with its id.
    pub(crate) async fn endpoint_permissions(&self) -> Result<Arc<Vec<(String, AllowedPrincipal)>>, Failure> {
        const OPERATION: &str = "ec2:DescribeVpcEndpointServicePermissions";
        let read = async || {
            let of = async |service: String| {
                let call = self.read().ec2.describe_vpc_endpoint_service_permissions();
                let call = call.service_id(&service).max_results(1000);
                let pages = match self.pages(OPERATION, call.into_paginator().send()).await {
                    // Deleted since the services were listed.
                    Err(failure) if failure.class == Class::NotFound => vec![],
                    pages => pages?,
                };
                let allowed = pages.into_iter().flat_map(|page| page.allowed_principals.unwrap_or_default());
                Ok::<_, Failure>(allowed.map(|principal| (service.clone(), principal)).collect::<Vec<_>>())
            };
            let services = self.service_configurations().await?;
            let ids = services.iter().filter_map(|service| service.service_id().map(String::from));
            Ok(Arc::new(try_join_all(ids.map(of)).await?.into_iter().flatten().collect()))
        };
        self.snapshot.endpoint_permissions.get_or_try_init(read).await.cloned()
    }
}
