//! The sentence of each problem, and what to do about it.

use super::Lang;
use crate::config::derive::Direction;
use crate::config::fault::{Fault, Form, Shape};
use crate::config::problem::{Misfit, NameKind, Owner, Problem, Role, SpecOption};
use crate::config::values::{Cidr, Mark};

/// Chooses by language; both sides are format strings.
macro_rules! say {
    ($lang:expr, $ja:literal, $en:literal) => {
        match $lang {
            Lang::Ja => format!($ja),
            Lang::En => format!($en),
        }
    };
}

/// What is wrong, as one sentence without a full stop.
pub(super) fn message(problem: &Problem, lang: Lang) -> String {
    match problem {
        Problem::Unreadable { error } => {
            say!(lang, "ファイルを読めません: {error}", "the file cannot be read: {error}")
        }
        Problem::NotUtf8 { line } => say!(lang, "UTF-8 ではありません（{line} 行目）", "not UTF-8 (line {line})"),
        Problem::TooLarge { bytes, limit } => say!(
            lang,
            "ファイルが大きすぎます: {bytes} バイト（上限 {limit}）",
            "the file is too large: {bytes} bytes (limit {limit})"
        ),
        Problem::Syntax { message } => say!(lang, "YAML として読めません: {message}", "not valid YAML: {message}"),
        Problem::UnknownTag { tag } => say!(lang, "知らないタグ {tag} です", "unknown tag {tag}"),
        Problem::Value { text, fault } => value(text, fault, lang),
        Problem::EmptyValue { key } => say!(lang, "{key} に値がありません", "{key} has no value"),
        Problem::MissingKey { key } => say!(lang, "キー {key} がありません", "the key {key} is missing"),
        Problem::BrokenNeighbour { file } => say!(
            lang,
            "{file} に誤りがあるため、自治体間の検査に含まれません",
            "{file} has mistakes and is left out of the checks across municipalities"
        ),
        Problem::UnknownKey { key, .. } => say!(lang, "知らないキー {key} です", "unknown key {key}"),
        Problem::DuplicateKey { key } => say!(lang, "キー {key} が重複しています", "the key {key} is there twice"),
        Problem::DuplicateName { kind, name } => {
            let kind = self::kind(*kind, lang);
            say!(lang, "{kind} {name} が重複しています", "{kind} {name} is there twice")
        }
        Problem::StemMismatch { stem, key } => say!(
            lang,
            "ファイル名 {stem}.yaml と municipality.key {key} が一致しません",
            "the file is called {stem}.yaml, but municipality.key is {key}"
        ),
        Problem::SameKey { key } => {
            say!(lang, "キー {key} の自治体が二つあります", "two municipalities have the key {key}")
        }
        Problem::SameCode { code } => {
            say!(lang, "団体コード {code} の自治体が二つあります", "two municipalities have the code {code}")
        }
        Problem::SameNetworkAccount { id } => say!(
            lang,
            "単独利用のネットワークアカウント {id} を二つの自治体が使っています",
            "two municipalities use the single-use network account {id}"
        ),
        Problem::SameAccount { id } => {
            say!(lang, "アカウント {id} が二度書かれています", "the account {id} is there twice")
        }
        Problem::Unresolved { kind, name, .. } => {
            let kind = self::kind(*kind, lang);
            say!(lang, "{kind} {name} はこのファイルにありません", "this file has no {kind} called {name}")
        }
        Problem::OutsideZones { domain, .. } => say!(
            lang,
            "{domain} は dns.zones のどのゾーンにも含まれません",
            "{domain} lies in none of the zones of dns.zones"
        ),
        Problem::Overlap { a, b } => {
            let (a, b) = (range(&a.0, a.1, lang), range(&b.0, b.1, lang));
            say!(lang, "{b} が {a} と重複しています", "{b} overlaps {a}")
        }
        Problem::FleetOverlap { vpc, a, b } => {
            let (a_city, b_city) = (&a.0, &b.0);
            let (a, b) = (range(&a.1, a.2, lang), range(&b.1, b.2, lang));
            say!(
                lang,
                "{vpc} を共用する {a_city} の {a} と {b_city} の {b} が重複しています",
                "{b} of {b_city} overlaps {a} of {a_city}, and both share {vpc}"
            )
        }
        Problem::VpcDiffers { vpc, other } => say!(
            lang,
            "{vpc} の CIDR が {other} のファイルと異なります",
            "the range of {vpc} differs from the one in the file of {other}"
        ),
        Problem::TooManyAttachments { vpc, cities } => {
            let (count, cities) = (cities.len(), list(cities, lang));
            say!(
                lang,
                "{vpc} を {count} 団体の Transit Gateway に接続しようとしています（上限 5）: {cities}",
                "{vpc} is to be attached to the Transit Gateways of {count} municipalities, and five is the limit: {cities}"
            )
        }
        Problem::AsnPublic { asn } => {
            say!(lang, "ASN {asn} はプライベート範囲にありません", "the ASN {asn} is not in a private range")
        }
        Problem::AsnLikeDxgw { asn, line } => say!(
            lang,
            "回線 {line} の Direct Connect ゲートウェイと Transit Gateway の ASN が同じ {asn} です",
            "the Direct Connect gateway of line {line} and the Transit Gateway have the same ASN {asn}"
        ),
        Problem::AsnTwice { asn, other } => {
            say!(lang, "ASN {asn} は {other} も使っています", "the ASN {asn} is used by {other} too")
        }
        Problem::NoPrefixes { line } => {
            say!(lang, "回線 {line} の allowed_prefixes が空です", "line {line} has an empty list of allowed_prefixes")
        }
        Problem::PrefixMissing { line, cidr, owner } => {
            let target = range(owner, *cidr, lang);
            say!(
                lang,
                "回線 {line} の allowed_prefixes に {target} が含まれません",
                "the allowed_prefixes of line {line} leave out {target}"
            )
        }
        Problem::PrefixNeedless { line, cidr, .. } => say!(
            lang,
            "回線 {line} の許可プレフィックス {cidr} は広報対象より広い範囲です",
            "the allowed prefix {cidr} of line {line} is wider than what is advertised"
        ),
        Problem::VpcSize { cidr } => {
            say!(
                lang,
                "VPC の CIDR {cidr} は /16 から /28 の範囲にありません",
                "the VPC's range {cidr} is not a /16 to /28"
            )
        }
        Problem::SubnetNoRoom { subnet, vpc } => {
            say!(
                lang,
                "サブネット {subnet} が VPC {vpc} に収まりません",
                "there is no room for the subnet {subnet} in {vpc}"
            )
        }
        Problem::SubnetOutside { subnet, cidr, vpc } => say!(
            lang,
            "サブネット {subnet} の {cidr} は VPC {vpc} の外にあります",
            "the subnet {subnet} with {cidr} lies outside the VPC {vpc}"
        ),
        Problem::SubnetSize { subnet, cidr } => {
            say!(
                lang,
                "サブネット {subnet} の {cidr} は /28 より小さい範囲です",
                "the subnet {subnet} with {cidr} is smaller than a /28"
            )
        }
        Problem::SubnetOverlap { a, b } => {
            say!(lang, "サブネット {a} と {b} が重複しています", "the subnets {a} and {b} overlap")
        }
        Problem::SubnetsInOneZone { a, b, zone } => say!(
            lang,
            "サブネット {a} と {b} が同じ AZ {zone} にあります",
            "the subnets {a} and {b} are both in {zone}"
        ),
        Problem::ZoneCount { found } => {
            say!(lang, "AZ は 2 つ必要です（{found} 個あります）", "two availability zones are needed, not {found}")
        }
        Problem::ZoneOfOtherRegion { zone, region } => {
            say!(lang, "AZ {zone} はリージョン {region} にありません", "{zone} is not in {region}")
        }
        Problem::ResolverCount { direction, needed, found } => {
            let direction = self::direction(*direction, lang);
            say!(
                lang,
                "{direction}エンドポイントの IP は {needed} 個必要です（{found} 個あります）",
                "the {direction} endpoints need {needed} addresses, not {found}"
            )
        }
        Problem::ResolverOutside { address } => {
            say!(lang, "{address} は dns サブネットの外にあります", "{address} lies in no dns subnet")
        }
        Problem::ResolverReserved { address, subnet } => say!(
            lang,
            "{address} はサブネット {subnet} で AWS が予約しているアドレスです",
            "{address} is kept by AWS in the subnet {subnet}"
        ),
        Problem::ResolverTwice { address } => {
            say!(lang, "{address} が二度使われています", "{address} is used twice")
        }
        Problem::ResolverOneZone { direction, endpoint } => {
            let direction = self::direction(*direction, lang);
            say!(
                lang,
                "{direction}エンドポイント {endpoint} の IP が一つの AZ に集まっています",
                "the addresses of {direction} endpoint {endpoint} are all in one zone"
            )
        }
        Problem::RuleLoop { domain, address } => say!(
            lang,
            "{domain} の転送先 {address} は、この VPC 自身の Resolver エンドポイントです",
            "the rule for {domain} forwards to {address}, a Resolver endpoint of this very VPC"
        ),
        Problem::RuleWithoutTargets { domain } => {
            say!(lang, "{domain} の転送先がありません", "the rule for {domain} has no target")
        }
        Problem::RuleHidesZone { domain, zone } => say!(
            lang,
            "{domain} の転送ルールが、同名のゾーン {zone} を隠します",
            "the rule for {domain} hides the zone {zone}"
        ),
        Problem::OptionNotBuilt { option } => {
            let (option, block) = (self::option(*option), needs(*option, lang));
            say!(
                lang,
                "仕様書の {option} は ○ ですが、{block}がありません",
                "the specification has ○ for {option}, but there is no {block}"
            )
        }
        Problem::OptionNotOrdered { option } => {
            let (option, block) = (self::option(*option), needs(*option, lang));
            say!(
                lang,
                "{block}がありますが、仕様書の {option} は － です",
                "there is a {block}, but the specification has － for {option}"
            )
        }
        Problem::OptionElsewhere { option } => {
            let option = self::option(*option);
            say!(lang, "{option} に ● は使えません", "● has no meaning for {option}")
        }
        Problem::WorkloadNotListed { workload } => {
            say!(lang, "contract.workloads に {workload} がありません", "contract.workloads lacks {workload}")
        }
        Problem::WorkloadUnserved { workload, mark: Mark::Elsewhere } => {
            say!(lang, "{workload} は ● ですが、担当する sites がありません", "{workload} is ●, but no site has it")
        }
        Problem::WorkloadUnserved { workload, mark } => {
            say!(
                lang,
                "{workload} は {mark} ですが、担当する ASP がありません",
                "{workload} is {mark}, but no ASP serves it"
            )
        }
        Problem::WorkloadWrongSide { workload, mark } => {
            say!(lang, "{workload} は仕様書で {mark} です", "{workload} is {mark} in the specification's table")
        }
        Problem::SelfLink { name } => say!(lang, "{name} が自分自身を links に挙げています", "{name} links to itself"),
        Problem::LinkToPrivateLink { name } => say!(
            lang,
            "{name} は PrivateLink 接続のため、links には意味がありません",
            "{name} is connected by PrivateLink, so that a link has no effect"
        ),
        Problem::GroupUnused { group } => say!(
            lang,
            "group {group} は segmentation: grouped のときだけ有効です",
            "the group {group} has an effect only with segmentation: grouped"
        ),
        Problem::GroupLeaks { group, site, linked, unlinked } => say!(
            lang,
            "group {group} では、{linked} に許した {site} へ {unlinked} も到達できてしまいます",
            "in the group {group}, {unlinked} would reach {site} as well, which only {linked} is linked to"
        ),
        Problem::RegisterNotLinked { site, .. } => say!(
            lang,
            "{site} の戸籍・戸籍附票が、住民記録の ASP と接続されていません",
            "the family register at {site} is not linked to the ASP of 住民記録"
        ),
        Problem::TooManyTables { tables } => say!(
            lang,
            "Transit Gateway ルートテーブルが {tables} 個必要です（既定の上限 20）",
            "{tables} Transit Gateway route tables are needed, and 20 is the default quota"
        ),
        Problem::TableNameTaken { table } => {
            say!(lang, "ルートテーブル名 {table} は予約されています", "the route table name {table} is taken")
        }
        Problem::PublicRange { cidr } => {
            say!(lang, "{cidr} はプライベートアドレスではありません", "{cidr} is not a private range")
        }
        Problem::DefaultRoute { cidr } => {
            say!(lang, "デフォルトルート {cidr} は使えません", "{cidr} is a default route")
        }
        Problem::ExpiresMissing => {
            say!(lang, "environment: test には expires が必要です", "environment: test needs expires")
        }
        Problem::TestAuthorityExpensive => say!(
            lang,
            "environment: test の CA が general-purpose です（月額 400 USD）",
            "the CA of environment: test is general-purpose (400 USD a month)"
        ),
        Problem::TestWindowLong { days } => say!(
            lang,
            "environment: test の削除猶予が {days} 日です",
            "the deletion window of environment: test is {days} days"
        ),
        Problem::ShortLivedInProduction => say!(
            lang,
            "本番の CA が short-lived です（証明書は 7 日まで、ACM から発行できません）",
            "the CA of production is short-lived: seven days a certificate, and ACM cannot issue from it"
        ),
        Problem::Samples { count } => {
            say!(lang, "サンプル値が {count} 個あります", "{count} values are samples")
        }
        Problem::DocumentationAccount { id } => {
            say!(lang, "アカウント {id} は説明用の番号です", "{id} is an account id of documentation")
        }
        Problem::ExampleDomain { domain } => {
            say!(lang, "{domain} は例示用のドメインです", "{domain} is a domain reserved for examples")
        }
        Problem::RoleMissing { asp } => {
            say!(lang, "{asp} の PrivateLink に role がありません", "the PrivateLink of {asp} has no role")
        }
        Problem::NotWithConnect { asp, key, connect } => {
            say!(
                lang,
                "{asp} は connect: {connect} なので {key} を持てません",
                "{asp} has connect: {connect}, so {key} does not belong there"
            )
        }
        Problem::NeededWithConnect { asp, key, connect } => {
            say!(
                lang,
                "{asp} は connect: {connect} なので {key} が必要です",
                "{asp} has connect: {connect}, which needs {key}"
            )
        }
        Problem::LineWithoutGateway { line, status } => say!(
            lang,
            "回線 {line} は status: {status} ですが、dxgw.id がありません",
            "line {line} has status: {status}, but no dxgw.id"
        ),
        Problem::GatewayAccountMissing { line } => say!(
            lang,
            "回線 {line} の Direct Connect ゲートウェイは他者のものですが、dxgw.account がありません",
            "the Direct Connect gateway of line {line} is another party's, but there is no dxgw.account"
        ),
        Problem::GatewayAccountOurs { line } => say!(
            lang,
            "回線 {line} は owner: self なので、dxgw.account は不要です",
            "line {line} has owner: self, so that dxgw.account has no meaning"
        ),
        Problem::Misfit { misfit } => self::misfit(*misfit, lang).to_owned(),
    }
}

