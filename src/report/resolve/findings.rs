//! What was found about names, in words.

use gcnet_resolve::{Candidate, Extent, Finding, Forwarder, Hidden, Hop, Idleness};

use super::words;
use crate::report::{Lang, layout::clean};

/// Names of records that are listed before the rest is only counted.
const NAMES: usize = 3;

/// What is wrong, as one sentence without a full stop.
pub(in crate::report) fn message(finding: &Finding, lang: Lang) -> String {
    match finding {
        Finding::Loop { at, domains, always, .. } => {
            let (at, domains) = (forwarder(at, lang), list(domains));
            match always {
                true => lang.pick(
                    words::ja(&[&at, "により、", &domains, "の問い合わせが循環し、答えが返りません"]),
                    format!("{at} sends queries for {domains} in a circle, so that nobody gets an answer"),
                ),
                false => lang.pick(
                    words::ja(&[&at, "により、", &domains, "の問い合わせが、転送先によっては循環します"]),
                    format!("{at} sends queries for {domains} in a circle, depending on which target is asked"),
                ),
            }
        }
        Finding::CnameLoop { name, .. } => lang
            .pick(format!("{name} の別名（CNAME）が循環しています"), format!("the CNAME {name} leads back to itself")),
        Finding::SameDomain { vpc, domain, claims } => {
            let vpc = words::vpc(vpc, lang);
            let claims: Vec<String> = claims.iter().map(|claim| words::candidate(claim, lang)).collect();
            let claims = claims.join(lang.pick("、", ", "));
            lang.pick(
                format!(
                    "{}: {claims}",
                    words::ja(&[&vpc, "に", domain.as_str(), "のものが二つ以上あり、AWS が拒否します"])
                ),
                format!("{vpc} would have more than one of {domain}, which AWS refuses: {claims}"),
            )
        }
        Finding::DeadTarget { at, silence } => {
            let (at, silence) = (forwarder(at, lang), words::silence(silence, lang));
            lang.pick(
                words::ja(&[&at, "の転送先は答えません。", &silence]),
                format!("{at} has a target that never answers: {silence}"),
            )
        }
        Finding::Shadow { vpc, winner, loser, extent, records } => shadow(vpc, winner, loser, extent, records, lang),
        Finding::Unserved { domain, vpc, .. } => {
            let vpc = words::vpc(vpc, lang);
            lang.pick(
                words::ja(&["庁内は", domain.as_str(), "を", &vpc, "に問い合わせますが、そこには答える者がいません"]),
                format!("on-premises asks {vpc} for {domain}, and nobody there stands for it"),
            )
        }
        Finding::Idle { what, why } => {
            let (what, why) = (words::candidate(what, lang), idle(why, lang));
            lang.pick(words::ja(&[&what, "は使われません。", &why]), format!("{what} has no effect: {why}"))
        }
    }
}

/// What to do, when there is something to say.
pub(in crate::report) fn hint(municipality: &str, finding: &Finding, lang: Lang) -> Option<String> {
    let text = match finding {
        Finding::Loop { domains, .. } => {
            let name = domains.first()?;
            lang.pick(
                format!("このルールを共有 VPC で使わない（use_in_shared_vpc: false）か、転送先を変えてください。`gcnet resolve {municipality} {name}` で経路が見られます"),
                format!("keep the rule out of the shared VPC (use_in_shared_vpc: false) or change its targets; `gcnet resolve {municipality} {name}` shows the way"),
            )
        }
        Finding::SameDomain { .. } => lang.pick("どちらか一つにしてください", "keep one of them").into(),
        // An exception lies below its rule.
        Finding::Shadow { winner: Candidate::Forward { domain, .. }, loser: Candidate::Zone { apex, .. }, .. }
            if apex != domain && apex.is_within(domain) =>
        {
            lang.pick(
                format!("ルールの except に {apex} を加えると、AWS 側で答えます"),
                format!("with {apex} in the rule's except, AWS answers those names itself"),
            )
        }
        Finding::DeadTarget { .. } => {
            lang.pick("庁内の DNS サーバを転送先にしてください", "forward to the DNS servers on-premises").into()
        }
        Finding::Idle { why: Idleness::NoVpc, .. } => lang
            .pick("share_with か use_in_shared_vpc を確認してください", "see share_with and use_in_shared_vpc")
            .into(),
        Finding::CnameLoop { .. } | Finding::Shadow { .. } | Finding::Unserved { .. } | Finding::Idle { .. } => {
            return None;
        }
    };
    Some(text)
}

