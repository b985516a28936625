//! The JSON Schema of the file, for editors and other tools.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::schema::Municipality;

/// JSON Schema (draft 2020-12) of a municipality's file. Descriptions are the schema types' doc comments.
pub fn json_schema() -> Value {
    let schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Municipality>();
    schema.to_value()
}
