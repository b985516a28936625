//! Hops and ends of queries, in words.

use gcnet_resolve::{Beaten, Candidate, Data, Hop, Name, Outcome, ServerDecision, Silence, Why};

use crate::{
    report::{Lang, layout::clean},
    resolve::ONPREM,
};

/// Whether somebody has an answer: a record, a server that stands for the domain, a zone that nobody here sees into.
pub(super) fn is_answer(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Records { .. }
        | Outcome::Apex { .. }
        | Outcome::Unseen { .. }
        | Outcome::Amazon { .. }
        | Outcome::Answered { .. } => true,
        Outcome::NoData { .. }
        | Outcome::NxDomain { .. }
        | Outcome::Delegated { .. }
        | Outcome::Internet
        | Outcome::Unstated { .. }
        | Outcome::Stranger { .. }
        | Outcome::Silence { .. }
        | Outcome::Loop { .. }
        | Outcome::CnameLoop { .. } => false,
    }
}

/// Japanese, with a space wherever it meets what is not.
pub(super) fn ja(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        let meets = match (text.chars().next_back(), part.chars().next()) {
            (Some(before), Some(after)) => {
                let latin = |c: char| c.is_ascii_alphanumeric() || c == ')' || c == '.';
                (latin(before) && !after.is_ascii() && !"（）、。".contains(after))
                    || (!before.is_ascii() && latin(after) && !"（）、。".contains(before))
            }
            _ => false,
        };
        if meets {
            text.push(' ');
        }
        text.push_str(part);
    }
    text
}

/// `the shared VPC`
pub(super) fn vpc(name: &str, lang: Lang) -> String {
    match name {
        "shared" => lang.pick("共有 VPC", "the shared VPC").into(),
        name => lang.pick(format!("{} の VPC", clean(name)), format!("the VPC of {}", clean(name))),
    }
}

/// A name server outside.
pub(super) fn server(name: &str, lang: Lang) -> String {
    match name {
        ONPREM => lang.pick("庁内の DNS サーバ", "on-premises' DNS").into(),
        name => lang.pick(format!("DNS サーバ {}", clean(name)), format!("the DNS server {}", clean(name))),
    }
}

fn name(name: &Name) -> String {
    clean(name.as_str())
}

/// Who stands for a name.
pub(super) fn candidate(candidate: &Candidate, lang: Lang) -> String {
    match candidate {
        Candidate::Forward { domain, .. } => {
            lang.pick(format!("転送ルール {}", name(domain)), format!("the forwarding rule {}", name(domain)))
        }
        Candidate::System { domain, .. } => {
            lang.pick(format!("例外のルール {}", name(domain)), format!("the exception {}", name(domain)))
        }
        Candidate::Zone { zone, apex, owner } if zone == apex.as_str() => {
            let (apex, owner) = (name(apex), clean(owner));
            lang.pick(format!("{owner} のゾーン {apex}"), format!("the zone {apex} of {owner}"))
        }
        Candidate::Zone { zone, apex, owner } => {
            let (zone, apex, owner) = (clean(zone), name(apex), clean(owner));
            lang.pick(format!("{owner} のゾーン {apex} ({zone})"), format!("the zone {apex} ({zone}) of {owner}"))
        }
        Candidate::Autodefined { domain } => {
            lang.pick(format!("Amazon が自ら答える {}", name(domain)), format!("Amazon's own {}", name(domain)))
        }
        Candidate::Recursive => lang.pick("インターネット", "the internet").into(),
    }
}

fn or(candidates: &[Candidate], lang: Lang) -> String {
    let each = candidates.iter().map(|other| self::candidate(other, lang));
    each.collect::<Vec<_>>().join(lang.pick("、", ", "))
}

fn rivals(candidates: &[Candidate], lang: Lang) -> String {
    match candidates {
        [] => String::new(),
        some => {
            let some = or(some, lang);
            lang.pick(format!("（同格: {some}）"), format!(" (of equal standing: {some})"))
        }
    }
}

fn others<T: ToString>(targets: &[T], lang: Lang) -> String {
    match targets {
        [] => String::new(),
        some => {
            let some = some.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            lang.pick(format!("（または {some}）"), format!(" (or {some})"))
        }
    }
}

