//! What all kinds with an id have in common.

use crate::ec2::{Ec2, KINDS, errors};
use crate::error::{AwsError, Result};
use crate::store::{Keys, Table};

/// A kind of EC2 resource.
pub(crate) struct Kind {
    /// As in tag specifications and ARNs: `route-table`.
    pub resource_type: &'static str,
    /// Of its ids: `rtb`.
    pub prefix: &'static str,
    /// The code for an id that is not there: `InvalidRouteTableID.NotFound`.
    pub not_found: &'static str,
    /// Its objects, tombstones excluded.
    pub rows: fn(&Ec2) -> &dyn Keys,
}

impl Kind {
    /// The kind of an id by its prefix.
    pub fn of(id: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.has_form(id)).copied()
    }

    fn has_form(&self, id: &str) -> bool {
        id.strip_prefix(self.prefix)
            .and_then(|rest| rest.strip_prefix('-'))
            .is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_alphanumeric()))
    }

    /// The object with this id.
    pub fn get<'a, T>(&self, table: &'a Table<T>, id: &str) -> Result<&'a T> {
        table.get(id).ok_or_else(|| self.missing(id))
    }

    /// The object with this id, to change it.
    pub fn get_mut<'a, T: Clone>(&self, table: &'a mut Table<T>, id: &str) -> Result<&'a mut T> {
        table.get_mut(id).ok_or_else(|| self.missing(id))
    }

    /// Not found, or not an id of this kind at all.
    pub fn missing(&self, id: &str) -> AwsError {
        if self.has_form(id) {
            return errors::not_found(self.not_found, self.resource_type, id);
        }
        // DOC (EC2 "Error codes"): Invalid…ID.Malformed.
        let code = self.not_found.replace(".NotFound", ".Malformed");
        let prefix = self.prefix;
        AwsError::new(code, format!("Invalid id: \"{id}\" (expecting \"{prefix}-...\")"))
    }
}
