//! What is wrong.

use gcnet_reach::Requirement;

use super::words::{self, list, needs, range};
use crate::config::derive::Must;
use crate::config::fault::{Fault, Form, Shape};
use crate::config::problem::{Contradiction, Problem};
use crate::config::values::Mark;
use crate::report::{Lang, reach, resolve};

/// What is wrong, as one sentence without a full stop.
pub(in crate::report) fn message(problem: &Problem, lang: Lang) -> String {
    match problem {
        Problem::Unreadable { error } => {
            say!(lang, "ファイルを読めません: {error}", "the file cannot be read: {error}")
        }
        Problem::NotUtf8 { line } => say!(lang, "UTF-8 ではありません（{line} 行目）", "not UTF-8 (line {line})"),
        Problem::NotAFile => say!(
            lang,
            "ファイルではありません（パイプやデバイスは読みません）",
            "this is no file: pipes and devices are not read"
        ),
        Problem::TooManyMistakes { limit } => say!(
            lang,
            "誤りが {limit} 件に達したため、残りは調べていません",
            "there are {limit} mistakes; the rest of the file was not looked at"
        ),
        Problem::TooLarge { bytes, limit } => say!(
            lang,
            "ファイルが大きすぎます: {bytes} バイト（上限 {limit}）",
            "the file is too large: {bytes} bytes (limit {limit})"
        ),
        Problem::Syntax { message } => say!(lang, "YAML として読めません: {message}", "not valid YAML: {message}"),
        Problem::UnknownTag { tag } => say!(lang, "知らないタグ {tag} です", "unknown tag {tag}"),
        Problem::Value { text, fault } => value(text, fault, lang),
        // Of the whole there is no key.
        Problem::EmptyValue { key } if key.is_empty() => say!(lang, "ファイルに内容がありません", "the file is empty"),
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
            let kind = words::kind(*kind, lang);
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
        Problem::ForeignDiffers { kind, id, fact, here, there, other } => {
            let (kind, fact) = (words::kind(*kind, lang), words::fact(*fact, lang));
            say!(
                lang,
                "{kind} {id} の {fact} が {here} ですが、{other} のファイルでは {there} です",
                "the {fact} of {kind} {id} is {here} here, but {there} in the file of {other}"
            )
        }
        Problem::Unresolved { kind, name, .. } => {
            let kind = words::kind(*kind, lang);
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
        Problem::FleetOverlap { through, a, b } => {
            let (a_city, b_city) = (&a.0, &b.0);
            let (a, b) = (range(&a.1, a.2, lang), range(&b.1, b.2, lang));
            say!(
                lang,
                "{through} を共用する {a_city} の {a} と {b_city} の {b} が重複しています",
                "{b} of {b_city} overlaps {a} of {a_city}, and both share {through}"
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
        Problem::ServesOneOfUs { vpc, city } => say!(
            lang,
            "{vpc} の also_serves にある {city} はファイルを持つ自治体ですが、そのファイルに {vpc} がありません",
            "{vpc} says also_serves: {city}, which has a file of its own, and that file does not list {vpc}"
        ),
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
            let direction = words::direction(*direction, lang);
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
        Problem::ResolverTaken { address, by } => {
            let by = words::direction(*by, lang);
            say!(
                lang,
                "{address} は、ips のない{by}エンドポイントが自動で使うアドレスです",
                "{address} is what the {by} endpoint takes, which has no ips of its own"
            )
        }
        Problem::ResolverTwice { address } => {
            say!(lang, "{address} が二度使われています", "{address} is used twice")
        }
        Problem::ResolverOneZone { direction, endpoint } => {
            let direction = words::direction(*direction, lang);
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
        Problem::RuleTarget { address, fault } => words::target(*address, fault, lang),
        Problem::RuleWithoutTargets { domain } => {
            say!(lang, "{domain} の転送先がありません", "the rule for {domain} has no target")
        }
        Problem::RuleHidesZone { domain, zone } => say!(
            lang,
            "{domain} の転送ルールが、同名のゾーン {zone} を隠します",
            "the rule for {domain} hides the zone {zone}"
        ),
        Problem::OptionNotBuilt { option } => {
            let (option, block) = (words::option(*option), needs(*option, lang));
            say!(
                lang,
                "仕様書の {option} は ○ ですが、{block}がありません",
                "the specification has ○ for {option}, but there is no {block}"
            )
        }
        Problem::OptionNotOrdered { option } => {
            let (option, block) = (words::option(*option), needs(*option, lang));
            say!(
                lang,
                "{block}がありますが、仕様書の {option} は － です",
                "there is a {block}, but the specification has － for {option}"
            )
        }
        Problem::OptionElsewhere { option } => {
            let option = words::option(*option);
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
        Problem::OverQuota { quota, of, needed, limit } => {
            let what = words::quota(*quota, lang);
            say!(
                lang,
                "{of} には {what} が {needed} 個必要です（既定の上限 {limit}）",
                "{of} needs {needed} {what}, and {limit} is the default quota"
            )
        }
        Problem::QuotaUsedUp { quota, of, limit } => {
            let what = words::quota(*quota, lang);
            say!(
                lang,
                "{of} は {what} の既定の上限 {limit} 個を使い切ります",
                "{of} uses up the default quota of {limit} {what}"
            )
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
        Problem::NotWithRole { asp, key, role } => say!(
            lang,
            "{asp} は role: {role} なので {key} を持てません",
            "{asp} has role: {role}, so {key} does not belong there"
        ),
        Problem::NeededWithRole { asp, key, role } => {
            say!(lang, "{asp} は role: {role} なので {key} が必要です", "{asp} has role: {role}, which needs {key}")
        }
        Problem::NotWithoutAccess { vpc, key, account } => say!(
            lang,
            "{vpc} の {key} は、アカウント {account} のロール（credentials: assume-role）がなければ使えません",
            "{key} of {vpc} has no effect without a role in the account {account} (credentials: assume-role)"
        ),
        Problem::NeededWithAccess { vpc, key, account } => say!(
            lang,
            "アカウント {account} のロールで {vpc} を接続するには、{key} が必要です",
            "to attach {vpc} with the role in the account {account}, {key} is needed"
        ),
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
        Problem::GatewayNameUnused { line } => say!(
            lang,
            "回線 {line} の dxgw.name は、gcnet が作るゲートウェイ（owner: self で id なし）にだけ使えます",
            "dxgw.name of line {line} is for a gateway that gcnet makes: owner: self, and no id"
        ),
        Problem::LinesCompete { line, other, cidr } => say!(
            lang,
            "回線 {line} と {other} がともに {cidr} の経路を伝搬し、どちらを通るかを AWS が選びます",
            "the lines {line} and {other} both propagate {cidr}, and AWS chooses between them"
        ),
        Problem::NothingLearnt { line } => say!(
            lang,
            "回線 {line} は接続済みですが、どの回線も propagate: false のため、庁内への戻りの経路がありません",
            "line {line} is connected, but every line has propagate: false, so that nothing finds the way back to on-premises"
        ),
        Problem::RoleElsewhere { found, account } => say!(
            lang,
            "ロールは {found} のものですが、アカウントは {account} です",
            "the role belongs to {found}, but the account is {account}"
        ),
        Problem::ExternalIdMissing { account } => say!(
            lang,
            "アカウント {account} のロールに external_id がありません",
            "the role in the account {account} has no external_id"
        ),
        Problem::LoadBalancerElsewhere { account, region } => say!(
            lang,
            "ロードバランサーが、ネットワークアカウント {account} の {region} にありません",
            "the load balancer is not in {region} of the network account {account}"
        ),
        Problem::Reach(contradiction) => contradicted(contradiction, lang),
        Problem::NoNetwork { error } => say!(
            lang,
            "このファイルからネットワークを組み立てられません: {error}",
            "no network can be made of this file: {error}"
        ),
        Problem::Names { finding, .. } => resolve::message(finding, lang),
        Problem::NoNames { error } => say!(
            lang,
            "このファイルから名前解決を組み立てられません: {error}",
            "what becomes of names cannot be computed of this file: {error}"
        ),
        Problem::ClaimedTwice { domain, vpc, other, by_asp: true, .. } => say!(
            lang,
            "{vpc} には、ここと {other} のファイルとで {domain} のゾーンが二つになり（一つは ASP 自身のもの）、二つ目は AWS が拒否します",
            "with the file of {other}, {vpc} gets two zones of {domain}, one of them the ASP's own, and AWS refuses the second one"
        ),
        Problem::ClaimedTwice { kind, domain, vpc, other, by_asp: false } => {
            let kind = words::claim(*kind, lang);
            say!(
                lang,
                "{vpc} には {other} のファイルが {domain} の{kind}を割り当てていて、二つ目は AWS が拒否します",
                "the file of {other} gives {vpc} a {kind} of {domain} as well, and AWS refuses the second one"
            )
        }
        Problem::Record { name, fault } => {
            let fault = words::record(fault, lang);
            say!(lang, "レコード {name}: {fault}", "record {name}: {fault}")
        }
        Problem::Misfit { misfit } => words::misfit(*misfit, lang).to_owned(),
        Problem::Subject { field, fault } => {
            let fault = words::subject(*fault, lang);
            say!(lang, "証明書の {field}: {fault}", "{field} of a certificate: {fault}")
        }
    }
}

/// The wish, what it follows from, and where the network contradicts it.
fn contradicted(contradiction: &Contradiction, lang: Lang) -> String {
    let Contradiction { must, why, violation, municipality: _ } = contradiction;
    let because = reach::because(*why, lang);
    let Requirement { from, to, .. } = &violation.requirement;
    match (must, violation.flow.stop()) {
        (Must::Reach, Some(stop)) => {
            let stop = reach::stop(stop, &reach::Waits::new(), lang);
            say!(
                lang,
                "{from} から {to} に届くはずですが（{because}）、届きません。{stop}",
                "{from} must reach {to} ({because}) and does not: {stop}"
            )
        }
        (Must::Reach, None) => {
            say!(
                lang,
                "{from} と {to} の通信は AWS を通りません（{because}）",
                "{from} and {to} do not meet through AWS ({because})"
            )
        }
        (Must::NotReach, _) => say!(
            lang,
            "{from} から {to} に届かないはずですが（{because}）、届きます",
            "{from} must not reach {to} ({because}), and does"
        ),
    }
}

fn value(text: &str, fault: &Fault, lang: Lang) -> String {
    match fault {
        Fault::Form { form: Form::Text } => say!(lang, "空の値は使えません", "an empty value has no meaning here"),
        Fault::Form { form } => {
            let what = words::form(*form, lang);
            say!(lang, "{text} は、{what}ではありません", "{text} is not {what}")
        }
        Fault::Label { form, why } => {
            let (what, why) = (words::form(*form, lang), words::label(*why, lang));
            say!(lang, "{text} は、{what}ではありません: {why}", "{text} is not {what}: {why}")
        }
        Fault::Length { most } => {
            let found = text.chars().count();
            say!(
                lang,
                "文字列が長すぎます（{found} 文字。最大 {most} 文字）",
                "the text is too long: {found} characters, of {most} at most"
            )
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
            let expected = words::shape(*expected, lang);
            let found = match found {
                // What is asked for is one value; what is there is a text.
                Shape::Scalar => lang.pick("文字列", "a text"),
                other => words::shape(*other, lang),
            };
            say!(lang, "「{expected}」が必要ですが、「{found}」です", "expected {expected}, found {found}")
        }
    }
}
