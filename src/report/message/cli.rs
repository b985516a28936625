//! Accounts, questions and the sandbox.

use std::path::Path;

use gcnet_core::Failure;

use super::{
    call::{self, Origin},
    told::{Label, Severity, Told},
};
use crate::{
    expiry::{Expiring, NotYet},
    report::{Lang, layout::clean, time},
};

pub(super) fn wrong_account(municipality: &str, expected: &str, actual: &str, arn: &str, lang: Lang) -> Told {
    let (municipality, actual, arn) = (clean(municipality), clean(actual), clean(arn));
    Told::error(lang.pick(
        format!("認証情報がアカウント {actual} のものです。{municipality} のアカウントは {expected} です"),
        format!("these credentials belong to account {actual} , but the account of {municipality} is {expected}"),
    ))
    .hint(lang.pick(
        format!("{arn} として実行しています。--profile か AWS_PROFILE で {expected} のものを選んでください。何も変更していません"),
        format!("you are {arn} ; choose a profile of {expected} with --profile or AWS_PROFILE; nothing was changed"),
    ))
}

pub(super) fn call(failure: &Failure, origin: Origin<'_>, lang: Lang) -> Told {
    let what = call::what(failure, lang);
    let told =
        Told::error(lang.pick(format!("AWS から読み取れません: {what}"), format!("cannot read from AWS: {what}")));
    call::explain(told, failure, origin, lang).with(Label::RequestId, call::request_id(Some(failure)))
}

pub(super) fn cleartext_endpoint(by: &str, endpoint: &str, lang: Lang) -> Told {
    let (by, endpoint) = (clean(by), clean(endpoint));
    Told::error(lang.pick(
        format!("{by} の {endpoint} は暗号化されない接続です。何も送信していません"),
        format!("{by} names {endpoint} , to which requests would go unencrypted; nothing was sent"),
    ))
    .hint(lang.pick(
        "https:// にしてください。http:// を使えるのはこの PC (localhost) 宛てだけです",
        "use https://; plain http:// is for this machine (localhost) alone",
    ))
}

pub(super) fn out_needs_one(cities: usize, lang: Lang) -> Told {
    Told::error(lang.pick(
        format!("保存した計画は 1 自治体分です（{cities} 自治体が指定されました）"),
        format!("a saved plan is that of one municipality, and {cities} were named"),
    ))
    .hint(lang.pick("自治体を一つだけ指定してください", "name exactly one"))
}

pub(super) fn long_policy(characters: usize, fits_a_role: bool, lang: Lang) -> Told {
    let inline = match fits_a_role {
        true => lang.pick(
            "ロールのインラインポリシー (10,240) には収まります",
            "it fits the inline policies of a role (10,240)",
        ),
        false => lang.pick(
            "ロールのインラインポリシー (10,240) にも収まりません",
            "nor does it fit the inline policies of a role (10,240)",
        ),
    };
    Told::new(
        Severity::Note,
        lang.pick(
            format!("空白を除いて {characters} 文字あり、マネージドポリシーの上限 (6,144) を超えます。{inline}"),
            format!(
                "{characters} characters but for whitespace, more than a managed policy may have (6,144); {inline}"
            ),
        ),
    )
    .hint(lang.pick(
        "--split を付けると、上限に収まる複数のポリシーの配列を出します",
        "with --split it is a list of policies that are short enough",
    ))
}

pub(super) fn own_role_kept(arn: &str, lang: Lang) -> Told {
    let arn = clean(arn);
    let text = lang.pick(
        format!("実行中のロール {arn} は削除していません"),
        format!("{arn} is left, because this run lives by it"),
    );
    Told::new(Severity::Warning, text).hint(lang.pick(
        "別の権限で同じ destroy をもう一度実行すると削除されます",
        "run the same destroy again as somebody else to delete it",
    ))
}

