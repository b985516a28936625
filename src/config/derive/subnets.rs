//! Subnets of the shared VPC.

use ipnet::Ipv4Net;

use crate::config::schema::{Municipality, Region};
use crate::config::source::Span;
use crate::config::values::{AvailabilityZoneId, Cidr};

/// What a subnet is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SubnetRole {
    /// Transit Gateway attachment, nothing else.
    Tgw,
    /// Resolver endpoints.
    Dns,
    /// Interface endpoints and PrivateLink.
    Endpoint,
    /// A test host.
    Probe,
}

/// A subnet that is built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectiveSubnet {
    /// `tgw-a`: role and letter.
    pub name: String,
    /// What it is for.
    pub role: SubnetRole,
    /// Availability zone by id.
    pub zone: AvailabilityZoneId,
    /// Its range; `None` when the VPC is too small for the derived one.
    pub cidr: Option<Cidr>,
    /// Where the range comes from: the override, or the VPC's range.
    pub span: Span,
}

/// Name, role, index of the zone, offset of the range in the VPC, and prefix length: domain reference 8.2.
const LAYOUT: [(&str, SubnetRole, usize, u32, u8); 7] = [
    ("tgw-a", SubnetRole::Tgw, 0, 0, 28),
    ("tgw-c", SubnetRole::Tgw, 1, 16, 28),
    ("dns-a", SubnetRole::Dns, 0, 32, 28),
    ("dns-c", SubnetRole::Dns, 1, 48, 28),
    ("vpce-a", SubnetRole::Endpoint, 0, 64, 27),
    ("vpce-c", SubnetRole::Endpoint, 1, 96, 27),
    ("probe-a", SubnetRole::Probe, 0, 128, 28),
];

impl Municipality {
    /// The two availability zones: stated, or two of the Region's three.
    pub fn zones(&self) -> Vec<AvailabilityZoneId> {
        if let Some(stated) = &self.shared_vpc.zones {
            return stated.iter().map(|zone| zone.value.clone()).collect();
        }
        let ids = match self.region.value {
            Region::Tokyo => ["apne1-az4", "apne1-az1"],
            Region::Osaka => ["apne3-az3", "apne3-az1"],
        };
        ids.into_iter().filter_map(|id| AvailabilityZoneId::parse(id).ok()).collect()
    }

    /// Names of the subnets that this file leads to: what `shared_vpc.subnets` may change.
    pub fn subnet_names(&self) -> impl Iterator<Item = &'static str> + '_ {
        LAYOUT.iter().filter(|(_, role, ..)| self.has_subnets(*role)).map(|(name, ..)| *name)
    }

    fn has_subnets(&self, role: SubnetRole) -> bool {
        match role {
            SubnetRole::Tgw => true,
            SubnetRole::Dns => self.dns.is_some(),
            SubnetRole::Endpoint => self.needs_endpoint_subnets(),
            SubnetRole::Probe => self.shared_vpc.probe,
        }
    }

    /// The subnets of the shared VPC, derived and overridden.
    pub fn subnets(&self) -> Vec<EffectiveSubnet> {
        let vpc = &self.shared_vpc;
        let zones = self.zones();
        let subnet = |(name, role, zone, offset, prefix): &(&str, SubnetRole, usize, u32, u8)| {
            let stated = vpc.subnets.get(*name);
            let stated_cidr = stated.and_then(|stated| stated.cidr.as_ref());
            // Fewer zones than two are V08's business; the subnet is then left out.
            let zone = match stated.and_then(|stated| stated.zone.as_ref()) {
                Some(stated) => stated.value.clone(),
                None => zones.get(*zone)?.clone(),
            };
            Some(EffectiveSubnet {
                name: (*name).to_owned(),
                role: *role,
                zone,
                cidr: match stated_cidr {
                    Some(stated) => Some(stated.value),
                    None => place(*vpc.cidr, *offset, *prefix),
                },
                span: stated_cidr.map_or(vpc.cidr.span, |stated| stated.span),
            })
        };
        LAYOUT.iter().filter(|(_, role, ..)| self.has_subnets(*role)).filter_map(subnet).collect()
    }

    /// The subnets of one role.
    pub fn subnets_of(&self, role: SubnetRole) -> Vec<EffectiveSubnet> {
        self.subnets().into_iter().filter(|subnet| subnet.role == role).collect()
    }
}

/// The range at an offset in the VPC, when it lies inside.
fn place(vpc: Cidr, offset: u32, prefix: u8) -> Option<Cidr> {
    let start = vpc.network().to_bits().checked_add(offset)?;
    let net = Ipv4Net::new(start.into(), prefix).ok()?;
    (vpc.contains(&net)).then(|| Cidr::from_net(net))
}
