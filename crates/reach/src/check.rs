//! What must and must not be, against what is.

use serde::{Deserialize, Serialize};

use crate::{error::ModelError, flow::Flow, network::Network, pair::Solver, verdict::Verdict};

/// What a pair of places must be like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// Who asks.
    pub from: String,
    /// Who answers.
    pub to: String,
    /// What must hold.
    pub must: Must,
    /// Who says so, in the caller's words; handed through.
    pub why: String,
}

/// What must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Must {
    /// Every packet gets there and is answered, now.
    Reach,
    /// Every packet gets there and is answered, once nothing waits any more ([`Network::when_open`]).
    ReachWhenOpen,
    /// No packet gets there and is answered, neither now nor once nothing waits any more. Some may still get there: a
    /// transit gateway drops by destination only, so that what shares a line can be cut off on the way back alone.
    NotReach,
    /// No packet gets there, answered or not, neither now nor once nothing waits any more.
    NotArrive,
}

impl Must {
    fn moments(self) -> &'static [Moment] {
        match self {
            Must::Reach => &[Moment::Now],
            Must::ReachWhenOpen => &[Moment::WhenOpen],
            Must::NotReach | Must::NotArrive => &[Moment::Now, Moment::WhenOpen],
        }
    }
}

/// When something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// With what is open now.
    Now,
    /// Once nothing waits any more.
    WhenOpen,
}

/// A requirement that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// The requirement.
    pub requirement: Requirement,
    /// When it does not hold.
    pub moment: Moment,
    /// What holds instead.
    pub verdict: Verdict,
    /// One flow that contradicts it, hop by hop.
    pub flow: Flow,
}

/// The requirements that do not hold, in their order; each once, now before later.
///
/// A pair of which both ends lie outside AWS ([`Verdict::Outside`]) violates every requirement: nothing here can promise
/// anything about it.
///
/// # Errors
/// [`ModelError`] when the description does not hold together, or a requirement names no place of it.
pub fn check(network: &Network, requirements: &[Requirement]) -> Result<Vec<Violation>, ModelError> {
    let mut now = Solver::new(network)?;
    let later = network.waits().then(|| network.when_open());
    let mut later = later.as_ref().map(Solver::new).transpose()?;
    let mut violations = vec![];
    for requirement in requirements {
        let pair = (now.place(&requirement.from, "a requirement")?, now.place(&requirement.to, "a requirement")?);
        let found = requirement.must.moments().iter().find_map(|moment| {
            let solver = match (moment, &mut later) {
                (Moment::WhenOpen, Some(later)) => later,
                _ => &mut now,
            };
            violation(requirement, *moment, solver.flows(pair.0, pair.1))
        });
        violations.extend(found);
    }
    Ok(violations)
}

fn violation(requirement: &Requirement, moment: Moment, flows: Vec<Flow>) -> Option<Violation> {
    let verdict = Verdict::of(&flows);
    let contradicts = |flow: &Flow| match requirement.must {
        _ if verdict == Verdict::Outside => true,
        Must::Reach | Must::ReachWhenOpen => !flow.passes(),
        Must::NotReach => flow.passes(),
        Must::NotArrive => flow.arrives(),
    };
    let flow = flows.into_iter().find(contradicts)?;
    Some(Violation { requirement: requirement.clone(), moment, verdict, flow })
}
