//! S3's dialect of REST-XML: what is in headers, how a body is carried and checked, and how errors look.
//!
//! DOC (S3 API reference, "Error responses", "Common request headers", "Authenticating Requests: Using the Authorization
//! Header").

use super::aws_chunked::{Unframed, unframe};
use super::checksum::{self, Checksum, Content, Kind};
use super::rest_xml::{Dialect, RestRequest};
use super::{Answer, Place, Query, Xml, template};
use crate::account::Refusal;
use crate::error::{AwsError, Result};
use crate::world::Incoming;

pub(super) const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";
pub(super) const XML: &str = "application/xml";

const DIALECT: Dialect = Dialect { namespace: NAMESPACE, malformed: "MalformedXML", unknown: ("NotImplemented", 501) };

/// Of HTTP's own headers, those that change what a request does.
static PARAMETERS: &[&str] = &[
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-type",
    "expires",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-unmodified-since",
    "range",
];

/// Headers that say how a request is signed and carried.
static CARRIERS: &[&str] = &[
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-decoded-content-length",
    "x-amz-sdk-checksum-algorithm",
    "x-amz-security-token",
    "x-amz-trailer",
    "x-amz-user-agent",
];

/// The request of an operation at its place.
pub(super) fn read(incoming: &Incoming, (operation, its_path): Place, mut query: Query) -> Result<RestRequest> {
    // Which SDKs add to tell operations apart that share a method and path.
    if let Some(id) = query.remove("x-id").filter(|id| id != operation) {
        return Err(AwsError::new("InvalidArgument", format!("x-id is '{id}', and the operation is {operation}.")));
    }
    // `?acl` and its like name another operation than the one that is here without it.
    let named = query.iter().find(|(name, value)| {
        value.is_empty() && template::parameters(its_path).all(|(known, _)| known != name.as_str())
    });
    if let Some((name, _)) = named.filter(|_| !matches!(incoming.method.as_str(), "GET" | "HEAD")) {
        return Err(not_implemented(format!("{name} is not known: the sandbox does not simulate it.")));
    }
    let content = content(incoming)?;
    let mut headers = incoming.headers.clone();
    headers.retain(|name, value| {
        let of_amazon =
            name.starts_with("x-amz-") && !CARRIERS.contains(&name.as_str()) && Kind::of_header(name).is_none();
        of_amazon || (PARAMETERS.contains(&name.as_str()) && !(name == "content-encoding" && value == "aws-chunked"))
    });
    // A document shows by its root what it is.
    if incoming.method != "PUT" || !its_path.contains("{Key+}") {
        headers.remove("content-type");
    }
    Ok(RestRequest::read(incoming, its_path, query, DIALECT).with_content(headers, content))
}

/// The body without its framing, once it is what the client has sent.
fn content(incoming: &Incoming) -> Result<Content> {
    let header = |name: &str| incoming.headers.get(name).map(String::as_str);
    let hash = header("x-amz-content-sha256").ok_or_else(|| missing("x-amz-content-sha256"))?;
    let plain = || Unframed { body: incoming.body.clone(), trailers: Vec::new() };
    let Unframed { body, trailers } = match hash {
        "UNSIGNED-PAYLOAD" => plain(),
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER" => framed(incoming, false, true)?,
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" => framed(incoming, true, false)?,
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" => framed(incoming, true, true)?,
        _ if hash.starts_with("STREAMING-") => return Err(not_implemented(format!("{hash} is not simulated."))),
        _ if hash == checksum::sha256_hex(&incoming.body) => plain(),
        _ if hash.len() == 64 && hash.bytes().all(|digit| digit.is_ascii_hexdigit()) => {
            let message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
            return Err(AwsError::new("XAmzContentSHA256Mismatch", message));
        }
        _ => {
            let message = "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, \
                           STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid \
                           sha256 value.";
            return Err(AwsError::new("InvalidArgument", message));
        }
    };
    if let Some(given) = header("content-md5") {
        let given = checksum::decode(given).filter(|digest| digest.len() == 16);
        let given =
            given.ok_or_else(|| AwsError::new("InvalidDigest", "The Content-MD5 you specified was invalid."))?;
        if given != checksum::md5(&body) {
            return Err(AwsError::new("BadDigest", "The Content-MD5 you specified did not match what we received."));
        }
    }
    let headers = incoming.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let trailers = trailers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let given: Vec<_> = headers.chain(trailers).filter(|(name, _)| is_checksum(name)).collect();
    let checksum = match given[..] {
        [] => None,
        [(name, value)] => Some(verified(name, value, &body)?),
        _ => return Err(AwsError::new("InvalidRequest", "Expecting a single x-amz-checksum- header.")),
    };
    if let Some(name) = header("x-amz-sdk-checksum-algorithm") {
        let kind = Kind::of_name(name).ok_or_else(|| not_implemented(format!("{name} is not simulated.")))?;
        if checksum.as_ref().is_none_or(|checksum| checksum.kind != kind) {
            let message = "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or \
                           x-amz-trailer headers were found.";
            return Err(AwsError::new("InvalidRequest", message));
        }
    }
    let is_checked = checksum.is_some() || header("content-md5").is_some();
    Ok(Content { body, checksum, is_checked })
}

