//! The binary as people, scripts and editors meet it: each test runs it in a folder of its own, with an environment of
//! its own.

mod doctor;
mod ends;
mod files;
mod handshakes;
mod history;
mod leases;
mod machines;
mod plans;
mod refusals;
mod repairs;
pub(super) mod server;
mod trust;
mod words;

use std::{
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

/// A temporary folder with the nine files.
pub(super) struct Folder(TempDir);

/// How much a listing has, without what is deleted and can be restored.
fn there(listing: &serde_json::Value) -> usize {
    listing["resources"].as_array().unwrap().iter().filter(|row| row["state"] != "deleted").count()
}

impl Folder {
    pub(super) fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let files = dir.path().join("municipalities");
        std::fs::create_dir(&files).unwrap();
        for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("municipalities")).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), files.join(entry.file_name())).unwrap();
        }
        Folder(dir)
    }

    /// The same, with Naruto built in its sandbox.
    pub(super) fn built() -> Self {
        let folder = Folder::new();
        folder.run("--sandbox -q apply naruto --yes").succeeds();
        folder
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(super) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// Changes Naruto's file; the text must be there.
    pub(super) fn edit(&self, from: &str, to: &str) {
        let text = self.read("municipalities/naruto.yaml");
        assert!(text.contains(from), "{from}");
        self.write("municipalities/naruto.yaml", &text.replacen(from, to, 1));
    }

    /// gcnet with a line of arguments, without a terminal, and with nothing of the environment of these tests.
    pub(super) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gcnet"));
        command.args(line.split_whitespace()).current_dir(self.0.path()).env_clear();
        command.env("HOME", self.0.path()).env("AWS_EC2_METADATA_DISABLED", "true").stdin(Stdio::null());
        command
    }

    pub(super) fn run(&self, line: &str) -> Ran {
        Ran::from(self.command(line).output().unwrap())
    }

    pub(super) fn run_with(&self, line: &str, environment: &[(&str, &str)]) -> Ran {
        Ran::from(self.command(line).envs(environment.iter().copied()).output().unwrap())
    }

    /// In English and in Japanese, for a snapshot of both.
    pub(super) fn in_both(&self, line: &str) -> [Ran; 2] {
        ["en", "ja"].map(|lang| self.run(&format!("--lang {lang} {line}")))
    }
}

/// How a run ended.
pub(super) struct Ran {
    /// None: by a signal.
    pub(super) code: Option<i32>,
    pub(super) out: String,
    pub(super) err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Ran {
    #[track_caller]
    pub(super) fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub(super) fn succeeds(self) -> Self {
        self.ends_with(0)
    }

    /// Exit 1, nothing on stdout, and one error that says what to do about it.
    #[track_caller]
    pub(super) fn fails_with_a_hint(self) -> Self {
        let ran = self.ends_with(1);
        assert_eq!(ran.out, "", "{}", ran.err);
        let count = |word: &str| ran.err.lines().filter(|line| line.starts_with(word)).count();
        assert_eq!(count("error: ") + count("エラー: "), 1, "{}", ran.err);
        assert!(count("hint: ") + count("対処: ") > 0, "{}", ran.err);
        assert!(!ran.err.contains("panicked") && !ran.err.contains(" WARN "), "{}", ran.err);
        ran
    }

    /// All that was said, without what differs from run to run.
    pub(super) fn said(&self) -> String {
        steady(&format!("{}{}", self.out, self.err))
    }
}

/// Ids and durations differ from run to run. Ids keep their length, so that columns do not move.
fn steady(text: &str) -> String {
    let mut steady = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let hex = rest.bytes().take_while(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')).count();
        let after_dash = steady.ends_with('-');
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let after_digit = steady.ends_with(|c: char| c.is_ascii_digit());
        let unit = [" s)", " s:", " s;", " s\n", " 秒）", " 秒)"].iter().any(|unit| rest[digits..].starts_with(unit));
        if let Some(uuid) = rest.get(..36).filter(|text| is_uuid(text)) {
            steady.extend(uuid.chars().map(|c| if c == '-' { '-' } else { 'x' }));
            rest = &rest[36..];
        } else if !after_digit && is_moment(rest) {
            steady.push_str("MOMENT");
            rest = &rest[16..];
        } else if digits > 0 && steady.ends_with("127.0.0.1:") {
            steady.push_str("PORT");
            rest = &rest[digits..];
        } else if is_zone(rest) && !steady.ends_with(|c: char| c.is_ascii_alphanumeric()) {
            steady.push_str(&"x".repeat(21));
            rest = &rest[21..];
        } else if after_dash && (hex == 8 || hex == 17) {
            steady.push_str(&"x".repeat(hex));
            rest = &rest[hex..];
        } else if digits > 0 && !after_digit && unit {
            steady.push('N');
            rest = &rest[digits..];
        } else {
            steady.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    steady
}

/// `2026-12-31 09:05`
fn is_moment(text: &str) -> bool {
    let mut form = "dddd-dd-dd dd:dd".bytes().zip(text.bytes());
    text.len() >= 16 && form.all(|(form, b)| if form == b'd' { b.is_ascii_digit() } else { form == b })
}

/// The id of a hosted zone that AWS gave. Those of the files have a zero second.
fn is_zone(text: &str) -> bool {
    let id = text.bytes().take_while(|b| b.is_ascii_digit() || b.is_ascii_uppercase()).count();
    id == 21 && text.starts_with('Z') && !text.starts_with("Z0")
}

/// One that AWS gave. Those of the files begin with zeros.
fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let is_hex = |group: &&str| group.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]) && groups.iter().all(is_hex) && groups[0] != "00000000"
}
