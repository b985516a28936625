//! The sandbox as its clients see it: over HTTP, rule by rule.

mod client;
mod framework;
