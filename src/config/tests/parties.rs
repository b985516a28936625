//! Whose move it is: the parties of a file, its peerings, and what is asked of them by when.

use super::derived::city;
use crate::config::City;
use crate::config::derive::Behind;
use crate::config::schema::{Initiator, Region};
use crate::config::values::Cidr;

fn requests(city: &City) -> Vec<String> {
    let requests = city.config.parties();
    requests
        .iter()
        .map(|request| {
            let deadline = request.deadline.map(|day| format!(" by {day}")).unwrap_or_default();
            let role = if request.party.role.is_some() { ", by us" } else { "" };
            format!("{} {} {}{role}{deadline}", request.party.name, request.party.id, request.party.company)
        })
        .collect()
}

#[test]
fn every_party_once_with_its_earliest_deadline() {
    let changed = city("anan", |text| {
        text.replace("account: b-sha\n", "account: a-sha\n    deadline: 2026-11-30\n")
            .replace(
                "dxgw: { owner: other, account: j-lis,",
                "deadline: 2027-01-15\n    dxgw: { owner: other, account: j-lis,",
            )
            .replace(
                "owner: C社,",
                "owner: C社, credentials: { assume-role: { role: \"arn:aws:iam::200000000003:role/gcnet\" } },",
            )
            .replace("    account: d-sha\n", "    account: d-sha\n    company: D商会\n")
    });
    let mut found = requests(&changed);
    found.retain(|line| !line.starts_with("carrier"));
    assert_eq!(
        found,
        [
            "j-lis 300000000001 J-LIS by 2027-01-15",
            "a-sha 200000000001 A社 by 2026-11-30",
            "c-sha 200000000003 C社, by us",
            "d-sha 200000000004 D商会",
        ]
    );
    let m = &changed.config;
    assert_eq!(m.account_of(&m.asps[3]).unwrap().company.as_str(), "D商会");
    assert!(m.peering_account(&m.asps[0]).is_none());
    assert_eq!(m.line_account(&m.lines[0]).unwrap().name.as_str(), "carrier");
}

#[test]
fn a_gateway_of_our_own_has_a_name_and_an_asn() {
    let changed = city("komatsushima", |text| {
        let (before, after) = text.split_once("    dxgw:\n").unwrap();
        let (_, after) = after.split_once("\n\n").unwrap();
        format!("{before}    dxgw: {{ owner: self }}\n\n{after}")
    });
    let line = &changed.config.lines[0];
    assert!(line.dxgw.is_made());
    assert_eq!(changed.config.gateway_name(line), "gcnet-komatsushima-lgcs");
    assert_eq!(line.dxgw.effective_asn().unwrap().0, 64512);
    assert!(changed.config.line_account(line).is_none());
    let other = city("komatsushima", |text| text.replace("      asn: !sample 64512", "      #"));
    assert!(other.config.lines[0].dxgw.effective_asn().is_none());
}

#[test]
fn whoever_may_use_our_service() {
    let provider = |principals: &str| {
        city("itano", |text| {
            text.replace("role: consumer", "role: provider").replace(
                "      name: !sample com.amazonaws.vpce.ap-northeast-1.vpce-svc-0c300000000000015\n",
                &format!("      load_balancer: \"arn:aws:elasticloadbalancing:ap-northeast-1:100000000021:loadbalancer/net/juki/0123456789abcdef\"\n{principals}"),
            )
        })
    };
    let allowed = |city: &City| -> Vec<String> {
        let fukushi = city.config.asps.iter().find(|asp| asp.name.as_str() == "fukushi").unwrap();
        city.config.allowed_principals(fukushi).iter().map(ToString::to_string).collect()
    };
    assert_eq!(allowed(&provider("")), ["arn:aws:iam::200000000003:root"]);
    let stated = provider("      principals: [\"arn:aws:iam::200000000003:role/network\"]\n");
    assert_eq!(allowed(&stated), ["arn:aws:iam::200000000003:role/network"]);
    // What we offer has no endpoint of ours.
    assert!(stated.config.asps.iter().all(|asp| !asp.is_consumed()));
}

/// AWS takes one peering a pair of Transit Gateways.
#[test]
fn sites_behind_one_gateway_share_its_peering() {
    let peered = city("naruto", |text| {
        let site = |name: &str, workload: &str, cidr: &str| {
            format!(
                "  - name: {name}\n    workloads: [{workload}]\n    cidrs: [{cidr}]\n    via: {{ peering: {{ tgw: tgw-0123456789abcdef0, account: j-lis, region: ap-northeast-3, initiated_by: them }} }}\n    links: [juki]\n"
            )
        };
        let (before, after) = text.split_once("  - name: koseki-dc\n").unwrap();
        let (_, after) = after.split_once("links: [juki]\n").unwrap();
        let sites = site("koseki-dc", "戸籍", "172.20.2.0/25") + &site("fuhyo-dc", "戸籍附票", "172.20.2.128/25");
        format!("{before}{sites}{after}").replace("links: [koseki-dc]", "links: [koseki-dc, fuhyo-dc]").replace(
            "    account: d-sha\n    connect: tgw\n",
            "    account: d-sha\n    connect: peering\n    peering: { tgw: tgw-0123456789abcdef1 }\n",
        )
    });
    let m = &peered.config;
    let [sites, asp] = &m.peerings()[..] else { panic!("two peerings") };
    assert_eq!(
        (sites.region, sites.initiated_by, sites.table.as_str()),
        (Region::Osaka, Initiator::Them, "rt-external")
    );
    assert_eq!(sites.cidrs().iter().map(Cidr::to_string).collect::<Vec<_>>(), ["172.20.2.0/25", "172.20.2.128/25"]);
    assert!(matches!(&sites.behind, Behind::Sites(behind) if behind.len() == 2));
    assert_eq!((asp.region, asp.initiated_by, asp.table.as_str()), (Region::Tokyo, Initiator::Us, "rt-gakko"));
    assert_eq!(asp.party.unwrap().company.as_str(), "D社");
    assert!(matches!(asp.behind, Behind::Asp(behind) if behind.name.as_str() == "gakko"));
}

/// IAM takes more into a trust policy than STS takes as an argument.
#[test]
fn an_external_id_is_one_that_sts_takes() {
    use crate::config::values::ExternalId;
    let (most, more) = ("x".repeat(1224), "x".repeat(1225));
    for fine in ["42", "naruto-2026", "a_b+c=d,e.f@g:h/i-j", most.as_str()] {
        assert_eq!(ExternalId::parse(fine).map(|id| id.to_string()).as_deref(), Ok(fine));
    }
    for refused in ["", "x", "a b", "鳴門市", "a#b", "a\n", more.as_str()] {
        assert!(ExternalId::parse(refused).is_err(), "{refused}");
    }
}
