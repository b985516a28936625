//! Restoring a deleted authority.

use serde::Serialize;

use super::super::{called, state};
use crate::report::{
    Lang,
    layout::clean,
    message::told::{Severity, Told},
    time,
};

/// An authority that a run has deleted, for machines.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Deleted {
    /// `root` or `subordinate`.
    pub name: String,
    /// AWS's name for it.
    pub arn: String,
    /// RFC 3339; absent where AWS does not show it yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restorable_until: Option<String>,
    /// What restores it; absent where another one has its name, or the file no block about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

/// One thing to say.
#[derive(Debug)]
pub enum Restoring {
    /// It was deleted just now, and is not gone for good.
    Deleted(Deleted),
    /// Nothing is deleted.
    Nothing {
        /// Key of the municipality.
        municipality: String,
        /// What shows what there is.
        look: String,
    },
    /// It is in the way of a deleted one.
    Occupied {
        /// `root` or `subordinate`.
        name: String,
        /// The one that lives.
        live: String,
    },
    /// Several deleted ones have one name.
    Choose {
        /// `root` or `subordinate`.
        name: String,
        /// ARN, and until when each can be restored (RFC 3339).
        deleted: Vec<(String, Option<String>)>,
    },
    /// The ARN is none of a deleted one of this municipality.
    NotDeleted {
        /// As it was given.
        arn: String,
        /// What shows what there is.
        look: String,
    },
    /// What is about to be restored.
    Asked {
        /// `root` or `subordinate`.
        name: String,
        /// AWS's name for it.
        arn: String,
        /// Until when it can be, RFC 3339.
        until: Option<String>,
        /// US dollars a month, where they are known.
        price: Option<String>,
    },
    /// It was restored.
    Restored {
        /// `root` or `subordinate`.
        name: String,
        /// AWS's word for its state now.
        status: String,
        /// What brings the rest in order.
        apply: String,
    },
}

/// The sentence and what belongs to it.
pub(super) fn told(trouble: &Restoring, lang: Lang) -> Told {
    match trouble {
        Restoring::Deleted(deleted) => still_restorable(deleted, lang),
        Restoring::Nothing { municipality, look } => {
            let (key, look) = (clean(municipality), clean(look));
            Told::error(lang.pick(
                format!("{key} に、復元できる削除済みの CA はありません"),
                format!("{key} has no deleted authority that can be restored"),
            ))
            .hint(lang.pick(
                format!("復元期間が終わると戻せません。`{look}` で現在のものを確認してください"),
                format!("after its window nothing can bring one back; `{look}` shows what there is"),
            ))
        }
        Restoring::Occupied { name, live } => {
            let (name, live) = (called(name, lang), clean(live));
            Told::error(lang.pick(
                format!("{name} はすでにあります（{live}）。削除済みのものは復元しません。何も変更していません"),
                format!("{name} is there ({live}), so a deleted one is not restored beside it; nothing was changed"),
            ))
            .hint(lang.pick(
                "復元すると同じ名前のものが二つになり、gcnet は先へ進めなくなります。いまのものを先に削除してください",
                "two of one name would stop every plan; delete the one that lives first",
            ))
        }
        Restoring::Choose { name, deleted } => choose(name, deleted, lang),
        Restoring::NotDeleted { arn, look } => Told::error(lang.pick(
            format!("{} は、この自治体の削除済みの CA ではありません。何も変更していません", clean(arn)),
            format!("{} is no deleted authority of this municipality; nothing was changed", clean(arn)),
        ))
        .hint(lang.pick(
            format!("`{}` で ARN を確認してください", clean(look)),
            format!("look for the ARN with `{}`", clean(look)),
        )),
        Restoring::Asked { name, arn, until, price } => restoring(name, arn, until.as_deref(), price.as_deref(), lang),
        Restoring::Restored { name, status, apply } => {
            let (name, state, apply) = (called(name, lang), state(status, lang), clean(apply));
            Told::new(
                Severity::Note,
                lang.pick(
                    format!("{name} を復元しました。状態: {state}"),
                    format!("{name} is restored; its state: {state}"),
                ),
            )
            .hint(lang.pick(
                format!("共有や権限は `{apply}` が戻します"),
                format!("`{apply}` brings back its shares and permissions"),
            ))
        }
    }
}

fn still_restorable(deleted: &Deleted, lang: Lang) -> Told {
    let Deleted { name, arn, restorable_until, command } = deleted;
    let (name, arn) = (called(name, lang), clean(arn));
    let text = match restorable_until.as_deref().map(|until| time::local(until, lang)) {
        Some(until) => lang.pick(
            format!("削除した{name}（{arn}）は {until} まで復元できます"),
            format!("{name} that was deleted ({arn}) can be restored until {until}"),
        ),
        None => lang.pick(
            format!("削除した{name}（{arn}）は復元できます。期限はまだ AWS から読めません"),
            format!("{name} that was deleted ({arn}) can be restored; until when, AWS does not show yet"),
        ),
    };
    Told::new(Severity::Note, text).hint(match command.as_deref().map(clean) {
        Some(command) => lang.pick(format!("復元するには `{command}`"), format!("`{command}` brings it back")),
        None => lang.pick(
            "復元できるのは、ファイルに `private_ca` があり、同じ名前の CA がないときだけです".to_string(),
            "for that, the file must have `private_ca`, and no other authority the same name".to_string(),
        ),
    })
}

fn choose(name: &str, deleted: &[(String, Option<String>)], lang: Lang) -> Told {
    let name = called(name, lang);
    let one = |(arn, until): &(String, Option<String>)| {
        let until = until.as_deref().map(|until| time::local(until, lang));
        let until = until.map(|until| lang.pick(format!("（{until} まで）"), format!(" (until {until})")));
        format!("{}{}", clean(arn), until.unwrap_or_default())
    };
    let list = deleted.iter().map(one).collect::<Vec<_>>().join(", ");
    Told::error(lang.pick(
        format!("{name} には削除済みのものが複数あります: {list}。何も変更していません"),
        format!("there are several deleted ones of {name}: {list}; nothing was changed"),
    ))
    .hint(lang.pick("--arn で一つを指定してください", "name one of them with --arn"))
}

fn restoring(name: &str, arn: &str, until: Option<&str>, price: Option<&str>, lang: Lang) -> Told {
    let (name, arn) = (called(name, lang), clean(arn));
    let until = until.map(|until| time::local(until, lang));
    let until = until
        .map(|until| {
            lang.pick(format!("。復元できるのは {until} までです"), format!(", which is possible until {until}"))
        })
        .unwrap_or_default();
    let text = lang.pick(format!("{name} {arn} を復元します{until}"), format!("{name} {arn} is to be restored{until}"));
    Told::new(Severity::Warning, text).hint(match price {
        Some(price) => lang.pick(
            format!("復元すると月額 {price} USD の課金が再開し、削除されていた間の分も課金されます"),
            format!("from then on it costs {price} USD a month again, and AWS also charges for the time in which it was deleted"),
        ),
        None => lang.pick(
            "復元すると課金が再開し、削除されていた間の分も課金されます".to_string(),
            "from then on it is charged for again, also for the time in which it was deleted".to_string(),
        ),
    })
}
