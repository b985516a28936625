//! What somebody else has to do before we can go on. Waiting for another party is a state, never an error.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Ref, Target};

/// Who has to move.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// Whoever holds this account.
    Account(String),
    /// Somebody of whom no account is known: a carrier.
    Outsider,
    /// Whoever keeps the file: only they can decide.
    Operator,
}

/// One request to another party, as data. The sentences are the report's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    /// Of whom.
    pub party: Party,
    /// What, as a code in kebab-case: `attach-vpc`.
    pub action: String,
    /// They said no. They can still change their minds; [`crate::Desired::ask_again`] asks anew.
    pub refused: bool,
    /// Since when it has been their move, as RFC 3339, where the provider tells.
    pub since: Option<String>,
    /// The calls that do it, in order, with the party's own credentials; empty while their arguments are not known yet.
    pub calls: Vec<Request>,
    /// What is in question, where one of two values must be wrong.
    pub differs: Option<Differs>,
}

/// What is wished and what is there instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Differs {
    /// As the file says.
    pub wish: Value,
    /// As another party made it.
    pub live: Value,
}

impl Ask {
    /// Asks an account for `action`.
    pub fn account(account: impl Into<String>, action: &str) -> Self {
        Self::of(Party::Account(account.into()), action)
    }

    /// Asks `party` for `action`.
    pub fn of(party: Party, action: &str) -> Self {
        Ask { party, action: action.into(), refused: false, since: None, calls: vec![], differs: None }
    }

    /// Asks whoever keeps the file. Nothing new is made that refers to what they have to decide about.
    pub fn operator(action: &str) -> Self {
        Self::of(Party::Operator, action)
    }

    /// By this call, and those added before.
    #[must_use]
    pub fn by(mut self, call: Request) -> Self {
        self.calls.push(call);
        self
    }

    /// Which of two values is right.
    #[must_use]
    pub fn between(mut self, wish: impl Into<Value>, live: impl Into<Value>) -> Self {
        self.differs = Some(Differs { wish: wish.into(), live: live.into() });
        self
    }

    /// Where a live object stands.
    #[must_use]
    pub fn standing(mut self, state: &crate::State) -> Self {
        if let crate::State::Theirs { refused, since } = state {
            (self.refused, self.since) = (*refused, since.clone());
        }
        self
    }
}

/// One call of the provider's API, in the API's own words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// `ec2`
    pub service: String,
    /// Where; `None` for the Region of the stack.
    pub region: Option<String>,
    /// `CreateTransitGatewayVpcAttachment`
    pub operation: String,
    /// Its members as the API's model names them. What only the other party knows is [`theirs`].
    pub input: Value,
}

impl Request {
    /// `Request::new("ec2", "CreateTags", json!({…}))`, in the Region of the stack.
    pub fn new(service: &str, operation: &str, input: Value) -> Self {
        Request { service: service.into(), region: None, operation: operation.into(), input }
    }
}

/// Marks a value that only the other party knows.
pub const THEIRS: &str = "$theirs";

/// A value that only the other party can fill in: `theirs("subnets-of", "vpc-1")`.
pub fn theirs(what: &str, of: &str) -> Value {
    serde_json::json!({ THEIRS: { what: of } })
}

/// The ids that are known while asks are written.
pub struct Known<'a>(pub(crate) &'a dyn Fn(&Target) -> Option<String>);

impl Known<'static> {
    /// While nothing is there.
    pub fn nothing() -> Self {
        Known(&|_| None)
    }
}

impl Known<'_> {
    /// The live id behind a reference; `None` while it has none.
    pub fn id<K>(&self, reference: &Ref<K>) -> Option<String> {
        (self.0)(reference.target())
    }
}
