//! The nine files against the specification, transcribed here once more from its text, dashes as they are there.

use std::path::Path;

use crate::config::problem::Code;
use crate::config::schema::{LineKind, LineStatus};
use crate::config::values::{Mark, Opens, Workload};
use crate::config::{Fleet, Purpose, Severity};

/// The header of the table.
const HEADER: &str = "Route53 PrivateCA PrivateLink 住民記録 選挙人名簿管理 固定資産税 個人住民税 法人住民税 軽自動車税 就学 国民年金 \
    国民健康保険 後期高齢者医療 介護保険 障害者福祉 生活保護 健康管理 児童手当 児童扶養手当 子ども・子育て支援 戸籍 戸籍附票 印鑑登録";

/// Row number, key, name, the 23 cells, and the connection of section 2.4.
#[rustfmt::skip]
const TABLE: [(u32, &str, &str, &str, &str, Connection); 9] = [
    (2, "naruto", "鳴門市", "362026", "○ ○ － ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ● ● ○", Lgcs("2025年1月")),
    (3, "komatsushima", "小松島市", "362034", "ｰ ｰ － ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ● ● ○", Lgcs("2025年2月")),
    (4, "anan", "阿南市", "362042", "ｰ ｰ － ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ● ● ○", PrivateLineConnected),
    (7, "mima", "美馬市", "362077", "○ － ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ● ● ○", Lgcs("2025年1月")),
    (9, "katsuura", "勝浦町", "363014", "○ － ― ○ ○ ○ ○ ○ ○ ー ○ ○ ○ ○ ○ ー ○ ○ ー ○ ● ● ○", Lgcs("2025年4月以降")),
    (18, "matsushige", "松茂町", "364011", "○ － － ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ー ○ ○ ー ○ ● ● ○", Lgcs("2025年3月")),
    (20, "aizumi", "藍住町", "364037", "○ ｰ － ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ー ○ ○ ー ○ ● ● ○", Lgcs("2025年3月")),
    (21, "itano", "板野町", "364045", "○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ー ○ ○ ー ○ ● ● ○", Lgcs("2025年4月以降")),
    (22, "kamiita", "上板町", "364053", "○ － － ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ○ ー ○ ○ ー ○ ● ● ○", Lgcs("2025年4月以降")),
];

enum Connection {
    Lgcs(&'static str),
    PrivateLineConnected,
}
use Connection::{Lgcs, PrivateLineConnected};

fn nine() -> Fleet {
    Fleet::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("municipalities")).unwrap()
}

#[test]
fn match_the_specification_cell_by_cell() {
    let fleet = nine();
    assert_eq!(fleet.len(), TABLE.len());
    let columns: Vec<&str> = HEADER.split_whitespace().collect();
    assert_eq!(columns.len(), 23);
    for (row, key, name, code, cells, _) in &TABLE {
        let m = &fleet.city(key).unwrap().config;
        assert_eq!(m.municipality.name.as_str(), *name);
        assert_eq!(m.municipality.code.as_str(), *code, "{key}");
        assert_eq!(m.contract.row.value, *row, "{key}");
        let cells: Vec<Mark> = cells.split_whitespace().map(|cell| Mark::parse(cell).unwrap()).collect();
        assert_eq!(cells.len(), columns.len(), "{key}");
        let options = &m.contract.options;
        assert_eq!([options.route53.value, options.private_ca.value, options.private_link.value], cells[..3], "{key}");
        assert_eq!(m.contract.workloads.len(), 20, "{key}");
        for (workload, (column, cell)) in Workload::ALL.into_iter().zip(columns[3..].iter().zip(&cells[3..])) {
            assert_eq!(workload.name(), *column);
            let stated = m.contract.workloads.iter().find(|(listed, _)| listed.value == workload).unwrap().1;
            assert_eq!(stated.value, *cell, "{key} {column}");
        }
    }
}

/// The totals of the table, counted apart from its rows.
#[test]
fn totals_of_the_specification() {
    let fleet = nine();
    let count = |built: fn(&crate::config::City) -> bool| fleet.cities().filter(|city| built(city)).count();
    assert_eq!(count(|city| city.config.dns.is_some()), 7);
    assert_eq!(count(|city| city.config.private_ca.is_some()), 2);
    assert_eq!(count(|city| city.config.uses_private_link()), 2);
    let on_aws = |key: &str| {
        let table = &fleet.city(key).unwrap().config.contract.workloads;
        table.values().filter(|mark| mark.value == Mark::Aws).count()
    };
    let found: Vec<usize> = TABLE.iter().map(|(_, key, ..)| on_aws(key)).collect();
    assert_eq!(found, [18, 18, 18, 18, 15, 16, 16, 16, 16]);
}

#[test]
fn connections_and_months_of_the_specification() {
    let fleet = nine();
    for (_, key, _, _, _, connection) in &TABLE {
        let lines = &fleet.city(key).unwrap().config.lines;
        match connection {
            Lgcs(month) => {
                let [line] = lines.as_slice() else { panic!("{key} has one line") };
                assert_eq!(line.kind, LineKind::Lgcs, "{key}");
                let stated = match line.opens.as_deref().unwrap() {
                    Opens::In(month) => format!("{}年{}月", month.year, month.month),
                    Opens::From(month) => format!("{}年{}月以降", month.year, month.month),
                };
                assert_eq!(stated, *month, "{key}");
                assert_ne!(line.status.value, LineStatus::Connected, "{key}");
            }
            PrivateLineConnected => {
                let [private, lgcs] = lines.as_slice() else { panic!("{key} has two lines") };
                assert_eq!((private.kind, private.status.value), (LineKind::Private, LineStatus::Connected));
                // 令和８年度以降に LGCS への移行を検討
                assert_eq!((lgcs.kind, lgcs.status.value), (LineKind::Lgcs, LineStatus::Planned));
                let Some(Opens::From(month)) = lgcs.opens.as_deref() else { panic!("{key} has a first month") };
                assert_eq!((month.year, month.month), (2026, 4));
            }
        }
    }
}

#[test]
fn are_valid_samples_and_refused_for_real() {
    let fleet = nine();
    let findings = fleet.check(Purpose::Validate);
    assert_eq!(findings.len(), 9, "{findings:?}");
    assert!(findings.iter().all(|finding| (finding.code, finding.severity) == (Code::V15, Severity::Notice)));
    for city in fleet.cities() {
        let real = fleet.check_city(city, Purpose::RealAccount);
        assert!(real.iter().any(|finding| (finding.code, finding.severity) == (Code::V15, Severity::Error)));
    }
}

/// Specification 4.2.1, and domain reference 2.4: five attachments a VPC.
#[test]
fn registers_reach_residents_and_no_one_else() {
    for city in nine().cities() {
        let m = &city.config;
        let site = m.sites.first().unwrap();
        for asp in &m.asps {
            let residents = asp.workloads.iter().any(|workload| workload.value == Workload::ResidentRecords);
            assert_eq!(m.linked(&asp.name, &site.name), residents, "{} {}", m.key(), asp.name.as_str());
            let cut_off = site.ranges().all(|range| m.blackholes_of(asp).contains(&range));
            assert_eq!(cut_off, !residents, "{} {}", m.key(), asp.name.as_str());
        }
    }
}
