//! The Transit Gateway.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::config::at::At;
use crate::config::values::{Asn, Text};

/// The Transit Gateway. Default association, default propagation and automatic acceptance are always off.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransitGateway {
    /// Its ASN; 4200000000 plus the first five digits of the municipal code when absent.
    pub asn: Option<At<Asn>>,
    /// How ASPs are kept apart.
    #[serde(default)]
    pub segmentation: At<Segmentation>,
    /// Design reason.
    pub note: Option<Text>,
}

/// How ASPs are kept apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Segmentation {
    /// One route table per ASP; ASPs that are not linked are cut off from each other by blackholes.
    #[default]
    PerAsp,
    /// ASPs with the same `group` share a route table and reach each other. For more than 16 ASPs: a Transit Gateway has
    /// 20 route tables (default quota).
    Grouped,
}
