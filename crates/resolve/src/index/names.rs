//! Names of one sort of part.

use std::collections::HashMap;

use crate::error::{ModelError, Part};

pub(crate) struct Names<'a> {
    part: Part,
    numbers: HashMap<&'a str, usize>,
}

impl<'a> Names<'a> {
    pub(super) fn new(part: Part, names: impl IntoIterator<Item = &'a String>) -> Result<Names<'a>, ModelError> {
        let mut numbers = HashMap::new();
        for (number, name) in names.into_iter().enumerate() {
            if numbers.insert(name.as_str(), number).is_some() {
                return Err(ModelError::Twice { part, name: name.clone() });
            }
        }
        Ok(Names { part, numbers })
    }

    pub(crate) fn find(&self, name: &str, by: &str) -> Result<usize, ModelError> {
        let unknown = || ModelError::Unknown { part: self.part, name: name.into(), by: by.into() };
        self.numbers.get(name).copied().ok_or_else(unknown)
    }

    /// Each once, in the order of the description.
    pub(super) fn all(&self, names: &[String], by: &str) -> Result<Vec<usize>, ModelError> {
        let mut found = names.iter().map(|name| self.find(name, by)).collect::<Result<Vec<_>, _>>()?;
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }
}
