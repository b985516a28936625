//! What a network engineer thinks in: which kinds belong together, what is worth saying of each, and what hangs on what.

use std::collections::BTreeMap;

use gcnet_core::Address;
use serde_json::Value;

use super::{
    Lang,
    document::{Action, Change, Step},
    field,
    value::Names,
};

/// A part of the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    Vpc,
    VpcRouting,
    SecurityGroups,
    TransitGateway,
    TransitRouting,
    Sharing,
    Lines,
    Endpoints,
    Names,
    Logs,
    Roles,
    Others,
}

/// The kinds, in the order in which a person would build them.
const KINDS: [(&str, Group); 41] = [
    ("vpc", Group::Vpc),
    ("subnet", Group::Vpc),
    ("route-table", Group::VpcRouting),
    ("route-table-association", Group::VpcRouting),
    ("route", Group::VpcRouting),
    ("security-group", Group::SecurityGroups),
    ("transit-gateway", Group::TransitGateway),
    ("tgw-vpc-attachment", Group::TransitGateway),
    ("foreign-attachment", Group::TransitGateway),
    ("tgw-peering", Group::TransitGateway),
    ("tgw-route-table", Group::TransitRouting),
    ("tgw-association", Group::TransitRouting),
    ("tgw-propagation", Group::TransitRouting),
    ("tgw-route", Group::TransitRouting),
    ("foreign-route", Group::TransitRouting),
    ("share", Group::Sharing),
    ("share-resource", Group::Sharing),
    ("share-principal", Group::Sharing),
    ("dx-gateway", Group::Lines),
    ("transit-vif", Group::Lines),
    ("dx-association", Group::Lines),
    ("dx-attachment", Group::Lines),
    ("endpoint-offer", Group::Endpoints),
    ("vpc-endpoint", Group::Endpoints),
    ("endpoint-service", Group::Endpoints),
    ("endpoint-permission", Group::Endpoints),
    ("endpoint-connection", Group::Endpoints),
    ("resolver-endpoint", Group::Names),
    ("resolver-rule", Group::Names),
    ("resolver-rule-association", Group::Names),
    ("foreign-rule-association", Group::Names),
    ("hosted-zone", Group::Names),
    ("zone-records", Group::Names),
    ("alias-record", Group::Names),
    ("zone-association", Group::Names),
    ("foreign-zone", Group::Names),
    ("query-log", Group::Names),
    ("query-log-association", Group::Names),
    ("log-group", Group::Logs),
    ("flow-log", Group::Logs),
    ("role", Group::Roles),
];

/// The part of the network that a kind belongs to, and the kind's place: for sorting.
pub(super) fn place(kind: &str) -> (Group, usize) {
    let place = KINDS.iter().position(|(name, _)| *name == kind);
    place.map_or((Group::Others, KINDS.len()), |place| (KINDS[place].1, place))
}

impl Group {
    pub(super) fn title(self, lang: Lang) -> &'static str {
        match self {
            Group::Vpc => lang.pick("VPC とサブネット", "VPC and subnets"),
            Group::VpcRouting => lang.pick("VPC のルーティング", "VPC routing"),
            Group::SecurityGroups => lang.pick("セキュリティグループ", "Security groups"),
            Group::TransitGateway => lang.pick("Transit Gateway", "Transit gateway"),
            Group::TransitRouting => lang.pick("Transit Gateway のルーティング", "Transit gateway routing"),
            Group::Sharing => lang.pick("他のアカウントとの共有", "Shares with other accounts"),
            Group::Lines => lang.pick("回線 (Direct Connect)", "Lines (Direct Connect)"),
            Group::Endpoints => lang.pick("PrivateLink", "PrivateLink"),
            Group::Names => lang.pick("名前解決 (Route 53)", "Name resolution (Route 53)"),
            Group::Logs => lang.pick("ログ", "Logs"),
            Group::Roles => lang.pick("ロール", "Roles"),
            Group::Others => lang.pick("その他", "Others"),
        }
    }
}

/// A resource that is read best as an entry of a table.
pub(super) struct Entry {
    /// The table.
    pub(super) parent: Address,
    /// What entries of this sort are called there: `routes to tgw/main`.
    pub(super) label: String,
    /// Its own key: the destination, the attachment.
    pub(super) key: String,
}

