//! `Filter.n.Name` and `Filter.n.Value.m`.
//!
//! Values of one filter are alternatives, filters add up, `*` and `?` are wildcards that `\` escapes, names and values
//! are case-sensitive. Source: EC2 user guide, "List and filter your resources"; aws-facts section 0.

use std::collections::BTreeSet;

use crate::ec2::{Tags, errors};
use crate::error::{AwsError, Result};
use crate::protocol::Params;
use crate::wildcard;

/// DOC: "You can specify up to 50 filters and up to 200 values per filter in a single request."
const MOST_FILTERS: usize = 50;
const MOST_VALUES: usize = 200;

/// The filters of one request.
pub(crate) struct Filters(Vec<Filter>);

struct Filter {
    name: String,
    values: Vec<String>,
}

impl Filters {
    /// Reads the list `list` (mostly `Filter`). `known` has the names; `tag` among them allows `tag:KEY`.
    pub fn read(p: &Params, list: &str, known: &[&str]) -> Result<Self> {
        let mut seen = BTreeSet::new();
        let mut filters = Vec::new();
        for item in p.items(list) {
            let name = item.required("Name")?;
            let plain = if name.starts_with("tag:") { "tag" } else { &name };
            if !known.contains(&plain) || name == "tag" {
                return Err(errors::invalid_value(format!("The filter '{name}' is invalid")));
            }
            let values = item.list("Value");
            if values.is_empty() {
                return Err(errors::invalid_value(format!("The filter '{name}' must have at least one value")));
            }
            if values.len() > MOST_VALUES {
                return Err(too_many("values"));
            }
            if !seen.insert(name.clone()) {
                return Err(errors::invalid_value(format!("The filter '{name}' is given twice")));
            }
            filters.push(Filter { name, values });
        }
        if filters.len() > MOST_FILTERS {
            return Err(too_many("filters"));
        }
        Ok(Self(filters))
    }

    /// Whether something with these tags passes. `values_of` gives the values that it has for a filter's name.
    pub fn accept(&self, tags: &Tags, values_of: impl Fn(&str) -> Vec<String>) -> bool {
        self.0.iter().all(|filter| {
            let has = match filter.name.as_str() {
                "tag-key" => tags.keys().cloned().collect(),
                name => match name.strip_prefix("tag:") {
                    Some(key) => tags.get(key).cloned().into_iter().collect(),
                    None => values_of(name),
                },
            };
            has.iter().any(|value| filter.accepts(value))
        })
    }
}

impl Filter {
    fn accepts(&self, value: &str) -> bool {
        self.values.iter().any(|pattern| wildcard::matches(pattern, value, Some('\\')))
    }
}

fn too_many(what: &str) -> AwsError {
    AwsError::new("FilterLimitExceeded", format!("The request has too many filter {what}"))
}
