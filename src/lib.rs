//! gcnet provisions, per municipality, the AWS network of Japan's Government Cloud from one YAML file, straight through
//! the AWS SDK and without a state file. See docs/architecture.md.

pub mod blueprint;
pub mod cli;
pub mod config;
pub mod counterpart;
pub mod digcheck;
pub mod doctor;
pub mod expiry;
pub mod files;
#[doc(hidden)]
pub mod fuzz;
pub mod handshake;
pub mod leftovers;
pub mod pki;
pub mod plan_file;
pub mod reach;
pub mod record;
pub mod report;
pub mod resolve;
