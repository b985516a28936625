//! The sandbox as its clients see it: over HTTP, rule by rule.

mod client;
mod consistency;
mod control;
mod faults;
mod file;
mod protocols;
mod route_tables;
mod security_groups;
mod sessions;
mod tags;
mod vpcs;
