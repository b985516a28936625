//! What every Describe has in common: ids, filters, pages.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use crate::ec2::filters::Filters;
use crate::ec2::{Ec2, Kind, errors};
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::token;

/// What a Describe takes.
pub(crate) struct Describe {
    pub kind: &'static Kind,
    /// The list of ids: `VpcId`.
    pub ids: &'static str,
    /// The list of filters: `Filter`.
    pub filters: &'static str,
    /// Filters that are simulated; `tag` stands for `tag:KEY`.
    pub known: &'static [&'static str],
    /// The bounds of MaxResults. The upper bound is the page's size when it is not given.
    pub page: RangeInclusive<i64>,
}

/// One page of what was found, by id.
pub(crate) struct Found<'a, T> {
    rows: Vec<(&'a str, &'a T)>,
    next: Option<String>,
}

impl Describe {
    /// Selects from a table; `values_of` gives an object's values for a filter's name.
    pub fn select<'a, T>(
        &self,
        p: &Params,
        ec2: &'a Ec2,
        table: &'a BTreeMap<String, T>,
        values_of: impl Fn(&str, &T, &str) -> Vec<String>,
    ) -> Result<Found<'a, T>> {
        let ids = p.list(self.ids);
        let filters = Filters::read(p, self.filters, self.known)?;
        let page = Page::read(p, &self.page)?;
        if !ids.is_empty() && page.asked {
            // DOC: "You cannot specify this parameter and the list of IDs in the same request."
            return Err(errors::combination(format!(
                "The parameter {} cannot be used with the parameter MaxResults",
                self.ids
            )));
        }
        if let Some(missing) = ids.iter().find(|id| !table.contains_key(*id)) {
            return Err(self.kind.missing(missing));
        }
        let rows = table
            .iter()
            .filter(|(id, _)| ids.is_empty() || ids.contains(id))
            .filter(|(id, object)| filters.accept(ec2.tags_of(id), |name| values_of(id, object, name)))
            .map(|(id, object)| (id.as_str(), object));
        let (rows, next) = page.cut(rows.collect(), |(id, _)| id);
        Ok(Found { rows, next })
    }
}

impl<T> Found<'_, T> {
    /// The answer: the set, and the token if there is more.
    pub fn render(self, set: &str, xml: impl Fn(&str, &T) -> Xml) -> Xml {
        Xml::new().list(set, self.rows.iter().map(|(id, object)| xml(id, object))).maybe("nextToken", self.next)
    }
}

/// `MaxResults` and `NextToken`. The token names the last row of the page before, so rows that come and go between two
/// pages disturb nothing.
pub(crate) struct Page {
    /// Whether MaxResults was given.
    asked: bool,
    size: usize,
    after: Option<String>,
}

impl Page {
    pub fn read(p: &Params, bounds: &RangeInclusive<i64>) -> Result<Self> {
        let asked = p.integer("MaxResults")?;
        if let Some(size) = asked.filter(|size| !bounds.contains(size)) {
            let why = format!("Expecting a value between {} and {}.", bounds.start(), bounds.end());
            return Err(p.invalid("MaxResults", &size.to_string(), &why));
        }
        let after = match p.optional("NextToken") {
            Some(token) => Some(token::decode(&token).ok_or_else(bad_token)?),
            None => None,
        };
        Ok(Self {
            asked: asked.is_some(),
            size: usize::try_from(asked.unwrap_or(*bounds.end())).unwrap_or(usize::MAX),
            after,
        })
    }

    /// The rows of this page, and the next token. `rows` are sorted by their key.
    pub fn cut<R>(self, rows: Vec<R>, key: impl Fn(&R) -> &str) -> (Vec<R>, Option<String>) {
        token::cut(rows, self.after.as_deref(), self.size, key)
    }
}

fn bad_token() -> AwsError {
    AwsError::new("InvalidPaginationToken", "The specified pagination token is not valid or is expired.")
}
