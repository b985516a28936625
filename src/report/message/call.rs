//! A call that failed: what it was, and what to do, by class.

use gcnet_core::{Class, Failure};

use super::{
    denial,
    told::{Label, Told},
};
use crate::report::{Lang, layout::clean};

/// With which credentials and where to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Origin<'a> {
    /// The named profile.
    pub(crate) profile: Option<&'a str>,
    /// An endpoint other than AWS's own.
    pub(crate) endpoint: Option<&'a str>,
}

/// `AccessDenied on ec2:CreateVpc in 111122223333`
pub(crate) fn what(failure: &Failure, lang: Lang) -> String {
    let (code, operation) = (clean(&failure.code), clean(&failure.operation));
    if failure.code == INTERNAL {
        return clean(&format!("{operation}: {}", failure.message));
    }
    if let Some((ja, en)) = ours(failure) {
        return lang.pick(format!("{operation}: {ja}"), format!("{en} for {operation}"));
    }
    match &failure.account {
        Some(account) => lang.pick(
            format!("アカウント {account} の {operation} が {code} で失敗"),
            format!("{code} on {operation} in {account}"),
        ),
        None => lang.pick(format!("{operation} が {code} で失敗"), format!("{code} on {operation}")),
    }
}

/// Code of a fault of gcnet itself.
const INTERNAL: &str = "internal";

/// Words for what AWS never answered: the code is then gcnet's own.
fn ours(failure: &Failure) -> Option<(&'static str, &'static str)> {
    Some(match failure.code.as_str() {
        "credentials" => ("使える認証情報がありません", "no usable credentials"),
        "role-refused" => ("ロールを引き受けられません", "the role may not be assumed"),
        "mfa-refused" => ("MFA コードが受け付けられません", "the MFA code is not accepted"),
        "unreachable" => ("接続できません", "no connection"),
        "timeout" => ("時間内に応答がありません", "no answer in time"),
        "connection-lost" => ("応答の前に接続が切れました", "the connection was lost before the answer"),
        "unreadable-answer" => ("応答を読み取れません", "an unreadable answer"),
        "not-sent" => ("送信できません", "nothing could be sent"),
        "not-yet" => ("まだ表示されません", "nothing to be seen yet"),
        "not-seen" => ("まだ見えません", "not to be seen yet"),
        "not-learned" => ("ルートテーブルがまだ学習していません", "no ranges learned yet"),
        "range-differs" => ("アドレス範囲がファイルと違います", "other ranges than the file's"),
        "no-role" => ("ファイルにこのアカウントのロールがありません", "no role in this account in the file"),
        "other-account" => ("ロールが別のアカウントのものです", "a role of another account"),
        "cleartext" => {
            ("暗号化されない接続ではこの PC の外に送りません", "nothing leaves this machine over plain HTTP; not sent")
        }
        "too-large" => ("大きすぎるため読みません", "too large to be read"),
        "outlives-parent" => {
            ("署名する CA より後に終わる証明書は発行できません", "a certificate that would end after its issuer's")
        }
        "reissue-not-yet" => ("reissued_since がまだ来ていない日です", "a day to come in reissued_since"),
        "untagged-bucket" => {
            ("gcnet のタグがないバケットは空にしません", "a bucket without gcnet's tags, which is not emptied")
        }
        "theirs" => ("相手側の操作です", "it is another party's to make"),
        _ => return None,
    })
}

/// The sentence completed by AWS's words, a hint and, last, the request id.
pub(crate) fn explain(told: Told, failure: &Failure, origin: Origin<'_>, lang: Lang) -> Told {
    let words = (failure.code != INTERNAL && !failure.message.is_empty()).then(|| on_one_line(&failure.message));
    let whose = if ours(failure).is_some() { Label::Detail } else { Label::Aws };
    told.with(whose, words).hint(hint(failure, origin, lang))
}

