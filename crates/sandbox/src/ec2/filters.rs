//! `Filter.n.Name` and `Filter.n.Value.m`.
//!
//! Values of one filter are alternatives, filters add up, `*` and `?` are wildcards that `\` escapes, names and values
//! are case-sensitive. Source: EC2 user guide, "List and filter your resources"; aws-facts section 0.

use std::collections::BTreeSet;

use crate::ec2::{Tags, errors};
use crate::error::{AwsError, Result};
use crate::protocol::Params;

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
        let value: Vec<char> = value.chars().collect();
        self.values.iter().any(|pattern| matches(&Pattern::parse(pattern), &value))
    }
}

fn too_many(what: &str) -> AwsError {
    AwsError::new("FilterLimitExceeded", format!("The request has too many filter {what}"))
}

enum Pattern {
    One(char),
    Any,
    Many,
}

impl Pattern {
    fn parse(text: &str) -> Vec<Self> {
        let mut chars = text.chars();
        let mut pattern = Vec::new();
        while let Some(c) = chars.next() {
            pattern.push(match c {
                '*' => Self::Many,
                '?' => Self::Any,
                '\\' => Self::One(chars.next().unwrap_or('\\')),
                c => Self::One(c),
            });
        }
        pattern
    }
}

/// Linear in value times pattern: on a mismatch only the last `*` is widened.
fn matches(pattern: &[Pattern], value: &[char]) -> bool {
    let (mut p, mut v) = (0, 0);
    let mut widen = None;
    while v < value.len() {
        match pattern.get(p) {
            Some(Pattern::Many) => {
                widen = Some((p, v));
                p += 1;
            }
            Some(Pattern::Any) => (p, v) = (p + 1, v + 1),
            Some(Pattern::One(c)) if *c == value[v] => (p, v) = (p + 1, v + 1),
            _ => match widen {
                Some((star, at)) => {
                    widen = Some((star, at + 1));
                    (p, v) = (star + 1, at + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|rest| matches!(rest, Pattern::Many))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards() {
        for (pattern, value, expected) in [
            ("abc", "abc", true),
            ("abc", "Abc", false),
            ("a*", "a", true),
            ("a*c", "abbc", true),
            ("a*c", "abcd", false),
            ("*b*", "abc", true),
            ("?", "", false),
            ("a?c", "abc", true),
            (r"a\*", "a*", true),
            (r"a\*", "ab", false),
            ("", "", true),
            ("*", "鳴門", true),
            ("a*a*a*a*b", &"a".repeat(2000), false),
        ] {
            let value: Vec<char> = value.chars().collect();
            assert_eq!(matches(&Pattern::parse(pattern), &value), expected, "{pattern}");
        }
    }
}
