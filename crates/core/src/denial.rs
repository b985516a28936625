//! What is known of a refusal for lack of permission: on what, by which policy, and how to lift it.

use std::fmt;

use serde::Serialize;

/// Why a call was denied, as far as the provider says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Denial {
    /// What the action was meant for, as the provider names it; `*` may stand in it.
    pub resource: Option<String>,
    /// The sort of policy that decided, in the provider's words: `service control policy`.
    pub policy: Option<String>,
    /// A statement denies it, so that no permission elsewhere helps; otherwise no statement allows it.
    pub explicit: bool,
    /// What the statement that denies asks about: `aws:RequestedRegion`. Sorted.
    pub conditions: Vec<String>,
    /// What the provider tells only to those who may ask.
    #[serde(skip)]
    pub sealed: Option<Sealed>,
}

/// A text that only the provider can read. It is never shown: it is long, and what is in it tells about policies.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(String);

impl Sealed {
    /// Keeps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Sealed(text.into())
    }

    /// The text, for the provider.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({} bytes)", self.0.len())
    }
}
