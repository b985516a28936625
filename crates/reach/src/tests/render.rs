//! Paths as lines of text, for snapshots.

use crate::*;

pub(super) fn paths(paths: &Paths) -> String {
    let mut lines = vec![format!("{} -> {}: {}", paths.from, paths.to, verdict(&paths.verdict))];
    paths.flows.iter().for_each(|flow| lines.extend(self::flow(flow)));
    lines.join("\n")
}

pub(super) fn verdict(verdict: &Verdict) -> String {
    let rests = if verdict.assumes().is_empty() { "" } else { ", as assumed" };
    let word = match verdict {
        Verdict::Reaches { .. } => "reaches",
        Verdict::Partly { .. } => "partly",
        Verdict::Blocked { .. } => "blocked",
        Verdict::Outside => "outside",
    };
    format!("{word}{rests}")
}

fn flow(flow: &Flow) -> Vec<String> {
    let service = flow.service.map(|service| format!(" {:?} {:?}", service.protocol, service.port)).unwrap_or_default();
    let mut lines = vec![format!("{:?} -> {:?}{service}", flow.sources, flow.destinations)];
    for (name, trail) in [("there", Some(&flow.there)), ("back", flow.back.as_ref())] {
        let Some(trail) = trail else { continue };
        lines.push(format!("  {name}"));
        lines.extend(trail.hops.iter().map(|hop| format!("    {}", self::hop(hop))));
        lines.extend(trail.stop.iter().map(|stop| format!("    STOP {:?} {:?}", stop.at, stop.why)));
    }
    lines
}

fn hop(hop: &Hop) -> String {
    match hop {
        Hop::Group { direction, place, group, rule } => {
            format!("{direction:?} {place} {group}: {:?} {:?} {:?}", rule.protocol, rule.ports, rule.peer)
        }
        Hop::Line { place, line, attachment, prefix, equal } => {
            format!("{place} sends over {line} ({attachment}): {prefix} is advertised{}", or(equal))
        }
        Hop::Assumed { by, attachment } => format!("{by:?} is assumed to send to {attachment}"),
        Hop::VpcTable { vpc, table, destination, via } => {
            format!("{vpc} {table}: {destination} {via:?}")
        }
        Hop::TransitTable { gateway, from, table, destination, origin, to, equal } => {
            format!("{gateway} from {from} {table}: {destination} {origin:?} to {to}{}", or(equal))
        }
        Hop::Arrives { at } => format!("arrives at {at:?}"),
    }
}

fn or(equal: &[String]) -> String {
    if equal.is_empty() { String::new() } else { format!(" or {}", equal.join(" or ")) }
}
