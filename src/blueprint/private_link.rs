//! ASPs over PrivateLink: one service, one way, by port; also where addresses overlap.

use gcnet_aws::kinds::{EndpointConnection, EndpointOffer, EndpointPermission, EndpointService, VpcEndpoint};
use gcnet_core::Ref;

use super::{Build, Network, Purpose, vpc::endpoint_group};
use crate::config::schema::{Asp, Connect, PrivateLinkRole};

pub(super) fn add(build: &mut Build<'_>, network: &Network) {
    let municipality = build.municipality;
    for asp in municipality.asps.iter().filter(|asp| asp.connect.value == Connect::Privatelink) {
        match asp.role.as_deref() {
            Some(PrivateLinkRole::Consumer) => consume(build, network, asp),
            Some(PrivateLinkRole::Provider) => provide(build, asp),
            // V20 refuses a file that does not say.
            None => {}
        }
    }
}

/// Their service, our endpoint.
fn consume(build: &mut Build<'_>, network: &Network, asp: &Asp) {
    let municipality = build.municipality;
    let name = asp.service.as_ref().and_then(|service| service.name.as_ref());
    let (Some(party), Some(name)) = (municipality.account_of(asp), name) else { return };
    let purpose = || Purpose::Asp(asp.name.to_string());
    let accepted = build.acts_for(&party).then_some(true);
    let provider = party.id.to_string();
    let offer = EndpointOffer {
        service: name.to_string(),
        account: provider.clone(),
        region: municipality.region.value.as_str().into(),
        consumer: municipality.accounts.network.id.to_string(),
        allowed: accepted,
    };
    let service = build.shake("", offer, purpose());
    let endpoint = VpcEndpoint {
        vpc: network.vpc.clone(),
        service,
        subnets: network.endpoint_subnets.clone(),
        groups: [Ref::to(&endpoint_group(asp))].into(),
        // A name of the service's own needs a public domain that AWS has verified; the file's name is a record of ours.
        private_dns: false,
        provider,
        accepted,
    };
    build.shake(&asp.name, endpoint, purpose());
}

/// Our service, their endpoint: accepted only from the account that the file names.
fn provide(build: &mut Build<'_>, asp: &Asp) {
    let municipality = build.municipality;
    let balancer = asp.service.as_ref().and_then(|service| service.load_balancer.as_ref());
    let (Some(party), Some(balancer)) = (municipality.account_of(asp), balancer) else { return };
    let wish = EndpointService { load_balancers: [balancer.to_string()].into(), acceptance: true };
    let service = build.desired.add(&asp.name, wish);
    for principal in municipality.allowed_principals(asp) {
        let permission = EndpointPermission { service: service.clone(), principal: principal.to_string() };
        build.desired.add("", permission);
    }
    let connection = EndpointConnection {
        service,
        account: party.id.to_string(),
        region: municipality.region.value.as_str().into(),
        accepted: true,
        endpoints: [].into(),
    };
    build.shake("", connection, Purpose::Asp(asp.name.to_string()));
}
