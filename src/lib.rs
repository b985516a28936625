//! gcnet

pub mod config;
