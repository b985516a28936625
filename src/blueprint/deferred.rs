//! Choices of the file whose resources this version does not build yet: shown by every plan, never silently dropped.

use serde::Serialize;

use crate::config::{
    schema::{Asp, Connect, Credentials, FlowDestination, Kms, Line, Municipality},
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
    /// Sharing the transit gateway with other accounts.
    Sharing,
    /// Accepting and wiring an ASP's VPC attachment.
    AspByTransitGateway {
        /// Name of the ASP.
        asp: String,
    },
    /// Peering with an ASP's transit gateway.
    AspByPeering {
        /// Name of the ASP.
        asp: String,
    },
    /// An endpoint, or an endpoint service, with an ASP.
    AspByPrivateLink {
        /// Name of the ASP.
        asp: String,
    },
    /// Associating a line's Direct Connect gateway.
    Line {
        /// Name of the line.
        line: String,
        /// When it opens; `None` when the file does not say.
        opens: Option<Opening>,
    },
    /// Associating the private zones of an ASP with the shared VPC.
    AspZones {
        /// Name of the ASP.
        asp: String,
    },
    /// Acting in an account of another company with a role that it gave us.
    OtherAccount {
        /// Name of the account.
        account: String,
    },
    /// A site with an attachment of its own.
    Site {
        /// Name of the site.
        site: String,
    },
    /// Resolver endpoints.
    ResolverEndpoints,
    /// Forwarding rules.
    ForwardRules,
    /// Private hosted zones.
    Zones,
    /// Query logging.
    QueryLog,
    /// A private CA.
    PrivateCa,
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
    for (name, other) in &municipality.accounts.others {
        if matches!(other.credentials, Credentials::AssumeRole(_)) {
            let account = name.to_string();
            add(format!("accounts.others.{name}.credentials"), Unbuilt::OtherAccount { account });
        }
    }
    for line in &municipality.lines {
        let Line { name, opens, .. } = line;
        let opens = opens.as_ref().map(|opens| Opening::from(&opens.value));
        add(format!("lines[{name}]"), Unbuilt::Line { line: name.to_string(), opens });
    }
    for site in municipality.sites.iter().filter(|site| site.is_attached()) {
        add(format!("sites[{}]", site.name), Unbuilt::Site { site: site.name.to_string() });
    }
    if municipality.asps.iter().any(|asp| asp.connect.value == Connect::Tgw) {
        add("sharing".into(), Unbuilt::Sharing);
    }
    for Asp { name, connect, zones, .. } in &municipality.asps {
        let asp = name.to_string();
        let what = match connect.value {
            Connect::Tgw => Unbuilt::AspByTransitGateway { asp: asp.clone() },
            Connect::Peering => Unbuilt::AspByPeering { asp: asp.clone() },
            Connect::Privatelink => Unbuilt::AspByPrivateLink { asp: asp.clone() },
        };
        add(format!("asps[{name}]"), what);
        if !zones.is_empty() {
            add(format!("asps[{name}].zones"), Unbuilt::AspZones { asp });
        }
    }
    if let Some(dns) = &municipality.dns {
        add("dns".into(), Unbuilt::ResolverEndpoints);
        if !dns.zones.is_empty() {
            add("dns.zones".into(), Unbuilt::Zones);
        }
        if !dns.forward_rules.is_empty() {
            add("dns.forward_rules".into(), Unbuilt::ForwardRules);
        }
        if dns.query_log {
            add("dns.query_log".into(), Unbuilt::QueryLog);
        }
    }
    if municipality.private_ca.is_some() {
        add("private_ca".into(), Unbuilt::PrivateCa);
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
