//! Client tokens: the same request again has the same answer and no further effect.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{ram, ram_mut};
use crate::clock::Moment;
use crate::error::{AwsError, Result};
use crate::service::Ctx;

/// Unverified: how long RAM remembers is not published (aws-facts section 0, "Token memory").
const REMEMBERED_FOR: std::time::Duration = std::time::Duration::from_secs(3600);

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenUse {
    operation: String,
    input: Value,
    answer: Value,
    at: Moment,
}

impl TokenUse {
    pub fn is_forgotten(&self, now: Moment) -> bool {
        self.at.plus(REMEMBERED_FOR) <= now
    }
}

/// Runs an operation once for its `clientToken`, which the answer repeats. Without a token AWS makes one up.
pub(super) fn once(
    ctx: &mut Ctx<'_>,
    operation: &str,
    input: Value,
    run: fn(&mut Ctx<'_>, Value) -> Result<Value>,
) -> Result<Value> {
    let token = input.get("clientToken").and_then(Value::as_str).map(str::to_owned);
    let Some(token) = token else {
        return run(ctx, input);
    };
    if token.is_empty() || !token.is_ascii() {
        return Err(AwsError::new("InvalidClientTokenException", "The client token is not valid."));
    }
    if let Some(used) = ram(ctx).tokens.get(&token) {
        if used.operation == operation && used.input == input {
            return Ok(used.answer.clone());
        }
        return Err(AwsError::new(
            "IdempotentParameterMismatchException",
            "The client token was used with other parameters.",
        ));
    }
    let mut answer = run(ctx, input.clone())?;
    answer["clientToken"] = json!(token);
    let used = TokenUse { operation: operation.to_owned(), input, answer: answer.clone(), at: ctx.now };
    ram_mut(ctx).tokens.insert(token, used);
    Ok(answer)
}
