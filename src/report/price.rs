//! What stands there costs: AWS's list price a month of what a plan makes and deletes.

use gcnet_aws::kinds::CertificateAuthority;
use serde_json::Value;

use super::{
    Lang,
    document::{Action, Change, Document, Step, Why},
};

/// Hours that AWS's own calculator takes for a month.
const HOURS: u64 = 730;

/// The only Region whose prices are known (domain.md 7, read 2026-09-20). Traffic, queries, logs, taxes and discounts are not
/// in them, and neither is what nobody has confirmed to whom it is charged.
const REGION: &str = "ap-northeast-1";

/// What is charged for existing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Item {
    Attachment,
    ResolverAddress,
    Zone,
    EndpointZone,
    Authority,
    ShortLivedAuthority,
}

impl Item {
    const ALL: [Item; 6] = [
        Item::Attachment,
        Item::ResolverAddress,
        Item::Zone,
        Item::EndpointZone,
        Item::Authority,
        Item::ShortLivedAuthority,
    ];

    /// Thousandths of a US dollar a month.
    fn monthly(self) -> u64 {
        match self {
            Item::Attachment => 70 * HOURS,
            Item::ResolverAddress => 125 * HOURS,
            Item::Zone => 500,
            Item::EndpointZone => 14 * HOURS,
            Item::Authority => 400_000,
            Item::ShortLivedAuthority => 50_000,
        }
    }

    fn name(self, lang: Lang) -> &'static str {
        match self {
            Item::Attachment => lang.pick("Transit Gateway アタッチメント", "transit gateway attachments"),
            Item::ResolverAddress => lang.pick("Resolver エンドポイントの IP", "Resolver endpoint addresses"),
            Item::Zone => lang.pick("ホストゾーン", "hosted zones"),
            Item::EndpointZone => lang.pick("インターフェイスエンドポイントの AZ", "interface endpoint zones"),
            Item::Authority => lang.pick("プライベート CA", "private CAs"),
            Item::ShortLivedAuthority => lang.pick("短期証明書のプライベート CA", "short-lived private CAs"),
        }
    }

    /// How many of it one side of a step is: before it, or after.
    fn count(self, step: &Step, side: impl Fn(&Change) -> &Value) -> u64 {
        let exists = step.changes.iter().any(|change| !side(change).is_null());
        let size = |name: &str| {
            let value = step.changes.iter().find(|change| change.field == name).map(&side);
            value.map_or(0, |value| match value {
                Value::Array(items) => items.len() as u64,
                Value::Object(map) => map.len() as u64,
                _ => 0,
            })
        };
        // One that is deleted costs nothing, until it is brought back.
        let authority = |mode: &str| {
            let side = |name: &str| step.changes.iter().find(|change| change.field == name).map(&side);
            u64::from(match &step.why {
                Why::Restored { mode: its, .. } => {
                    its.as_deref() == Some(mode) && side("status").is_some_and(|status| status != "deleted")
                }
                _ => side("mode").is_some_and(|its| its == mode),
            })
        };
        match (self, step.kind.as_str()) {
            (Item::Attachment, "tgw-vpc-attachment" | "tgw-peering") | (Item::Zone, "hosted-zone") => {
                u64::from(exists && matches!(step.action, Action::Create | Action::Delete))
            }
            (Item::ResolverAddress, "resolver-endpoint") => size("addresses"),
            (Item::EndpointZone, "vpc-endpoint") => size("subnets"),
            (Item::Authority, "certificate-authority") => authority(CertificateAuthority::GENERAL_PURPOSE),
            (Item::ShortLivedAuthority, "certificate-authority") => authority(CertificateAuthority::SHORT_LIVED),
            _ => 0,
        }
    }
}

/// A sentence, where more or less of anything that costs is there afterwards.
pub(super) fn sentence(document: &Document, region: &str, lang: Lang) -> Option<String> {
    if region != REGION {
        return None;
    }
    // What only makes room for another of its kind costs nothing more.
    let sides = [("+", true), ("-", false)].map(|(sign, comes)| {
        let each = Item::ALL.map(|item| {
            let side = |of: fn(&Change) -> &Value| document.steps.iter().map(|step| item.count(step, of)).sum::<u64>();
            let (before, after) = (side(|change| &change.before), side(|change| &change.after));
            (item, if comes { after.saturating_sub(before) } else { before.saturating_sub(after) })
        });
        (sign, each)
    });
    let parts: Vec<String> = sides
        .into_iter()
        .filter(|(_, each)| each.iter().any(|(_, count)| *count > 0))
        .map(|(sign, each)| {
            let total: u64 = each.iter().map(|(item, count)| item.monthly() * count).sum();
            let list = each
                .iter()
                .filter(|(_, count)| *count > 0)
                .map(|(item, count)| format!("{} {count} x {}", item.name(lang), dollars(item.monthly())));
            let list = list.collect::<Vec<_>>().join(lang.pick("、", ", "));
            lang.pick(
                format!("{sign}{} USD（{list}）", dollars(total)),
                format!("{sign}{} USD ({list})", dollars(total)),
            )
        })
        .collect();
    if parts.is_empty() {
        return None;
    }
    let parts = parts.join(lang.pick("、", ", "));
    Some(lang.pick(
        format!("月額の定価（税・割引・通信量を除く）: {parts}"),
        format!("List price a month, without tax, discounts and traffic: {parts}"),
    ))
}

