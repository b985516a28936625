//! What the computation says, against what is known to be so.

mod brute;
mod city;
mod exact;
mod model;
mod random;
mod render;
mod requirements;
mod scale;
mod traps;

use ipnet::Ipv4Net;

fn net(text: &str) -> Ipv4Net {
    text.parse().unwrap()
}

fn nets(texts: &[&str]) -> Vec<Ipv4Net> {
    texts.iter().map(|text| net(text)).collect()
}