/// What to do, when there is something to say.
pub(super) fn hint(problem: &Problem, lang: Lang) -> Option<String> {
    Some(match problem {
        Problem::NotUtf8 { .. } => {
            say!(lang, "文字コードを UTF-8 にして保存し直してください", "save the file as UTF-8")
        }
        Problem::Syntax { .. } => say!(
            lang,
            "字下げは空白（タブ不可）、コロンの後に空白が要ります。記号で始まる値は引用符で囲みます",
            "indent with spaces, never tabs; put a space after a colon; quote values that begin with a symbol"
        ),
        Problem::UnknownTag { .. } => {
            say!(lang, "使えるタグは !sample（仮の値）だけです", "the only tag is !sample, for invented values")
        }
        Problem::Value { fault, .. } => return value_hint(fault, lang),
        Problem::EmptyValue { key } => say!(
            lang,
            "すべて既定値なら {key}: {{}}、使わないなら行を消してください",
            "write {key}: {{}} for all defaults, or remove the line"
        ),
        Problem::BrokenNeighbour { .. } => {
            say!(lang, "gcnet validate で誤りの内容を確認できます", "gcnet validate shows its mistakes")
        }
        Problem::UnknownKey { suggestion: Some(near), .. } => {
            say!(lang, "{near} の誤りではありませんか", "did you mean {near}?")
        }
        Problem::UnknownKey { known, .. } => {
            let known = list(known, lang);
            say!(lang, "ここで使えるキー: {known}", "keys of this block: {known}")
        }
        Problem::Unresolved { suggestion: Some(near), .. } => {
            say!(lang, "{near} の誤りではありませんか", "did you mean {near}?")
        }
        Problem::Unresolved { kind, known, .. } if known.is_empty() => {
            let kind = self::kind(*kind, lang);
            say!(lang, "このファイルには {kind} が一つもありません", "this file has no {kind} at all")
        }
        Problem::Unresolved { known, .. } => {
            let known = list(known, lang);
            say!(lang, "使える名前: {known}", "there are: {known}")
        }
        Problem::OutsideZones { zones, .. } if zones.is_empty() => {
            say!(lang, "dns.zones にゾーンを加えてください", "add a zone to dns.zones")
        }
        Problem::OutsideZones { zones, .. } => {
            let zones = list(zones, lang);
            say!(lang, "ゾーン: {zones}", "zones: {zones}")
        }
        Problem::StemMismatch { key, .. } => {
            say!(
                lang,
                "ファイル名を {key}.yaml にするか、key を直してください",
                "rename the file to {key}.yaml, or correct the key"
            )
        }
        Problem::Overlap { .. } | Problem::FleetOverlap { .. } => say!(
            lang,
            "範囲を変えるか、PrivateLink（重複しても使えます）にしてください",
            "change a range, or connect by PrivateLink, which tolerates overlaps"
        ),
        Problem::VpcDiffers { .. } => {
            say!(lang, "ASP に正しい CIDR を確認してください", "ask the ASP which range is right")
        }
        Problem::TooManyAttachments { .. } => say!(
            lang,
            "6 団体目からは connect: privatelink か peering にするか、ASP に VPC の分割を依頼してください",
            "from the sixth on, use connect: privatelink or peering, or ask the ASP for another VPC"
        ),
        Problem::AsnPublic { .. } => say!(
            lang,
            "64512-65534 か 4200000000-4294967294 から選びます。省略すると団体コードから決まります",
            "choose from 64512-65534 or 4200000000-4294967294; without it, the ASN follows from the municipal code"
        ),
        Problem::AsnLikeDxgw { .. } | Problem::AsnTwice { .. } => say!(
            lang,
            "transit_gateway.asn を省略すると、団体コードから一意に決まります",
            "without transit_gateway.asn, the ASN follows from the municipal code and is unique"
        ),
        Problem::NoPrefixes { .. } => say!(
            lang,
            "行を消すと、共有 VPC と ASP の CIDR から決まります",
            "remove the line, and the prefixes follow from the shared VPC and the ASPs"
        ),
        Problem::PrefixMissing { cidr, .. } => say!(
            lang,
            "{cidr} を加えるか、その ASP を onprem: false にしてください",
            "add {cidr}, or give that ASP onprem: false"
        ),
        Problem::PrefixNeedless { exact, .. } if exact.is_empty() => {
            say!(lang, "この範囲には広報対象がありません。消してください", "nothing advertised lies in it; remove it")
        }
        Problem::PrefixNeedless { exact, .. } => {
            let exact = list(&exact.iter().map(Cidr::to_string).collect::<Vec<_>>(), lang);
            say!(lang, "必要な範囲だけを書いてください: {exact}", "write the exact prefixes: {exact}")
        }
        Problem::SubnetNoRoom { .. } | Problem::VpcSize { .. } => say!(
            lang,
            "shared_vpc.cidr は /24 が標準です。shared_vpc.subnets で個別に変えられます",
            "shared_vpc.cidr is usually a /24; shared_vpc.subnets changes single subnets"
        ),
        Problem::ResolverOutside { .. } | Problem::ResolverReserved { .. } => say!(
            lang,
            "ips を省略すると、dns サブネットの空きアドレスになります",
            "without ips, free addresses of the dns subnets are taken"
        ),
        Problem::ResolverOneZone { .. } | Problem::SubnetsInOneZone { .. } => {
            say!(lang, "2 つの AZ に分けてください", "spread them over two zones")
        }
        Problem::RuleLoop { .. } => {
            say!(lang, "庁内の DNS サーバを転送先にしてください", "forward to the DNS servers on-premises")
        }
        Problem::RuleWithoutTargets { .. } => {
            say!(lang, "targets か onprem.dns_servers を書いてください", "give targets, or onprem.dns_servers")
        }
        Problem::RuleHidesZone { .. } => say!(
            lang,
            "同じ名前ではルールがゾーンより優先されます。どちらかを消してください",
            "for one and the same name a rule wins over a zone; remove one of them"
        ),
        Problem::OptionNotBuilt { option } => match option {
            SpecOption::Route53 => say!(lang, "dns: {{}} から始められます", "dns: {{}} is a beginning"),
            SpecOption::PrivateCa => say!(
                lang,
                "private_ca: {{subject: {{common_name: …}}}} から始められます",
                "private_ca: {{subject: {{common_name: …}}}} is a beginning"
            ),
            SpecOption::PrivateLink => say!(
                lang,
                "PrivateLink で接続する ASP に connect: privatelink と role を書いてください",
                "give the ASP that is connected by PrivateLink connect: privatelink and a role"
            ),
        },
        Problem::OptionNotOrdered { .. } => say!(
            lang,
            "仕様書にない構築は、発注者と協議の上、contract.options を変更してください",
            "what was not ordered is agreed with the customer first; then change contract.options"
        ),
        Problem::GroupLeaks { .. } => say!(lang, "別の group に分けてください", "put them into different groups"),
        Problem::RegisterNotLinked { asps, .. } => {
            let asps = list(asps, lang);
            say!(lang, "links に加えてください: {asps}", "add to links: {asps}")
        }
        Problem::TooManyTables { .. } => say!(
            lang,
            "segmentation: grouped と group で、小さな ASP をまとめられます",
            "segmentation: grouped and group put small ASPs together"
        ),
        Problem::TableNameTaken { .. } => say!(lang, "別の名前にしてください", "choose another name"),
        Problem::PublicRange { .. } => say!(
            lang,
            "10.0.0.0/8、172.16.0.0/12、192.168.0.0/16、100.64.0.0/10 から選びます",
            "choose from 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 and 100.64.0.0/10"
        ),
        Problem::DefaultRoute { .. } => {
            say!(lang, "必要な範囲だけを書いてください", "write the ranges that are needed")
        }
        Problem::ExpiresMissing => say!(lang, "例: expires: 2026-12-31", "for example expires: 2026-12-31"),
        Problem::TestAuthorityExpensive => {
            say!(lang, "mode: short-lived にしてください（月額 50 USD）", "use mode: short-lived (50 USD a month)")
        }
        Problem::TestWindowLong { .. } => {
            say!(lang, "deletion_window_days を省略すると 7 日になります", "without deletion_window_days it is 7")
        }
        Problem::ShortLivedInProduction => {
            say!(lang, "mode: general-purpose にしてください", "use mode: general-purpose")
        }
        Problem::Samples { .. } | Problem::DocumentationAccount { .. } | Problem::ExampleDomain { .. } => say!(
            lang,
            "ヒアリングで確定したら値を置き換え、!sample を外してください。本番アカウントでは拒否されます",
            "replace them by what the hearing says and remove !sample; a production account refuses them"
        ),
        Problem::RoleMissing { .. } => say!(
            lang,
            "role: consumer（ASP のサービスを使う）か role: provider（こちらが提供する）を書いてください",
            "write role: consumer (we use the ASP's service) or role: provider (we offer one)"
        ),
        Problem::LineWithoutGateway { .. } => say!(
            lang,
            "回線事業者に確認して dxgw.id を書くか、status: planned にしてください",
            "ask the line's provider for dxgw.id, or use status: planned"
        ),
        Problem::GatewayAccountMissing { .. } => say!(
            lang,
            "accounts.others に所有者のアカウントを加え、その名前を書いてください",
            "add the owner's account to accounts.others and give its name"
        ),
        Problem::GroupUnused { .. } => say!(
            lang,
            "transit_gateway.segmentation: grouped にするか、group を消してください",
            "use transit_gateway.segmentation: grouped, or remove group"
        ),
        _ => return None,
    })
}

