//! An interface endpoint in one of our VPCs, to a service of another company.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{ResourceType, State as Code, VpcEndpoint as Endpoint, VpcEndpointType};
use aws_smithy_types::date_time::Format;
use gcnet_core::{
    Ask, Calls, Context, Diff, Failure, Kind, Known, Live, Owner, Ref, Replace, Request, Resource, State, Tags,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    EndpointOffer, SecurityGroup, Subnet, Vpc,
    endpoint_offer::{service_id, service_region},
};
use crate::{aws::Aws, read::need, tags};

/// One interface a subnet. The provider may have to accept it before anything passes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VpcEndpoint {
    /// Where it is.
    pub vpc: Ref<Vpc>,
    /// Where it leads.
    pub service: Ref<EndpointOffer>,
    /// One a zone.
    pub subnets: BTreeSet<Ref<Subnet>>,
    /// What may pass; without one AWS takes the VPC's default group.
    pub groups: BTreeSet<Ref<SecurityGroup>>,
    /// The provider's own name resolves to it inside the VPC. Needs both DNS attributes of the VPC, and AWS refuses it
    /// while the provider has still to accept.
    pub private_dns: bool,
    /// The account that provides the service and has to accept; live, unknown and empty.
    pub provider: String,
    /// `Some(true)` in a wish: we accept it ourselves, with a role in the provider's account. Live, whether it is.
    pub accepted: Option<bool>,
}

impl Resource for VpcEndpoint {
    const NAME: &'static str = "vpc-endpoint";
}

impl Kind<Aws> for VpcEndpoint {
    // Two in one VPC cannot both own the provider's private name.
    const REPLACE: Replace = Replace::DeleteFirst;
    const TAKES_TOKEN: bool = true;
    const CALLS: Calls = Calls {
        observe: &["ec2:DescribeVpcEndpoints"],
        create: &["ec2:CreateVpcEndpoint", "ec2:CreateTags"],
        update: &["ec2:ModifyVpcEndpoint", "ec2:CreateTags"],
        delete: &["ec2:DeleteVpcEndpoints"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        let endpoints = aws.vpc_endpoints().await?;
        let interfaces = endpoints.iter().filter(|e| e.vpc_endpoint_type() == Some(&VpcEndpointType::Interface));
        interfaces.filter_map(|endpoint| read(endpoint).transpose()).collect()
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let VpcEndpoint { vpc, service, subnets, groups, private_dns, provider: _, accepted } = self;
        diff.replace("vpc", vpc, &live.vpc);
        // By name: an offer that its provider has withdrawn is not seen any more, and the endpoint works on.
        diff.replace("service", &service.label(), &live.service.label());
        diff.in_place("subnets", subnets, &live.subnets);
        diff.in_place("groups", groups, &live.groups);
        diff.in_place("private_dns", private_dns, &live.private_dns);
        if live.accepted.is_some() {
            diff.in_place_if_said("accepted", accepted, &live.accepted);
        }
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        const OPERATION: &str = "ec2:CreateVpcEndpoint";
        let aws = &cx.world;
        let call = aws
            .write()
            .ec2
            .create_vpc_endpoint()
            .vpc_endpoint_type(VpcEndpointType::Interface)
            .vpc_id(cx.id(&self.vpc)?)
            .service_name(cx.id(&self.service)?)
            .set_subnet_ids(Some(cx.ids(&self.subnets)?))
            .set_security_group_ids(Some(cx.ids(&self.groups)?))
            .private_dns_enabled(self.private_dns)
            .client_token(&cx.token)
            .tag_specifications(tags::specification(ResourceType::VpcEndpoint, &cx.tags));
        let made = aws.call(OPERATION, call.send()).await?;
        need(made.vpc_endpoint.and_then(|endpoint| endpoint.vpc_endpoint_id), OPERATION, "vpcEndpointId")
    }

    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        if self.accepted == Some(true) && live.spec.accepted == Some(false) {
            return self.accept(live, &cx.world).await;
        }
        let set = |ids: Vec<String>| ids.into_iter().collect::<BTreeSet<String>>();
        let less = |these: &BTreeSet<String>, those: &BTreeSet<String>| {
            let ids: Vec<String> = these.difference(those).cloned().collect();
            (!ids.is_empty()).then_some(ids)
        };
        let (subnets, have_subnets) = (set(cx.ids(&self.subnets)?), set(cx.ids(&live.spec.subnets)?));
        let (groups, have_groups) = (set(cx.ids(&self.groups)?), set(cx.ids(&live.spec.groups)?));
        let call = cx
            .world
            .write()
            .ec2
            .modify_vpc_endpoint()
            .vpc_endpoint_id(&live.id)
            .set_add_subnet_ids(less(&subnets, &have_subnets))
            .set_remove_subnet_ids(less(&have_subnets, &subnets))
            .set_add_security_group_ids(less(&groups, &have_groups))
            .set_remove_security_group_ids(less(&have_groups, &groups))
            .set_private_dns_enabled((self.private_dns != live.spec.private_dns).then_some(self.private_dns));
        cx.world.call("ec2:ModifyVpcEndpoint", call.send()).await.map(drop)
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        const OPERATION: &str = "ec2:DeleteVpcEndpoints";
        let call = aws.write().ec2.delete_vpc_endpoints().vpc_endpoint_ids(&live.id).send();
        aws.batch(OPERATION, call, |gone| gone.unsuccessful()).await.map(drop)
    }

