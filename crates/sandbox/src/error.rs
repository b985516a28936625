//! Errors: what stops the sandbox from starting, and what an operation answers.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why the sandbox did not start. Nothing was changed on disk.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Only loopback is served: signatures are not verified.
    #[error("the sandbox serves loopback addresses only, not {0}")]
    NotLoopback(SocketAddr),
    /// The address cannot be bound.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// Another process has the file open.
    #[error("{} is in use by another sandbox", path.display())]
    Locked {
        /// The store's file.
        path: PathBuf,
    },
    /// The file was written by a version with another format.
    #[error("{} has format_version {found}, this version reads {known}", path.display())]
    FormatVersion {
        /// The store's file.
        path: PathBuf,
        /// The version in the file.
        found: u64,
        /// The version this build reads and writes.
        known: u64,
    },
    /// No store is that large.
    #[error("{} has more than {limit} bytes", path.display())]
    TooLarge {
        /// The store's file.
        path: PathBuf,
        /// In bytes.
        limit: u64,
    },
    /// The file or its folder cannot be read or written.
    #[error("cannot use {}", path.display())]
    File {
        /// The store's file or its lock.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Why a Direct Connect gateway's routers cannot announce what they should.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AnnounceError {
    /// In no account.
    #[error("there is no Direct Connect gateway {0}")]
    NoGateway(String),
    /// AWS takes a line down that announces more.
    #[error("{given} prefixes are more than the {most} that AWS takes from a line")]
    TooMany {
        /// How many they are.
        given: usize,
        /// How many there may be.
        most: usize,
    },
    /// Not the first address of its block.
    #[error("{0} has bits set after its prefix")]
    HostBits(ipnet::Ipv4Net),
    /// The sandbox's file cannot be written; nothing has changed.
    #[error("the sandbox cannot write its file")]
    NotSaved,
}

/// An error as AWS answers it; the protocol decides how it looks on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AwsError {
    pub status: u16,
    pub code: Cow<'static, str>,
    pub message: String,
    /// What S3 says besides: `BucketName`, `Region`.
    pub details: Vec<(&'static str, String)>,
}

impl AwsError {
    /// An error of the caller (HTTP 400).
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { status: 400, code: code.into(), message: message.into(), details: Vec::new() }
    }

    /// The same error with another HTTP status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The same error with an element of its own.
    #[must_use]
    pub fn with_detail(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.details.push((name, value.into()));
        self
    }
}

pub(crate) type Result<T, E = AwsError> = std::result::Result<T, E>;
