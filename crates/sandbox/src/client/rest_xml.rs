//! A call of a REST-XML service: members of its input in the path, in the query string or in a document.

use serde_json::{Map, Value};

use super::request::encode;
use crate::protocol::{Xml, template};

/// What parameters of Route 53's query strings are called that are not their member's name in lower case (M:r53).
static UNUSUAL: &[(&str, &str)] =
    &[("StartRecordIdentifier", "identifier"), ("StartRecordName", "name"), ("StartRecordType", "type")];

/// The names of lists' elements that are not the list's name without its last letter (M:r53).
static ELEMENTS: &[(&str, &str)] = &[("AddTags", "Tag"), ("RemoveTagKeys", "Key")];

/// Path, query string and body.
pub(super) fn write(
    operation: &str,
    namespace: &str,
    method: &str,
    template: &str,
    members: &Map<String, Value>,
) -> (String, Option<String>, Vec<u8>) {
    let mut left = members.clone();
    left.retain(|_, value| !value.is_null());
    let segments = template.split('/').map(|segment| match template::label(segment) {
        Some(name) => {
            let value = left.remove(name).map(|value| text(&value)).unwrap_or_default();
            // As SDKs do: an id may be given as it is answered, `/hostedzone/Z…`.
            encode(value.rsplit('/').next().unwrap_or_default())
        }
        None => segment.to_owned(),
    });
    let path = segments.collect::<Vec<_>>().join("/");
    if method != "POST" {
        let pairs = left.iter().map(|(name, value)| {
            let unusual = UNUSUAL.iter().find(|(member, _)| member == name);
            let name = unusual.map_or_else(|| name.to_ascii_lowercase(), |(_, wire)| (*wire).to_owned());
            format!("{name}={}", encode(&text(value)))
        });
        return (path, Some(pairs.collect::<Vec<_>>().join("&")), Vec::new());
    }
    let content = left.iter().fold(Xml::new(), |xml, (name, value)| xml.merge(element(name, value)));
    let body = content.document(&format!("{operation}Request"), Some(namespace));
    (path, None, body.into_bytes())
}

/// `<name>…</name>`; nothing for null.
fn element(name: &str, value: &Value) -> Xml {
    match value {
        Value::Null => Xml::new(),
        Value::Array(items) => {
            let known = ELEMENTS.iter().find(|(list, _)| *list == name);
            let item = known.map_or_else(|| name.strip_suffix('s').unwrap_or(name), |(_, item)| item);
            let items = items.iter().fold(Xml::new(), |xml, one| xml.merge(element(item, one)));
            Xml::new().nest(name, items)
        }
        Value::Object(members) => {
            let members = members.iter().fold(Xml::new(), |xml, (name, value)| xml.merge(element(name, value)));
            Xml::new().nest(name, members)
        }
        other => Xml::new().text(name, text(other)),
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wire(operation: &str, method: &str, template: &str, input: &Value) -> (String, Option<String>, String) {
        let (path, query, body) = write(operation, "urn:n", method, template, input.as_object().unwrap());
        (path, query, String::from_utf8(body).unwrap())
    }

    #[test]
    fn members_go_where_they_belong() {
        let input = json!({ "HostedZoneId": "/hostedzone/Z1", "StartRecordName": "a b.", "MaxItems": 3, "X": null });
        let (path, query, body) = wire("ListResourceRecordSets", "GET", "/v/{HostedZoneId}/rrset", &input);
        assert_eq!((path.as_str(), body.as_str()), ("/v/Z1/rrset", ""));
        assert_eq!(query.as_deref(), Some("maxitems=3&name=a%20b%2E"));

        let input = json!({
            "ResourceType": "hostedzone",
            "ResourceId": "Z1",
            "AddTags": [{ "Key": "a", "Value": "<1>", "X": null }],
            "RemoveTagKeys": ["b", "c"],
        });
        let (path, query, body) = wire("ChangeTagsForResource", "POST", "/v/{ResourceType}/{ResourceId}", &input);
        assert_eq!((path.as_str(), query), ("/v/hostedzone/Z1", None));
        assert!(body.ends_with(
            "<ChangeTagsForResourceRequest xmlns=\"urn:n\"><AddTags><Tag><Key>a</Key><Value>&lt;1&gt;</Value></Tag>\
             </AddTags><RemoveTagKeys><Key>b</Key><Key>c</Key></RemoveTagKeys></ChangeTagsForResourceRequest>"
        ));
    }
}
