//! Twelve ASPs and more than thirty places; and routes woven so that ways are many.

use super::{
    city::{attachment, city, in_vpc, line, outside, route, table, vpc_attachment},
    net, nets,
};
use crate::{pair::Solver, *};

/// The city with ten more ASPs, each cut off from the others, and an endpoint for each of ten services.
fn large() -> Network {
    let mut network = city();
    let names: Vec<String> = (0..10).map(|number| format!("asp-{number}")).collect();
    let cidrs: Vec<String> = (0..10).map(|number| format!("10.220.{number}.0/24")).collect();
    for (name, cidr) in names.iter().zip(&cidrs) {
        network.vpcs.push(Vpc { name: name.clone(), cidrs: nets(&[cidr]), routing: Routing::Assumed });
        let gateway = &mut network.gateways[0];
        let own = format!("rt-{name}");
        let others = cidrs.iter().filter(|other| *other != cidr);
        let holes = others.map(|other| super::city::hole(other)).collect();
        gateway.attachments.push(vpc_attachment(name, &[], &own));
        gateway.tables.push(table(&own, &["shared", "private", "lgcs"], holes));
        gateway.tables[..2].iter_mut().for_each(|table| table.propagations.push(name.clone()));
        network.places.push(in_vpc(name, name, &[]));
        let endpoint = Place { name: format!("endpoint-{name}"), ..network.places[5].clone() };
        network.places.push(endpoint);
        network.places.push(outside(&format!("site-{name}"), &["lgcs"], &[&cidr.replace("10.220", "172.30")]));
    }
    for attachment in &mut network.gateways[0].attachments {
        if let Attached::Line { advertised, .. } = &mut attachment.to {
            advertised.extend(cidrs.iter().map(|cidr| net(cidr)));
        }
    }
    network
}

/// A walk is done once for each place's start and atom, whatever the number of pairs that it serves.
#[test]
fn the_work_is_that_of_places_not_of_pairs() {
    let network = large().when_open();
    assert_eq!(network.places.len(), 38);
    let mut solver = Solver::new(&network).unwrap();
    for from in 0..network.places.len() {
        for to in 0..network.places.len() {
            solver.flows(from, to);
        }
    }
    let (walks, atoms) = solver.effort();
    assert!(atoms < 150, "{atoms}");
    assert!(walks < 40 * atoms, "{walks} walks over {atoms} atoms");
}

#[test]
fn a_large_city_is_as_meant() {
    let matrix = matrix(&large().when_open()).unwrap();
    assert!(matrix.verdict("onprem", "asp-3").unwrap().reaches());
    assert!(matrix.verdict("asp-3", "asp-4").unwrap().is_blocked());
    assert_eq!(matrix.cells.len(), 38 * 37);
}

/// Twenty VPCs in a row, each with two equally good ways into the next: a million ways through.
#[test]
fn woven_routes_do_not_multiply() {
    let layers = 20;
    let mut gateway = Gateway { name: "main".into(), attachments: vec![], tables: vec![] };
    let mut vpcs = vec![];
    for layer in 0..layers {
        for side in ["a", "b"] {
            let name = format!("{side}{layer}");
            let cidr = format!("10.{layer}.{}.0/24", u8::from(side == "b"));
            let own = super::city::subnet("only", &cidr, "apne1-az1", "all");
            let tables = vec![VpcTable { name: "all".into(), routes: super::city::to_gateway(&["192.168.0.0/16"]) }];
            vpcs.push(Vpc {
                name: name.clone(),
                cidrs: nets(&[&cidr]),
                routing: Routing::Known { subnets: vec![own], tables },
            });
            gateway.attachments.push(vpc_attachment(&name, &["only"], &format!("rt-{name}")));
            let next = ["a", "b"].map(|side| {
                let to = if layer + 1 == layers { "end".into() } else { format!("{side}{}", layer + 1) };
                route("192.168.0.0/16", &to, Origin::Propagated)
            });
            gateway.tables.push(table(&format!("rt-{name}"), &["a0"], next.to_vec()));
        }
    }
    gateway.attachments.push(attachment("end", line("end", &["10.0.0.0/8"], &[]).to, "rt-end"));
    gateway.tables.push(table("rt-end", &["a0"], vec![]));
    let places = vec![in_vpc("start", "a0", &[]), outside("goal", &["end"], &["192.168.0.0/16"])];
    let network = Network { vpcs, gateways: vec![gateway], groups: vec![], places };
    assert!(path(&network, "start", "goal").unwrap().verdict.reaches());
}
