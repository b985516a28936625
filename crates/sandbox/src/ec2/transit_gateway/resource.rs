//! What is attached: the other end of an attachment.

use serde::{Deserialize, Serialize};

use crate::protocol::Xml;

/// The types that are simulated, of those that TransitGatewayAttachmentResourceType has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ResourceType {
    // In the order in which a learnt route to the same block is preferred (see route.rs).
    Vpc,
    DirectConnectGateway,
    Peering,
}

impl ResourceType {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Vpc => "vpc",
            Self::DirectConnectGateway => "direct-connect-gateway",
            Self::Peering => "peering",
        }
    }
}

/// A VPC, a Direct Connect gateway, or the transit gateway on a peering's other side. What refers to an attachment keeps
/// it, and so remembers it when the attachment is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Resource {
    pub resource_type: ResourceType,
    /// `vpc-…`, a Direct Connect gateway's UUID, `tgw-…`.
    pub id: String,
    /// The account that owns it.
    pub owner: String,
}

impl Resource {
    /// As it is named in a route table's lists and routes.
    pub fn xml(&self) -> Xml {
        Xml::new().text("resourceId", &self.id).text("resourceType", self.resource_type.as_str())
    }
}
