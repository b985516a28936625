//! The names of things.

use crate::config::derive::Direction;
use std::net::Ipv4Addr;

use crate::config::fault::{Form, LabelFault, Shape};
use crate::config::problem::{
    ClaimKind, Fact, Misfit, NameKind, Owner, Quota, RecordFault, Role, SpecOption, SubjectFault, TargetFault,
};
use crate::config::schema::RecordType;
use crate::config::values::Cidr;
use crate::report::Lang;

/// What a second place has to do with the finding.
pub(in crate::report) fn role(role: Role, lang: Lang) -> &'static str {
    match role {
        Role::First => lang.pick("最初はここ", "first here"),
        Role::Other => lang.pick("相手はここ", "the other one"),
        Role::Because => lang.pick("これによる", "because of this"),
        Role::Also => lang.pick("ここも", "here too"),
    }
}

pub(super) fn form(form: Form, lang: Lang) -> &'static str {
    let (ja, en) = match form {
        Form::AccountId => ("アカウント ID（12 桁の数字）", "an account id (12 digits)"),
        Form::Cidr => ("IPv4 アドレス範囲（CIDR）", "an IPv4 range (CIDR)"),
        Form::Address => ("IPv4 アドレス", "an IPv4 address"),
        Form::Target => ("IPv4 アドレス（ポート付き可）", "an IPv4 address with an optional port"),
        Form::Asn => ("ASN", "an autonomous system number"),
        Form::Domain => ("ドメイン名", "a domain"),
        Form::RecordName => (
            "レコード名（ゾーンより下の名前、ゾーン自身は @）",
            "the name of a record (below its zone; @ for the zone itself)",
        ),
        Form::Name => (
            "名前（英小文字で始まる英小文字・数字・ハイフン、32 文字まで）",
            "a name (lower-case letters, digits and hyphens, at most 32)",
        ),
        Form::Code => ("全国地方公共団体コード（6 桁）", "a municipal code (six digits)"),
        Form::Opens => ("開通月（YYYY-MM または YYYY-MM以降）", "an opening month (YYYY-MM, or YYYY-MM or later)"),
        Form::Date => ("日付（YYYY-MM-DD）", "a date (YYYY-MM-DD)"),
        Form::VpcId => ("VPC の ID", "a VPC id"),
        Form::SubnetId => ("サブネットの ID", "a subnet id"),
        Form::ResolverId => {
            ("転送ルールまたはクエリログの設定の ID", "an id of a forwarding rule or a query logging configuration")
        }
        Form::RouteTableId => ("ルートテーブルの ID", "a route table id"),
        Form::TransitGatewayId => ("Transit Gateway の ID", "a Transit Gateway id"),
        Form::AttachmentId => ("Transit Gateway アタッチメントの ID", "a Transit Gateway attachment id"),
        Form::DxGatewayId => ("Direct Connect ゲートウェイの ID（UUID）", "a Direct Connect gateway id (a UUID)"),
        Form::VifId => ("仮想インターフェイスの ID", "a virtual interface id"),
        Form::ZoneId => ("ホストゾーンの ID", "a hosted zone id"),
        Form::ZoneOfAvailability => ("AZ の ID", "an availability zone id"),
        Form::ServiceName => ("エンドポイントサービス名", "an endpoint service's name"),
        Form::Arn => ("ARN", "an ARN"),
        Form::TagKey => (
            "タグのキー（Name、aws:、gcnet: は予約、128 文字まで）",
            "a tag key (Name, aws: and gcnet: are taken, at most 128)",
        ),
        Form::TagValue => ("タグの値（256 文字まで）", "a tag value (at most 256 characters)"),
        Form::ExternalId => (
            "外部 ID（2 文字から 1224 文字の半角英数字と _+=,.@:/-）",
            "an external id (2 to 1224 letters, digits and _+=,.@:/-)",
        ),
        Form::Text => ("文字列", "a text"),
    };
    lang.pick(ja, en)
}