/// Once around a circle, a line a step.
pub(in crate::report) fn path(finding: &Finding, lang: Lang) -> Vec<String> {
    match finding {
        Finding::Loop { circle, .. } | Finding::CnameLoop { circle, .. } => {
            let step = |(number, hop): (usize, &Hop)| format!("  {} {}", number + 1, words::hop(hop, lang));
            circle.iter().enumerate().map(step).collect()
        }
        _ => vec![],
    }
}

fn forwarder(at: &Forwarder, lang: Lang) -> String {
    match at {
        Forwarder::Vpc { rule, vpc } => {
            let (rule, vpc) = (clean(rule), words::vpc(vpc, lang));
            lang.pick(words::ja(&[&vpc, "の転送ルール", &rule]), format!("the rule {rule} in {vpc}"))
        }
        Forwarder::Rule { rule } => {
            lang.pick(format!("転送ルール {}", clean(rule)), format!("the rule {}", clean(rule)))
        }
        Forwarder::Server { server, domain } => {
            let server = words::server(server, lang);
            lang.pick(
                words::ja(&[&server, "の転送", domain.as_str()]),
                format!("the forwarding of {domain} by {server}"),
            )
        }
    }
}

fn shadow(vpc: &str, winner: &Candidate, loser: &Candidate, extent: &Extent, records: &Hidden, lang: Lang) -> String {
    let (vpc, winner, loser) = (words::vpc(vpc, lang), words::candidate(winner, lang), words::candidate(loser, lang));
    let lost = match records {
        Hidden::Names(names) if !names.is_empty() => {
            let names = list(names);
            lang.pick(format!("。引けなくなる名前: {names}"), format!("; names that nobody gets: {names}"))
        }
        Hidden::Unseen => {
            lang.pick("。引けなくなる名前はここから見えません".into(), "; nobody here sees which names".into())
        }
        Hidden::Names(_) | Hidden::None => String::new(),
    };
    match extent {
        Extent::Whole => lang.pick(
            words::ja(&[&vpc, "では、", &winner, "が", &loser, "を隠します", &lost]),
            format!("in {vpc}, {winner} hides {loser}{lost}"),
        ),
        Extent::Part { domains } => {
            let part = list(domains);
            lang.pick(
                words::ja(&[&vpc, "では、", &winner, "が", &loser, "のうち", &part, "を隠します", &lost]),
                format!("in {vpc}, {winner} hides {part} of {loser}{lost}"),
            )
        }
    }
}

fn idle(why: &Idleness, lang: Lang) -> String {
    match why {
        Idleness::NoVpc => lang.pick("どの VPC でも使われていません", "no VPC uses it").into(),
        Idleness::NothingToExcept { vpc } => {
            let vpc = words::vpc(vpc, lang);
            lang.pick(
                words::ja(&[&vpc, "には、これが例外となる転送ルールがありません"]),
                format!("no rule in {vpc} forwards what it excepts"),
            )
        }
        Idleness::NoTarget => lang.pick("転送先がありません", "it has no target").into(),
        Idleness::DnsOff { vpc } => {
            let vpc = words::vpc(vpc, lang);
            lang.pick(words::ja(&[&vpc, "の DNS 設定が無効です"]), format!("the DNS settings of {vpc} do not let it"))
        }
    }
}

fn list(names: &[gcnet_resolve::Name]) -> String {
    let few: Vec<String> = names.iter().take(NAMES).map(|name| clean(name.as_str())).collect();
    let rest = names.len().saturating_sub(NAMES);
    let more = if rest > 0 { format!(" (+{rest})") } else { String::new() };
    few.join(", ") + &more
}
