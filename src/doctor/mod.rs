//! Whether everything is there that a run needs: one file a check, facts in, a verdict out. Nothing here asks AWS.

pub mod account;
pub mod clock;
pub mod credentials;
pub mod endpoints;
pub mod organization;
pub mod permissions;
pub mod quotas;
pub mod roles;

use gcnet_core::Failure;

pub use credentials::Kind;
pub use endpoints::Trouble;
pub use organization::Sharing;
pub use permissions::Missing;
pub use quotas::{Limit, Quota};

/// What a finding is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// As it should be.
    Green,
    /// A run may stumble over it, or nobody can tell.
    Yellow,
    /// A run cannot succeed.
    Red,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// What it is worth.
    pub level: Level,
    /// What was found.
    pub finding: Finding,
}

/// What was found, whether good or bad.
#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    /// Whose credentials these are, and of which sort.
    Credentials {
        /// Of the user or session.
        arn: String,
        /// Their sort.
        kind: Kind,
        /// In how many seconds they end, where they say so.
        left: Option<i64>,
        /// A device was held for this run.
        mfa: bool,
    },
    /// AWS does not know whose credentials these are.
    NoIdentity(Failure),
    /// The account of the credentials.
    Account {
        /// The file's.
        expected: String,
        /// The credentials'.
        actual: String,
    },
    /// The Region.
    Region {
        /// The file's, in which gcnet works.
        file: String,
        /// What the profile or the environment names instead.
        elsewhere: Option<String>,
    },
    /// A service answered, or not.
    Endpoint {
        /// As in an IAM policy.
        service: &'static str,
        /// Why it did not.
        trouble: Option<(Trouble, Failure)>,
    },
    /// This machine's clock against AWS's.
    Clock {
        /// By how many seconds AWS's is ahead; `None` when AWS has not answered, or its time is simulated.
        skew: Option<i64>,
        /// There is a simulated AWS, whose time is its own.
        simulated: bool,
    },
    /// A quota against what there is and what would come.
    Quota {
        /// Which.
        quota: Quota,
        /// How many count already; `None` when that cannot be read, or nothing shares the quota.
        used: Option<u64>,
        /// How many the plan makes.
        more: u64,
        /// What it allows.
        limit: Option<Limit>,
    },
    /// Quotas could not be held against a plan, because there is none.
    NoPlan(String),
    /// Sharing within the organisation.
    Sharing(Sharing),
    /// What simulations say of the calls that a run makes.
    Permissions {
        /// How many calls were simulated.
        of: usize,
        /// Those that are not simply allowed.
        missing: Vec<Missing>,
    },
    /// Nothing can be simulated.
    NotSimulated(Option<Failure>),
    /// A role in another company's account.
    OtherRole {
        /// 12 digits.
        account: String,
        /// Why it cannot be used.
        failure: Option<Failure>,
    },
    /// Roles in other companies' accounts could not be tried.
    RolesNotTried(Failure),
}

impl Check {
    fn new(level: Level, finding: Finding) -> Self {
        Check { level, finding }
    }
}

/// The worst of them; green when nothing was looked at.
pub fn worst(checks: &[Check]) -> Level {
    checks.iter().map(|check| check.level).max().unwrap_or(Level::Green)
}
