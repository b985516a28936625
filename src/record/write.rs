//! Writes the record of one run, line by line as things happen.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use jiff::Timestamp;

use super::{
    Answered, Began, CallEnd, Calls, Command, ENDING, Ended, Entry, FORMAT_VERSION, Line, Result as End, SourceFile,
    Steps, Tip, build, chain, sha256, tips,
};
use crate::report::document::Subject;

/// The record of a run that is under way.
#[derive(Debug)]
pub struct Writer {
    path: PathBuf,
    run: String,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// None after the last line, or after a line that could not be written.
    file: Option<File>,
    /// Of the whole lines, in bytes.
    length: u64,
    seq: u64,
    prev: String,
    calls: Calls,
}

/// Why a record was not begun, and with which file or folder.
#[derive(Debug, thiserror::Error)]
#[error("{}: {error}", path.display())]
pub struct NotBegun {
    path: PathBuf,
    error: io::Error,
}

/// What a run is, beside what this module finds out itself.
#[derive(Clone, Debug)]
pub struct About<'a> {
    /// Its [name](run_name).
    pub run: &'a str,
    /// Which command.
    pub command: Command,
    /// Whose network.
    pub subject: &'a Subject,
    /// Not AWS, but a simulation on this machine.
    pub simulated: bool,
    /// Whose credentials.
    pub arn: &'a str,
    /// The municipality's file.
    pub file: SourceFile,
}

impl Writer {
    /// Begins a record in `folder`, which is made (0700; the file is 0600), and names the runs before it.
    ///
    /// # Errors
    /// The system's. Nothing is left behind but the folder.
    pub fn begin(folder: &Path, about: &About<'_>) -> Result<Self, NotBegun> {
        Self::begin_in(folder, about, create)
    }

    /// With a file that is made otherwise.
    pub(super) fn begin_in(
        folder: &Path,
        about: &About<'_>,
        create: impl Fn(&Path) -> io::Result<File>,
    ) -> Result<Self, NotBegun> {
        let of = |path: &Path| {
            let path = path.to_path_buf();
            move |error| NotBegun { path, error }
        };
        make(folder).map_err(of(folder))?;
        let after = tips::find(folder).map_err(of(folder))?;
        let path = folder.join(format!("{}{ENDING}", about.run));
        let file = create(&path).map_err(of(&path))?;
        Self::open(file, &path, about, after).map_err(|error| {
            // Without a line it would be told as a fault for ever. It is ours: nobody else's was opened.
            let _ = fs::remove_file(&path);
            of(&path)(error)
        })
    }

    /// Writes the first line into a file that was made for it.
    fn open(file: File, path: &Path, about: &About<'_>, after: Vec<Tip>) -> io::Result<Self> {
        let run = about.run.to_string();
        let About { run: _, command, subject, simulated, arn, file: ref source } = *about;
        let began = Began {
            format_version: FORMAT_VERSION,
            run: run.clone(),
            command,
            municipality: subject.municipality.clone(),
            environment: subject.environment.clone(),
            account: subject.account.clone(),
            region: subject.region.clone(),
            simulated,
            arn: arn.into(),
            host: gethostname::gethostname().to_string_lossy().into_owned(),
            user: user(),
            gcnet: build::version(),
            platform: build::platform(),
            file: source.clone(),
            after,
        };
        let state = State { file: Some(file), length: 0, seq: 0, prev: String::new(), calls: Calls::default() };
        let writer = Writer { path: path.into(), run, state: Mutex::new(state) };
        writer.write(Entry::Began(Box::new(began)))?;
        writer.sync()?;
        Ok(writer)
    }

    /// The run's name.
    pub fn run(&self) -> &str {
        &self.run
    }

    /// Its file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a line. After the first that could not be written, and after the last, there are no more: a record with a hole would
    /// say something else than what happened.
    ///
    /// # Errors
    /// The system's, of the first line that could not be written. What had been written of it is taken back.
    pub fn write(&self, entry: Entry) -> io::Result<()> {
        let state = &mut *self.lock();
        let Some(file) = &mut state.file else { return Ok(()) };
        if let Entry::Answered(Answered { end, .. }) = &entry {
            *match end {
                CallEnd::Ok => &mut state.calls.ok,
                CallEnd::Refused => &mut state.calls.refused,
                CallEnd::Unknown => &mut state.calls.unknown,
            } += 1;
        }
        let line = Line { seq: state.seq + 1, at: Timestamp::now(), prev: state.prev.clone(), entry };
        let written = chain::seal(&line).map_err(io::Error::from).and_then(|(text, hash)| {
            let text = text + "\n";
            file.write_all(text.as_bytes())?;
            Ok((text.len() as u64, hash))
        });
        match written {
            Ok((length, hash)) => {
                (state.seq, state.prev, state.length) = (line.seq, hash, state.length + length);
                Ok(())
            }
            Err(error) => {
                // Half a line could not be told from one that was cut off later.
                let _ = file.set_len(state.length);
                state.file = None;
                Err(error)
            }
        }
    }

    /// Writes the last line.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn end(&self, result: End, steps: Option<Steps>) -> io::Result<()> {
        let calls = self.lock().calls;
        self.write(Entry::Ended(Ended { result, steps, calls }))?;
        let synced = self.sync();
        self.lock().file = None;
        synced
    }

    /// All lines so far, each with its end and when it was written, in milliseconds since 1970.
    ///
    /// # Errors
    /// The system's.
    pub fn lines(&self) -> io::Result<Vec<(i64, String)>> {
        let text = fs::read_to_string(&self.path)?;
        let when = |line: &str| chain::open(line).map_or(0, |(line, _)| line.at.as_millisecond());
        Ok(text.lines().map(|line| (when(line), line.to_string())).collect())
    }

    /// Not after every line: a run that is killed loses nothing by it, only a machine that loses its power.
    fn sync(&self) -> io::Result<()> {
        self.lock().file.as_ref().map_or(Ok(()), File::sync_all)
    }

    /// Another file in the place of its own, as if the disk had filled up.
    #[cfg(test)]
    pub(super) fn replace_file(&self, file: File) {
        self.lock().file = Some(file);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A name for a run: by the moment, so that files are in order, and by something that no two runs have in common.
pub fn run_name() -> String {
    let moment = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let host = gethostname::gethostname();
    let unlike = sha256(format!("{} {nanos} {}", std::process::id(), host.to_string_lossy()));
    format!("{moment}-{}", &unlike[..8])
}

fn user() -> String {
    let names = ["USER", "LOGNAME", "USERNAME"];
    names.into_iter().find_map(|name| std::env::var(name).ok().filter(|name| !name.is_empty())).unwrap_or_default()
}

/// Also what it lies in: `.gcnet` is nobody else's either.
#[cfg(unix)]
fn make(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(folder)
}

/// With its mode from the first moment on.
#[cfg(unix)]
fn create(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().append(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create_new(true).open(path)
}
