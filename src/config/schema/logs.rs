//! Logs.

use schemars::JsonSchema;
use serde::Deserialize;

use super::yes;
use crate::config::at::At;
use crate::config::values::{Arn, RetentionDays, Text};

/// Flow logs, their keeping and encryption.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Logs {
    /// Where flow logs go.
    pub flow: At<FlowDestination>,
    /// Days that they are kept: one of CloudWatch Logs' values.
    pub retention_days: At<RetentionDays>,
    /// The bucket, with `flow: s3`.
    pub bucket: Option<At<Text>>,
    /// Whether the Transit Gateway is logged as well.
    #[serde(default = "yes")]
    pub transit_gateway: bool,
    /// Encryption key.
    pub kms: Kms,
    /// Whether a copy of the record of every run that changes something goes to a CloudWatch Logs group as well.
    pub audit: bool,
    /// Design reason.
    pub note: Option<Text>,
}

impl Default for Logs {
    fn default() -> Self {
        Self {
            flow: At::default(),
            retention_days: At::nowhere(RetentionDays::YEAR),
            bucket: None,
            transit_gateway: true,
            kms: Kms::None,
            audit: false,
            note: None,
        }
    }
}

/// Where flow logs go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FlowDestination {
    /// A CloudWatch Logs group.
    #[default]
    Cloudwatch,
    /// An S3 bucket.
    S3,
}

/// Which key encrypts logs.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kms {
    /// AWS's own.
    #[default]
    None,
    /// One that gcnet makes.
    Create,
    /// One that exists.
    Key(At<Arn>),
}
