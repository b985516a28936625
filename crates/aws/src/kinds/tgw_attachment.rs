//! What all attachments of a transit gateway have in common: of VPCs, of Direct Connect gateways, of peers.

use aws_sdk_ec2::types::TransitGatewayAttachmentState as Code;
use gcnet_core::{Is, State};

use super::{ForeignAttachment, TgwPeering, TgwVpcAttachment};

/// Any attachment. Only a name in types: `Ref<TgwAttachment>` points at one of whichever kind, and is made by
/// [`gcnet_core::Ref::widen`] from a reference to that kind. It is no resource, so it has no addresses of its own.
#[derive(Clone, Copy, Debug)]
pub enum TgwAttachment {}

impl Is<TgwAttachment> for TgwVpcAttachment {}
impl Is<TgwAttachment> for ForeignAttachment {}
impl Is<TgwAttachment> for TgwPeering {}

/// `None` for a tombstone.
pub(super) fn state(code: Option<&Code>) -> Option<State> {
    Some(match code {
        Some(Code::Deleted | Code::Rejected) => return None,
        Some(Code::Available) => State::Ready,
        Some(Code::Deleting | Code::Rejecting) => State::Leaving,
        Some(Code::Failed | Code::Failing) => State::Failed("failed".into()),
        other => State::Pending(other.map_or("unknown", Code::as_str).into()),
    })
}
