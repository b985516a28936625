//! Idempotency tokens: the same request again has the same answer and no further effect, for five minutes.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::errors::{invalid_args, validation};
use super::{pca, pca_mut, timing};
use crate::clock::Moment;
use crate::error::Result;
use crate::service::Ctx;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenUse {
    input: Value,
    answer: Value,
    at: Moment,
}

impl TokenUse {
    pub fn is_forgotten(&self, now: Moment) -> bool {
        self.at.plus(Duration::from_secs(timing::TOKEN_REMEMBERED)) <= now
    }
}

/// Runs an operation once for its `IdempotencyToken`.
///
/// Unverified: that another request with the same token is refused; the model has no error of its own for it.
pub(super) fn once(
    ctx: &mut Ctx<'_>,
    operation: &str,
    input: Value,
    run: fn(&mut Ctx<'_>, Value) -> Result<Value>,
) -> Result<Value> {
    let Some(token) = input.get("IdempotencyToken").and_then(Value::as_str).map(str::to_owned) else {
        return run(ctx, input);
    };
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{ff}');
    if !(1..=36).contains(&token.chars().count()) || !token.chars().all(allowed) {
        return Err(validation("idempotencyToken", token, "have length between 1 and 36 and characters of Latin-1"));
    }
    let key = format!("{operation} {token}");
    if let Some(used) = pca(ctx).tokens.get(&key) {
        if used.input == input {
            return Ok(used.answer.clone());
        }
        return Err(invalid_args("The idempotency token was used with other parameters."));
    }
    let answer = run(ctx, input.clone())?;
    let used = TokenUse { input, answer: answer.clone(), at: ctx.now };
    pca_mut(ctx).tokens.insert(key, used);
    Ok(answer)
}
