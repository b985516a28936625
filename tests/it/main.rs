//! All integration tests in one binary: linking the SDK once is enough.

mod calls;
mod cli;
mod contract;
mod crash;
mod drift;
mod faults;
mod roles;
mod support;
