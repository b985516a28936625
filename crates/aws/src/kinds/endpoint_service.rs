//! An endpoint service of ours: other accounts reach what stands behind its load balancers.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{ResourceType, ServiceConfiguration, ServiceState};
use gcnet_core::{Calls, Context, Diff, Failure, Kind, Live, Owner, Resource, State, Tags};
use serde::{Deserialize, Serialize};

use super::endpoint_connection;
use crate::{aws::Aws, read::need, tags};

/// Who may use it is [`EndpointPermission`](super::EndpointPermission); who does,
/// [`EndpointConnection`](super::EndpointConnection).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EndpointService {
    /// ARNs of Network Load Balancers.
    pub load_balancers: BTreeSet<String>,
    /// Each new connection has to be accepted by us.
    pub acceptance: bool,
}

impl EndpointService {
    /// The name by which consumers ask for a service.
    pub fn service_name(region: &str, id: &str) -> String {
        format!("com.amazonaws.vpce.{region}.{id}")
    }
}

impl Resource for EndpointService {
    const NAME: &'static str = "endpoint-service";
}

impl Kind<Aws> for EndpointService {
    const TAKES_TOKEN: bool = true;
    const CALLS: Calls = Calls {
        observe: &["ec2:DescribeVpcEndpointServiceConfigurations"],
        create: &["ec2:CreateVpcEndpointServiceConfiguration", "ec2:CreateTags"],
        update: &["ec2:ModifyVpcEndpointServiceConfiguration", "ec2:CreateTags"],
        delete: &[
            "ec2:DescribeVpcEndpointConnections",
            "ec2:RejectVpcEndpointConnections",
            "ec2:DeleteVpcEndpointServiceConfigurations",
        ],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        aws.service_configurations().await?.iter().filter_map(|service| read(service).transpose()).collect()
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let EndpointService { load_balancers, acceptance } = self;
        diff.in_place("load_balancers", load_balancers, &live.load_balancers);
        diff.in_place("acceptance", acceptance, &live.acceptance);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        const OPERATION: &str = "ec2:CreateVpcEndpointServiceConfiguration";
        let aws = &cx.world;
        let call = aws
            .write()
            .ec2
            .create_vpc_endpoint_service_configuration()
            .set_network_load_balancer_arns(Some(self.load_balancers.iter().cloned().collect()))
            .acceptance_required(self.acceptance)
            .client_token(&cx.token)
            .tag_specifications(tags::specification(ResourceType::VpcEndpointService, &cx.tags));
        let made = aws.call(OPERATION, call.send()).await?;
        need(made.service_configuration.and_then(|service| service.service_id), OPERATION, "serviceId")
    }

    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        let less = |these: &BTreeSet<String>, those: &BTreeSet<String>| {
            let arns: Vec<String> = these.difference(those).cloned().collect();
            (!arns.is_empty()).then_some(arns)
        };
        let call = cx
            .world
            .write()
            .ec2
            .modify_vpc_endpoint_service_configuration()
            .service_id(&live.id)
            .acceptance_required(self.acceptance)
            .set_add_network_load_balancer_arns(less(&self.load_balancers, &live.spec.load_balancers))
            .set_remove_network_load_balancer_arns(less(&live.spec.load_balancers, &self.load_balancers));
        cx.world.call("ec2:ModifyVpcEndpointServiceConfiguration", call.send()).await.map(drop)
    }

    /// AWS keeps a service while anyone is connected (ExistingVpcEndpointConnections): whoever came since the plan was
    /// made is turned away too.
    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        const OPERATION: &str = "ec2:DeleteVpcEndpointServiceConfigurations";
        endpoint_connection::reject(aws, &live.id, None).await?;
        let call = aws.write().ec2.delete_vpc_endpoint_service_configurations().service_ids(&live.id);
        aws.batch(OPERATION, call.send(), |gone| gone.unsuccessful()).await.map(drop)
    }

    async fn retag(id: &str, tags: &Tags, aws: &Aws) -> Result<(), Failure> {
        tags::retag_ec2(id, tags, aws).await
    }

    fn example() -> Self {
        let arn = |name| {
            format!("arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:loadbalancer/net/{name}/0123456789abcdef")
        };
        EndpointService { load_balancers: [arn("front"), arn("spare")].into(), acceptance: true }
    }
}

fn read(service: &ServiceConfiguration) -> Result<Option<Live<EndpointService>>, Failure> {
    const OPERATION: &str = "ec2:DescribeVpcEndpointServiceConfigurations";
    let state = match service.service_state().map_or("unknown", ServiceState::as_str).to_ascii_lowercase().as_str() {
        "deleted" => return Ok(None),
        "available" => State::Ready,
        "deleting" => State::Leaving,
        "failed" => State::Failed("failed".into()),
        other => State::Pending(other.into()),
    };
    Ok(Some(Live {
        id: need(service.service_id(), OPERATION, "serviceId")?.into(),
        owner: Owner::Tags(tags::from_ec2(service.tags())),
        state,
        spec: EndpointService {
            load_balancers: service.network_load_balancer_arns().iter().cloned().collect(),
            acceptance: service.acceptance_required().unwrap_or_default(),
        },
    }))
}
