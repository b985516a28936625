//! `gcnet leftovers`: what nobody wants, how old it is and what it costs; and what can still be brought back.

use std::collections::BTreeMap;

use gcnet_aws::ca::Ca;
use gcnet_core::identity::{PROTECT, PROTECTED};
use jiff::Timestamp;
use serde::Serialize;

use super::{
    Lang, Style,
    document::FORMAT_VERSION,
    layout::{self, clean},
    price,
    style::Tone,
    time,
};
use crate::leftovers::{Leftover, Why};

/// Everything that was found, for machines.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Leftovers {
    /// See [`FORMAT_VERSION`].
    pub format_version: u32,
    /// By account, Region, stack and address.
    pub leftovers: Vec<Row>,
    /// Authorities that are deleted and can be restored.
    pub restorable: Vec<Restorable>,
    /// Where it was looked for: what lies elsewhere is not found.
    pub looked_into: Vec<Looked>,
    /// List price of all of it in US dollars.
    pub monthly_usd: String,
}

/// An account and Region, for machines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Looked {
    /// 12 digits.
    pub account: String,
    /// For example `ap-northeast-1`.
    pub region: String,
}

/// One thing too many, for machines.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// 12 digits.
    pub account: String,
    /// For example `ap-northeast-1`.
    pub region: String,
    /// Key of the municipality in its tags.
    pub municipality: String,
    /// The environment in its tags.
    pub environment: String,
    /// Why nobody wants it.
    #[serde(flatten)]
    pub why: Reason,
    /// No plan deletes it by itself.
    pub protected: bool,
    /// Which of the stack's resources it is.
    pub address: String,
    /// AWS's id.
    pub id: String,
    /// When it was made, RFC 3339, where AWS tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// Whole days since then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_days: Option<i64>,
    /// List price in US dollars, where it is known for the Region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monthly_usd: Option<String>,
    #[serde(skip)]
    thousandths: u64,
}

/// Why nobody wants it, for machines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Reason {
    /// No file is of this municipality.
    NoFile,
    /// Its file is of another environment.
    OtherEnvironment {
        /// The file's.
        file_environment: String,
    },
    /// Its file names another account or Region.
    OtherPlace {
        /// The file's.
        file_account: String,
        /// The file's.
        file_region: String,
    },
    /// It was for a test that was to end on this day.
    Expired {
        /// The last day.
        expired_on: String,
    },
    /// Its file does not wish it.
    NotWished,
}

impl From<&Why> for Reason {
    fn from(why: &Why) -> Reason {
        match why.clone() {
            Why::NoFile => Reason::NoFile,
            Why::OtherEnvironment { file } => Reason::OtherEnvironment { file_environment: file },
            Why::OtherPlace { account, region } => Reason::OtherPlace { file_account: account, file_region: region },
            Why::Expired { on } => Reason::Expired { expired_on: on },
            Why::NotWished => Reason::NotWished,
        }
    }
}

/// An authority that can be restored, for machines.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Restorable {
    /// 12 digits.
    pub account: String,
    /// For example `ap-northeast-1`.
    pub region: String,
    /// Key of the municipality.
    pub municipality: String,
    /// Its environment.
    pub environment: String,
    /// `root` or `subordinate`.
    pub name: String,
    /// AWS's name for it.
    pub arn: String,
    /// RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restorable_until: Option<String>,
    /// What restores it; absent where no file names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

/// What was found in one account and Region.
pub struct Found<'a> {
    /// 12 digits.
    pub account: &'a str,
    /// For example `ap-northeast-1`.
    pub region: &'a str,
    /// What nobody wants.
    pub leftovers: &'a [Leftover],
    /// What can be restored, and the command that does it, where there is one.
    pub restorable: &'a [(Ca, Option<String>)],
    /// Since when things are there, by id.
    pub created: &'a BTreeMap<String, String>,
    /// By AWS's clock.
    pub now: Timestamp,
}

