//! Descriptions that do not hold together.

use super::{
    city::{city, in_vpc, outside, table, vpc_attachment},
    net,
};
use crate::*;

fn error(change: impl FnOnce(&mut Network)) -> String {
    let mut network = city();
    change(&mut network);
    matrix(&network).unwrap_err().to_string()
}

#[test]
fn every_name_is_there_once() {
    let cases = [
        error(|network| network.vpcs.push(network.vpcs[0].clone())),
        error(|network| network.gateways.push(Gateway { attachments: vec![], ..network.gateways[0].clone() })),
        error(|network| network.gateways.push(Gateway { name: "second".into(), ..network.gateways[0].clone() })),
        error(|network| network.gateways[0].tables.push(table("rt-juki", &[], vec![]))),
        error(|network| network.groups.push(network.groups[0].clone())),
        error(|network| network.places.push(network.places[0].clone())),
        error(|network| network.gateways[0].attachments[0].table = Some("rt-lost".into())),
        error(|network| network.gateways[0].tables[0].propagations.push("lost".into())),
        error(|network| network.places.push(in_vpc("x", "lost", &[]))),
        error(|network| network.places.push(in_vpc("x", "shared", &["lost"]))),
        error(|network| network.places[5].groups.push("lost".into())),
        error(|network| network.groups[0].ingress[0].peer = Peer::Group("lost".into())),
        error(|network| network.gateways[0].attachments.push(vpc_attachment("lost", &[], "rt-juki"))),
        error(|network| {
            let Routing::Known { tables, .. } = &mut network.vpcs[0].routing else { unreachable!() };
            tables[1].routes[0].target = VpcTarget::Gateway("lost".into());
        }),
        error(|network| {
            let Routing::Known { tables, .. } = &mut network.vpcs[0].routing else { unreachable!() };
            tables.remove(0);
        }),
    ];
    insta::assert_snapshot!(cases.join("\n"));
}

#[test]
fn places_and_subnets_are_where_they_can_be() {
    let lost = |ranges| At::Peer { attachment: "juki".into(), ranges };
    let cases = [
        error(|network| network.places.push(outside("x", &[], &[]))),
        error(|network| network.places.push(Place::new("x", lost(vec![net("10.9.0.0/24")])))),
        error(|network| {
            let At::Vpc { addresses, .. } = &mut network.places[5].at else { unreachable!() };
            addresses.push([10, 210, 21, 1].into());
        }),
        error(|network| {
            let Routing::Known { subnets, .. } = &mut network.vpcs[0].routing else { unreachable!() };
            subnets[0].cidr = net("10.210.21.0/27");
        }),
        error(|network| {
            let Routing::Known { subnets, .. } = &mut network.vpcs[0].routing else { unreachable!() };
            subnets[0].cidr = net("10.210.22.0/28");
        }),
        error(|network| network.gateways[0].tables[0].propagations.push("zei".into())),
        error(|network| {
            let again = Attachment { name: "again".into(), ..network.gateways[0].attachments[1].clone() };
            network.gateways[0].attachments.push(again);
        }),
    ];
    insta::assert_snapshot!(cases.join("\n"));
}
