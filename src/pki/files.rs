//! The files that keys and certificates are kept in. None is ever overwritten.

use std::{fs, io, path::Path};

use super::Secret;
use crate::files::{Readers, create};

/// Writes a private key that only its owner may read (0600); the folder is made.
///
/// # Errors
/// The system's. A file that is there already (also a link) is one: `AlreadyExists`.
pub fn write_secret(path: &Path, secret: &Secret) -> io::Result<()> {
    create(path, secret.pem().as_bytes(), Readers::Owner)
}

/// Writes what everybody may read (0644); the folder is made. A file that holds just this is left as it is.
///
/// # Errors
/// The system's. A file that is there already with something else in it is one: `AlreadyExists`.
pub fn write_public(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match create(path, bytes, Readers::Everybody) {
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
