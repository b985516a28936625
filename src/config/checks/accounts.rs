//! V01: an account stands for one company.

use std::collections::HashMap;

use super::{Purpose, Reporter};
use crate::config::fleet::City;
use crate::config::problem::{Problem, Role};

/// Every account id appears once: an ASP whose account is the network account would be granted our own resources.
pub(super) fn distinct(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    let accounts = &city.config.accounts;
    let mut seen = HashMap::from([(accounts.network.id.as_str(), accounts.network.id.span)]);
    // In the file's order, not the map's.
    let mut others: Vec<_> = accounts.others.values().map(|account| &account.id).collect();
    others.sort_by_key(|id| id.span);
    for id in others {
        match seen.get(id.as_str()) {
            Some(&first) => {
                report
                    .error(city.at(id.span), Problem::SameAccount { id: id.to_string() })
                    .with(Role::First, city.at(first));
            }
            None => {
                seen.insert(id.as_str(), id.span);
            }
        }
    }
}
