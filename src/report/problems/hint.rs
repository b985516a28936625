//! What to do about it.

use super::words::{self, list};
use crate::config::fault::{Fault, Form, Shape};
use crate::config::problem::{Misfit, NameKind, Owner, Problem, Quota, RecordFault, SpecOption, TargetFault};
use crate::config::schema::RecordType;
use crate::config::values::Cidr;
use crate::report::{Lang, resolve};

/// What to do, when there is something to say.
pub(in crate::report) fn hint(problem: &Problem, lang: Lang) -> Option<String> {
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
        Problem::Reach(contradiction) => {
            let city = &contradiction.municipality;
            say!(
                lang,
                "どちらかの記述を直してください。`gcnet reach {city}` で全体の表が見られます",
                "change one of the two wishes; `gcnet reach {city}` shows the whole table"
            )
        }
        Problem::Names { municipality, finding } => return resolve::hint(municipality, finding, lang),
        Problem::ClaimedTwice { by_asp: true, .. } => say!(
            lang,
            "自治体のゾーンの share_with からこの ASP を外すか、ゾーンを別のドメインにしてください",
            "take the ASP out of share_with of the municipality's zone, or give that zone another domain"
        ),
        Problem::ClaimedTwice { by_asp: false, .. } => say!(
            lang,
            "この VPC は複数の団体が使います。share_with に挙げるのは一団体だけにしてください",
            "several municipalities use this VPC: let one of them alone list the ASP in share_with"
        ),
        Problem::Record { fault, .. } => return record_hint(fault, lang),
        Problem::Value { fault, .. } => return value_hint(fault, lang),
        Problem::EmptyValue { key } if key.is_empty() => say!(
            lang,
            "ほかの自治体のファイルを写して書き始めてください。まだ使わないなら消してください",
            "begin with a copy of another municipality's file, or remove it until it is needed"
        ),
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
            let kind = words::kind(*kind, lang);
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
        Problem::ForeignDiffers { .. } => say!(
            lang,
            "どのファイルが正しいか、相手に確認してください",
            "ask the other party which of the files is right"
        ),
        Problem::ServesOneOfUs { vpc, city } => say!(
            lang,
            "{city} のファイルに {vpc} を書き、also_serves から {city} を消してください",
            "list {vpc} in the file of {city}, and remove {city} from also_serves"
        ),
        Problem::OverQuota { quota, .. } => return quota_hint(*quota, lang),
        Problem::QuotaUsedUp { .. } => say!(
            lang,
            "同じアカウントでほかに使うなら引き上げを申請してください。料金は `gcnet plan` が示します",
            "ask for more if the account needs others; `gcnet plan` shows the price"
        ),
        Problem::NotWithoutAccess { .. } => say!(
            lang,
            "ロールがあるなら credentials: {{assume-role: {{role: …}}}} を書き、なければ行を消してください。相手への依頼書が出ます",
            "write credentials: {{assume-role: {{role: …}}}} if there is a role; otherwise remove the line, and the company is asked"
        ),
        Problem::NeededWithAccess { .. } => say!(
            lang,
            "AZ ごとに一つ、接続に使うサブネットの ID を書いてください",
            "give the ids of the subnets to attach, one in each availability zone"
        ),
        Problem::LinesCompete { .. } => say!(
            lang,
            "移行中なら、片方を propagate: false にしてください",
            "during a migration, give one of them propagate: false"
        ),
        Problem::NothingLearnt { .. } => {
            say!(lang, "使う回線を propagate: true にしてください", "give the line in use propagate: true")
        }
        Problem::ExternalIdMissing { .. } => say!(
            lang,
            "相手と external_id を取り決めると、第三者を介したロールの悪用を防げます",
            "an external_id agreed with the company keeps a third party from having the role used for it"
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
        Problem::PrefixMissing { cidr, owner: Owner::SharedVpc, .. } => say!(
            lang,
            "{cidr} を加えてください。庁内は共有 VPC を必ず使います。allowed_prefixes を消すと、共有 VPC と ASP の CIDR から決まります",
            "add {cidr}: on-premises always uses the shared VPC; without allowed_prefixes, they follow from the shared VPC and the ASPs"
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
        Problem::ResolverTaken { .. } => say!(
            lang,
            "別のアドレスにするか、そのエンドポイントの ips も書いてください",
            "choose another address, or give that endpoint its ips as well"
        ),
        Problem::ResolverOneZone { .. } | Problem::SubnetsInOneZone { .. } => {
            say!(lang, "2 つの AZ に分けてください", "spread them over two zones")
        }
        Problem::DuplicateName { kind: NameKind::Zone, .. } => say!(
            lang,
            "ホストゾーンの ID は一つのアカウントの一つのゾーンのものです。どの ASP のゾーンか確認してください",
            "a hosted zone's id is that of one zone of one account: ask the ASPs whose it is"
        ),
        Problem::Misfit { misfit: Misfit::NoProtocol } => {
            say!(lang, "protocols を省略すると Do53 になります", "without protocols it is Do53")
        }
        Problem::Misfit { misfit: Misfit::ListUnreachable } => say!(
            lang,
            "crl に custom_cname（リストを配る名前）か omit_distribution_point: true を加えてください",
            "add custom_cname (the name that serves the list) or omit_distribution_point: true to crl"
        ),
        Problem::Misfit { misfit: Misfit::OutlivesRoot } => say!(
            lang,
            "validity_years を省略すると、ルート CA は 20 年、下位 CA は 5 年になります",
            "without validity_years the root's is 20 years and a subordinate's 5"
        ),
        Problem::Misfit { misfit: Misfit::TargetByPlainDns } => say!(
            lang,
            "転送先を {{ doh: アドレス, server_name: 証明書の名前 }} と書くか、dns.outbound.protocols に Do53 を加えてください",
            "write the target as {{ doh: ADDRESS, server_name: NAME }}, or add Do53 to dns.outbound.protocols"
        ),
        Problem::Misfit { misfit: Misfit::TargetOverHttps } => say!(
            lang,
            "dns.outbound.protocols に DoH を加えるか、転送先をアドレスだけにしてください",
            "add DoH to dns.outbound.protocols, or write the address alone"
        ),
        Problem::RuleTarget { fault: TargetFault::Unreached, .. } => say!(
            lang,
            "範囲が庁内か業務システムのものなら、onprem.cidrs などに加えてください",
            "if it is on-premises', add its range to onprem.cidrs"
        ),
        Problem::RuleTarget { fault: TargetFault::Twice, .. } => {
            say!(lang, "一つを消してください", "remove one of them")
        }
        Problem::RuleLoop { .. } | Problem::RuleTarget { .. } => {
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

fn record_hint(fault: &RecordFault, lang: Lang) -> Option<String> {
    Some(match fault {
        RecordFault::Repeats { zone } => say!(
            lang,
            "ゾーン {zone} より下の部分だけを書くか、末尾に「.」を付けてください",
            "write only what stands before {zone}, or put a dot at the end"
        ),
        RecordFault::CnameAtApex => say!(
            lang,
            "ゾーン自身には A などを使ってください",
            "give the zone itself an A record, or whatever it stands for"
        ),
        RecordFault::Value { kind, .. } => {
            let example = match kind {
                RecordType::A => "10.2.0.10",
                RecordType::AAAA => "2001:db8::10",
                RecordType::CNAME | RecordType::PTR => "www.city.naruto.example",
                RecordType::MX => "10 mail.city.naruto.example",
                RecordType::SRV => "0 10 389 ldap.city.naruto.example",
                RecordType::CAA => "0 issue \"ca.naruto.example\"",
                RecordType::TXT => "v=spf1 -all",
            };
            say!(lang, "例: {example}", "for example {example}")
        }
        RecordFault::NoValues => {
            say!(lang, "値を書くか、レコードを消してください", "give a value, or remove the record")
        }
        RecordFault::NotAscii { .. } => say!(
            lang,
            "UTF-8 の各バイトを \\ と 8 進数 3 桁で書いてください（例: 日 は \\346\\227\\245）",
            "write each byte of its UTF-8 as a backslash and three octal digits: ä is \\303\\244"
        ),
        RecordFault::Outside { .. }
        | RecordFault::TooLong
        | RecordFault::CnameValues
        | RecordFault::Beside { .. }
        | RecordFault::Twice { .. } => return None,
    })
}

fn quota_hint(quota: Quota, lang: Lang) -> Option<String> {
    Some(match quota {
        Quota::GatewayTransitGateways => say!(
            lang,
            "回線事業者に、別の Direct Connect ゲートウェイを依頼してください",
            "ask the line's provider for another Direct Connect gateway"
        ),
        Quota::GatewayPrefixes => say!(
            lang,
            "ASP の範囲を連続させて、allowed_prefixes で集約してください",
            "give ASPs adjoining ranges, and sum them up in allowed_prefixes"
        ),
        Quota::Peerings => say!(
            lang,
            "小さな ASP は connect: tgw か privatelink にしてください",
            "connect small ASPs with connect: tgw or privatelink"
        ),
        Quota::RuleTargets => {
            say!(lang, "6 個までに減らしてください", "name six of them at most")
        }
        Quota::ZoneVpcs => say!(
            lang,
            "Route 53 プロファイルでの共有を検討してください",
            "consider a Route 53 profile for so many VPCs"
        ),
        Quota::Endpoints
        | Quota::TransitGateways
        | Quota::ResolverEndpoints
        | Quota::ResolverRules
        | Quota::ZoneRecords => say!(
            lang,
            "構築の前に、Service Quotas で引き上げを申請してください",
            "ask for more in Service Quotas before building"
        ),
    })
}

fn value_hint(fault: &Fault, lang: Lang) -> Option<String> {
    Some(match fault {
        Fault::Form { form: Form::Text } => return None,
        Fault::Form { form } | Fault::Label { form, .. } => {
            let example = form.example();
            say!(lang, "例: {example}", "for example {example}")
        }
        Fault::HostBits { network } => say!(lang, "ネットワークは {network} です", "the network is {network}"),
        Fault::Range { .. } | Fault::Length { .. } => return None,
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
