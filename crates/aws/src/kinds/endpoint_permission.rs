//! One principal who may use an endpoint service of ours.

use gcnet_core::{Calls, Context, Diff, Failure, Kind, Live, Natural, Owner, Ref, Resource, State, Tags};
use serde::{Deserialize, Serialize};

use super::EndpointService;
use crate::{aws::Aws, read::need};

/// AWS keeps a set of principals; each is one of these. Taking one away does not disconnect who is connected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EndpointPermission {
    /// Which service.
    pub service: Ref<EndpointService>,
    /// ARN of an account, role or user: `arn:aws:iam::222233334444:root`.
    pub principal: String,
}

impl Resource for EndpointPermission {
    const NAME: &'static str = "endpoint-permission";
}

impl Kind<Aws> for EndpointPermission {
    const CALLS: Calls = Calls {
        observe: &["ec2:DescribeVpcEndpointServiceConfigurations", "ec2:DescribeVpcEndpointServicePermissions"],
        create: &["ec2:ModifyVpcEndpointServicePermissions"],
        update: &[],
        delete: &["ec2:ModifyVpcEndpointServicePermissions"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        const OPERATION: &str = "ec2:DescribeVpcEndpointServicePermissions";
        let mut found = vec![];
        for (service, allowed) in aws.endpoint_permissions().await?.iter() {
            let principal = need(allowed.principal(), OPERATION, "principal")?;
            let spec = EndpointPermission { service: Ref::id(service), principal: principal.into() };
            found.push(Live { id: key(service, principal), owner: Owner::Parent, state: State::Ready, spec });
        }
        Ok(found)
    }

    fn natural(&self) -> Option<Natural> {
        let name = format!("{}/{}", self.service.label(), self.principal);
        Some(Natural { parent: self.service.target().clone(), name })
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let EndpointPermission { service, principal } = self;
        diff.replace("service", service, &live.service);
        diff.replace("principal", principal, &live.principal);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        let (aws, service) = (&cx.world, cx.id(&self.service)?);
        let call = aws.write().ec2.modify_vpc_endpoint_service_permissions().service_id(&service);
        let call = call.add_allowed_principals(&self.principal);
        aws.call("ec2:ModifyVpcEndpointServicePermissions", call.send()).await?;
        Ok(key(&service, &self.principal))
    }

    async fn update(&self, _: &Live<Self>, _: &Context<'_, Aws>) -> Result<(), Failure> {
        Ok(()) // nothing of it changes in place
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let service = live.id.split('|').next().unwrap_or_default();
        let call = aws.write().ec2.modify_vpc_endpoint_service_permissions().service_id(service);
        let call = call.remove_allowed_principals(&live.spec.principal);
        aws.call("ec2:ModifyVpcEndpointServicePermissions", call.send()).await.map(drop)
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // tagged apart from its service it would only be one more call
    }

    fn example() -> Self {
        EndpointPermission { service: Ref::to("desk"), principal: "arn:aws:iam::222233334444:root".into() }
    }
}

fn key(service: &str, principal: &str) -> String {
    format!("{service}|{principal}")
}
