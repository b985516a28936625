//! Transit Gateways of others that ours peers with.

use std::collections::BTreeSet;

use super::parties::Party;
use super::segmentation::EXTERNAL_TABLE;
use crate::config::schema::{Asp, Connect, Initiator, Municipality, Region, Site, Via};
use crate::config::source::Span;
use crate::config::values::{Cidr, TransitGatewayId};

/// One peering. AWS takes one between two Transit Gateways, so that sites behind the same one share it.
#[derive(Debug, Clone)]
pub struct TransitPeering<'a> {
    /// The other Transit Gateway.
    pub tgw: &'a TransitGatewayId,
    /// Whose it is; `None` for a name that V02 refuses.
    pub party: Option<Party<'a>>,
    /// Its Region.
    pub region: Region,
    /// Who asks.
    pub initiated_by: Initiator,
    /// The route table that its attachment looks up.
    pub table: String,
    /// What is reached through it.
    pub behind: Behind<'a>,
    /// Where the file names the other Transit Gateway.
    pub span: Span,
}

/// What lies behind a peering.
#[derive(Debug, Clone)]
pub enum Behind<'a> {
    /// An ASP.
    Asp(&'a Asp),
    /// Sites.
    Sites(Vec<&'a Site>),
}

impl TransitPeering<'_> {
    /// The ranges behind it. A peering propagates nothing: each is a static route.
    pub fn cidrs(&self) -> BTreeSet<Cidr> {
        match &self.behind {
            Behind::Asp(asp) => asp.routed_cidrs(),
            Behind::Sites(sites) => sites.iter().flat_map(|site| site.ranges()).collect(),
        }
    }
}

impl Asp {
    /// Where its VPCs are. Only those behind a peering can be in another Region than the municipality's.
    pub fn region(&self, municipality: &Municipality) -> Region {
        let peering = self.peering.as_ref().filter(|_| self.connect.value == Connect::Peering);
        peering.and_then(|peering| peering.region.as_ref()).unwrap_or(&municipality.region).value
    }
}

impl Municipality {
    /// Every peering, in the file's order: of sites, then of ASPs.
    pub fn peerings(&self) -> Vec<TransitPeering<'_>> {
        let mut peerings: Vec<TransitPeering<'_>> = Vec::new();
        for site in &self.sites {
            let Via::Peering(peering) = &site.via else { continue };
            let known = peerings.iter_mut().find(|known| *known.tgw == peering.tgw.value);
            if let Some(TransitPeering { behind: Behind::Sites(sites), .. }) = known {
                sites.push(site);
                continue;
            }
            peerings.push(TransitPeering {
                tgw: &peering.tgw.value,
                party: self.party(&peering.account),
                region: peering.region.as_ref().unwrap_or(&self.region).value,
                initiated_by: peering.initiated_by.value,
                table: EXTERNAL_TABLE.to_owned(),
                behind: Behind::Sites(vec![site]),
                span: peering.tgw.span,
            });
        }
        for asp in self.asps.iter().filter(|asp| asp.connect.value == Connect::Peering) {
            let Some(peering) = &asp.peering else { continue };
            peerings.push(TransitPeering {
                tgw: &peering.tgw.value,
                party: self.peering_account(asp),
                region: asp.region(self),
                initiated_by: peering.initiated_by.value,
                table: self.table_of(asp),
                behind: Behind::Asp(asp),
                span: peering.tgw.span,
            });
        }
        peerings
    }
}
