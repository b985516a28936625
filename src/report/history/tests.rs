//! What the history says, in both languages.

use crate::{
    record::{Broken, Fault, Wrong},
    report::{
        Lang, Style,
        history::Trouble,
        message::{self, Message},
    },
};

#[test]
fn everything_that_can_be_wrong_is_told_where_it_is() {
    let run = || "20260401T003000Z-1a2b3c4d".to_string();
    let wrongs = [
        (Some(3), Wrong::Line(Broken::Hash)),
        (Some(3), Wrong::Line(Broken::NotALine)),
        (Some(3), Wrong::Line(Broken::Form)),
        (Some(4), Wrong::Order),
        (Some(9), Wrong::Cut),
        (None, Wrong::Empty),
        (Some(1), Wrong::Beginning),
        (Some(1), Wrong::Name { run: run() }),
        (Some(1), Wrong::Version { found: 2 }),
        (None, Wrong::Unreadable { detail: "Permission denied".into() }),
        (None, Wrong::Missing { named_by: run() }),
        (Some(7), Wrong::Shorter { named_by: run() }),
        (Some(7), Wrong::Other { named_by: run() }),
    ];
    let tell = |lang| {
        let text = wrongs.iter().map(|(line, wrong)| {
            let fault = Fault { file: "20260331T003000Z-5e6f7a8b.jsonl".into(), line: *line, wrong: wrong.clone() };
            message::text(&Message::Record(Trouble::Fault(fault)), Style::plain(lang))
        });
        text.collect::<String>()
    };
    insta::assert_snapshot!([Lang::En, Lang::Ja].map(tell).join("\n"));
}

#[test]
fn trouble_while_it_is_written_says_what_goes_on() {
    let path = || "/work/.gcnet/runs/20260401T003000Z-1a2b3c4d.jsonl".into();
    let not_kept = |is_complete| Trouble::NotKept {
        group: "/gcnet/naruto/prod/audit".into(),
        failure: gcnet_core::Failure::internal("logs:PutLogEvents", "some events are too old or too new"),
        is_complete,
    };
    let troubles = [
        Trouble::NotBegun {
            municipality: "naruto".into(),
            folder: "/work/.gcnet/runs".into(),
            detail: "/work/.gcnet/runs/20260401T003000Z-1a2b3c4d.jsonl: Read-only file system (os error 30)".into(),
        },
        Trouble::Broke { path: path(), detail: "No space left on device (os error 28)".into() },
        Trouble::Incomplete { path: path() },
        not_kept(true),
        not_kept(false),
        Trouble::Look { command: "gcnet history naruto 20260401T003000Z-1a2b3c4d".into() },
        Trouble::UnknownRun { run: "yesterday".into(), command: "gcnet history naruto".into() },
    ];
    let messages: Vec<Message> = troubles.into_iter().map(Message::Record).collect();
    let tell = |lang| messages.iter().map(|one| message::text(one, Style::plain(lang))).collect::<String>();
    insta::assert_snapshot!([Lang::En, Lang::Ja].map(tell).join("\n"));
}
