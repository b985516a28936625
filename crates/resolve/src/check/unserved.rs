//! What is forwarded to us in vain.

use std::collections::{BTreeSet, HashSet};

use super::Finding;
use crate::{
    index::{Choice, Holder, InboundId, VpcId},
    name::upwards,
    query::Resolver,
};

impl Resolver<'_> {
    pub(super) fn unserved(&self) -> Vec<Finding> {
        let known: Vec<HashSet<&str>> = (0..self.index.tables.len()).map(|vpc| self.domains_above(vpc)).collect();
        let mut findings = vec![];
        for server in &self.index.model.servers {
            for conditional in &server.forwards {
                let endpoint = |target| match self.index.holder(target) {
                    Holder::Inbound(endpoint) => Some(endpoint),
                    _ => None,
                };
                let endpoints: BTreeSet<InboundId> = conditional.to.iter().copied().filter_map(endpoint).collect();
                for endpoint in endpoints {
                    let (vpc, domain) = (self.index.inbound_vpcs[endpoint], conditional.domain.key());
                    let public = self.index.decide_finally(vpc, domain) == [Choice::Recursive];
                    if public && self.index.vpc(vpc).dns_support && !known[vpc].contains(domain) {
                        let endpoint = self.index.model.inbound[endpoint].id.clone();
                        let (server, domain) = (server.name.clone(), conditional.domain.clone());
                        findings.push(Finding::Unserved { server, domain, endpoint, vpc: self.vpc_name(vpc) });
                    }
                }
            }
        }
        findings
    }

    /// Domains that rules, zones or Amazon stand for in a VPC, and all above them.
    fn domains_above(&self, vpc: VpcId) -> HashSet<&str> {
        self.index.tables[vpc].domains().flat_map(upwards).collect()
    }
}
