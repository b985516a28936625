//! What goes wrong with records: while they are written, and when they are read.

use std::path::{Path, PathBuf};

use gcnet_core::Failure;

use crate::{
    record::{Broken, Fault, Wrong},
    report::{
        Lang,
        layout::clean,
        message::{
            call,
            told::{Label, Severity, Told},
        },
    },
};

/// One thing to say.
#[derive(Debug)]
pub enum Trouble {
    /// A run was not begun, because its record could not be.
    NotBegun {
        /// Key.
        municipality: String,
        /// The folder of records.
        folder: PathBuf,
        /// The file or folder, and the system's reason.
        detail: String,
    },
    /// A line could not be written; the run goes on.
    Broke {
        /// The record.
        path: PathBuf,
        /// The system's reason.
        detail: String,
    },
    /// At the end of such a run.
    Incomplete {
        /// The record.
        path: PathBuf,
    },
    /// The copy in CloudWatch could not be made.
    NotKept {
        /// The log group.
        group: String,
        /// The refusal.
        failure: Failure,
        /// The record on this machine has everything.
        is_complete: bool,
    },
    /// Where to look after a run that failed.
    Look {
        /// What shows its record.
        command: String,
    },
    /// A line or a file is not as it was written.
    Fault(Fault),
    /// No run has that name.
    UnknownRun {
        /// What was asked for.
        run: String,
        /// What lists them.
        command: String,
    },
}

pub(crate) fn told(trouble: &Trouble, lang: Lang) -> Told {
    let show = |path: &Path| clean(&path.display().to_string());
    match trouble {
        Trouble::NotBegun { municipality, folder, detail } => Told::error(lang.pick(
            format!("{} に実行の記録を作れません。{} には何も変更していません", show(folder), clean(municipality)),
            format!("no record can be begun in {} ; nothing of {} was changed", show(folder), clean(municipality)),
        ))
        .with(Label::Detail, Some(clean(detail)))
        .hint(lang.pick(
            "フォルダを読み書きできるようにするか、--no-record を付けて記録なしで実行してください",
            "make the folder readable and writable, or run without a record: --no-record",
        )),
        Trouble::Broke { path, detail } => Told::new(
            Severity::Warning,
            lang.pick(
                format!("{} に書き込めなくなりました。以後の呼び出しは記録されませんが、実行は続けます", show(path)),
                format!("{} cannot be written any more; the run goes on without a record", show(path)),
            ),
        )
        .with(Label::Detail, Some(clean(detail))),
        Trouble::Incomplete { path } => {
            Told::new(
                Severity::Warning,
                lang.pick(
                    format!("この実行の記録 {} は途中で終わっています", show(path)),
                    format!("the record of this run, {} , is incomplete", show(path)),
                ),
            )
            .hint(lang.pick(
                "記録にない呼び出しは CloudTrail で確認できます",
                "CloudTrail has the calls that are missing in it",
            ))
        }
        Trouble::NotKept { group, failure, is_complete } => {
            let told = Told::new(
                Severity::Warning,
                lang.pick(
                    format!(
                        "実行の記録をロググループ {} に送れませんでした: {}",
                        clean(group),
                        call::what(failure, lang)
                    ),
                    format!(
                        "the record was not sent to the log group {} : {}",
                        clean(group),
                        call::what(failure, lang)
                    ),
                ),
            );
            let told = match is_complete {
                true => told.hint(lang.pick("手元の記録は完全です", "the record on this machine is complete")),
                false => told,
            };
            told.with(Label::RequestId, call::request_id(Some(failure)))
        }
        Trouble::Look { command } => Told::new(
            Severity::Note,
            lang.pick("この実行の呼び出しはすべて記録されています", "every call of this run is recorded"),
        )
        .hint(lang.pick(format!("`{}` で確認できます", clean(command)), format!("`{}` shows them", clean(command)))),
        Trouble::Fault(fault) => broken(fault, lang),
        Trouble::UnknownRun { run, command } => {
            Told::error(lang.pick(
                format!("{} という実行の記録はありません", clean(run)),
                format!("no record of a run {}", clean(run)),
            ))
            .hint(lang.pick(
                format!("`{}` で一覧を確認してください", clean(command)),
                format!("`{}` lists them", clean(command)),
            ))
        }
    }
}

