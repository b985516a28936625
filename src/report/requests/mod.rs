//! Request sheets (依頼書): what a company or line provider is asked to do, ready to be sent. One a party, in Markdown.

mod about;
mod asks;
mod command;
mod interface;
mod routes;
#[cfg(test)]
mod tests;
mod workload;

use std::collections::{BTreeMap, BTreeSet};

use gcnet_aws::kinds::THERE;
use gcnet_core::{Ask, Party};

use super::{Lang, document::Subject, layout::clean, time};
use crate::{
    blueprint::{Opening, Purpose},
    config::{
        schema::{Asp, Municipality},
        values::Date,
    },
    handshake::{self, Handshake, Stage, Who},
};

#[cfg(test)]
pub(super) use asks::actions;
pub(super) use asks::what;

/// What one party is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Whom.
    pub who: Who,
    /// The sheet. Ends in a newline.
    pub text: String,
}

/// One request of a sheet.
#[derive(Clone, Copy)]
struct Item<'a> {
    handshake: &'a Handshake,
    ask: &'a Ask,
}

/// What is asked of one party: now, and once ids of ours are known that the request is made of.
#[derive(Default)]
struct Asked<'a> {
    now: Vec<Item<'a>>,
    later: Vec<Item<'a>>,
}

/// What only whoever keeps the file can decide is no request.
fn by_party<'a>(municipality: &Municipality, handshakes: &'a [Handshake]) -> BTreeMap<Who, Asked<'a>> {
    let mut parties: BTreeMap<Who, Asked<'a>> = BTreeMap::new();
    for handshake in handshakes {
        for ask in handshake.asks.iter().filter(|ask| ask.party != Party::Operator) {
            let who = handshake::who(municipality, &ask.party, handshake.purpose.as_ref());
            let item = Item { handshake, ask };
            match handshake.stage {
                Stage::Theirs | Stage::Refused => parties.entry(who).or_default().now.push(item),
                Stage::Behind => parties.entry(who).or_default().later.push(item),
                Stage::Done | Stage::Ours | Stage::Decide => {}
            }
        }
    }
    parties
}

/// A sheet for every party that owes a move, in the order of names.
pub fn sheets(municipality: &Municipality, subject: &Subject, handshakes: &[Handshake], lang: Lang) -> Vec<Sheet> {
    let parties = by_party(municipality, handshakes).into_iter().filter(|(_, asked)| !asked.now.is_empty());
    let sheet = |(who, asked): (Who, Asked<'_>)| {
        let text = Writer { municipality, subject, lang }.sheet(&who, &asked);
        Sheet { who, text }
    };
    parties.map(sheet).collect()
}

/// Whom there is no sheet for yet: what they are asked is made of ids that the next apply makes.
pub fn not_yet(municipality: &Municipality, handshakes: &[Handshake], lang: Lang) -> Vec<String> {
    let parties = by_party(municipality, handshakes).into_iter().filter(|(_, asked)| asked.now.is_empty());
    parties.filter(|(_, asked)| !asked.later.is_empty()).map(|(who, _)| name(&who, lang)).collect()
}

struct Writer<'a> {
    municipality: &'a Municipality,
    subject: &'a Subject,
    lang: Lang,
}

