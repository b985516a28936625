//! The store's file: one JSON document, replaced as a whole after every write.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::error::StartError;
use crate::store::State;

/// Largest file that is read, in bytes. The networks of nine municipalities take 2 MB.
const LARGEST: u64 = 256 << 20;

/// Bump when a field changes its meaning; new fields have defaults and need no bump.
const FORMAT_VERSION: u64 = 2;

/// Something a person should know about how the sandbox started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The file could not be read as a store. It was kept under another name and the sandbox is empty.
    CorruptFileSetAside {
        /// The store's file.
        file: PathBuf,
        /// Where the old content is now.
        kept: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

/// What is in the file.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Saved<S = State> {
    format_version: u64,
    /// Simulated time when it was written: time goes on from there.
    pub now: Moment,
    pub state: S,
}

/// A file that this process alone has open.
#[derive(Debug)]
pub(crate) struct StoreFile {
    path: PathBuf,
    /// Held for as long as the sandbox lives. A file of its own, because the store's file is replaced at every write.
    _lock: File,
}

impl StoreFile {
    /// Opens and locks the file, creating its folder, and reads what is there.
    pub fn open(path: &Path) -> Result<(Self, Option<Saved>, Option<Notice>), StartError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| StartError::File { path, source }
        };
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            private_folder(folder).map_err(failed(folder))?;
        }
        let beside = with_suffix(path, ".lock");
        let lock = open_lock(&beside).map_err(failed(&beside))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StartError::Locked { path: path.to_owned() });
            }
            Err(TryLockError::Error(source)) => return Err(failed(&beside)(source)),
        }
        let file = Self { path: path.to_owned(), _lock: lock };
        let bytes = match read(path) {
            Ok(bytes) if bytes.len() as u64 > LARGEST => {
                return Err(StartError::TooLarge { path: path.to_owned(), limit: LARGEST });
            }
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok((file, None, None)),
            Err(source) => return Err(failed(path)(source)),
        };
        match parse(path, &bytes)? {
            Ok(saved) => Ok((file, Some(saved), None)),
            Err(reason) => {
                let kept = with_suffix(path, &format!(".corrupt-{}", Moment::wall().as_millis()));
                std::fs::rename(path, &kept).map_err(failed(path))?;
                only_the_owners(&kept).map_err(failed(&kept))?;
                let notice = Notice::CorruptFileSetAside { file: path.to_owned(), kept, reason };
                Ok((file, None, Some(notice)))
            }
        }
    }

    /// Replaces the file's content: either all of the new or all of the old is there, whenever the process dies.
    ///
    /// Not synced to the disk: what is lost with the machine's power is a simulation.
    pub fn save(&self, state: &State, now: Moment) -> std::io::Result<()> {
        let saved = Saved { format_version: FORMAT_VERSION, now, state };
        let bytes = serde_json::to_vec_pretty(&saved)?;
        let new = with_suffix(&self.path, ".new");
        let write = || {
            // Of a process that died, or a link that somebody laid there: it is taken away, never written through.
            match std::fs::remove_file(&new) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            let mut file = private().create_new(true).open(&new)?;
            file.write_all(&bytes)?;
            drop(file);
            std::fs::rename(&new, &self.path)
        };
        write().inspect_err(|_| {
            // Half of it would take up what is left of a full disk.
            let _ = std::fs::remove_file(&new);
        })
    }
}

/// The inner error is why the content is no store at all; the outer one is a store of another version.
pub(crate) fn parse(path: &Path, bytes: &[u8]) -> Result<Result<Saved, String>, StartError> {
    let value: serde_json::Value = match serde_json::from_slice(bytes) {
        Ok(value) => value,
        Err(error) => return Ok(Err(error.to_string())),
    };
    let version = value.get("format_version").and_then(serde_json::Value::as_u64);
    if let Some(found) = version.filter(|found| *found != FORMAT_VERSION) {
        return Err(StartError::FormatVersion { path: path.to_owned(), found, known: FORMAT_VERSION });
    }
    Ok(serde_json::from_value(value).map_err(|error| error.to_string()))
}

/// Creates the lock, or opens the one that is there if it is a file: not through a link, which would create a file elsewhere, and
/// no pipe, at which it would wait.
fn open_lock(path: &Path) -> std::io::Result<File> {
    match private().create_new(true).open(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        created => return created,
    }
    if !std::fs::symlink_metadata(path)?.is_file() {
        return Err(not_a_file());
    }
    private().open(path)
}

/// Whatever mode it came with.
fn only_the_owners(path: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    if std::fs::symlink_metadata(path)?.is_file() {
        std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

fn not_a_file() -> std::io::Error {
    std::io::Error::new(ErrorKind::InvalidInput, "it is not a file")
}

/// One byte more than the limit at most. Neither pipes, at which it would wait, nor devices are opened.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let there = std::fs::metadata(path)?;
    if !there.is_file() && !there.is_dir() {
        return Err(not_a_file());
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Session tokens and keys of simulated authorities are in it: a folder that is made is its owner's alone.
fn private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Session tokens are in it: for the owner's eyes only.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