pub(super) fn needs_yes(command: &str, lang: Lang) -> Told {
    let command = clean(command);
    Told::error(lang.pick(
        "端末がないため確認できません。何も変更していません",
        "there is no terminal to ask on; nothing was changed",
    ))
    .hint(lang.pick(
        format!("計画を見たうえで `{command} --yes` を実行してください"),
        format!("look at the plan, then run `{command} --yes`"),
    ))
}

pub(super) fn needs_name(command: &str, lang: Lang) -> Told {
    let command = clean(command);
    Told::error(lang.pick(
        "保護されているものを削除する計画ですが、端末がないため確認できません。何も変更していません",
        "this plan deletes what is protected, and there is no terminal to ask on; nothing was changed",
    ))
    .hint(lang.pick(
        format!("計画を見たうえで `{command} --confirm` に続けて自治体のキーを書いて実行してください"),
        format!("look at the plan, then run `{command} --confirm` with the municipality's name"),
    ))
}

pub(super) fn other_name(given: &str, municipality: &str, lang: Lang) -> Told {
    let (given, municipality) = (clean(given), clean(municipality));
    Told::error(lang.pick(
        format!("--confirm に {given} とありますが、対象は {municipality} です。何も変更していません"),
        format!("--confirm names {given} , but this is {municipality} ; nothing was changed"),
    ))
    .hint(lang.pick("対象を確かめてください", "make sure that this is the one that is meant"))
}

pub(super) fn aborted(lang: Lang) -> Told {
    Told::new(Severity::Note, lang.pick("中止しました。何も変更していません", "stopped; nothing was changed"))
}

pub(super) fn changed_meanwhile(municipality: &str, lang: Lang) -> Told {
    let municipality = clean(municipality);
    Told::error(lang.pick(
        format!("計画を表示した後に {municipality} の AWS が変わりました。この計画では何も変更していません"),
        format!("AWS changed for {municipality} since the plan was shown; nothing was changed by it"),
    ))
    .hint(lang.pick(
        "ほかの人が作業中でないか確認し、もう一度実行して新しい計画を確認してください",
        "see whether somebody else is at work, then run it again and look at the new plan",
    ))
}

pub(super) fn interrupted(has_lease: bool, lang: Lang) -> Told {
    let hint = match has_lease {
        true => lang.pick(
            "もう一度 Ctrl-C を押すと、すぐに終了します。その場合、リースは期限まで残ります",
            "press Ctrl-C again to exit at once; the lease then stays until its time is up",
        ),
        false => lang.pick("もう一度 Ctrl-C を押すと、すぐに終了します", "press Ctrl-C again to exit at once"),
    };
    Told::new(
        Severity::Warning,
        lang.pick(
            "中断を受け付けました。新しいステップは始めず、実行中のものを終わらせます",
            "stopping: no further steps are started, those in flight are finished",
        ),
    )
    .hint(hint)
}

/// Municipalities of the same command that come after one that ended it.
pub(super) fn not_reached(municipalities: &[String], lang: Lang) -> Told {
    let names: Vec<String> = municipalities.iter().map(|name| clean(name)).collect();
    Told::new(
        Severity::Warning,
        lang.pick(
            format!("{} は始めていません。何も変更していません", names.join("、")),
            format!("not begun: {}; nothing was changed there", names.join(", ")),
        ),
    )
}

pub(super) fn nobody_reads(lang: Lang) -> Told {
    let text = lang.pick(
        "出力の読み手がいなくなりました。新しいステップは始めず、実行中のものを終わらせます",
        "nobody reads the output any more: no further steps are started, those in flight are finished",
    );
    Told::new(Severity::Warning, text)
}

pub(super) fn sandbox_unsaved(path: &Path, detail: &str, lang: Lang) -> Told {
    let (path, detail) = (clean(&path.display().to_string()), clean(detail));
    Told::error(lang.pick(
        format!("サンドボックスのファイル {path} に書けませんでした: {detail}"),
        format!("the sandbox could not write its file {path} : {detail}"),
    ))
    .hint(lang.pick(
        "書けなかった変更は取り消され、ファイルは最後に書けた状態のままです。空き容量と権限を確認し、もう一度実行してください",
        "what could not be written was undone, and the file is as it was before; make space or mend permissions, then run the command again",
    ))
}