/// What a second place has to do with the finding.
pub(super) fn role(role: Role, lang: Lang) -> &'static str {
    match role {
        Role::First => lang.pick("最初はここ", "first here"),
        Role::Other => lang.pick("相手はここ", "the other one"),
        Role::Because => lang.pick("これによる", "because of this"),
        Role::Also => lang.pick("ここも", "here too"),
    }
}

fn value(text: &str, fault: &Fault, lang: Lang) -> String {
    match fault {
        Fault::Form { form: Form::Text } => say!(lang, "空の値は使えません", "an empty value has no meaning here"),
        Fault::Form { form } => {
            let what = self::form(*form, lang);
            say!(lang, "{text} は、{what}ではありません", "{text} is not {what}")
        }
        Fault::HostBits { .. } => {
            say!(lang, "{text} はホスト部のビットが立っています", "{text} has host bits set")
        }
        Fault::Range { min, max } => {
            say!(lang, "{text} は {min} から {max} の範囲にありません", "{text} is not between {min} and {max}")
        }
        Fault::Choice { .. } => say!(lang, "{text} は選べません", "{text} is not one of the choices"),
        Fault::CheckDigit { .. } => {
            say!(
                lang,
                "団体コード {text} の検査数字が合いません",
                "the check digit of the municipal code {text} is wrong"
            )
        }
        Fault::Type { expected, found } => {
            let expected = shape(*expected, lang);
            let found = match found {
                // What is asked for is one value; what is there is a text.
                Shape::Scalar => lang.pick("文字列", "a text"),
                other => shape(*other, lang),
            };
            say!(lang, "「{expected}」が必要ですが、「{found}」です", "expected {expected}, found {found}")
        }
    }
}

