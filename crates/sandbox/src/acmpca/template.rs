//! Certificate templates: which extensions a certificate gets.
//!
//! DOC (user guide, "AWS Private CA template definitions"). Basic constraints are critical where they say CA, and not where
//! they say that it is none. Of the templates with passthrough only those that take extensions from the request are
//! simulated.

use super::errors::invalid_arn;
use super::extension::Extension;
use crate::error::Result;

const PREFIX: &str = "arn:aws:acm-pca:::template/";
/// DOC (IssueCertificate, TemplateArn): what is taken where none is named.
pub(crate) const DEFAULT: &str = "arn:aws:acm-pca:::template/EndEntityCertificate/V1";

const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";
const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";
const CODE_SIGNING: &str = "1.3.6.1.5.5.7.3.3";
const OCSP_SIGNING: &str = "1.3.6.1.5.5.7.3.9";

/// Digital signature, and key encipherment.
const SIGN_AND_ENCIPHER: &[bool] = &[true, false, true];
const SIGN: &[bool] = &[true];
/// Digital signature, keyCertSign, CRL sign.
const SIGN_CERTIFICATES: &[bool] = &[true, false, false, false, false, true, true];

/// What a certificate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Signs itself; no path length, and no word of a list of revoked certificates.
    Root,
    /// A CA with so many others below it at most.
    Subordinate(u8),
    EndEntity,
}

/// One template.
#[derive(Debug)]
pub(super) struct Template {
    name: &'static str,
    pub role: Role,
    key_usage: Option<&'static [bool]>,
    /// Whether it is critical, and the purposes.
    extended_key_usage: Option<(bool, &'static [&'static str])>,
    /// Whether there is one without passthrough.
    plain: bool,
}

const fn end_entity(
    name: &'static str,
    key_usage: &'static [bool],
    extended_key_usage: (bool, &'static [&'static str]),
) -> Template {
    let (key_usage, extended_key_usage) = (Some(key_usage), Some(extended_key_usage));
    Template { name, role: Role::EndEntity, key_usage, extended_key_usage, plain: true }
}

const fn ca(name: &'static str, role: Role) -> Template {
    Template { name, role, key_usage: Some(SIGN_CERTIFICATES), extended_key_usage: None, plain: true }
}

static TEMPLATES: &[Template] = &[
    ca("RootCACertificate", Role::Root),
    ca("SubordinateCACertificate_PathLen0", Role::Subordinate(0)),
    ca("SubordinateCACertificate_PathLen1", Role::Subordinate(1)),
    ca("SubordinateCACertificate_PathLen2", Role::Subordinate(2)),
    ca("SubordinateCACertificate_PathLen3", Role::Subordinate(3)),
    end_entity("EndEntityCertificate", SIGN_AND_ENCIPHER, (false, &[SERVER_AUTH, CLIENT_AUTH])),
    end_entity("EndEntityClientAuthCertificate", SIGN_AND_ENCIPHER, (false, &[CLIENT_AUTH])),
    end_entity("EndEntityServerAuthCertificate", SIGN_AND_ENCIPHER, (false, &[SERVER_AUTH])),
    end_entity("CodeSigningCertificate", SIGN, (true, &[CODE_SIGNING])),
    end_entity("OCSPSigningCertificate", SIGN, (true, &[OCSP_SIGNING])),
    Template {
        name: "BlankEndEntityCertificate",
        role: Role::EndEntity,
        key_usage: None,
        extended_key_usage: None,
        plain: false,
    },
];

/// A template as a request names it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chosen {
    pub template: &'static Template,
    /// Whether extensions of the request that the template says nothing of are taken over.
    pub passthrough: bool,
}

/// Unverified: the code for a template that there is not.
pub(super) fn find(arn: &str) -> Result<Chosen> {
    let name = arn.strip_prefix(PREFIX).and_then(|name| name.strip_suffix("/V1"));
    let (name, passthrough) = match name.map(|name| (name.strip_suffix("_CSRPassthrough"), name)) {
        Some((Some(base), _)) => (base, true),
        Some((None, name)) => (name, false),
        None => return Err(invalid_arn(arn)),
    };
    let exists = |it: &&Template| it.name == name && if passthrough { it.role != Role::Root } else { it.plain };
    let template = TEMPLATES.iter().find(exists).ok_or_else(|| invalid_arn(arn))?;
    Ok(Chosen { template, passthrough })
}

impl Template {
    /// What depends on the template alone.
    pub fn extensions(&self) -> Vec<Extension> {
        let constraints = match self.role {
            Role::Root => Extension::basic_constraints(true, true, None),
            Role::Subordinate(length) => Extension::basic_constraints(true, true, Some(length)),
            Role::EndEntity => Extension::basic_constraints(false, false, None),
        };
        let mut all = vec![constraints];
        all.extend(self.key_usage.map(Extension::key_usage));
        all.extend(self.extended_key_usage.map(|(critical, all)| Extension::extended_key_usage(critical, all)));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_by_name() {
        let found = |name: &str| find(&format!("{PREFIX}{name}")).map(|it| (it.template.role, it.passthrough));
        assert_eq!(found("RootCACertificate/V1").unwrap(), (Role::Root, false));
        assert_eq!(found("SubordinateCACertificate_PathLen3/V1").unwrap(), (Role::Subordinate(3), false));
        assert_eq!(found("BlankEndEntityCertificate_CSRPassthrough/V1").unwrap(), (Role::EndEntity, true));
        assert_eq!(found("EndEntityCertificate_CSRPassthrough/V1").unwrap(), (Role::EndEntity, true));
        assert!(find(DEFAULT).is_ok());
        for bad in [
            "RootCACertificate_CSRPassthrough/V1",
            "BlankEndEntityCertificate/V1",
            "BlankEndEntityCertificate_APIPassthrough/V1",
            "SubordinateCACertificate_PathLen4/V1",
            "EndEntityCertificate/V2",
            "EndEntityCertificate",
        ] {
            assert_eq!(found(bad).unwrap_err().code, "InvalidArnException", "{bad}");
        }
        assert!(find("arn:aws:acm-pca:tokyo::template/EndEntityCertificate/V1").is_err());
    }
}
