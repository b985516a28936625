//! A call as its service's protocol sends it.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use super::member_names::on_the_wire;
use super::{ApiCall, rest_xml};
use crate::clock::Moment;
use crate::error::{AwsError, Result};
use crate::protocol::Protocol;
use crate::service::Service;
use crate::world::Incoming;

/// The request that an SDK would send, signed by nobody.
pub(super) fn write(service: &Service, call: &ApiCall, wall: Moment) -> Result<Incoming> {
    let date: String = wall.to_seconds_string().chars().filter(|c| !matches!(c, '-' | ':')).collect();
    let day = date.get(..8).unwrap_or_default();
    let ApiCall { account, region, service: name, operation, input, id } = call;
    let Some(members) = input.as_object() else {
        return Err(AwsError::new("SerializationException", "The input of a call is an object."));
    };
    let signature = "0".repeat(64);
    let signed = Incoming {
        authorization: Some(format!(
            "AWS4-HMAC-SHA256 Credential={account}/{day}/{region}/{name}/aws4_request, \
             SignedHeaders=host;x-amz-date, Signature={signature}"
        )),
        method: "POST".to_owned(),
        path: "/".to_owned(),
        date: Some(date),
        wish: id.clone(),
        ..Incoming::default()
    };
    Ok(match service.protocol {
        Protocol::Ec2 { version, .. } => form(signed, operation, version, Dialect::Ec2, input),
        Protocol::Query { version, .. } => form(signed, operation, version, Dialect::Query, input),
        Protocol::Json { target } => Incoming {
            target: Some(format!("{target}.{operation}")),
            content_type: Some("application/x-amz-json-1.1".to_owned()),
            body: without_nulls(input).to_string().into_bytes(),
            ..signed
        },
        // Buckets belong to the accounts that gcnet works in, and nobody plays those.
        Protocol::S3 => {
            let message = "Calls from within the process do not speak S3.";
            return Err(AwsError::new("NotImplemented", message).with_status(501));
        }
        Protocol::RestXml { namespace, .. } => {
            let known = service.operation(operation).and_then(|known| known.at);
            let (method, template) = known.ok_or_else(|| service.protocol.unknown_operation(operation))?;
            let (path, query, body) = rest_xml::write(operation, namespace, method, template, members);
            Incoming { method: method.to_owned(), path, query, body, ..signed }
        }
        Protocol::RestJson => {
            let known = service.operation(operation).and_then(|known| known.at);
            let (method, path) = known.ok_or_else(|| service.protocol.unknown_operation(operation))?;
            let in_query = matches!(method, "GET" | "DELETE");
            let query = in_query.then(|| query(members));
            let body = if in_query { Vec::new() } else { without_nulls(input).to_string().into_bytes() };
            Incoming {
                method: method.to_owned(),
                path: path.to_owned(),
                query,
                content_type: Some("application/json".to_owned()),
                body,
                ..signed
            }
        }
    })
}

pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// The operations that take a query string have plain texts and numbers in it only.
fn query(members: &Map<String, Value>) -> String {
    let pairs = members.iter().filter_map(|(name, value)| match value {
        Value::Null => None,
        Value::String(text) => Some(format!("{}={}", encode(name), encode(text))),
        other => Some(format!("{}={}", encode(name), encode(&other.to_string()))),
    });
    pairs.collect::<Vec<String>>().join("&")
}

/// How lists and names are flattened.
#[derive(Clone, Copy)]
enum Dialect {
    /// `NAME.1`, names as in [`on_the_wire`].
    Ec2,
    /// `NAME.member.1`.
    Query,
}

fn form(signed: Incoming, operation: &str, version: &str, dialect: Dialect, input: &Value) -> Incoming {
    let mut pairs = vec![("Action".to_owned(), operation.to_owned()), ("Version".to_owned(), version.to_owned())];
    flatten(operation, dialect, "", input, &mut pairs);
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    Incoming {
        content_type: Some("application/x-www-form-urlencoded; charset=utf-8".to_owned()),
        body: pairs.join("&").into_bytes(),
        ..signed
    }
}

fn flatten(operation: &str, dialect: Dialect, path: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Null => {}
        Value::Object(members) => {
            for (member, value) in members {
                let name = match dialect {
                    Dialect::Ec2 => on_the_wire(operation, member),
                    Dialect::Query => member,
                };
                flatten(operation, dialect, &below(name), value, pairs);
            }
        }
        Value::Array(items) => {
            for (n, item) in (1..).zip(items) {
                let name = match dialect {
                    Dialect::Ec2 => below(&n.to_string()),
                    Dialect::Query => below(&format!("member.{n}")),
                };
                flatten(operation, dialect, &name, item, pairs);
            }
        }
        Value::String(text) => pairs.push((path.to_owned(), text.clone())),
        Value::Bool(_) | Value::Number(_) => pairs.push((path.to_owned(), value.to_string())),
    }
}