/// Some libraries answer with an indented list.
fn on_one_line(text: &str) -> String {
    clean(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// For the end of what is told.
pub(crate) fn request_id(failure: Option<&Failure>) -> Option<String> {
    failure?.request_id.as_deref().map(clean)
}

pub(crate) fn hint(failure: &Failure, origin: Origin<'_>, lang: Lang) -> String {
    let say = |ja: &str, en: &str| lang.pick(ja, en).to_string();
    match failure.class {
        Class::Denied | Class::Guardrail => denial::hint(failure, lang),
        Class::Quota => quota(failure, lang),
        Class::Theirs => say(
            "相手側の許可が要ります。gcnet requests で依頼書を作り、相手の操作の後にもう一度実行してください",
            "another party has to allow it first; write the request with `gcnet requests` and run this again after its move",
        ),
        Class::Credentials => credentials(failure, origin, lang),
        Class::Unreachable => match origin.endpoint {
            Some(endpoint) => lang.pick(
                format!("{} に接続できません。起動しているか、アドレスが正しいか確認してください", clean(endpoint)),
                format!("nothing answers at {} ; check that it runs and that the address is right", clean(endpoint)),
            ),
            None => say(
                "AWS に接続できません。ネットワーク、プロキシ、VPC エンドポイントを確認してください",
                "AWS cannot be reached; check the network, the proxy and VPC endpoints",
            ),
        },
        Class::Unknown => say(
            "実行されたかどうか分かりません。もう一度実行してください。先に AWS を調べるので、二重には作られません",
            "nobody knows whether AWS carried it out; run the command again: gcnet looks first and makes nothing twice",
        ),
        Class::NotYet if failure.operation.starts_with("acm-pca:") => say(
            "CA の状態が変わる途中です。`gcnet ca status` で確かめ、しばらくしてからもう一度実行してください",
            "the authority is between two states; look with `gcnet ca status`, and run the command again in a while",
        ),
        Class::NotYet => say(
            "AWS 上でまだ何かが使っているか、状態が変わる途中です。コンソールでネットワークインターフェイスとアタッチメントを確認し、もう一度実行してください",
            "something in AWS still uses it or is still changing; look for network interfaces and attachments in the console, then run the command again",
        ),
        Class::NotFound => say(
            "呼び出しが指すものが見つかりません。誰かが削除した可能性があります。gcnet plan 自治体 で確かめてください",
            "AWS does not find what the call names; somebody may have deleted it: look with `gcnet plan CITY`",
        ),
        Class::Already => say(
            "同じ名前または同じ宛先のものがすでにあり、gcnet のものではありません。持ち主を確認し、片方を変えるか削除してください",
            "something with the same name or destination exists and is not gcnet's; find its owner, and rename or remove one of the two",
        ),
        Class::Throttled => say(
            "このアカウントの呼び出しが多すぎます。時間をおくか --parallelism を小さくして、もう一度実行してください",
            "too many calls in this account; run the command again later, or with a smaller --parallelism",
        ),
        Class::Invalid if failure.code == INTERNAL => say(
            "gcnet の不具合です。上の文を添えて報告してください",
            "this is a fault of gcnet; please report it with the sentence above",
        ),
        Class::Invalid if ["no-role", "other-account"].contains(&failure.code.as_str()) => say(
            "自治体のファイルの accounts.others で、アカウント番号と credentials の role を見比べてください",
            "compare the account id and the role in accounts.others of the municipality's file",
        ),
        Class::Invalid if failure.code == "cleartext" => say(
            "プロファイルや環境変数の endpoint_url を https:// にしてください。http:// を使えるのはこの PC (localhost) 宛てだけです",
            "name https:// as endpoint_url of the profile or the environment; plain http:// is for this machine (localhost) alone",
        ),
        Class::Invalid if failure.code == "too-large" => say(
            "バケットの中の監査レポートを確かめてください。AWS が書いたものなら、これほど大きくなりません",
            "look at the audit report in the bucket: what AWS writes is never that large",
        ),
        Class::Invalid if failure.code == "outlives-parent" => say(
            "先に上位の CA の証明書を発行し直す（renewal.reissued_since）か、下位の validity_years を短くしてください",
            "have the certificate of the authority above issued anew first (renewal.reissued_since), or shorten validity_years of the one below",
        ),
        Class::Invalid if failure.code == "reissue-not-yet" => say(
            "発行し直すのは今日までの日付だけです。renewal.reissued_since を今日か、それより前の日にしてください",
            "a certificate issued today cannot be from a later day; set renewal.reissued_since to today or earlier",
        ),
        Class::Invalid if failure.code == "untagged-bucket" => say(
            "バケットの中身を確かめてください。gcnet のものなら、gcnet apply がタグを付け直します。ほかのものなら、中身を移してから空にしてください",
            "look at what is in the bucket; if it is gcnet's, `gcnet apply` writes its tags again; if not, move its content and empty it",
        ),
        Class::Invalid if failure.operation == "acm-pca:IssueCertificate" => say(
            "AWS が要求を受け付けません。AWS の応答を、CSR、用途、日数と見比べてください",
            "AWS refuses the request; compare its words with the signing request, the usage and the days",
        ),
        Class::Invalid => say(
            "AWS が値を受け付けません。AWS の応答と自治体のファイルを見比べてください",
            "AWS refuses a value; compare its words with the file of the municipality",
        ),
    }
}

fn credentials(failure: &Failure, origin: Origin<'_>, lang: Lang) -> String {
    let code = failure.code.to_ascii_lowercase();
    if code.contains("timetooskewed") {
        return lang
            .pick(
                "この端末の時計が合っていません。直して、もう一度実行してください",
                "this machine's clock is wrong; set it and run the command again",
            )
            .into();
    }
    if code.contains("optinrequired") {
        return lang
            .pick(
                "このアカウントでサービスまたはリージョンが有効になっていません。管理者に依頼してください",
                "the service or the Region is not enabled in this account; ask its administrator",
            )
            .into();
    }
    if code == "role-refused" {
        return lang
            .pick(
                "ロールの ARN と external_id、信頼ポリシーの相手を確かめてください。MFA を求めるロール（operators.mfa: required で作ったものなど）には --mfa-serial でデバイスを指定します",
                "check the role's ARN, the external_id, and whom its trust policy names; a role that asks for MFA, as those of operators.mfa: required do, takes a device: give --mfa-serial",
            )
            .into();
    }
    if code == "mfa-refused" {
        return lang
            .pick(
                "コードは 1 回だけ、30 秒ほど使えます。次のコードを待ち、--mfa-serial がこの認証情報のユーザーのデバイスか確かめてください。SSO やロールの認証情報に MFA は付けられません（SSO ではサインインのときに済んでいます）",
                "a code is good for one use and for half a minute: wait for the next, and see that --mfa-serial is a device of the user whose access key this is; credentials of SSO or of a role take no device here (with SSO it was held at sign-in)",
            )
            .into();
    }
    let (ja, en) = match code.as_str() {
        "credentials" => ("認証情報がないか、期限切れです", "credentials are missing or expired"),
        code if code.contains("expired") => ("認証情報が期限切れです", "the credentials have expired"),
        _ => ("認証情報が受け付けられません", "AWS does not accept these credentials"),
    };
    match origin.profile.map(clean) {
        Some(profile) if code == "credentials" => lang.pick(
            format!("プロファイル {profile} に使える認証情報がありません。AWS の設定にあるか確かめ、`aws sso login --profile {profile}` などでサインインして、同じコマンドをもう一度実行してください"),
            format!("the profile {profile} has no usable credentials; check that the AWS configuration has it, sign in (for example `aws sso login --profile {profile}`), then run the same command again"),
        ),
        Some(profile) => lang.pick(
            format!("{ja}。`aws sso login --profile {profile}` のあと、同じコマンドをもう一度実行してください"),
            format!("{en}; run `aws sso login --profile {profile}` and then the same command again"),
        ),
        None => lang.pick(
            format!("{ja}。--profile を指定するか、`aws sso login` などでサインインして、同じコマンドをもう一度実行してください。アカウントなしで試すには --sandbox を使います"),
            format!("{en}; give --profile or sign in (for example `aws sso login`), then run the same command again; without an account, try --sandbox"),
        ),
    }
}

/// Codes of Service Quotas: aws-facts 6, "Quota".
fn quota(failure: &Failure, lang: Lang) -> String {
    let code = failure.code.trim_end_matches("Exception");
    let known = match code {
        "VpcLimitExceeded" => Some(("リージョンの VPC 数 (L-F678F1CE)", "VPCs in a Region (L-F678F1CE)")),
        "SubnetLimitExceeded" => Some(("VPC のサブネット数 (L-407747CB)", "subnets in a VPC (L-407747CB)")),
        "RouteLimitExceeded" => Some(("ルートテーブルのルート数 (L-93826ACB)", "routes in a route table (L-93826ACB)")),
        "RouteTableLimitExceeded" => Some(("VPC のルートテーブル数", "route tables in a VPC")),
        "SecurityGroupLimitExceeded" => Some(("リージョンのセキュリティグループ数", "security groups in a Region")),
        "RulesPerSecurityGroupLimitExceeded" => Some(("セキュリティグループのルール数", "rules in a security group")),
        "TransitGatewayLimitExceeded" => Some(("アカウントの Transit Gateway 数", "transit gateways in an account")),
        "TransitGatewayRouteTableLimitExceeded" => {
            Some(("Transit Gateway のルートテーブル数", "route tables of a transit gateway"))
        }
        "TransitGatewayAttachmentLimitExceeded" => {
            Some(("Transit Gateway のアタッチメント数 (L-E0233F82)", "attachments of a transit gateway (L-E0233F82)"))
        }
        "FlowLogsLimitExceeded" => Some(("リソースのフローログ数", "flow logs of a resource")),
        "LimitExceeded" if failure.operation.starts_with("iam:") => {
            Some(("アカウントの IAM ロール数など", "IAM roles or policies in the account"))
        }
        _ => None,
    };
    let account = failure.account.as_deref().unwrap_or("?");
    match known {
        Some((ja, en)) => lang.pick(
            format!("アカウント {account} で、{ja} の上限に達しました。Service Quotas で引き上げを申請するか、不要なものを削除してください"),
            format!("the quota of {en} is full in account {account}; request an increase in Service Quotas, or remove what is not needed"),
        ),
        None => lang.pick(
            format!("アカウント {account} で {} の上限に達しました。Service Quotas で引き上げを申請してください", clean(&failure.operation)),
            format!("a quota of {} is full in account {account}; request an increase in Service Quotas", clean(&failure.operation)),
        ),
    }
}