/// What keeps a text from being a name.
pub(super) fn label(why: LabelFault, lang: Lang) -> String {
    match why {
        LabelFault::Empty => say!(lang, "ドットの間が空です", "there is nothing between two dots"),
        LabelFault::LongLabel => say!(
            lang,
            "ドットで区切られた部分が 63 文字を超えています（日本語などは Punycode に直した長さ）",
            "a part between dots is longer than 63 characters (as punycode)"
        ),
        LabelFault::LongName => {
            say!(
                lang,
                "253 文字を超えています（日本語などは Punycode に直した長さ）",
                "it is longer than 253 characters (as punycode)"
            )
        }
        LabelFault::Hyphen => {
            say!(lang, "ハイフンで始まるか終わる部分があります", "a part begins or ends with a hyphen")
        }
        LabelFault::Wildcard => {
            say!(lang, "* は先頭の部分に単独でしか使えません", "a * can only stand alone as the first part")
        }
        LabelFault::Character(c) if c.is_whitespace() => {
            say!(lang, "空白は使えません", "it cannot have blanks")
        }
        LabelFault::Character(c) => {
            let c = c.escape_debug();
            say!(lang, "文字「{c}」は使えません", "it cannot have the character {c}")
        }
        LabelFault::Number => say!(
            lang,
            "末尾の部分が数字です（アドレスはドメインではありません）",
            "its last part is a number, as in an address"
        ),
        LabelFault::Punycode => {
            say!(lang, "国際化ドメイン名（Punycode）にできません", "it cannot be an internationalised name (punycode)")
        }
    }
}

pub(super) fn shape(shape: Shape, lang: Lang) -> &'static str {
    let (ja, en) = match shape {
        Shape::Null => ("空", "nothing"),
        Shape::Scalar => ("一つの値", "a single value"),
        Shape::Boolean => ("true/false", "true or false"),
        Shape::Number => ("整数", "a whole number"),
        Shape::Sequence => ("リスト", "a list"),
        Shape::Mapping => ("キーのブロック", "a block of keys"),
    };
    lang.pick(ja, en)
}

pub(super) fn kind(kind: NameKind, lang: Lang) -> &'static str {
    let (ja, en) = match kind {
        NameKind::Account => ("アカウント", "account"),
        NameKind::Asp => ("ASP", "ASP"),
        NameKind::AspOrSite => ("ASP・拠点", "ASP or site"),
        NameKind::Attachment => ("アタッチメント", "attachment"),
        NameKind::DnsZone => ("ゾーン", "zone"),
        NameKind::DxGateway => ("Direct Connect ゲートウェイ", "Direct Connect gateway"),
        NameKind::ForwardRule => ("転送ルール", "forwarding rule"),
        NameKind::Line => ("回線", "line"),
        NameKind::Record => ("レコード", "record"),
        NameKind::RouteTable => ("ルートテーブル", "route table"),
        NameKind::Service => ("サービス", "service"),
        NameKind::Site => ("拠点", "site"),
        NameKind::Subnet => ("サブネット", "subnet"),
        NameKind::TransitGateway => ("Transit Gateway", "Transit Gateway"),
        NameKind::Vif => ("仮想インターフェイス", "virtual interface"),
        NameKind::Vpc => ("VPC", "VPC"),
        NameKind::Zone => ("ASP のゾーン", "ASP zone"),
    };
    lang.pick(ja, en)
}

pub(super) fn fact(fact: Fact, lang: Lang) -> &'static str {
    let (ja, en) = match fact {
        Fact::Account => ("アカウント", "account"),
        Fact::Asn => ("ASN", "ASN"),
        Fact::Domain => ("ドメイン", "domain"),
        Fact::Municipality => ("自治体", "municipality"),
        Fact::Region => ("リージョン", "Region"),
        Fact::Vpc => ("VPC", "VPC"),
    };
    lang.pick(ja, en)
}

