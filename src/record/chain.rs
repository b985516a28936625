//! A line as it stands in the file: its JSON, with its own hash as the last member. The hash is over the very bytes before it, so
//! that no byte can be changed without one that does not fit.

use super::{Line, sha256};

/// Before the hash, at the end of every line.
const MEMBER: &str = ",\"hash\":\"";
/// After it.
const END: &str = "\"}";
/// Digits of SHA-256.
const DIGITS: usize = 64;

/// Why a line is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// It has no hash where one has to be.
    NotALine,
    /// It is as it was written, and says something that this gcnet does not know.
    Form,
    /// Its hash is another's.
    Hash,
}

/// The text of a line, without its end, and its hash.
pub(super) fn seal(line: &Line) -> serde_json::Result<(String, String)> {
    let body = serde_json::to_string(line)?;
    let hash = sha256(&body);
    let open = body.strip_suffix('}').unwrap_or(&body);
    Ok((format!("{open}{MEMBER}{hash}{END}"), hash))
}

/// The hash of a text that was sealed, if it still is as it was.
pub(super) fn hash_of(text: &str) -> Result<&str, Broken> {
    let rest = text.strip_suffix(END).ok_or(Broken::NotALine)?;
    let cut = rest.len().checked_sub(DIGITS).filter(|cut| rest.is_char_boundary(*cut)).ok_or(Broken::NotALine)?;
    let (rest, hash) = rest.split_at(cut);
    let open = rest.strip_suffix(MEMBER).ok_or(Broken::NotALine)?;
    if sha256(format!("{open}}}")) == hash { Ok(hash) } else { Err(Broken::Hash) }
}

/// Reads a text that was sealed.
pub(super) fn open(text: &str) -> Result<(Line, String), Broken> {
    let hash = hash_of(text)?;
    let value: serde_json::Value = serde_json::from_str(text).map_err(|_| Broken::NotALine)?;
    let line = without_hash(value).ok_or(Broken::Form)?;
    Ok((line, hash.to_string()))
}

/// The version of the form that a first line names, also where the rest of it is not known.
pub(super) fn version_of(text: &str) -> Option<u32> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    value.get("format_version")?.as_u64()?.try_into().ok()
}

/// What a line says has no member of that name, and refuses those that it does not know.
fn without_hash(mut value: serde_json::Value) -> Option<Line> {
    value.as_object_mut()?.remove("hash")?;
    serde_json::from_value(value).ok()
}
