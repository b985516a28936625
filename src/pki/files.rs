//! The files that keys and certificates are kept in. None is ever overwritten.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::Path,
};

use super::Secret;

/// Writes a private key that only its owner may read (0600); the folder is made.
///
/// # Errors
/// The system's. A file that is there already (also a link) is one: `AlreadyExists`.
pub fn write_secret(path: &Path, secret: &Secret) -> io::Result<()> {
    write(path, secret.pem().as_bytes(), 0o600)
}

/// Writes what everybody may read (0644); the folder is made. A file that holds just this is left as it is.
///
/// # Errors
/// The system's. A file that is there already with something else in it is one: `AlreadyExists`.
pub fn write_public(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match write(path, bytes, 0o644) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && fs::read(path).is_ok_and(|old| old == bytes) => {
            Ok(())
        }
        written => written,
    }
}

/// That nothing is there, so that a later write will not be refused for it.
///
/// # Errors
/// `AlreadyExists`; `NotADirectory` where its folder is a file.
pub fn check_free(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Err(error),
        Err(_) => Ok(()),
    }
}

fn write(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    if let Some(dir) = path.parent().filter(|dir| !dir.as_os_str().is_empty()) {
        fs::create_dir_all(dir)?;
    }
    let mut file = create(path, mode)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if written.is_err() {
        // Half a key is worse than none, and would stand in the way of the next try.
        let _ = fs::remove_file(path);
    }
    written
}

/// With its mode from the first moment on: between creation and a later change anybody could open it.
#[cfg(unix)]
fn create(path: &Path, mode: u32) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create_new(true).mode(mode).open(path)
}

#[cfg(not(unix))]
fn create(path: &Path, _mode: u32) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}