pub(super) fn quota(quota: Quota, lang: Lang) -> &'static str {
    let (ja, en) = match quota {
        Quota::GatewayTransitGateways => {
            ("Direct Connect ゲートウェイあたりの Transit Gateway", "Transit Gateways on a Direct Connect gateway")
        }
        Quota::GatewayPrefixes => ("許可プレフィックス", "allowed prefixes"),
        Quota::Peerings => ("Transit Gateway のピアリング", "peerings of a Transit Gateway"),
        Quota::Endpoints => ("VPC のインターフェイスエンドポイント", "interface endpoints in a VPC"),
        Quota::TransitGateways => ("アカウントの Transit Gateway", "Transit Gateways in an account"),
        Quota::ResolverEndpoints => ("アカウントの Resolver エンドポイント", "Resolver endpoints in an account"),
        Quota::ResolverRules => {
            ("アカウントの Resolver ルール（逆引きゾーンを含む）", "Resolver rules, reverse zones included")
        }
        Quota::RuleTargets => ("転送先", "targets"),
        Quota::ZoneVpcs => ("関連付ける VPC", "VPCs to answer for"),
    };
    lang.pick(ja, en)
}

pub(super) fn range(owner: &Owner, cidr: Cidr, lang: Lang) -> String {
    match owner {
        Owner::OnPremises => say!(lang, "庁内 {cidr}", "on-premises {cidr}"),
        Owner::SharedVpc => say!(lang, "共有 VPC {cidr}", "the shared VPC {cidr}"),
        Owner::Asp(name) => say!(lang, "ASP {name} の {cidr}", "{cidr} of ASP {name}"),
        Owner::Site(name) => say!(lang, "拠点 {name} の {cidr}", "{cidr} of site {name}"),
    }
}

pub(super) fn option(option: SpecOption) -> &'static str {
    match option {
        SpecOption::Route53 => "Route53",
        SpecOption::PrivateCa => "PrivateCA",
        SpecOption::PrivateLink => "PrivateLink",
    }
}

pub(super) fn needs(option: SpecOption, lang: Lang) -> &'static str {
    let (ja, en) = match option {
        SpecOption::Route53 => ("dns ブロック", "block dns"),
        SpecOption::PrivateCa => ("private_ca ブロック", "block private_ca"),
        SpecOption::PrivateLink => ("connect: privatelink の ASP", "ASP with connect: privatelink"),
    };
    lang.pick(ja, en)
}

pub(super) fn direction(direction: Direction, lang: Lang) -> &'static str {
    match direction {
        Direction::Inbound => lang.pick("インバウンド", "inbound"),
        Direction::Outbound => lang.pick("アウトバウンド", "outbound"),
    }
}

