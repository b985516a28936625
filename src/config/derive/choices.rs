//! Single values that follow from a choice or have a default that depends on another.

use std::collections::BTreeSet;

use crate::config::schema::{
    Asp, AuthorityMode, Connect, DxGateway, DxOwner, Environment, Line, LineStatus, Municipality, Operators, PrivateCa,
    Subordinate,
};
use crate::config::values::{Arn, Asn};

/// The roles that operators assume.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OperatorRole {
    /// Only reads.
    Plan,
    /// Creates and changes.
    Apply,
    /// Deletes.
    Destroy,
    /// Keeps the private CA.
    CaAdmin,
    /// Issues certificates from it.
    CaIssuer,
}

impl OperatorRole {
    /// The three that gcnet itself runs in; those of the private CA are for people beside it.
    pub const ALL: [OperatorRole; 3] = [OperatorRole::Plan, OperatorRole::Apply, OperatorRole::Destroy];

    /// The IAM role's name.
    pub fn role_name(self) -> &'static str {
        match self {
            OperatorRole::Plan => "gcnet-plan",
            OperatorRole::Apply => "gcnet-apply",
            OperatorRole::Destroy => "gcnet-destroy",
            OperatorRole::CaAdmin => "gcnet-ca-admin",
            OperatorRole::CaIssuer => "gcnet-ca-issuer",
        }
    }
}

impl Municipality {
    /// The key.
    pub fn key(&self) -> &str {
        &self.municipality.key
    }

    /// ASN of the Transit Gateway: stated, or 4200000000 plus the first five digits of the municipal code. Unique over Japan
    /// and inside the private range, whose end is 4294967294.
    pub fn tgw_asn(&self) -> Asn {
        match &self.transit_gateway.asn {
            Some(stated) => stated.value,
            None => Asn(4_200_000_000 + self.municipality.code.five_digits()),
        }
    }

    /// Whether any ASP is reached, or reaches us, through PrivateLink.
    pub fn uses_private_link(&self) -> bool {
        self.asps.iter().any(|asp| asp.connect.value == Connect::Privatelink)
    }

    /// Whether the shared VPC needs subnets for endpoints.
    pub fn needs_endpoint_subnets(&self) -> bool {
        self.uses_private_link() || self.central_endpoints.is_some()
    }
}

impl Asp {
    /// TCP ports of the service that is offered or used through PrivateLink.
    pub fn service_ports(&self) -> BTreeSet<u16> {
        self.service.iter().flat_map(|service| &service.ports).map(|port| port.value).collect()
    }
}

/// ASN that AWS gives a Direct Connect gateway when none is asked for.
const GATEWAY_ASN: Asn = Asn(64512);

impl DxGateway {
    /// Whether gcnet makes the gateway: it is to be ours, and there is none yet.
    pub fn is_made(&self) -> bool {
        self.owner.value == DxOwner::Ours && self.id.is_none()
    }

    /// Its ASN: stated, or AWS's default for one that gcnet makes; `None` when nobody told us.
    pub fn effective_asn(&self) -> Option<Asn> {
        self.asn.as_ref().map(|stated| stated.value).or(self.is_made().then_some(GATEWAY_ASN))
    }
}

impl Municipality {
    /// Name of a Direct Connect gateway that gcnet makes for a line: stated, or `gcnet-`, the key and the line's name.
    pub fn gateway_name(&self, line: &Line) -> String {
        match &line.dxgw.name {
            Some(stated) => stated.to_string(),
            None => format!("gcnet-{}-{}", self.key(), line.name),
        }
    }
}

impl Line {
    /// Whether gcnet should try to build the line's side on AWS: from `opening` on.
    pub fn is_buildable(&self) -> bool {
        self.status.value != LineStatus::Planned
    }
}

impl PrivateCa {
    /// Days in which a deleted authority can be restored: stated, or 7 in test and otherwise 30.
    pub fn deletion_window(&self, environment: Environment) -> u32 {
        match (&self.deletion_window_days, environment) {
            (Some(stated), _) => stated.get(),
            (None, Environment::Test) => 7,
            (None, Environment::Prod | Environment::Stg) => 30,
        }
    }

    /// Whether no plan deletes or replaces it by itself: stated, or in production.
    pub fn is_protected(&self, environment: Environment) -> bool {
        self.protect.unwrap_or(environment == Environment::Prod)
    }

    /// Whether Certificate Manager may issue from it: stated, or where it can.
    pub fn serves_acm(&self) -> bool {
        let can = self.mode.value == AuthorityMode::GeneralPurpose;
        self.acm_renewal.as_ref().map_or(can, |stated| stated.value)
    }

    /// Years that the root's own certificate is valid.
    pub fn root_years(&self) -> u32 {
        self.key.validity_years.as_ref().map_or(20, |years| years.get())
    }
}

impl Subordinate {
    /// Years that its own certificate is valid.
    pub fn years(&self) -> u32 {
        self.key.validity_years.as_ref().map_or(5, |years| years.get())
    }
}

impl Operators {
    /// Who may assume a role: stated for the role, or for all roles.
    pub fn principals_of(&self, role: OperatorRole) -> BTreeSet<&Arn> {
        let own = match role {
            OperatorRole::Plan => &self.plan,
            OperatorRole::Apply => &self.apply,
            OperatorRole::Destroy => &self.destroy,
            OperatorRole::CaAdmin => &self.ca_admin,
            OperatorRole::CaIssuer => &self.ca_issuer,
        };
        own.as_ref().unwrap_or(&self.principals).iter().map(|arn| &arn.value).collect()
    }
}
