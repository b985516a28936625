//! The name of a certificate authority: `ASN1Subject`.

use serde::{Deserialize, Serialize};

use super::der;
use super::errors::{invalid_args, validation};
use crate::error::Result;

/// DOC (ASN1Subject). All optional; in the order in which AWS writes them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
pub(crate) struct Subject {
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organizational_unit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    distinguished_name_qualifier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    common_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locality: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    surname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    initials: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pseudonym: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    generation_qualifier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_attributes: Option<Vec<CustomAttribute>>,
}

/// DOC (CustomAttribute).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct CustomAttribute {
    object_identifier: String,
    value: String,
}

/// What an attribute's characters may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Letters {
    Country,
    /// `[a-zA-Z0-9'()+-.?:/= ]*`
    Printable,
    Any,
}

/// One attribute of a name.
struct Attribute<'a> {
    /// As the model's members.
    field: &'static str,
    oid: &'static str,
    value: &'a str,
    longest: usize,
    letters: Letters,
}

impl Subject {
    fn attributes(&self) -> Vec<Attribute<'_>> {
        use Letters::{Any, Country, Printable};
        let all = [
            ("country", "2.5.4.6", &self.country, 2, Country),
            ("organization", "2.5.4.10", &self.organization, 64, Any),
            ("organizationalUnit", "2.5.4.11", &self.organizational_unit, 64, Any),
            ("distinguishedNameQualifier", "2.5.4.46", &self.distinguished_name_qualifier, 64, Printable),
            ("state", "2.5.4.8", &self.state, 128, Any),
            ("commonName", "2.5.4.3", &self.common_name, 64, Any),
            ("serialNumber", "2.5.4.5", &self.serial_number, 64, Printable),
            ("locality", "2.5.4.7", &self.locality, 128, Any),
            ("title", "2.5.4.12", &self.title, 64, Any),
            ("surname", "2.5.4.4", &self.surname, 40, Any),
            ("givenName", "2.5.4.42", &self.given_name, 16, Any),
            ("initials", "2.5.4.43", &self.initials, 5, Any),
            ("pseudonym", "2.5.4.65", &self.pseudonym, 128, Any),
            ("generationQualifier", "2.5.4.44", &self.generation_qualifier, 3, Any),
        ];
        let given = all.into_iter().filter_map(|(field, oid, value, longest, letters)| {
            value.as_deref().map(|value| Attribute { field, oid, value, longest, letters })
        });
        given.collect()
    }

    /// Lengths and patterns as the model has them; a name that says nothing is refused (unverified).
    pub fn check(&self) -> Result<()> {
        let attributes = self.attributes();
        for one in &attributes {
            one.check()?;
        }
        match &self.custom_attributes {
            None if attributes.is_empty() => Err(invalid_args("The subject has no attribute.")),
            None => Ok(()),
            // DOC (CustomAttributes).
            Some(_) if !attributes.is_empty() => {
                Err(invalid_args("Custom attributes cannot be used in combination with standard attributes."))
            }
            Some(custom) => check_custom(custom),
        }
    }

    /// As `Name`, one attribute a part.
    pub fn der(&self) -> Vec<u8> {
        let standard = self.attributes().into_iter().map(|one| {
            let value = if one.letters == Letters::Any { der::utf8(one.value) } else { der::printable(one.value) };
            (der::known_oid(one.oid), value)
        });
        let custom = self.custom_attributes.iter().flatten();
        let custom = custom.map(|one| (der::known_oid(&one.object_identifier), der::utf8(&one.value)));
        let part = |(oid, value)| der::set(vec![der::sequence(&[oid, value])]);
        der::sequence(&standard.chain(custom).map(part).collect::<Vec<_>>())
    }
}

