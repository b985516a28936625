//! Records as they are written, and every way in which one can be made to say something else.

mod bytes;

use std::{fs, path::Path};

use gcnet_core::Address;
use tempfile::TempDir;

use super::{
    About, Answered, CallEnd, Command, Entry, Fault, History, Result as End, Sent, SourceFile, Steps, Writer, Wrong,
    read, run_name,
};
use crate::report::document::Subject;

fn subject() -> Subject {
    Subject {
        municipality: "naruto".into(),
        name_ja: "鳴門市".into(),
        name_en: "Naruto".into(),
        environment: "prod".into(),
        account: "100000000002".into(),
        region: "ap-northeast-1".into(),
    }
}

fn begin(folder: &Path) -> Writer {
    let file = SourceFile { path: "municipalities/naruto.yaml".into(), sha256: "0".repeat(64) };
    let arn = "arn:aws:sts::100000000002:assumed-role/gcnet-naruto-prod-apply/gcnet-hanako";
    let run = &run_name();
    let about = About { run, command: Command::Apply, subject: &subject(), simulated: true, arn, file };
    Writer::begin(folder, &about).unwrap()
}

/// A call and its answer.
fn call(writer: &Writer, call: u64) {
    let step = Some(Address::new("vpc", "shared"));
    let (account, region) = ("100000000002".into(), "ap-northeast-1".into());
    writer.write(Entry::Sent(Sent { call, operation: "ec2:CreateVpc".into(), account, region, step })).unwrap();
    let answered = Answered { call, end: CallEnd::Ok, code: None, request_id: Some("5c0b".into()) };
    writer.write(Entry::Answered(answered)).unwrap();
}

/// A run with two calls.
fn whole(folder: &Path) -> Writer {
    let writer = begin(folder);
    call(&writer, 1);
    call(&writer, 2);
    writer.end(End::Done, Some(Steps { done: 1, ..Steps::default() })).unwrap();
    writer
}

fn name(writer: &Writer) -> String {
    writer.path().file_name().unwrap().to_string_lossy().into_owned()
}

fn faults(folder: &Path) -> Vec<Fault> {
    read(folder).unwrap().faults
}

#[test]
fn what_was_written_is_read() {
    let dir = TempDir::new().unwrap();
    let folder = dir.path().join("runs");
    assert_eq!(read(&folder).unwrap(), History::default());
    let (first, second) = (whole(&folder), whole(&folder));
    let history = read(&folder).unwrap();
    assert_eq!(history.faults, []);
    let find = |writer: &Writer| history.runs.iter().find(|run| run.began.run == writer.run()).unwrap();
    let (one, two) = (find(&first), find(&second));
    assert_eq!((one.calls.len(), one.ended.as_ref().unwrap().1.calls.ok), (2, 2));
    assert!(one.calls.iter().all(|call| call.answered.is_some()));
    assert_eq!(one.began.after, []);
    let [tip] = &two.began.after[..] else { panic!("{:?}", two.began.after) };
    assert_eq!((tip.run.as_str(), tip.seq), (first.run(), 6));
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_them() {
    use std::os::unix::fs::PermissionsExt;
    let dir = TempDir::new().unwrap();
    let folder = dir.path().join("a/runs");
    let writer = whole(&folder);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(writer.path())), (0o700, 0o600));
    assert_eq!(mode(folder.parent().unwrap()), 0o700, "what it lies in was made for it");
}

#[test]
fn a_killed_run_leaves_what_it_did_and_is_no_fault() {
    let dir = TempDir::new().unwrap();
    let writer = begin(dir.path());
    call(&writer, 1);
    let sent = Sent {
        call: 2,
        operation: "ec2:CreateTags".into(),
        account: "100000000002".into(),
        region: "ap-northeast-1".into(),
        step: None,
    };
    writer.write(Entry::Sent(sent)).unwrap();
    let history = read(dir.path()).unwrap();
    assert_eq!((history.faults.len(), history.runs[0].ended.clone(), history.runs[0].calls.len()), (0, None, 2));
    assert_eq!(history.runs[0].calls[1].answered, None, "it was sent, and nobody knows what came of it");
}

