//! `MaxResults` and `NextToken`, which all lists here have.

use serde_json::{Value, json};

use super::errors::validation;
use crate::error::{AwsError, Result};
use crate::token;

/// DOC (every List): the most there can be, and what is taken where nothing is said.
const LARGEST: i64 = 100;

/// Which rows a request asks for.
pub(super) struct Page {
    pub size: usize,
    after: Option<String>,
}

impl Page {
    pub fn read(max_results: Option<i64>, next_token: Option<&str>) -> Result<Self> {
        let size = max_results.unwrap_or(LARGEST);
        if !(1..=LARGEST).contains(&size) {
            return Err(validation("maxResults", size, "have value between 1 and 100"));
        }
        let bad_token = || AwsError::new("InvalidNextTokenException", "The NextToken is not valid.");
        let after = next_token.map(|token| token::decode(token).ok_or_else(bad_token)).transpose()?;
        Ok(Self { size: usize::try_from(size).unwrap_or(1), after })
    }

    /// An answer with its list `name`. `rows` are sorted by their id.
    pub fn answer(&self, name: &str, rows: Vec<(String, Value)>) -> Value {
        let (rows, next) = token::cut(rows, self.after.as_deref(), self.size, |(id, _)| id);
        let rows: Vec<Value> = rows.into_iter().map(|(_, row)| row).collect();
        let mut answer = json!({ name: rows });
        if let Some(next) = next {
            answer["NextToken"] = json!(next);
        }
        answer
    }
}
