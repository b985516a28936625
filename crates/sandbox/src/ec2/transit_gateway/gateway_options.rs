//! The options of a transit gateway, as it is made with them and as they are modified.

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

use super::{switch, switched};
use crate::ec2::errors;
use crate::error::Result;
use crate::protocol::{Params, Xml};

/// DOC (TransitGatewayRequestOptions): "64512 to 65534 for 16-bit ASNs and 4200000000 to 4294967294 for 32-bit ASNs".
const ASNS: [std::ops::RangeInclusive<i64>; 2] = [64_512..=65_534, 4_200_000_000..=4_294_967_294];
/// DOC (transit gateway user guide, "Quotas"): five CIDR blocks, "a size /24 CIDR block or larger for IPv4".
const MOST_BLOCKS: usize = 5;
const LONGEST_PREFIX: u8 = 24;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GatewayOptions {
    pub asn: i64,
    pub auto_accept: bool,
    pub vpn_ecmp: bool,
    pub dns_support: bool,
    pub group_referencing: bool,
    pub multicast: bool,
    pub cidr_blocks: Vec<Ipv4Net>,
    /// Attachments are associated with this table by default.
    pub association_table: Option<String>,
    /// Attachments propagate to this table by default.
    pub propagation_table: Option<String>,
}

/// DOC (TransitGatewayRequestOptions): the defaults. The default tables are not options but objects.
impl Default for GatewayOptions {
    fn default() -> Self {
        Self {
            asn: 64_512,
            auto_accept: false,
            vpn_ecmp: true,
            dns_support: true,
            group_referencing: false,
            multicast: false,
            cidr_blocks: Vec::new(),
            association_table: None,
            propagation_table: None,
        }
    }
}

impl GatewayOptions {
    /// Takes over what a request says of the options that both operations have.
    pub fn read(&mut self, p: &Params) -> Result<()> {
        if let Some(asn) = p.integer("AmazonSideAsn")? {
            if !ASNS.iter().any(|range| range.contains(&asn)) {
                return Err(p.invalid("AmazonSideAsn", &asn.to_string(), "It must be a private ASN."));
            }
            self.asn = asn;
        }
        for (name, value) in [
            ("AutoAcceptSharedAttachments", &mut self.auto_accept),
            ("VpnEcmpSupport", &mut self.vpn_ecmp),
            ("DnsSupport", &mut self.dns_support),
            ("SecurityGroupReferencingSupport", &mut self.group_referencing),
        ] {
            *value = switch(p, name)?.unwrap_or(*value);
        }
        Ok(())
    }

    /// Adds the blocks in the list `name`.
    pub fn add_blocks(&mut self, p: &Params, name: &str) -> Result<()> {
        for block in blocks(p, name)? {
            if self.cidr_blocks.iter().any(|other| other.contains(&block) || block.contains(other)) {
                return Err(p.invalid(name, &block.to_string(), "It overlaps another block of the transit gateway."));
            }
            self.cidr_blocks.push(block);
        }
        if self.cidr_blocks.len() > MOST_BLOCKS {
            return Err(errors::quota("TransitGatewayCidrBlocksLimitExceeded", "CIDR blocks of this transit gateway"));
        }
        Ok(())
    }

    /// Removes the blocks in the list `name`.
    pub fn remove_blocks(&mut self, p: &Params, name: &str) -> Result<()> {
        for block in blocks(p, name)? {
            let Some(position) = self.cidr_blocks.iter().position(|other| *other == block) else {
                return Err(p.invalid(name, &block.to_string(), "The transit gateway has no such block."));
            };
            self.cidr_blocks.remove(position);
        }
        Ok(())
    }

    pub fn xml(&self) -> Xml {
        Xml::new()
            .value("amazonSideAsn", self.asn)
            .text("autoAcceptSharedAttachments", switched(self.auto_accept))
            .text("defaultRouteTableAssociation", switched(self.association_table.is_some()))
            .maybe("associationDefaultRouteTableId", self.association_table.as_ref())
            .text("defaultRouteTablePropagation", switched(self.propagation_table.is_some()))
            .maybe("propagationDefaultRouteTableId", self.propagation_table.as_ref())
            .text("vpnEcmpSupport", switched(self.vpn_ecmp))
            .text("dnsSupport", switched(self.dns_support))
            .text("securityGroupReferencingSupport", switched(self.group_referencing))
            .text("multicastSupport", switched(self.multicast))
            .list("transitGatewayCidrBlocks", self.cidr_blocks.iter().map(|block| Xml::plain(block.to_string())))
    }
}

fn blocks(p: &Params, name: &str) -> Result<Vec<Ipv4Net>> {
    let read = |text: String| {
        let block = text.parse::<Ipv4Net>().ok();
        let block = block.filter(|block| block.trunc() == *block && block.prefix_len() <= LONGEST_PREFIX);
        block.ok_or_else(|| p.invalid(name, &text, "It must be an IPv4 CIDR block of size /24 or larger."))
    };
    p.list(name).into_iter().map(read).collect()
}
