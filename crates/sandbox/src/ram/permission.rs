//! Managed permissions: what those that something is shared with may do with it. Every share has one for each type of
//! resource that is in it.

use serde::{Deserialize, Serialize};

use super::errors::{malformed_arn, unknown};
use crate::clock::Moment;
use crate::error::Result;

const PREFIX: &str = "arn:aws:ram::aws:permission/";

/// A permission that AWS keeps. Others of an account's own are not simulated.
#[derive(Debug)]
pub(crate) struct Permission {
    /// After [`PREFIX`].
    pub name: &'static str,
    /// The type of resource that it is for.
    pub kind: &'static str,
    pub is_default: bool,
    /// Only where the resource's service asks: certificate authorities.
    actions: &'static [&'static str],
    /// The templates that certificates may be issued by: `EndEntityCertificate/V1`.
    templates: &'static [&'static str],
}

const fn of(name: &'static str, kind: &'static str) -> Permission {
    Permission { name, kind, is_default: true, actions: &[], templates: &[] }
}

const CA: &str = "acm-pca:CertificateAuthority";

/// DOC (Private CA user guide, "Resource-based policies", "Cross-account access"): reading, and one template.
const USE_CA: &[&str] = &[
    "acm-pca:DescribeCertificateAuthority",
    "acm-pca:GetCertificate",
    "acm-pca:GetCertificateAuthorityCertificate",
    "acm-pca:IssueCertificate",
    "acm-pca:ListPermissions",
    "acm-pca:ListTags",
];

const fn issuing(name: &'static str, templates: &'static [&'static str]) -> Permission {
    Permission { name, kind: CA, is_default: false, actions: USE_CA, templates }
}

static PERMISSIONS: &[Permission] = &[
    of("AWSRAMDefaultPermissionTransitGateway", "ec2:TransitGateway"),
    of("AWSRAMDefaultPermissionResolverRule", "route53resolver:ResolverRule"),
    of("AWSRAMDefaultPermissionResolverQueryLogConfig", "route53resolver:ResolverQueryLogConfig"),
    Permission {
        is_default: true,
        ..issuing("AWSRAMDefaultPermissionCertificateAuthority", &["EndEntityCertificate/V1"])
    },
    issuing(
        "AWSRAMBlankEndEntityCertificateAPICSRPassthroughIssuanceCertificateAuthority",
        &["BlankEndEntityCertificate_APICSRPassthrough/V1"],
    ),
    issuing(
        "AWSRAMBlankEndEntityCertificateAPIPassthroughIssuanceCertificateAuthority",
        &["BlankEndEntityCertificate_APIPassthrough/V1"],
    ),
    issuing(
        "AWSRAMSubordinateCACertificatePathLen0IssuanceCertificateAuthority",
        &["SubordinateCACertificate_PathLen0/V1"],
    ),
    // DOC (user guide, "Revoke a private certificate"): given besides the default one, in a share of its own.
    Permission {
        name: "AWSRAMRevokeCertificateCertificateAuthority",
        kind: CA,
        is_default: false,
        actions: &["acm-pca:RevokeCertificate"],
        templates: &[],
    },
];

/// A permission of a share.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Given {
    pub name: String,
    pub since: Moment,
}

impl Permission {
    pub fn arn(&self) -> String {
        format!("{PREFIX}{}", self.name)
    }

    /// Whether it lets somebody do this; `template` is the name of what a certificate is issued by.
    pub fn allows(&self, action: &str, template: Option<&str>) -> bool {
        self.actions.contains(&action) && template.is_none_or(|template| self.templates.contains(&template))
    }
}

/// What a share gives for a type where nobody says otherwise.
pub(super) fn default_of(kind: &str) -> Option<&'static Permission> {
    PERMISSIONS.iter().find(|known| known.is_default && known.kind == kind)
}

pub(super) fn by_name(name: &str) -> Option<&'static Permission> {
    PERMISSIONS.iter().find(|known| known.name == name)
}

pub(super) fn by_arn(arn: &str) -> Result<&'static Permission> {
    let name = arn.strip_prefix(PREFIX).ok_or_else(|| malformed_arn(arn))?;
    by_name(name).ok_or_else(|| unknown("Permission", arn))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_permissions_on_authorities_allow() {
        let allows = |name: &str, action: &str, template: Option<&str>| {
            by_name(name).unwrap().allows(&format!("acm-pca:{action}"), template)
        };
        let default = default_of(CA).unwrap().name;
        assert!(allows(default, "IssueCertificate", Some("EndEntityCertificate/V1")));
        assert!(allows(default, "ListTags", None));
        for template in ["EndEntityServerAuthCertificate/V1", "SubordinateCACertificate_PathLen0/V1"] {
            assert!(!allows(default, "IssueCertificate", Some(template)), "{template}");
        }
        for action in ["RevokeCertificate", "GetCertificateAuthorityCsr", "DeleteCertificateAuthority"] {
            assert!(!allows(default, action, None), "{action}");
        }
        let revoke = "AWSRAMRevokeCertificateCertificateAuthority";
        assert!(allows(revoke, "RevokeCertificate", None) && !allows(revoke, "GetCertificate", None));
        assert!(by_arn("arn:aws:ram::aws:permission/None").is_err() && by_arn(default).is_err());
    }
}
