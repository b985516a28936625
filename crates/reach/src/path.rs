//! One pair, with every way that its packets take.

use serde::Serialize;

use crate::{error::ModelError, flow::Flow, network::Network, pair::Solver, verdict::Verdict};

/// What becomes of all packets from one place to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Paths {
    /// Who asks.
    pub from: String,
    /// Who answers.
    pub to: String,
    /// In sum.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// In full: the flows share no packet, and together they are all packets of the pair.
    pub flows: Vec<Flow>,
}

/// Decides about one ordered pair, hop by hop. Between a place and itself only its own VPC decides.
///
/// # Errors
/// [`ModelError`] when the description does not hold together, or has no place of these names.
pub fn path(network: &Network, from: &str, to: &str) -> Result<Paths, ModelError> {
    let mut solver = Solver::new(network)?;
    let pair = (solver.place(from, "the question")?, solver.place(to, "the question")?);
    let flows = solver.flows(pair.0, pair.1);
    Ok(Paths { from: from.into(), to: to.into(), verdict: Verdict::of(&flows), flows })
}