/// One step.
pub(super) fn hop(hop: &Hop, lang: Lang) -> String {
    match hop {
        Hop::Inbound { endpoint, vpc } => {
            let (endpoint, vpc) = (clean(endpoint), self::vpc(vpc, lang));
            lang.pick(
                ja(&["インバウンドエンドポイント", &endpoint, "から", &vpc, "に入る"]),
                format!("the inbound endpoint {endpoint} takes it into {vpc}"),
            )
        }
        Hop::Vpc { vpc, name, decides, rivals: equals, beaten: _ } => {
            let (vpc, name, decides) = (self::vpc(vpc, lang), self::name(name), candidate(decides, lang));
            let rivals = rivals(equals, lang);
            lang.pick(
                format!("{vpc}: {}", ja(&[&name, "は", &decides, "が決める", &rivals])),
                format!("{vpc}: {decides} decides about {name}{rivals}"),
            )
        }
        Hop::Locally { vpc, name, decides, rivals: equals } => {
            let (vpc, name, decides) = (self::vpc(vpc, lang), self::name(name), candidate(decides, lang));
            let rivals = rivals(equals, lang);
            lang.pick(
                format!("{vpc}: {}", ja(&[&name, "は転送せず、", &decides, "が決める", &rivals])),
                format!("{vpc}: {name} is not forwarded; {decides} decides{rivals}"),
            )
        }
        Hop::Forward { rule, endpoint, target, others: rest } => {
            let (rule, rest) = (clean(rule), others(rest, lang));
            let through = endpoint.as_ref().map(|endpoint| clean(endpoint)).map_or_else(String::new, |endpoint| {
                lang.pick(
                    format!("アウトバウンドエンドポイント {endpoint} から"),
                    format!(" through the outbound endpoint {endpoint}"),
                )
            });
            lang.pick(
                format!("ルール {rule}: {}", ja(&[&through, &target.to_string(), &rest, "へ転送"])),
                format!("rule {rule}: forwarded{through} to {target}{rest}"),
            )
        }
        Hop::Server { server, name, decides } => decision(server, name, decides, lang),
        Hop::Passed { server, target, others: rest } => {
            let (server, rest) = (self::server(server, lang), others(rest, lang));
            lang.pick(
                format!("{server}: {}", ja(&[&target.to_string(), &rest, "へ転送"])),
                format!("{server}: sent on to {target}{rest}"),
            )
        }
        Hop::Cname { zone, record, target } => {
            let (zone, record, target) = (clean(zone), name(record), name(target));
            lang.pick(
                format!("ゾーン {zone}: {record} は {target} の別名（CNAME）"),
                format!("zone {zone}: {record} is another name (CNAME) for {target}"),
            )
        }
        Hop::Alias { zone, record, target } => {
            let (zone, record, target) = (clean(zone), name(record), name(target));
            lang.pick(
                format!("ゾーン {zone}: {record} は {target} のエイリアス"),
                format!("zone {zone}: {record} is an alias of {target}"),
            )
        }
    }
}

fn decision(server: &str, name: &Name, decides: &ServerDecision, lang: Lang) -> String {
    let (server, name) = (self::server(server, lang), self::name(name));
    match decides {
        ServerDecision::Answers { domain } => {
            lang.pick(format!("{server}: {domain} に答える"), format!("{server} answers for {domain}"))
        }
        ServerDecision::Forwards { domain } => lang.pick(
            format!("{server}: {domain} を条件付きで転送する"),
            format!("{server} forwards {domain} conditionally"),
        ),
        ServerDecision::Internet => lang.pick(
            format!("{server}: {name} をインターネットに問い合わせる"),
            format!("{server} asks the internet for {name}"),
        ),
        ServerDecision::Unstated => lang.pick(
            format!("{server}: {name} の扱いはファイルに書かれていない"),
            format!("{server}: the file does not say what it does with {name}"),
        ),
    }
}

/// Who else matched and does not count, a line each. That the internet is the last resort goes without saying.
pub(super) fn beaten(hop: &Hop, lang: Lang) -> Vec<String> {
    let Hop::Vpc { beaten, .. } = hop else { return vec![] };
    let told = beaten.iter().filter(|beaten| beaten.candidate != Candidate::Recursive);
    let line = |Beaten { candidate: other, why }: &Beaten| {
        let other = candidate(other, lang);
        let why = match why {
            Why::LessSpecific => lang.pick("ドメインがより広い", "its domain is wider"),
            Why::RuleBeatsZone => {
                lang.pick("同じドメインではルールがゾーンに優先する", "of one domain, a rule goes before a zone")
            }
            Why::MadeBeatsAutodefined => {
                lang.pick("作られたものが Amazon の既定に優先する", "what somebody made goes before Amazon's own")
            }
        };
        lang.pick(ja(&[&other, "は使われない: ", why]), format!("not {other}: {why}"))
    };
    told.map(line).collect()
}

