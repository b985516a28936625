//! A municipality's choices, turned into resources: the only place that knows what a municipality needs.
//!
//! Pure: the same file gives the same wishes. The shape is that of the reference architecture (docs/architecture.md); what
//! this version cannot build yet comes out as [`Deferred`], so that no choice is silently dropped.

mod access;
mod attachments;
mod borrowed;
mod build;
pub mod ca;
mod ca_roles;
pub mod deferred;
mod dns;
mod lines;
mod logging;
mod peerings;
mod permissions;
mod private_link;
mod purpose;
pub mod rights;
mod segmentation;
mod sharing;
#[cfg(test)]
mod tests;
mod upkeep;
mod vpc;

use std::collections::{BTreeMap, BTreeSet};

use gcnet_aws::kinds::{Subnet, Tgw, TgwVpcAttachment, Vpc};
use gcnet_core::{Address, Desired, Ref, Stack, Tags};
use ipnet::Ipv4Net;

use crate::config::schema::{Asp, Municipality};
pub use attachments::destinations;
pub use borrowed::Borrowed;
use build::Build;
pub use deferred::{Deferred, Opening, Unbuilt};
pub use logging::audit_group;
pub use purpose::{Purpose, Standing};
pub use upkeep::{Tables, Upkeep};

/// What a file asks for.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The resources that this version builds.
    pub desired: Desired,
    /// The choices that it does not build yet.
    pub deferred: Vec<Deferred>,
    /// What each handshake is for; also of those that the file names and that are not wished, because everything is to go.
    pub about: BTreeMap<Address, Purpose>,
    /// What others have to do before there is anything to wish.
    pub standing: Vec<Standing>,
    /// The routes that others keep in their own tables.
    pub upkeep: Vec<Upkeep>,
    /// The rules and query logs of ours that others associate with their own VPCs.
    pub borrowed: Vec<Borrowed>,
}

impl Wish {
    /// What is wished and others take part in, with what it is for.
    pub fn handshakes(&self) -> impl Iterator<Item = (&Address, &Purpose)> {
        self.about.iter().filter(|(address, _)| self.desired.wants().contains_key(*address))
    }

    /// The wish for nothing: what is left when the stack is destroyed.
    pub fn nothing(municipality: &Municipality) -> Self {
        nothing_without(municipality, &BTreeSet::new())
    }
}

/// The stack of a file.
pub fn stack(municipality: &Municipality) -> Stack {
    Stack::new(municipality.key(), municipality.environment.value.as_str())
}

/// Everything that the file asks for.
pub fn wish(municipality: &Municipality) -> Wish {
    wish_without(municipality, &BTreeSet::new())
}

/// Everything that the file asks for, while the roles in the accounts `lost` (12 digits) cannot be assumed: what they were
/// for is asked of the companies again.
pub fn wish_without(municipality: &Municipality, lost: &BTreeSet<String>) -> Wish {
    wish_seeing(municipality, lost, &BTreeMap::new())
}

/// The same, where roles show these addresses of VPCs, by id: one that has others than the file says is not attached before the
/// operator has decided which are right.
pub fn wish_seeing(
    municipality: &Municipality,
    lost: &BTreeSet<String>,
    seen: &BTreeMap<String, BTreeSet<Ipv4Net>>,
) -> Wish {
    let (mut build, network) = network(municipality, lost, Some(seen));
    dns::add(&mut build, &network);
    logging::add(municipality, &network, &mut build.desired);
    ca::add(&mut build);
    access::add(municipality, &mut build.desired);
    ca_roles::add(municipality, &mut build.desired);
    let Build { desired, about, standing, upkeep, borrowed, .. } = build;
    Wish { desired, deferred: deferred::of(municipality), about, standing, upkeep, borrowed }
}

/// The wish for nothing, while the roles in the accounts `lost` (12 digits) cannot be used: nobody knows whether something is
/// left there.
pub fn nothing_without(municipality: &Municipality, lost: &BTreeSet<String>) -> Wish {
    let mut build = Build::new(municipality, nothing(municipality), lost);
    build.ask_for_lost_roles();
    ca::protect(&mut build);
    let Build { desired, standing, upkeep, .. } = build;
    // Whoever is asked to remove something should hear what it was for.
    let about = network(municipality, lost, None).0.about;
    Wish { desired, deferred: vec![], about, standing, upkeep, borrowed: vec![] }
}

/// Accounts of other parties (12 digits) in which we make or look for what can be seen only there.
pub fn looks_into(municipality: &Municipality) -> BTreeSet<String> {
    let peered = municipality.peerings().into_iter().filter_map(|peering| peering.party);
    let peered = peered.filter(|party| party.role.is_some()).map(|party| party.id.to_string());
    let borrowers =
        with_roles(municipality, municipality.asps.iter().filter(|asp| borrowed::borrows(municipality, asp)));
    peered.chain(attaches_in(municipality)).chain(borrowers).collect()
}

/// Accounts of other parties (12 digits) in which we attach VPCs with a role of theirs.
pub fn attaches_in(municipality: &Municipality) -> BTreeSet<String> {
    let attached = municipality.asps.iter().filter(|asp| !asp.attached_vpcs().is_empty());
    with_roles(municipality, attached)
}

/// Accounts (12 digits) of these ASPs that gave us a role.
fn with_roles<'a>(municipality: &'a Municipality, asps: impl Iterator<Item = &'a Asp>) -> BTreeSet<String> {
    let parties = asps.filter_map(|asp| municipality.account_of(asp));
    parties.filter(|party| party.role.is_some()).map(|party| party.id.to_string()).collect()
}

/// What packets meet: all but logs and roles.
pub fn paths(municipality: &Municipality) -> Desired {
    network(municipality, &BTreeSet::new(), None).0.desired
}

fn network<'a>(
    municipality: &'a Municipality,
    lost: &'a BTreeSet<String>,
    seen: Option<&'a BTreeMap<String, BTreeSet<Ipv4Net>>>,
) -> (Build<'a>, Network) {
    let mut desired = nothing(municipality);
    let network = vpc::add(municipality, &mut desired);
    segmentation::add(municipality, &network, &mut desired);
    let mut build = Build::new(municipality, desired, lost);
    build.seen = seen;
    build.ask_for_lost_roles();
    let recipients = sharing::add(&mut build, &network);
    attachments::add(&mut build, &network, &recipients);
    peerings::add(&mut build, &network);
    private_link::add(&mut build, &network);
    lines::add(&mut build, &network);
    (build, network)
}

/// The wish for nothing: what is left when the stack is destroyed.
pub fn nothing(municipality: &Municipality) -> Desired {
    Desired::new(stack(municipality), tags(municipality))
}

/// The parts that others hang on.
struct Network {
    vpc: Ref<Vpc>,
    tgw: Ref<Tgw>,
    attachment: Ref<TgwVpcAttachment>,
    endpoint_subnets: BTreeSet<Ref<Subnet>>,
}

/// On everything, besides the ownership tags: the municipal code, the end of a test stack, the file's own.
pub fn tags(municipality: &Municipality) -> Tags {
    let own = municipality.tags.iter().map(|(key, value)| (key.to_string(), value.to_string()));
    let mut tags: Tags = own.collect();
    tags.insert("gcnet:code".into(), municipality.municipality.code.to_string());
    if let Some(expires) = &municipality.expires {
        tags.insert("gcnet:expires".into(), expires.to_string());
    }
    tags
}
