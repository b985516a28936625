//! A DNS server that a rule forwards to: an address, or a block where it is asked over HTTPS.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::DnsProtocol;
use crate::config::at::At;
use crate::config::decode::wire;
use crate::config::fault::{Fault, Shape};
use crate::config::values::{Domain, Target};

/// A DNS server to forward to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameServer {
    /// Asked by plain DNS: `10.2.0.10`, or `10.2.0.10:5353`.
    Plain(Target),
    /// Asked over HTTPS: `{ doh: 10.2.0.10, server_name: dns.town.example }`.
    Https(HttpsServer),
}

/// A DNS server that is asked over HTTPS (DoH).
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HttpsServer {
    /// Its address, with the port where it is not 443. AWS looks no name up to reach it.
    pub doh: At<Target>,
    /// The name in its certificate, for TLS and the header Host; needed by servers that go by a name.
    pub server_name: Option<At<Domain>>,
}

impl NameServer {
    /// By which protocol it is asked.
    pub fn protocol(&self) -> DnsProtocol {
        match self {
            Self::Plain(_) => DnsProtocol::Do53,
            Self::Https(_) => DnsProtocol::DoH,
        }
    }

    /// Where it listens.
    pub fn listens(&self) -> Target {
        match self {
            Self::Plain(target) => *target,
            Self::Https(server) => server.doh.value,
        }
    }

    /// The name that it goes by.
    pub fn server_name(&self) -> Option<&At<Domain>> {
        match self {
            Self::Plain(_) => None,
            Self::Https(server) => server.server_name.as_ref(),
        }
    }
}

impl<'de> Deserialize<'de> for NameServer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AddressOrBlock)
    }
}

struct AddressOrBlock;

impl<'de> Visitor<'de> for AddressOrBlock {
    type Value = NameServer;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an address, or a block with the key doh")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<NameServer, E> {
        Target::parse(text).map(NameServer::Plain).map_err(|fault| E::custom(wire(&fault)))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<NameServer, A::Error> {
        HttpsServer::deserialize(MapAccessDeserializer::new(map)).map(NameServer::Https)
    }

    fn visit_unit<E: Error>(self) -> Result<NameServer, E> {
        Err(E::custom(wire(&Fault::Type { expected: Shape::Scalar, found: Shape::Null })))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<NameServer, A::Error> {
        Err(A::Error::custom(wire(&Fault::Type { expected: Shape::Scalar, found: Shape::Sequence })))
    }
}

impl JsonSchema for NameServer {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "NameServer".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (plain, https) = (generator.subschema_for::<Target>(), generator.subschema_for::<HttpsServer>());
        json_schema!({ "anyOf": [plain, https] })
    }
}
