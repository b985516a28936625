//! All endpoints of one account on an endpoint service of ours.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::types::VpcEndpointConnection;
use gcnet_core::{
    Ask, Calls, Context, Diff, Failure, Kind, Known, Live, Natural, Owner, Ref, Request, Resource, State, Tags, World,
    theirs,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{EndpointService, vpc_endpoint::word};
use crate::{aws::Aws, error, read::need};

/// The consumer makes the endpoint, we accept it. An account that no wish names is left waiting while none of its endpoints
/// is connected; once one is, all are rejected: they stay in that account, and nothing passes through them. AWS rejects
/// what waits and what was accepted with one call, and after it there is nothing left of the account to come back to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EndpointConnection {
    /// To which service.
    pub service: Ref<EndpointService>,
    /// Whose endpoints, 12 digits.
    pub account: String,
    /// The service's Region, for the request to make an endpoint.
    pub region: String,
    /// None of them waits for our acceptance.
    pub accepted: bool,
    /// Live only: the ids of those that are connected, for which it does not matter who else waits.
    pub endpoints: BTreeSet<String>,
}

impl Resource for EndpointConnection {
    const NAME: &'static str = "endpoint-connection";
}

impl Kind<Aws> for EndpointConnection {
    const CALLS: Calls = Calls {
        observe: &["ec2:DescribeVpcEndpointConnections"],
        create: &[],
        update: &["ec2:AcceptVpcEndpointConnections"],
        delete: &["ec2:RejectVpcEndpointConnections"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        by_account(&aws.vpc_endpoint_connections().await?, aws.region())
    }

    fn natural(&self) -> Option<Natural> {
        let name = format!("{}/{}", self.service.label(), self.account);
        Some(Natural { parent: self.service.target().clone(), name })
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let EndpointConnection { service, account, region: _, accepted, endpoints: _ } = self;
        diff.replace("service", service, &live.service);
        diff.replace("account", account, &live.account);
        diff.in_place("accepted", accepted, &live.accepted);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        Err(error::theirs("ec2:CreateVpcEndpoint", cx.world.account()))
    }

    /// Accepts what waits by now, which may be more than the plan saw.
    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        const OPERATION: &str = "ec2:AcceptVpcEndpointConnections";
        let (service, aws) = (live.id.split('|').next().unwrap_or_default(), &cx.world);
        let waiting = endpoints(aws, service, Some(&self.account), |state| state == WAITING).await?;
        if waiting.is_empty() {
            return Ok(());
        }
        let call = aws.write().ec2.accept_vpc_endpoint_connections().service_id(service);
        let call = call.set_vpc_endpoint_ids(Some(waiting)).send();
        aws.batch(OPERATION, call, |accepted| accepted.unsuccessful()).await.map(drop)
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        reject(aws, live.id.split('|').next().unwrap_or_default(), Some(&live.spec.account)).await
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // carries no tags of ours
    }

    /// Until we accept one; a service of ours goes without their help, see [`EndpointService::delete`].
    fn is_theirs(&self) -> bool {
        self.endpoints.is_empty()
    }

    fn asks(&self, live: Option<&Live<Self>>, known: &Known<'_>) -> Vec<Ask> {
        if live.is_some() {
            return vec![];
        }
        let ask = Ask::account(&self.account, "create-endpoint");
        let Some(service) = known.id(&self.service) else { return vec![ask] };
        let input = json!({
            "VpcEndpointType": "Interface",
            "ServiceName": EndpointService::service_name(&self.region, &service),
            "VpcId": theirs("vpc-of", &self.account),
            "SubnetIds": theirs("subnets-of", &self.account),
            "SecurityGroupIds": theirs("security-groups-of", &self.account),
        });
        let call = Request::new("ec2", "CreateVpcEndpoint", input);
        vec![ask.by(Request { region: Some(self.region.clone()), ..call })]
    }

    fn example() -> Self {
        EndpointConnection {
            service: Ref::to("desk"),
            account: "222233334444".into(),
            region: "ap-northeast-1".into(),
            accepted: true,
            endpoints: ["vpce-0123456789abcdef0".into()].into(),
        }
    }
}

