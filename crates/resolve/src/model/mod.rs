//! The description that everything is computed from: plain data, parts refer to each other by name.

mod endpoint;
mod record;
mod rule;
mod server;
mod vpc;
mod zone;

use serde::{Deserialize, Serialize};

pub use endpoint::{Inbound, Outbound};
pub use record::{Alias, Data, RecordSet, RecordType, UnknownType};
pub use rule::{Action, Rule};
pub use server::{Conditional, Otherwise, Server};
pub use vpc::Vpc;
pub use zone::{Contents, Zone};

/// All that a query can meet. Results follow the order of the lists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolution {
    /// The Region of everything in AWS, such as `ap-northeast-1`; it is part of the names that Amazon gives to hosts.
    pub region: String,
    /// VPCs, ours and others'.
    pub vpcs: Vec<Vpc>,
    /// Private hosted zones, ours and others'. A VPC endpoint with private DNS is a zone of Amazon's, its contents unseen.
    pub zones: Vec<Zone>,
    /// Resolver rules that somebody made. Those that AWS defines of itself are not listed.
    pub rules: Vec<Rule>,
    /// Inbound Resolver endpoints.
    pub inbound: Vec<Inbound>,
    /// Outbound Resolver endpoints.
    pub outbound: Vec<Outbound>,
    /// Name servers outside AWS, as far as somebody states what they do.
    pub servers: Vec<Server>,
}
