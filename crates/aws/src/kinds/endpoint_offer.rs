//! An endpoint service of another company that this account may use.

use aws_sdk_ec2::types::ServiceDetail;
use gcnet_core::{
    Ask, Calls, Context, Diff, Failure, Kind, Known, Live, Natural, Owner, Request, Resource, State, Tags, Target,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{aws::Aws, error, read::need};

/// It is there for us once its provider has named us among those who may use it; AWS shows it to nobody else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EndpointOffer {
    /// `com.amazonaws.vpce.REGION.vpce-svc-…`: its id and its name in the stack.
    pub service: String,
    /// Whose it is, 12 digits. Live, what AWS says; for a few partners that is an alias.
    pub account: String,
    /// Where it is.
    pub region: String,
    /// Our account, which they have to allow.
    pub consumer: String,
    /// `Some(true)` in a wish: we allow it ourselves, with a role in their account. Live, it is always allowed.
    pub allowed: Option<bool>,
}

impl Resource for EndpointOffer {
    const NAME: &'static str = "endpoint-offer";
}

impl Kind<Aws> for EndpointOffer {
    const CALLS: Calls = Calls { observe: &["ec2:DescribeVpcEndpointServices"], create: &[], update: &[], delete: &[] };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        aws.offered_services().await?.iter().map(|service| read(aws, service)).collect()
    }

    fn natural(&self) -> Option<Natural> {
        Some(Natural { parent: Target::Id(self.service.clone()), name: self.service.clone() })
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        // Not the account: an offer by somebody else is nothing that we or they could change; the file is asked about it.
        // Not the others: they go into the request only, and what is there is allowed.
        let EndpointOffer { service, account: _, region: _, consumer: _, allowed: _ } = self;
        diff.replace("service", service, &live.service);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        const OPERATION: &str = "ec2:ModifyVpcEndpointServicePermissions";
        if self.allowed != Some(true) {
            return Err(error::theirs(OPERATION, cx.world.account()));
        }
        let there = cx.world.in_account_region(&self.account, &self.region)?;
        let call = there.write().ec2.modify_vpc_endpoint_service_permissions().service_id(service_id(&self.service));
        there.call(OPERATION, call.add_allowed_principals(self.principal()).send()).await?;
        Ok(self.service.clone())
    }

    async fn update(&self, _: &Live<Self>, _: &Context<'_, Aws>) -> Result<(), Failure> {
        Ok(()) // nothing of it is ours to change
    }

    async fn delete(_: &Live<Self>, _: &Aws) -> Result<(), Failure> {
        Ok(()) // theirs
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // carries no tags of ours
    }

    fn is_theirs(&self) -> bool {
        true
    }

    fn asks(&self, live: Option<&Live<Self>>, _: &Known<'_>) -> Vec<Ask> {
        let Some(live) = live else {
            if self.allowed == Some(true) {
                return vec![];
            }
            let input = json!({
                "ServiceId": service_id(&self.service),
                "AddAllowedPrincipals": [self.principal()],
            });
            let call = Request::new("ec2", "ModifyVpcEndpointServicePermissions", input);
            let call = Request { region: Some(self.region.clone()), ..call };
            return vec![Ask::account(&self.account, "allow-principal").by(call)];
        };
        let is_account = |owner: &str| owner.bytes().all(|byte| byte.is_ascii_digit());
        if live.spec.account != self.account && is_account(&live.spec.account) {
            return vec![Ask::operator("check-provider").between(&*self.account, &*live.spec.account)];
        }
        vec![]
    }

    fn example() -> Self {
        EndpointOffer {
            service: "com.amazonaws.vpce.ap-northeast-1.vpce-svc-0123456789abcdef0".into(),
            account: "222233334444".into(),
            region: "ap-northeast-1".into(),
            consumer: "111122223333".into(),
            allowed: Some(false),
        }
    }
}

impl EndpointOffer {
    /// Whom they allow: everybody in our account.
    fn principal(&self) -> String {
        format!("arn:aws:iam::{}:root", self.consumer)
    }
}

/// `vpce-svc-…` out of the service's name.
pub(super) fn service_id(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// The Region in a service's name.
pub(super) fn service_region(name: &str) -> Option<&str> {
    name.strip_prefix("com.amazonaws.vpce.")?.split('.').next()
}

fn read(aws: &Aws, service: &ServiceDetail) -> Result<Live<EndpointOffer>, Failure> {
    const OPERATION: &str = "ec2:DescribeVpcEndpointServices";
    let name = need(service.service_name(), OPERATION, "serviceName")?;
    Ok(Live {
        id: name.into(),
        owner: Owner::Offer,
        state: State::Ready,
        spec: EndpointOffer {
            service: name.into(),
            account: service.owner().unwrap_or_default().into(),
            region: service_region(name).unwrap_or_else(|| aws.region()).into(),
            consumer: aws.account().into(),
            allowed: Some(true),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_name_tells_id_and_region() {
        let name = EndpointOffer::example().service;
        assert_eq!(service_id(&name), "vpce-svc-0123456789abcdef0");
        assert_eq!(service_region(&name), Some("ap-northeast-1"));
        assert_eq!(service_region("com.amazonaws.ap-northeast-1.s3"), None);
    }
}
