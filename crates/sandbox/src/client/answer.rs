//! An answer as JSON, whatever the protocol.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Map, Value};

use super::ApiError;
use crate::protocol::{Answer, Protocol};

/// The answer's content: request ids and the elements that only say that it is an answer are left out.
pub(super) fn read(protocol: Protocol, operation: &str, answer: &Answer) -> Result<Value, ApiError> {
    let body = std::str::from_utf8(&answer.body).map_err(|error| malformed(&error))?;
    let mut value = match protocol {
        Protocol::Json { .. } | Protocol::RestJson => serde_json::from_str(body).map_err(|error| malformed(&error))?,
        Protocol::Ec2 { .. } | Protocol::Query { .. } => {
            from_xml(body, Lists::OfItems).map_err(|error| malformed(&error))?
        }
        Protocol::RestXml { .. } | Protocol::S3 => {
            from_xml(body, Lists::OfPlurals).map_err(|error| malformed(&error))?
        }
    };
    if !(200..300).contains(&answer.status) {
        return Err(error(protocol, answer, &value));
    }
    match protocol {
        Protocol::Ec2 { .. } => {
            if let Some(members) = value.as_object_mut() {
                members.remove("requestId");
            }
            Ok(value)
        }
        Protocol::Query { .. } => Ok(value.get_mut(format!("{operation}Result")).map_or(Value::Null, Value::take)),
        Protocol::Json { .. } | Protocol::RestJson | Protocol::RestXml { .. } | Protocol::S3 => Ok(value),
    }
}

fn error(protocol: Protocol, answer: &Answer, value: &Value) -> ApiError {
    let [code, message] = match protocol {
        Protocol::RestJson => ["", "/message"],
        Protocol::S3 => ["/Code", "/Message"],
        Protocol::Ec2 { .. } => ["/Errors/Error/Code", "/Errors/Error/Message"],
        Protocol::Query { .. } | Protocol::RestXml { .. } => ["/Error/Code", "/Error/Message"],
        Protocol::Json { .. } => ["/__type", "/message"],
    }
    .map(|path| value.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned());
    ApiError { code: answer.error_type.clone().unwrap_or(code), message }
}

fn malformed(error: &dyn std::fmt::Display) -> ApiError {
    ApiError { code: "MalformedAnswer".to_owned(), message: error.to_string() }
}

/// How lists are told from structures.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lists {
    /// Their elements are called `item` or `member`.
    OfItems,
    /// They are called after their elements: `VPCs` of `VPC`, `HostedZoneSummaries` of `HostedZoneSummary`.
    OfPlurals,
}

impl Lists {
    fn has(self, list: &str, element: &str) -> bool {
        match self {
            Self::OfItems => matches!(element, "item" | "member"),
            Self::OfPlurals => {
                list.strip_suffix('s') == Some(element)
                    || list.strip_suffix("ies").is_some_and(|stem| element.strip_suffix('y') == Some(stem))
            }
        }
    }
}

/// An element that is being read.
#[derive(Default)]
struct Element {
    members: Map<String, Value>,
    items: Vec<Value>,
    text: String,
}

impl Element {
    fn take(&mut self, name: String, value: Value, is_item: bool) {
        if is_item {
            self.items.push(value);
        } else {
            self.members.insert(name, value);
        }
    }

    fn value(self) -> Value {
        match self {
            Self { items, .. } if !items.is_empty() => Value::Array(items),
            Self { members, .. } if !members.is_empty() => Value::Object(members),
            Self { text, .. } if !text.is_empty() => Value::String(text),
            _ => Value::Null,
        }
    }
}

/// The content of the document's root.
fn from_xml(document: &str, lists: Lists) -> Result<Value, quick_xml::Error> {
    let mut reader = Reader::from_str(document);
    // The first is the document itself.
    let mut open = vec![(String::new(), Element::default())];
    loop {
        match reader.read_event()? {
            Event::Start(start) => open.push((start.name().as_ref().to_owned(), Element::default())),
            Event::Empty(empty) => {
                if let Some((list, within)) = open.last_mut() {
                    let name = empty.name().as_ref().to_owned();
                    let is_item = lists.has(list, &name);
                    within.take(name, Value::Null, is_item);
                }
            }
            Event::Text(part) => {
                if let Some((_, within)) = open.last_mut() {
                    within.text.push_str(&part);
                }
            }
            Event::GeneralRef(entity) => {
                let escaped = format!("&{};", &*entity);
                if let Some((_, within)) = open.last_mut() {
                    within.text.push_str(&quick_xml::escape::unescape(&escaped)?);
                }
            }
            Event::End(_) => {
                if let Some((name, element)) = open.pop()
                    && let Some((list, within)) = open.last_mut()
                {
                    let is_item = lists.has(list, &name);
                    within.take(name, element.value(), is_item);
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let document = open.swap_remove(0).1.members;
    Ok(document.into_iter().next().map_or(Value::Null, |(_, root)| root))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn elements_become_objects_and_items_arrays() {
        let document = "<?xml version=\"1.0\"?>\n<R xmlns=\"x\"><a>1 &amp; 2</a><set><item><b>c</b></item>\
                        <item><b/></item></set><none></none></R>";
        let expected = json!({ "a": "1 & 2", "set": [{ "b": "c" }, { "b": null }], "none": null });
        assert_eq!(from_xml(document, Lists::OfItems).unwrap(), expected);

        let document = "<R xmlns=\"x\"><VPCs><VPC><VPCId>a</VPCId></VPC></VPCs><Summaries><Summary>b</Summary><Summary/>\
                        </Summaries><Tags/></R>";
        let expected = json!({ "VPCs": [{ "VPCId": "a" }], "Summaries": ["b", null], "Tags": null });
        assert_eq!(from_xml(document, Lists::OfPlurals).unwrap(), expected);
    }
}