/// What waits for us is no state of its own: accepting is one change among others.
fn by_account(connections: &[VpcEndpointConnection], region: &str) -> Result<Vec<Live<EndpointConnection>>, Failure> {
    const OPERATION: &str = "ec2:DescribeVpcEndpointConnections";
    let mut by_account: BTreeMap<(&str, &str), Vec<(&str, String)>> = BTreeMap::new();
    for connection in connections {
        let service = need(connection.service_id(), OPERATION, "serviceId")?;
        let account = need(connection.vpc_endpoint_owner(), OPERATION, "vpcEndpointOwner")?;
        let endpoint = need(connection.vpc_endpoint_id(), OPERATION, "vpcEndpointId")?;
        let state = word(connection.vpc_endpoint_state());
        if is_connected(&state) {
            by_account.entry((service, account)).or_default().push((endpoint, state));
        }
    }
    let live = by_account.into_iter().map(|((service, account), endpoints)| {
        let any = |state| endpoints.iter().any(|(_, is)| is == state);
        Live {
            id: format!("{service}|{account}"),
            owner: Owner::Parent,
            state: if any("pending") && !any(WAITING) { State::Pending("pending".into()) } else { State::Ready },
            spec: EndpointConnection {
                service: Ref::id(service),
                account: account.into(),
                region: region.into(),
                accepted: !any(WAITING),
                endpoints: endpoints.iter().filter(|(_, is)| is != WAITING).map(|(id, _)| id.to_string()).collect(),
            },
        }
    });
    Ok(live.collect())
}

/// `pendingAcceptance`, see [`word`].
const WAITING: &str = "pendingacceptance";

/// Neither going, nor turned away, nor broken: those are the consumer's to make anew.
fn is_connected(state: &str) -> bool {
    matches!(state, WAITING | "pending" | "available")
}

/// Turns away all endpoints of an account, or of everybody.
pub(super) async fn reject(aws: &Aws, service: &str, account: Option<&str>) -> Result<(), Failure> {
    const OPERATION: &str = "ec2:RejectVpcEndpointConnections";
    let connected = endpoints(aws, service, account, is_connected).await?;
    if connected.is_empty() {
        return Ok(());
    }
    let call = aws.write().ec2.reject_vpc_endpoint_connections().service_id(service);
    let call = call.set_vpc_endpoint_ids(Some(connected)).send();
    aws.batch(OPERATION, call, |rejected| rejected.unsuccessful()).await.map(drop)
}

async fn endpoints(
    aws: &Aws,
    service: &str,
    account: Option<&str>,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<String>, Failure> {
    let connections = aws.fresh().vpc_endpoint_connections().await?;
    let wanted = connections.iter().filter(|connection| {
        connection.service_id() == Some(service)
            && account.is_none_or(|account| connection.vpc_endpoint_owner() == Some(account))
            && wanted(&word(connection.vpc_endpoint_state()))
    });
    Ok(wanted.filter_map(|connection| connection.vpc_endpoint_id().map(String::from)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One that waits does not make those of its account that are connected theirs.
    #[test]
    fn an_account_is_theirs_while_none_of_its_endpoints_is_connected() {
        let waiting = || connection("1", "vpce-1", "pendingAcceptance");
        let is_theirs = |connections: &[VpcEndpointConnection]| {
            by_account(connections, "ap-northeast-1").unwrap()[0].spec.is_theirs()
        };
        assert!(is_theirs(&[waiting()]));
        for connected in ["available", "pending"] {
            assert!(!is_theirs(&[waiting(), connection("1", "vpce-2", connected)]), "{connected}");
        }
    }

    fn connection(account: &str, id: &str, state: &str) -> VpcEndpointConnection {
        let connection = VpcEndpointConnection::builder().service_id("vpce-svc-1").vpc_endpoint_owner(account);
        connection.vpc_endpoint_id(id).vpc_endpoint_state(state.into()).build()
    }

    #[test]
    fn an_account_is_accepted_when_none_of_its_endpoints_waits() {
        let connections = [
            connection("1", "vpce-1", "available"),
            connection("1", "vpce-2", "pendingAcceptance"),
            connection("2", "vpce-3", "pending"),
            connection("3", "vpce-4", "available"),
            connection("3", "vpce-5", "rejected"),
            connection("4", "vpce-6", "deleting"),
        ];
        let live = by_account(&connections, "ap-northeast-1").unwrap();
        let seen: Vec<_> = live.iter().map(|l| (&*l.id, l.spec.accepted, l.spec.endpoints.len(), &l.state)).collect();
        assert_eq!(
            seen,
            [
                ("vpce-svc-1|1", false, 1, &State::Ready),
                ("vpce-svc-1|2", true, 1, &State::Pending("pending".into())),
                ("vpce-svc-1|3", true, 1, &State::Ready),
            ]
        );
    }
}
