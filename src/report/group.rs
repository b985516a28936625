//! What a network engineer thinks in: which kinds belong together, and what hangs on what.

use gcnet_core::Address;
use serde_json::Value;

use super::{
    Lang,
    document::{Action, Step},
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
    PrivateCa,
    Logs,
    Roles,
    Others,
}

/// The kinds, in the order in which a person would build them.
const KINDS: [(&str, Group); 44] = [
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
    ("bucket", Group::PrivateCa),
    ("certificate-authority", Group::PrivateCa),
    ("ca-permission", Group::PrivateCa),
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
            Group::PrivateCa => lang.pick("プライベート CA", "Private CA"),
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
    let name = step.address.name();
    let first = || name.split_once('/').map(|(parent, key)| (parent, key.to_string()));
    let last = || name.rsplit_once('/').map(|(parent, key)| (parent, key.to_string()));
    // Entries of tables may have a slash in their key, as ranges do.
    let (parent_kind, (parent, key)) = match step.kind.as_str() {
        "route" => ("route-table", ranged(name)?),
        "tgw-route" => ("tgw-route-table", ranged(name)?),
        "tgw-propagation" => ("tgw-route-table", first()?),
        "share-resource" | "share-principal" => ("share", first()?),
        "resolver-rule-association" | "foreign-rule-association" => ("resolver-rule", last()?),
        "query-log-association" => ("query-log", last()?),
        "zone-association" => ("hosted-zone", last()?),
        "ca-permission" => ("certificate-authority", first()?),
        "route-table-association" | "tgw-association" => {
            let parent = referred(value(step, "table")?)?;
            return Some(Entry { parent, label: label(step, names, lang), key: name.into() });
        }
        _ => return None,
    };
    Some(Entry { parent: Address::new(parent_kind, parent), label: label(step, names, lang), key })
}

/// `table/10.0.0.0/8`
fn ranged(name: &str) -> Option<(&str, String)> {
    let (rest, length) = name.rsplit_once('/')?;
    let (table, network) = rest.rsplit_once('/')?;
    Some((table, format!("{network}/{length}")))
}

/// What entries of a sort are called where they are listed.
fn label(step: &Step, names: &Names<'_>, lang: Lang) -> String {
    let to = |field: &str, hop: &Value, ja: &str, en: &str| {
        let hop = names.inline(field, hop);
        lang.pick(format!("{hop} への{ja}"), format!("{en} to {hop}"))
    };
    match step.kind.as_str() {
        "route" => match value(step, "tgw").filter(|hop| !hop.is_null()) {
            Some(hop) => to("tgw", hop, "ルート", "routes"),
            None => lang.pick("ルート", "routes").into(),
        },
        "tgw-route" => match value(step, "hop") {
            Some(Value::String(hop)) if hop == "blackhole" => lang.pick("ブラックホール", "blackholes").into(),
            Some(hop) => to("hop", hop, "静的ルート", "static routes"),
            None => lang.pick("静的ルート", "static routes").into(),
        },
        "route-table-association" => lang.pick("使うサブネット", "used by subnets").into(),
        "tgw-association" => lang.pick("関連付け", "associated").into(),
        "share-resource" => lang.pick("共有するもの", "holds").into(),
        "share-principal" => lang.pick("共有先のアカウント", "shared with accounts").into(),
        "resolver-rule-association" => lang.pick("使う VPC", "used by VPCs").into(),
        "foreign-rule-association" => lang.pick("使う他者の VPC", "used by VPCs of others").into(),
        "query-log-association" => lang.pick("記録する VPC", "logs VPCs").into(),
        "zone-association" => lang.pick("引ける他者の VPC", "resolved by VPCs of others").into(),
        "ca-permission" => lang.pick("発行できるサービス", "issues for").into(),
        _ => lang.pick("伝播", "propagations").into(),
    }
}

/// The wished value of a field, else the live one; only what a step says.
fn value<'a>(step: &'a Step, field: &str) -> Option<&'a Value> {
    let change = step.changes.iter().find(|change| change.field == field)?;
    Some(if step.action == Action::Delete { &change.before } else { &change.after })
}

fn referred(value: &Value) -> Option<Address> {
    Address::parse(value.as_object()?.get("$ref")?.as_str()?).ok()
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
