//! How clients learn what was revoked: `RevocationConfiguration`.

use serde::{Deserialize, Serialize};

use super::errors::{invalid_args, validation};
use crate::error::Result;

/// DOC (RevocationConfiguration). Both parts are read back, disabled where nothing was said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub(crate) struct Revocation {
    pub crl_configuration: Crl,
    pub ocsp_configuration: Ocsp,
}

/// As a request has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub(super) struct Wanted {
    crl_configuration: Option<Crl>,
    ocsp_configuration: Option<Ocsp>,
}

/// DOC (CrlConfiguration). Partitioned lists and paths of one's own are not simulated.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub(crate) struct Crl {
    pub enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration_in_days: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_cname: Option<String>,
    #[serde(rename = "S3BucketName", skip_serializing_if = "Option::is_none")]
    pub bucket: Option<String>,
    #[serde(rename = "S3ObjectAcl", skip_serializing_if = "Option::is_none")]
    acl: Option<String>,
    #[serde(rename = "CrlDistributionPointExtensionConfiguration", skip_serializing_if = "Option::is_none")]
    extension: Option<PointExtension>,
    #[serde(skip_serializing_if = "Option::is_none")]
    crl_type: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct PointExtension {
    omit_extension: bool,
}

/// DOC (OcspConfiguration).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub(crate) struct Ocsp {
    enabled: bool,
    #[serde(rename = "OcspCustomCname", skip_serializing_if = "Option::is_none")]
    custom_cname: Option<String>,
}

const PUBLIC_READ: &str = "PUBLIC_READ";

impl Wanted {
    /// What follows from a request. DOC (UpdateCertificateAuthority): "If you don't supply this parameter, existing
    /// capibilites remain unchanged"; unverified that so does one part of it.
    pub fn applied_to(self, there: &Revocation) -> Result<Revocation> {
        let mut revocation = there.clone();
        if let Some(mut crl) = self.crl_configuration {
            crl.check()?;
            if crl.enabled {
                // DOC (S3ObjectAcl): "If no value is specified, the default is PUBLIC_READ."
                crl.acl.get_or_insert_with(|| PUBLIC_READ.to_owned());
            }
            revocation.crl_configuration = crl;
        }
        if let Some(ocsp) = self.ocsp_configuration {
            ocsp.check()?;
            revocation.ocsp_configuration = ocsp;
        }
        Ok(revocation)
    }
}

impl Crl {
    fn check(&self) -> Result<()> {
        let Self { enabled, expiration_in_days, custom_cname, bucket, acl, extension, crl_type } = self;
        if !enabled {
            let others = expiration_in_days.is_some() || extension.is_some();
            let texts = [custom_cname, bucket, acl, crl_type].into_iter().any(Option::is_some);
            return if others || texts { Err(only_disabled("CRLs")) } else { Ok(()) };
        }
        match expiration_in_days {
            Some(1..=5000) => {}
            Some(days) => return Err(validation("expirationInDays", days, "have value between 1 and 5000")),
            // Unverified: the model does not require it. Terraform does.
            None => return Err(invalid_args("ExpirationInDays is missing from the CRL configuration.")),
        }
        let bucket =
            bucket.as_deref().ok_or_else(|| invalid_args("S3BucketName is missing from the CRL configuration."))?;
        check_bucket(bucket)?;
        check_cname("customCname", custom_cname.as_deref())?;
        if let Some(acl) = acl.as_deref().filter(|acl| ![PUBLIC_READ, "BUCKET_OWNER_FULL_CONTROL"].contains(acl)) {
            let must = "satisfy enum value set: [PUBLIC_READ, BUCKET_OWNER_FULL_CONTROL]";
            return Err(validation("s3ObjectAcl", acl, must));
        }
        match crl_type.as_deref() {
            None | Some("COMPLETE") => {}
            Some("PARTITIONED") => return Err(invalid_args("The sandbox does not simulate partitioned CRLs.")),
            Some(other) => return Err(validation("crlType", other, "satisfy enum value set: [COMPLETE, PARTITIONED]")),
        }
        // DOC (OmitExtension): "This configuration cannot be enabled with a custom CNAME set."
        if self.omits_extension() && custom_cname.is_some() {
            return Err(invalid_args(
                "The CRL distribution point extension cannot be omitted with a custom CNAME set.",
            ));
        }
        Ok(())
    }

    fn omits_extension(&self) -> bool {
        self.extension.as_ref().is_some_and(|it| it.omit_extension)
    }

    /// Whether everybody shall be able to read the list in its bucket.
    pub fn is_public(&self) -> bool {
        self.acl.as_deref() == Some(PUBLIC_READ)
    }

    /// The list's place in its bucket. DOC (user guide, "Structure of a CRL URI"; as the next).
    pub fn object_key(id: &str) -> String {
        format!("crl/{id}.crl")
    }

    /// What certificates say about where the list is, if they say it.
    pub fn url(&self, region: &str, id: &str) -> Option<String> {
        let bucket = self.bucket.as_deref().filter(|_| self.enabled && !self.omits_extension())?;
        let host = self.custom_cname.clone().unwrap_or_else(|| format!("{bucket}.s3.{region}.amazonaws.com"));
        Some(format!("http://{host}/{}", Self::object_key(id)))
    }
}