/// Those that say how the others are computed are no checksums.
fn is_checksum(header: &str) -> bool {
    let name = header.strip_prefix("x-amz-checksum-");
    name.is_some_and(|name| !matches!(name, "algorithm" | "mode" | "type"))
}

fn verified(name: &str, value: &str, body: &[u8]) -> Result<Checksum> {
    let kind = Kind::of_header(name).ok_or_else(|| not_implemented(format!("{name} is not simulated.")))?;
    if checksum::decode(value).is_none_or(|bytes| bytes.len() != kind.length()) {
        return Err(AwsError::new("InvalidRequest", format!("Value for {name} header is invalid.")));
    }
    let computed = kind.of(body);
    if computed.value != value {
        let name = kind.name();
        let message = format!("The {name} you specified did not match the calculated checksum.");
        return Err(AwsError::new("BadDigest", message));
    }
    Ok(computed)
}

/// A body in chunks and its trailers.
fn framed(incoming: &Incoming, signed: bool, trailing: bool) -> Result<Unframed> {
    let header = |name: &str| incoming.headers.get(name).map(String::as_str);
    let incomplete = |message: &str| AwsError::new("IncompleteBody", message);
    let length = header("x-amz-decoded-content-length").and_then(|length| length.parse::<usize>().ok());
    let length = length.ok_or_else(|| {
        let message = "You must provide the Content-Length HTTP header.";
        AwsError::new("MissingContentLength", message).with_status(411)
    })?;
    let Unframed { body, mut trailers } = unframe(&incoming.body, signed)
        .ok_or_else(|| incomplete("The request body terminated unexpectedly, or its chunks are malformed."))?;
    if body.len() != length {
        return Err(incomplete("You did not provide the number of bytes specified by x-amz-decoded-content-length."));
    }
    // Of signed chunks, the trailers are signed as well.
    let mut signatures = trailers.len();
    trailers.retain(|(name, _)| name != "x-amz-trailer-signature");
    signatures -= trailers.len();
    let promised: Vec<String> = header("x-amz-trailer")
        .into_iter()
        .flat_map(|names| names.split(','))
        .map(|n| n.trim().to_ascii_lowercase())
        .collect();
    let came: Vec<&String> = trailers.iter().map(|(name, _)| name).collect();
    if came != promised.iter().collect::<Vec<_>>()
        || trailing == promised.is_empty()
        || signatures != usize::from(signed && trailing)
    {
        let message = "The request contained trailing data that was not well-formed or did not conform to our published \
                       schema.";
        return Err(AwsError::new("MalformedTrailerError", message));
    }
    Ok(Unframed { body, trailers })
}

fn missing(header: &str) -> AwsError {
    AwsError::new("InvalidRequest", format!("Missing required header for this request: {header}"))
}

pub(super) fn not_implemented(message: impl Into<String>) -> AwsError {
    AwsError::new("NotImplemented", message).with_status(501)
}

/// The codes of those who are not let in.
pub(super) fn refused(refusal: Refusal) -> AwsError {
    let malformed = |why: &str| {
        let message = format!("The authorization header is malformed; {why}");
        AwsError::new("AuthorizationHeaderMalformed", message)
    };
    match refusal {
        Refusal::MissingAuthentication => AwsError::new("AccessDenied", "Access Denied").with_status(403),
        Refusal::IncompleteSignature(why) => malformed(why),
        Refusal::UnknownKey => {
            let message = "The AWS Access Key Id you provided does not exist in our records.";
            AwsError::new("InvalidAccessKeyId", message).with_status(403)
        }
        Refusal::Expired => AwsError::new("ExpiredToken", "The provided token has expired."),
        Refusal::WrongRegion => malformed("the region is not one that the sandbox simulates"),
    }
}

/// `<Error>` without a namespace; what it is about is in elements of its own.
pub(super) fn error(error: &AwsError, request_id: &str) -> Answer {
    let AwsError { status, code, message, details } = error;
    let content = Xml::new().text("Code", code.as_ref()).text("Message", message);
    let content = details.iter().fold(content, |xml, (name, value)| xml.text(name, value));
    let content = content.text("RequestId", request_id).text("HostId", "sandbox");
    let mut headers = vec![self::request_id(request_id)];
    let region = details.iter().find(|(name, _)| *name == "Region");
    headers.extend(region.map(|(_, region)| ("x-amz-bucket-region", region.clone())));
    Answer {
        status: *status,
        content_type: XML,
        request_id: request_id.to_owned(),
        error_type: None,
        headers,
        body: content.document("Error", None).into(),
    }
}

/// Where S3 has it.
pub(super) fn request_id(id: &str) -> (&'static str, String) {
    ("x-amz-request-id", id.to_owned())
}
