//! REST-JSON: method and path name the operation; the input is the JSON body, or the query string where the method takes
//! no body.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::json::serialization;
use crate::error::{AwsError, Result};
use crate::world::Incoming;

/// The input of a request as one object. The values of a query string are texts.
pub(super) fn read(incoming: &Incoming) -> Result<Value> {
    let query = incoming.query.as_deref().unwrap_or_default();
    let in_query = matches!(incoming.method.as_str(), "GET" | "DELETE");
    if in_query {
        if !incoming.body.is_empty() {
            return Err(serialization("This operation takes no body."));
        }
        return read_query(query);
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

fn read_query(query: &str) -> Result<Value> {
    let mut members = Map::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = decode(value)?;
        if members.insert(decode(name)?, Value::String(value)).is_some() {
            return Err(serialization(&format!("The parameter {name} is given twice.")));
        }
    }
    Ok(Value::Object(members))
}

fn decode(text: &str) -> Result<String> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8();
    let decoded = decoded.map_err(|_| AwsError::new("SerializationException", "The query string is not UTF-8."))?;
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
