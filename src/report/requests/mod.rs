//! Request sheets (依頼書): what a company or line provider is asked to do, ready to be sent. One a party, in Markdown.

mod about;
mod asks;
mod borrowed;
mod command;
mod interface;
#[cfg(test)]
mod tests;
mod upkeep;
mod workload;

use std::collections::{BTreeMap, BTreeSet};

use gcnet_aws::kinds::THERE;
use gcnet_core::{Address, Ask, Party};

use super::{Lang, document::Subject, layout::clean, show::stage, tame::tame, time};
use crate::{
    blueprint::{Borrowed, Opening, Purpose, Upkeep},
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

/// What sheets are written from.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Who has to move.
    pub handshakes: &'a [Handshake],
    /// What others keep in their own tables: on the sheet of everybody who has one.
    pub upkeep: &'a [Upkeep],
    /// What of ours others associate with their own VPCs.
    pub borrowed: &'a [Borrowed],
    /// Live ids, for the commands.
    pub ids: &'a BTreeMap<Address, String>,
    /// Also what is done, and a sheet for everybody who takes part: for a takeover or an audit.
    pub whole: bool,
}

/// One request of a sheet.
#[derive(Clone, Copy)]
struct Item<'a> {
    handshake: &'a Handshake,
    ask: &'a Ask,
}

/// What is on one sheet.
#[derive(Default)]
struct Content<'a> {
    /// What is asked now.
    now: Vec<Item<'a>>,
    /// What is asked once ids of ours are known that the request is made of.
    later: Vec<Item<'a>>,
    /// Handshakes that ask for nothing; only on whole sheets.
    others: Vec<&'a Handshake>,
    upkeep: Vec<&'a Upkeep>,
    borrowed: Vec<Borrowed>,
}

/// What only whoever keeps the file can decide is no request.
fn by_party<'a>(municipality: &Municipality, handshakes: &'a [Handshake]) -> BTreeMap<Who, Content<'a>> {
    let mut parties: BTreeMap<Who, Content<'a>> = BTreeMap::new();
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

/// A sheet for every party that owes a move, or for everybody who takes part, in the order of names.
pub fn sheets(municipality: &Municipality, subject: &Subject, asked: &Asked<'_>, lang: Lang) -> Vec<Sheet> {
    let mut parties = by_party(municipality, asked.handshakes);
    if !asked.whole {
        parties.retain(|_, content| !content.now.is_empty());
    }
    // Nothing shows that these are done, so they open a sheet until the party says so.
    for borrowed in asked.borrowed {
        let open = if asked.whole { Some(borrowed.clone()) } else { borrowed.open(asked.ids) };
        let Some(open) = open else { continue };
        let who = handshake::who(municipality, &Party::Account(open.account.clone()), Some(&open.purpose));
        parties.entry(who).or_default().borrowed.push(open);
    }
    for handshake in asked.handshakes.iter().filter(|handshake| asked.whole && handshake.asks.is_empty()) {
        let Some(purpose) = &handshake.purpose else { continue };
        let Some(party) = handshake::party(municipality, purpose) else { continue };
        let who = handshake::who(municipality, &Party::Account(party.id.to_string()), Some(purpose));
        parties.entry(who).or_default().others.push(handshake);
    }
    for upkeep in asked.upkeep {
        let who = handshake::who(municipality, &Party::Account(upkeep.account.clone()), Some(&upkeep.purpose));
        if asked.whole {
            parties.entry(who).or_default().upkeep.push(upkeep);
        } else if let Some(content) = parties.get_mut(&who) {
            content.upkeep.push(upkeep);
        }
    }
    let writer = Writer { municipality, subject, ids: asked.ids, whole: asked.whole, lang };
    let sheet = |(who, content): (Who, Content<'_>)| Sheet { text: writer.sheet(&who, &content), who };
    parties.into_iter().map(sheet).collect()
}

/// Who has not said that it has associated what we share with it; also of what is yet to be made. What nobody sees.
pub fn unseen(
    municipality: &Municipality,
    borrowed: &[Borrowed],
    ids: &BTreeMap<Address, String>,
    lang: Lang,
) -> Vec<String> {
    let is_open = |one: &&Borrowed| {
        let mut all = one.rules.iter().chain(&one.log);
        all.any(|address| ids.get(address).is_none_or(|id| !one.confirmed.contains(id)))
    };
    let who = |one: &Borrowed| {
        let party = Party::Account(one.account.clone());
        name(&handshake::who(municipality, &party, Some(&one.purpose)), lang)
    };
    let parties: BTreeSet<String> = borrowed.iter().filter(is_open).map(who).collect();
    parties.into_iter().collect()
}

/// Whom there is no sheet for yet: what they are asked is made of ids that the next apply makes.
pub fn not_yet(municipality: &Municipality, handshakes: &[Handshake], lang: Lang) -> Vec<String> {
    let parties = by_party(municipality, handshakes).into_iter().filter(|(_, content)| content.now.is_empty());
    parties.filter(|(_, content)| !content.later.is_empty()).map(|(who, _)| name(&who, lang)).collect()
}

struct Writer<'a> {
    municipality: &'a Municipality,
    subject: &'a Subject,
    ids: &'a BTreeMap<Address, String>,
    whole: bool,
    lang: Lang,
}

impl Writer<'_> {
    fn sheet(&self, who: &Who, content: &Content<'_>) -> String {
        let Content { now: items, later, others, upkeep, borrowed } = content;
        let mut text = self.head(who, items);
        for (i, item) in items.iter().enumerate() {
            text.push_str(&self.item(i + 1, item));
        }
        text.push_str(&self.later(later));
        text.push_str(&self.others(others));
        // What is asked for by itself needs no second mention.
        let asked = |upkeep: &&&Upkeep| {
            let is_routes = |item: &&Item<'_>| ["add-routes", "add-peer-routes"].contains(&item.ask.action.as_str());
            items.iter().filter(is_routes).any(|item| item.handshake.address == upkeep.through)
        };
        let upkeep: Vec<&Upkeep> = upkeep.iter().filter(|upkeep| !asked(upkeep)).copied().collect();
        text.push_str(&self.upkeep(&upkeep));
        text.push_str(&self.borrowed(borrowed));
        let party = who.name.as_deref().and_then(|name| self.municipality.party(name));
        if self.whole && party.is_some_and(|party| party.role.is_some()) {
            text.push_str(&self.permissions());
        }
        // Who gets it shows it in a terminal too.
        tame(&text, false)
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

    /// What asks for nothing now: it stands, or its turn has not come.
    fn others(&self, others: &[&Handshake]) -> String {
        if others.is_empty() {
            return String::new();
        }
        let head = self.lang.pick(
            "## いま依頼のないもの\n\n| 対象 | 用途 | 状態 |\n|---|---|---|\n",
            "## Nothing asked now\n\n| About | For | State |\n|---|---|---|\n",
        );
        let row = |handshake: &&Handshake| {
            let purpose = handshake.purpose.as_ref().map(|purpose| self.purpose(purpose)).unwrap_or_default();
            let state = stage(handshake.stage.into(), self.lang);
            let about = about::about(handshake, self.municipality, self.lang);
            format!("| {} | {} | {state} |\n", cell(&about), cell(&purpose))
        };
        format!("{head}{}\n", others.iter().map(row).collect::<String>())
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
        text.push_str(&self.prefixes(handshake, ask));
        if ["restore-role", "extend-role"].contains(&ask.action.as_str()) && !self.whole {
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
        // Its line is no longer in the file.
        None if company.is_empty() => lang.pick("回線の提供者".into(), "the provider of the line".into()),
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
