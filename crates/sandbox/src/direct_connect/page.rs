//! `maxResults` and `nextToken`, which all lists here have.

use serde_json::{Value, json};

use super::refused;
use crate::error::{AwsError, Result};
use crate::token;

/// DOC (every Describe): "If MaxResults is given a value larger than 100, only 100 results are returned."
const LARGEST: i64 = 100;

/// The list `name` of an answer: the rows of one page, by id. `rows` are sorted.
pub(super) fn answer(
    name: &str,
    rows: impl Iterator<Item = (String, Value)>,
    max_results: Option<i64>,
    next_token: Option<&str>,
) -> Result<Value> {
    let size = match max_results.unwrap_or(LARGEST) {
        size if size < 1 => return Err(refused("MaxResults must be at least 1.")),
        size => usize::try_from(size.min(LARGEST)).unwrap_or(1),
    };
    let bad_token = || -> AwsError { refused("The nextToken is not valid.") };
    let after = next_token.map(|token| token::decode(token).ok_or_else(bad_token)).transpose()?;
    let (rows, next) = token::cut(rows.collect(), after.as_deref(), size, |(id, _): &(String, Value)| id);
    let rows: Vec<Value> = rows.into_iter().map(|(_, row)| row).collect();
    let mut answer = json!({ name: rows });
    if let Some(next) = next {
        answer["nextToken"] = json!(next);
    }
    Ok(answer)
}
