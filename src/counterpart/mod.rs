//! The other parties of the sandbox: what they have had all along, and the moves that they are asked to make.
//!
//! They act with their own accounts and through the same APIs as everybody, and do just what a request sheet asks: its
//! calls, with what only they know filled in.

mod borrowed;
mod call;
mod estate;
mod moves;
mod private_link;
mod zones;

use gcnet_core::Ask;
use gcnet_sandbox::Sandbox;

use crate::{blueprint::Purpose, config::schema::Municipality, handshake::Handshake};

pub use call::Failed;

/// What a party did.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    /// The ask that it answers.
    pub ask: Ask,
    /// What it is about.
    pub address: gcnet_core::Address,
    /// What for.
    pub purpose: Option<Purpose>,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// They did as asked.
    Done,
    /// They said no.
    Refused,
    /// Something else has to be done first.
    NotItsTurn,
    /// It is not done by a call: a line is dug, a company decides.
    NotByCall,
    /// They would have said no, and AWS has no way to say it.
    Irrefusable(Irrefusable),
    /// They tried, and AWS refused.
    Failed(String),
}

/// Why AWS has no way to say no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Irrefusable {
    /// They have said it already.
    Already,
    /// Nothing was sent that could be sent back: they leave undone what they are asked to do.
    TheirCall,
    /// No call does what is asked.
    NoCall,
}

/// How they answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// They do what is asked.
    Comply,
    /// They say no, where AWS has a way to say it.
    Refuse,
}

/// Lets every party have what the file says that it has: VPCs, transit gateways, services, Direct Connect gateways, roles.
/// What is there already is left alone.
///
/// # Errors
/// The first call that AWS refuses.
pub fn furnish(sandbox: &Sandbox, municipality: &Municipality) -> Result<(), Failed> {
    estate::furnish(sandbox, municipality)
}

/// Plays the next moves of all parties, or of the account `only` (12 digits). A move that AWS refuses is in the answer.
///
/// # Errors
/// A company cannot add its own routes, or associate what is shared with it.
pub fn play(
    sandbox: &Sandbox,
    municipality: &Municipality,
    handshakes: &[Handshake],
    only: Option<&str>,
    answer: Answer,
) -> Result<Vec<Move>, Failed> {
    let moves = moves::play(sandbox, municipality, handshakes, only, answer);
    // What nobody sees, and is asked for once: routes when an attachment is accepted, rules when they are shared.
    estate::add_routes(sandbox, municipality)?;
    borrowed::associate(sandbox, municipality)?;
    Ok(moves)
}
