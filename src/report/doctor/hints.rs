//! What to do about a check that is not green.

use crate::{
    doctor::{Check, Finding, Kind, Level, Limit, Sharing, Trouble, permissions::Why},
    report::{Lang, message::call},
};

pub(super) fn hint(check: &Check, lang: Lang) -> String {
    let say = |ja: &str, en: &str| lang.pick(ja, en).to_string();
    match &check.finding {
        Finding::Credentials { kind: Kind::Root, .. } => say(
            "SSO かロールで実行し、ルートユーザーのアクセスキーは削除してください",
            "use SSO or a role, and delete the root user's access keys",
        ),
        Finding::Credentials { kind: Kind::LongLived, .. } => say(
            "SSO かロールを使うか、--mfa-serial を付けてください。どうしても使うときは --allow-long-lived-keys です",
            "use SSO or a role, or give --mfa-serial; where there is no other way, --allow-long-lived-keys",
        ),
        Finding::Credentials { .. } => say(
            "長い実行の途中で切れます。先にサインインし直してください",
            "a long run outlives them: sign in again first",
        ),
        Finding::NoIdentity(failure) => call::hint(failure, call::Origin::default(), lang),
        Finding::Account { .. } => say(
            "--profile か AWS_PROFILE で、ファイルのアカウントのものを選んでください",
            "choose a profile of the file's account with --profile or AWS_PROFILE",
        ),
        Finding::Region { .. } => say(
            "gcnet はファイルのリージョンで動きます。ほかのツールやコンソールも合わせてください",
            "gcnet works in the file's Region; see that other tools and the console do too",
        ),
        Finding::Endpoint { trouble, .. } => {
            endpoint(trouble.as_ref().map_or(Trouble::NotTried, |(trouble, _)| *trouble), lang).into()
        }
        Finding::Clock { skew: None, .. } => {
            say("接続を直してから、もう一度調べてください", "mend the connection, then look again")
        }
        Finding::Clock { .. } => say(
            "端末の時計を NTP で合わせてください。5 分を超えると AWS は署名を受け付けません",
            "set this machine's clock by NTP: beyond five minutes AWS refuses signatures",
        ),
        Finding::Quota { limit: Some(Limit::Applied(_)), .. } if check.level == Level::Red => say(
            "Service Quotas で引き上げを申請するか、不要なものを削除してください",
            "request an increase in Service Quotas, or remove what is not needed",
        ),
        Finding::Quota { used: None, quota, .. } if quota.counted.is_some() => say(
            "いまある数を読む権限を加えるか、コンソールで確かめてください",
            "have the read of what is there allowed, or look in the console",
        ),
        Finding::Quota { .. } => say(
            "Service Quotas のコンソールで実際の値を確かめてください（servicequotas:ListServiceQuotas を許可すると、ここで分かります）",
            "look at the account's own value in the console of Service Quotas; with servicequotas:ListServiceQuotas it is seen here",
        ),
        Finding::NoPlan(_) => say("`gcnet plan 自治体` で理由を見てください", "see why with `gcnet plan CITY`"),
        Finding::Sharing(sharing) => self::sharing(sharing, lang).into(),
        Finding::Permissions { missing, .. } => permissions(missing.iter().map(|one| one.why).collect(), lang).into(),
        Finding::NotSimulated(_) => say(
            "iam:GetRole と iam:SimulatePrincipalPolicy を許可すると、実行の前に分かります。なくても実行はできます",
            "with iam:GetRole and iam:SimulatePrincipalPolicy it is known before a run; a run works without",
        ),
        Finding::OtherRole { .. } => say(
            "このロールで行うことは、相手への依頼になります（gcnet requests）。ロールの ARN と external_id も確かめてください",
            "what it was for is asked of the company instead (`gcnet requests`); check the role's ARN and external_id too",
        ),
        Finding::RolesNotTried(failure) => call::hint(failure, call::Origin::default(), lang),
    }
}

fn endpoint(trouble: Trouble, lang: Lang) -> &'static str {
    let (ja, en) = match trouble {
        Trouble::Name => (
            "DNS を確かめてください。インターネットに出ない端末では、そのサービスの VPC エンドポイントとプライベート DNS が要ります",
            "check DNS; a host without the internet needs a VPC endpoint of the service with private DNS",
        ),
        Trouble::Connection => (
            "ファイアウォール、経路、セキュリティグループで TCP 443 を確かめてください。プロキシが要るなら HTTPS_PROXY を設定します",
            "check TCP 443 in firewalls, routes and security groups; where a proxy is needed, set HTTPS_PROXY",
        ),
        Trouble::Tls => (
            "TLS を検査するプロキシがあります。AWS のエンドポイントを検査の対象から外してください。端末の時計も確かめてください",
            "a proxy opens TLS: have AWS's endpoints excepted from its inspection; check this machine's clock too",
        ),
        Trouble::Silence => (
            "パケットが黙って捨てられています。ファイアウォールとセキュリティグループを確かめてください",
            "packets are dropped silently: check firewalls and security groups",
        ),
        Trouble::Broken => (
            "途中のプロキシが応答を書き換えているか、切っています。AWS のエンドポイントを対象から外してください",
            "a proxy on the way changes or cuts answers: have AWS's endpoints excepted",
        ),
        Trouble::NotTried => ("認証情報を直してから、もう一度調べてください", "mend the credentials, then look again"),
    };
    lang.pick(ja, en)
}

fn sharing(sharing: &Sharing, lang: Lang) -> &'static str {
    let (ja, en) = match sharing {
        Sharing::NoOrganization => (
            "相手が RAM の招待を承諾するのを待つことになります。依頼書にあります（gcnet requests）",
            "runs wait until others accept RAM's invitations, for which `gcnet requests` asks them",
        ),
        Sharing::NobodyToShareWith => (
            "ファイルの sharing.allow_external_principals を true にすると、招待として共有します",
            "set sharing.allow_external_principals to true in the file: shares become invitations then",
        ),
        Sharing::Unknown(_) => (
            "organizations:DescribeOrganization を許可すると分かります。分からなくても実行はできます",
            "with organizations:DescribeOrganization it is known; a run works without",
        ),
        _ => (
            "有効でなければ、共有は招待になり、相手の承諾を待ちます。組織の管理者に確かめてください",
            "where it is off, shares become invitations that others have to accept: ask whoever administers the organisation",
        ),
    };
    lang.pick(ja, en)
}

fn permissions(why: Vec<Why>, lang: Lang) -> &'static str {
    let (ja, en) = if why.contains(&Why::Guardrail) {
        (
            "組織の管理者に許可を依頼してください。なお、リソースコントロールポリシーとセッションポリシーは、この評価に入りません",
            "ask whoever administers the organisation; resource control policies and session policies are not part of the simulation",
        )
    } else {
        (
            "ロールに加えるか、権限のあるロールで実行してください。リソースを狭く書いたポリシー、リソースコントロールポリシー、セッションポリシーは、この評価では見えません",
            "add them to the role, or use a role that has them; policies that name narrower resources, resource control policies and session policies are not seen by the simulation",
        )
    };
    lang.pick(ja, en)
}
