//! Why a step is in the plan, in words.

use super::{
    Lang,
    document::{Action, Cause, Change, Step, Why},
    field,
    layout::clean,
    state, time,
};

/// `None` where the reason goes without saying: everything comes, or everything goes.
pub(super) fn reason(step: &Step, all_missing: bool, destroying: bool, lang: Lang) -> Option<String> {
    let reason = why(step, all_missing, destroying, lang);
    match reissued(step, lang) {
        Some(what) => {
            Some(reason.map_or_else(String::new, |why| lang.pick(format!("{why}。"), format!("{why}; "))) + what)
        }
        None => reason,
    }
}

/// What it means that an authority gets another certificate.
fn reissued(step: &Step, lang: Lang) -> Option<&'static str> {
    let changes = |field: &str| step.changes.iter().find(|change| change.field == field);
    let expired = changes("status").is_some_and(|status| status.before == "expired");
    let anew = ["parent", "reissued_since", "signed_on", "validity_years"].into_iter();
    let anew = expired || anew.into_iter().any(|field| changes(field).is_some());
    if step.kind != "certificate-authority" || step.action != Action::Update {
        return None;
    }
    if !anew {
        return changes("reissued_since.noted").map(|_| {
            lang.pick(
                "CA 証明書は発行し直さない。日付の記録だけを書き換える",
                "its certificate is not issued anew; only the record of the day is",
            )
        });
    }
    Some(match step.address.name() {
        "root" => lang.pick(
            "同じ鍵で CA 証明書を発行し直す。発行済みの証明書はそのまま使えるが、新しいルート証明書を利用者の端末に配り直す必要がある",
            "its certificate is issued anew for the same key: what it issued stays valid, and the new root certificate has \
             to be brought into trust stores",
        ),
        _ => lang.pick(
            "同じ鍵で CA 証明書を発行し直す。発行済みの証明書はそのまま使える",
            "its certificate is issued anew for the same key: what it issued stays valid",
        ),
    })
}

/// Nobody did it: an authority's certificate has ended, and nothing else differs.
fn is_expired(step: &Step) -> bool {
    let ended = |change: &Change| change.field == "status" && change.before == "expired";
    step.kind == "certificate-authority" && !step.changes.is_empty() && step.changes.iter().all(ended)
}

fn why(step: &Step, all_missing: bool, destroying: bool, lang: Lang) -> Option<String> {
    let text = |ja: &str, en: &str| Some(lang.pick(ja, en).to_string());
    match &step.why {
        Why::Missing {} if all_missing => None,
        Why::Missing {} => text("ファイルにあり、AWS にない", "in the file, not in AWS"),
        Why::Differs { cause: Cause::Drift } if is_expired(step) => {
            text("CA 証明書の有効期間が過ぎた", "its certificate has come to its end")
        }
        Why::Differs { cause } => Some(who(*cause, lang).into()),
        Why::Replaced { cause, fields, follows } => Some(replaced(*cause, fields, follows, lang)),
        Why::Broken { .. } if step.asks_again() => {
            text("拒否されたので、もう一度依頼する", "they refused; asked again")
        }
        Why::Broken { state } => {
            let state = state::word(state, lang);
            Some(lang.pick(format!("AWS 上で使えない状態です（{state}）"), format!("unusable in AWS: {state}")))
        }
        Why::Moved {} => {
            text("前回の実行の後に、相手が作成または承諾した", "the other party made or accepted it since the last run")
        }
        Why::Restored { until, mode: _ } => Some(match until.as_deref().map(|until| time::local(until, lang)) {
            Some(until) => lang.pick(
                format!("削除されたが {until} まで復元できるので、作り直さずに復元する"),
                format!("it was deleted and can be restored until {until}; restored rather than made again"),
            ),
            None => lang.pick(
                "削除されたがまだ復元できるので、作り直さずに復元する".into(),
                "it was deleted and can still be restored; restored rather than made again".into(),
            ),
        }),
        Why::Unfinished {} => text("以前の実行が途中で終わった", "an earlier run stopped half-way"),
        Why::Withdrawn {} => text("AWS に複数あるうち、残さない方", "it is there several times, and another one stays"),
        Why::NotDesired {} if destroying => None,
        Why::NotDesired {} => text("ファイルにもうない", "no longer in the file"),
        Why::Unanswered { on } => {
            let on = clean(on.as_str());
            Some(lang.pick(
                format!("承諾していない申請を断る（{on} を削除するため）"),
                format!("refuse the request, which nobody has accepted: {on} goes"),
            ))
        }
    }
}

/// Who made wish and world differ.
fn who(cause: Cause, lang: Lang) -> &'static str {
    match cause {
        Cause::File => lang.pick("ファイルが変わった", "the file changed"),
        Cause::Drift => lang.pick("前回の適用後に、誰かが AWS を変更した", "someone changed AWS since the last apply"),
        Cause::Both => lang.pick(
            "ファイルが変わり、前回の適用後に誰かが AWS も変更した",
            "the file changed, and someone changed AWS since the last apply",
        ),
        Cause::Interrupted => lang.pick("以前の実行が途中で終わった", "an earlier run stopped half-way"),
        Cause::Unknown => lang.pick(
            "ファイルと AWS が違う（どちらが変わったかの記録は残らない種類）",
            "the file and AWS differ (this kind keeps no record of which of them changed)",
        ),
        Cause::Follows => lang.pick("ほかの作り直しに伴う", "it follows others that are replaced"),
    }
}

fn replaced(cause: Cause, fields: &[String], follows: &[gcnet_core::Address], lang: Lang) -> String {
    let mut parts = vec![];
    let follows: Vec<String> = follows.iter().map(|address| clean(address.as_str())).collect();
    if cause != Cause::Follows || follows.is_empty() {
        parts.push(who(cause, lang).to_string());
    }
    if !fields.is_empty() {
        let fields: Vec<String> = fields.iter().map(|name| field::name(name, lang)).collect();
        let fields = fields.join(lang.pick("、", ", "));
        parts.push(lang.pick(format!("{fields} は変更できない"), format!("{fields} cannot be changed in place")));
    }
    if !follows.is_empty() {
        let follows = follows.join(", ");
        parts.push(lang.pick(format!("{follows} に伴う"), format!("follows {follows}")));
    }
    parts.join(lang.pick("、", "; "))
}
