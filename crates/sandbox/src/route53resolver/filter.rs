//! `Filters`, which the lists have. AWS also knows the names in capitals with underscores that early versions had: these
//! are not simulated.

use serde::Deserialize;
use serde_json::Value;

use super::{errors::invalid_parameter, page::Page};
use crate::error::Result;
use crate::protocol::json_input;

/// One filter on the wire.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Filter {
    name: String,
    #[serde(default)]
    values: Vec<String>,
}

/// What all lists of objects are asked by.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct List {
    filters: Option<Vec<Filter>>,
    max_results: Option<i64>,
    next_token: Option<String>,
}

/// The filters of a list, which are called one of `known`, and its page.
pub(super) fn read_list(input: Value, known: &[&str]) -> Result<(Filters, Page)> {
    let List { filters, max_results, next_token } = json_input(input)?;
    Ok((Filters::read(filters, known)?, Page::read(max_results, next_token.as_deref())?))
}

/// All of a request's.
pub(super) struct Filters(Vec<Filter>);

impl Filters {
    /// DOC (Filter): each list has names of its own.
    fn read(given: Option<Vec<Filter>>, known: &[&str]) -> Result<Self> {
        let given = given.unwrap_or_default();
        for Filter { name, values } in &given {
            if !known.contains(&name.as_str()) {
                return Err(invalid_parameter(format!("The filter '{name}' is invalid.")));
            }
            if values.is_empty() {
                return Err(invalid_parameter(format!("No values specified for filter {name}.")));
            }
        }
        Ok(Self(given))
    }

    /// Whether an object passes all of them: its value by the filter's name, or its values, is one of those given.
    pub fn pass(&self, values_of: impl Fn(&str) -> Vec<String>) -> bool {
        self.0.iter().all(|Filter { name, values }| values_of(name).iter().any(|value| values.contains(value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(name: &str, values: &[&str]) -> Filter {
        Filter { name: name.to_owned(), values: values.iter().map(|value| (*value).to_owned()).collect() }
    }

    #[test]
    fn values_are_alternatives_and_filters_are_not() {
        let values_of = |name: &str| vec![format!("{name}1"), format!("{name}2")];
        let pass = |filters| Filters::read(Some(filters), &["A", "B"]).unwrap().pass(values_of);
        assert!(pass(vec![]));
        assert!(pass(vec![filter("A", &["x", "A2"]), filter("B", &["B1"])]));
        assert!(!pass(vec![filter("A", &["A1"]), filter("B", &["A1"])]));
        for bad in [filter("C", &["x"]), filter("A", &[])] {
            assert!(Filters::read(Some(vec![bad]), &["A", "B"]).is_err());
        }
    }
}
