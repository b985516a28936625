//! Client tokens of what PrivateLink creates. Clients make them by hand (aws-facts section 0.1).

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::error::{AwsError, Result};

/// EC2 user guide, "Ensuring idempotency": a token is good for at least a day.
const MEMORY: Duration = Duration::from_secs(24 * 3600);

/// What a request with a token asked for, and the id of what it made: a repeat answers with that, even if it is deleted.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenUse<W> {
    pub wanted: W,
    pub made: String,
    pub at: Moment,
}

/// What was made with this token before.
///
/// # Errors
///
/// `IdempotentParameterMismatch` if something else was wanted then.
pub(super) fn made<W: PartialEq>(
    uses: &BTreeMap<String, TokenUse<W>>,
    token: Option<&String>,
    wanted: &W,
    now: Moment,
) -> Result<Option<String>> {
    let known = token.and_then(|token| uses.get(token)).filter(|known| now < known.at.plus(MEMORY));
    match known {
        Some(known) if known.wanted != *wanted => {
            Err(AwsError::new("IdempotentParameterMismatch", "The client token was used before with other parameters."))
        }
        known => Ok(known.map(|known| known.made.clone())),
    }
}
