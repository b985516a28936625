//! Flows of a pair summed up.

use std::net::Ipv4Addr;

use serde::Serialize;

use crate::{
    flow::{Assumption, Flow},
    network::Service,
    stop::{Stop, Why},
};

/// Whether packets get from one place to another and their answers back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// All do.
    Reaches {
        /// Provided that these are as assumed.
        assumes: Vec<Assumption>,
    },
    /// Some do.
    Partly {
        /// One that does.
        passes: Passage,
        /// One that does not, for each place and reason.
        stops: Vec<Stopped>,
        /// What those that do rest on.
        assumes: Vec<Assumption>,
    },
    /// None does. This never rests on an assumption.
    Blocked {
        /// One for each place and reason.
        stops: Vec<Stopped>,
    },
    /// Both places lie outside AWS: their packets do not come through here, and nothing here decides about them.
    Outside,
}

/// A packet that arrives and is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// From.
    pub source: Ipv4Addr,
    /// To.
    pub destination: Ipv4Addr,
    /// `None`: any packet.
    pub service: Option<Service>,
}

/// A packet that does not arrive, or is not answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stopped {
    /// The packet.
    #[serde(flatten)]
    pub packet: Passage,
    /// Where and why.
    pub stop: Stop,
}

impl Verdict {
    pub(crate) fn of(flows: &[Flow]) -> Verdict {
        let (mut passes, mut stops, mut assumes): (_, Vec<Stopped>, Vec<_>) = (None, vec![], vec![]);
        for flow in flows {
            let Some((source, destination)) = flow.witness() else { continue };
            let packet = Passage { source, destination, service: flow.service };
            match flow.stop() {
                None => {
                    assumes.extend(flow.assumes());
                    passes.get_or_insert(packet);
                }
                Some(Stop { why: Why::Outside, .. }) => return Verdict::Outside,
                Some(stop) if stops.iter().all(|known| known.stop != *stop) => {
                    stops.push(Stopped { packet, stop: stop.clone() });
                }
                Some(_) => {}
            }
        }
        assumes.sort_unstable();
        assumes.dedup();
        match passes {
            None => Verdict::Blocked { stops },
            Some(_) if stops.is_empty() => Verdict::Reaches { assumes },
            Some(passes) => Verdict::Partly { passes, stops, assumes },
        }
    }

    /// Whether every packet gets there and is answered.
    #[must_use]
    pub fn reaches(&self) -> bool {
        matches!(self, Verdict::Reaches { .. })
    }

    /// Whether no packet gets there and is answered.
    #[must_use]
    pub fn is_blocked(&self) -> bool {
        matches!(self, Verdict::Blocked { .. })
    }

    /// What it rests on that nobody on our side can see.
    #[must_use]
    pub fn assumes(&self) -> &[Assumption] {
        match self {
            Verdict::Reaches { assumes } | Verdict::Partly { assumes, .. } => assumes,
            Verdict::Blocked { .. } | Verdict::Outside => &[],
        }
    }
}
