//! The plan as machines read it, and as a saved plan keeps it. These types are the form; they change only with
//! [`FORMAT_VERSION`].

mod build;

use std::collections::BTreeMap;

use gcnet_core::{self as core, Address};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::deferred;
use crate::{blueprint::deferred::Deferred as Choice, config::schema::Municipality, handshake::Handshake};

/// Of plans, listings and events: readers refuse what they do not know.
pub const FORMAT_VERSION: u32 = 1;

/// Whose network in which account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The municipality's key.
    pub municipality: String,
    /// Its name in Japanese.
    pub name_ja: String,
    /// Its name in English.
    pub name_en: String,
    /// `prod`, `stg` or `test`.
    pub environment: String,
    /// 12 digits.
    pub account: String,
    /// For example `ap-northeast-1`.
    pub region: String,
}

impl Subject {
    /// Destroying in it asks for the municipality's name.
    pub fn is_production(&self) -> bool {
        self.environment == "prod"
    }
}

/// A plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// See [`FORMAT_VERSION`].
    pub format_version: u32,
    /// Key of the municipality.
    pub municipality: String,
    /// `prod`, `stg` or `test`.
    pub environment: String,
    /// 12 digits.
    pub account: String,
    /// For example `ap-northeast-1`.
    pub region: String,
    /// How many of what.
    pub summary: Summary,
    /// In an order in which they could be done one by one.
    pub steps: Vec<Step>,
    /// What other parties owe.
    pub waiting: Vec<Waiting>,
    /// What other parties made and the file does not name: left alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<Stranger>,
    /// Choices of the file that this version does not build.
    pub deferred: Vec<Deferred>,
    /// What it cost to find out; not in saved plans.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api: Option<Api>,
}

/// Counts of resources. A replacement counts once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Summary {
    pub create: usize,
    pub update: usize,
    pub replace: usize,
    pub delete: usize,
    pub waiting: usize,
    pub unchanged: usize,
}

/// One change to one resource. A replacement is one step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Of what.
    pub address: Address,
    /// The first part of the address.
    pub kind: String,
    /// Of the live object; absent for a creation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What is done.
    pub action: Action,
    /// Why.
    pub why: Why,
    /// Fields that differ; all fields of what is created or deleted.
    pub changes: Vec<Change>,
    /// What must be done before: for a replacement, before the new object is made. Never the step itself.
    pub after: Vec<Address>,
}

impl Step {
    /// What another party refused is asked of it again: another object has to be made, but nothing that works goes.
    pub fn asks_again(&self) -> bool {
        self.action == Action::Replace && matches!(&self.why, Why::Broken { state } if state == REFUSED)
    }
}

/// The engine's word for what another party said no to.
const REFUSED: &str = "refused";

/// What is done to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Action {
    // In the order in which a person wants to read them: the dearest first.
    Replace,
    Delete,
    Create,
    Update,
}

/// See [`core::Why`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs, reason = "those of the engine")]
pub enum Why {
    Missing {},
    Differs {
        cause: Cause,
    },
    Replaced {
        cause: Cause,
        fields: Vec<String>,
        follows: Vec<Address>,
    },
    Broken {
        state: String,
    },
    Unfinished {},
    Withdrawn {},
    Restored {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<String>,
        /// In which mode an authority is, on which its price hangs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mode: Option<String>,
    },
    /// Another party made or accepted it since the last run.
    Moved {},
    NotDesired {},
    Unanswered {
        on: Address,
    },
}

/// See [`core::Cause`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "those of the engine")]
pub enum Cause {
    File,
    Drift,
    Both,
    Interrupted,
    Unknown,
    Follows,
}

/// One field. References are `{"$ref": address}`, or `{"$id": id}` of what is not ours or is about to go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Of the resource; `tags.KEY` for a tag.
    pub field: String,
    /// Live; null for a creation.
    pub before: Value,
    /// Wished; null for a deletion.
    pub after: Value,
    /// What it takes.
    pub effect: Effect,
}

/// What it takes to make a field right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// It comes with its resource.
    Create,
    /// A call changes it.
    InPlace,
    /// Only another object can have it.
    Replace,
    /// It goes with its resource.
    Delete,
}

