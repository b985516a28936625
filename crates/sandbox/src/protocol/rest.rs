//! REST-JSON: method and path name the operation; the input is the JSON body, or the query string where the method takes
//! no body.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::json::serialization;
use crate::error::Result;
use crate::world::Incoming;

/// The input of a request as one object. The values of a query string are texts.
pub(super) fn read(incoming: &Incoming) -> Result<Value> {
    let query = incoming.query.as_deref().unwrap_or_default();
    let in_query = matches!(incoming.method.as_str(), "GET" | "DELETE");
    if in_query {
        if !incoming.body.is_empty() {
            return Err(serialization("This operation takes no body."));
        }
        let given = pairs(query).map_err(|why| serialization(&why))?;
        return Ok(given.into_iter().map(|(name, value)| (name, Value::String(value))).collect());
    }
    if !query.is_empty() {
        return Err(serialization("This operation takes no query string."));
    }
    if incoming.body.is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    let kind = incoming.content_type.as_deref().unwrap_or_default();
    if kind.split(';').next() != Some("application/json") {
        return Err(serialization("The body is not application/json."));
    }
    let value: Value = serde_json::from_slice(&incoming.body).map_err(|error| serialization(&error.to_string()))?;
    if !value.is_object() {
        return Err(serialization("The body is not a JSON object."));
    }
    Ok(value)
}

/// The parameters of a query string by name; else what is wrong with it.
pub(super) fn pairs(query: &str) -> Result<BTreeMap<String, String>, String> {
    let mut members = BTreeMap::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = decode(value)?;
        if members.insert(decode(name)?, value).is_some() {
            return Err(format!("The parameter {name} is given twice."));
        }
    }
    Ok(members)
}

fn decode(text: &str) -> Result<String, String> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().map_err(|_| "The query string is not UTF-8.".to_owned())?;
    let printable = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    if !decoded.chars().all(printable) {
        return Err("The query string holds a control character.".to_owned());
    }
    Ok(decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn incoming(method: &str, query: &str, body: &str) -> Incoming {
        Incoming {
            method: method.to_owned(),
            query: (!query.is_empty()).then(|| query.to_owned()),
            content_type: Some("application/json".to_owned()),
            body: body.as_bytes().to_vec(),
            ..Incoming::default()
        }
    }

    #[test]
    fn the_input_is_the_query_string_or_the_body_and_never_both() {
        let arn = read(&incoming("DELETE", "resourceShareArn=arn%3Aaws%3Aram&clientToken=a+b", "")).unwrap();
        assert_eq!(arn, serde_json::json!({ "resourceShareArn": "arn:aws:ram", "clientToken": "a b" }));
        assert_eq!(read(&incoming("POST", "", "")).unwrap(), serde_json::json!({}));
        for (method, query, body) in [
            ("DELETE", "a=1", "{}"),
            ("DELETE", "a=1&a=2", ""),
            ("DELETE", "a=%ff", ""),
            ("POST", "a=1", "{}"),
            ("POST", "", "[]"),
            ("POST", "", "{"),
        ] {
            assert!(read(&incoming(method, query, body)).is_err(), "{method} {query} {body}");
        }
    }
}
