//! What was found, in sentences.

use gcnet_core::Failure;

use crate::{
    doctor::{Check, Finding, Kind, Limit, Missing, Quota, Sharing, Trouble, permissions::Why},
    report::{Lang, layout::clean, message::call},
};

/// Actions that are named before the rest is only counted.
const NAMES: usize = 8;

pub(super) fn title(finding: &Finding, lang: Lang) -> &'static str {
    let (ja, en) = match finding {
        Finding::Credentials { .. } | Finding::NoIdentity(_) => ("認証情報", "credentials"),
        Finding::Account { .. } => ("アカウント", "account"),
        Finding::Region { .. } => ("リージョン", "Region"),
        Finding::Endpoint { .. } => ("接続", "endpoints"),
        Finding::Clock { .. } => ("時計", "clock"),
        Finding::Quota { .. } | Finding::NoPlan(_) => ("上限", "quotas"),
        Finding::Sharing(_) => ("共有", "sharing"),
        Finding::Permissions { .. } | Finding::NotSimulated(_) => ("権限", "permissions"),
        Finding::OtherRole { .. } | Finding::RolesNotTried(_) => ("他社のロール", "other roles"),
    };
    lang.pick(ja, en)
}

/// Of one check.
pub(super) fn sentence(check: &Check, lang: Lang) -> String {
    match &check.finding {
        Finding::Credentials { arn, kind, left, mfa } => credentials(arn, *kind, *left, *mfa, lang),
        Finding::NoIdentity(failure) => call::what(failure, lang),
        Finding::Account { expected, actual } if expected == actual => {
            lang.pick(format!("{expected}（ファイルのとおり）"), format!("{expected} , as in the file"))
        }
        Finding::Account { expected, actual } => {
            let actual = clean(actual);
            lang.pick(
                format!("認証情報は {actual} のものですが、ファイルは {expected} です"),
                format!("the credentials belong to {actual} , and the file names {expected}"),
            )
        }
        Finding::Region { file, elsewhere: None } => clean(file),
        Finding::Region { file, elsewhere: Some(elsewhere) } => {
            let (file, elsewhere) = (clean(file), clean(elsewhere));
            lang.pick(
                format!("{file} で実行します。プロファイルまたは環境変数は {elsewhere} です"),
                format!("gcnet works in {file} ; the profile or the environment names {elsewhere}"),
            )
        }
        Finding::Endpoint { service, trouble } => match trouble {
            None => lang.pick(format!("{service} は応答します"), format!("{service} answers")),
            Some((trouble, failure)) => endpoint(service, *trouble, failure, lang),
        },
        Finding::Clock { skew, simulated } => clock(*skew, *simulated, lang),
        Finding::Quota { quota, used, more, limit } => self::quota(*quota, *used, *more, *limit, lang),
        Finding::NoPlan(why) => {
            let why = clean(why);
            lang.pick(
                format!("計画を作れないため比べられません: {why}"),
                format!("there is no plan to hold them against: {why}"),
            )
        }
        Finding::Sharing(sharing) => self::sharing(sharing, lang),
        Finding::Permissions { of, missing } => permissions(*of, missing, lang),
        Finding::NotSimulated(None) => lang
            .pick("この認証情報の権限は、事前に調べられません", "what these credentials may do cannot be simulated")
            .into(),
        Finding::NotSimulated(Some(failure)) => {
            let what = call::what(failure, lang);
            lang.pick(format!("事前に調べられません: {what}"), format!("they cannot be simulated: {what}"))
        }
        Finding::OtherRole { account, failure: None } => lang.pick(
            format!("アカウント {account} のロールを使えます"),
            format!("the role in account {account} can be used"),
        ),
        Finding::OtherRole { account, failure: Some(failure) } => {
            let what = call::what(failure, lang);
            lang.pick(
                format!("アカウント {account} のロールを使えません: {what}"),
                format!("the role in account {account} cannot be used: {what}"),
            )
        }
        Finding::RolesNotTried(failure) => {
            let what = call::what(failure, lang);
            lang.pick(format!("試せません: {what}"), format!("they could not be tried: {what}"))
        }
    }
}

/// Of several green checks of one sort.
pub(super) fn together(checks: &[&Check], lang: Lang) -> String {
    let services: Vec<&str> = checks
        .iter()
        .filter_map(|check| match &check.finding {
            Finding::Endpoint { service, .. } => Some(*service),
            _ => None,
        })
        .collect();
    match services.len() {
        0 => lang.pick(
            format!("{} 種類は、いまある数と計画の分を合わせても足ります", checks.len()),
            format!("{} of them suffice for what there is and what the plan makes", checks.len()),
        ),
        n => lang.pick(
            format!("{n} サービスが応答します（{}）", services.join(", ")),
            format!("{n} services answer: {}", services.join(", ")),
        ),
    }
}

