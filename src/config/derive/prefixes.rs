//! Which ranges a line carries, in each direction, and which ranges lie behind what.

use std::collections::BTreeSet;

use crate::config::schema::{Asp, AspVpc, Connect, Line, Municipality, Site, Via};
use crate::config::values::Cidr;

impl AspVpc {
    /// All ranges of the VPC.
    pub fn cidrs(&self) -> impl Iterator<Item = Cidr> + '_ {
        std::iter::once(&self.cidr).chain(&self.secondary_cidrs).map(|cidr| cidr.value)
    }
}

impl Asp {
    /// The VPCs that attach to our Transit Gateway.
    pub fn attached_vpcs(&self) -> &[AspVpc] {
        match self.connect.value {
            Connect::Tgw => &self.vpcs,
            Connect::Peering | Connect::Privatelink => &[],
        }
    }

    /// The ranges that our route tables hold: of attached VPCs, and of those behind a peering. PrivateLink routes nothing.
    pub fn routed_cidrs(&self) -> BTreeSet<Cidr> {
        match self.connect.value {
            Connect::Tgw | Connect::Peering => self.vpcs.iter().flat_map(AspVpc::cidrs).collect(),
            Connect::Privatelink => BTreeSet::new(),
        }
    }
}

impl Municipality {
    /// Ranges that on-premises must be able to reach: the shared VPC and every ASP with `onprem: true` that is routed.
    pub fn advertised(&self) -> BTreeSet<Cidr> {
        let asps = self.asps.iter().filter(|asp| asp.onprem).flat_map(Asp::routed_cidrs);
        std::iter::once(self.shared_vpc.cidr.value).chain(asps).collect()
    }

    /// Prefixes that a line advertises to on-premises (the association's allowed prefixes): stated, or exactly
    /// [`Self::advertised`]. AWS takes an empty list without an error and then advertises nothing.
    pub fn allowed_prefixes(&self, line: &Line) -> BTreeSet<Cidr> {
        match &line.allowed_prefixes {
            Some(stated) => stated.iter().map(|cidr| cidr.value).collect(),
            None => self.advertised(),
        }
    }

    /// Ranges expected from on-premises over a line: stated, or on-premises' own and those of sites behind the line.
    pub fn expected_from(&self, line: &Line) -> BTreeSet<Cidr> {
        match &line.onprem_cidrs {
            Some(stated) => stated.iter().map(|cidr| cidr.value).collect(),
            None => {
                let own = self.onprem.cidrs.iter().map(|cidr| cidr.value);
                own.chain(self.sites_behind(line).flat_map(Site::ranges)).collect()
            }
        }
    }

    /// Ranges that no line leads to: of the shared VPC, of ASPs that are routed, and of sites with an attachment.
    pub fn not_behind_lines(&self) -> BTreeSet<Cidr> {
        let sites = self.sites.iter().filter(|site| !matches!(site.via, Via::Line(_))).flat_map(Site::ranges);
        let asps = self.asps.iter().flat_map(Asp::routed_cidrs);
        std::iter::once(self.shared_vpc.cidr.value).chain(asps).chain(sites).collect()
    }

    /// Sites reached over a line.
    pub fn sites_behind<'a>(&'a self, line: &'a Line) -> impl Iterator<Item = &'a Site> {
        self.sites.iter().filter(|site| matches!(&site.via, Via::Line(name) if *name == line.name))
    }

    /// Every range outside the shared VPC that it routes to the Transit Gateway.
    pub fn remote_cidrs(&self) -> BTreeSet<Cidr> {
        let onprem = self.onprem.cidrs.iter().map(|cidr| cidr.value);
        onprem
            .chain(self.asps.iter().flat_map(Asp::routed_cidrs))
            .chain(self.sites.iter().flat_map(Site::ranges))
            .collect()
    }
}

impl Site {
    /// Its ranges.
    pub fn ranges(&self) -> impl Iterator<Item = Cidr> + '_ {
        self.cidrs.iter().map(|cidr| cidr.value)
    }

    /// Whether it has an attachment of its own, and so the route table `rt-external`.
    pub fn is_attached(&self) -> bool {
        matches!(self.via, Via::Attachment(_) | Via::Peering(_))
    }
}