impl Attribute<'_> {
    fn check(&self) -> Result<()> {
        let field = format!("certificateAuthorityConfiguration.subject.{}", self.field);
        let length = self.value.chars().count();
        match self.letters {
            Letters::Country => {
                if length != 2 || !self.value.chars().all(|c| c.is_ascii_alphabetic()) {
                    return Err(validation(&field, self.value, "satisfy regular expression pattern: [A-Za-z]{2}"));
                }
            }
            // The pattern's range from + to . has the comma.
            Letters::Printable
                if !self.value.chars().all(|c| c.is_ascii_alphanumeric() || "'()+,-.?:/= ".contains(c)) =>
            {
                let pattern = "satisfy regular expression pattern: [a-zA-Z0-9'()+-.?:/= ]*";
                return Err(validation(&field, self.value, pattern));
            }
            Letters::Printable | Letters::Any => {}
        }
        if length > self.longest {
            let must = format!("have length less than or equal to {}", self.longest);
            return Err(validation(&field, self.value, &must));
        }
        // The model allows both; unverified what AWS makes of them.
        if self.value.is_empty() || self.value.chars().any(char::is_control) {
            return Err(invalid_args(format!("The value of {field} is empty or has control characters.")));
        }
        Ok(())
    }
}

fn check_custom(custom: &[CustomAttribute]) -> Result<()> {
    if !(1..=150).contains(&custom.len()) {
        return Err(validation("customAttributes", custom.len(), "have length between 1 and 150"));
    }
    for CustomAttribute { object_identifier: oid, value } in custom {
        check_oid("objectIdentifier", oid)?;
        if !(1..=256).contains(&value.chars().count()) {
            return Err(validation("value", value, "have length between 1 and 256"));
        }
    }
    Ok(())
}

/// `([0-2])\.([0-9]|([0-3][0-9]))((\.([0-9]+)){0,126})`, at most 64 characters.
pub(super) fn check_oid(field: &str, oid: &str) -> Result<()> {
    let mut arcs = oid.split('.').skip(1);
    let short = arcs.next().is_some_and(|second| second.len() == 1 || (second.len() == 2 && second < "40"));
    if oid.len() > 64 || !short || der::oid(oid).is_none() {
        let pattern = r"satisfy regular expression pattern: ([0-2])\.([0-9]|([0-3][0-9]))((\.([0-9]+)){0,126})";
        return Err(validation(field, oid, pattern));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use x509_parser::prelude::FromDer;
    use x509_parser::x509::X509Name;

    use super::*;

    fn subject(value: serde_json::Value) -> Subject {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn names_are_written_as_given() {
        let given =
            json!({ "CommonName": "鳴門市 Root CA", "Country": "JP", "Organization": "Naruto", "Locality": "撫養" });
        let name = subject(given.clone());
        name.check().unwrap();
        let der = name.der();
        let read = X509Name::from_der(&der).unwrap().1;
        assert_eq!(read.to_string(), "C=JP, O=Naruto, CN=鳴門市 Root CA, L=撫養");
        assert_eq!(serde_json::to_value(&name).unwrap(), given);
        let custom = subject(json!({ "CustomAttributes": [{ "ObjectIdentifier": "2.5.4.3", "Value": "x" }] }));
        custom.check().unwrap();
        assert_eq!(X509Name::from_der(&custom.der()).unwrap().1.to_string(), "CN=x");
    }

    #[test]
    fn lengths_and_patterns() {
        let good = [
            json!({ "CommonName": "あ".repeat(64) }),
            json!({ "SerialNumber": "1,2" }),
            json!({ "State": "x".repeat(128) }),
        ];
        for good in good {
            assert!(subject(good.clone()).check().is_ok(), "{good}");
        }
        let custom = json!([{ "ObjectIdentifier": "1.2", "Value": "x" }]);
        for (bad, code) in [
            (json!({}), "InvalidArgsException"),
            (json!({ "CommonName": "" }), "InvalidArgsException"),
            (json!({ "CommonName": "a\u{7}" }), "InvalidArgsException"),
            (json!({ "CommonName": "x".repeat(65) }), "ValidationException"),
            (json!({ "Country": "JPN" }), "ValidationException"),
            (json!({ "Country": "日本" }), "ValidationException"),
            (json!({ "SerialNumber": "a*" }), "ValidationException"),
            (json!({ "Initials": "abcdef" }), "ValidationException"),
            (json!({ "Country": "JP", "CustomAttributes": custom }), "InvalidArgsException"),
            (json!({ "CustomAttributes": [] }), "ValidationException"),
            (json!({ "CustomAttributes": [{ "ObjectIdentifier": "2.40", "Value": "x" }] }), "ValidationException"),
        ] {
            assert_eq!(subject(bad.clone()).check().unwrap_err().code, code, "{bad}");
        }
    }
}
