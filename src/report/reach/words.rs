//! Hops, stops and wishes as sentences.

use std::collections::BTreeMap;

use gcnet_reach::{
    Arrival, Assumption, Direction, Hop, Leg, Origin, Peer, Point, Protocol, Rule, Service, Stop, Via, Why,
};

use crate::{
    config::derive::{Must, ReachWhy},
    report::{Lang, layout::clean},
};

/// What is waited for, by the address that a description gives as the reason.
pub type Waits = BTreeMap<String, String>;

/// A decision on the way.
pub(in crate::report) fn hop(hop: &Hop, lang: Lang) -> String {
    match hop {
        Hop::Group { direction, place, group, rule } if rule.assumed().is_some() => {
            let rule = admitted(rule, lang);
            let way = match direction {
                Direction::Ingress => lang.pick("受け入れる", "lets in"),
                Direction::Egress => lang.pick("通す", "lets out"),
            };
            lang.pick(
                format!("{place} のセキュリティグループ {group} が {rule} を{way}とみなす（どのアドレスを指すかは、こちらからは見えない）"),
                format!("security group {group} of {place} {way} {rule}, taken to mean this one too: nobody here sees whom it means"),
            )
        }
        Hop::Group { direction, place, group, rule } => {
            let rule = admitted(rule, lang);
            match direction {
                Direction::Ingress => lang.pick(
                    format!("{place} のセキュリティグループ {group} が {rule} を受け入れる"),
                    format!("security group {group} of {place} lets in {rule}"),
                ),
                Direction::Egress => lang.pick(
                    format!("{place} のセキュリティグループ {group} が {rule} を通す"),
                    format!("security group {group} of {place} lets out {rule}"),
                ),
            }
        }
        Hop::Line { place, line, prefix, equal, attachment: _ } => lang.pick(
            format!("{place} が回線 {line} へ送る（{prefix} が広報されている）{}", or(equal, lang)),
            format!("{place} sends over line {line}, which advertises {prefix}{}", or(equal, lang)),
        ),
        Hop::Assumed { by, attachment: _ } => {
            let by = assumed(by, lang);
            lang.pick(
                format!("{by} から Transit Gateway へ送られるとみなす"),
                format!("{by} is taken to send to the transit gateway"),
            )
        }
        Hop::VpcTable { vpc, table, destination, via } => {
            let via = match via {
                Via::Local => "local".to_string(),
                Via::Gateway { gateway, .. } => format!("transit-gateway/{gateway}"),
            };
            lang.pick(
                format!("VPC {vpc} のルートテーブル {table}: {destination} -> {via}"),
                format!("route table {table} of VPC {vpc}: {destination} -> {via}"),
            )
        }
        Hop::TransitTable { from, table, destination, origin, to, equal, gateway: _ } => {
            let (origin, or) = (self::origin(*origin, lang), or(equal, lang));
            lang.pick(
                format!("{table}（{from} から）: {destination} -> {to}（{origin}）{or}"),
                format!("{table}, coming from {from}: {destination} -> {to} ({origin}){or}"),
            )
        }
        Hop::Arrives { at } => arrival(at, lang),
    }
}

fn or(equal: &[String], lang: Lang) -> String {
    match equal.is_empty() {
        true => String::new(),
        false => {
            lang.pick(format!("。または {}", equal.join("、")), format!("; it may as well take {}", equal.join(", ")))
        }
    }
}

fn origin(origin: Origin, lang: Lang) -> &'static str {
    match origin {
        Origin::Static => lang.pick("静的", "static"),
        Origin::PrefixList => lang.pick("プレフィックスリスト", "prefix list"),
        Origin::Propagated => lang.pick("伝搬", "propagated"),
    }
}

fn arrival(at: &Arrival, lang: Lang) -> String {
    match at {
        Arrival::Vpc { vpc } => lang.pick(format!("VPC {vpc} に届く"), format!("arrives in VPC {vpc}")),
        Arrival::Line { line } => {
            lang.pick(format!("回線 {line} の先に届く"), format!("arrives at the far end of line {line}"))
        }
        Arrival::Peer { attachment } => lang.pick(
            format!("ピアリング {attachment} の先で届けられるとみなす"),
            format!("is taken to be delivered beyond the peering {attachment}"),
        ),
    }
}

