//! Choices of the file that this version does not build: their words.

use super::{Lang, Style, document, layout, style::Tone};
use crate::blueprint::deferred::{Deferred, Opening, Unbuilt};

/// For machines.
pub(super) fn document(choice: &Deferred) -> document::Deferred {
    let (word, name, opens) = match &choice.what {
        Unbuilt::Sharing => ("sharing", None, None),
        Unbuilt::AspByTransitGateway { asp } => ("asp_by_transit_gateway", Some(asp), None),
        Unbuilt::AspByPeering { asp } => ("asp_by_peering", Some(asp), None),
        Unbuilt::AspByPrivateLink { asp } => ("asp_by_private_link", Some(asp), None),
        Unbuilt::AspZones { asp } => ("asp_zones", Some(asp), None),
        Unbuilt::OtherAccount { account } => ("other_account", Some(account), None),
        Unbuilt::Line { line, opens } => ("line", Some(line), opens.as_ref()),
        Unbuilt::Site { site } => ("site", Some(site), None),
        Unbuilt::ResolverEndpoints => ("resolver_endpoints", None, None),
        Unbuilt::ForwardRules => ("forward_rules", None, None),
        Unbuilt::Zones => ("zones", None, None),
        Unbuilt::QueryLog => ("query_log", None, None),
        Unbuilt::PrivateCa => ("private_ca", None, None),
        Unbuilt::CentralEndpoints => ("central_endpoints", None, None),
        Unbuilt::FlowLogsToS3 => ("flow_logs_to_s3", None, None),
        Unbuilt::LogKey => ("log_key", None, None),
    };
    let opens =
        opens.map(|Opening { month, or_later }| document::Opening { month: month.clone(), or_later: *or_later });
    document::Deferred { at: choice.at.clone(), unbuilt: word.into(), name: name.cloned(), opens }
}

/// The heading above the choices.
pub(super) fn title(lang: Lang) -> &'static str {
    lang.pick("ファイルで選ばれているが、この版では構築しないもの", "Chosen in the file, not built by this version")
}

/// What a choice asks for.
pub(super) fn words(what: &Unbuilt, lang: Lang) -> String {
    let text = |ja: &str, en: &str| lang.pick(ja, en).to_string();
    match what {
        Unbuilt::Sharing => text("Transit Gateway の共有 (RAM)", "sharing the transit gateway (RAM)"),
        Unbuilt::AspByTransitGateway { asp } => lang.pick(
            format!("ASP {asp} の VPC アタッチメントの受け入れと経路"),
            format!("accepting and wiring the VPC attachment of the ASP {asp}"),
        ),
        Unbuilt::AspByPeering { asp } => lang.pick(
            format!("ASP {asp} の Transit Gateway とのピアリング"),
            format!("peering with the transit gateway of the ASP {asp}"),
        ),
        Unbuilt::AspByPrivateLink { asp } => {
            lang.pick(format!("ASP {asp} との PrivateLink"), format!("PrivateLink with the ASP {asp}"))
        }
        Unbuilt::AspZones { asp } => lang.pick(
            format!("ASP {asp} のプライベートホストゾーンと共有 VPC の関連付け"),
            format!("associating the private zones of the ASP {asp} with the shared VPC"),
        ),
        Unbuilt::OtherAccount { account } => lang.pick(
            format!("アカウント {account} のロールによる相手側の操作"),
            format!("acting in the account {account} with the role given to us"),
        ),
        Unbuilt::Line { line, opens: Some(Opening { month, or_later: false }) } => lang.pick(
            format!("回線 {line} との接続（{month} 開通予定）"),
            format!("connecting the line {line} (opens {month})"),
        ),
        Unbuilt::Line { line, opens: Some(Opening { month, or_later: true }) } => lang.pick(
            format!("回線 {line} との接続（{month} 以降に開通予定）"),
            format!("connecting the line {line} (opens {month} or later)"),
        ),
        Unbuilt::Line { line, opens: None } => {
            lang.pick(format!("回線 {line} との接続"), format!("connecting the line {line}"))
        }
        Unbuilt::Site { site } => {
            lang.pick(format!("拠点 {site} のアタッチメント"), format!("the attachment of the site {site}"))
        }
        Unbuilt::ResolverEndpoints => text("Route 53 Resolver エンドポイント", "Route 53 Resolver endpoints"),
        Unbuilt::ForwardRules => text("転送ルール", "forwarding rules"),
        Unbuilt::Zones => text("プライベートホストゾーン", "private hosted zones"),
        Unbuilt::QueryLog => text("DNS クエリログ", "DNS query logging"),
        Unbuilt::PrivateCa => text("プライベート CA", "the private CA"),
        Unbuilt::CentralEndpoints => text("AWS サービスのエンドポイント", "interface endpoints of AWS services"),
        Unbuilt::FlowLogsToS3 => text("S3 へのフローログ", "flow logs into S3"),
        Unbuilt::LogKey => text("ログ用の KMS キー", "a KMS key for logs"),
    }
}

/// The section of a text; nothing when every choice is built.
pub(super) fn section(choices: &[Deferred], style: Style) -> String {
    if choices.is_empty() {
        return String::new();
    }
    let columns = choices.iter().map(|choice| layout::width(&choice.at)).max().unwrap_or_default();
    let mut text = format!("{}\n", style.paint(Tone::Title, title(style.lang)));
    for choice in choices {
        let at = layout::pad(&layout::clean(&choice.at), columns);
        let label = format!("  . {at}  ");
        let words =
            layout::wrap(&layout::clean(&words(&choice.what, style.lang)), style.width.saturating_sub(columns + 6));
        for line in layout::labelled(&label, &words) {
            text.push_str(&line);
            text.push('\n');
        }
    }
    text.push('\n');
    text
}
