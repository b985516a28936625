//! The record of a run that changes AWS: begun before its first write, told of every write, ended with what came of it.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use gcnet_aws::{Aws, End, Write};
use gcnet_core::{Class, Failure, Report};

use super::{Cx, Result, place::Place, session::subject};
use crate::{
    blueprint,
    config::{City, Purpose},
    record::{About, Answered, CallEnd, Command, Entry, Planned, Result as Word, Sent, SourceFile, Steps, Writer},
    report::{document::Document, history::Trouble, message::Message, screen::Screen},
};

/// Where the records are, in the folder that gcnet works in.
pub(super) const FOLDER: &str = "runs";

/// Of one run, or of none where the operator wants none.
pub(super) struct Record(Option<Kept>);

struct Kept {
    pen: Arc<Pen>,
    /// Where a copy goes, if the file asks for one.
    group: Option<String>,
}

/// Writes, and says once when it cannot.
struct Pen {
    writer: Writer,
    screen: Screen,
    is_broken: AtomicBool,
}

impl Pen {
    fn write(&self, done: std::io::Result<()>) {
        if let Err(error) = done {
            self.is_broken.store(true, Ordering::Relaxed);
            let (path, detail) = (self.writer.path().into(), error.to_string());
            self.screen.tell(&Message::Record(Trouble::Broke { path, detail }));
        }
    }
}

impl Record {
    /// For what changes nothing.
    pub(super) fn none() -> Self {
        Record(None)
    }

    /// Begins one. Nothing has been changed yet, and where it cannot be begun nothing is.
    pub(super) fn begin(
        cx: &Cx,
        place: &Place,
        city: &City,
        (aws, arn): (&Aws, &str),
        command: Command,
    ) -> Result<Self> {
        if cx.global.no_record {
            return Ok(Record::none());
        }
        let folder = cx.path(".gcnet").join(FOLDER);
        let (subject, simulated) = (subject(&city.config), place.purpose() == Purpose::Sandbox);
        let file = SourceFile { path: city.source.name.clone(), sha256: city.source.sha256.clone() };
        let run = cx.run(city.key());
        let about = About { run: &run, command, subject: &subject, simulated, arn, file };
        let writer = Writer::begin(&folder, &about).map_err(|error| {
            let (municipality, folder, detail) = (city.key().into(), folder.clone(), error.to_string());
            Box::new(Message::Record(Trouble::NotBegun { municipality, folder, detail }))
        })?;
        let pen = Arc::new(Pen { writer, screen: cx.screen.clone(), is_broken: AtomicBool::new(false) });
        let watcher = pen.clone();
        aws.watch_writes(move |write| watcher.write(watcher.writer.write(entry(write))));
        Ok(Record(Some(Kept { pen, group: blueprint::audit_group(&city.config) })))
    }

    /// It has all that happened so far.
    pub(super) fn is_kept(&self) -> bool {
        self.0.as_ref().is_some_and(|kept| !kept.pen.is_broken.load(Ordering::Relaxed))
    }

    /// What is about to be carried out.
    pub(super) fn plan(&self, document: &Document) {
        let Some(Kept { pen, .. }) = &self.0 else { return };
        let planned = Planned::of(document).map_err(std::io::Error::from);
        pen.write(planned.and_then(|planned| pen.writer.write(Entry::Planned(planned))));
    }

    /// How the carrying out of a plan ended.
    pub(super) async fn end_of(&self, aws: &Aws, report: &Report) {
        self.end(aws, Word::of(report), Some(Steps::of(report))).await;
    }

    /// How it ended, without a plan.
    pub(super) async fn end_with<T, E>(&self, aws: &Aws, done: &Result<T, E>) {
        self.end(aws, if done.is_ok() { Word::Done } else { Word::Failed }, None).await;
    }

    async fn end(&self, aws: &Aws, word: Word, steps: Option<Steps>) {
        let Some(Kept { pen, group }) = &self.0 else { return };
        pen.write(pen.writer.end(word, steps));
        let is_complete = self.is_kept();
        if !is_complete {
            pen.screen.tell(&Message::Record(Trouble::Incomplete { path: pen.writer.path().into() }));
        }
        let Some(group) = group else { return };
        let not_kept = |failure, is_complete| {
            pen.screen.tell(&Message::Record(Trouble::NotKept { group: group.clone(), failure, is_complete }));
        };
        let lines = match pen.writer.lines() {
            Ok(lines) => lines,
            Err(error) => {
                let detail = format!("{}: {error}", pen.writer.path().display());
                return not_kept(Failure::internal("logs:PutLogEvents", &detail), false);
            }
        };
        match aws.keep_lines(group, pen.writer.run(), &lines).await {
            Ok(()) => {}
            // It has just been destroyed, or a run that did not get far never made it.
            Err(failure) if failure.class == Class::NotFound => {}
            Err(failure) => not_kept(failure, is_complete),
        }
    }
}

fn entry(write: Write) -> Entry {
    match write {
        Write::Sent(sent) => {
            let gcnet_aws::Sent { call, operation, account, region, step } = sent;
            Entry::Sent(Sent { call, operation: operation.into(), account, region, step })
        }
        Write::Answered(answered) => {
            let gcnet_aws::Answered { call, end, request_id } = answered;
            let (end, code) = match end {
                End::Ok => (CallEnd::Ok, None),
                End::Refused(code) => (CallEnd::Refused, Some(code)),
                End::Unknown(code) => (CallEnd::Unknown, Some(code)),
            };
            Entry::Answered(Answered { call, end, code, request_id })
        }
    }
}
