//! A step that did not come to its end.

use std::time::Duration;

use gcnet_core::{Action, Address, Class, Failure, StepError};

use super::{
    call::{self, Origin},
    told::Told,
};
use crate::report::{Lang, layout::clean, state};

/// What failed, on which address, and what to do. The request id comes last, after what the caller adds.
pub(crate) fn told(address: &Address, action: Action, error: &StepError, origin: Origin<'_>, lang: Lang) -> Told {
    let cannot = cannot(address, action, lang);
    match error {
        StepError::Call(failure) => {
            let told = Told::error(join(&cannot, &call::what(failure, lang), lang));
            call::explain(told, failure, origin, lang)
        }
        StepError::StillRefused { failure, waited } => {
            let (what, waited) = (call::what(failure, lang), duration(*waited, lang));
            let still = lang.pick(format!("{waited}待っても{what}"), format!("still {what} after {waited}"));
            call::explain(Told::error(join(&cannot, &still, lang)), failure, origin, lang)
        }
        _ => stuck(&cannot, error, lang),
    }
}

/// `cannot create vpc/shared`
fn cannot(address: &Address, action: Action, lang: Lang) -> String {
    let address = clean(address.as_str());
    match action {
        Action::Create => lang.pick(format!("{address} を作成できません"), format!("cannot create {address}")),
        Action::Update => lang.pick(format!("{address} を変更できません"), format!("cannot change {address}")),
        Action::Delete => lang.pick(format!("{address} を削除できません"), format!("cannot delete {address}")),
    }
}

fn join(cannot: &str, what: &str, lang: Lang) -> String {
    lang.pick(format!("{cannot}: {what}"), format!("{cannot}: {what}"))
}

/// No call failed, and yet it is not as it should be.
fn stuck(cannot: &str, error: &StepError, lang: Lang) -> Told {
    let (what, hint) = match error {
        StepError::Call(_) | StepError::StillRefused { .. } => (String::new(), String::new()),
        StepError::Invisible { id, waited } => {
            let (id, waited) = (clean(id), duration(*waited, lang));
            (
                lang.pick(
                    format!("{id} は作成されましたが、{waited}たっても一覧に現れません"),
                    format!("{id} was created, but after {waited} no read shows it"),
                ),
                lang.pick(
                    format!("コンソールで {id} を確認し、時間をおいてもう一度実行してください。二重には作られません"),
                    format!("look for {id} in the console, and run the command again later; nothing is made twice"),
                ),
            )
        }
        StepError::NotReady { id, waited } => {
            let (id, waited) = (clean(id), duration(*waited, lang));
            (
                lang.pick(format!("{id} が {waited}たっても使える状態になりません"), format!("{id} is not ready after {waited}")),
                lang.pick(format!("コンソールで {id} の状態を確認してください。AWS 側の処理が続いていれば、もう一度実行すると続きから進みます"), format!("look at the state of {id} in the console; if AWS is still at work, running the command again goes on from there")),
            )
        }
        StepError::NotSettling { id, fields } => {
            let (id, fields) = (clean(id), clean(&fields.join(", ")));
            (
                lang.pick(format!("{id} の {fields} が、変更しても元に戻ります"), format!("{id} does not take on what was asked: {fields}")),
                lang.pick(format!("別の仕組みか人が書き戻している可能性があります。CloudTrail で {id} の変更履歴を確認してください"), format!("somebody, another tool or a guardrail may change it back; look at the changes of {id} in CloudTrail")),
            )
        }
        StepError::StillThere { id, waited } => {
            let (id, waited) = (clean(id), duration(*waited, lang));
            (
                lang.pick(format!("削除は受け付けられましたが、{id} が {waited}たっても残っています"), format!("AWS accepted it, but {id} is still there after {waited}")),
                lang.pick(format!("{id} を使っているもの（ネットワークインターフェイス、アタッチメント）をコンソールで確認してください"), format!("look in the console for what uses {id}: network interfaces, attachments")),
            )
        }
        StepError::Broken { id, reason } => {
            let (id, reason) = (clean(id), state::word(reason, lang));
            (
                lang.pick(
                    format!("{id} は失敗したと AWS が報告しています（{reason}）"),
                    format!("AWS reports that {id} failed: {reason}"),
                ),
                lang.pick(
                    "理由を取り除いてから、もう一度実行してください。壊れたものは作り直されます".into(),
                    "remove the reason and run the command again: what is broken is made anew".into(),
                ),
            )
        }
        StepError::Twins { ids, .. } => {
            let ids = clean(&ids.join(", "));
            (
                lang.pick(format!("AWS に複数あります: {ids}"), format!("it exists several times in AWS: {ids}")),
                lang.pick(
                    "plan をもう一度実行してください。どれを残すかを選んで片付けるコマンドが出ます".into(),
                    "run plan again: it names the command that tidies up, once you agree which of them stays".into(),
                ),
            )
        }
        StepError::Rival { id, rival, left } => {
            rival_met(id.as_deref().map(clean).as_deref(), &clean(rival), left.as_ref(), lang)
        }
    };
    Told::error(join(cannot, &what, lang)).hint(hint)
}

/// Another run makes the same network at the same time.
fn rival_met(id: Option<&str>, rival: &str, left: Option<&Failure>, lang: Lang) -> (String, String) {
    let what = lang.pick(
        format!("別の実行が同時に同じもの（{rival}）を作成しました"),
        format!("another run made the same at the same time ({rival})"),
    );
    let ours = match (id, left) {
        (None, _) => lang.pick(
            "この実行は何も重ねて作らず、ここで止めました".into(),
            "this run makes nothing beside it, and stops here".into(),
        ),
        (Some(id), None) => lang.pick(
            format!("この実行が作った {id} は削除し、ここで止めました"),
            format!("what this run made, {id}, was deleted again, and this run stops here"),
        ),
        (Some(id), Some(failure)) => {
            let why = call::what(failure, lang);
            lang.pick(
                format!("この実行が作った {id} は譲りましたが、まだ残っています（{why}）。次の実行が削除します"),
                format!("what this run made, {id}, gave way but is still there ({why}); the next run deletes it"),
            )
        }
    };
    let hint = lang.pick(
        "誰が実行しているかを確かめ、その実行が終わってから、もう一度実行してください".into(),
        "find out who else is at work; run the command again when that run has ended".into(),
    );
    (lang.pick(format!("{what}。{ours}"), format!("{what}; {ours}")), hint)
}

/// In the largest unit that says enough.
pub(crate) fn duration(time: Duration, lang: Lang) -> String {
    match time.as_secs() {
        0..=119 => lang.pick(format!("{} 秒", time.as_secs()), format!("{} s", time.as_secs())),
        seconds => lang.pick(format!("{} 分", seconds / 60), format!("{} min", seconds / 60)),
    }
}

/// A run that goes on would meet the same refusal everywhere.
pub(crate) fn stops_all(error: &StepError) -> bool {
    error.failure().is_some_and(|failure| failure.class == Class::Credentials)
}
