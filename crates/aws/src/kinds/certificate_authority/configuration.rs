//! What an authority is made with, and keeps for life.

use aws_sdk_acmpca::types::{
    AccessDescription, AccessMethod, Asn1Subject, CertificateAuthorityConfiguration, CsrExtensions, GeneralName,
    KeyAlgorithm, SigningAlgorithm,
};
use gcnet_core::Failure;
use serde::{Deserialize, Serialize};

use super::CertificateAuthority;
use crate::snapshot::authorities::MARK;

/// A distinguished name; what is not said is not in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Subject {
    /// CN.
    pub common_name: Option<String>,
    /// O.
    pub organization: Option<String>,
    /// OU.
    pub organizational_unit: Option<String>,
    /// C: two capitals.
    pub country: Option<String>,
    /// ST.
    pub state: Option<String>,
    /// L.
    pub locality: Option<String>,
}

impl Subject {
    pub(super) fn example() -> Self {
        let text = |text: &str| Some(text.to_string());
        Subject {
            common_name: text("Naruto Root CA"),
            organization: text("Naruto City"),
            organizational_unit: text("Network"),
            country: text("JP"),
            state: text("Tokushima"),
            locality: text("Naruto"),
        }
    }

    fn asn1(&self) -> Asn1Subject {
        let Subject { common_name, organization, organizational_unit, country, state, locality } = self.clone();
        Asn1Subject::builder()
            .set_common_name(common_name)
            .set_organization(organization)
            .set_organizational_unit(organizational_unit)
            .set_country(country)
            .set_state(state)
            .set_locality(locality)
            .build()
    }
}

impl From<&Asn1Subject> for Subject {
    fn from(subject: &Asn1Subject) -> Self {
        let text = |text: Option<&str>| text.map(String::from);
        Subject {
            common_name: text(subject.common_name()),
            organization: text(subject.organization()),
            organizational_unit: text(subject.organizational_unit()),
            country: text(subject.country()),
            state: text(subject.state()),
            locality: text(subject.locality()),
        }
    }
}

impl CertificateAuthority {
    /// The mark goes into the CSR and no further: the templates with which authorities are signed copy no extension of it.
    pub(super) fn configuration(&self, mark: &str) -> Result<CertificateAuthorityConfiguration, Failure> {
        let access = AccessDescription::builder()
            .access_method(AccessMethod::builder().custom_object_identifier(MARK).build())
            .access_location(GeneralName::builder().uniform_resource_identifier(mark).build())
            .build();
        CertificateAuthorityConfiguration::builder()
            .key_algorithm(KeyAlgorithm::from(self.key_algorithm.as_str()))
            .signing_algorithm(SigningAlgorithm::from(self.signing_algorithm.as_str()))
            .subject(self.subject.asn1())
            .csr_extensions(CsrExtensions::builder().subject_information_access(access).build())
            .build()
            .map_err(|error| Failure::internal("acm-pca:CreateCertificateAuthority", error.to_string()))
    }
}
