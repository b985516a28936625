//! Kinds whose deleted objects stay listed for a while, with the state `deleted`.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::store::{Keys, Table};

/// Aws-facts section 0 "Tombstones": about an hour.
const LISTED_FOR: Duration = Duration::from_secs(3600);

/// What ends some time after its deletion was asked for.
pub(crate) trait Mortal {
    /// From this moment on it is a tombstone; None while nobody has asked for its deletion.
    fn ends_at(&self) -> Option<Moment>;
}

/// A table that remembers its dead. Everything but a Describe looks at the living only.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mortals<T> {
    pub living: Table<T>,
    pub dead: Table<T>,
}

// Not derived: that would ask for T: Default.
impl<T> Default for Mortals<T> {
    fn default() -> Self {
        Self { living: Table::default(), dead: Table::default() }
    }
}

impl<T: Mortal + Clone> Mortals<T> {
    /// Buries what has ended and returns the ids of those that are no longer listed at all.
    pub fn settle(&mut self, now: Moment) -> Vec<String> {
        let ended = |object: &T| object.ends_at().is_some_and(|at| at <= now);
        let buried: Vec<(String, T)> =
            self.living.iter().filter(|(_, object)| ended(object)).map(|(id, o)| (id.clone(), o.clone())).collect();
        for (id, object) in buried {
            self.living.remove(&id);
            self.dead.insert(id, object);
        }
        self.dead.prune(|object| object.ends_at().is_none_or(|at| at.plus(LISTED_FOR) <= now))
    }

    /// The living and the dead.
    pub fn listed(&self) -> BTreeMap<String, &T> {
        self.living.iter().chain(self.dead.iter()).map(|(id, object)| (id.clone(), object)).collect()
    }
}

impl<T> Keys for Mortals<T> {
    fn has(&self, id: &str) -> bool {
        self.living.has(id)
    }

    fn ids(&self) -> Vec<&str> {
        self.living.ids()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Mortal for Option<Moment> {
        fn ends_at(&self) -> Option<Moment> {
            *self
        }
    }

    #[test]
    fn the_dead_are_listed_for_an_hour() {
        let start = Moment::from_millis(0);
        let mut table = Mortals::default();
        table.living.insert("a".to_owned(), Some(start.plus(Duration::from_secs(60))));
        table.living.insert("b".to_owned(), None);
        for (seconds, living, listed) in [(59, 2, 2), (60, 1, 2), (3659, 1, 2), (3660, 1, 1)] {
            let forgotten = table.settle(start.plus(Duration::from_secs(seconds)));
            assert_eq!((table.ids().len(), table.listed().len()), (living, listed), "after {seconds} s");
            assert_eq!(forgotten.is_empty(), seconds < 3660);
        }
        assert!(table.has("b") && !table.has("a"));
    }
}
