//! A municipality's choices, turned into resources: the only place that knows what a municipality needs.
//!
//! Pure: the same file gives the same wishes. The shape is that of the reference architecture (docs/architecture.md); what
//! this version cannot build yet comes out as [`Deferred`], so that no choice is silently dropped.

mod access;
pub mod deferred;
mod logging;
mod segmentation;
#[cfg(test)]
mod tests;
mod vpc;

use gcnet_aws::kinds::{Tgw, TgwVpcAttachment, Vpc};
use gcnet_core::{Desired, Ref, Stack, Tags};

use crate::config::schema::Municipality;
pub use deferred::{Deferred, Unbuilt};

/// What a file asks for.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The resources that this version builds.
    pub desired: Desired,
    /// The choices that it does not build yet.
    pub deferred: Vec<Deferred>,
}

/// The stack of a file.
pub fn stack(municipality: &Municipality) -> Stack {
    Stack::new(municipality.key(), municipality.environment.value.as_str())
}

/// Everything that the file asks for.
pub fn wish(municipality: &Municipality) -> Wish {
    let mut desired = nothing(municipality);
    let network = vpc::add(municipality, &mut desired);
    segmentation::add(municipality, &network, &mut desired);
    logging::add(municipality, &network, &mut desired);
    access::add(municipality, &mut desired);
    Wish { desired, deferred: deferred::of(municipality) }
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
}

/// On everything, besides the ownership tags: the municipal code, the end of a test stack, the file's own.
fn tags(municipality: &Municipality) -> Tags {
    let own = municipality.tags.iter().map(|(key, value)| (key.to_string(), value.to_string()));
    let mut tags: Tags = own.collect();
    tags.insert("gcnet:code".into(), municipality.municipality.code.to_string());
    if let Some(expires) = &municipality.expires {
        tags.insert("gcnet:expires".into(), expires.to_string());
    }
    tags
}
