//! What a certificate authority's own request asks for besides: `CsrExtensions`. It stays with the authority for life.

use serde::{Deserialize, Serialize};

use super::der;
use super::errors::{invalid_args, validation};
use super::extension::{Extension, SUBJECT_INFO_ACCESS, uri};
use super::subject::check_oid;
use crate::error::Result;

/// DOC (CsrExtensions).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub(crate) struct CsrExtensions {
    #[serde(skip_serializing_if = "Option::is_none")]
    key_usage: Option<KeyUsage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject_information_access: Option<Vec<AccessDescription>>,
}

/// DOC (KeyUsage): "Default: false" of each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
struct KeyUsage {
    digital_signature: bool,
    non_repudiation: bool,
    key_encipherment: bool,
    data_encipherment: bool,
    key_agreement: bool,
    key_cert_sign: bool,
    #[serde(rename = "CRLSign")]
    crl_sign: bool,
    encipher_only: bool,
    decipher_only: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct AccessDescription {
    access_method: AccessMethod,
    access_location: GeneralName,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct AccessMethod {
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_object_identifier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_method_type: Option<String>,
}

/// The kinds of names that are simulated: those of one text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct GeneralName {
    #[serde(skip_serializing_if = "Option::is_none")]
    rfc822_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dns_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uniform_resource_identifier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registered_id: Option<String>,
}

/// DOC (AccessMethodType).
static METHODS: &[(&str, &str)] = &[
    ("CA_REPOSITORY", "1.3.6.1.5.5.7.48.5"),
    ("RESOURCE_PKI_MANIFEST", "1.3.6.1.5.5.7.48.10"),
    ("RESOURCE_PKI_NOTIFY", "1.3.6.1.5.5.7.48.13"),
];

impl CsrExtensions {
    pub fn check(&self) -> Result<()> {
        for AccessDescription { access_method, access_location } in self.subject_information_access.iter().flatten() {
            access_method.oid()?;
            access_location.der()?;
        }
        Ok(())
    }

    /// As extensions of the request.
    pub(super) fn der(&self) -> Result<Vec<Extension>> {
        let mut all: Vec<Extension> = self.key_usage.iter().map(|usage| Extension::key_usage(&usage.bits())).collect();
        if let Some(accesses) = &self.subject_information_access {
            let describe = |one: &AccessDescription| {
                Ok(der::sequence(&[der::known_oid(one.access_method.oid()?), one.access_location.der()?]))
            };
            let accesses = accesses.iter().map(describe).collect::<Result<Vec<_>>>()?;
            all.push(Extension::new(SUBJECT_INFO_ACCESS, false, der::sequence(&accesses)));
        }
        Ok(all)
    }
}

impl KeyUsage {
    fn bits(self) -> [bool; 9] {
        [
            self.digital_signature,
            self.non_repudiation,
            self.key_encipherment,
            self.data_encipherment,
            self.key_agreement,
            self.key_cert_sign,
            self.crl_sign,
            self.encipher_only,
            self.decipher_only,
        ]
    }
}

impl AccessMethod {
    /// DOC (AccessMethod): either of both.
    fn oid(&self) -> Result<&str> {
        match (self.custom_object_identifier.as_deref(), self.access_method_type.as_deref()) {
            (Some(oid), None) => check_oid("customObjectIdentifier", oid).map(|()| oid),
            (None, Some(name)) => {
                let known = METHODS.iter().find(|(known, _)| *known == name).map(|(_, oid)| *oid);
                known.ok_or_else(|| {
                    let names = METHODS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
                    validation("accessMethodType", name, &format!("satisfy enum value set: [{names}]"))
                })
            }
            _ => Err(invalid_args("An access method has either a custom object identifier or a type.")),
        }
    }
}

impl GeneralName {
    /// Exactly one kind of name, in characters that it can be written in.
    fn der(&self) -> Result<Vec<u8>> {
        let text = |field: &str, value: &str, longest: usize| {
            if value.chars().count() > longest {
                return Err(validation(field, value, &format!("have length less than or equal to {longest}")));
            }
            if value.is_empty() || !value.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
                return Err(invalid_args(format!(
                    "The value of {field} is empty or cannot be written as an IA5String."
                )));
            }
            Ok(())
        };
        let Self { rfc822_name, dns_name, uniform_resource_identifier, registered_id } = self;
        match (rfc822_name, dns_name, uniform_resource_identifier, registered_id) {
            (Some(mail), None, None, None) => text("rfc822Name", mail, 256).map(|()| der::implicit(1, mail.as_bytes())),
            (None, Some(name), None, None) => text("dnsName", name, 253).map(|()| der::implicit(2, name.as_bytes())),
            (None, None, Some(url), None) => text("uniformResourceIdentifier", url, 253).map(|()| uri(url)),
            (None, None, None, Some(oid)) => {
                check_oid("registeredId", oid)?;
                // The tag replaces that of the identifier.
                Ok(der::implicit(8, der::known_oid(oid).get(2..).unwrap_or_default()))
            }
            _ => Err(invalid_args("An access location has exactly one name.")),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(value: Value) -> CsrExtensions {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn extensions_are_kept_and_written() {
        let given = json!({
            "SubjectInformationAccess": [{
                "AccessMethod": { "CustomObjectIdentifier": "2.25.329800735698586629295641978511506172918" },
                "AccessLocation": { "UniformResourceIdentifier": "gcnet:naruto/prod/certificate-authority/root" },
            }],
        });
        let extensions = read(given.clone());
        extensions.check().unwrap();
        assert_eq!(serde_json::to_value(&extensions).unwrap(), given);
        assert_eq!(extensions.der().unwrap().len(), 1);
        let usage = read(json!({ "KeyUsage": { "KeyCertSign": true, "CRLSign": true } }));
        assert_eq!(usage.der().unwrap(), [Extension::key_usage(&[false, false, false, false, false, true, true])]);
    }

    #[test]
    fn what_is_refused() {
        let one = |method: Value, location: Value| {
            read(json!({ "SubjectInformationAccess": [{ "AccessMethod": method, "AccessLocation": location }] }))
        };
        let (method, location) = (json!({ "AccessMethodType": "CA_REPOSITORY" }), json!({ "DnsName": "a.jp" }));
        assert!(one(method.clone(), location.clone()).check().is_ok());
        let both = json!({ "AccessMethodType": "CA_REPOSITORY", "CustomObjectIdentifier": "1.2" });
        for (bad, code) in [
            (one(json!({}), location.clone()), "InvalidArgsException"),
            (one(both, location.clone()), "InvalidArgsException"),
            (one(json!({ "AccessMethodType": "OTHER" }), location), "ValidationException"),
            (one(method.clone(), json!({})), "InvalidArgsException"),
            (one(method.clone(), json!({ "DnsName": "a", "Rfc822Name": "b" })), "InvalidArgsException"),
            (one(method.clone(), json!({ "UniformResourceIdentifier": "鳴門" })), "InvalidArgsException"),
            (one(method, json!({ "UniformResourceIdentifier": "x".repeat(254) })), "ValidationException"),
        ] {
            assert_eq!(bad.check().unwrap_err().code, code, "{bad:?}");
        }
    }
}
