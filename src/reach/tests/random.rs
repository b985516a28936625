//! Invented municipalities: whatever one may sensibly wish, the network does it.

use std::fmt::Write;

use gcnet_reach::matrix;
use proptest::prelude::*;

use super::{contradictions, planned};
use crate::config::{City, Code, Fleet, Purpose, Severity, source::Source};

/// An ASP of an invented municipality.
#[derive(Clone, Debug)]
struct Asp {
    connect: &'static str,
    /// How many VPCs.
    vpcs: usize,
    has_second_range: bool,
    onprem: bool,
    group: usize,
}

/// What differs from file to file.
#[derive(Clone, Debug)]
struct Wish {
    asps: Vec<Asp>,
    /// Pairs of groups, by index.
    links: Vec<(usize, usize)>,
    grouped: bool,
    /// Of each site: whether it has a peering, and the groups that it is linked to.
    sites: Vec<(bool, Vec<usize>)>,
    /// Of each line: whether it is planned.
    lines: Vec<bool>,
    dns: bool,
    probe: bool,
}

const GROUPS: usize = 4;

fn asps() -> impl Strategy<Value = Asp> {
    let connect = prop_oneof![3 => Just("tgw"), 1 => Just("peering"), 1 => Just("privatelink")];
    (connect, 1..3_usize, any::<bool>(), any::<bool>(), 0..GROUPS).prop_map(
        |(connect, vpcs, has_second_range, onprem, group)| Asp { connect, vpcs, has_second_range, onprem, group },
    )
}

fn wishes() -> impl Strategy<Value = Wish> {
    let sites = prop::collection::vec((any::<bool>(), prop::collection::vec(0..GROUPS, 0..3)), 0..3);
    let links = prop::collection::vec((0..GROUPS, 0..GROUPS), 0..4);
    let asps = prop::collection::vec(asps(), 0..6);
    let lines = prop::collection::vec(any::<bool>(), 1..3);
    (asps, links, any::<bool>(), sites, lines, any::<bool>(), any::<bool>()).prop_map(
        |(asps, links, grouped, sites, lines, dns, probe)| Wish { asps, links, grouped, sites, lines, dns, probe },
    )
}

impl Wish {
    /// What shares a table is treated alike, and what comes over a line reaches only what on-premises may reach.
    fn sensible(mut self) -> Wish {
        if self.grouped {
            let firsts: Vec<bool> = (0..GROUPS)
                .map(|group| self.asps.iter().find(|asp| asp.group == group).is_none_or(|asp| asp.onprem))
                .collect();
            self.asps.iter_mut().for_each(|asp| asp.onprem = firsts[asp.group]);
        }
        // One security group guards all endpoints.
        self.asps.iter_mut().filter(|asp| asp.connect == "privatelink").for_each(|asp| asp.onprem = true);
        self
    }

    fn routed(&self, group: usize) -> impl Iterator<Item = (usize, &Asp)> {
        self.asps.iter().enumerate().filter(move |(_, asp)| asp.group == group && asp.connect != "privatelink")
    }

    fn city(&self, sensible: bool) -> City {
        let source = Source::new("m0000.yaml", self.text(sensible));
        let fleet = Fleet::from_sources(vec![source]);
        let broken: Vec<_> = fleet
            .check(Purpose::Sandbox)
            .into_iter()
            .filter(|finding| finding.severity == Severity::Error && finding.code != Code::V11)
            .collect();
        assert!(!sensible || broken.is_empty(), "{broken:#?}\n{}", self.text(sensible));
        fleet.city("m0000").unwrap().clone()
    }

    fn text(&self, sensible: bool) -> String {
        let synthetic = crate::config::synthetic::municipalities(1).pop().unwrap();
        let head = &synthetic.text[..synthetic.text.find("onprem:").unwrap()];
        let mut text =
            head.replace("route53: ○, private_ca: ○, private_link: ○", "route53: －, private_ca: －, private_link: －");
        for mark in ["○\n", "●\n"] {
            text = text.replace(mark, "－\n");
        }
        text.push_str("onprem: { cidrs: [10.1.0.0/16, 10.2.4.0/24], dns_servers: [10.1.0.10] }\nlines:\n");
        for (index, planned) in self.lines.iter().enumerate() {
            let gateway = match planned {
                true => "{ owner: other, account: j-lis }".to_string(),
                false => format!("{{ owner: other, id: \"00000000-0000-4000-8000-{index:012}\", account: j-lis }}"),
            };
            let status = if *planned { "planned" } else { "connected" };
            writeln!(text, "  - {{ name: line{index}, kind: private, status: {status}, dxgw: {gateway} }}").unwrap();
        }
        self.write_sites(&mut text, sensible);
        let segmentation = if self.grouped { "grouped" } else { "per-asp" };
        writeln!(text, "shared_vpc: {{ cidr: 10.200.0.0/24, probe: {} }}", self.probe).unwrap();
        writeln!(text, "transit_gateway: {{ segmentation: {segmentation} }}").unwrap();
        self.write_asps(&mut text);
        if self.dns {
            text.push_str("dns: { inbound: { endpoints: 1 }, outbound: { endpoints: 1 } }\n");
        }
        text
    }

