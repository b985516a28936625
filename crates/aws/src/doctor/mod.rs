//! What `gcnet doctor` asks AWS: each question by itself, so that one that fails keeps nobody from the others. What an answer is
//! worth is decided elsewhere.

mod limits;
mod organization;
mod reach;
mod simulate;
mod usage;

pub use limits::Limits;
pub use organization::Organization;
pub use simulate::{Decision, Simulated};
pub use usage::Counted;
