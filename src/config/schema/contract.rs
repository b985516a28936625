//! The municipality's row of the specification's table.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::config::at::At;
use crate::config::values::{Mark, Text, Workload};

/// One row of the specification's table. It is what was ordered; the blocks of the file are what is built, and V11 holds
/// the two together.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// Row number in the specification.
    pub row: At<u32>,
    /// The three options.
    pub options: Options,
    /// The 20 workloads: ○ built on AWS, ● built elsewhere, － not built.
    pub workloads: BTreeMap<At<Workload>, At<Mark>>,
    /// Remark.
    pub note: Option<Text>,
}

/// The specification's three options.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Route53: ○ needs the block `dns`.
    pub route53: At<Mark>,
    /// PrivateCA: ○ needs the block `private_ca`.
    pub private_ca: At<Mark>,
    /// PrivateLink: ○ needs at least one ASP with `connect: privatelink`.
    pub private_link: At<Mark>,
}