pub(super) fn misfit(misfit: Misfit, lang: Lang) -> &'static str {
    let (ja, en) = match misfit {
        Misfit::SigningForKey => {
            ("署名アルゴリズムが鍵の種類に合いません", "the signing algorithm does not fit the key")
        }
        Misfit::SubordinateMissing => (
            "hierarchy: root-and-subordinate には subordinate が必要です",
            "hierarchy: root-and-subordinate needs subordinate",
        ),
        Misfit::SubordinateUnused => (
            "subordinate は hierarchy: root-and-subordinate のときだけ有効です",
            "subordinate has an effect only with hierarchy: root-and-subordinate",
        ),
        Misfit::BucketMissing => ("flow: s3 には bucket が必要です", "flow: s3 needs bucket"),
        Misfit::BucketUnused => ("bucket は flow: s3 のときだけ有効です", "bucket has an effect only with flow: s3"),
        Misfit::WildcardDomain => (
            "* を使えるのはレコードだけです。ゾーンやルールは、下の名前をすべて含みます",
            "only records can have a *; a zone or a rule holds for all names below it anyway",
        ),
        Misfit::Country => ("国は 2 文字の英大文字です（JP）", "a country is two capitals (JP)"),
        Misfit::ShortLivedRoot => (
            "short-lived の CA は証明書チェーンの末端でなければなりません",
            "a short-lived CA must be the last of its chain",
        ),
        Misfit::OutlivesRoot => (
            "下位 CA の証明書は、ルート CA の証明書より先に終わる必要があります",
            "the subordinate's certificate must end before the root's",
        ),
        Misfit::ShortLivedAcm => {
            ("short-lived の CA から ACM は証明書を発行できません", "ACM cannot issue from a short-lived CA")
        }
        Misfit::ListUnreachable => (
            "gcnet が作るバケットは誰にも公開されないため、証明書に載る失効リストの場所を誰も読めません",
            "nobody can read the bucket that gcnet makes, so certificates would name a revocation list that nobody can fetch",
        ),
        Misfit::BucketName => (
            "S3 バケットの名前ではありません（英小文字、数字、ハイフン、ピリオドで 3～63 文字）",
            "this is no name of an S3 bucket: 3 to 63 of lower-case letters, digits, hyphens and periods",
        ),
        Misfit::NobodyReceives => (
            "組織内共有が no で allow_external_principals も false のため、誰も共有を受け取れません",
            "with within_organization: no and allow_external_principals: false nobody can receive a share",
        ),
        Misfit::NobodyAssumes => {
            ("operators に、ロールを引き受けられる者がいません", "operators leaves a role that nobody may assume")
        }
        Misfit::ExpiresUnused => {
            ("expires は environment: test のときだけ有効です", "expires has a meaning only with environment: test")
        }
        Misfit::NotARole => ("IAM ロールの ARN ではありません", "this is not the ARN of an IAM role"),
        Misfit::NotANetworkLoadBalancer => {
            ("Network Load Balancer の ARN ではありません", "this is not the ARN of a network load balancer")
        }
        Misfit::NotAPrincipal => (
            "許可できるのはアカウント（root）・IAM ユーザー・IAM ロールの ARN です",
            "an endpoint service allows accounts (root), IAM users and IAM roles",
        ),
        Misfit::ServiceRegion => {
            ("エンドポイントサービスが別のリージョンにあります", "the endpoint service is in another Region")
        }
        Misfit::PeeringDiffers => (
            "同じ Transit Gateway の先にある拠点は、account・region・initiated_by が同じでなければなりません",
            "sites behind one Transit Gateway have the same account, region and initiated_by",
        ),
        Misfit::SharedAcrossRegions => (
            "転送ルールとクエリログは、同じリージョンの VPC でしか使えません。この ASP の VPC は別のリージョンにあります",
            "a forwarding rule or a query log is for VPCs of its own Region, and the VPCs of this ASP are in another",
        ),
        Misfit::NoProtocol => (
            "エンドポイントには、Do53 か DoH の少なくとも一つが必要です",
            "an endpoint speaks Do53, DoH or both, but not nothing",
        ),
        Misfit::TargetByPlainDns => (
            "転送先には Do53（通常の DNS）で問い合わせますが、アウトバウンドエンドポイントは DoH しか使いません",
            "the target is asked by Do53 (plain DNS), but the outbound endpoint speaks only DoH",
        ),
        Misfit::TargetOverHttps => (
            "転送先には DoH で問い合わせますが、アウトバウンドエンドポイントは Do53（通常の DNS）しか使いません",
            "the target is asked by DoH, but the outbound endpoint speaks only Do53 (plain DNS)",
        ),
        Misfit::WildcardServer => (
            "サーバ名に * は使えません。サーバの証明書にある名前を書いてください",
            "a server's name has no *; write the name that its certificate is for",
        ),
        Misfit::DeadlineUnused => (
            "拠点の deadline は via: peering のときだけ有効です（回線の期限は lines に書きます）",
            "a site's deadline has a meaning only with via: peering; a line has its own",
        ),
    };
    lang.pick(ja, en)
}

pub(super) fn claim(kind: ClaimKind, lang: Lang) -> &'static str {
    match kind {
        ClaimKind::Zone => lang.pick("ゾーン", "zone"),
        ClaimKind::Rule => lang.pick("転送ルール", "rule"),
    }
}

