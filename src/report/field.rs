//! What fields are called by readers of Japanese. Readers of English get the names that machines get.

use super::{Lang, layout::clean};

/// The name of a field; of one within another only the first part is translated.
pub(super) fn name(field: &str, lang: Lang) -> String {
    let (first, rest) = field.split_once('.').map_or((field, None), |(first, rest)| (first, Some(rest)));
    let known = FIELDS.iter().find(|(known, _)| *known == first).filter(|_| lang == Lang::Ja);
    match (known, rest) {
        (Some((_, japanese)), None) => (*japanese).to_string(),
        (Some((_, japanese)), Some(rest)) => format!("{japanese}.{}", clean(rest)),
        (None, _) => clean(field),
    }
}

const FIELDS: [(&str, &str); 115] = [
    ("acceptance", "接続の承諾が必要"),
    ("accepted", "承諾"),
    ("account", "アカウント"),
    ("addresses", "アドレス"),
    ("ailing", "動かないアドレス"),
    ("allowed", "利用の許可"),
    ("amazon_address", "AWS 側アドレス"),
    ("announced", "庁内からの広報"),
    ("appliance_mode", "アプライアンスモード"),
    ("asn", "ASN"),
    ("associated", "関連付け"),
    ("association", "関連付け"),
    ("attachment", "アタッチメント"),
    ("authorised", "関連付けの許可"),
    ("authority", "CA"),
    ("auto_accept", "アタッチメントの自動承諾"),
    ("bgp_asn", "BGP の ASN"),
    ("checked", "確認する範囲"),
    ("cidr", "CIDR"),
    ("confirmed", "承諾"),
    ("consumer", "利用するアカウント"),
    ("customer_address", "相手側アドレス"),
    ("default_association", "既定の関連付け"),
    ("default_group_closed", "既定のセキュリティグループを閉じる"),
    ("default_propagation", "既定の伝播"),
    ("deletion_window_days", "復元できる日数"),
    ("description", "説明"),
    ("destination", "宛先"),
    ("direction", "方向"),
    ("dns_hostnames", "DNS ホスト名"),
    ("dns_support", "DNS 解決"),
    ("domain", "ドメイン"),
    ("egress", "送信"),
    ("elsewhere", "回線の先にない範囲"),
    ("encryption", "暗号化"),
    ("endpoint", "エンドポイント"),
    ("endpoints", "エンドポイント"),
    ("expires", "証明書の終わり"),
    ("external", "組織外への共有"),
    ("gateway", "Direct Connect ゲートウェイ"),
    ("group", "ロググループ"),
    ("group_referencing", "セキュリティグループ参照"),
    ("groups", "セキュリティグループ"),
    ("hop", "転送先"),
    ("in_use", "使用中"),
    ("ingress", "受信"),
    ("initiator", "申請する側"),
    ("interval", "集計間隔（秒）"),
    ("ipv6", "IPv6"),
    ("key_algorithm", "鍵のアルゴリズム"),
    ("kms_key", "KMS キー"),
    ("labels", "ラベル"),
    ("load_balancers", "ロードバランサー"),
    ("log", "クエリログ"),
    ("made", "作成済み"),
    ("made_by_us", "当方で作成"),
    ("managed", "マネージドポリシー"),
    ("mode", "利用モード"),
    ("mtu", "MTU"),
    ("multicast", "マルチキャスト"),
    ("name", "名前"),
    ("of", "対象"),
    ("open", "許可の取り消しが残る"),
    ("our_account", "当方のアカウント"),
    ("our_region", "当方のリージョン"),
    ("overridden", "別のルールが優先"),
    ("owner", "所有者"),
    ("parent", "署名する CA"),
    ("path", "パス"),
    ("peer", "相手の Transit Gateway"),
    ("permission", "共有先の権限"),
    ("policies", "ポリシー"),
    ("policy", "ポリシー"),
    ("prefixes", "プレフィックス"),
    ("principal", "プリンシパル"),
    ("private_dns", "プライベート DNS"),
    ("protocols", "プロトコル"),
    ("provider", "提供者"),
    ("public_access_blocked", "公開の禁止"),
    ("public_ips", "パブリック IP の自動割り当て"),
    ("ranges", "アドレス範囲"),
    ("received", "共有の受け取り"),
    ("records", "レコード"),
    ("region", "リージョン"),
    ("reissued_since", "証明書を発行し直す基準日"),
    ("resource", "共有するもの"),
    ("retention_days", "保存日数"),
    ("revocation", "失効の確認"),
    ("role", "ロール"),
    ("routes", "相手側の経路"),
    ("rule", "転送ルール"),
    ("seen", "相手側の実際の範囲"),
    ("service", "サービス"),
    ("share", "リソース共有"),
    ("shared", "共有への追加"),
    ("signed_on", "証明書の発行日"),
    ("signing_algorithm", "署名アルゴリズム"),
    ("standing", "現在の関連付けまたは提案"),
    ("status", "状態"),
    ("subject", "証明書の名義"),
    ("subnet", "サブネット"),
    ("subnets", "サブネット"),
    ("table", "ルートテーブル"),
    ("tagged", "タグ"),
    ("targets", "転送先のサーバ"),
    ("tgw", "Transit Gateway"),
    ("trust", "信頼ポリシー"),
    ("validity_years", "証明書の有効年数"),
    ("variant", "レコードの種類"),
    ("vif", "仮想インターフェイス"),
    ("vlan", "VLAN"),
    ("vpc", "VPC"),
    ("vpcs", "VPC"),
    ("vpn_ecmp", "VPN の ECMP"),
    ("zone", "AZ"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_field_of_every_kind_has_a_japanese_name() {
        let examples: Vec<_> = gcnet_aws::KINDS.0.iter().map(|kind| kind.example()).collect();
        let fields: BTreeSet<&str> =
            examples.iter().flat_map(|spec| spec.as_object().unwrap().keys()).map(String::as_str).collect();
        let named: BTreeSet<&str> = FIELDS.iter().map(|(field, _)| *field).collect();
        assert_eq!(named, fields);
    }
}
