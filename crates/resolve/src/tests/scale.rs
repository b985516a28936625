//! As large as AWS allows: a thousand rules, ten thousand records, and a dozen VPCs.

use super::{
    city::{a, bare, cname, forward, server, zone},
    in_vpc, name,
};
use crate::{
    graph::{Follow, Graph, Node, State},
    index::Index,
    *,
};

fn large() -> Resolution {
    let vpcs: Vec<String> = (0..12).map(|number| format!("vpc-{number}")).collect();
    let all: Vec<&str> = vpcs.iter().map(String::as_str).collect();
    let records = (0..10_000).map(|number| match number % 3 {
        0 => cname(&format!("n{number}.gc.example"), &format!("n{}.gc.example", number + 1)),
        _ => a(&format!("n{number}.gc.example"), "10.0.0.1"),
    });
    let rules = (0..1000).map(|number| {
        let domain =
            if number % 2 == 0 { format!("d{number}.town.example") } else { format!("x.n{number}.gc.example") };
        forward(&format!("rule-{number}"), &domain, &["10.1.0.10"], &all)
    });
    Resolution {
        vpcs: vpcs.iter().map(|vpc| Vpc::new(vpc, vec!["10.0.0.0/16".parse().unwrap()])).collect(),
        zones: vec![zone("gc", "gc.example", "us", &all, Contents::Known(records.collect()))],
        rules: rules.collect(),
        servers: vec![server("on-premises", &["10.1.0.10"], &["town.example"], &[])],
        ..bare()
    }
}

#[test]
fn a_large_city_is_decided_and_checked() {
    let model = large();
    let resolver = Resolver::new(&model).unwrap();
    let find = |text: &str| resolver.query(&in_vpc("vpc-7"), &name(text), RecordType::A).unwrap();
    assert!(
        matches!(find("n9.gc.example").certain(), Some(Outcome::Records { record, .. }) if *record == name("n10.gc.example"))
    );
    assert!(matches!(find("a.d500.town.example").certain(), Some(Outcome::Answered { .. })));
    assert_eq!(find("x.n501.gc.example").certain(), Some(&Outcome::Internet));
    assert_eq!(resolver.check(), []);
}

/// A state is looked at once: the work is that of domains and places, and a query's is that of its own way.
#[test]
fn the_work_grows_with_the_description_and_not_faster() {
    let model = large();
    let index = Index::new(&model).unwrap();
    let start = State { node: Node::Vpc(3), name: "n9.gc.example" };
    let graph = Graph::explore(&index, [start], Follow::Records(RecordType::A));
    assert_eq!(graph.states.len(), 2);
    let starts = model.rules.iter().map(|rule| State { node: Node::Vpc(3), name: rule.domain.key() });
    let graph = Graph::explore(&index, starts, Follow::Forwards);
    assert_eq!(graph.states.len(), 2000, "each domain in the VPC and at the server");
}

/// Twenty VPCs in a row, each of which may ask the next one's endpoint or the one after: ten thousand ways, forty states.
#[test]
fn many_ways_are_no_more_work_than_many_places() {
    let count = 20;
    let vpc = |number: usize| format!("vpc-{number}");
    let address = |number: usize| format!("10.9.{number}.10");
    let mut model = bare();
    model.vpcs = (0..count).map(|number| Vpc::new(&vpc(number), vec![])).collect();
    let endpoint = |number| Inbound { id: vpc(number), vpc: vpc(number), addresses: super::ips(&[&address(number)]) };
    model.inbound = (0..count).map(endpoint).collect();
    let rule = |number: usize| {
        let targets = [address(number + 1), address((number + 2).min(count - 1))];
        forward(&vpc(number), "example", &[&targets[0], &targets[1]], &[&vpc(number)])
    };
    model.rules = (0..count - 1).map(rule).collect();
    let index = Index::new(&model).unwrap();
    let start = State { node: Node::Vpc(0), name: "example" };
    assert_eq!(Graph::explore(&index, [start], Follow::Forwards).states.len(), count);
    let answer = super::ask(&model, &in_vpc("vpc-0"), "www.example", RecordType::A);
    assert_eq!((answer.circles, answer.certain()), (Circles::Never, Some(&Outcome::Internet)));
    assert_eq!(answer.ways[0].hops.len(), 3 * 10 + 1, "the shortest way");
}
