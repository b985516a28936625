//! Availability Zones.

use crate::ec2::filters::Filters;
use crate::ec2::{Tags, errors};
use crate::error::Result;
use crate::protocol::{Params, Xml};
use crate::region;
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[Operation::read("DescribeAvailabilityZones", describe)];

/// Not paginated (DOC: DescribeAvailabilityZones). There are no Local Zones, so AllAvailabilityZones adds nothing.
fn describe(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let (names, ids) = (p.list("ZoneName"), p.list("ZoneId"));
    p.boolean("AllAvailabilityZones")?;
    let known = ["group-name", "opt-in-status", "region-name", "state", "zone-id", "zone-name", "zone-type"];
    let filters = Filters::read(p, "Filter", &known)?;
    let zones = region::zones(ctx.region, &ctx.caller.account);
    let unknown = |given: &&String, is: fn(&region::Zone) -> &str| !zones.iter().any(|zone| is(zone) == given.as_str());
    let stray = names
        .iter()
        .find(|name| unknown(name, |zone| &zone.name))
        .or_else(|| ids.iter().find(|id| unknown(id, |zone| zone.id)));
    if let Some(stray) = stray {
        return Err(errors::invalid_value(format!("Invalid availability zone: [{stray}]")));
    }
    // A border group is a Region name without its Local Zones: "ap-northeast-1".
    let rows = zones
        .iter()
        .filter(|zone| names.is_empty() || names.contains(&zone.name))
        .filter(|zone| ids.is_empty() || ids.iter().any(|id| id == zone.id))
        .filter(|zone| {
            filters.accept(&Tags::new(), |name| {
                vec![
                    match name {
                        "opt-in-status" => "opt-in-not-required",
                        "group-name" | "region-name" => ctx.region,
                        "state" => "available",
                        "zone-id" => zone.id,
                        "zone-name" => &zone.name,
                        _ => "availability-zone",
                    }
                    .to_owned(),
                ]
            })
        })
        .map(|zone| {
            Xml::new()
                .text("zoneName", &zone.name)
                .text("zoneId", zone.id)
                .text("zoneState", "available")
                .text("zoneType", "availability-zone")
                .text("regionName", ctx.region)
                .text("groupName", ctx.region)
                .text("networkBorderGroup", ctx.region)
                .text("optInStatus", "opt-in-not-required")
                .list("messageSet", [])
        });
    Ok(Xml::new().list("availabilityZoneInfo", rows))
}
