//! The sandbox as its clients see it: over HTTP, rule by rule.

#![expect(clippy::unwrap_used, reason = "clippy knows tests but not their helpers")]

mod acmpca;
mod client;
mod consistency;
mod control;
mod direct_connect;
mod faults;
mod file;
mod flow_log;
mod in_process;
mod log_groups;
mod parameters;
mod private_link;
mod protocols;
mod ram;
mod resolver;
mod roles;
mod route53;
mod route_tables;
mod s3;
mod security_groups;
mod sessions;
mod tags;
mod transit_gateway;
mod trust;
mod vpcs;
mod wish;
