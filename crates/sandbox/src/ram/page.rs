//! Pages of lists.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::errors::invalid;
use crate::error::{AwsError, Result};
use crate::token;

/// The page that a request asks for: 1 to 500 rows, after a key.
pub(super) struct Page {
    size: usize,
    after: Option<String>,
}

impl Page {
    pub fn read(size: Option<i64>, token: Option<&str>) -> Result<Self> {
        let size = size.unwrap_or(500);
        let in_bounds = usize::try_from(size).ok().filter(|size| (1..=500).contains(size));
        let size = in_bounds.ok_or_else(|| invalid(format!("maxResults {size} is not between 1 and 500.")))?;
        let bad = || AwsError::new("InvalidNextTokenException", "The specified value for NextToken isn't valid.");
        let after = token.map(|token| token::decode(token).ok_or_else(bad)).transpose()?;
        Ok(Self { size, after })
    }

    /// The rows of this page, by key, as `{ SET: rows, nextToken }`.
    pub fn answer(self, set: &str, rows: BTreeMap<String, Value>) -> Value {
        let rows: Vec<_> = rows.into_iter().collect();
        let (rows, next) = token::cut(rows, self.after.as_deref(), self.size, |(key, _)| key);
        let rows: Vec<_> = rows.into_iter().map(|(_, row)| row).collect();
        let mut answer = json!({ set: rows });
        if let Some(next) = next {
            answer["nextToken"] = next.into();
        }
        answer
    }
}
