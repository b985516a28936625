//! Every place against every other.

use serde::Serialize;

use crate::{error::ModelError, network::Network, pair::Solver, verdict::Verdict};

/// The verdicts of all ordered pairs of different places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Matrix {
    /// The places, in the order of the description.
    pub places: Vec<String>,
    /// By sender, then by receiver, in the same order.
    pub cells: Vec<Cell>,
}

/// One ordered pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// Who asks.
    pub from: String,
    /// Who answers.
    pub to: String,
    /// Whether that works.
    #[serde(flatten)]
    pub verdict: Verdict,
}

impl Matrix {
    /// The verdict of a pair; `None` for a name that is no place, and for a place and itself.
    #[must_use]
    pub fn verdict(&self, from: &str, to: &str) -> Option<&Verdict> {
        self.cells.iter().find(|cell| cell.from == from && cell.to == to).map(|cell| &cell.verdict)
    }
}

/// Decides about every ordered pair of places.
///
/// # Errors
/// [`ModelError`] when the description does not hold together.
pub fn matrix(network: &Network) -> Result<Matrix, ModelError> {
    let mut solver = Solver::new(network)?;
    let places = 0..network.places.len();
    let pairs =
        places.clone().flat_map(|from| places.clone().map(move |to| (from, to))).filter(|(from, to)| from != to);
    let name = |place: usize| network.places[place].name.clone();
    let cells = pairs
        .map(|(from, to)| Cell { from: name(from), to: name(to), verdict: Verdict::of(&solver.flows(from, to)) })
        .collect();
    Ok(Matrix { places: places.map(name).collect(), cells })
}
