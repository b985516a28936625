//! Which authority is meant, and that it is there.

use super::{
    super::{called, state},
    Doing,
};
use crate::report::{
    Lang,
    layout::clean,
    message::told::{Severity, Told},
};

/// One thing to say.
#[derive(Debug)]
pub enum Standing {
    /// The file has no `private_ca`.
    NoBlock {
        /// Key of the municipality.
        municipality: String,
        /// What builds it.
        apply: String,
        /// What shows what no file wants any more.
        leftovers: String,
    },
    /// The file has no `private_ca` any more, and there is one all the same.
    Unwished {
        /// Key of the municipality.
        municipality: String,
        /// What says what becomes of it.
        leftovers: String,
    },
    /// AWS does not do this with an authority in this state.
    NotActive {
        /// What was refused.
        doing: Doing,
        /// `root` or `subordinate`.
        name: String,
        /// AWS's word for its state.
        status: String,
        /// What makes it active.
        apply: String,
    },
    /// The file has no authority of that name: its hierarchy is root-only.
    NotInFile {
        /// `subordinate`.
        name: String,
    },
    /// The file wishes it, and it is not in AWS.
    NotThere {
        /// `root` or `subordinate`.
        name: String,
        /// A deleted one could be restored.
        restorable: bool,
        /// What builds it.
        apply: String,
        /// What restores it.
        restore: String,
    },
    /// Several live authorities have one name.
    Twins {
        /// `root` or `subordinate`.
        name: String,
        /// All of them.
        arns: Vec<String>,
    },
    /// It has no certificate yet.
    NoCertificate {
        /// `root` or `subordinate`.
        name: String,
        /// AWS's word for its state.
        status: String,
        /// What builds it to the end.
        apply: String,
    },
    /// A run gave its parent another certificate; its own is good, and its chain has the old one.
    Outdated {
        /// `subordinate`.
        name: String,
        /// What signs it again.
        apply: String,
    },
}

/// The sentence and what belongs to it.
pub(super) fn told(trouble: &Standing, lang: Lang) -> Told {
    match trouble {
        Standing::NoBlock { municipality, apply, leftovers } => {
            let (key, apply, leftovers) = (clean(municipality), clean(apply), clean(leftovers));
            Told::error(lang.pick(
                format!("{key} のファイルに private_ca がありません。何も変更していません"),
                format!("the file of {key} has no private_ca; nothing was changed"),
            ))
            .hint(lang.pick(
                format!(
                    "private_ca を書いて `{apply}` を実行してください。ファイルにないものは `{leftovers}` が示します"
                ),
                format!("write private_ca and run `{apply}`; what no file wants any more is shown by `{leftovers}`"),
            ))
        }
        Standing::Unwished { municipality, leftovers } => {
            let (key, leftovers) = (clean(municipality), clean(leftovers));
            Told::new(
                Severity::Note,
                lang.pick(
                    format!("{key} のファイルに private_ca はもうありません。削除の方法は `{leftovers}` が示します。復元には private_ca をファイルに戻してください"),
                    format!("the file of {key} has no private_ca any more; `{leftovers}` says how to delete it, and to restore one, bring private_ca back into the file"),
                ),
            )
        }
        Standing::NotActive { doing, name, status, apply } => {
            let (name, state, apply) = (called(name, lang), state(status, lang), clean(apply));
            let text = doing.failed(lang);
            Told::error(lang.pick(format!("{text}。{name} の状態: {state}"), format!("{text}: {name} is {state}")))
                .hint(lang.pick(format!("`{apply}` で有効にできます"), format!("`{apply}` brings it in order")))
        }
        Standing::NotInFile { name } => Told::error(lang.pick(
            format!("ファイルに {} がありません。private_ca.hierarchy は root-only です", called(name, lang)),
            format!("the file has no such authority as {}: its hierarchy is root-only", called(name, lang)),
        ))
        .hint(lang.pick(
            "--which root を指定するか、private_ca.hierarchy を root-and-subordinate にしてください",
            "name --which root, or make private_ca.hierarchy root-and-subordinate",
        )),
        Standing::NotThere { name, restorable, apply, restore } => not_there(name, *restorable, apply, restore, lang),
        Standing::Twins { name, arns } => {
            let (name, arns) = (called(name, lang), clean(&arns.join(", ")));
            Told::error(lang.pick(
                format!("{name} が AWS に複数あります: {arns}"),
                format!("{name} is in AWS more than once: {arns}"),
            ))
            .hint(lang.pick(
                "使うものを決め、ほかのものを削除してください。gcnet は選びません",
                "decide which is the right one, and delete the others; gcnet never chooses",
            ))
        }
        Standing::NoCertificate { name, status, apply } => {
            let (name, state, apply) = (called(name, lang), state(status, lang), clean(apply));
            Told::error(lang.pick(
                format!("{name} にまだ証明書がありません。状態: {state}"),
                format!("{name} has no certificate; its state: {state}"),
            ))
            .hint(lang.pick(format!("`{apply}` が続きを行います"), format!("`{apply}` brings it to its end")))
        }
        Standing::Outdated { name, apply } => {
            let (name, apply) = (called(name, lang), clean(apply));
            Told::new(
                Severity::Warning,
                lang.pick(
                    format!("{name} のチェーンには、まだ上位 CA の前の証明書が入っています"),
                    format!("the chain of {name} still has the old certificate of the authority above it"),
                ),
            )
            .hint(lang.pick(
                format!("もう一度 `{apply}` を実行すると、新しい証明書で署名し直します。それまでも検証はできます"),
                format!("one more `{apply}` has it signed again; until then it goes on being trusted"),
            ))
        }
    }
}

fn not_there(name: &str, restorable: bool, apply: &str, restore: &str, lang: Lang) -> Told {
    let (name, apply, restore) = (called(name, lang), clean(apply), clean(restore));
    let told = Told::error(lang.pick(format!("{name} が AWS にありません"), format!("{name} is not in AWS")));
    told.hint(match restorable {
        true => lang.pick(
            format!("削除済みのものがあり、まだ復元できます: `{restore}`"),
            format!("a deleted one can still be restored: `{restore}`"),
        ),
        false => lang.pick(format!("`{apply}` が作成します"), format!("`{apply}` makes it")),
    })
}
