//! Handshakes with other parties, from the first apply to the last destroy: one idea a file.

mod attachments;
pub mod ca;
mod ca_bucket;
mod ca_once;
mod endpoints;
mod interleaved;
mod invitations;
mod lines;
mod names;
mod nine;
mod peerings;
mod permissions;
mod roles;
mod rules;
pub mod services;
pub mod story;
