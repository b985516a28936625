//! The municipality as a whole, and the description that does not hold together.

use super::{
    ask,
    city::{a, alias, bare, city, cname, forward, server, set, zone},
    in_vpc, ips, name, render,
};
use crate::*;

fn shown(from: &Asker, text: &str, record_type: RecordType) -> String {
    render::answer(&ask(&city(), from, text, record_type))
}

#[test]
fn a_name_of_the_city_is_answered_by_its_zone_from_everywhere() {
    let askers = [in_vpc("shared"), in_vpc("juki"), Asker::Inbound(None), Asker::Server("on-premises".into())];
    let shown: Vec<String> = askers.iter().map(|from| shown(from, "portal.gc.itano.example", RecordType::A)).collect();
    insta::assert_snapshot!(shown.join("\n\n"));
}

#[test]
fn a_cname_is_followed_out_to_on_premises() {
    insta::assert_snapshot!(shown(&in_vpc("juki"), "www.gc.itano.example", RecordType::A));
}

#[test]
fn another_companys_zone_decides_but_nobody_sees_what_it_says() {
    insta::assert_snapshot!(shown(&Asker::Server("on-premises".into()), "login.gc.itano.example", RecordType::Aaaa));
}

#[test]
fn a_vpc_without_the_zone_asks_the_internet() {
    insta::assert_snapshot!(shown(&in_vpc("fukushi"), "portal.gc.itano.example", RecordType::A));
}

#[test]
fn an_address_on_premises_has_its_name_from_there() {
    insta::assert_snapshot!(shown(&in_vpc("shared"), "20.0.1.10.in-addr.arpa", RecordType::Ptr));
}

#[test]
fn a_path_in_json() {
    let answer = ask(&city(), &in_vpc("shared"), "www.gc.itano.example", RecordType::A);
    insta::assert_snapshot!(serde_json::to_string_pretty(&answer).unwrap());
}

#[test]
fn a_city_as_it_should_be_has_nothing_worse_than_notes() {
    insta::assert_snapshot!(render::findings(&super::check(&city())));
}

#[test]
fn a_description_survives_json() {
    let json = serde_json::to_string(&city()).unwrap();
    assert_eq!(serde_json::from_str::<Resolution>(&json).unwrap(), city());
}

#[test]
fn a_description_that_does_not_hold_together_is_refused() {
    let refused = |change: &dyn Fn(&mut Resolution)| {
        let mut model = city();
        change(&mut model);
        Resolver::new(&model).err().unwrap().to_string()
    };
    let in_zone = |set: RecordSet| {
        refused(&move |model: &mut Resolution| {
            let Contents::Known(sets) = &mut model.zones[0].contents else { unreachable!() };
            sets.push(set.clone());
        })
    };
    let reasons = [
        refused(&|model| model.vpcs.push(model.vpcs[0].clone())),
        refused(&|model| model.zones.push(model.zones[0].clone())),
        refused(&|model| model.rules.push(model.rules[0].clone())),
        refused(&|model| model.servers.push(model.servers[0].clone())),
        refused(&|model| model.rules[0].vpcs.push("nowhere".into())),
        refused(&|model| model.zones[0].vpcs.push("nowhere".into())),
        refused(&|model| model.inbound[0].vpc = "nowhere".into()),
        refused(&|model| model.outbound[0].vpc = "nowhere".into()),
        refused(&|model| model.outbound.clear()),
        refused(&|model| model.inbound[0].addresses = ips(&["10.1.0.10"])),
        refused(&|model| model.rules[0].domain = name("*.town.example")),
        refused(&|model| model.zones[0].apex = name("*")),
        refused(&|model| model.servers[0].answers.push(name("*.b"))),
        in_zone(a("portal.gc.itano.example.jp", "10.0.0.1")),
        in_zone(a("www.gc.itano.example", "10.0.0.1")),
        in_zone(cname("portal.gc.itano.example", "b.example")),
        in_zone(cname("gc.itano.example", "b.example")),
        in_zone(set("x.gc.itano.example", RecordType::Cname, &["b.example"])),
    ];
    insta::assert_snapshot!(reasons.join("\n"));
}

#[test]
fn a_question_that_names_nobody_is_refused() {
    let model = city();
    let resolver = Resolver::new(&model).unwrap();
    for from in [in_vpc("nowhere"), Asker::Server("nobody".into()), Asker::Inbound(Some("none".into()))] {
        let refused = resolver.query(&from, &name("a.b"), RecordType::A);
        assert!(matches!(refused, Err(ModelError::Unknown { .. })), "{from:?}");
    }
}

#[test]
fn one_address_may_be_listed_twice_for_one_server_but_not_for_two() {
    let mut model = bare();
    model.servers = vec![server("one", &["10.1.0.1", "10.1.0.1"], &[], &[])];
    assert!(Resolver::new(&model).is_ok());
    model.servers.push(server("two", &["10.1.0.1"], &[], &[]));
    let (first, second) = ("one".into(), "two".into());
    let expected = ModelError::AddressTwice { address: "10.1.0.1".parse().unwrap(), first, second };
    assert_eq!(Resolver::new(&model).err(), Some(expected));
}

/// A city that puts its zones and a PrivateLink name in one place, as an ASP would see it.
#[test]
fn an_alias_to_an_endpoint_ends_with_its_name() {
    let mut model = bare();
    let target = name("vpce-0a.vpce-svc-0b.ap-northeast-1.vpce.amazonaws.com");
    let sets = vec![alias("svc.gc.example", Alias::Resource(target.clone()))];
    model.zones = vec![zone("gc", "gc.example", "us", &["shared"], Contents::Known(sets))];
    model.rules = vec![forward("all", ".", &["192.0.2.1"], &["shared"])];
    let data = Data::Alias { record_type: RecordType::A, to: Alias::Resource(target) };
    let expected = Outcome::Records { zone: "gc".into(), record: name("svc.gc.example"), ttl: None, data };
    assert_eq!(super::outcome(&model, &in_vpc("shared"), "svc.gc.example"), expected);
}
