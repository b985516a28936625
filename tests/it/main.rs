//! All integration tests in one binary: linking the SDK once is enough.
#![expect(clippy::disallowed_types, reason = "tests run the binary")]
#![expect(clippy::unwrap_used, reason = "helpers of tests are tests; clippy excuses only functions marked #[test]")]

mod ca;
mod calls;
mod cli;
mod contract;
mod dig_check;
mod drift;
mod faults;
mod house;
mod lease;
mod parties;
mod preflight;
mod reach;
mod resolve;
mod rivals;
mod roles;
mod support;
mod writes;