/// What another party must do before a resource is complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiting {
    /// Of what; `line/lgcs` for what has no resource yet.
    pub address: Address,
    /// Its live id, where it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Who must act: the company, or the municipality itself where its file has to change.
    pub party: String,
    /// The party's account, 12 digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// What they must do: `attach-vpc`.
    #[serde(rename = "move")]
    pub action: String,
    /// `theirs`, `refused`, or `ours` where whoever keeps the file must decide.
    pub state: Owed,
    /// Since when, as RFC 3339; absent where nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// When it is expected, where the file says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens: Option<Opening>,
    /// What it is for: `asp juki`, `line lgcs`.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// What cannot be done before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<Address>,
    /// Where one of two must be wrong: which two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub differs: Option<Differs>,
}

/// What the file says and what is there instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Differs {
    /// In the file.
    pub file: Vec<String>,
    /// In AWS.
    pub live: Vec<String>,
}

/// Something of another party that no wish names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stranger {
    /// Under what of ours it is, and which.
    pub address: Address,
    /// Its live id.
    pub id: String,
    /// It waits for our acceptance.
    pub pending: bool,
}

impl Stranger {
    /// Of what was observed.
    pub(super) fn of(owned: &core::Owned) -> Self {
        let pending = owned.object.raw.get("accepted") == Some(&Value::Bool(false));
        Stranger { address: owned.address.clone(), id: owned.object.id.clone(), pending }
    }
}

/// Where what is owed stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owed {
    /// The other party has to move.
    Theirs,
    /// It said no.
    Refused,
    /// Whoever keeps the file has to decide.
    Ours,
}

/// A choice of the file that this version does not build.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deferred {
    /// Path of keys in the file.
    pub at: String,
    /// What is not built: `central_endpoints`.
    pub unbuilt: String,
    /// Of the ASP or site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// When a line opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// `2025-04`
    pub month: String,
    /// In that month or later.
    pub or_later: bool,
}

/// Requests that were sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Api {
    /// In all.
    pub calls: usize,
    /// By `Service:Operation`.
    pub by_operation: BTreeMap<String, usize>,
}

/// What other parties owe, and what whoever keeps the file has to decide.
pub fn waiting(municipality: &Municipality, handshakes: &[Handshake]) -> Vec<Waiting> {
    build::waiting(municipality, handshakes)
}

pub(super) use build::purpose;

impl Document {
    /// A plan in this form. Without `calls`, it can be compared with another run's.
    pub fn new(
        subject: &Subject,
        plan: &core::Plan,
        waiting: &[Waiting],
        deferred: &[Choice],
        calls: Option<&BTreeMap<String, usize>>,
    ) -> Self {
        let core::Summary { create, update, replace, delete, unchanged, waiting: _ } = plan.summary();
        Document {
            format_version: FORMAT_VERSION,
            municipality: subject.municipality.clone(),
            environment: subject.environment.clone(),
            account: subject.account.clone(),
            region: subject.region.clone(),
            summary: Summary {
                create,
                update,
                replace,
                delete,
                waiting: waiting.iter().filter(|waiting| waiting.state != Owed::Ours).count(),
                unchanged,
            },
            steps: build::steps(plan),
            waiting: waiting.to_vec(),
            unknown: plan.unknown.iter().map(Stranger::of).collect(),
            deferred: deferred.iter().map(deferred::document).collect(),
            api: calls.map(|calls| Api { calls: calls.values().sum(), by_operation: calls.clone() }),
        }
    }

    /// There is something to do.
    pub fn has_steps(&self) -> bool {
        !self.steps.is_empty()
    }

    /// Whoever keeps the file has to decide something.
    pub fn has_decisions(&self) -> bool {
        self.waiting.iter().any(|waiting| waiting.state == Owed::Ours)
    }

    /// There is nothing to do and nothing to wait for.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.waiting.is_empty()
    }

    /// Something live is deleted, for good or for a replacement. What was refused is of no use to anybody.
    pub fn is_destructive(&self) -> bool {
        let destroys = |step: &&Step| matches!(step.action, Action::Delete | Action::Replace);
        self.steps.iter().filter(destroys).any(|step| !step.asks_again())
    }
}