/// SDKs do not send what was not given.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), without_nulls(value)))
            .collect(),
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::service::{Operation, Scope};

    static OPERATIONS: &[&[Operation]] = &[&[
        Operation::rest_write("CreateResourceShare", "POST", "/createresourceshare", |_, input| Ok(input)),
        Operation::rest_write("DeleteResourceShare", "DELETE", "/deleteresourceshare", |_, input| Ok(input)),
    ]];

    fn request(protocol: Protocol, operation: &str, input: Value) -> Incoming {
        let service = Service { name: "ec2", protocol, scope: Scope::Regional, operations: OPERATIONS };
        let call = ApiCall {
            account: "111122223333".to_owned(),
            region: "ap-northeast-1".to_owned(),
            service: "ec2".to_owned(),
            operation: operation.to_owned(),
            input,
            id: None,
        };
        let incoming = write(&service, &call, Moment::from_millis(1_775_001_600_000)).unwrap();
        assert_eq!(incoming.date.as_deref(), Some("20260401T000000Z"));
        incoming
    }

    fn body(protocol: Protocol, operation: &str, input: Value) -> String {
        let body = String::from_utf8(request(protocol, operation, input).body).unwrap();
        percent_encoding::percent_decode_str(&body).decode_utf8().unwrap().into_owned()
    }

    #[test]
    fn ec2_is_flattened_with_its_own_names() {
        let protocol = Protocol::Ec2 { version: "V", namespace: "" };
        let tags = json!([{ "ResourceType": "vpc", "Tags": [{ "Key": "k", "Value": "v&w" }] }]);
        assert_eq!(
            body(protocol, "CreateVpc", json!({ "CidrBlock": "10.0.0.0/16", "TagSpecifications": tags })),
            "Action=CreateVpc&Version=V&CidrBlock=10.0.0.0/16&TagSpecification.1.ResourceType=vpc\
             &TagSpecification.1.Tag.1.Key=k&TagSpecification.1.Tag.1.Value=v&w"
        );
        let attach = json!({ "Options": { "DnsSupport": "enable" }, "SubnetIds": ["a", "b"], "DryRun": null });
        assert_eq!(
            body(protocol, "CreateTransitGatewayVpcAttachment", attach),
            "Action=CreateTransitGatewayVpcAttachment&Version=V&Options.DnsSupport=enable&SubnetIds.1=a&SubnetIds.2=b"
        );
        let filters = json!({ "Filters": [{ "Name": "vpc-id", "Values": ["x"] }], "SubnetIds": ["a"] });
        assert_eq!(
            body(protocol, "DescribeSubnets", filters),
            "Action=DescribeSubnets&Version=V&Filter.1.Name=vpc-id&Filter.1.Value.1=x&SubnetId.1=a"
        );
    }

    #[test]
    fn the_query_protocol_says_member() {
        let protocol = Protocol::Query { version: "V", namespace: "" };
        let input = json!({ "DurationSeconds": 900, "PolicyArns": [{ "arn": "a" }], "Force": true });
        assert_eq!(
            body(protocol, "AssumeRole", input),
            "Action=AssumeRole&Version=V&DurationSeconds=900&Force=true&PolicyArns.member.1.arn=a"
        );
    }

    #[test]
    fn json_is_sent_without_what_is_null() {
        let input = json!({ "a": null, "b": [{ "c": 1, "d": null }] });
        assert_eq!(body(Protocol::Json { target: "T" }, "Op", input), r#"{"b":[{"c":1}]}"#);
    }

    #[test]
    fn rest_has_a_path_and_a_body_or_a_query_string() {
        let create = request(Protocol::RestJson, "CreateResourceShare", json!({ "name": "a", "tags": null }));
        assert_eq!((create.method.as_str(), create.path.as_str()), ("POST", "/createresourceshare"));
        assert_eq!(create.body, br#"{"name":"a"}"#);
        let delete = request(Protocol::RestJson, "DeleteResourceShare", json!({ "resourceShareArn": "a:b" }));
        assert_eq!((delete.method.as_str(), delete.path.as_str()), ("DELETE", "/deleteresourceshare"));
        assert_eq!((delete.query.as_deref(), delete.body.len()), (Some("resourceShareArn=a%3Ab"), 0));
    }
}
