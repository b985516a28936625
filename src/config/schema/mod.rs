//! The file of a municipality, typed: every block that a file may have, whether or not this version builds it.
//!
//! A block states choices. What follows from them (subnets, ASN, Resolver addresses, route tables, allowed prefixes) is
//! worked out in [`super::derive`] and can be overridden here, where it is derived. A block that is absent is not built.
//! Values that a check may point at are [`At`](super::at::At); doc comments become the descriptions in the JSON Schema.

mod accounts;
mod asp;
mod ca;
mod contract;
mod dns;
mod line;
mod logs;
mod municipality;
mod name_server;
mod operators;
mod site;
mod transit;
mod vpc;

pub use accounts::{
    Access, Accounts, AssumedRole, Credentials, Membership, NetworkAccount, OtherAccount, Sharing, Tenancy,
};
pub use asp::{Asp, AspVpc, AspZone, Connect, Initiator, Peering, PrivateLinkRole, Service};
pub use ca::{
    AuthorityMode, Crl, Hierarchy, Key, KeyAlgorithm, Ocsp, PrivateCa, Renewal, Revocation, SigningAlgorithm, Subject,
    Subordinate,
};
pub use contract::{Contract, Options};
pub use dns::{Dns, DnsProtocol, Endpoint, ForwardRule, Record, RecordType, Zone};
pub use line::{DxGateway, DxOwner, Line, LineKind, LineStatus, VirtualInterface};
pub use logs::{FlowDestination, Kms, Logs};
pub use municipality::{ApiVersion, Environment, Identity, Municipality, OnPremises, Region};
pub use name_server::{HttpsServer, NameServer};
pub use operators::{Mfa, Operators};
pub use site::{Site, SitePeering, Via};
pub use transit::{Segmentation, TransitGateway};
pub use vpc::{CentralEndpoints, SharedVpc, SubnetOverride};

/// `true`, for keys that are on unless switched off.
fn yes() -> bool {
    true
}