/// Somebody whose tables, or what, nobody here sees.
pub(super) fn assumed(by: &Assumption, lang: Lang) -> String {
    match by {
        Assumption::Vpc { vpc } => lang.pick(format!("VPC {vpc}"), format!("VPC {vpc}")),
        Assumption::Peer { attachment } => {
            lang.pick(format!("{attachment} の Transit Gateway"), format!("the transit gateway beyond {attachment}"))
        }
        Assumption::Rule { group, peer } => {
            let peer = clean(peer);
            lang.pick(format!("セキュリティグループ {group} の {peer}"), format!("{peer} in security group {group}"))
        }
    }
}

fn admitted(rule: &Rule, lang: Lang) -> String {
    let peer = match &rule.peer {
        Peer::Cidr(cidr) => cidr.to_string(),
        Peer::Group(group) => group.clone(),
        Peer::Assumed { name, .. } => clean(name),
    };
    let what = match (rule.protocol, rule.ports) {
        (Protocol::All, _) => lang.pick("すべて", "everything").to_string(),
        (protocol, None) => name(protocol),
        (protocol, Some((first, last))) if first == last => format!("{} {first}", name(protocol)),
        (protocol, Some((first, last))) => format!("{} {first}-{last}", name(protocol)),
    };
    lang.pick(format!("{peer} の {what}"), format!("{what} of {peer}"))
}

/// `tcp 443`
pub(super) fn service(service: Service) -> String {
    match service.port {
        Some(port) => format!("{} {port}", name(service.protocol)),
        None => name(service.protocol),
    }
}

fn name(protocol: Protocol) -> String {
    match protocol {
        Protocol::All => "-1".into(),
        Protocol::Tcp => "tcp".into(),
        Protocol::Udp => "udp".into(),
        Protocol::Icmp => "icmp".into(),
        Protocol::Number(number) => number.to_string(),
    }
}

/// Where and why a way ends, there or back.
pub(in crate::report) fn stop(stop: &Stop, waits: &Waits, lang: Lang) -> String {
    let leg = match stop.leg {
        Leg::There => lang.pick("行きの ", "on the way there, "),
        Leg::Back => lang.pick("帰りの ", "on the way back, "),
    };
    format!("{leg}{}", end(stop, waits, lang))
}

/// Where and why a way ends.
pub(super) fn end(stop: &Stop, waits: &Waits, lang: Lang) -> String {
    format!("{}: {}", point(&stop.at, lang), reason(&stop.why, waits, lang))
}

fn point(at: &Point, lang: Lang) -> String {
    match at {
        Point::Place { place } => place.clone(),
        Point::VpcTable { vpc, table } => {
            lang.pick(format!("VPC {vpc} のルートテーブル {table}"), format!("route table {table} of VPC {vpc}"))
        }
        Point::Vpc { vpc } => format!("VPC {vpc}"),
        Point::TransitTable { table, from, .. } => {
            lang.pick(format!("{table}（{from} から）"), format!("{table}, coming from {from}"))
        }
        Point::Attachment { attachment, .. } => {
            lang.pick(format!("{attachment} のアタッチメント"), format!("the attachment of {attachment}"))
        }
    }
}

/// A wait that nobody else has to end is ours.
fn wait(reason: &str, waits: &Waits, lang: Lang) -> String {
    match waits.get(reason) {
        Some(what) => what.clone(),
        None => lang.pick(
            format!("{} がまだない（gcnet apply で作る）", clean(reason)),
            format!("{} is not there yet: run `gcnet apply`", clean(reason)),
        ),
    }
}

