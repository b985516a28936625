//! Where a lease is written: a cell that numbers its versions. Nothing more is asked of it, no condition and no transaction.

use std::future::Future;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Holder, LeaseError};
use crate::{Class, Failure};

/// A cell that many can write and that numbers what is written: 1, 2, 3 and so on, no number twice. Reads may lag.
pub trait Register: Clone + Send + Sync + 'static {
    /// The newest version and its text; `None` where there is nothing.
    fn read(&self) -> impl Future<Output = Result<Option<(u64, String)>, Failure>> + Send;
    /// The text of a version; `None` where it cannot be seen.
    fn read_version(&self, version: u64) -> impl Future<Output = Result<Option<String>, Failure>> + Send;
    /// Writes into an empty cell: [`Class::Already`] where something is there. Its version.
    fn create(&self, text: &str) -> impl Future<Output = Result<u64, Failure>> + Send;
    /// Writes, whatever is there. Its version.
    fn overwrite(&self, text: &str) -> impl Future<Output = Result<u64, Failure>> + Send;
    /// Empties the cell, whatever is there; versions begin anew then.
    fn remove(&self) -> impl Future<Output = Result<(), Failure>> + Send;
    /// The time by its own clock as of its latest answer, in seconds since 1970.
    fn now(&self) -> i64;

    #[doc(hidden)]
    fn write(&self, entry: &Entry) -> impl Future<Output = Result<u64, Failure>> + Send {
        async move {
            let text = entry.text()?;
            if entry.follows == 0 { self.create(&text).await } else { self.overwrite(&text).await }
        }
    }
}

/// Bump when a member changes its meaning.
const FORMAT_VERSION: u64 = 1;

/// What is written. It counts only if its own version is the next after the one that it follows: otherwise somebody else wrote
/// first, and whoever wrote this was told by the number that the register answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// `None`: free.
    pub holder: Option<Holder>,
    /// The newest version when it was written; 0 for nothing.
    pub follows: u64,
}

/// In the order in which people read it; and so that no two braces of one kind stand together, which Parameter Store refuses.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    holder: Option<Holder>,
    follows: u64,
    format_version: u64,
}

impl Entry {
    fn text(&self) -> Result<String, Failure> {
        let Entry { holder, follows } = self.clone();
        let form = Form { holder, follows, format_version: FORMAT_VERSION };
        serde_json::to_string(&form).map_err(|error| Failure::internal("gcnet:lease", error.to_string()))
    }

    fn parse(text: &str) -> Result<Self, LeaseError> {
        let no_lease = |error: serde_json::Error| LeaseError::Unreadable(error.to_string());
        let value: Value = serde_json::from_str(text).map_err(no_lease)?;
        // Before the rest: another version may have other members.
        if let Some(version) = value.get("format_version").filter(|version| **version != FORMAT_VERSION) {
            return Err(LeaseError::Unreadable(format!("format_version {version}, not {FORMAT_VERSION}")));
        }
        let Form { holder, follows, .. } = serde_json::from_value(value).map_err(no_lease)?;
        Ok(Entry { holder, follows })
    }
}

/// What a read showed.
pub(super) struct Seen {
    /// The newest version, whether it counts or not; 0 where there is nothing.
    pub(super) top: u64,
    /// Of the newest entry that counts.
    pub(super) holder: Option<Holder>,
}

/// Reads down to the newest entry that counts. `None` where one on the way cannot be seen, for now.
pub(super) async fn look<R: Register>(register: &R) -> Result<Option<Seen>, LeaseError> {
    let Some((top, mut text)) = register.read().await? else { return Ok(Some(Seen { top: 0, holder: None })) };
    let mut version = top;
    loop {
        let Entry { holder, follows } = Entry::parse(&text)?;
        if follows.checked_add(1) == Some(version) {
            return Ok(Some(Seen { top, holder }));
        }
        version -= 1;
        if version == 0 {
            return Ok(Some(Seen { top, holder: None }));
        }
        text = match register.read_version(version).await {
            Ok(Some(text)) => text,
            Ok(None) => return Ok(None),
            Err(failure) if failure.class == Class::NotFound => return Ok(None),
            Err(failure) => return Err(failure.into()),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_everything_else_is_refused() {
        let entry = Entry { holder: Some(crate::tests::lease::me("a")), follows: 3 };
        let text = entry.text().unwrap();
        assert!(!text.contains("{{") && !text.contains("}}"), "{text}");
        assert_eq!(Entry::parse(&text).unwrap(), entry);
        for text in ["", "held", "{}", "{\"format_version\":1}", &text.replace("\"follows\"", "\"after\"")] {
            assert!(matches!(Entry::parse(text), Err(LeaseError::Unreadable(_))), "{text}");
        }
        let newer = text.replace("\"format_version\":1", "\"format_version\":2");
        assert!(matches!(Entry::parse(&newer), Err(LeaseError::Unreadable(why)) if why.contains('2')));
    }
}
