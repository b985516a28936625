//! Answers and findings as lines of text, for snapshots.

use crate::*;

pub(super) fn answer(answer: &Answer) -> String {
    let head = format!("{:?} {} {}: {:?}", answer.from, answer.name, answer.record_type, answer.circles);
    let ways = answer.ways.iter().flat_map(|way| {
        let hops = way.hops.iter().map(|hop| format!("  {}", self::hop(hop)));
        let rests =
            if way.assumes.is_empty() { String::new() } else { format!(" as far as {:?} are known", way.assumes) };
        hops.chain([format!("  => {:?}{rests}", way.outcome)])
    });
    [head].into_iter().chain(ways).collect::<Vec<_>>().join("\n")
}

pub(super) fn findings(findings: &[Finding]) -> String {
    let line = |finding: &Finding| format!("{:?} {finding:?}", finding.severity()).replace("Name(", "(");
    findings.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn hop(hop: &Hop) -> String {
    match hop {
        Hop::Inbound { endpoint, vpc } => format!("in by {endpoint} to {vpc}"),
        Hop::Vpc { vpc, name, decides, rivals, beaten } => {
            let beaten = beaten.iter().map(|beaten| format!("{} {:?}", candidate(&beaten.candidate), beaten.why));
            let beaten = beaten.collect::<Vec<_>>().join(", ");
            format!("{vpc} {name}: {}{}; not {beaten}", candidate(decides), all(rivals))
        }
        Hop::Locally { vpc, name, decides, rivals } => {
            format!("{vpc} itself {name}: {}{}", candidate(decides), all(rivals))
        }
        Hop::Forward { rule, endpoint, target, others } => {
            format!("{rule} through {} to {target} or {others:?}", endpoint.as_deref().unwrap_or("?"))
        }
        Hop::Server { server, name, decides } => format!("{server} {name}: {decides:?}"),
        Hop::Passed { server, target, others } => format!("{server} to {target} or {others:?}"),
        Hop::Cname { zone, record, target } => format!("{zone} {record} is {target}"),
        Hop::Alias { zone, record, target } => format!("{zone} {record} as {target}"),
    }
}

fn all(rivals: &[Candidate]) -> String {
    rivals.iter().map(|rival| format!(" or {}", candidate(rival))).collect()
}

fn candidate(candidate: &Candidate) -> String {
    match candidate {
        Candidate::Forward { rule, domain } => format!("forward {rule} {domain}"),
        Candidate::System { rule, domain } => format!("system {rule} {domain}"),
        Candidate::Zone { zone, apex, owner } => format!("zone {zone} {apex} of {owner}"),
        Candidate::Autodefined { domain } => format!("Amazon {domain}"),
        Candidate::Recursive => "the internet".into(),
    }
}
