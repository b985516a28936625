//! The findings for machines. English.

use std::collections::BTreeMap;

use gcnet_core::Failure;
use serde::Serialize;
use serde_json::{Value, json};

use super::Report;
use crate::doctor::{Check, Finding, Kind, Level, Limit, Sharing, Trouble, permissions::Why, worst};

/// Version of the form here.
const FORMAT_VERSION: u32 = 1;

/// Every check with what was found.
#[derive(Debug, Serialize)]
pub struct Document<'a> {
    format_version: u32,
    municipality: &'a str,
    environment: &'a str,
    account: &'a str,
    region: &'a str,
    /// The worst of all.
    level: &'static str,
    checks: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    check: &'static str,
    level: &'static str,
    /// What there is to know, by the check.
    #[serde(flatten)]
    facts: BTreeMap<&'static str, Value>,
}

impl<'a> Document<'a> {
    pub(super) fn new(report: &Report<'a>) -> Self {
        Document {
            format_version: FORMAT_VERSION,
            municipality: &report.subject.municipality,
            environment: &report.subject.environment,
            account: &report.subject.account,
            region: &report.subject.region,
            level: level(worst(report.checks)),
            checks: report.checks.iter().map(row).collect(),
        }
    }
}

fn row(check: &Check) -> Row {
    let (name, facts) = facts(&check.finding);
    Row { check: name, level: level(check.level), facts: facts.into_iter().collect() }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Green => "green",
        Level::Yellow => "yellow",
        Level::Red => "red",
    }
}

fn facts(finding: &Finding) -> (&'static str, Vec<(&'static str, Value)>) {
    match finding {
        Finding::Credentials { arn, kind, left, mfa } => (
            "credentials",
            vec![
                ("arn", json!(arn)),
                ("kind", json!(kind_word(*kind))),
                ("seconds_left", json!(left)),
                ("mfa", json!(mfa)),
            ],
        ),
        Finding::NoIdentity(failure) => ("credentials", vec![error(failure)]),
        Finding::Account { expected, actual } => {
            ("account", vec![("expected", json!(expected)), ("actual", json!(actual))])
        }
        Finding::Region { file, elsewhere } => ("region", vec![("file", json!(file)), ("elsewhere", json!(elsewhere))]),
        Finding::Endpoint { service, trouble } => {
            let mut facts = vec![("service", json!(service))];
            if let Some((trouble, failure)) = trouble {
                facts.extend([("trouble", json!(trouble_word(*trouble))), error(failure)]);
            }
            ("endpoint", facts)
        }
        Finding::Clock { skew, simulated } => {
            ("clock", vec![("skew_seconds", json!(skew)), ("simulated", json!(simulated))])
        }
        Finding::Quota { quota, used, more, limit } => {
            let (most, is_default) = match limit {
                Some(Limit::Applied(most)) => (Some(most), false),
                Some(Limit::Default(most)) => (Some(most), true),
                None => (None, false),
            };
            let code = quota.code.map(|(service, code)| format!("{service}/{code}"));
            let facts = vec![
                ("quota", json!(quota.id)),
                ("code", json!(code)),
                ("used", json!(used)),
                ("more", json!(more)),
                ("limit", json!(most)),
                ("limit_is_default", json!(is_default)),
            ];
            ("quota", facts)
        }
        Finding::NoPlan(why) => ("quotas", vec![("why", json!(why))]),
        Finding::Sharing(sharing) => ("sharing", self::sharing(sharing)),
        Finding::Permissions { of, missing } => {
            let rows: Vec<Value> = missing
                .iter()
                .map(|one| json!({ "action": one.action, "why": why_word(one.why), "is_read": one.is_read }))
                .collect();
            ("permissions", vec![("simulated", json!(of)), ("missing", json!(rows))])
        }
        Finding::NotSimulated(failure) => {
            ("permissions", [("simulated", json!(0))].into_iter().chain(failure.as_ref().map(error)).collect())
        }
        Finding::OtherRole { account, failure } => {
            ("other_role", [("account", json!(account))].into_iter().chain(failure.as_ref().map(error)).collect())
        }
        Finding::RolesNotTried(failure) => ("other_roles", vec![error(failure)]),
    }
}

fn error(failure: &Failure) -> (&'static str, Value) {
    let Failure { operation, code, message, request_id, .. } = failure;
    let error = json!({ "operation": operation, "code": code, "message": message, "request_id": request_id });
    ("error", error)
}

fn sharing(sharing: &Sharing) -> Vec<(&'static str, Value)> {
    let organization = |word: &str, organization: &gcnet_aws::doctor::Organization| {
        vec![
            ("state", json!(word)),
            ("organization", json!(organization.id)),
            ("management_account", json!(organization.management_account)),
        ]
    };
    match sharing {
        Sharing::NotNeeded => vec![("state", json!("not_needed"))],
        Sharing::Seen(of) => organization("seen", of),
        Sharing::Unseen(of) => organization("unseen", of),
        Sharing::NoOrganization => vec![("state", json!("no_organization"))],
        Sharing::NobodyToShareWith => vec![("state", json!("nobody_to_share_with"))],
        Sharing::Unknown(failure) => vec![("state", json!("unknown")), error(failure)],
    }
}

fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Root => "root",
        Kind::LongLived => "long_lived",
        Kind::UserSession => "user_session",
        Kind::Sso => "sso",
        Kind::Role => "role",
        Kind::Federated => "federated",
    }
}

fn trouble_word(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Name => "name",
        Trouble::Connection => "connection",
        Trouble::Tls => "tls",
        Trouble::Silence => "silence",
        Trouble::Broken => "broken",
        Trouble::NotTried => "not_tried",
    }
}

fn why_word(why: Why) -> &'static str {
    match why {
        Why::NotAllowed => "not_allowed",
        Why::Denied => "denied",
        Why::Guardrail => "guardrail",
        Why::Depends => "depends",
    }
}
