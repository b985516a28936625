//! ListResourceRecordSets.

use super::record::{self, RecordType};
use super::{invalid, name, own_zone, zone_list};
use crate::error::Result;
use crate::protocol::{RestAnswer, RestParams, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] =
    &[Operation::xml_read("ListResourceRecordSets", "GET", "/2013-04-01/hostedzone/{HostedZoneId}/rrset", list)];

/// DOC: "up to 300 resource record sets at a time".
const PAGE: usize = 300;

/// The page begins with the set that the request names, or with the next one where there is none such. What is on its way
/// to the name servers is in it already (DOC).
fn list(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let size = zone_list::page(p, "maxitems", PAGE)?;
    let start = match (p.query("name"), p.query("type"), p.query("identifier")) {
        (None, None, None) => String::new(),
        (None, ..) => return Err(invalid("A type or an identifier to start with needs a name.")),
        (Some(_), None, Some(_)) => return Err(invalid("An identifier to start with needs a type.")),
        (Some(given), kind, identifier) => {
            let refuse = |why| invalid(format!("'{given}' is not a valid domain name: {why}"));
            let name = name::canonical(given).map_err(refuse)?;
            match kind {
                None => record::keys_of(&name),
                Some(kind) => record::key(&name, RecordType::read(kind)?.word(), identifier.unwrap_or_default()),
            }
        }
    };
    let zone = own_zone(ctx, p.label("HostedZoneId"))?;
    let mut from = zone.records.range(start..).map(|(_, set)| set).peekable();
    let rows: Vec<Xml> = from.by_ref().take(size).map(record::RecordSet::xml).collect();
    let next = from.peek();
    let xml = Xml::new()
        .list_of("ResourceRecordSets", "ResourceRecordSet", rows)
        .value("IsTruncated", next.is_some())
        .maybe("NextRecordName", next.map(|set| &set.name))
        .maybe("NextRecordType", next.map(|set| set.kind.word()))
        .maybe("NextRecordIdentifier", next.and_then(|set| Some(&set.weighted.as_ref()?.identifier)))
        .value("MaxItems", size);
    Ok(xml.into())
}
