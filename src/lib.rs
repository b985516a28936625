//! gcnet

pub mod blueprint;
pub mod config;
pub mod report;
