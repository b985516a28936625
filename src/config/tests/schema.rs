//! The committed JSON Schema is the one that the types have.

use std::path::Path;

use crate::config::json_schema;

/// `GCNET_BLESS=1 cargo test schema` writes it anew.
#[test]
fn committed_schema_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema/gcnet-v1.json");
    let current = serde_json::to_string_pretty(&json_schema()).unwrap() + "\n";
    if std::env::var_os("GCNET_BLESS").is_some() {
        std::fs::write(&path, &current).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap();
    assert!(committed == current, "{} is out of date: GCNET_BLESS=1 cargo test schema", path.display());
}

/// An editor must refuse what the loader refuses: an unknown key, anywhere.
#[test]
fn no_block_takes_unknown_keys() {
    fn walk(value: &serde_json::Value, path: &str) {
        match value {
            serde_json::Value::Object(object) => {
                if object.contains_key("properties") {
                    assert!(object.contains_key("additionalProperties"), "{path} takes unknown keys");
                }
                object.iter().for_each(|(key, value)| walk(value, &format!("{path}/{key}")));
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| walk(item, path)),
            _ => {}
        }
    }
    walk(&json_schema(), "");
}
