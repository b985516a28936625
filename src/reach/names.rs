//! What places and VPCs are called: as the file calls them.

use std::collections::BTreeMap;

use crate::config::{
    derive::ReachPlace,
    schema::{Asp, AspVpc, Municipality},
};

/// On-premises.
pub(super) const ONPREM: &str = "onprem";

/// Names of an ASP's VPCs, of sites and of endpoints: those of the file where they are free.
pub(super) struct Names {
    /// By VPC id.
    vpcs: BTreeMap<String, String>,
}

impl Names {
    pub(super) fn new(municipality: &Municipality) -> Self {
        let name = |asp: &Asp, vpc: &AspVpc| {
            let own = free("asp", &asp.name);
            // One name a VPC: routes and security groups tell them apart.
            if asp.vpcs.len() > 1 { format!("{own}/{}", *vpc.id) } else { own }
        };
        let asps = municipality.asps.iter().filter(|asp| !asp.attached_vpcs().is_empty());
        let vpcs = asps.flat_map(|asp| asp.vpcs.iter().map(move |vpc| (vpc.id.to_string(), name(asp, vpc))));
        Names { vpcs: vpcs.collect() }
    }

    /// Of a VPC of another account: the id where the file does not know it.
    pub(super) fn vpc(&self, id: &str) -> String {
        self.vpcs.get(id).cloned().unwrap_or_else(|| id.into())
    }
}

/// A site.
pub(super) fn site(name: &str) -> String {
    free("site", name)
}

/// An ASP behind a peering.
pub(super) fn asp(name: &str) -> String {
    free("asp", name)
}

/// A line's attachment: attachments of lines, VPCs and peerings share their names.
pub(super) fn line(municipality: &Municipality, line: &str) -> String {
    let asps = municipality.asps.iter().map(|asp| &asp.name);
    let mut taken = asps.chain(municipality.sites.iter().map(|site| &site.name));
    if line == super::vpcs::SHARED || taken.any(|name| name.as_str() == line) {
        return format!("line/{line}");
    }
    line.into()
}

/// The subnets of one of our VPCs that look routes up in one table.
pub(super) fn subnets(vpc: &str, table: &str) -> String {
    format!("{vpc}/{table}")
}

/// Our endpoint of an ASP's service.
pub(super) fn endpoint(asp: &str) -> String {
    format!("endpoint/{asp}")
}

/// Names in a file have no slash, so that what stands before one is never a name of the file.
fn free(kind: &str, name: &str) -> String {
    match name {
        ONPREM | super::vpcs::SHARED => format!("{kind}/{name}"),
        _ => name.to_string(),
    }
}

/// Whether a place belongs to what a rule speaks of.
pub(super) fn belongs(place: &str, to: &ReachPlace) -> bool {
    let below = |name: &str| place.strip_prefix(name).is_some_and(|rest| rest.starts_with('/'));
    match to {
        ReachPlace::OnPremises => place == ONPREM,
        ReachPlace::Site(name) => place == site(name),
        ReachPlace::SharedVpc => below(super::vpcs::SHARED),
        ReachPlace::Asp(name) => place == asp(name) || below(&asp(name)),
        ReachPlace::Endpoint(name) => place == endpoint(name),
    }
}
