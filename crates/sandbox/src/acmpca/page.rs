//! `MaxResults` and `NextToken`, which all lists here have.

use serde_json::{Value, json};

use super::errors::validation;
use crate::error::{AwsError, Result};
use crate::token;

/// DOC (every List): 1 to 1000; "although the maximum value is 1000, the action only returns a maximum of 100 items" of
/// certificate authorities.
const LARGEST: i64 = 1000;

/// Which rows a request asks for.
pub(super) struct Page {
    size: usize,
    after: Option<String>,
}

impl Page {
    /// `most` is what AWS puts into one page, however many are asked for.
    pub fn read(max_results: Option<i64>, next_token: Option<&str>, most: usize) -> Result<Self> {
        let size = max_results.unwrap_or(LARGEST);
        if !(1..=LARGEST).contains(&size) {
            return Err(validation("maxResults", size, "have value between 1 and 1000"));
        }
        let bad_token = || AwsError::new("InvalidNextTokenException", "The NextToken is not valid.");
        let after = next_token.map(|token| token::decode(token).ok_or_else(bad_token)).transpose()?;
        Ok(Self { size: usize::try_from(size).unwrap_or(1).min(most), after })
    }

    /// An answer with its list `name`. `rows` are sorted by their key.
    pub fn answer(&self, name: &str, rows: Vec<(String, Value)>) -> Value {
        let (rows, next) = token::cut(rows, self.after.as_deref(), self.size, |(key, _)| key);
        let rows: Vec<Value> = rows.into_iter().map(|(_, row)| row).collect();
        let mut answer = json!({ name: rows });
        if let Some(next) = next {
            answer["NextToken"] = json!(next);
        }
        answer
    }
}
