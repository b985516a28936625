//! What the file asks of the network, pair by pair, and whether it is so.

use std::collections::BTreeSet;

use gcnet_reach::{Matrix, ModelError, Moment, Network, Stopped, Verdict, Why, matrix};

use super::names;
use crate::config::{
    derive::{Must, ReachRule},
    schema::Municipality,
};

/// A wish of the file and the places that it speaks of.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The wish.
    pub wish: ReachRule,
    /// From where to where: an ASP may have several VPCs. Empty where the network has no such place: a shared VPC without
    /// hosts, a site that this version does not wire.
    pub pairs: Vec<(String, String)>,
}

/// Whether a wish is fulfilled.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It is.
    Holds,
    /// It will be once others have moved.
    Opens,
    /// It is not.
    Broken {
        /// The first pair that contradicts it.
        pair: (String, String),
        /// When.
        moment: Moment,
    },
    /// Nothing to judge.
    NoPlace,
}

/// All wishes of a file about the places of its network.
pub fn rules(municipality: &Municipality, network: &Network) -> Vec<Rule> {
    let rule = |wish: ReachRule| {
        let places = |of| network.places.iter().map(|place| &place.name).filter(move |name| names::belongs(name, of));
        let pairs = places(&wish.from).flat_map(|from| places(&wish.to).map(move |to| (from.clone(), to.clone())));
        let pairs = pairs.collect();
        Rule { wish, pairs }
    };
    municipality.reach_rules().into_iter().map(rule).collect()
}

/// Everything about a network that can be asked.
#[derive(Clone, Debug)]
pub struct Survey {
    /// With what is open now.
    pub now: Matrix,
    /// Once nothing waits any more.
    pub later: Matrix,
    /// From where to where packets get once everything is as the file says, and do not now although nothing that is waited
    /// for stops them.
    pub lasting: BTreeSet<(String, String)>,
    /// Every wish and whether it is fulfilled, in the order of the file.
    pub rules: Vec<(Rule, Outcome)>,
}

/// What may be missing now without a wish being broken.
#[derive(Clone, Copy, Debug)]
pub enum Patience<'a> {
    /// Whatever is there later.
    Planned,
    /// What waits: attachments, endpoints, and prefixes on these lines, which somebody has still to grant.
    Live(&'a BTreeSet<String>),
}

/// Decides about every pair and every wish. `now` and `later` describe the same places.
///
/// # Errors
/// A description that does not hold together, which comes of a file with other mistakes.
pub fn survey(
    municipality: &Municipality,
    now: &Network,
    later: &Network,
    patience: Patience<'_>,
) -> Result<Survey, ModelError> {
    let rules = rules(municipality, now);
    let (now, later) = (matrix(now)?, matrix(later)?);
    let judge = |rule: Rule| {
        let outcome = outcome(&rule, &now, &later, patience);
        (rule, outcome)
    };
    let rules = rules.into_iter().map(judge).collect();
    let lasting = lasting(&now, &later, patience);
    Ok(Survey { now, later, lasting, rules })
}

fn outcome(rule: &Rule, now: &Matrix, later: &Matrix, patience: Patience<'_>) -> Outcome {
    let mut outcome = Outcome::NoPlace;
    for pair in &rule.pairs {
        let verdict = |matrix: &Matrix| matrix.verdict(&pair.0, &pair.1).cloned();
        let (Some(now), Some(later)) = (verdict(now), verdict(later)) else { continue };
        let broken = |moment| Outcome::Broken { pair: pair.clone(), moment };
        match rule.wish.must {
            Must::NotReach if !now.is_blocked() => return broken(Moment::Now),
            Must::NotReach if !later.is_blocked() => return broken(Moment::WhenOpen),
            Must::Reach if !later.reaches() => return broken(Moment::WhenOpen),
            Must::Reach if !now.reaches() && !is_excused(&now, patience) => return broken(Moment::Now),
            Must::Reach if !now.reaches() => outcome = Outcome::Opens,
            Must::Reach | Must::NotReach if outcome == Outcome::NoPlace => outcome = Outcome::Holds,
            Must::Reach | Must::NotReach => {}
        }
    }
    outcome
}

fn lasting(now: &Matrix, later: &Matrix, patience: Patience<'_>) -> BTreeSet<(String, String)> {
    let is_lasting = |(from, to): &(&String, &String)| {
        let Some((now, later)) = now.verdict(from, to).zip(later.verdict(from, to)) else { return false };
        later.reaches() && !now.reaches() && !is_excused(now, patience)
    };
    let pairs = now.places.iter().flat_map(|from| now.places.iter().map(move |to| (from, to)));
    pairs.filter(is_lasting).map(|(from, to)| (from.clone(), to.clone())).collect()
}

/// Whether nothing but waiting stops it.
fn is_excused(verdict: &Verdict, patience: Patience<'_>) -> bool {
    let Patience::Live(granting) = patience else { return true };
    let waits = |stopped: &Stopped| match &stopped.stop.why {
        Why::Waits { .. } | Why::NotOpen { .. } | Why::NoLine { .. } => true,
        Why::NotAdvertised { lines } => lines.iter().any(|line| granting.contains(line)),
        _ => false,
    };
    match verdict {
        Verdict::Partly { stops, .. } | Verdict::Blocked { stops } => stops.iter().all(waits),
        Verdict::Reaches { .. } => true,
        Verdict::Outside => false,
    }
}