fn credentials(arn: &str, kind: Kind, left: Option<i64>, mfa: bool, lang: Lang) -> String {
    let arn = clean(arn);
    let (ja, en) = match kind {
        Kind::Root => ("ルートユーザー", "the root user"),
        Kind::LongLived => ("長期のアクセスキー", "a long-lived access key"),
        Kind::UserSession => ("ユーザーのセッション", "a session of a user"),
        Kind::Sso => ("SSO のセッション", "a session of SSO"),
        Kind::Role => ("ロールのセッション", "a session of a role"),
        Kind::Federated => ("フェデレーションのセッション", "a federated session"),
    };
    let mut text = lang.pick(format!("{arn}（{ja}）"), format!("{arn} , {en}"));
    if mfa {
        text += lang.pick("、MFA あり", ", with MFA");
    }
    match left {
        Some(left) if left <= 0 => text += lang.pick("、期限切れ", ", which has ended"),
        Some(left) => text += &lang.pick(format!("、あと {} 分", left / 60), format!(", {} minutes left", left / 60)),
        None => {}
    }
    text
}

fn endpoint(service: &str, trouble: Trouble, failure: &Failure, lang: Lang) -> String {
    let (ja, en) = match trouble {
        Trouble::Name => ("名前を解決できません", "its name is not resolved"),
        Trouble::Connection => ("接続できません", "no connection"),
        Trouble::Tls => ("TLS の相手が AWS ではありません", "TLS ends with somebody who is not AWS"),
        Trouble::Silence => ("時間内に応答がありません", "no answer in time"),
        Trouble::Broken => {
            ("応答が途中で切れたか、AWS の応答ではありません", "an answer that broke off, or is none of AWS's")
        }
        Trouble::NotTried => ("認証情報がないため試せません", "not tried, for want of credentials"),
    };
    let words = clean(failure.message.split_whitespace().collect::<Vec<_>>().join(" ").trim());
    let said = if words.is_empty() || trouble == Trouble::NotTried { String::new() } else { format!(" ({words})") };
    lang.pick(format!("{service}: {ja}{said}"), format!("{service}: {en}{said}"))
}

fn clock(skew: Option<i64>, simulated: bool, lang: Lang) -> String {
    match skew {
        _ if simulated => {
            lang.pick("模擬 AWS の時刻は独自のものです", "the simulated AWS has a time of its own").into()
        }
        None => lang.pick("AWS の時刻が分かりません", "AWS has not told its time").into(),
        Some(skew) => {
            let seconds = skew.unsigned_abs();
            let (ja, en) = if skew > 0 { ("遅れています", "behind") } else { ("進んでいます", "ahead of") };
            match seconds {
                // Dates of answers are whole seconds, and answers take their time.
                0..=2 => lang.pick("AWS と合っています", "this machine's agrees with AWS's").into(),
                _ => lang.pick(
                    format!("この端末の時計は AWS より {seconds} 秒{ja}"),
                    format!("this machine's is {seconds} s {en} AWS's"),
                ),
            }
        }
    }
}

/// What a quota counts.
pub(super) fn counted(quota: Quota, lang: Lang) -> String {
    let (ja, en) = match quota.id {
        "vpcs" => ("リージョンの VPC", "VPCs of the Region"),
        "subnets_per_vpc" => ("VPC のサブネット", "subnets of a VPC"),
        "route_tables_per_vpc" => ("VPC のルートテーブル", "route tables of a VPC"),
        "security_groups" => ("リージョンのセキュリティグループ", "security groups of the Region"),
        "interface_endpoints_per_vpc" => ("VPC のインターフェイスエンドポイント", "interface endpoints of a VPC"),
        "transit_gateways" => ("リージョンの Transit Gateway", "transit gateways of the Region"),
        "attachments_per_transit_gateway" => ("Transit Gateway のアタッチメント", "attachments of a transit gateway"),
        "peerings_per_transit_gateway" => ("Transit Gateway のピアリング", "peerings of a transit gateway"),
        "direct_connect_gateways" => ("Direct Connect ゲートウェイ", "Direct Connect gateways"),
        "resolver_endpoints" => ("リージョンの Resolver エンドポイント", "Resolver endpoints of the Region"),
        "resolver_rules" => ("リージョンの Resolver ルール", "Resolver rules of the Region"),
        "hosted_zones" => ("アカウントのホストゾーン", "hosted zones of the account"),
        "certificate_authorities" => ("リージョンのプライベート CA", "private CAs of the Region"),
        "roles" => ("アカウントの IAM ロール", "IAM roles of the account"),
        "buckets" => ("アカウントの S3 バケット", "S3 buckets of the account"),
        other => (other, other),
    };
    lang.pick(ja, en).into()
}