    fn write_sites(&self, text: &mut String, sensible: bool) {
        text.push_str("sites:\n");
        for (index, (has_peering, groups)) in self.sites.iter().enumerate() {
            let via = match has_peering {
                true => format!("{{ peering: {{ tgw: tgw-0a1b2c3d4e5f607{index:02x}, account: a-sha }} }}"),
                false => format!("{{ line: line{} }}", index % self.lines.len()),
            };
            let mut links: Vec<String> = vec![];
            for group in groups {
                let may = |asp: &Asp| !sensible || *has_peering || asp.onprem;
                links.extend(self.routed(*group).filter(|(_, asp)| may(asp)).map(|(index, _)| format!("asp{index}")));
            }
            links.sort();
            links.dedup();
            let links = links.join(", ");
            let cidr = format!("172.20.{index}.0/24");
            writeln!(text, "  - {{ name: site{index}, workloads: [], cidrs: [{cidr}], via: {via}, links: [{links}] }}")
                .unwrap();
        }
        if self.sites.is_empty() {
            *text = text.replace("sites:\n", "sites: []\n");
        }
    }

    fn write_asps(&self, text: &mut String) {
        text.push_str(if self.asps.is_empty() { "asps: []\n" } else { "asps:\n" });
        for (index, asp) in self.asps.iter().enumerate() {
            let Asp { connect, onprem, group, .. } = asp;
            writeln!(text, "  - name: asp{index}\n    account: b-sha\n    connect: {connect}\n    onprem: {onprem}")
                .unwrap();
            if *connect == "privatelink" {
                let service = format!("com.amazonaws.vpce.ap-northeast-1.vpce-svc-0a1b2c3d4e5f607{index:02x}");
                writeln!(
                    text,
                    "    role: consumer\n    service: {{ name: {service}, ports: [443, {}] }}",
                    8000 + index
                )
                .unwrap();
                continue;
            }
            if self.grouped {
                writeln!(text, "    group: group{group}").unwrap();
            }
            if *connect == "peering" {
                writeln!(text, "    peering: {{ tgw: tgw-0a1b2c3d4e5f608{index:02x} }}").unwrap();
            }
            let vpcs: Vec<String> = (0..asp.vpcs).map(|vpc| self.vpc(index, vpc)).collect();
            writeln!(text, "    vpcs: [{}]", vpcs.join(", ")).unwrap();
            // Whole groups are linked: a table has no way for some of its ASPs only.
            let peers = self.links.iter().filter(|(from, _)| from == group).map(|(_, to)| *to);
            let mut peers: Vec<usize> = peers.flat_map(|to| self.routed(to)).map(|(peer, _)| peer).collect();
            peers.sort_unstable();
            peers.dedup();
            let peers: Vec<String> =
                peers.into_iter().filter(|peer| *peer != index).map(|peer| format!("asp{peer}")).collect();
            writeln!(text, "    links: [{}]", peers.join(", ")).unwrap();
        }
    }

    fn vpc(&self, asp: usize, vpc: usize) -> String {
        let id = format!("vpc-0a1b2c3d4e5f6{asp:02x}{vpc:02x}");
        let second = if self.asps[asp].has_second_range {
            format!(", secondary_cidrs: [192.168.{}.0/24]", asp * 8 + vpc)
        } else {
            String::new()
        };
        format!("{{ id: {id}, cidr: 10.{}.{vpc}.0/24{second} }}", 220 + asp)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn what_is_sensibly_wished_is_what_the_network_does(wish in wishes()) {
        let city = wish.sensible().city(true);
        let told = contradictions(&city, &[]);
        prop_assert!(told.is_empty(), "{told:#?}\n{}", city.source.text);
    }

    /// Also of a file that contradicts itself.
    #[test]
    fn every_readable_file_describes_a_network(wish in wishes()) {
        let city = wish.city(false);
        let network = planned(&city.config);
        prop_assert!(matrix(&network).is_ok(), "{:?}", matrix(&network).err());
        prop_assert_eq!(network.waits(), wish.lines.contains(&true));
    }
}