fn value_hint(fault: &Fault, lang: Lang) -> Option<String> {
    Some(match fault {
        Fault::Form { form: Form::Text } => return None,
        Fault::Form { form } => {
            let example = form.example();
            say!(lang, "例: {example}", "for example {example}")
        }
        Fault::HostBits { network } => say!(lang, "ネットワークは {network} です", "the network is {network}"),
        Fault::Range { .. } => return None,
        Fault::Choice { suggestion: Some(near), .. } => {
            say!(lang, "{near} の誤りではありませんか", "did you mean {near}?")
        }
        Fault::Choice { allowed, .. } => {
            let allowed = list(allowed, lang);
            say!(lang, "選べる値: {allowed}", "choices: {allowed}")
        }
        Fault::CheckDigit { expected } => {
            say!(
                lang,
                "先頭 5 桁が正しければ、末尾は {expected} です",
                "if the first five digits are right, the last is {expected}"
            )
        }
        Fault::Type { expected: Shape::Sequence, .. } => {
            say!(lang, "一つでも [ ] で囲んでください", "put even a single value into [ ]")
        }
        Fault::Type { expected: Shape::Boolean, .. } => say!(lang, "true か false です", "true or false"),
        Fault::Type { .. } => return None,
    })
}

fn form(form: Form, lang: Lang) -> &'static str {
    let (ja, en) = match form {
        Form::AccountId => ("アカウント ID（12 桁の数字）", "an account id (12 digits)"),
        Form::Cidr => ("IPv4 アドレス範囲（CIDR）", "an IPv4 range (CIDR)"),
        Form::Address => ("IPv4 アドレス", "an IPv4 address"),
        Form::Target => ("IPv4 アドレス（ポート付き可）", "an IPv4 address with an optional port"),
        Form::Asn => ("ASN", "an autonomous system number"),
        Form::Domain => ("ドメイン名", "a domain"),
        Form::Name => (
            "名前（英小文字で始まる英小文字・数字・ハイフン、32 文字まで）",
            "a name (lower-case letters, digits and hyphens, at most 32)",
        ),
        Form::Code => ("全国地方公共団体コード（6 桁）", "a municipal code (six digits)"),
        Form::Opens => ("開通月（YYYY-MM または YYYY-MM以降）", "an opening month (YYYY-MM, or YYYY-MM or later)"),
        Form::Date => ("日付（YYYY-MM-DD）", "a date (YYYY-MM-DD)"),
        Form::VpcId => ("VPC の ID", "a VPC id"),
        Form::TransitGatewayId => ("Transit Gateway の ID", "a Transit Gateway id"),
        Form::AttachmentId => ("Transit Gateway アタッチメントの ID", "a Transit Gateway attachment id"),
        Form::DxGatewayId => ("Direct Connect ゲートウェイの ID（UUID）", "a Direct Connect gateway id (a UUID)"),
        Form::VifId => ("仮想インターフェイスの ID", "a virtual interface id"),
        Form::ZoneId => ("ホストゾーンの ID", "a hosted zone id"),
        Form::ZoneOfAvailability => ("AZ の ID", "an availability zone id"),
        Form::ServiceName => ("エンドポイントサービス名", "an endpoint service's name"),
        Form::Arn => ("ARN", "an ARN"),
        Form::TagKey => {
            ("タグのキー（aws: と gcnet: は予約、128 文字まで）", "a tag key (aws: and gcnet: are taken, at most 128)")
        }
        Form::TagValue => ("タグの値（256 文字まで）", "a tag value (at most 256 characters)"),
        Form::Text => ("文字列", "a text"),
    };
    lang.pick(ja, en)
}