fn quota(quota: Quota, used: Option<u64>, more: u64, limit: Option<Limit>, lang: Lang) -> String {
    let what = counted(quota, lang);
    let limit = match limit {
        Some(Limit::Applied(most)) => lang.pick(format!("上限 {most}"), format!("the quota is {most}")),
        Some(Limit::Default(most)) => lang.pick(
            format!("既定の上限 {most}（実際の値は読めません）"),
            format!("the default quota is {most}, and the account's own cannot be read"),
        ),
        None => lang.pick("上限不明", "an unknown quota").into(),
    };
    let there = match (used, quota.counted) {
        (Some(used), _) => lang.pick(format!("いま {used}、計画で +{more}"), format!("{used} there, {more} to come")),
        (None, Some(_)) => lang.pick(
            format!("いまの数は読めません。計画で +{more}"),
            format!("how many there are cannot be read, {more} to come"),
        ),
        (None, None) => lang.pick(format!("ファイルでは {more}"), format!("{more} in the file")),
    };
    lang.pick(format!("{what}: {there}、{limit}"), format!("{what}: {there}; {limit}"))
}

fn sharing(sharing: &Sharing, lang: Lang) -> String {
    match sharing {
        Sharing::NotNeeded => lang.pick("ファイルは何も共有しません", "the file shares nothing").into(),
        Sharing::Seen(organization) => {
            let id = clean(&organization.id);
            lang.pick(
                format!("組織 {id} の中では、招待なしで共有されています"),
                format!("within the organisation {id} , shares arrive without invitations"),
            )
        }
        Sharing::Unseen(organization) => {
            let id = clean(&organization.id);
            lang.pick(
                format!("組織 {id} のアカウントです。RAM の組織内共有が有効かどうかは、管理アカウントでしか見えません"),
                format!("the account is in the organisation {id} ; whether RAM shares with it, only the management account sees"),
            )
        }
        Sharing::NoOrganization => lang
            .pick(
                "組織に属していません。共有は、相手が招待を承諾してから届きます",
                "the account is in no organisation: shares arrive when others accept their invitations",
            )
            .into(),
        Sharing::NobodyToShareWith => lang
            .pick(
                "組織に属していないのに、ファイルは組織の外との共有を認めていません",
                "the account is in no organisation, and the file lets nothing be shared outside one",
            )
            .into(),
        Sharing::Unknown(failure) => {
            let what = call::what(failure, lang);
            lang.pick(format!("組織が分かりません: {what}"), format!("the organisation is not known: {what}"))
        }
    }
}

fn permissions(of: usize, missing: &[Missing], lang: Lang) -> String {
    let names = |why: Why| {
        let mut names: Vec<&str> = missing.iter().filter(|one| one.why == why).map(|one| one.action.as_str()).collect();
        let rest = names.len().saturating_sub(NAMES);
        names.truncate(NAMES);
        let names = names.join(", ");
        match (names.is_empty(), rest) {
            (true, _) => None,
            (_, 0) => Some(names),
            (_, rest) => Some(lang.pick(format!("{names} ほか {rest} 件"), format!("{names} and {rest} more"))),
        }
    };
    let said = [
        (Why::Guardrail, "組織の統制か境界が止めるもの", "stopped by a guardrail"),
        (Why::Denied, "ポリシーが拒否するもの", "denied by a policy"),
        (Why::NotAllowed, "許可されていないもの", "not allowed"),
        (Why::Depends, "条件によるもの", "depending on conditions"),
    ];
    let said: Vec<String> = said
        .into_iter()
        .filter_map(|(why, ja, en)| {
            names(why).map(|names| lang.pick(format!("{ja}: {names}"), format!("{en}: {names}")))
        })
        .collect();
    let head = lang.pick(format!("{of} 種類の呼び出しを事前に評価しました"), format!("{of} calls were simulated"));
    match said.is_empty() {
        true => lang.pick(format!("{head}。すべて許可されています"), format!("{head}, and all are allowed")),
        false => format!("{head}{} {}", lang.pick("。", ";"), said.join(lang.pick("。", "; "))),
    }
}