pub(super) fn sandbox_corrupt(path: &Path, kept: &Path, lang: Lang) -> Told {
    let (path, kept) = (clean(&path.display().to_string()), clean(&kept.display().to_string()));
    Told::new(
        Severity::Warning,
        lang.pick(
            format!("サンドボックスのファイル {path} が壊れているため、空の状態から始めます"),
            format!("the sandbox's file {path} is damaged; the sandbox starts empty"),
        ),
    )
    .hint(lang.pick(format!("元のファイルは {kept} に残してあります"), format!("the old file is kept as {kept}")))
}

pub(super) fn sandbox_busy(path: &Path, lang: Lang) -> Told {
    let path = clean(&path.display().to_string());
    Told::error(lang.pick(
        format!("サンドボックス {path} は、ほかの gcnet が使っています"),
        format!("another gcnet is using the sandbox {path}"),
    ))
    .hint(lang.pick(
        "それが終わるのを待ってください。`gcnet sandbox serve` が動いているなら、--endpoint-url でそこへつなげます",
        "wait until it ends; if it is `gcnet sandbox serve`, work there with --endpoint-url",
    ))
}

pub(super) fn sandbox_too_large(path: &Path, limit: u64, lang: Lang) -> Told {
    let path = clean(&path.display().to_string());
    Told::error(lang.pick(
        format!("サンドボックスのファイル {path} は大きすぎるため読みません（上限 {limit} バイト）"),
        format!("the sandbox's file {path} has more than {limit} bytes, and is not read"),
    ))
    .hint(lang.pick(
        "そのファイルを別の場所に移してから実行してください。空のサンドボックスから始まります",
        "move the file away and run this again; the sandbox then begins empty",
    ))
}

pub(super) fn sandbox_other_version(path: &Path, found: u64, known: u64, lang: Lang) -> Told {
    let path = clean(&path.display().to_string());
    Told::error(lang.pick(
        format!("サンドボックス {path} の形式は版 {found} です。この gcnet が読めるのは版 {known} です"),
        format!("the sandbox {path} has format {found} , and this gcnet reads format {known}"),
    ))
    .hint(lang.pick(
        "それを作った版の gcnet を使うか、ファイルを別の場所へ移してください。新しいものは空で始まります",
        "use the gcnet that made it, or move the file away; a new one starts empty",
    ))
}

pub(super) fn sandbox_failed(detail: &str, lang: Lang) -> Told {
    let detail = clean(detail);
    Told::error(
        lang.pick(
            format!("サンドボックスを起動できません: {detail}"),
            format!("the sandbox cannot be started: {detail}"),
        ),
    )
    .hint(lang.pick(
        "フォルダの権限とポートの空きを確認してください（--port 0 なら空いているポートを使います）",
        "check the folder's permissions, and that the port is free: --port 0 takes one that is",
    ))
}

pub(super) fn sandbox_serves(endpoint: &str, lang: Lang) -> Told {
    let endpoint = clean(endpoint);
    Told::new(
        Severity::Note,
        lang.pick(
            format!("サンドボックスが {endpoint} で待ち受けています。Ctrl-C で終了します"),
            format!("the sandbox serves at {endpoint} ; Ctrl-C ends it"),
        ),
    )
    .hint(lang.pick(
        format!("ほかのクライアントからは AWS_ENDPOINT_URL={endpoint} で使えます"),
        format!("other clients use it with AWS_ENDPOINT_URL={endpoint}"),
    ))
}

pub(super) fn sandbox_reset(path: &Path, lang: Lang) -> Told {
    let path = clean(&path.display().to_string());
    Told::new(
        Severity::Note,
        lang.pick(format!("サンドボックスを空にしました: {path}"), format!("the sandbox is empty again: {path}")),
    )
}

