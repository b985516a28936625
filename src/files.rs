//! Files as gcnet reads and writes them: never more bytes than a bound, with a mode from the first moment on, whole or not
//! at all, and never through a link that somebody laid in the way.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::Path,
};

use tempfile::{Builder, NamedTempFile};

/// Who may read a file that is written. Nobody but its owner may write it. The process's umask may take away more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// Its owner (0600).
    Owner,
    /// Everybody (0644).
    Everybody,
}

impl Readers {
    #[cfg(unix)]
    fn mode(self) -> u32 {
        match self {
            Readers::Owner => 0o600,
            Readers::Everybody => 0o644,
        }
    }
}

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// The system refuses.
    #[error(transparent)]
    System(#[from] io::Error),
    /// It goes on beyond the bound. How far, nobody looked: a device has no end.
    #[error("it has more than {limit} bytes")]
    TooLarge {
        /// In bytes.
        limit: u64,
    },
}

/// Reads a file of at most `limit` bytes. Of what is larger, or has no end, no more is read than that. A pipe that nobody meant
/// is not opened: that would wait for somebody who writes to it.
///
/// # Errors
/// See [`Unread`].
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Unread> {
    if is_pipe(&fs::metadata(path)?) && !is_ours(path) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a pipe and not a file").into());
    }
    let mut bytes = vec![];
    File::open(path)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(Unread::TooLarge { limit }) } else { Ok(bytes) }
}

/// What this process was given open, `/dev/stdin` and what a shell passes as `/dev/fd/N`: whoever names it means it, whatever it is.
fn is_ours(path: &Path) -> bool {
    ["/dev/stdin", "/dev/stdout", "/dev/stderr"].iter().any(|name| path == Path::new(name))
        || ["/dev/fd", "/proc/self/fd"].iter().any(|folder| path.parent() == Some(Path::new(folder)))
}

#[cfg(unix)]
fn is_pipe(there: &fs::Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&there.file_type())
}

#[cfg(not(unix))]
fn is_pipe(_: &fs::Metadata) -> bool {
    false
}

/// Writes a file that must not be there yet; its folder is made, for the owner alone (0700) where the file is.
///
/// # Errors
/// The system's. What is there already, also a link, is one: `AlreadyExists`.
pub fn create(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    if let Some(dir) = path.parent().filter(|dir| !dir.as_os_str().is_empty()) {
        let mut folder = fs::DirBuilder::new();
        folder.recursive(true);
        #[cfg(unix)]
        if readers == Readers::Owner {
            std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        }
        folder.create(dir)?;
    }
    let mut options = File::options();
    options.write(true).create_new(true);
    // With its mode from the first moment on: between creation and a later change anybody could open it.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, readers.mode());
    #[cfg(not(unix))]
    let _ = readers;
    let mut file = options.open(path)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if written.is_err() {
        // Half a key is worse than none, and would stand in the way of the next try.
        let _ = fs::remove_file(path);
    }
    written
}

/// Writes a file whether or not it was there: beside it, under a name that nobody can foresee, and then moved over it. Nobody
/// ever reads half of it, and a link in its place is replaced and not followed.
///
/// # Errors
/// The system's; what was there is then as it was.
pub fn replace(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    // What we were given open (`--out /dev/stdout`), a device or a pipe is written to: moved over, it would be gone. Not one that
    // a link leads to.
    let is_special = |there: fs::Metadata| !there.is_file() && !there.is_dir() && !there.is_symlink();
    if is_ours(path) || fs::symlink_metadata(path).is_ok_and(is_special) {
        return File::options().append(true).open(path)?.write_all(bytes);
    }
    let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "not the name of a file"))?;
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut draft = draft(dir, &format!(".{}.", name.to_string_lossy()), readers)?;
    draft.write_all(bytes)?;
    draft.as_file().sync_all()?;
    draft.persist(path).map_err(|failed| failed.error)?;
    Ok(())
}

/// It goes by itself where it is not moved.
fn draft(dir: &Path, prefix: &str, readers: Readers) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(prefix);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(readers.mode()));
    #[cfg(not(unix))]
    let _ = readers;
    // Of a folder that is not there the system's own words are best; else those that leave out the draft's name, which tells
    // nobody anything and is another one each time.
    fs::metadata(dir)?;
    builder.tempfile_in(dir).map_err(|error| error.kind().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_end_is_not_read_to_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x");
        fs::write(&path, "12345").unwrap();
        assert_eq!(read(&path, 5).unwrap(), b"12345");
        assert!(matches!(read(&path, 4), Err(Unread::TooLarge { limit: 4 })));
        #[cfg(unix)]
        assert!(matches!(read(Path::new("/dev/zero"), 10), Err(Unread::TooLarge { limit: 10 })));
        assert!(matches!(read(dir.path(), 10), Err(Unread::System(_))));
    }

    /// The umask of the process is the same for all threads: it can only be seen, not set, by one test among others.
    #[cfg(unix)]
    #[test]
    fn a_mode_is_there_from_the_beginning_and_whatever_was_there() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let mode = |name: &str| fs::metadata(dir.path().join(name)).unwrap().permissions().mode() & 0o777;
        create(&dir.path().join("a/key"), b"k", Readers::Owner).unwrap();
        assert_eq!((mode("a"), mode("a/key")), (0o700, 0o600));
        fs::write(dir.path().join("plan"), "old").unwrap();
        fs::set_permissions(dir.path().join("plan"), fs::Permissions::from_mode(0o666)).unwrap();
        replace(&dir.path().join("plan"), b"new", Readers::Owner).unwrap();
        assert_eq!((mode("plan"), fs::read(dir.path().join("plan")).unwrap()), (0o600, b"new".to_vec()));
        replace(&dir.path().join("sheet"), b"s", Readers::Everybody).unwrap();
        assert_eq!(mode("sheet") & 0o133, 0, "readable at most, by others");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_somebody_laid_leads_nowhere() {
        use std::os::unix::fs::symlink;
        let dir = tempfile::tempdir().unwrap();
        let (victim, link) = (dir.path().join("victim"), dir.path().join("link"));
        fs::write(&victim, "untouched").unwrap();
        symlink(&victim, &link).unwrap();
        assert_eq!(create(&link, b"x", Readers::Owner).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        replace(&link, b"x", Readers::Owner).unwrap();
        assert_eq!(fs::read(&victim).unwrap(), b"untouched");
        assert_eq!(fs::read(&link).unwrap(), b"x");
        assert!(!fs::symlink_metadata(&link).unwrap().is_symlink());
    }

    #[cfg(unix)]
    #[test]
    fn no_link_leads_to_a_device_and_what_we_were_given_open_is_used_as_it_is() {
        use std::os::unix::fs::{FileTypeExt, symlink};
        let dir = tempfile::tempdir().unwrap();
        let link = dir.path().join("link");
        symlink("/dev/null", &link).unwrap();
        replace(&link, b"x", Readers::Owner).unwrap();
        assert_eq!(fs::read(&link).unwrap(), b"x");
        replace(Path::new("/dev/null"), b"x", Readers::Owner).unwrap();
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
        for (path, ours) in
            [("/dev/stdin", true), ("/dev/fd/63", true), ("/dev/shm/x", false), ("/dev/fd/../shm/x", false)]
        {
            assert_eq!(is_ours(Path::new(path)), ours, "{path}");
        }
    }

    #[test]
    fn what_cannot_be_put_in_place_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("taken/x")).unwrap();
        assert!(replace(&dir.path().join("taken"), b"x", Readers::Owner).is_err());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
