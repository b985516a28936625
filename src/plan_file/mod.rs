//! Saved plans: what an operator has seen and signed, and whether it still holds.
//!
//! A saved plan is never carried out as it stands; `apply --plan` plans anew and compares. So nothing in the file is
//! trusted, and nothing in it is secret.

mod difference;
#[cfg(test)]
mod tests;

use std::{
    io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

pub use difference::{Difference, difference};

use crate::{
    files::{self, Readers, Unread},
    report::document::{Document, FORMAT_VERSION, Subject},
};

/// Largest saved plan that is read, in bytes. That of a whole new network has 200 kB.
pub const MAX_BYTES: u64 = 16 << 20;

/// What a saved plan says.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanFile {
    /// Version of the gcnet that made it.
    pub gcnet: String,
    /// SHA-256 of the municipality's file that was planned, in hexadecimal digits.
    pub file_sha256: String,
    /// The plan.
    pub plan: Document,
    path: PathBuf,
}

/// The form on the disk.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    format_version: u32,
    gcnet: String,
    file_sha256: String,
    /// Over all other members, see [`digest`]. It finds accidents and edits; it is no signature.
    digest: String,
    plan: Document,
}

/// Why a saved plan cannot be written or used.
#[derive(Debug, thiserror::Error)]
pub enum PlanFileError {
    /// The system refuses to read it.
    #[error("cannot read {}: {error}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        error: io::Error,
    },
    /// The system refuses to write it.
    #[error("cannot write {}: {error}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        error: io::Error,
    },
    /// No plan is that large.
    #[error("{} has more than {limit} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// In bytes.
        limit: u64,
    },
    /// It is no JSON, or not a plan's.
    #[error("{} is no plan: {detail}", path.display())]
    NotAPlan {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// Another version of the form.
    #[error("{} has format {found}, not {known}", path.display())]
    OtherVersion {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: String,
        /// The one that this build reads.
        known: u32,
    },
    /// Its digest is not that of its content.
    #[error("{} was changed after it was saved", path.display())]
    Tampered {
        /// The file.
        path: PathBuf,
    },
    /// It is somebody else's plan.
    #[error("{} is for {saved}, not for {asked}", path.display())]
    OtherSubject {
        /// The file.
        path: PathBuf,
        /// Municipality, environment, account and Region of the plan.
        saved: String,
        /// Those that were asked for.
        asked: String,
    },
}

/// Saves a plan, readable by its owner only, and whole or not at all. What it cost to make is left out.
///
/// # Errors
/// [`PlanFileError::Write`]; the old file, if there was one, is then as it was.
pub fn write(path: &Path, document: &Document, source_sha256: &str) -> Result<(), PlanFileError> {
    let plan = Document { api: None, ..document.clone() };
    let gcnet = env!("CARGO_PKG_VERSION").to_string();
    let form = Form {
        format_version: FORMAT_VERSION,
        gcnet,
        file_sha256: source_sha256.to_string(),
        digest: String::new(),
        plan,
    };
    let fail = |error: io::Error| PlanFileError::Write { path: path.to_owned(), error };
    let digest = digest(&form).map_err(|error| fail(error.into()))?;
    let mut text = serde_json::to_string_pretty(&Form { digest, ..form }).map_err(|error| fail(error.into()))?;
    text.push('\n');
    files::replace(path, text.as_bytes(), Readers::Owner).map_err(fail)
}

/// Reads a saved plan.
///
/// # Errors
/// All of [`PlanFileError`] but `Write` and `OtherSubject`.
pub fn read(path: &Path) -> Result<PlanFile, PlanFileError> {
    let bytes = files::read(path, MAX_BYTES).map_err(|unread| match unread {
        Unread::System(error) => PlanFileError::Read { path: path.to_owned(), error },
        Unread::TooLarge { limit } => PlanFileError::TooLarge { path: path.to_owned(), limit },
    })?;
    let form = form(path, &bytes)?;
    let not_a_plan =
        |error: serde_json::Error| PlanFileError::NotAPlan { path: path.to_owned(), detail: error.to_string() };
    if digest(&form).map_err(not_a_plan)? != form.digest {
        return Err(PlanFileError::Tampered { path: path.to_owned() });
    }
    let Form { gcnet, file_sha256, plan, .. } = form;
    Ok(PlanFile { gcnet, file_sha256, plan, path: path.to_owned() })
}

/// The plan in a file, whatever its digest: for a fuzzer, which would never find one that fits.
pub(crate) fn document(path: &Path, bytes: &[u8]) -> Result<Document, PlanFileError> {
    let form = form(path, bytes)?;
    digest(&form).map_err(|error| PlanFileError::NotAPlan { path: path.to_owned(), detail: error.to_string() })?;
    Ok(form.plan)
}

fn form(path: &Path, bytes: &[u8]) -> Result<Form, PlanFileError> {
    let not_a_plan = |detail: String| PlanFileError::NotAPlan { path: path.to_owned(), detail };
    let value: Value = serde_json::from_slice(bytes).map_err(|error| not_a_plan(error.to_string()))?;
    // Before the rest: another version may have other members.
    match value.get("format_version") {
        Some(version) if *version == FORMAT_VERSION => {}
        Some(version) => {
            let found = version.to_string();
            return Err(PlanFileError::OtherVersion { path: path.to_owned(), found, known: FORMAT_VERSION });
        }
        None => return Err(not_a_plan("it has no format_version".into())),
    }
    serde_json::from_value(value).map_err(|error| not_a_plan(error.to_string()))
}

impl PlanFile {
    /// Refuses the plan of another municipality, environment, account or Region.
    ///
    /// # Errors
    /// [`PlanFileError::OtherSubject`]
    pub fn check_subject(&self, subject: &Subject) -> Result<(), PlanFileError> {
        let named = |parts: [&str; 4]| parts.join(" ");
        let Document { municipality, environment, account, region, .. } = &self.plan;
        let saved = named([municipality, environment, account, region]);
        let asked = named([&subject.municipality, &subject.environment, &subject.account, &subject.region]);
        if saved == asked { Ok(()) } else { Err(PlanFileError::OtherSubject { path: self.path.clone(), saved, asked }) }
    }
}

/// SHA-256 over the form without its digest. `serde_json` keeps the members of a [`Value`] sorted, so the text is canonical.
fn digest(form: &Form) -> serde_json::Result<String> {
    let mut value = serde_json::to_value(form)?;
    if let Some(members) = value.as_object_mut() {
        members.remove("digest");
    }
    let hash = Sha256::digest(value.to_string());
    Ok(hash.iter().map(|byte| format!("{byte:02x}")).collect())
}