impl Leftovers {
    /// Of all accounts that were looked into.
    pub fn new(found: &[Found<'_>]) -> Self {
        let rows: Vec<Row> =
            found.iter().flat_map(|found| found.leftovers.iter().map(|leftover| row(found, leftover))).collect();
        let restorable = found.iter().flat_map(|found| {
            found.restorable.iter().map(|(ca, command)| Restorable {
                account: found.account.into(),
                region: found.region.into(),
                municipality: ca.stack.municipality.clone(),
                environment: ca.stack.environment.clone(),
                name: ca.name.clone(),
                arn: ca.arn.clone(),
                restorable_until: ca.restorable_until.clone(),
                command: command.clone(),
            })
        });
        Leftovers {
            format_version: FORMAT_VERSION,
            restorable: restorable.collect(),
            looked_into: found
                .iter()
                .map(|found| Looked { account: found.account.into(), region: found.region.into() })
                .collect(),
            monthly_usd: price::dollars(rows.iter().map(|row| row.thousandths).sum()),
            leftovers: rows,
        }
    }
}

fn row(found: &Found<'_>, leftover: &Leftover) -> Row {
    let Leftover { stack, owned, why } = leftover;
    let created_at = found.created.get(&owned.object.id).cloned();
    let made = created_at.as_deref().and_then(|moment| moment.parse::<Timestamp>().ok());
    let thousandths = price::standing(owned.object.kind, &owned.object.raw, found.region);
    Row {
        account: found.account.into(),
        region: found.region.into(),
        municipality: stack.municipality.clone(),
        environment: stack.environment.clone(),
        why: why.into(),
        protected: owned.object.tags().and_then(|tags| tags.get(PROTECT)).is_some_and(|value| value == PROTECTED),
        address: owned.address.to_string(),
        id: owned.object.id.clone(),
        age_days: made.map(|made| (found.now.as_second() - made.as_second()).max(0) / 86_400),
        created_at,
        monthly_usd: thousandths.map(price::dollars),
        thousandths: thousandths.unwrap_or_default(),
    }
}

/// For a terminal; `again` makes a command that works in the same place. Ids are never shortened: they are copied from
/// here. Ends in a newline.
pub fn text(leftovers: &Leftovers, again: &dyn Fn(&str) -> String, style: Style) -> String {
    let lang = style.lang;
    let mut text = String::new();
    let mut groups = BTreeMap::new();
    for row in &leftovers.leftovers {
        let key = (&*row.account, &*row.region, &*row.municipality, &*row.environment, &row.why, row.protected);
        groups.entry(key).or_insert_with(Vec::<&Row>::new).push(row);
    }
    for ((account, region, municipality, environment, why, protected), rows) in groups {
        let place = lang.pick(format!("アカウント {account}、{region}"), format!("account {account}, {region}"));
        let title = clean(&format!("{municipality}/{environment}, {place}"));
        text.push_str(&format!("{}\n", style.paint(Tone::Title, title)));
        let destroy = if protected { " --include-protected" } else { "" };
        let destroy = clean(&again(&format!("destroy {municipality}{destroy}")));
        let apply = clean(&again(&format!("apply {municipality}")));
        let reason = match why {
            Reason::NotWished if protected => unwished_and_protected(municipality, &apply, &destroy, lang),
            _ => reason(why, municipality, environment, [&apply, &destroy], lang),
        };
        for line in layout::wrap(&reason, style.width.saturating_sub(2)) {
            text.push_str(&format!("  {}\n", style.paint(Tone::Update, line)));
        }
        text.push_str(&table(&rows, lang));
        let sum: u64 = rows.iter().map(|row| row.thousandths).sum();
        let sum = price::dollars(sum);
        let total = lang.pick(
            format!("{} 件、月額の定価 {sum} USD", rows.len()),
            format!("{} of it, list price a month {sum} USD", rows.len()),
        );
        text.push_str(&format!("  {total}\n\n"));
    }
    if leftovers.leftovers.is_empty() {
        text.push_str(lang.pick("どのファイルも望まないものはありません。\n", "Nothing that no file wants.\n"));
    }
    text.push_str(&restorables(&leftovers.restorable, style));
    text.push_str(&looked_into(&leftovers.looked_into, style));
    text
}

/// Without it, a person takes "nothing" for "nothing anywhere".
fn looked_into(places: &[Looked], style: Style) -> String {
    if places.is_empty() {
        return String::new();
    }
    let lang = style.lang;
    let places: Vec<String> = places.iter().map(|place| format!("{} {}", place.account, place.region)).collect();
    let places = places.join(", ");
    let told = lang.pick(
        format!("調べたアカウント: {places}。どのファイルにもないアカウントは調べていません"),
        format!("Looked into: {places}. Accounts that no file names are not looked into."),
    );
    layout::wrap(&told, style.width).into_iter().map(|line| format!("{line}\n")).collect()
}

fn unwished_and_protected(municipality: &str, apply: &str, destroy: &str, lang: Lang) -> String {
    let key = clean(municipality);
    lang.pick(
        format!("{key} のファイルが望まないものですが、保護されているため `{apply}` は削除しません。削除するには、ブロックをファイルに戻して private_ca.protect: false で `{apply}` を実行してから、ブロックを消してもう一度実行してください。すべてをなくすなら `{destroy}` です"),
        format!("the file of {key} does not wish it, but it is protected: `{apply}` does not delete it. Bring the block back with private_ca.protect: false, run `{apply}`, then remove the block and run it again; or remove everything with `{destroy}`"),
    )
}

fn reason(why: &Reason, municipality: &str, environment: &str, [apply, destroy]: [&str; 2], lang: Lang) -> String {
    let key = clean(municipality);
    match why {
        Reason::NoFile => lang.pick(
            format!("{key} のファイルがありません。ファイルを戻してから `{destroy}` で削除できます"),
            format!("there is no file of {key}; bring the file back, and `{destroy}` deletes it"),
        ),
        Reason::OtherEnvironment { file_environment } => lang.pick(
            format!("{key} のファイルは {file_environment} のものです。{environment} のファイルを戻してから `{destroy}` で削除できます"),
            format!("the file of {key} is of {file_environment}; with a file of {environment}, `{destroy}` deletes it"),
        ),
        Reason::OtherPlace { file_account, file_region } => lang.pick(
            format!("{key} のファイルはアカウント {file_account}、{file_region} のものです。ここを指すファイルがあれば `{destroy}` で削除できます"),
            format!("the file of {key} is for account {file_account}, {file_region}; with a file for this place, `{destroy}` deletes it"),
        ),
        Reason::Expired { expired_on } => lang.pick(
            format!("試験の期限 {expired_on} を過ぎています。`{destroy}` で削除できます"),
            format!("its test was to end on {expired_on}; `{destroy}` deletes it"),
        ),
        Reason::NotWished => lang.pick(
            format!("{key} のファイルが望まないものです。`{apply}` が削除します"),
            format!("the file of {key} does not wish it; `{apply}` deletes it"),
        ),
    }
}

fn table(rows: &[&Row], lang: Lang) -> String {
    let cells: Vec<[String; 4]> = rows
        .iter()
        .map(|row| {
            let made = row.created_at.as_deref().map(|moment| time::local(moment, lang));
            let age = match (made, row.age_days) {
                (Some(made), Some(days)) => lang.pick(format!("{made}（{days} 日）"), format!("{made} ({days} days)")),
                (Some(made), None) => made,
                _ => "-".into(),
            };
            let price = row.monthly_usd.as_deref().filter(|_| row.thousandths > 0);
            [clean(&row.address), clean(&row.id), age, price.map_or("-".into(), |usd| format!("{usd} USD"))]
        })
        .collect();
    let columns: Vec<usize> =
        (0..4).map(|i| cells.iter().map(|row| layout::width(&row[i])).max().unwrap_or_default()).collect();
    let line = |row: &[String; 4]| {
        let padded: Vec<String> = row.iter().zip(&columns).map(|(cell, columns)| layout::pad(cell, *columns)).collect();
        format!("    {}\n", padded.join("  ").trim_end())
    };
    cells.iter().map(line).collect()
}

fn restorables(restorable: &[Restorable], style: Style) -> String {
    let lang = style.lang;
    if restorable.is_empty() {
        return String::new();
    }
    let title = lang.pick("削除済みで、まだ復元できる CA", "Deleted authorities that can still be restored");
    let mut text = format!("{}\n", style.paint(Tone::Title, title));
    for one in restorable {
        text.push_str(&format!("  {}/{} {}\n", clean(&one.municipality), clean(&one.environment), clean(&one.name)));
        text.push_str(&format!("    {}\n", clean(&one.arn)));
        let until = one.restorable_until.as_deref().map(|until| time::local(until, lang));
        let until =
            until.map(|until| lang.pick(format!("{until} まで"), format!("until {until}"))).unwrap_or("-".into());
        let how = match &one.command {
            Some(command) => format!("`{}`", clean(command)),
            None => lang.pick(
                "復元するには、その private_ca を書いたファイルを戻してください".into(),
                "to restore it, bring back the file with its private_ca".into(),
            ),
        };
        text.push_str(&format!("    {until}: {how}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use gcnet_core::{Address, Object, Owned, Owner, Stack, State, Tags};
    use insta::assert_snapshot;
    use serde_json::{Value, json};

    use super::*;

    fn leftover(environment: &str, address: &str, id: &str, raw: Value, why: Why) -> Leftover {
        let address = Address::parse(address).unwrap();
        let kind = gcnet_aws::KINDS.0.iter().map(|kind| kind.name()).find(|kind| *kind == address.kind()).unwrap();
        let tags: Tags = match raw["protect"].as_str() {
            Some(value) => [(PROTECT.to_string(), value.to_string())].into_iter().collect(),
            None => Tags::new(),
        };
        let object = Object { kind, id: id.into(), owner: Owner::Tags(tags), state: State::Ready, raw };
        Leftover { stack: Stack::new("naruto", environment), owned: Owned { address, object }, why }
    }

    fn authority(name: &str) -> Ca {
        Ca {
            arn: format!("arn:aws:acm-pca:ap-northeast-1:100000000002:certificate-authority/{name}"),
            stack: Stack::new("naruto", "prod"),
            name: name.into(),
            is_root: true,
            status: "DELETED".into(),
            subject: String::new(),
            key_algorithm: "RSA_4096".into(),
            signing_algorithm: "SHA512WITHRSA".into(),
            short_lived: false,
            serial: None,
            not_after: None,
            created_at: None,
            restorable_until: Some("2026-12-31T00:00:00Z".into()),
            has_crl: false,
            has_ocsp: false,
        }
    }

    #[test]
    fn what_nobody_wants_and_what_can_be_brought_back() {
        let expired = || Why::Expired { on: "2026-11-01".into() };
        let elsewhere = Why::OtherPlace { account: "100000000009".into(), region: "ap-northeast-3".into() };
        let leftovers = [
            leftover(
                "prod",
                "resolver-endpoint/outbound",
                "rslvr-out-1",
                json!({"addresses": ["a", "b"]}),
                Why::NotWished,
            ),
            leftover("stg", "vpc/shared", "vpc-1", json!({}), Why::OtherEnvironment { file: "prod".into() }),
            leftover(
                "test",
                "certificate-authority/root",
                "arn:1",
                json!({"mode": "SHORT_LIVED_CERTIFICATE"}),
                expired(),
            ),
            leftover("test", "tgw-vpc-attachment/shared", "tgw-attach-1\u{1b}[0m", json!({}), expired()),
            leftover(
                "prod",
                "certificate-authority/root",
                "arn:3",
                json!({"mode": "GENERAL_PURPOSE", "protect": "yes"}),
                Why::NotWished,
            ),
            leftover(
                "old",
                "certificate-authority/root",
                "arn:4",
                json!({"mode": "GENERAL_PURPOSE", "protect": "yes"}),
                Why::NoFile,
            ),
            leftover("old", "hosted-zone/x", "Z1", json!({}), Why::NoFile),
            leftover("moved", "share/tgw", "arn:2", json!({}), elsewhere),
        ];
        let restorable = [(authority("root"), Some("gcnet ca restore naruto".into())), (authority("other"), None)];
        let created = [("rslvr-out-1".to_string(), "2026-11-20T16:00:00Z".to_string())].into();
        let now = "2026-11-30T00:00:00Z".parse().unwrap();
        let found = Found {
            account: "100000000002",
            region: "ap-northeast-1",
            leftovers: &leftovers,
            restorable: &restorable,
            created: &created,
            now,
        };
        let report = Leftovers::new(&[found]);
        let again = |command: &str| format!("gcnet --sandbox {command}");
        let show = |lang| text(&report, &again, Style::plain(lang));
        let json = serde_json::to_string_pretty(&report).unwrap();
        let shown = format!("{}\n{}\n{json}", show(Lang::En), show(Lang::Ja));
        assert!(!shown.contains('\u{1b}'));
        assert_snapshot!(shown);
        let nothing = Leftovers::new(&[]);
        assert_snapshot!(
            "nothing",
            format!(
                "{}{}",
                text(&nothing, &again, Style::plain(Lang::En)),
                text(&nothing, &again, Style::plain(Lang::Ja))
            )
        );
    }
}
