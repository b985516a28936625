//! `MaxItems` and `Marker`.

use crate::error::{AwsError, Result};
use crate::iam::params;
use crate::protocol::{Params, Xml};
use crate::token;

/// DOC (every list of the IAM API): "If you do not include this parameter, the number of items defaults to 100."
const USUAL: i64 = 100;

pub(super) struct Page {
    size: usize,
    after: Option<String>,
}

impl Page {
    pub fn read(p: &Params) -> Result<Self> {
        let size = params::number(p, "MaxItems", 1..=1000)?.unwrap_or(USUAL);
        let after = match p.optional("Marker") {
            Some(marker) => Some(token::decode(&marker).ok_or_else(|| bad_marker(&marker))?),
            None => None,
        };
        Ok(Self { size: usize::try_from(size).unwrap_or(usize::MAX), after })
    }

    /// The rows of this page, sorted by `key`, and the elements that say whether there are more.
    pub fn cut<R>(self, rows: Vec<R>, key: impl Fn(&R) -> &str) -> (Vec<R>, Xml) {
        let (rows, next) = token::cut(rows, self.after.as_deref(), self.size, key);
        (rows, Xml::new().value("IsTruncated", next.is_some()).maybe("Marker", next))
    }
}

fn bad_marker(marker: &str) -> AwsError {
    params::broken("Marker", marker, "Member is not a marker that a list has returned")
}
