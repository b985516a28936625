//! How certificates are taken back before they end.

use aws_sdk_acmpca::types::{
    CrlConfiguration, CrlDistributionPointExtensionConfiguration, OcspConfiguration, RevocationConfiguration,
    S3ObjectAcl,
};
use aws_smithy_types::error::operation::BuildError;
use gcnet_core::{Context, Failure, Ref};
use serde::{Deserialize, Serialize};

use super::super::Bucket;
use crate::aws::Aws;

/// Neither: not at all.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Revocation {
    /// By a list.
    pub crl: Option<Crl>,
    /// By a server of AWS's that is asked about each certificate.
    pub ocsp: Option<Ocsp>,
}

/// A list in a bucket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Crl {
    /// Ours, or the name of somebody else's, whose policy must let Private CA write.
    pub bucket: Ref<Bucket>,
    /// The host that certificates name instead of the bucket's.
    pub custom_cname: Option<String>,
    /// Certificates do not say where the list is.
    pub omit_distribution_point: bool,
    /// Days that a list is valid: 1 to 5000.
    pub expires_in_days: i32,
    /// Everybody may read it: AWS's default, so that the contrary is always said.
    pub public: bool,
}

/// A server that AWS runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ocsp {
    /// The host that certificates name instead of AWS's.
    pub custom_cname: Option<String>,
}

impl Revocation {
    pub(super) fn example() -> Self {
        Revocation {
            crl: Some(Crl {
                bucket: Ref::to("ca"),
                custom_cname: Some("crl.naruto.example".into()),
                omit_distribution_point: true,
                expires_in_days: 7,
                public: true,
            }),
            ocsp: Some(Ocsp { custom_cname: Some("ocsp.naruto.example".into()) }),
        }
    }

    /// Of what is off, nothing else is said: AWS refuses it (UpdateCertificateAuthority, RevocationConfiguration).
    pub(super) fn configuration(&self, cx: &Context<'_, Aws>) -> Result<RevocationConfiguration, Failure> {
        let fault = |error: BuildError| Failure::internal("acm-pca:UpdateCertificateAuthority", error.to_string());
        let list = match &self.crl {
            None => CrlConfiguration::builder().enabled(false),
            Some(crl) => {
                let acl = if crl.public { S3ObjectAcl::PublicRead } else { S3ObjectAcl::BucketOwnerFullControl };
                let omit = CrlDistributionPointExtensionConfiguration::builder();
                let omit = omit.omit_extension(crl.omit_distribution_point).build().map_err(fault)?;
                CrlConfiguration::builder()
                    .enabled(true)
                    .s3_bucket_name(cx.id(&crl.bucket)?)
                    .set_custom_cname(crl.custom_cname.clone())
                    .expiration_in_days(crl.expires_in_days)
                    .s3_object_acl(acl)
                    .crl_distribution_point_extension_configuration(omit)
            }
        };
        let server = OcspConfiguration::builder().enabled(self.ocsp.is_some());
        let server = server.set_ocsp_custom_cname(self.ocsp.as_ref().and_then(|ocsp| ocsp.custom_cname.clone()));
        Ok(RevocationConfiguration::builder()
            .crl_configuration(list.build().map_err(fault)?)
            .ocsp_configuration(server.build().map_err(fault)?)
            .build())
    }
}

impl From<&RevocationConfiguration> for Revocation {
    fn from(live: &RevocationConfiguration) -> Self {
        let crl = live.crl_configuration().filter(|crl| crl.enabled()).map(|crl| Crl {
            bucket: Ref::id(crl.s3_bucket_name().unwrap_or_default()),
            custom_cname: crl.custom_cname().map(String::from),
            omit_distribution_point: crl
                .crl_distribution_point_extension_configuration()
                .is_some_and(|extension| extension.omit_extension()),
            expires_in_days: crl.expiration_in_days().unwrap_or_default(),
            public: crl.s3_object_acl() != Some(&S3ObjectAcl::BucketOwnerFullControl),
        });
        let ocsp = live.ocsp_configuration().filter(|ocsp| ocsp.enabled());
        Revocation { crl, ocsp: ocsp.map(|ocsp| Ocsp { custom_cname: ocsp.ocsp_custom_cname().map(String::from) }) }
    }
}
