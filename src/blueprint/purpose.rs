//! What a handshake with another party is for, and what waits on somebody without any resource of ours.

use gcnet_core::{Address, Ask};

use super::Opening;

/// The part of the file that needs a handshake.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// An account of `accounts.others`, for all that it receives.
    Account(String),
    /// An ASP.
    Asp(String),
    /// A line.
    Line(String),
    /// A site with a peering of its own; several may share one.
    Sites(Vec<String>),
}

/// Something that others have to do before anything can be wished: a line that is not open yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Stands for it in lists: `line/lgcs`.
    pub address: Address,
    /// What for.
    pub purpose: Purpose,
    /// What is asked.
    pub ask: Ask,
    /// When it is expected, where the file says.
    pub opens: Option<Opening>,
}