/// How a query ends.
pub(super) fn outcome(outcome: &Outcome, lang: Lang) -> String {
    match outcome {
        Outcome::Records { record, ttl, data, .. } => records(record, *ttl, data, lang),
        Outcome::Apex { zone } => lang.pick(
            format!("ゾーン {} 自身の NS・SOA", clean(zone)),
            format!("the NS or SOA that Route 53 gave the zone {}", clean(zone)),
        ),
        Outcome::NoData { zone } => lang.pick(
            format!("名前はあるが、この種類のレコードはない（ゾーン {}。ほかには問い合わせない）", clean(zone)),
            format!("the name is there, but not with this type (zone {}; nobody else is asked)", clean(zone)),
        ),
        Outcome::NxDomain { zone } => lang.pick(
            format!("名前がない（ゾーン {}。ほかには問い合わせない）", clean(zone)),
            format!("there is no such name (zone {}; nobody else is asked)", clean(zone)),
        ),
        Outcome::Delegated { zone, record } => lang.pick(
            format!("ゾーン {} が {} を委任しているため、答えがない", clean(zone), name(record)),
            format!("no answer: zone {} delegates {}", clean(zone), name(record)),
        ),
        Outcome::Unseen { zone, owner } => lang.pick(
            format!("{} のゾーン ({}) が答える（内容はここから見えない）", clean(owner), clean(zone)),
            format!("the zone {} of {} answers; nobody here sees what is in it", clean(zone), clean(owner)),
        ),
        Outcome::Amazon { domain } => {
            lang.pick(format!("Amazon が自ら答える ({domain})"), format!("Amazon itself answers ({domain})"))
        }
        Outcome::Internet => lang.pick(
            "AWS がインターネットの DNS に問い合わせる（閉域の VPC からでも、公開されている名前は答えが返る）".into(),
            "AWS asks the internet's name servers, which answer for public names also in a closed network".into(),
        ),
        Outcome::Answered { server, domain } => {
            let server = self::server(server, lang);
            lang.pick(format!("{} ({domain})", ja(&[&server, "が答える"])), format!("{server} answers ({domain})"))
        }
        Outcome::Unstated { server } => {
            let server = self::server(server, lang);
            lang.pick(
                ja(&[&server, "しだい（ファイルに書かれていない）"]),
                format!("up to {server}; the file does not say"),
            )
        }
        Outcome::Stranger { address } => lang.pick(
            format!("{address} に問い合わせるが、それが何かファイルに書かれていない"),
            format!("{address} is asked, and the file does not say who that is"),
        ),
        Outcome::Silence { why } => silence(why, lang),
        Outcome::Loop { start } => {
            let start = start + 1;
            lang.pick(
                format!("{start} 番に戻り、問い合わせが循環する"),
                format!("back to {start}: the query goes in a circle"),
            )
        }
        Outcome::CnameLoop { start } => {
            let start = start + 1;
            lang.pick(
                format!("{start} 番に戻り、別名が循環する"),
                format!("back to {start}: names stand for each other"),
            )
        }
    }
}

/// A record set, wherever it was found by a wildcard.
fn records(record: &Name, ttl: Option<u32>, data: &Data, lang: Lang) -> String {
    let what = match data {
        Data::Cname { target } => name(target),
        Data::Values { values, .. } => values.iter().map(|value| clean(value)).collect::<Vec<_>>().join(", "),
        Data::Alias { to, .. } => match to {
            gcnet_resolve::Alias::Record(target) => name(target),
            gcnet_resolve::Alias::Resource(target) => {
                let target = name(target);
                lang.pick(
                    format!("VPC エンドポイント {target} の IP"),
                    format!("the addresses of the VPC endpoint {target}"),
                )
            }
        },
    };
    let ttl = ttl.map(|ttl| format!(" (TTL {ttl})")).unwrap_or_default();
    let by = if record.is_wildcard() {
        lang.pick(format!("（{record} による）"), format!(" by {record}"))
    } else {
        String::new()
    };
    format!("{what}{ttl}{by}")
}

/// Why nobody answers.
pub(super) fn silence(why: &Silence, lang: Lang) -> String {
    match why {
        Silence::DnsOff { vpc } => {
            let vpc = self::vpc(vpc, lang);
            lang.pick(ja(&[&vpc, "の DNS が無効"]), format!("DNS is switched off in {vpc}"))
        }
        Silence::NoInbound => lang.pick("インバウンドエンドポイントがない", "there is no inbound endpoint").into(),
        Silence::NoTarget => lang.pick("転送先がない", "there is nobody to forward to").into(),
        Silence::OutboundAsked { endpoint, address } => {
            let endpoint = clean(endpoint);
            lang.pick(
                format!("{address} はアウトバウンドエンドポイント {endpoint} で、問い合わせに答えない"),
                format!("{address} is the outbound endpoint {endpoint}, which answers nobody"),
            )
        }
        Silence::ResolverAsked { address, .. } => lang.pick(
            format!("{address} は VPC 内部の DNS で、外からの問い合わせに答えない"),
            format!("{address} is a VPC's own resolver, which answers inside the VPC only"),
        ),
    }
}
