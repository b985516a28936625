//! JSON 1.1: the operation is in a header, input and output are one object.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{AwsError, Result};
use crate::world::Incoming;

/// The operation and the input of a request.
pub(super) fn read(incoming: &Incoming, target: &str) -> Result<(String, Value)> {
    let given = incoming.target.as_deref().unwrap_or_default();
    let operation =
        given.strip_prefix(target).and_then(|rest| rest.strip_prefix('.')).filter(|name| !name.is_empty()).ok_or_else(
            || AwsError::new("UnknownOperationException", format!("X-Amz-Target is not {target}.Operation.")),
        )?;
    if incoming.content_type.as_deref() != Some("application/x-amz-json-1.1") {
        return Err(serialization("The body is not application/x-amz-json-1.1."));
    }
    let value: Value = serde_json::from_slice(&incoming.body).map_err(|error| serialization(&error.to_string()))?;
    if !value.is_object() {
        return Err(serialization("The body is not a JSON object."));
    }
    Ok((operation.to_owned(), value))
}

/// The input as a type. Give the type `#[serde(deny_unknown_fields)]`, so that what is not simulated is refused by name.
pub(crate) fn input<T: DeserializeOwned>(value: Value) -> Result<T> {
    serde_json::from_value(value).map_err(|error| serialization(&error.to_string()))
}

pub(super) fn serialization(message: &str) -> AwsError {
    AwsError::new("SerializationException", message)
}
