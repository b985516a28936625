//! IPv4 ranges and addresses. The specification knows no IPv6.

use std::fmt;
use std::net::Ipv4Addr;
use std::ops::Deref;

use ipnet::Ipv4Net;

use super::scalar;
use crate::config::fault::{Fault, Form};

/// An IPv4 range without host bits: `10.210.2.0/24`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cidr(Ipv4Net);

impl Cidr {
    /// Reads `a.b.c.d/n`; host bits are a fault that names the network meant.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let net: Ipv4Net = text.parse().map_err(|_| Fault::Form { form: Form::Cidr })?;
        if net.addr() != net.network() {
            return Err(Fault::HostBits { network: net.trunc().to_string() });
        }
        Ok(Self(net))
    }

    /// Whether every address of the other lies in this one.
    pub fn covers(self, other: Self) -> bool {
        self.0.contains(&other.0)
    }

    /// Whether the two share an address.
    pub fn overlaps(self, other: Self) -> bool {
        self.covers(other) || other.covers(self)
    }

    /// Whether the range is one that the internet never routes: RFC 1918 and the shared space of RFC 6598.
    pub fn is_private(self) -> bool {
        PRIVATE.iter().any(|(address, prefix)| {
            let block = Ipv4Net::new_assert(*address, *prefix);
            block.contains(&self.0)
        })
    }

    /// First and last address, as numbers, for sweeping.
    pub fn bounds(self) -> (u32, u32) {
        (self.0.network().to_bits(), self.0.broadcast().to_bits())
    }

    /// Wraps a network; host bits are cut off.
    pub fn from_net(net: Ipv4Net) -> Self {
        Self(net.trunc())
    }
}

const PRIVATE: [(Ipv4Addr, u8); 4] = [
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
];

impl Deref for Cidr {
    type Target = Ipv4Net;
    fn deref(&self) -> &Ipv4Net {
        &self.0
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

scalar!(Cidr, Form::Cidr, r"^(\d{1,3}\.){3}\d{1,3}/\d{1,2}$", "an IPv4 range");

/// An IPv4 address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address(pub Ipv4Addr);

impl Address {
    /// Reads `a.b.c.d`.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        text.parse().map(Self).map_err(|_| Fault::Form { form: Form::Address })
    }
}

impl Deref for Address {
    type Target = Ipv4Addr;
    fn deref(&self) -> &Ipv4Addr {
        &self.0
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

scalar!(Address, Form::Address, r"^(\d{1,3}\.){3}\d{1,3}$", "an IPv4 address");

/// Where a server listens: an address, with a port where it is not the usual one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Target {
    /// The server.
    pub address: Ipv4Addr,
    /// Its port; that of the protocol when absent.
    pub port: Option<u16>,
}

impl Target {
    /// Reads `a.b.c.d` or `a.b.c.d:port`.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let fault = || Fault::Form { form: Form::Target };
        let (address, port) = match text.split_once(':') {
            Some((address, port)) => (address, Some(port.parse().map_err(|_| fault())?)),
            None => (text, None),
        };
        if port == Some(0) {
            return Err(fault());
        }
        Ok(Self { address: address.parse().map_err(|_| fault())?, port })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            None => self.address.fmt(f),
            Some(port) => write!(f, "{}:{port}", self.address),
        }
    }
}

scalar!(Target, Form::Target, r"^(\d{1,3}\.){3}\d{1,3}(:\d{1,5})?$", "an IPv4 address with an optional port");