/// A certificate authority for a month, in thousandths of a US dollar; `None` where prices are not known. Part months are
/// charged by the day, and nothing is while it is deleted.
pub(super) fn authority(short_lived: bool, region: &str) -> Option<u64> {
    let item = if short_lived { Item::ShortLivedAuthority } else { Item::Authority };
    (region == REGION).then(|| item.monthly())
}

/// What a live resource costs a month for being there, in thousandths of a US dollar; `None` where prices are not known.
pub(super) fn standing(kind: &str, spec: &Value, region: &str) -> Option<u64> {
    if region != REGION {
        return None;
    }
    let size = |name: &str| match &spec[name] {
        Value::Array(items) => items.len() as u64,
        Value::Object(map) => map.len() as u64,
        _ => 0,
    };
    Some(match kind {
        "tgw-vpc-attachment" | "tgw-peering" => Item::Attachment.monthly(),
        "hosted-zone" => Item::Zone.monthly(),
        "resolver-endpoint" => Item::ResolverAddress.monthly() * size("addresses"),
        "vpc-endpoint" => Item::EndpointZone.monthly() * size("subnets"),
        "certificate-authority" if spec["status"] == "deleted" => 0,
        "certificate-authority" if spec["mode"] == CertificateAuthority::SHORT_LIVED => {
            Item::ShortLivedAuthority.monthly()
        }
        "certificate-authority" => Item::Authority.monthly(),
        _ => 0,
    })
}

/// The same in US dollars, for a sentence.
pub fn monthly_price(short_lived: bool, region: &str) -> Option<String> {
    authority(short_lived, region).map(dollars)
}

/// To the cent.
pub(super) fn dollars(thousandths: u64) -> String {
    let cents = (thousandths + 5) / 10;
    format!("{}.{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::report::{
        document::{Effect, Why},
        fixtures::{Draft, subject},
    };

    /// As the specification adds them up for a municipality.
    #[test]
    fn a_month_has_730_hours() {
        let prices = [Item::Attachment, Item::ResolverAddress, Item::Zone, Item::EndpointZone];
        assert_eq!(prices.map(|item| dollars(item.monthly())), ["51.10", "91.25", "0.50", "10.22"]);
        let authorities = [Item::Authority, Item::ShortLivedAuthority];
        assert_eq!(authorities.map(|item| dollars(item.monthly())), ["400.00", "50.00"]);
        assert_eq!(dollars(4 * Item::ResolverAddress.monthly()), "365.00");
        assert_eq!(dollars(2 * Item::EndpointZone.monthly()), "20.44");
    }

    fn endpoint(address: &str, action: Action, before: Value, after: Value) -> Step {
        let address = gcnet_core::Address::parse(address).unwrap();
        let change = Change { field: "addresses".into(), before, after, effect: Effect::InPlace };
        let kind = address.kind().into();
        Step { address, kind, id: None, action, why: Why::NotDesired {}, changes: vec![change], after: vec![] }
    }

    fn priced(steps: Vec<Step>) -> Option<String> {
        let mut document = Document::new(&subject(), &Draft::new().plan(), &[], &[], None);
        document.steps = steps;
        sentence(&document, REGION, Lang::En)
    }

    /// What is deleted costs nothing until it is brought back.
    #[test]
    fn an_authority_costs_again_once_it_is_restored() {
        let change = |field: &str, before: Value, after: Value| Change {
            field: field.into(),
            before,
            after,
            effect: Effect::InPlace,
        };
        let step = |action, why, changes| {
            let step = endpoint("certificate-authority/root", action, Value::Null, Value::Null);
            Step { why, changes, ..step }
        };
        let made = vec![change("mode", Value::Null, json!(CertificateAuthority::GENERAL_PURPOSE))];
        let sum = "List price a month, without tax, discounts and traffic: +400.00 USD (private CAs 1 x 400.00)";
        assert_eq!(priced(vec![step(Action::Create, Why::Missing {}, made)]).as_deref(), Some(sum));
        let mode = Some(CertificateAuthority::GENERAL_PURPOSE.to_string());
        let restored = vec![change("status", json!("deleted"), json!("active"))];
        let back = step(Action::Update, Why::Restored { until: None, mode }, restored.clone());
        assert_eq!(priced(vec![back]).as_deref(), Some(sum));
        assert_eq!(priced(vec![step(Action::Update, Why::Unfinished {}, restored)]), None);
    }

    /// Somebody replaces two addresses, and makes one endpoint smaller while another one grows.
    #[test]
    fn only_what_is_more_or_less_afterwards_has_a_price() {
        let two = || json!(["10.0.0.4", "10.0.0.20"]);
        let replaced = || endpoint("resolver-endpoint/inbound", Action::Replace, two(), two());
        assert_eq!(priced(vec![replaced()]), None);
        let moved = vec![
            endpoint("resolver-endpoint/inbound", Action::Delete, two(), Value::Null),
            endpoint("resolver-endpoint/outbound", Action::Create, Value::Null, two()),
        ];
        assert_eq!(priced(moved), None);
        let more = endpoint("resolver-endpoint/outbound", Action::Create, Value::Null, two());
        let sentence = "List price a month, without tax, discounts and traffic: \
             +182.50 USD (Resolver endpoint addresses 2 x 91.25)";
        assert_eq!(priced(vec![replaced(), more]).as_deref(), Some(sentence));
    }
}
