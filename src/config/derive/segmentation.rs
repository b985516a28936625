//! Who may reach whom through the Transit Gateway.

use std::collections::BTreeSet;

use crate::config::schema::{Asp, Municipality, Segmentation, Site};
use crate::config::values::Cidr;

/// Route table of the lines' attachments.
pub const ONPREM_TABLE: &str = "rt-onprem";
/// Route table of the shared VPC's attachment.
pub const SHARED_TABLE: &str = "rt-shared";
/// Route table of the attachments of sites.
pub const EXTERNAL_TABLE: &str = "rt-external";

impl Municipality {
    /// Whether an ASP and another ASP or site may reach each other: one of the two names the other. Links are written once
    /// or twice, and always work both ways.
    pub fn linked(&self, a: &str, b: &str) -> bool {
        let names = |from: &str, to: &str| {
            let asp = self.asps.iter().find(|asp| asp.name.as_str() == from).map(|asp| &asp.links);
            let site = self.sites.iter().find(|site| site.name.as_str() == from).map(|site| &site.links);
            asp.or(site).is_some_and(|links| links.iter().any(|link| link.as_str() == to))
        };
        names(a, b) || names(b, a)
    }

    /// Whether two ASPs look routes up in one table.
    pub fn same_table(&self, a: &Asp, b: &Asp) -> bool {
        self.table_of(a) == self.table_of(b)
    }

    /// The route table of an ASP: `rt-` and its name, or its group's with `segmentation: grouped`.
    pub fn table_of(&self, asp: &Asp) -> String {
        let grouped = self.transit_gateway.segmentation.value == Segmentation::Grouped;
        match &asp.group {
            Some(group) if grouped => format!("rt-{group}"),
            _ => format!("rt-{}", asp.name),
        }
    }

    /// The route tables that ASPs use, each once, in the file's order.
    pub fn asp_tables(&self) -> Vec<String> {
        let mut tables = Vec::new();
        for asp in self.asps.iter().filter(|asp| !asp.routed_cidrs().is_empty()) {
            let table = self.table_of(asp);
            if !tables.contains(&table) {
                tables.push(table);
            }
        }
        tables
    }

    /// All Transit Gateway route tables: `rt-onprem`, `rt-shared`, those of ASPs, and `rt-external` when a site is attached.
    pub fn transit_tables(&self) -> Vec<String> {
        let external = self.sites.iter().any(Site::is_attached).then(|| EXTERNAL_TABLE.to_owned());
        [ONPREM_TABLE, SHARED_TABLE].map(str::to_owned).into_iter().chain(self.asp_tables()).chain(external).collect()
    }

    /// ASPs that an ASP may reach.
    pub fn reachable_asps<'a>(&'a self, asp: &'a Asp) -> impl Iterator<Item = &'a Asp> {
        self.asps
            .iter()
            .filter(|other| other.name != asp.name)
            .filter(|other| self.linked(&asp.name, &other.name) || self.same_table(asp, other))
    }

    /// Ranges that an ASP's table must drop: of every other ASP and site that nobody in the table is linked to. The absence of
    /// a route is no isolation: a supernet learnt tomorrow would open the way.
    pub fn blackholes_of(&self, asp: &Asp) -> BTreeSet<Cidr> {
        let peers: Vec<&Asp> = self.asps.iter().filter(|peer| self.same_table(asp, peer)).collect();
        let reached = |name: &str| peers.iter().any(|peer| peer.name.as_str() == name || self.linked(&peer.name, name));
        let asps = self.asps.iter().filter(|other| !reached(&other.name)).flat_map(Asp::routed_cidrs);
        let sites = self.sites.iter().filter(|site| !reached(&site.name)).flat_map(Site::ranges);
        asps.chain(sites).collect()
    }
}
