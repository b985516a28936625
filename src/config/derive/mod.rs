//! What follows from the choices of a file: subnets, ASN, Resolver addresses, allowed prefixes, who may reach whom.
//!
//! Everything here is a method of a schema type and a pure function of the file. Where the file states a value that could be
//! derived, the stated one wins; the checks look at the result, so that an override is checked like the rest.

mod choices;
mod parties;
mod peerings;
mod prefixes;
mod reach;
mod resolver;
mod segmentation;
mod subnets;

pub use choices::OperatorRole;
pub use parties::{Party, Request};
pub use peerings::{Behind, TransitPeering};
pub use reach::{Must, ReachPlace, ReachRule, ReachWhy};
pub use resolver::{Direction, ResolverAddress, RuleTarget, reverse_zones};
pub use segmentation::{EXTERNAL_TABLE, ONPREM_TABLE, SHARED_TABLE};
pub use subnets::{EffectiveSubnet, SubnetRole};
