//! The addresses of an endpoint. Each is a network interface, which keeps its subnet and its security groups from being
//! deleted.

use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::errors::{exists, invalid_parameter, invalid_request};
use crate::clock::Moment;
use crate::ec2::{self, Placement};
use crate::error::Result;
use crate::service::Ctx;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Address {
    pub subnet: String,
    pub ip: Ipv4Addr,
    /// Its network interface.
    pub interface: String,
    pub created: Moment,
    pub modified: Moment,
    pub attached_at: Moment,
    /// From this moment on it does not exist any more.
    pub gone_at: Option<Moment>,
}

impl Address {
    pub fn is_attached(&self, now: Moment) -> bool {
        self.gone_at.is_none() && self.attached_at <= now
    }

    pub fn is_in_motion(&self, now: Moment) -> bool {
        !self.is_attached(now)
    }

    pub fn json(&self, id: &str, now: Moment) -> Value {
        let (status, message) = match self.gone_at {
            Some(_) => ("DETACHING", "This IP address is being removed."),
            None if now < self.attached_at => ("CREATING", "This IP address is being created."),
            None => ("ATTACHED", "This IP address is operational."),
        };
        json!({
            "IpId": id,
            "SubnetId": self.subnet,
            "Ip": self.ip.to_string(),
            "Status": status,
            "StatusMessage": message,
            "CreationTime": self.created.to_string(),
            "ModificationTime": self.modified.to_string(),
        })
    }
}

/// Where an address is wanted.
pub(super) struct Wanted {
    pub subnet: String,
    /// None is for Resolver to choose.
    pub ip: Option<Ipv4Addr>,
}

impl Wanted {
    pub fn read(subnet: String, ip: Option<String>) -> Result<Self> {
        let ip = ip.map(|ip| ip.parse().map_err(|_| invalid_parameter(format!("Invalid IP address: '{ip}'"))));
        Ok(Self { subnet, ip: ip.transpose()? })
    }

    /// Puts an interface there for an endpoint in `vpc`; the address and its id. Codes and messages as far as they are
    /// known: getmoto/moto, route53resolver.
    pub fn place(
        &self,
        ctx: &mut Ctx<'_>,
        (endpoint, vpc): (&str, &str),
        security_groups: &[String],
        attached_at: Moment,
    ) -> Result<(String, Address)> {
        let subnet = &self.subnet;
        if vpc_of(ctx, subnet)? != vpc {
            return Err(invalid_request(format!("The subnet '{subnet}' is not in the VPC '{vpc}'.")));
        }
        let ip = self.choose(ctx)?;
        let id = ctx.new_id("rni");
        let placement = Placement {
            subnet,
            interface_type: "interface",
            description: &format!("Route 53 Resolver: {endpoint}:{id}"),
            requester: "amazon-route53resolver",
            security_groups: security_groups.to_vec(),
        };
        let interface = ec2::place_at(ctx, placement, ip)?;
        let (created, modified) = (ctx.now, ctx.now);
        let address = Address { subnet: subnet.clone(), ip, interface, created, modified, attached_at, gone_at: None };
        Ok((id, address))
    }

    fn choose(&self, ctx: &Ctx<'_>) -> Result<Ipv4Addr> {
        let Self { subnet, ip } = self;
        let Some(ip) = *ip else {
            let free = ec2::free_address(ctx.ec2(), subnet);
            return free.ok_or_else(|| invalid_request(format!("The subnet '{subnet}' has no free IP addresses.")));
        };
        if !ec2::is_assignable(ctx.ec2(), subnet, ip) {
            return Err(invalid_request(format!(
                "[RSLVR-00405] IP address '{ip}' is either not in subnet '{subnet}' CIDR range or is reserved"
            )));
        }
        if ec2::is_taken(ctx.ec2(), subnet, ip) {
            return Err(exists(format!("The IP address '{ip}' in subnet '{subnet}' is already in use")));
        }
        Ok(ip)
    }
}

/// The VPC of a subnet of the caller's.
pub(super) fn vpc_of<'a>(ctx: &'a Ctx<'_>, subnet: &str) -> Result<&'a String> {
    let found = ctx.ec2().subnets.get(subnet).map(|subnet| &subnet.vpc);
    found.ok_or_else(|| invalid_parameter(format!("The subnet ID '{subnet}' does not exist")))
}
