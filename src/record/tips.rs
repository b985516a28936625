//! The runs in a folder that no other has named, as far as they have got: what a new run names.
//!
//! Two runs at once name the same ones, and whoever comes next names both. First and last lines are enough to find them: folders
//! grow for years.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use super::{ENDING, Entry, MAX_BYTES, Tip, chain};
use crate::files::Unread;

/// How much is read at once, from the end backwards.
const PIECE: u64 = 8192;

/// The files of records in a folder, sorted by name; none where there is no folder.
pub(super) fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
        entries => entries?,
    };
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<PathBuf>>>()?;
    files.retain(|path| path.to_string_lossy().ends_with(ENDING));
    files.sort();
    Ok(files)
}

/// What a file without its ending is called, which is the run's name.
pub(super) fn run_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.strip_suffix(ENDING).unwrap_or(&name).to_string()
}

/// See the module's documentation. What cannot be read has no tip, so that nothing odd in the folder stops a run: `gcnet history`
/// tells of it, and its removal is noticed through no run that passed it over.
pub(super) fn find(folder: &Path) -> io::Result<Vec<Tip>> {
    let mut ends = BTreeSet::new();
    let mut named = BTreeSet::new();
    for path in files(folder)? {
        let Ok(mut file) = open(&path) else { continue };
        let mut first = String::new();
        // What is no text says nothing.
        let _ = BufReader::new(&file).read_line(&mut first);
        if let Ok((line, _)) = chain::open(first.trim_end_matches('\n'))
            && let Entry::Began(began) = line.entry
        {
            named.extend(began.after);
        }
        let last = last_line(&mut file).ok().flatten();
        if let Some((line, hash)) = last.and_then(|text| chain::open(&text).ok()) {
            ends.insert(Tip { run: run_of(&path), seq: line.seq, hash });
        }
    }
    Ok(ends.difference(&named).cloned().collect())
}

/// Opens what can be a record: opening a pipe waits for somebody who writes to it, and a device has no end.
///
/// # Errors
/// The system's, and those of what is no file or larger than any record.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let is = fs::metadata(path)?;
    if !is.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a file"));
    }
    if is.len() > MAX_BYTES {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, Unread::TooLarge { limit: MAX_BYTES }));
    }
    File::open(path)
}

/// The last line that is whole: another process may be in the middle of the next.
fn last_line(file: &mut File) -> io::Result<Option<String>> {
    let mut from = file.seek(SeekFrom::End(0))?;
    let mut tail: Vec<u8> = vec![];
    loop {
        let start = from.saturating_sub(PIECE);
        let mut piece = vec![0; usize::try_from(from - start).unwrap_or_default()];
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(&mut piece)?;
        piece.append(&mut tail);
        (tail, from) = (piece, start);
        let mut ends = tail.iter().enumerate().rev().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at);
        let (end, before) = (ends.next(), ends.next());
        match (end, before) {
            (Some(end), Some(before)) => return Ok(String::from_utf8(tail[before + 1..end].to_vec()).ok()),
            (Some(end), None) if from == 0 => return Ok(String::from_utf8(tail[..end].to_vec()).ok()),
            (None, _) if from == 0 => return Ok(None),
            _ => {}
        }
    }
}
