//! SearchTransitGatewayRoutes: the routes of one table.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::route::{self, Route};
use super::route_table;
use crate::ec2::Tags;
use crate::ec2::describe::Page;
use crate::ec2::filters::Filters;
use crate::error::Result;
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[Operation::read("SearchTransitGatewayRoutes", search)];

const LONGEST_PREFIX: &str = "route-search.longest-prefix-match";

const KNOWN: &[&str] = &[
    "attachment.resource-id",
    "attachment.resource-type",
    "attachment.transit-gateway-attachment-id",
    "route-search.exact-match",
    LONGEST_PREFIX,
    "route-search.subnet-of-match",
    "route-search.supernet-of-match",
    "state",
    "type",
];

/// A value of a `route-search` filter: a block, not a text.
struct Needle {
    filter: String,
    text: String,
    block: Ipv4Net,
    /// The one route that a longest-prefix search finds.
    longest: Option<Ipv4Net>,
}

impl Needle {
    fn matches(&self, route: Ipv4Net) -> bool {
        match self.filter.as_str() {
            "route-search.exact-match" => route == self.block,
            "route-search.subnet-of-match" => self.block.contains(&route),
            "route-search.supernet-of-match" => route.contains(&self.block),
            _ => self.longest == Some(route),
        }
    }
}

fn needles(p: &Params, routes: &BTreeMap<Ipv4Net, Route>) -> Result<Vec<Needle>> {
    let mut needles = Vec::new();
    for item in p.items("Filter") {
        let filter = item.required("Name")?;
        if !filter.starts_with("route-search.") {
            continue;
        }
        for text in item.list("Value") {
            let address =
                (filter == LONGEST_PREFIX).then(|| text.parse::<Ipv4Addr>().ok().map(Ipv4Net::from)).flatten();
            let block = text.parse::<Ipv4Net>().ok().filter(|block| block.trunc() == *block).or(address);
            let block = block.ok_or_else(|| item.invalid("Value", &text, "This is not a valid CIDR block."))?;
            let containing = routes.keys().copied().filter(|route| route.contains(&block));
            let longest = containing.max_by_key(Ipv4Net::prefix_len);
            needles.push(Needle { filter: filter.clone(), text, block, longest });
        }
    }
    Ok(needles)
}

/// DOC: `Filters` is required; `AdditionalRoutesAvailable` says that there are more.
fn search(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let table = p.required("TransitGatewayRouteTableId")?;
    let page = Page::read(p, &(5..=1000))?;
    if p.items("Filter").is_empty() {
        p.required("Filter")?;
    }
    let ctx = &*ctx;
    let table = route_table::KIND.get(&ctx.ec2().transit_gateway_route_tables.living, &table)?;
    let routes = route::all(ctx, table);
    let filters = Filters::read(p, "Filter", KNOWN)?;
    let needles = needles(p, &routes)?;
    let passes = |route: &Route| {
        filters.accept(&Tags::new(), |name| {
            let hop = route.to.as_ref();
            match name {
                "type" => vec![route.origin.to_owned()],
                "state" => vec![route.state.to_owned()],
                "attachment.resource-type" => {
                    hop.map(|hop| hop.resource.resource_type.as_str().to_owned()).into_iter().collect()
                }
                "attachment.resource-id" => hop.map(|hop| hop.resource.id.clone()).into_iter().collect(),
                "attachment.transit-gateway-attachment-id" => {
                    hop.map(|hop| hop.attachment.clone()).into_iter().collect()
                }
                // A value that matches stands for itself.
                search => {
                    let hits = needles.iter().filter(|it| it.filter == search && it.matches(route.destination));
                    hits.map(|needle| needle.text.clone()).collect()
                }
            }
        })
    };
    let found = routes.into_values().filter(passes).map(|route| (route.destination.to_string(), route));
    // By text, as the page's token is one.
    let found: BTreeMap<String, Route> = found.collect();
    let (rows, next) = page.cut(found.into_iter().collect(), |(key, _)| key);
    Ok(Xml::new()
        .list("routeSet", rows.iter().map(|(_, route)| route.xml()))
        .value("additionalRoutesAvailable", next.is_some())
        .maybe("nextToken", next))
}
