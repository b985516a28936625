//! What a request is about, in words that its reader knows. Our addresses say nothing to another company.

use crate::{
    blueprint::Purpose,
    config::schema::{Asp, Credentials, Municipality},
    handshake::Handshake,
    report::{Lang, layout::clean},
};

/// The thing, with the ids that both sides see.
pub(super) fn about(handshake: &Handshake, municipality: &Municipality, lang: Lang) -> String {
    let name = handshake.address.name();
    // What was agreed with the other party comes last in a name.
    let theirs = code(name.rsplit('/').next().unwrap_or(name));
    let thing = match handshake.address.kind() {
        "foreign-attachment" => lang.pick(
            format!("VPC {theirs} と自治体の Transit Gateway のアタッチメント"),
            format!("the attachment of VPC {theirs} to the municipality's transit gateway"),
        ),
        "foreign-route" => lang.pick(
            "VPC から自治体の Transit Gateway への経路".into(),
            "the routes of the VPC to the municipality's transit gateway".into(),
        ),
        "share-principal" if name.starts_with("dns-") => lang.pick(
            format!("自治体の転送ルールのリソース共有（共有先アカウント {theirs}）"),
            format!("the resource share of the municipality's forwarding rules with account {theirs}"),
        ),
        "share-principal" if name.starts_with("ca/") => lang.pick(
            format!("自治体のプライベート CA のリソース共有（共有先アカウント {theirs}）"),
            format!("the resource share of the municipality's private CA with account {theirs}"),
        ),
        "share-principal" => lang.pick(
            format!("自治体の Transit Gateway のリソース共有（共有先アカウント {theirs}）"),
            format!("the resource share of the municipality's transit gateway with account {theirs}"),
        ),
        "zone-association" => {
            let zone = code(name.rsplit_once('/').map_or(name, |(zone, _)| zone));
            lang.pick(
                format!("自治体のゾーン {zone} と VPC {theirs} の関連付け"),
                format!("the association of VPC {theirs} with the municipality's zone {zone}"),
            )
        }
        "foreign-rule-association" => {
            let rule = code(name.rsplit_once('/').map_or(name, |(rule, _)| rule));
            lang.pick(
                format!("自治体の転送ルール {rule} と VPC {theirs} の関連付け"),
                format!("the association of VPC {theirs} with the municipality's forwarding rule {rule}"),
            )
        }
        "foreign-zone" => lang.pick(
            format!("ゾーン {theirs} と自治体の VPC の関連付け"),
            format!("the association of the municipality's VPC with zone {theirs}"),
        ),
        "endpoint-offer" => {
            lang.pick(format!("エンドポイントサービス {theirs}"), format!("the endpoint service {theirs}"))
        }
        "vpc-endpoint" => match service(handshake, municipality) {
            Some(service) => lang.pick(
                format!("エンドポイントサービス {service} に接続する自治体のエンドポイント"),
                format!("the municipality's endpoint for the endpoint service {service}"),
            ),
            None => lang.pick("自治体のエンドポイント".into(), "the municipality's endpoint".into()),
        },
        "endpoint-connection" => lang.pick(
            "自治体のエンドポイントサービスへの接続".into(),
            "the connection to the municipality's endpoint service".into(),
        ),
        "tgw-peering" => lang.pick(
            format!("Transit Gateway {theirs} と自治体の Transit Gateway のピアリングアタッチメント"),
            format!("the peering attachment between transit gateway {theirs} and the municipality's"),
        ),
        "dx-association" => lang.pick(
            format!("Direct Connect ゲートウェイ {theirs} と自治体の Transit Gateway の関連付け"),
            format!("the association of Direct Connect gateway {theirs} with the municipality's transit gateway"),
        ),
        "transit-vif" => lang.pick(
            format!("トランジット仮想インターフェイス {theirs}"),
            format!("the transit virtual interface {theirs}"),
        ),
        "line" => line(name, lang),
        "account" => {
            // A permission of the role, where it lacks just that.
            let (party, permission) = name.split_once('/').map_or((name, None), |(party, of)| (party, Some(code(of))));
            let role = match role(party, municipality) {
                Some(role) => lang.pick(format!("ロール {role}"), format!("the role {role}")),
                None => lang.pick("自治体に渡したロール".into(), "the role that you gave us".into()),
            };
            match permission {
                Some(permission) => {
                    lang.pick(format!("{role} の権限 {permission}"), format!("{permission} for {role}"))
                }
                None => role,
            }
        }
        _ => code(handshake.address.as_str()),
    };
    // Of what is known by two ids, both are said already.
    match handshake.id.as_deref().filter(|id| !id.contains('|') && !thing.contains(id)) {
        Some(id) => lang.pick(format!("{thing}（{}）", code(id)), format!("{thing} ({})", code(id))),
        None => thing,
    }
}

/// What a line is called.
pub(super) fn line(name: &str, lang: Lang) -> String {
    lang.pick(format!("回線 {}", clean(name)), format!("the line {}", clean(name)))
}

/// Nothing in it is read as Markdown.
fn code(text: &str) -> String {
    format!("`{}`", clean(text).replace('`', "'"))
}

/// The service that an ASP offers.
fn service(handshake: &Handshake, municipality: &Municipality) -> Option<String> {
    let Some(Purpose::Asp(name)) = &handshake.purpose else { return None };
    let is_it = |asp: &&Asp| asp.name.as_str() == name;
    let service = municipality.asps.iter().find(is_it)?.service.as_ref()?;
    Some(code(service.name.as_ref()?.as_str()))
}

/// The role that a company gave us.
fn role(name: &str, municipality: &Municipality) -> Option<String> {
    let (_, other) = municipality.accounts.others.iter().find(|(known, _)| known.as_str() == name)?;
    match &other.credentials {
        Credentials::AssumeRole(assumed) => Some(code(assumed.role.as_str())),
        Credentials::None => None,
    }
}
