//! One step of a query.

use std::net::IpAddr;

use super::{Follow, Node, State};
use crate::index::{Choice, Hit, Holder, Index, RuleId, ServerChoice, ServerId, VpcId, ZoneId};

/// What is done with a query in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Move<'n> {
    /// Nobody answers in the VPC.
    Off { vpc: VpcId },
    /// A rule sends it to this target; `None`: it has none.
    Rule { vpc: VpcId, rule: RuleId, target: Option<IpAddr> },
    /// A zone has this to say; `None`: nobody sees what, or nobody wants to know.
    Zone { vpc: VpcId, system: Option<RuleId>, zone: ZoneId, hit: Option<Hit<'n>> },
    /// Amazon knows, or asks public name servers.
    Amazon { vpc: VpcId, system: Option<RuleId>, choice: Choice<'n> },
    /// A server sends it to this target; `None`: it has none.
    Passed { server: ServerId, domain: &'n str, target: Option<IpAddr> },
    /// A server does this by itself.
    Server { server: ServerId, choice: ServerChoice<'n> },
}

/// Everything that can be done with a query in a state, and where it leads; `None`: it ends there.
pub(crate) fn expand<'n>(index: &'n Index<'_>, state: State<'n>, follow: Follow) -> Vec<(Move<'n>, Option<State<'n>>)> {
    match state.node {
        Node::Vpc(vpc) if !index.vpc(vpc).dns_support => vec![(Move::Off { vpc }, None)],
        Node::Vpc(vpc) => {
            let choices = index.decide(vpc, state.name);
            choices.into_iter().flat_map(|choice| in_vpc(index, vpc, state, choice, follow)).collect()
        }
        Node::Server(server) => at_server(index, server, state),
    }
}

fn in_vpc<'n>(
    index: &'n Index<'_>,
    vpc: VpcId,
    state: State<'n>,
    choice: Choice<'n>,
    follow: Follow,
) -> Vec<(Move<'n>, Option<State<'n>>)> {
    match choice {
        Choice::Rule(rule) if index.is_system(choice) => {
            let choices = index.decide_locally(vpc, state.name).into_iter();
            choices.flat_map(|choice| locally(index, vpc, state, (Some(rule), choice), follow)).collect()
        }
        Choice::Rule(rule) => {
            let targets = index.rule(rule).action.targets();
            each(targets).map(|target| (Move::Rule { vpc, rule, target }, sent(index, state, target))).collect()
        }
        Choice::Zone(_) | Choice::Autodefined(_) | Choice::Recursive => {
            locally(index, vpc, state, (None, choice), follow)
        }
    }
}

/// Every target, or that there is none.
fn each(targets: &[IpAddr]) -> impl Iterator<Item = Option<IpAddr>> {
    let none = targets.is_empty().then_some(None);
    targets.iter().copied().map(Some).chain(none)
}

/// Where a query arrives that is sent to an address.
fn sent<'n>(index: &Index<'_>, state: State<'n>, target: Option<IpAddr>) -> Option<State<'n>> {
    let node = match index.holder(target?) {
        Holder::Inbound(endpoint) => Node::Vpc(index.inbound_vpcs[endpoint]),
        Holder::Server(server) => Node::Server(server),
        Holder::Outbound(_) | Holder::Resolver(_) | Holder::Nobody => return None,
    };
    Some(State { node, ..state })
}

fn locally<'n>(
    index: &'n Index<'_>,
    vpc: VpcId,
    state: State<'n>,
    (system, choice): (Option<RuleId>, Choice<'n>),
    follow: Follow,
) -> Vec<(Move<'n>, Option<State<'n>>)> {
    let Choice::Zone(zone) = choice else { return vec![(Move::Amazon { vpc, system, choice }, None)] };
    let hits = match follow {
        Follow::Forwards => None,
        Follow::Records(record_type) => index.zones[zone].lookup(state.name, record_type),
    };
    let Some(hits) = hits else { return vec![(Move::Zone { vpc, system, zone, hit: None }, None)] };
    let step = |hit: Hit<'n>| {
        let to = match hit {
            // The resolver asks for the other name as if it were asked for it, by the VPC's own rules and zones.
            Hit::Cname { target, .. } => Some(State { name: target, ..state }),
            _ => None,
        };
        (Move::Zone { vpc, system, zone, hit: Some(hit) }, to)
    };
    hits.into_iter().map(step).collect()
}

fn at_server<'n>(index: &'n Index<'_>, server: ServerId, state: State<'n>) -> Vec<(Move<'n>, Option<State<'n>>)> {
    let view = &index.servers[server];
    match view.decide(state.name) {
        ServerChoice::Forwards(domain) => {
            let targets = view.targets(domain);
            each(targets).map(|target| (Move::Passed { server, domain, target }, sent(index, state, target))).collect()
        }
        choice @ (ServerChoice::Answers(_) | ServerChoice::Otherwise) => vec![(Move::Server { server, choice }, None)],
    }
}
