//! Why there is no plan.

use gcnet_core::{Address, PlanError};

use super::{
    call,
    told::{Severity, Told},
};
use crate::report::{Lang, layout::clean};

pub(super) fn told(error: &PlanError, lang: Lang) -> Told {
    let fault = lang.pick(
        "gcnet の不具合です。自治体のファイルを添えて報告してください",
        "this is a fault of gcnet; please report it with the file of the municipality",
    );
    match error {
        PlanError::Twins { address, ids } => several(address, ids, lang),
        PlanError::Mislabelled { id, kind, address } => {
            let (id, address) = (clean(id), clean(address));
            Told::error(lang.pick(
                format!("{id} は {kind} ですが、タグ gcnet:address には {address} とあります"),
                format!("{id} is a {kind}, but its tag gcnet:address says {address}"),
            ))
            .hint(lang.pick(
                "新しい版の gcnet が作ったか、手でタグが変えられています。新しい版を使うか、タグを元に戻してください",
                "a newer gcnet made it, or its tags were edited by hand; use the newer version, or put the tag right",
            ))
        }
        PlanError::StillUsed { address, id, user } => {
            let (address, id, user) = (clean(address.as_str()), clean(id), clean(user.as_str()));
            Told::error(lang.pick(
                format!("{address}（{id}）は削除が必要ですが、{user} が使い続けます"),
                format!("{address} ({id}) must go, but {user} goes on using it"),
            ))
            .hint(lang.pick(
                format!("ファイルで {user} も外すか、AWS で手動の参照を外してから、もう一度実行してください"),
                format!("take {user} out of the file too, or undo the reference that was made by hand in AWS, and run the command again"),
            ))
        }
        PlanError::UnknownKind { address } => {
            let address = clean(address.as_str());
            Told::error(lang.pick(
                format!("この版の gcnet は {address} の種類を知りません"),
                format!("this gcnet does not know the kind of {address}"),
            ))
            .hint(fault)
        }
        PlanError::WishedTwice { address } => {
            let address = clean(address.as_str());
            Told::error(lang.pick(format!("{address} が二重に求められています"), format!("{address} is wished twice")))
                .hint(fault)
        }
        PlanError::Dangling { address, to } => {
            let (address, to) = (clean(address.as_str()), clean(to.as_str()));
            Told::error(lang.pick(
                format!("{address} が指す {to} がありません"),
                format!("{address} refers to {to}, which nobody wishes"),
            ))
            .hint(fault)
        }
        PlanError::Cycle { addresses } => {
            let names: Vec<String> = addresses.iter().map(|address| clean(address.as_str())).collect();
            let names = names.join(", ");
            Told::error(lang.pick(
                format!("互いを待ち合うものがあり、順序を決められません: {names}"),
                format!("these wait for each other, so there is no order: {names}"),
            ))
            .hint(fault)
        }
        PlanError::Unseen { kind, failure } => {
            let what = call::what(failure, lang);
            Told::error(lang.pick(format!("{kind} を読めません: {what}"), format!("no {kind} can be seen: {what}")))
                .hint(lang.pick(
                    "読み取りの権限を足してください。gcnet permissions が必要な権限を出力します",
                    "allow the read; `gcnet permissions` prints all that it takes",
                ))
        }
        PlanError::Unreadable { address, message } => {
            let (address, message) = (clean(address.as_str()), clean(message));
            Told::error(
                lang.pick(format!("{address} を読めません: {message}"), format!("{address} cannot be read: {message}")),
            )
            .hint(fault)
        }
    }
}

/// Several live objects at one address.
fn several(address: &Address, ids: &[String], lang: Lang) -> Told {
    let (address, ids) = (clean(address.as_str()), clean(&ids.join(", ")));
    Told::error(lang.pick(
        format!("{address} が AWS に複数あります: {ids}"),
        format!("{address} exists several times in AWS: {ids}"),
    ))
}

pub(super) fn twins(address: &Address, ids: &[String], command: &str, lang: Lang) -> Told {
    let command = clean(command);
    several(address, ids, lang).hint(lang.pick(
        format!("gcnet は勝手に選びません。何も変更していません。`{command}` が、複数あるものすべてと、どれを残すかの案と計画を表示し、確認してから片付けます"),
        format!("gcnet never chooses by itself, and nothing was changed; `{command}` shows all that is there several times, proposes what stays, and tidies up once you agree"),
    ))
}

pub(super) fn no_twins(municipality: &str, plan: &str, lang: Lang) -> Told {
    let (key, plan) = (clean(municipality), clean(plan));
    Told::new(
        Severity::Note,
        lang.pick(
            format!("{key} に、AWS に複数あるものはありません。ほかの違いは `{plan}` で見られます"),
            format!("nothing of {key} is in AWS several times; `{plan}` shows what else differs"),
        ),
    )
}