fn shape(shape: Shape, lang: Lang) -> &'static str {
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

fn kind(kind: NameKind, lang: Lang) -> &'static str {
    let (ja, en) = match kind {
        NameKind::Account => ("アカウント", "account"),
        NameKind::Asp => ("ASP", "ASP"),
        NameKind::AspOrSite => ("ASP・拠点", "ASP or site"),
        NameKind::DnsZone => ("ゾーン", "zone"),
        NameKind::ForwardRule => ("転送ルール", "forwarding rule"),
        NameKind::Line => ("回線", "line"),
        NameKind::Record => ("レコード", "record"),
        NameKind::Service => ("サービス", "service"),
        NameKind::Site => ("拠点", "site"),
        NameKind::Subnet => ("サブネット", "subnet"),
        NameKind::Vpc => ("VPC", "VPC"),
        NameKind::Zone => ("ASP のゾーン", "ASP zone"),
    };
    lang.pick(ja, en)
}

fn range(owner: &Owner, cidr: Cidr, lang: Lang) -> String {
    match owner {
        Owner::OnPremises => say!(lang, "庁内 {cidr}", "on-premises {cidr}"),
        Owner::SharedVpc => say!(lang, "共有 VPC {cidr}", "the shared VPC {cidr}"),
        Owner::Asp(name) => say!(lang, "ASP {name} の {cidr}", "{cidr} of ASP {name}"),
        Owner::Site(name) => say!(lang, "拠点 {name} の {cidr}", "{cidr} of site {name}"),
    }
}

