//! Where a rule forwards queries to.

use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::endpoint::Endpoint;
use super::errors::{invalid_parameter, invalid_request, limit, validation};
use super::protocols::Protocol;
use crate::error::Result;
use crate::service::Ctx;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Target {
    pub ip: Ipv4Addr,
    pub port: u16,
    pub protocol: Protocol,
    /// Of a server that is asked over HTTPS.
    pub server_name: Option<String>,
}

/// One target on the wire. IPv6 is not simulated.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub(super) struct Given {
    ip: String,
    port: Option<i64>,
    protocol: Option<Protocol>,
    server_name_indication: Option<String>,
}

/// The targets of a rule that goes through this endpoint.
pub(super) fn read(ctx: &Ctx<'_>, given: Vec<Given>, endpoint: &Endpoint) -> Result<Vec<Target>> {
    if given.is_empty() {
        return Err(validation("targetIps", "[]", "have length greater than or equal to 1"));
    }
    if given.len() > ctx.quotas.resolver_targets {
        return Err(limit(ctx, "max-target-ips-per-rule"));
    }
    let mut targets: Vec<Target> = Vec::new();
    for given in given {
        let target = given.read(endpoint)?;
        if targets.iter().any(|other| (other.ip, other.port) == (target.ip, target.port)) {
            return Err(invalid_request(format!("The target {}:{} is given twice.", target.ip, target.port)));
        }
        targets.push(target);
    }
    Ok(targets)
}

impl Given {
    fn read(self, endpoint: &Endpoint) -> Result<Target> {
        let Self { ip, port, protocol, server_name_indication: server_name } = self;
        let ip = ip.parse().map_err(|_| invalid_parameter(format!("Invalid IP address: '{ip}'")))?;
        let protocol = match (protocol, endpoint.protocols.first(), endpoint.protocols.len()) {
            (Some(protocol), ..) if endpoint.protocols.contains(&protocol) => protocol,
            (None, Some(only), 1) => *only,
            // The message: hashicorp/terraform-provider-aws issue 35733.
            (None, ..) => {
                return Err(invalid_request(
                    "[RSLVR-00726] Endpoint has more than 1 protocol. Add one of the endpoint protocol for rule creation",
                ));
            }
            // DOC (TargetAddress, Protocol): it "needs to be supported by the outbound endpoint".
            (Some(_), ..) => return Err(invalid_request("The endpoint does not support the protocol of a target.")),
        };
        // DOC (TargetAddress, ServerNameIndication): "only used if the Protocol of the TargetAddress is DoH".
        if server_name.is_some() && protocol != Protocol::Https {
            return Err(invalid_request("A server name indication goes with the protocol DoH only."));
        }
        let usual = if protocol == Protocol::Do53 { 53 } else { 443 };
        let port = port.unwrap_or(usual);
        let port = u16::try_from(port)
            .map_err(|_| validation("targetIps.port", port, "have value less than or equal to 65535"))?;
        if port == 0 {
            // The model allows it; nothing can listen there.
            return Err(invalid_parameter("Invalid port: 0"));
        }
        Ok(Target { ip, port, protocol, server_name })
    }
}

impl Target {
    pub fn json(&self) -> Value {
        let mut json = json!({ "Ip": self.ip.to_string(), "Port": self.port, "Protocol": self.protocol });
        if let Some(name) = &self.server_name {
            json["ServerNameIndication"] = json!(name);
        }
        json
    }
}