/// Two at once name the same run before them, and whoever comes next names both; also the end of one that was still under way
/// when it was named first.
#[test]
fn runs_at_once_are_both_held() {
    let dir = TempDir::new().unwrap();
    let first = whole(dir.path());
    let (a, b) = (begin(dir.path()), begin(dir.path()));
    call(&a, 1);
    a.end(End::Done, None).unwrap();
    b.end(End::Failed, None).unwrap();
    let last = whole(dir.path());
    assert_eq!(faults(dir.path()), []);
    for gone in [&first, &a, &b] {
        let text = fs::read(gone.path()).unwrap();
        fs::remove_file(gone.path()).unwrap();
        let found = faults(dir.path());
        assert!(
            matches!(&found[..], [Fault { file, line: None, wrong: Wrong::Missing { .. } }] if *file == name(gone)),
            "{found:?}"
        );
        fs::write(gone.path(), text).unwrap();
    }
    // Of the last one nobody knows.
    fs::remove_file(last.path()).unwrap();
    assert_eq!(faults(dir.path()), []);
}

#[test]
fn what_a_later_run_has_seen_cannot_be_cut_off() {
    let dir = TempDir::new().unwrap();
    let (first, second) = (whole(dir.path()), whole(dir.path()));
    let cut = |writer: &Writer| {
        let text = fs::read_to_string(writer.path()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        fs::write(writer.path(), lines[..4].join("\n") + "\n").unwrap();
    };
    cut(&second);
    let history = read(dir.path()).unwrap();
    assert_eq!(history.faults, []);
    assert!(history.runs.iter().any(|run| run.began.run == second.run() && run.ended.is_none()), "it did not end");
    cut(&first);
    let named_by = second.run().to_string();
    let fault = Fault { file: name(&first), line: Some(5), wrong: Wrong::Shorter { named_by } };
    assert_eq!(faults(dir.path()), [fault]);
}

/// Somebody wrote a whole new record in the place of one: it fits together, and does not fit what came after.
#[test]
fn another_record_in_its_place_is_noticed() {
    let dir = TempDir::new().unwrap();
    let (first, second) = (whole(dir.path()), whole(dir.path()));
    let text = fs::read_to_string(first.path()).unwrap();
    let mut prev = String::new();
    let forged = text.lines().map(|line| {
        let (mut line, _) = super::chain::open(line).unwrap();
        line.prev = prev.clone();
        if let Entry::Began(began) = &mut line.entry {
            began.arn = "arn:aws:iam::100000000002:user/nobody".into();
        }
        let (text, hash) = super::chain::seal(&line).unwrap();
        prev = hash;
        text + "\n"
    });
    fs::write(first.path(), forged.collect::<String>()).unwrap();
    let wrong = Wrong::Other { named_by: second.run().to_string() };
    assert_eq!(faults(dir.path()), [Fault { file: name(&first), line: Some(6), wrong }]);
}

#[test]
fn a_copy_under_another_name_is_noticed() {
    let dir = TempDir::new().unwrap();
    let writer = whole(dir.path());
    fs::copy(writer.path(), dir.path().join("20260401T000000Z-00000000.jsonl")).unwrap();
    let found = faults(dir.path());
    assert!(matches!(&found[..], [Fault { wrong: Wrong::Name { run }, .. }] if run == writer.run()), "{found:?}");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_an_error_before_anything_else() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    let about = About {
        run: "run",
        command: Command::Destroy,
        subject: &subject(),
        simulated: false,
        arn: "arn",
        file: SourceFile { path: String::new(), sha256: String::new() },
    };
    assert!(Writer::begin(&file.join("runs"), &about).is_err());
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

/// A device on which no byte has room.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_once_and_ends_the_record() {
    use std::fs::OpenOptions;
    let dir = TempDir::new().unwrap();
    let writer = begin(dir.path());
    writer.replace_file(OpenOptions::new().write(true).open("/dev/full").unwrap());
    let sent = || {
        let (account, region) = ("100000000002".into(), "ap-northeast-1".into());
        Entry::Sent(Sent { call: 1, operation: "ec2:CreateVpc".into(), account, region, step: None })
    };
    assert!(writer.write(sent()).is_err());
    assert!(writer.write(sent()).is_ok(), "it is known by now");
    assert!(writer.end(End::Done, None).is_ok());
    let history = read(dir.path()).unwrap();
    assert_eq!((history.faults.len(), history.runs[0].ended.clone()), (0, None));
}

/// A machine that lost its power is nobody's fault; what a later run has seen is one.
#[test]
fn a_torn_end_is_a_warning_until_a_later_run_has_seen_more() {
    let dir = TempDir::new().unwrap();
    let first = begin(dir.path());
    call(&first, 1);
    let empty = dir.path().join("20260401T000000Z-00000000.jsonl");
    let tear = |to: usize| {
        let text = fs::read(first.path()).unwrap();
        fs::write(first.path(), &text[..text.len() - to]).unwrap();
    };
    fs::write(&empty, "").unwrap();
    tear(5);
    let found = faults(dir.path());
    assert!(found.len() == 2 && found.iter().all(Fault::is_warning), "{found:?}");
    // It names the last line that is whole.
    let later = whole(dir.path());
    assert!(faults(dir.path()).iter().all(Fault::is_warning), "{found:?}");
    let named_by = || later.run().to_string();
    let seen = |line| Fault { file: name(&first), line: Some(line), wrong: Wrong::Shorter { named_by: named_by() } };
    let text = fs::read(first.path()).unwrap();
    let second = text.iter().position(|byte| *byte == b'\n').unwrap() + 9;
    tear(text.len() - second);
    assert!(faults(dir.path()).contains(&seen(2)), "{:?}", faults(dir.path()));
    fs::write(first.path(), "").unwrap();
    assert!(faults(dir.path()).contains(&seen(1)), "{:?}", faults(dir.path()));
}

/// A device would be read for ever, and a pipe waited for. They are told, and stop no run.
#[cfg(unix)]
#[test]
fn nothing_odd_in_the_folder_stops_a_run() {
    use std::os::unix::{fs::symlink, net::UnixListener};
    let dir = TempDir::new().unwrap();
    let odd = |name: &str| dir.path().join(format!("{name}.jsonl"));
    fs::create_dir(odd("a-folder")).unwrap();
    symlink(dir.path().join("nowhere"), odd("b-link")).unwrap();
    symlink("/dev/zero", odd("c-device")).unwrap();
    let _socket = UnixListener::bind(odd("d-socket")).unwrap();
    fs::File::create(odd("e-huge")).unwrap().set_len(super::MAX_BYTES + 1).unwrap();
    fs::write(odd("f-text"), [0xff, b'\n']).unwrap();
    let first = whole(dir.path());
    let second = whole(dir.path());
    let history = read(dir.path()).unwrap();
    let names: Vec<&str> = history.faults.iter().map(|fault| &fault.file[..1]).collect();
    assert_eq!(names, ["a", "b", "c", "d", "e", "f"]);
    let unreadable = history.faults.iter().filter(|fault| matches!(fault.wrong, Wrong::Unreadable { .. }));
    assert_eq!(unreadable.count(), 5);
    let second = history.runs.iter().find(|run| run.began.run == second.run()).unwrap();
    assert_eq!(second.began.after.iter().map(|tip| tip.run.as_str()).collect::<Vec<_>>(), [first.run()]);
}

/// It would be told as a fault for ever.
#[cfg(target_os = "linux")]
#[test]
fn a_record_whose_first_line_has_no_room_is_not_left_behind() {
    let dir = TempDir::new().unwrap();
    let about = About {
        run: "run",
        command: Command::Apply,
        subject: &subject(),
        simulated: true,
        arn: "arn",
        file: SourceFile { path: String::new(), sha256: String::new() },
    };
    let full = |path: &Path| {
        fs::File::create_new(path)?;
        fs::OpenOptions::new().write(true).open("/dev/full")
    };
    let refused = Writer::begin_in(dir.path(), &about, full).unwrap_err().to_string();
    assert!(refused.contains("run.jsonl: ") && refused.contains("os error 28"), "{refused}");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}