impl Ocsp {
    fn check(&self) -> Result<()> {
        match &self.custom_cname {
            Some(_) if !self.enabled => Err(only_disabled("OCSP")),
            name => check_cname("ocspCustomCname", name.as_deref()),
        }
    }

    /// What certificates say about whom to ask. Unverified: AWS's own host.
    pub fn url(&self, region: &str) -> Option<String> {
        let host = || self.custom_cname.clone().unwrap_or_else(|| format!("ocsp.acm-pca.{region}.amazonaws.com"));
        self.enabled.then(|| format!("http://{}", host()))
    }
}

/// DOC (RevocationConfiguration): "must contain only the Enabled=False parameter, and will fail if other parameters …".
fn only_disabled(what: &str) -> crate::error::AwsError {
    invalid_args(format!("A configuration disabling {what} must contain only the Enabled=False parameter."))
}

/// `[-a-zA-Z0-9._/]+`, 3 to 255 characters.
fn check_bucket(name: &str) -> Result<()> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._/".contains(c);
    if !(3..=255).contains(&name.len()) || !name.chars().all(allowed) {
        let must = "have length between 3 and 255 and satisfy regular expression pattern: [-a-zA-Z0-9._/]+";
        return Err(validation("s3BucketName", name, must));
    }
    Ok(())
}

/// DOC (CustomCname): RFC 2396's characters, at most 253, without "http://" or "https://".
fn check_cname(field: &str, name: Option<&str>) -> Result<()> {
    let Some(name) = name else {
        return Ok(());
    };
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-;/?:@&=+$,%_.!~*()'".contains(c);
    if name.len() > 253 || !name.chars().all(allowed) {
        let pattern = "satisfy regular expression pattern: [-a-zA-Z0-9;/?:@&=+$,%_.!~*()']*";
        return Err(validation(field, name, pattern));
    }
    let lower = name.to_ascii_lowercase();
    if name.is_empty() || lower.starts_with("http://") || lower.starts_with("https://") {
        return Err(invalid_args(format!("The value of {field} is empty or has a protocol prefix.")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn apply(wanted: Value) -> Result<Revocation> {
        serde_json::from_value::<Wanted>(wanted).unwrap().applied_to(&Revocation::default())
    }

    fn crl(more: Value) -> Value {
        let mut crl = json!({ "Enabled": true, "ExpirationInDays": 7, "S3BucketName": "crls" });
        crl.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "CrlConfiguration": crl })
    }

    #[test]
    fn where_certificates_point() {
        let plain = apply(crl(json!({}))).unwrap().crl_configuration;
        assert_eq!(plain.url("tokyo", "1").unwrap(), "http://crls.s3.tokyo.amazonaws.com/crl/1.crl");
        assert!(plain.is_public());
        let named = apply(crl(json!({ "CustomCname": "crl.city.lg.jp", "S3ObjectAcl": "BUCKET_OWNER_FULL_CONTROL" })));
        let named = named.unwrap().crl_configuration;
        assert_eq!(named.url("tokyo", "1").unwrap(), "http://crl.city.lg.jp/crl/1.crl");
        assert!(!named.is_public());
        let omitted = crl(json!({ "CrlDistributionPointExtensionConfiguration": { "OmitExtension": true } }));
        assert_eq!(apply(omitted).unwrap().crl_configuration.url("tokyo", "1"), None);
        let off = apply(json!({ "CrlConfiguration": { "Enabled": false }, "OcspConfiguration": { "Enabled": false } }));
        assert_eq!(off.unwrap(), Revocation::default());
        let ocsp = apply(json!({ "OcspConfiguration": { "Enabled": true, "OcspCustomCname": "ocsp.jp" } })).unwrap();
        assert_eq!(ocsp.ocsp_configuration.url("tokyo").unwrap(), "http://ocsp.jp");
    }

    #[test]
    fn what_is_refused() {
        let omit = json!({ "OmitExtension": true });
        for (bad, code) in [
            (json!({ "CrlConfiguration": { "Enabled": false, "ExpirationInDays": 7 } }), "InvalidArgsException"),
            (json!({ "CrlConfiguration": { "Enabled": true, "ExpirationInDays": 7 } }), "InvalidArgsException"),
            (json!({ "CrlConfiguration": { "Enabled": true, "S3BucketName": "crls" } }), "InvalidArgsException"),
            (json!({ "OcspConfiguration": { "Enabled": false, "OcspCustomCname": "a" } }), "InvalidArgsException"),
            (
                json!({ "OcspConfiguration": { "Enabled": true, "OcspCustomCname": "HTTP://a" } }),
                "InvalidArgsException",
            ),
            (crl(json!({ "ExpirationInDays": 0 })), "ValidationException"),
            (crl(json!({ "ExpirationInDays": 5001 })), "ValidationException"),
            (crl(json!({ "S3BucketName": "鳴門" })), "ValidationException"),
            (crl(json!({ "S3ObjectAcl": "PRIVATE" })), "ValidationException"),
            (crl(json!({ "CustomCname": "a b" })), "ValidationException"),
            (crl(json!({ "CustomCname": "https://a" })), "InvalidArgsException"),
            (crl(json!({ "CrlType": "PARTITIONED" })), "InvalidArgsException"),
            (
                crl(json!({ "CustomCname": "a", "CrlDistributionPointExtensionConfiguration": omit })),
                "InvalidArgsException",
            ),
        ] {
            assert_eq!(apply(bad.clone()).unwrap_err().code, code, "{bad}");
        }
    }
}
