//! Elastic Load Balancing v2: internal Network Load Balancers, as far as an endpoint service needs one. Listeners and
//! targets are not simulated. Rules: the API reference (version 2015-12-01) where it is cited as DOC.

mod load_balancer;

use serde::{Deserialize, Serialize};

use crate::inspect::Resource;
use crate::protocol::Protocol;
use crate::service::{Scope, Service};
use crate::store::{State, Table};

pub(crate) use load_balancer::LoadBalancer;

pub(crate) static SERVICE: Service = Service {
    name: "elasticloadbalancing",
    protocol: Protocol::Query {
        version: "2015-12-01",
        namespace: "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
    },
    scope: Scope::Regional,
    operations: &[load_balancer::OPERATIONS],
};

/// What Elastic Load Balancing remembers of one account in one Region.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Elb {
    /// By ARN.
    pub load_balancers: Table<LoadBalancer>,
}

/// What is alive in an account, in every Region.
pub(crate) fn inventory(state: &State, account: &str) -> Vec<Resource> {
    let regions = state.account(account).regions.iter();
    regions
        .flat_map(|(region, regional)| {
            regional.elb.load_balancers.iter().map(|(arn, balancer)| Resource {
                region: region.clone(),
                kind: "load-balancer".to_owned(),
                id: arn.clone(),
                tags: balancer.tags.clone(),
            })
        })
        .collect()
}