fn broken(fault: &Fault, lang: Lang) -> Told {
    let file = clean(&fault.file);
    let place = match fault.line {
        Some(line) => lang.pick(format!("{file} の {line} 行目"), format!("{file} line {line}")),
        None => file,
    };
    let what = match &fault.wrong {
        Wrong::Line(Broken::Hash) => {
            lang.pick("書かれた後に変更されています".into(), "it was changed after it was written".into())
        }
        Wrong::Line(Broken::NotALine) => {
            lang.pick("記録の行ではありません".into(), "this is no line of a record".into())
        }
        Wrong::Line(Broken::Form) => lang.pick(
            "書かれたときのままですが、この gcnet が知らない内容です".into(),
            "it is as it was written, and says what this gcnet does not know".into(),
        ),
        Wrong::Order => lang.pick(
            "前の行に続いていません。行が削除、追加、または移動されています".into(),
            "it does not follow the line before: a line was removed, added or moved".into(),
        ),
        Wrong::Cut => lang.pick("行の途中で切れています".into(), "it is cut off in the middle".into()),
        Wrong::Empty => lang.pick("空です".into(), "it is empty".into()),
        Wrong::Beginning => {
            lang.pick("記録の始まり方ではありません".into(), "it does not begin as a record does".into())
        }
        Wrong::Name { run } => lang.pick(
            format!("中身は実行 {} の記録です。名前が変えられたか、複製です", clean(run)),
            format!("it holds the run {} : it was renamed or copied", clean(run)),
        ),
        Wrong::Version { found } => lang.pick(
            format!("この gcnet が知らない形式 {found} です"),
            format!("its form has version {found} , which this gcnet does not know"),
        ),
        Wrong::Unreadable { detail } => {
            lang.pick(format!("読み取れません: {}", clean(detail)), format!("it cannot be read: {}", clean(detail)))
        }
        Wrong::Missing { named_by } => lang.pick(
            format!("ファイルがありません（後の実行 {} がこれに続いています）", clean(named_by)),
            format!("it is gone: the later run {} follows it", clean(named_by)),
        ),
        Wrong::Shorter { named_by } => lang.pick(
            format!("ここから先の行がありません（後の実行 {} の時点ではありました）", clean(named_by)),
            format!("from here on lines are gone that were there when the run {} began", clean(named_by)),
        ),
        Wrong::Other { named_by } => lang.pick(
            format!("後の実行 {} の時点とは別の内容です", clean(named_by)),
            format!("it was another when the run {} began", clean(named_by)),
        ),
    };
    let severity = if fault.is_warning() { Severity::Warning } else { Severity::Error };
    Told::new(severity, format!("{place}: {what}")).hint(way_out(&fault.wrong, lang))
}

/// What to do about it: the record itself cannot be mended, and need not be, since nothing depends on it.
fn way_out(wrong: &Wrong, lang: Lang) -> &'static str {
    match wrong {
        Wrong::Cut | Wrong::Empty => lang.pick(
            "実行中か、電源断などで途中で終わった実行です。最後の呼び出しの結果は CloudTrail で確認できます",
            "the run is under way, or ended with a loss of power; CloudTrail tells what became of its last call",
        ),
        Wrong::Version { .. } | Wrong::Line(Broken::Form) => {
            lang.pick("記録した版以降の gcnet で表示してください", "use the gcnet that wrote it, or a later one")
        }
        Wrong::Unreadable { .. } => lang.pick(
            "読み取れる通常のファイルにするか、記録でないならフォルダの外へ移してください",
            "make it a file that you can read; move what is no record out of the folder",
        ),
        Wrong::Name { .. } => lang.pick(
            "元の名前に戻すか、複製ならフォルダの外へ移してください",
            "give it back its name, or move a copy out of the folder",
        ),
        Wrong::Missing { .. } => lang.pick(
            "保管先か、logs.audit のロググループにある写しを戻してください。意図して除いたなら、フォルダごと保管先へ移すと、次の実行から新しく始まります",
            "put it back from where it is kept, or from its copy in the log group of logs.audit; if it was meant to go, archive the whole folder, and the next run begins a new one",
        ),
        Wrong::Line(_) | Wrong::Order | Wrong::Beginning | Wrong::Shorter { .. } | Wrong::Other { .. } => lang.pick(
            "logs.audit のロググループにある写しと比べ、呼び出しは CloudTrail で確認してください",
            "compare it with its copy in the log group of logs.audit; CloudTrail tells the calls",
        ),
    }
}
