//! What an authority can promise: usage and validity, checked before AWS is asked. Rules: aws-facts 2.3.

use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};

/// What a certificate is for: which template issues it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Usage {
    /// A server shows it.
    Server,
    /// A client shows it.
    Client,
    /// Both: AWS's own default, and the only template that a shared authority allows.
    #[default]
    Both,
}

impl Usage {
    /// All of them.
    pub const ALL: [Usage; 3] = [Usage::Server, Usage::Client, Usage::Both];

    /// As the command line has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Usage::Server => "server",
            Usage::Client => "client",
            Usage::Both => "both",
        }
    }

    /// The template's name, with its version.
    pub fn template(self) -> &'static str {
        match self {
            Usage::Server => "EndEntityServerAuthCertificate/V1",
            Usage::Client => "EndEntityClientAuthCertificate/V1",
            Usage::Both => "EndEntityCertificate/V1",
        }
    }
}

impl FromStr for Usage {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Usage::ALL.into_iter().find(|usage| usage.as_str() == text).ok_or_else(|| text.into())
    }
}

/// The authority that is to issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// It is in short-lived mode.
    pub short_lived: bool,
    /// AWS's word: `ACTIVE`.
    pub status: String,
    /// When its own certificate ends.
    pub not_after: Option<Timestamp>,
}

/// Why AWS would refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TermsFault {
    /// Only an active authority issues.
    NotActive {
        /// AWS's word.
        status: String,
    },
    /// A short-lived authority issues for seven days at most.
    TooLong {
        /// Asked for.
        days: u32,
        /// At most.
        limit: u32,
    },
    /// The certificate would outlive its issuer.
    Outlives {
        /// When it would end.
        ends: Timestamp,
        /// When its issuer does.
        issuer_ends: Timestamp,
        /// What could be asked for.
        days: u32,
    },
}

/// Days that a short-lived authority issues for.
pub const SHORT_LIVED_DAYS: u32 = 7;
/// Days when nobody says how many.
pub const DAYS: u32 = 365;

const DAY: i64 = 86_400;

/// Days of the certificate: those asked for, or as many as are usual and the authority has left.
///
/// # Errors
/// What AWS would refuse: see [`TermsFault`].
pub fn check(issuer: &Issuer, asked: Option<u32>, now: Timestamp) -> Result<u32, TermsFault> {
    if issuer.status != "ACTIVE" {
        return Err(TermsFault::NotActive { status: issuer.status.clone() });
    }
    let limit = if issuer.short_lived { SHORT_LIVED_DAYS } else { u32::MAX };
    let usual = DAYS.min(limit);
    let days = asked.unwrap_or(usual);
    if days > limit {
        return Err(TermsFault::TooLong { days, limit });
    }
    let Some(issuer_ends) = issuer.not_after else { return Ok(days) };
    let left = u32::try_from((issuer_ends.as_second() - now.as_second()) / DAY).unwrap_or(0);
    match asked {
        _ if days <= left => Ok(days),
        None if left > 0 => Ok(left),
        _ => {
            let ends = now.checked_add(SignedDuration::from_secs(i64::from(days) * DAY)).unwrap_or(Timestamp::MAX);
            Err(TermsFault::Outlives { ends, issuer_ends, days: left.min(limit) })
        }
    }
}
