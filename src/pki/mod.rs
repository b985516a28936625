//! Keys, requests and certificates: pure functions over bytes, and the files that they are kept in. No AWS, no sentences.
//!
//! What comes from outside (a request that somebody brings, an audit report) is judged before anything is sent. A private
//! key is nowhere but in [`key::Secret`] and in the file that it is written to: it has no `Debug`, no `Display` and no
//! `Serialize`, and is wiped when it is dropped.

pub mod audit;
pub mod certificate;
pub mod files;
pub mod key;
pub mod name;
pub mod pem;
pub mod request;
pub mod serial;
pub mod terms;
#[cfg(test)]
mod tests;

pub use certificate::Certificate;
pub use key::{KeyKind, Secret};
pub use name::Name;
pub use request::{Request, RequestFault};
pub use serial::Serial;
