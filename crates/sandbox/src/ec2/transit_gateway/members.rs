//! What the lists of a route table's associations and of its propagations have in common.

use super::resource::Resource;
use crate::ec2::Tags;
use crate::ec2::describe::Page;
use crate::ec2::filters::Filters;
use crate::error::Result;
use crate::protocol::{Params, Xml};

/// An attachment as it appears in a route table's list.
pub(super) struct Member<'a> {
    pub attachment: &'a str,
    pub resource: &'a Resource,
    pub state: &'static str,
}

impl Member<'_> {
    pub fn xml(&self) -> Xml {
        Xml::new()
            .text("transitGatewayAttachmentId", self.attachment)
            .merge(self.resource.xml())
            .text("state", self.state)
    }
}

/// The answer to `GetTransitGatewayRouteTable…`. `members` are sorted by attachment.
pub(super) fn list<'a>(p: &Params, set: &str, members: impl Iterator<Item = Member<'a>>) -> Result<Xml> {
    let filters = Filters::read(p, "Filter", &["resource-id", "resource-type", "transit-gateway-attachment-id"])?;
    let page = Page::read(p, &(5..=1000))?;
    let passes = |member: &Member<'_>| {
        filters.accept(&Tags::new(), |name| {
            let one = match name {
                "resource-id" => &member.resource.id,
                "resource-type" => member.resource.resource_type.as_str(),
                _ => member.attachment,
            };
            vec![one.to_owned()]
        })
    };
    let (rows, next) = page.cut(members.filter(passes).collect(), |member| member.attachment);
    Ok(Xml::new().list(set, rows.iter().map(Member::xml)).maybe("nextToken", next))
}
