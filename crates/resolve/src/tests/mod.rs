//! What the computation says, against what is known to be so.

mod brute;
mod city;
mod exact;
mod findings;
mod found;
mod names;
mod overall;
mod precedence;
mod random;
mod render;
mod scale;
mod targets;
mod zones;

use std::net::IpAddr;

use crate::{Answer, Asker, Finding, Name, Outcome, RecordType, Resolution, Resolver};

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn names(texts: &[&str]) -> Vec<Name> {
    texts.iter().map(|text| name(text)).collect()
}

fn ips(texts: &[&str]) -> Vec<IpAddr> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).into()).collect()
}

fn in_vpc(vpc: &str) -> Asker {
    Asker::Vpc(vpc.into())
}

fn ask(model: &Resolution, from: &Asker, text: &str, record_type: RecordType) -> Answer {
    Resolver::new(model).unwrap().query(from, &name(text), record_type).unwrap()
}

/// The only outcome of a query for an A record.
fn outcome(model: &Resolution, from: &Asker, text: &str) -> Outcome {
    let answer = ask(model, from, text, RecordType::A);
    answer.certain().unwrap_or_else(|| panic!("{answer:#?}")).clone()
}

fn check(model: &Resolution) -> Vec<Finding> {
    Resolver::new(model).unwrap().check()
}