/// `None` for what stands by itself.
pub(super) fn entry(step: &Step, names: &Names<'_>, lang: Lang) -> Option<Entry> {
    let (parent_kind, name) = match step.kind.as_str() {
        "route" | "route-table-association" => ("route-table", step.address.name()),
        "tgw-route" | "tgw-association" | "tgw-propagation" => ("tgw-route-table", step.address.name()),
        _ => return None,
    };
    let (in_name, key) = match step.kind.as_str() {
        // table/10.0.0.0/8
        "route" | "tgw-route" => {
            let (rest, length) = name.rsplit_once('/')?;
            let (table, network) = rest.rsplit_once('/')?;
            (Some(table), format!("{network}/{length}"))
        }
        // table/attachment
        "tgw-propagation" => {
            let (table, attachment) = name.split_once('/')?;
            (Some(table), attachment.to_string())
        }
        _ => (None, name.to_string()),
    };
    let parent = match in_name {
        Some(table) => Address::new(parent_kind, table),
        None => referred(value(step, "table")?)?,
    };
    let label = match step.kind.as_str() {
        "route" => match value(step, "tgw").filter(|hop| !hop.is_null()) {
            Some(hop) => lang.pick(
                format!("{} へのルート", names.inline("tgw", hop)),
                format!("routes to {}", names.inline("tgw", hop)),
            ),
            None => lang.pick("ルート", "routes").into(),
        },
        "tgw-route" => match value(step, "hop") {
            Some(Value::String(hop)) if hop == "blackhole" => lang.pick("ブラックホール", "blackholes").into(),
            Some(hop) => {
                let hop = names.inline("hop", hop);
                lang.pick(format!("{hop} への静的ルート"), format!("static routes to {hop}"))
            }
            None => lang.pick("静的ルート", "static routes").into(),
        },
        "route-table-association" => lang.pick("使うサブネット", "used by subnets").into(),
        "tgw-association" => lang.pick("関連付け", "associated").into(),
        _ => lang.pick("伝播", "propagations").into(),
    };
    Some(Entry { parent, label, key })
}

/// The wished value of a field, else the live one; only what a step says.
fn value<'a>(step: &'a Step, field: &str) -> Option<&'a Value> {
    let change = step.changes.iter().find(|change| change.field == field)?;
    Some(if step.action == Action::Delete { &change.before } else { &change.after })
}

fn referred(value: &Value) -> Option<Address> {
    Address::parse(value.as_object()?.get("$ref")?.as_str()?).ok()
}

/// What is worth saying of a resource that comes: on its line, and as lists below it.
#[derive(Default)]
pub(super) struct Brief {
    pub(super) line: Vec<String>,
    pub(super) lists: BTreeMap<&'static str, Vec<String>>,
}

/// Of a resource that is created.
pub(super) fn brief(step: &Step, names: &Names<'_>, lang: Lang) -> Brief {
    let field = |name: &str| step.changes.iter().find(|change| change.field == name).map(|change| &change.after);
    let said = |name: &str| field(name).map(|value| names.inline(name, value));
    let called = |name: &str, label: &str| said(name).map(|value| format!("{label} {value}"));
    let way = |from: &str, to: &str| Some(format!("{} -> {}", said(from)?, said(to)?));
    let set = |name: &str| field(name).and_then(|value| names.elements(name, value));
    let list =
        |name: &'static str| set(name).filter(|set| !set.is_empty()).map(|set| (name, set.into_iter().collect()));
    let mut brief = Brief::default();
    brief.line = match step.kind.as_str() {
        "vpc" => [said("cidr")].into_iter().flatten().collect(),
        "subnet" => [said("cidr"), said("zone")].into_iter().flatten().collect(),
        "transit-gateway" => [called("asn", "ASN")].into_iter().flatten().collect(),
        "tgw-vpc-attachment" => {
            let subnets = field("subnets").and_then(Value::as_array).into_iter().flatten();
            let subnets = subnets.map(|subnet| names.inline("subnets", subnet));
            way("vpc", "tgw").into_iter().chain(subnets).collect()
        }
        "log-group" => match field("retention_days").and_then(Value::as_i64) {
            Some(days) => vec![lang.pick(format!("{days} 日保存"), format!("kept {days} days"))],
            None => vec![lang.pick("無期限に保存", "kept for ever").into()],
        },
        "flow-log" => [way("of", "group")].into_iter().flatten().collect(),
        "security-group" => {
            brief.lists = [list("ingress"), list("egress")].into_iter().flatten().collect();
            vec![]
        }
        "role" => {
            brief.lists = [list("trust")].into_iter().flatten().collect();
            let policies = field("policies").and_then(Value::as_object).into_iter().flatten();
            let policies = policies.flat_map(|(_, policy)| super::value::policy_summary(policy, lang));
            brief.lists.insert("policies", policies.collect());
            vec![]
        }
        // Their names say it; the rest is what they are held against.
        "route-table" | "tgw-route-table" | "dx-attachment" => vec![],
        _ => step.changes.iter().filter(|change| is_plain(change)).map(|change| plain(change, names, lang)).collect(),
    };
    brief
}

fn is_plain(change: &Change) -> bool {
    let empty = match &change.after {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    };
    !empty && !change.field.starts_with("tags.")
}

fn plain(change: &Change, names: &Names<'_>, lang: Lang) -> String {
    format!("{} {}", field::name(&change.field, lang), names.inline(&change.field, &change.after))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A new kind would be shown among the others, without a word on what it is.
    #[test]
    fn every_kind_has_its_place() {
        let kinds: Vec<&str> = gcnet_aws::KINDS.0.iter().map(|kind| kind.name()).collect();
        let placed: Vec<&str> = KINDS.iter().map(|(kind, _)| *kind).collect();
        for kind in &kinds {
            assert!(placed.contains(kind), "{kind}");
        }
        assert_eq!(kinds.len(), placed.len());
    }
}
