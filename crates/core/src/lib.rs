//! The engine of gcnet: wishes and a live world in, a plan out, then the plan carried out.
//!
//! It knows no cloud: a [`World`] is whatever the kinds of resources read and change. It does no I/O of its own and
//! keeps nothing between two runs; what it must remember (who owns a thing, what was last asked of it) is written into
//! tags of the things themselves ([`identity`]).
//!
//! ```text
//! Desired ┐
//!         ├─> plan() ─> Plan ─> apply() ─> Events, Report
//! Live    ┘
//! ```
//!
//! Each stage refuses something: [`plan()`] does no I/O and reads no clock; [`apply()`] decides nothing; a [`Kind`] never
//! sleeps, never retries and never prints.

pub mod address;
pub mod apply;
pub mod ask;
mod compare;
pub mod denial;
pub mod desired;
pub mod diff;
mod draft;
pub mod event;
pub mod failure;
mod hold;
pub mod identity;
pub mod kind;
pub mod lease;
mod live;
pub mod observed;
pub mod order;
pub mod plan;
pub mod refs;
mod roots;
pub mod twins;
pub mod wait;
pub mod why;

pub use address::Address;
pub use apply::{Options, Outcome, Poll, Report, Stop, apply, current_step, withdraw};
pub use ask::{Ask, Differs, Known, Party, Request, theirs};
pub use denial::{Denial, Sealed};
pub use desired::{Desired, Want};
pub use diff::{Change, Diff, Effect};
pub use draft::takes_protected;
pub use event::Event;
pub use failure::{Class, Failure, StepError};
pub use identity::{Fingerprint, Owner, Stack, Tags};
pub use kind::{AnyKind, Calls, Context, Kind, Kinds, Live, Natural, Removal, Replace, Resource, State, World, kind};
pub use observed::{Object, Observed, Owned, observe};
pub use plan::{Action, Goal, Plan, PlanError, Step, Summary, Waiting, plan};
pub use refs::{Is, Ref, Target};
pub use twins::{ChoiceError, Twin, Twins, twins};
pub use why::{Cause, Why};

#[cfg(test)]
mod tests;