impl Writer<'_> {
    fn sheet(&self, who: &Who, asked: &Asked<'_>) -> String {
        let mut text = self.head(who, &asked.now);
        for (i, item) in asked.now.iter().enumerate() {
            text.push_str(&self.item(i + 1, item));
        }
        text.push_str(&self.later(&asked.later));
        text
    }

    /// So that nobody wonders where the rest is, or plans a day too few.
    fn later(&self, items: &[Item<'_>]) -> String {
        if items.is_empty() {
            return String::new();
        }
        let lang = self.lang;
        let mut text = lang
            .pick(
                "## この後にお願いすること\n\n自治体側の ID がまだ決まっていません。構築して ID が決まった後に、次の依頼書を送ります。\n\n",
                "## To come\n\nIds on the municipality's side are not known yet. Once it has built its part, another sheet with the ids asks for this:\n\n",
            )
            .to_string();
        for Item { handshake, ask } in items {
            let what = capital(&what(&ask.action, &handshake.address, lang));
            let about = about::about(handshake, self.municipality, lang);
            text.push_str(&lang.pick(format!("- {what}（{about}）\n"), format!("- {what} ({about})\n")));
        }
        text.push('\n');
        text
    }

    fn head(&self, who: &Who, items: &[Item<'_>]) -> String {
        let lang = self.lang;
        let Subject { municipality, name_ja, name_en, environment, account, region } = self.subject;
        let city = clean(lang.pick(name_ja, name_en));
        let company = name(who, lang);
        let title = lang.pick(
            format!("# 依頼書: {company} 様（{city} ガバメントクラウド ネットワーク接続）"),
            format!("# Request to {company}: network of {city} on Government Cloud"),
        );
        let to = match &who.account {
            Some(id) => lang.pick(format!("{company}（AWS アカウント {id}）"), format!("{company} (AWS account {id})")),
            None => company,
        };
        let network = &self.municipality.accounts.network;
        let from = lang
            .pick(format!("{city}（ネットワークアカウント {account}）"), format!("{city} (network account {account})"));
        let mut rows = vec![
            (lang.pick("宛先", "To"), to),
            (lang.pick("依頼元", "From"), from),
            (lang.pick("環境", "Environment"), format!("{municipality} / {environment} / {region}")),
            (lang.pick("期限", "By"), self.deadline(items)),
        ];
        if let Some(contact) = &who.contact {
            rows.insert(1, (lang.pick("宛先の窓口", "Attention"), clean(contact)));
        }
        if let Some(contact) = &network.contact {
            rows.push((lang.pick("問い合わせ先", "Contact"), clean(contact)));
        }
        let columns = lang.pick("| 項目 | 内容 |", "| Item | Value |");
        let rows: String = rows.iter().map(|(key, value)| format!("| {key} | {} |\n", cell(value))).collect();
        format!("{title}\n\n{columns}\n|---|---|\n{rows}\n")
    }

    /// The earliest day that the file states for what is asked.
    fn deadline(&self, items: &[Item<'_>]) -> String {
        let days = items.iter().filter_map(|item| item.handshake.purpose.as_ref());
        match days.filter_map(|purpose| self.day(purpose)).min() {
            Some(day) => day.to_string(),
            None => self.lang.pick("別途協議", "to be agreed").into(),
        }
    }

    fn day(&self, purpose: &Purpose) -> Option<Date> {
        let municipality = self.municipality;
        let of_asp = |asp: &Asp| asp.deadline.as_ref().map(|day| day.value);
        match purpose {
            Purpose::Asp(name) => {
                municipality.asps.iter().filter(|asp| asp.name.as_str() == name).filter_map(of_asp).min()
            }
            Purpose::Account(name) => {
                municipality.asps.iter().filter(|asp| asp.account.as_str() == name).filter_map(of_asp).min()
            }
            Purpose::Line(name) => {
                let line = municipality.lines.iter().find(|line| line.name.as_str() == name)?;
                line.deadline.as_ref().map(|day| day.value)
            }
            Purpose::Sites(names) => {
                let sites =
                    municipality.sites.iter().filter(|site| names.iter().any(|name| site.name.as_str() == name));
                sites.filter_map(|site| site.deadline.as_ref().map(|day| day.value)).min()
            }
        }
    }

    fn item(&self, number: usize, item: &Item<'_>) -> String {
        let Item { handshake, ask } = item;
        let lang = self.lang;
        let mut text = format!("## {number}. {}\n\n", capital(&what(&ask.action, &handshake.address, lang)));
        let words = asks::words(&ask.action, &handshake.address);
        let mut point = |label: &str, value: String| text.push_str(&format!("- {label}: {value}\n"));
        if let Some(words) = words {
            point(lang.pick("理由", "Why"), sentence(words.why(lang), lang));
        }
        if let Some(purpose) = &handshake.purpose {
            point(lang.pick("用途", "For"), self.purpose(purpose));
        }
        point(lang.pick("対象", "About"), capital(&about::about(handshake, self.municipality, lang)));
        if let Some(opens) = &handshake.opens {
            point(lang.pick("開通予定", "Opens"), opening(opens, lang));
        }
        if let Some(since) = &ask.since {
            point(lang.pick("依頼した日時", "Asked at"), time::local(since, lang));
        }
        if ask.refused {
            point(lang.pick("状態", "State"), lang.pick("拒否または失敗", "refused or failed").into());
        }
        text.push('\n');
        if let Some(words) = words {
            let steps = words.console(lang);
            if !steps.is_empty() {
                text.push_str(lang.pick("コンソールの手順:\n\n", "In the console:\n\n"));
                for (i, step) in steps.iter().enumerate() {
                    text.push_str(&format!("{}. {}\n", i + 1, capital(step)));
                }
                text.push('\n');
            }
            text.push_str(&self.calls(ask));
            text.push_str(&format!("{}\n\n", sentence(words.after(lang), lang)));
        }
        text.push_str(&interface::text(self.municipality, self.subject, handshake, ask, lang));
        text.push_str(&routes::text(self.municipality, handshake, ask, &self.subject.region, lang));
        text.push_str(&self.prefixes(handshake, ask));
        if ask.action == "restore-role" {
            text.push_str(&self.permissions());
        }
        text
    }

    /// What the role must allow.
    fn permissions(&self) -> String {
        let actions: BTreeSet<&str> = THERE.iter().flat_map(|(_, actions)| actions.iter().copied()).collect();
        let policy = serde_json::json!({
            "Version": "2012-10-17",
            "Statement": [{ "Effect": "Allow", "Action": actions, "Resource": "*" }],
        });
        let head = self.lang.pick("ロールに必要な権限の全体:", "All that the role may have to allow:");
        // A value of ours serialises.
        let policy = serde_json::to_string_pretty(&policy).unwrap_or_default();
        format!("{head}\n\n```json\n{policy}\n```\n\n")
    }

    fn calls(&self, ask: &Ask) -> String {
        if ask.calls.is_empty() {
            return String::new();
        }
        let commands: Vec<String> =
            ask.calls.iter().map(|call| command::text(call, &self.subject.region, self.lang)).collect();
        let label = self.lang.pick("AWS CLI:", "With the AWS CLI:");
        format!("{label}\n\n```sh\n{}\n```\n\n", commands.join("\n\n"))
    }

    /// What the line's gateway is to advertise: to look at before the proposal is accepted.
    fn prefixes(&self, handshake: &Handshake, ask: &Ask) -> String {
        let Some(Purpose::Line(name)) = &handshake.purpose else { return String::new() };
        let wanted = ["accept-proposal", "grant-prefixes"].contains(&ask.action.as_str());
        let Some(line) = self.municipality.lines.iter().find(|line| wanted && line.name.as_str() == name) else {
            return String::new();
        };
        let rows: BTreeSet<String> =
            self.municipality.allowed_prefixes(line).iter().map(|cidr| format!("| `{cidr}` |\n")).collect();
        let head = self.lang.pick(
            "許可されたプレフィックス:\n\n| プレフィックス |\n|---|\n",
            "Allowed prefixes:\n\n| Prefix |\n|---|\n",
        );
        format!("{head}{}\n", rows.into_iter().collect::<String>())
    }

    fn purpose(&self, purpose: &Purpose) -> String {
        let lang = self.lang;
        let asp = |name: &str| self.municipality.asps.iter().find(|asp| asp.name.as_str() == name);
        let workloads = |asp: &Asp| {
            let names: Vec<&str> = asp.workloads.iter().map(|workload| workload::name(workload.value, lang)).collect();
            names.join(lang.pick("、", ", "))
        };
        match purpose {
            Purpose::Asp(name) => match asp(name).map(workloads) {
                Some(workloads) if !workloads.is_empty() => {
                    lang.pick(format!("{}（{workloads}）", clean(name)), format!("{} ({workloads})", clean(name)))
                }
                _ => clean(name),
            },
            Purpose::Account(name) => {
                let served = self.municipality.asps.iter().filter(|asp| asp.account.as_str() == name);
                let names: Vec<String> = served.map(|asp| clean(&asp.name)).collect();
                if names.is_empty() { clean(name) } else { names.join(", ") }
            }
            Purpose::Line(name) => about::line(name, lang),
            Purpose::Sites(names) => clean(&names.join(", ")),
        }
    }
}

/// What a party is called. Of a provider without an account only the line is known.
pub(super) fn name(who: &Who, lang: Lang) -> String {
    let company = clean(&who.company);
    match who.account {
        Some(_) => company,
        None => lang.pick(format!("回線 {company} の提供者"), format!("the provider of the line {company}")),
    }
}

/// When a line opens.
pub(super) fn opening(opens: &Opening, lang: Lang) -> String {
    let Opening { month, or_later } = opens;
    let month = clean(month);
    if *or_later { lang.pick(format!("{month} 以降"), format!("{month} or later")) } else { month }
}

/// Words for lists, as a sentence of its own.
fn sentence(words: &str, lang: Lang) -> String {
    lang.pick(words.to_string(), format!("{}.", capital(words)))
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A bar would end the cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
