//! Choices of the file whose resources this version does not build yet: shown by every plan, never silently dropped.

use serde::Serialize;

use crate::config::{
    schema::{FlowDestination, Kms, Municipality, Via},
    values::Opens,
};

/// One such choice.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Deferred {
    /// Where the file makes it, as a path of keys: `asps[asp-juki]`, `dns.inbound`.
    pub at: String,
    /// What is not built.
    pub what: Unbuilt,
}

/// When a line opens.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Opening {
    /// `2025-04`
    pub month: String,
    /// In that month or later.
    pub or_later: bool,
}

impl From<&Opens> for Opening {
    fn from(opens: &Opens) -> Self {
        match opens {
            Opens::In(month) => Opening { month: month.to_string(), or_later: false },
            Opens::From(month) => Opening { month: month.to_string(), or_later: true },
        }
    }
}

/// What a choice asks for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "unbuilt", rename_all = "snake_case")]
pub enum Unbuilt {
    /// A site with an attachment of its own.
    Site {
        /// Name of the site.
        site: String,
    },
    /// Interface endpoints of AWS's own services.
    CentralEndpoints,
    /// Flow logs into a bucket.
    FlowLogsToS3,
    /// A KMS key of our own for logs.
    LogKey,
}

/// Every choice of the file that is not built, in the file's order.
pub(super) fn of(municipality: &Municipality) -> Vec<Deferred> {
    let mut deferred = vec![];
    let mut add = |at: String, what: Unbuilt| deferred.push(Deferred { at, what });
    for site in municipality.sites.iter().filter(|site| matches!(site.via, Via::Attachment(_))) {
        add(format!("sites[{}]", site.name), Unbuilt::Site { site: site.name.to_string() });
    }
    if municipality.central_endpoints.is_some() {
        add("central_endpoints".into(), Unbuilt::CentralEndpoints);
    }
    if municipality.logs.flow.value == FlowDestination::S3 {
        add("logs.flow".into(), Unbuilt::FlowLogsToS3);
    }
    if matches!(municipality.logs.kms, Kms::Create) {
        add("logs.kms".into(), Unbuilt::LogKey);
    }
    deferred
}