pub(super) fn internal(detail: &str, lang: Lang) -> Told {
    let detail = clean(detail);
    Told::error(lang.pick(format!("gcnet の不具合です: {detail}"), format!("a fault of gcnet: {detail}")))
        .hint(lang.pick("上の文を添えて報告してください", "please report it with the sentence above"))
}

pub(super) fn unknown_party(party: &str, known: &[String], lang: Lang) -> Told {
    let (party, known) = (clean(party), clean(&known.join(", ")));
    Told::error(
        lang.pick(
            format!("{party} という相手はファイルにありません"),
            format!("no party in the file is called {party}"),
        ),
    )
    .hint(lang.pick(format!("相手の名前: {known}"), format!("parties: {known}")))
}

pub(super) fn nobody_owes(party: &str, known: &[String], lang: Lang) -> Told {
    let (party, known) = (clean(party), clean(&known.join(", ")));
    let told = Told::error(lang.pick(format!("{party} に依頼することはありません"), format!("{party} owes no move")));
    match known.is_empty() {
        true => told,
        false => told.hint(lang.pick(format!("相手待ち: {known}"), format!("those who do: {known}"))),
    }
}

pub(super) fn nothing_to_request(municipality: &str, lang: Lang) -> Told {
    let municipality = clean(municipality);
    let text = lang.pick(
        format!("{municipality} に相手待ちはありません。依頼書はありません"),
        format!("nobody owes {municipality} a move; there is nothing to request"),
    );
    Told::new(Severity::Note, text).hint(lang.pick(
        "相手のルートテーブルの経路など、設定の全体は --all で書けます",
        "with --all, sheets hold all that others have to have set up, such as routes in their own tables",
    ))
}

pub(super) fn unseen(parties: &[String], command: &str, lang: Lang) -> Told {
    let (parties, command) = (clean(&parties.join(lang.pick("、", ", "))), clean(command));
    let text = lang.pick(
        format!("{parties} が共有の転送ルールやクエリログを自社の VPC に関連付けたかどうかは、こちらから見えません。`{command}` が依頼書を作ります"),
        format!("nothing here shows whether {parties} associated the shared rules and query logs with their VPCs; `{command}` writes the sheets"),
    );
    Told::new(Severity::Note, text).hint(lang.pick(
        "相手から済んだと聞いた ID を、ファイルの asps[].associated に書いてください",
        "when they say so, name the ids in the file: asps[].associated",
    ))
}

pub(super) fn not_yet_to_request(parties: &[String], command: &str, lang: Lang) -> Told {
    let (parties, command) = (clean(&parties.join(lang.pick("、", ", "))), clean(command));
    let text = lang.pick(
        format!("{parties} への依頼書はまだ作れません。依頼に要る ID は `{command}` の後に決まります"),
        format!("no sheet yet for {parties}: the ids that they are asked with come with `{command}`"),
    );
    Told::new(Severity::Note, text)
}

pub(super) fn written(path: &Path, lang: Lang) -> Told {
    let path = clean(&path.display().to_string());
    Told::new(Severity::Note, lang.pick(format!("{path} を書きました"), format!("wrote {path}")))
}

pub(super) fn expiring(expiring: &Expiring, lang: Lang) -> Told {
    let Expiring { address, expires, days, key } = expiring;
    let (address, end) = (clean(address.as_str()), time::local(expires, lang));
    let text = match days {
        0 => lang.pick(
            format!("{address} の証明書が {end} に終わります（または終わりました）"),
            format!("the certificate of {address} ends, or has ended, on {end}"),
        ),
        days => lang.pick(
            format!("{address} の証明書は {end} に終わります（あと {days} 日）"),
            format!("the certificate of {address} ends on {end}, in {days} days"),
        ),
    };
    let hint = lang.pick(
        format!("{key} に今日の日付を書いて apply すると、同じ鍵で発行し直します"),
        format!("write today's date into {key} and apply: it is issued anew for the same key"),
    );
    let spread = lang.pick(
        "。ルート証明書は利用者の端末にも配り直してください",
        "; the new root certificate has to be brought into trust stores as well",
    );
    let spread = if address.ends_with("/root") { spread } else { "" };
    Told::new(Severity::Warning, text).hint(format!("{hint}{spread}"))
}