    async fn retag(id: &str, tags: &Tags, aws: &Aws) -> Result<(), Failure> {
        tags::retag_ec2(id, tags, aws).await
    }

    fn asks(&self, live: Option<&Live<Self>>, _: &Known<'_>) -> Vec<Ask> {
        let Some(live) = live else { return vec![] };
        let State::Theirs { refused, .. } = live.state else { return vec![] };
        if self.accepted == Some(true) && !refused {
            return vec![];
        }
        let service = live.spec.service.label();
        let input = json!({ "ServiceId": service_id(service), "VpcEndpointIds": [live.id] });
        let call = Request::new("ec2", "AcceptVpcEndpointConnections", input);
        let call = Request { region: service_region(self.service.label()).map(String::from), ..call };
        let action = if refused { "reconsider-endpoint" } else { "accept-endpoint" };
        vec![Ask::account(&self.provider, action).by(call).standing(&live.state)]
    }

    fn example() -> Self {
        VpcEndpoint {
            vpc: Ref::to("shared"),
            service: Ref::to("com.amazonaws.vpce.ap-northeast-1.vpce-svc-0123456789abcdef0"),
            subnets: [Ref::to("vpce-a"), Ref::to("vpce-c")].into(),
            groups: [Ref::to("vpce")].into(),
            private_dns: false,
            provider: "222233334444".into(),
            accepted: Some(false),
        }
    }
}

impl VpcEndpoint {
    /// On the provider's side, with the role in its account.
    async fn accept(&self, live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        const OPERATION: &str = "ec2:AcceptVpcEndpointConnections";
        let service = live.spec.service.label();
        let region = service_region(service).unwrap_or_else(|| aws.region());
        let there = aws.in_account_region(&self.provider, region)?;
        let call = there.write().ec2.accept_vpc_endpoint_connections().service_id(service_id(service));
        let call = call.vpc_endpoint_ids(&live.id).send();
        there.batch(OPERATION, call, |accepted| accepted.unsuccessful()).await.map(drop)
    }
}

/// In the spelling of the wire, which is not that of the SDK's model: `pendingAcceptance` for `PendingAcceptance`.
pub(super) fn word(code: Option<&Code>) -> String {
    code.map_or("unknown", Code::as_str).to_ascii_lowercase()
}

fn read(endpoint: &Endpoint) -> Result<Option<Live<VpcEndpoint>>, Failure> {
    const OPERATION: &str = "ec2:DescribeVpcEndpoints";
    let reason = || {
        let said = endpoint.last_error().and_then(|error| error.message());
        said.or(endpoint.failure_reason()).map(String::from)
    };
    let state = match word(endpoint.state()).as_str() {
        "deleted" => return Ok(None),
        "available" => State::Ready,
        "deleting" => State::Leaving,
        "pendingacceptance" => {
            let since = endpoint.creation_timestamp().and_then(|time| time.fmt(Format::DateTime).ok());
            State::Theirs { refused: false, since }
        }
        "rejected" => State::Theirs { refused: true, since: None },
        failed @ ("failed" | "expired") => State::Failed(reason().unwrap_or_else(|| failed.into())),
        other => State::Pending(other.into()),
    };
    let accepted = match state {
        State::Ready => Some(true),
        State::Theirs { refused: false, .. } => Some(false),
        _ => None,
    };
    let groups = endpoint.groups().iter().filter_map(|group| group.group_id()).map(Ref::id);
    Ok(Some(Live {
        id: need(endpoint.vpc_endpoint_id(), OPERATION, "vpcEndpointId")?.into(),
        owner: Owner::Tags(tags::from_ec2(endpoint.tags())),
        state,
        spec: VpcEndpoint {
            vpc: Ref::id(need(endpoint.vpc_id(), OPERATION, "vpcId")?),
            service: Ref::id(need(endpoint.service_name(), OPERATION, "serviceName")?),
            subnets: endpoint.subnet_ids().iter().map(Ref::id).collect(),
            groups: groups.collect(),
            private_dns: endpoint.private_dns_enabled().unwrap_or_default(),
            provider: String::new(),
            accepted,
        },
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_read_in_whichever_spelling() {
        let read = |state: &str| {
            let endpoint = Endpoint::builder().vpc_endpoint_id("vpce-1").vpc_id("vpc-1").service_name("svc");
            read(&endpoint.state(state.into()).build()).unwrap().map(|live| live.state)
        };
        assert_eq!(read("deleted"), None);
        for (spelt, state) in [
            ("available", State::Ready),
            ("Available", State::Ready),
            ("pending", State::Pending("pending".into())),
            ("pendingAcceptance", State::Theirs { refused: false, since: None }),
            ("rejected", State::Theirs { refused: true, since: None }),
            ("failed", State::Failed("failed".into())),
            ("expired", State::Failed("expired".into())),
            ("deleting", State::Leaving),
        ] {
            assert_eq!(read(spelt), Some(state), "{spelt}");
        }
    }

    #[test]
    fn an_offer_that_was_withdrawn_leaves_the_endpoint_alone() {
        let wish = VpcEndpoint::example();
        let live = VpcEndpoint { service: Ref::id(wish.service.label()), ..wish.clone() };
        let mut diff = Diff::default();
        wish.diff(&live, &mut diff);
        assert!(diff.is_empty(), "{diff:?}");
    }
}