/// What is wrong with a part of a distinguished name.
pub(super) fn subject(fault: SubjectFault, lang: Lang) -> String {
    match fault {
        SubjectFault::TooLong { limit, length } => {
            say!(lang, "{length} 文字あります（上限 {limit} 文字）", "{length} characters, of which it takes {limit}")
        }
        SubjectFault::Character { code } => say!(
            lang,
            "証明書に書けない文字 U+{code:04X} があります",
            "the character U+{code:04X} cannot be written into a certificate"
        ),
        SubjectFault::BlankEnds => {
            say!(lang, "先頭か末尾に空白があります", "it begins or ends with white space")
        }
    }
}

/// What keeps an address from being what a rule forwards to.
pub(super) fn target(address: Ipv4Addr, fault: &TargetFault, lang: Lang) -> String {
    match fault {
        TargetFault::NoHost => {
            say!(lang, "{address} は、サーバのアドレスではありません", "{address} is no server's address")
        }
        TargetFault::Amazon => say!(
            lang,
            "{address} は VPC の Amazon DNS サーバです。問い合わせが同じルールに戻ります",
            "{address} is the Amazon DNS server of a VPC: queries come back to the very rule"
        ),
        TargetFault::OwnVpc => say!(
            lang,
            "{address} は共有 VPC の中にありますが、Resolver エンドポイントの IP ではありません",
            "{address} lies in the shared VPC and is no address of a Resolver endpoint"
        ),
        TargetFault::Unreached => say!(
            lang,
            "{address} への経路がありません（庁内、拠点、業務システムのどの範囲にもない）",
            "no route leads to {address}: it is in no range of on-premises, sites or ASPs"
        ),
        TargetFault::Twice => say!(lang, "転送先 {address} が重複しています", "the target {address} is there twice"),
    }
}

/// What is wrong with a record.
pub(super) fn record(fault: &RecordFault, lang: Lang) -> String {
    match fault {
        RecordFault::Outside { zone } => {
            say!(lang, "ゾーン {zone} の中にありません", "it does not lie in the zone {zone}")
        }
        RecordFault::Repeats { zone } => say!(
            lang,
            "名前がゾーン名 {zone} で終わっています（ゾーン名は自動で付きます）",
            "the name ends in {zone}, which is added to it anyway"
        ),
        RecordFault::TooLong => {
            say!(lang, "ゾーン名を付けると 253 文字を超えます", "with its zone the name is longer than 253 characters")
        }
        RecordFault::CnameAtApex => {
            say!(lang, "ゾーン自身（@）に CNAME は置けません", "a CNAME cannot stand at the zone itself (@)")
        }
        RecordFault::CnameValues => say!(lang, "CNAME の値は一つだけです", "a CNAME has one value"),
        RecordFault::Beside { kind: RecordType::CNAME, other }
        | RecordFault::Beside { kind: other, other: RecordType::CNAME } => {
            let other = other.as_str();
            say!(
                lang,
                "CNAME と {other} は同じ名前に置けません",
                "a CNAME cannot stand beside {other} of the same name"
            )
        }
        RecordFault::Beside { kind, .. } => {
            let kind = kind.as_str();
            say!(
                lang,
                "この名前の {kind} は、エンドポイントの名前（service.dns）として gcnet が作ります",
                "gcnet makes the {kind} record of this name itself, for an endpoint (service.dns)"
            )
        }
        RecordFault::NoValues => say!(lang, "値がありません", "there is no value"),
        RecordFault::Value { kind, text } => {
            let kind = kind.as_str();
            say!(lang, "{text} は {kind} の値ではありません", "{text} is no value of type {kind}")
        }
        RecordFault::NotAscii { text } => {
            say!(lang, "{text} に ASCII 以外の文字があります", "{text} has characters that are not ASCII")
        }
        RecordFault::Twice { text } => say!(lang, "値 {text} が重複しています", "the value {text} is there twice"),
    }
}

pub(super) fn list(items: &[String], lang: Lang) -> String {
    items.join(lang.pick("、", ", "))
}