fn option(option: SpecOption) -> &'static str {
    match option {
        SpecOption::Route53 => "Route53",
        SpecOption::PrivateCa => "PrivateCA",
        SpecOption::PrivateLink => "PrivateLink",
    }
}

fn needs(option: SpecOption, lang: Lang) -> &'static str {
    let (ja, en) = match option {
        SpecOption::Route53 => ("dns ブロック", "block dns"),
        SpecOption::PrivateCa => ("private_ca ブロック", "block private_ca"),
        SpecOption::PrivateLink => ("connect: privatelink の ASP", "ASP with connect: privatelink"),
    };
    lang.pick(ja, en)
}

fn direction(direction: Direction, lang: Lang) -> &'static str {
    match direction {
        Direction::Inbound => lang.pick("インバウンド", "inbound"),
        Direction::Outbound => lang.pick("アウトバウンド", "outbound"),
    }
}

fn misfit(misfit: Misfit, lang: Lang) -> &'static str {
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
        Misfit::CnameAtApex => ("ゾーン自身（@）に CNAME は置けません", "a CNAME cannot stand at the zone itself (@)"),
        Misfit::CnameValues => ("CNAME の値は一つだけです", "a CNAME has one value"),
        Misfit::AddressRecord => ("A レコードの値は IPv4 アドレスです", "the value of an A record is an IPv4 address"),
        Misfit::Country => ("国は 2 文字の英大文字です（JP）", "a country is two capitals (JP)"),
        Misfit::ShortLivedRoot => (
            "short-lived の CA は証明書チェーンの末端でなければなりません",
            "a short-lived CA must be the last of its chain",
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
    };
    lang.pick(ja, en)
}

fn list(items: &[String], lang: Lang) -> String {
    items.join(lang.pick("、", ", "))
}
