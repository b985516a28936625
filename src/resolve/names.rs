//! What VPCs and servers are called: as the file calls them.

use std::collections::BTreeMap;

use gcnet_resolve::{Asker, Resolution};

use crate::config::schema::{Asp, AspVpc, Municipality};

/// On-premises and its name servers.
pub const ONPREM: &str = "on-premises";
/// What `gcnet reach` calls the same.
const ONPREM_SHORT: &str = "onprem";
/// The VPC of the network account.
pub(super) const SHARED: &str = "shared";

/// Names of VPCs of ASPs, by their ids.
pub(super) struct Names {
    vpcs: BTreeMap<String, String>,
}

impl Names {
    pub(super) fn new(municipality: &Municipality) -> Self {
        let name = |asp: &Asp, vpc: &AspVpc| {
            let own = match asp.name.as_str() {
                ONPREM | ONPREM_SHORT | SHARED => format!("asp/{}", *asp.name),
                name => name.to_string(),
            };
            // What one VPC is associated with, another one is not.
            if asp.vpcs.len() > 1 { format!("{own}/{}", *vpc.id) } else { own }
        };
        let vpcs = municipality.asps.iter().flat_map(|asp| asp.vpcs.iter().map(move |vpc| (asp, vpc)));
        Names { vpcs: vpcs.map(|(asp, vpc)| (vpc.id.to_string(), name(asp, vpc))).collect() }
    }

    /// `None` for a VPC that the file does not know.
    pub(super) fn vpc(&self, id: &str) -> Option<&str> {
        self.vpcs.get(id).map(String::as_str)
    }

    /// All of them, of one ASP.
    pub(super) fn of<'a>(&'a self, asp: &'a Asp) -> impl Iterator<Item = String> + 'a {
        asp.vpcs.iter().filter_map(|vpc| self.vpc(&vpc.id).map(String::from))
    }
}

/// Who asks, by name: everybody of that name, so that an ASP of several VPCs is all of them; empty when nobody has it.
pub fn asker(model: &Resolution, name: &str) -> Vec<Asker> {
    if [ONPREM, ONPREM_SHORT].contains(&name) {
        return vec![Asker::Server(ONPREM.into())];
    }
    let is_part = |vpc: &str| vpc.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let own = model.vpcs.iter().filter(|vpc| is_part(&vpc.name));
    own.map(|vpc| Asker::Vpc(vpc.name.clone())).collect()
}
