//! Copy on write: copies share what they do not change.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value that is cloned by reference and copied when it is first changed.
///
/// Reading goes through `Deref` and costs nothing; a method that takes `&mut self` copies the value if another copy of
/// the store still holds it. So look before you change.
#[derive(Debug, Default)]
pub(crate) struct Shared<T>(Arc<T>);

/// Objects of one kind by id.
pub(crate) type Table<T> = Shared<BTreeMap<String, T>>;

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut T {
        Arc::make_mut(&mut self.0)
    }
}

// Not serde's `rc` feature: it is shared with the whole dependency tree.
impl<T: Serialize> Serialize for Shared<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Shared<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(|value| Self(Arc::new(value)))
    }
}

impl<T: Clone> Table<T> {
    /// Removes the objects for which `gone` holds; copies nothing when there are none.
    pub fn prune(&mut self, gone: impl Fn(&T) -> bool) -> Vec<String> {
        let ids: Vec<String> = self.iter().filter(|(_, object)| gone(object)).map(|(id, _)| id.clone()).collect();
        for id in &ids {
            self.remove(id);
        }
        ids
    }
}

/// The ids of a table, whatever it holds.
pub(crate) trait Keys {
    fn has(&self, id: &str) -> bool;
    fn ids(&self) -> Vec<&str>;
}

impl<T> Keys for Table<T> {
    fn has(&self, id: &str) -> bool {
        self.contains_key(id)
    }

    fn ids(&self) -> Vec<&str> {
        self.keys().map(String::as_str).collect()
    }
}
