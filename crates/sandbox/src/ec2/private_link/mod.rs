//! PrivateLink: interface endpoints on the consumer's side and endpoint services on the provider's. Rules: aws-facts
//! section 1.2 "VPC endpoint" and "VPC endpoint service".
//!
//! An endpoint is kept by its own account. The provider sees it as a connection, and decides about it there: see
//! [`connection`].

pub(crate) mod connection;
pub(crate) mod endpoint;
pub(crate) mod endpoint_change;
pub(crate) mod endpoint_create;
pub(crate) mod offer;
pub(crate) mod permission;
pub(crate) mod service;
mod timing;
pub(crate) mod token;

use crate::clock::Moment;
use crate::ec2::Ec2;
use crate::error::AwsError;

/// Whether an endpoint is in a VPC, so that it cannot be deleted.
pub(crate) fn is_in(ec2: &Ec2, vpc: &str) -> bool {
    ec2.vpc_endpoints.living.values().any(|endpoint| endpoint.vpc == vpc)
}

/// Whether a living endpoint answers to a name, without its dot at the end, in a hosted zone of AWS's: what an alias
/// record may point at.
pub(crate) fn is_name_of_endpoint(ec2: &Ec2, region: &str, name: &str, zone: &str) -> bool {
    let mut endpoints = ec2.vpc_endpoints.living.values().filter(|endpoint| endpoint.deleted_at.is_none());
    zone == endpoint::vpce_zone(region) && endpoints.any(|endpoint| endpoint.dns_names.iter().any(|one| one == name))
}

/// Whether an endpoint service uses a load balancer.
pub(crate) fn uses(ec2: &Ec2, load_balancer: &str) -> bool {
    ec2.endpoint_services.living.values().any(|service| service.load_balancers.contains(load_balancer))
}

/// Buries what time has ended, and forgets the tags of what is no longer listed.
pub(crate) fn settle(ec2: &mut Ec2, now: Moment) {
    let mut forgotten = ec2.vpc_endpoints.settle(now);
    forgotten.extend(ec2.endpoint_services.settle(now));
    for id in forgotten {
        ec2.untag(&id);
    }
}

/// The code that the operations of VPC endpoints have for a parameter that does not fit: not InvalidParameterValue.
fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidParameter", message)
}
