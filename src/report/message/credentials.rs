//! Credentials that gcnet does not work with, and what goes with them.

use super::told::{Severity, Told};
use crate::report::{Lang, layout::clean};

pub(super) fn root_user(arn: &str, lang: Lang) -> Told {
    let arn = clean(arn);
    Told::error(lang.pick(
        format!("ルートユーザー {arn} では実行しません。何も変更していません"),
        format!("gcnet does not work as the root user {arn} ; nothing was changed"),
    ))
    .hint(lang.pick(
        "ルートユーザーにはどのポリシーも効きません。IAM Identity Center（SSO）かロールで実行し、ルートユーザーのアクセスキーは削除してください",
        "no policy of the account binds the root user; sign in with IAM Identity Center (SSO) or use a role, and delete the root user's access keys",
    ))
}

pub(super) fn long_lived_keys(arn: &str, lang: Lang) -> Told {
    let arn = clean(arn);
    Told::error(lang.pick(
        format!("{arn} の長期のアクセスキーでは実行しません。何も変更していません"),
        format!("gcnet does not work with the long-lived access key of {arn} ; nothing was changed"),
    ))
    .hint(lang.pick(
        "SSO（`aws sso login`）か、ファイルの accounts.network.access.role のロールを使ってください。MFA デバイスがあれば --mfa-serial でも一時的な認証情報になります。どうしても使うときは --allow-long-lived-keys を付けてください",
        "sign in with SSO (`aws sso login`), or have a role assumed (accounts.network.access.role in the file); with an MFA device, --mfa-serial makes temporary credentials of it; where there is no other way, add --allow-long-lived-keys",
    ))
}

pub(super) fn needs_mfa_code(serial: &str, lang: Lang) -> Told {
    let serial = clean(serial);
    Told::error(lang.pick(
        format!("MFA デバイス {serial} の 6 桁のコードがありません。何も変更していません"),
        format!("no six-digit code of the MFA device {serial} ; nothing was changed"),
    ))
    .hint(lang.pick(
        "端末があれば尋ねます。なければ --mfa-code で渡してください。コードは 1 回だけ使えます",
        "on a terminal gcnet asks for it; elsewhere give --mfa-code; a code is good for one use",
    ))
}

pub(super) fn device_left_out(serial: &str, lang: Lang) -> Told {
    let serial = clean(serial);
    let text = lang.pick(
        format!("認証情報はすでに一時的なもの（SSO やロール）なので、MFA デバイス {serial} は使わずに続けます"),
        format!("the credentials are a session already (SSO, a role) and are used as they are, without the MFA device {serial}"),
    );
    Told::new(Severity::Note, text).hint(lang.pick(
        "SSO ではサインインのときに MFA が済んでいます。--mfa-serial と GCNET_MFA_SERIAL を外せば、コードは尋ねません",
        "with SSO, MFA was held at sign-in; without --mfa-serial and GCNET_MFA_SERIAL no code is asked for",
    ))
}

pub(super) fn other_region(file: &str, elsewhere: &str, lang: Lang) -> Told {
    let (file, elsewhere) = (clean(file), clean(elsewhere));
    let text = lang.pick(
        format!("プロファイルまたは環境変数のリージョンは {elsewhere} ですが、ファイルの {file} で実行します"),
        format!("the profile or the environment names the Region {elsewhere} ; gcnet works in the file's, {file}"),
    );
    Told::new(Severity::Note, text).hint(lang.pick(
        "コンソールやほかのツールでも、同じリージョンを見ているか確かめてください",
        "see that the console and other tools look into the same Region",
    ))
}
