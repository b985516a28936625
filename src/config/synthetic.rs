//! Invented municipalities in any number, for benchmarks: valid, and as large as a real file.

use std::sync::Arc;

use super::source::Source;

/// How many municipalities Japan has.
pub const ALL_OF_JAPAN: usize = 1_741;

/// The files of `count` municipalities (at most [`ALL_OF_JAPAN`] times two, where the invented ranges end). Five at a time
/// share an ASP's VPC, so that the checks across files have work.
pub fn municipalities(count: usize) -> Vec<Arc<Source>> {
    (0..count.min(2 * ALL_OF_JAPAN))
        .map(|index| Source::new(format!("municipalities/m{index:04}.yaml"), file(index)))
        .collect()
}

/// Check digit of a municipal code's first five digits.
fn check_digit(five: usize) -> usize {
    let sum: usize = (0..5).map(|place| (five / 10_usize.pow(4 - place as u32)) % 10 * (6 - place)).sum();
    (11 - sum % 11) % 10
}

fn file(index: usize) -> String {
    let five = 10_000 + index;
    let code = format!("{five}{}", check_digit(five));
    let (high, low) = (index / 256, index % 256);
    let onprem = format!("10.{}", index % 250);
    let shared = format!("100.{}.{low}", 64 + high);
    let (own, site) = (format!("172.{}.{low}", 16 + high % 8), format!("172.{}.{low}", 24 + high % 8));
    let group = index / 5;
    let common = format!("192.168.{}", group % 256);
    format!(
        r#"apiVersion: gcnet/v1
municipality: {{ key: m{index:04}, name: 第{index}町, name_en: Town {index}, code: "{code}", prefecture: 徳島県 }}
environment: prod
region: ap-northeast-1

# 仕様書の表の写し
contract:
  row: {index}
  options: {{ route53: ○, private_ca: ○, private_link: ○ }}
  workloads:
    住民記録: ○
    選挙人名簿管理: ○
    固定資産税: ○
    個人住民税: ○
    法人住民税: ○
    軽自動車税: ○
    就学: －
    国民年金: ○
    国民健康保険: ○
    後期高齢者医療: ○
    介護保険: ○
    障害者福祉: ○
    生活保護: －
    健康管理: ○
    児童手当: ○
    児童扶養手当: －
    子ども・子育て支援: ○
    戸籍: ●
    戸籍附票: ●
    印鑑登録: ○

accounts:
  network: {{ id: !sample "{network:012}", model: single-use }}
  others:
    a-sha: {{ id: !sample "200000000001", owner: A社 }}
    b-sha: {{ id: !sample "200000000002", owner: B社 }}
    c-sha: {{ id: !sample "200000000003", owner: C社 }}
    j-lis: {{ id: !sample "300000000001", owner: J-LIS }}
sharing: {{ within_organization: unknown, allow_external_principals: false }}

onprem:
  cidrs: !sample [{onprem}.0.0/16]
  dns_servers: !sample [{onprem}.0.10, {onprem}.0.11]
lines:
  - name: lgcs
    kind: lgcs
    status: !sample opening
    opens: 2025-03
    dxgw: {{ owner: other, id: !sample "00000000-0000-4000-8000-{index:012}", account: j-lis, asn: 64512 }}
sites:
  - name: koseki-dc
    workloads: [戸籍, 戸籍附票]
    cidrs: !sample [{site}.0/24]
    via: {{ line: lgcs }}
    links: [juki]
shared_vpc: {{ cidr: !sample {shared}.0/24 }}

asps:
  - name: juki
    account: a-sha
    connect: tgw
    workloads: [住民記録, 印鑑登録, 選挙人名簿管理, 固定資産税, 個人住民税, 法人住民税, 軽自動車税]
    vpcs: [{{ id: !sample vpc-a{index:016x}, cidr: !sample {own}.0/24 }}]
    zones: [{{ name: !sample juki.m{index:04}.example, id: !sample Z0A{index:010} }}]
    links: [koseki-dc]
    deadline: !sample 2026-12-18
  - name: hoken
    account: b-sha
    connect: tgw
    workloads: [国民年金, 国民健康保険, 後期高齢者医療, 介護保険]
    vpcs: [{{ id: !sample vpc-b{group:016x}, cidr: !sample {common}.0/24 }}]
    links: [juki]
  - name: fukushi
    account: c-sha
    connect: privatelink
    role: consumer
    workloads: [障害者福祉, 健康管理, 児童手当, 子ども・子育て支援]
    service:
      name: !sample com.amazonaws.vpce.ap-northeast-1.vpce-svc-c{index:016x}
      ports: [443]
      dns: !sample fukushi.gc.m{index:04}.example

dns:
  inbound: {{ endpoints: 1 }}
  outbound: {{ endpoints: 1 }}
  zones:
    - name: !sample gc.m{index:04}.example
      share_with: [juki, hoken]
      records:
        - {{ name: koseki, type: A, ttl: 300, values: !sample [{site}.10] }}
        - {{ name: ca, type: CNAME, ttl: 3600, values: !sample [www.town.m{index:04}.example] }}
  forward_rules:
    - {{ domain: !sample town.m{index:04}.example, reverse: !sample [{onprem}.0.0/16], share_with: [juki, hoken] }}
  query_log: true
private_ca:
  subject: {{ common_name: !sample Town {index} GC Root CA, country: JP }}
  share_with: [juki, hoken]
logs: {{ flow: cloudwatch, retention_days: 365, kms: none }}
operators:
  principals: !sample ["arn:aws:iam::400000000001:role/network-operators"]
tags: {{ CostCenter: "{code}" }}
"#,
        network = 500_000_000_000_usize + index,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Fleet, Purpose, Severity};

    /// A part of it, from both ends: unoptimised, the whole takes half a minute. The benchmark reads all of it.
    #[test]
    fn all_of_japan_is_valid() {
        let mut sources = municipalities(ALL_OF_JAPAN);
        sources.drain(60..ALL_OF_JAPAN - 60);
        let fleet = Fleet::from_sources(sources);
        assert_eq!(fleet.cities().count(), 120);
        let worst = fleet.check(Purpose::Validate).into_iter().find(|finding| finding.severity > Severity::Notice);
        assert!(worst.is_none(), "{worst:?}");
    }
}