pub(super) fn not_yet(not_yet: &NotYet, lang: Lang) -> Told {
    let NotYet { key, day, today } = not_yet;
    let text = lang.pick(
        format!("{key} の {day} は、まだ来ていない日です（今日は {today}）"),
        format!("{key} is {day}, a day to come: today is {today} in Japan"),
    );
    Told::error(text).hint(lang.pick(
        "今日発行する証明書は、この日付を満たせません。今日かそれより前の日にするか、その日が来てから書いてください",
        "no certificate that is issued today satisfies it; set it to today or earlier, or write it when the day has come",
    ))
}

pub(super) fn unread(failure: &Failure, lang: Lang) -> Told {
    let what = call::what(failure, lang);
    let text = lang.pick(format!("読めないものがあります: {what}"), format!("something cannot be seen: {what}"));
    Told::new(Severity::Warning, text).hint(lang.pick(
        "ファイルはこれを使わないので、計画と適用は続けられます。以前のファイルで作ったものがあれば、見えないまま残ります。削除（destroy）にはすべての読み取りが要ります",
        "the file has nothing of it, so plans and applies go on; what an earlier file made of it would stay, unseen; a destroy has to see everything",
    ))
}

pub(super) fn role_lost(account: &str, failure: &Failure, lang: Lang) -> Told {
    let (account, what) = (clean(account), call::what(failure, lang));
    let text = lang.pick(
        format!("アカウント {account} のロールを使えません: {what}"),
        format!("the role in account {account} cannot be used: {what}"),
    );
    Told::new(Severity::Warning, text).hint(lang.pick(
        "このロールで行うことは、相手への依頼に戻ります。gcnet requests で依頼書を作れます",
        "what it was for is asked of the company instead: see `gcnet requests`",
    ))
}

pub(super) fn role_lacks(account: &str, permission: &str, lang: Lang) -> Told {
    let (account, permission) = (clean(account), clean(permission));
    let text = lang.pick(
        format!("アカウント {account} のロールで {permission} が許可されていません。ほかの作業は続けました"),
        format!("the role in account {account} does not allow {permission} ; everything else went on"),
    );
    Told::new(Severity::Warning, text).hint(lang.pick(
        "相手に追加を依頼してください。ロールに必要な権限の全体は gcnet requests --all の依頼書にあります",
        "ask the company to allow it; the sheets of `gcnet requests --all` hold all that the role may have to allow",
    ))
}

pub(super) fn only_in_sandbox(lang: Lang) -> Told {
    Told::error(lang.pick(
        "相手の操作を代わりに行えるのは、模擬 AWS の中だけです",
        "only in the sandbox can the other parties' moves be played",
    ))
    .hint(lang.pick("--sandbox を付けてください", "add --sandbox"))
}

pub(super) fn no_dns_in_sandbox(lang: Lang) -> Told {
    Told::error(lang.pick(
        "模擬 AWS は DNS の問い合わせに答えません。dig-check は実際の DNS サーバに問い合わせるコマンドです",
        "the sandbox answers no DNS queries: dig-check asks real DNS servers",
    ))
    .hint(lang.pick(
        "--sandbox を付けずに、ネットワークにつながったホスト（庁内か、接続された VPC の中）で実行してください",
        "run it without --sandbox, on a host on the network: on-premises, or in an attached VPC",
    ))
}

pub(super) fn counterpart_failed(detail: &str, lang: Lang) -> Told {
    let detail = clean(detail);
    Told::error(lang.pick(
        format!("模擬の相手側を用意できません: {detail}"),
        format!("the simulated companies cannot be furnished: {detail}"),
    ))
}
