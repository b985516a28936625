//! What can be shared with other accounts. RAM names resources by ARN, their own services mostly by id: this is the one
//! place that turns one into the other.

use gcnet_core::{Failure, Is, Ref, Resource, Target};

use super::{CertificateAuthority, QueryLog, ResolverRule, Tgw};
use crate::aws::Aws;

/// Anything that a share can hold. Only a name in types, like [`super::TgwAttachment`].
#[derive(Clone, Copy, Debug)]
pub enum Shareable {}

impl Is<Shareable> for Tgw {}
impl Is<Shareable> for ResolverRule {}
impl Is<Shareable> for QueryLog {}
impl Is<Shareable> for CertificateAuthority {}

/// Kinds whose ids are the last part of their ARNs, with service and resource type.
const BY_ID: [(&str, &str, &str); 3] = [
    (Tgw::NAME, "ec2", "transit-gateway"),
    (ResolverRule::NAME, "route53resolver", "resolver-rule"),
    (QueryLog::NAME, "route53resolver", "resolver-query-log-config"),
];

/// The ARN of a resource of ours.
pub(super) fn arn(resource: &Ref<Shareable>, id: &str, aws: &Aws) -> Result<String, Failure> {
    let Target::Address(address) = resource.target() else { return Ok(id.into()) };
    if address.kind() == CertificateAuthority::NAME {
        return Ok(id.into()); // Private CA names its own by ARN
    }
    let (_, service, class) = BY_ID.iter().find(|(kind, ..)| *kind == address.kind()).ok_or_else(|| {
        Failure::internal("ram:AssociateResourceShare", format!("what ARN has a {}?", address.kind()))
    })?;
    Ok(format!("arn:aws:{service}:{}:{}:{class}/{id}", aws.region(), aws.account()))
}

/// The id under which its own kind reports it; the ARN for what no kind of ours reports.
pub(super) fn id(arn: &str) -> &str {
    let mut parts = arn.splitn(6, ':').skip(2);
    let (service, resource) = (parts.next().unwrap_or_default(), parts.nth(2).unwrap_or_default());
    let of = BY_ID.iter().filter(|(_, of, _)| *of == service);
    of.filter_map(|(_, _, class)| resource.strip_prefix(class)?.strip_prefix('/')).next().unwrap_or(arn)
}

#[cfg(test)]
mod tests {
    use super::id;

    #[test]
    fn an_arn_leads_back_to_the_id_that_its_kind_reports() {
        assert_eq!(id("arn:aws:ec2:ap-northeast-1:111122223333:transit-gateway/tgw-1"), "tgw-1");
        assert_eq!(id("arn:aws:route53resolver:ap-northeast-1:111122223333:resolver-rule/rslvr-rr-1"), "rslvr-rr-1");
        let authority = "arn:aws:acm-pca:ap-northeast-1:111122223333:certificate-authority/1";
        for unknown in
            [authority, "arn:aws:ec2:ap-northeast-1:111122223333:transit-gateway-route-table/tgw-rtb-1", "nonsense"]
        {
            assert_eq!(id(unknown), unknown);
        }
    }
}
