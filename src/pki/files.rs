//! The files that keys and certificates are kept in. None is ever overwritten.

use std::{fs, io, path::Path};

use super::Secret;
use crate::files::{self, Readers, create};

/// Writes a private key that only its owner may read (0600); the folder is made.
///
/// # Errors
/// The system's. A file that is there already (also a link) is one: `AlreadyExists`.
pub fn write_secret(path: &Path, secret: &Secret) -> io::Result<()> {
    create(path, secret.pem().as_bytes(), Readers::Owner)
}

/// Writes what everybody may read (0644); the folder is made. A file that holds just this is left as it is,
/// unless a link leads to it.
///
/// # Errors
/// The system's. A file that is there already with something else in it is one: `AlreadyExists`.
pub fn write_public(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // What lies in the way may be a link, or have no end.
    let holds_this = || {
        let is_file = fs::symlink_metadata(path).is_ok_and(|there| there.is_file());
        is_file && files::read(path, bytes.len() as u64).is_ok_and(|old| old == bytes)
    };
    match create(path, bytes, Readers::Everybody) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && holds_this() => Ok(()),
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

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn what_lies_in_the_way_is_only_read_if_it_is_a_file_and_no_longer_than_ours() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        write_public(&path("a"), b"x").unwrap();
        write_public(&path("a"), b"x").unwrap();
        symlink("/dev/zero", path("endless")).unwrap();
        symlink(path("a"), path("link")).unwrap();
        fs::write(path("longer"), "xx").unwrap();
        for name in ["endless", "link", "longer"] {
            assert_eq!(write_public(&path(name), b"x").unwrap_err().kind(), io::ErrorKind::AlreadyExists, "{name}");
        }
    }
}
