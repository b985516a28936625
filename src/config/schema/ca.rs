//! The private certificate authority.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::config::at::At;
use crate::config::values::{Date, Domain, Name, Text, Within};

/// The private certificate authority.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PrivateCa {
    /// A root alone (what the specification asks), or a root and a subordinate that issues (AWS's advice, twice the fee).
    #[serde(default)]
    pub hierarchy: At<Hierarchy>,
    /// General purpose, or short-lived: seven days at most, an eighth of the fee, and ACM cannot issue from it.
    #[serde(default)]
    pub mode: At<AuthorityMode>,
    /// The root's distinguished name.
    pub subject: Subject,
    /// The root's key and validity.
    #[serde(default)]
    pub key: Key,
    /// The subordinate, with `hierarchy: root-and-subordinate`.
    pub subordinate: Option<Subordinate>,
    /// Revocation. Clients of a closed network cannot fetch a public list.
    #[serde(default)]
    pub revocation: At<Revocation>,
    /// When the root's own certificate is issued anew.
    #[serde(default)]
    pub renewal: Renewal,
    /// Whether Certificate Manager in the network account may issue and renew certificates: yes for a general-purpose authority
    /// when absent, and impossible for a short-lived one.
    pub acm_renewal: Option<At<bool>>,
    /// Whether only `destroy --include-protected` deletes it: yes in prod when absent.
    pub protect: Option<bool>,
    /// ASPs that may issue certificates from it.
    #[serde(default)]
    pub share_with: Vec<At<Name>>,
    /// Days in which a deleted authority can be restored; 7 in test, otherwise 30 when absent.
    pub deletion_window_days: Option<At<Within<7, 30>>>,
    /// Design reason.
    pub note: Option<Text>,
}

/// One level or two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Hierarchy {
    /// The root issues.
    #[default]
    RootOnly,
    /// A subordinate issues and is shared.
    RootAndSubordinate,
}

/// Usage mode of the authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AuthorityMode {
    /// Certificates of any validity: 400 USD a month.
    #[default]
    GeneralPurpose,
    /// Certificates of seven days at most: 50 USD a month. For throwaway stacks.
    ShortLived,
}

/// A distinguished name.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// CN.
    pub common_name: At<Text>,
    /// O.
    pub organization: Option<At<Text>>,
    /// OU.
    pub organizational_unit: Option<At<Text>>,
    /// C: two capitals.
    pub country: Option<At<Text>>,
    /// ST.
    pub state: Option<At<Text>>,
    /// L.
    pub locality: Option<At<Text>>,
}

/// Key and validity.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Key {
    /// Key algorithm.
    pub algorithm: At<KeyAlgorithm>,
    /// Signing algorithm; must fit the key.
    pub signing: At<SigningAlgorithm>,
    /// Years that its own certificate is valid: 20 for the root and 5 for a subordinate when absent. A subordinate's must end
    /// before the root's.
    pub validity_years: Option<At<Within<1, 30>>>,
}

impl Default for Key {
    fn default() -> Self {
        Self {
            algorithm: At::nowhere(KeyAlgorithm::Rsa4096),
            signing: At::nowhere(SigningAlgorithm::Sha512WithRsa),
            validity_years: None,
        }
    }
}

/// Key algorithms, as AWS Private CA spells them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[allow(missing_docs, reason = "the names say it")]
pub enum KeyAlgorithm {
    #[serde(rename = "RSA_2048")]
    Rsa2048,
    #[serde(rename = "RSA_4096")]
    Rsa4096,
    #[serde(rename = "EC_prime256v1")]
    EcPrime256v1,
    #[serde(rename = "EC_secp384r1")]
    EcSecp384r1,
}

/// Signing algorithms, as AWS Private CA spells them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[allow(missing_docs, reason = "the names say it")]
pub enum SigningAlgorithm {
    #[serde(rename = "SHA256WITHRSA")]
    Sha256WithRsa,
    #[serde(rename = "SHA384WITHRSA")]
    Sha384WithRsa,
    #[serde(rename = "SHA512WITHRSA")]
    Sha512WithRsa,
    #[serde(rename = "SHA256WITHECDSA")]
    Sha256WithEcdsa,
    #[serde(rename = "SHA384WITHECDSA")]
    Sha384WithEcdsa,
    #[serde(rename = "SHA512WITHECDSA")]
    Sha512WithEcdsa,
}

impl KeyAlgorithm {
    /// Whether a signature of this algorithm can be made with this key.
    pub fn fits(self, signing: SigningAlgorithm) -> bool {
        use SigningAlgorithm::{Sha256WithRsa, Sha384WithRsa, Sha512WithRsa};
        let rsa = matches!(self, Self::Rsa2048 | Self::Rsa4096);
        rsa == matches!(signing, Sha256WithRsa | Sha384WithRsa | Sha512WithRsa)
    }
}

/// The issuing authority of two levels.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subordinate {
    /// Its distinguished name.
    pub subject: Subject,
    /// Its key and validity; five years is usual.
    #[serde(default)]
    pub key: Key,
    /// When its own certificate is issued anew.
    #[serde(default)]
    pub renewal: Renewal,
}

/// When an authority's own certificate is issued anew. Its key stays.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Renewal {
    /// From how many days before its end plans warn.
    pub warn_days: At<Within<1, 3650>>,
    /// A certificate from before this day (in Japan) is issued anew by the next apply.
    pub reissued_since: Option<At<Date>>,
}

impl Default for Renewal {
    fn default() -> Self {
        Self { warn_days: At::nowhere(Within::clamped(365)), reissued_since: None }
    }
}

/// How certificates are revoked.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Revocation {
    /// Not at all.
    #[default]
    None,
    /// By a list in S3.
    Crl(Crl),
    /// By a server of AWS's, which is asked about each certificate and is public.
    Ocsp(Ocsp),
}

/// A certificate revocation list.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Crl {
    /// Somebody else's bucket, which must let Private CA write; gcnet makes one, to which nobody else has access, when absent.
    pub bucket: Option<At<Text>>,
    /// The name that certificates give instead of the bucket's.
    pub custom_cname: Option<At<Domain>>,
    /// Leaves the distribution point out of certificates.
    #[serde(default)]
    pub omit_distribution_point: bool,
    /// Days that a list is valid: 7 when absent.
    pub expires_in_days: Option<At<Within<1, 5000>>>,
}

/// Answers about single certificates.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ocsp {
    /// The name that certificates give instead of AWS's.
    pub custom_cname: Option<At<Domain>>,
}