fn reason(why: &Why, waits: &Waits, lang: Lang) -> String {
    match why {
        Why::Outside => lang.pick("どちらも AWS の外にある", "both are outside AWS").into(),
        Why::OnlyAnswers => lang.pick("自分からは接続しない", "it never opens a connection").into(),
        Why::OnlyAsks => lang.pick("接続を受け付けない", "it takes no connections").into(),
        Why::Waits { reason } => wait(reason, waits, lang),
        Why::NotOpen { attachment, reason } => {
            let wait = wait(reason, waits, lang);
            lang.pick(format!("{attachment} が未開通。{wait}"), format!("{attachment} is not open: {wait}"))
        }
        Why::NoLine { lines } if lines.is_empty() => lang.pick("回線がない", "there is no line").into(),
        Why::NoLine { lines } => {
            let lines = lines.join(", ");
            lang.pick(format!("回線 {lines} がまだない"), format!("line {lines} is not there yet"))
        }
        Why::NotAdvertised { lines } => {
            let lines = lines.join(", ");
            lang.pick(
                format!("宛先が回線 {lines} の許可プレフィックスにない"),
                format!("the allowed prefixes of line {lines} do not hold the destination"),
            )
        }
        Why::OwnedOutside { place, range } => lang
            .pick(format!("庁内側では {range} は {place} のもの"), format!("outside AWS, {range} belongs to {place}")),
        Why::NotAttached { .. } => {
            lang.pick("Transit Gateway に接続していない", "it is not attached to the transit gateway").into()
        }
        Why::ZoneNotAttached { zone, attachment } => lang.pick(
            format!("AZ {zone} に {attachment} のアタッチメントのサブネットがない"),
            format!("the attachment of {attachment} has no subnet in zone {zone}"),
        ),
        Why::NotAssociated => {
            lang.pick("ルートテーブルに関連付けられていない", "it is associated with no route table").into()
        }
        Why::NoRoute => lang.pick("経路がない", "no route").into(),
        Why::Blackhole { destination } => {
            lang.pick(format!("{destination} のブラックホール"), format!("{destination} is a black hole"))
        }
        Why::Leaves { destination, target } => {
            let target = clean(target);
            lang.pick(
                format!("{destination} の経路が {target} へ出ていく"),
                format!("the route for {destination} leaves for {target}"),
            )
        }
        Why::Loop => lang.pick("経路が循環している", "routes lead in a circle").into(),
        Why::NotThere { at } => {
            let at = arrival(at, lang);
            lang.pick(format!("{at}が、その先に宛先がない"), format!("the packet {at}, where nobody has the address"))
        }
        Why::Elsewhere { at } => {
            let at = arrival(at, lang);
            lang.pick(format!("{at}が、別の相手"), format!("the packet {at}, which is somebody else"))
        }
        Why::Group { groups, .. } => {
            let groups = groups.join(", ");
            lang.pick(
                format!("セキュリティグループ {groups} が通さない"),
                format!("security group {groups} does not let it through"),
            )
        }
    }
}

/// A wish about a pair.
pub(in crate::report) fn must(must: Must, lang: Lang) -> &'static str {
    match must {
        Must::Reach => lang.pick("届くこと", "must reach"),
        Must::NotReach => lang.pick("届かないこと", "must not reach"),
    }
}

/// What a wish follows from.
pub(in crate::report) fn because(why: ReachWhy, lang: Lang) -> &'static str {
    match why {
        ReachWhy::Register => lang.pick(
            "戸籍・戸籍附票と住民記録の連携（仕様書 4.2.1）",
            "family registers work with resident records (4.2.1)",
        ),
        ReachWhy::Linked => lang.pick("links に書いた組", "the file links them"),
        ReachWhy::SameGroup => lang.pick("同じ group の ASP", "ASPs of one group"),
        ReachWhy::Apart => lang.pick("links にない ASP 同士", "ASPs that nobody linked"),
        ReachWhy::OnPremises => lang.pick("ASP の onprem: true", "the ASP has onprem: true"),
        ReachWhy::NotOnPremises => lang.pick("ASP の onprem: false", "the ASP has onprem: false"),
        ReachWhy::Consumed => {
            lang.pick("庁内が使う PrivateLink のサービス", "a PrivateLink service that on-premises uses")
        }
        ReachWhy::NotLinked => lang.pick("links にない拠点と ASP", "a site and an ASP that nobody linked"),
        ReachWhy::SiteAlone => {
            lang.pick("専用のアタッチメントを持つ拠点", "a site with an attachment of its own reaches linked ASPs only")
        }
        ReachWhy::Shared => lang.pick("共有 VPC は全員が使う", "the shared VPC serves all"),
    }
}
