//! The wire protocols: how a request is read, how an answer and an error are written, and which code each protocol
//! gives to what goes wrong before an operation is reached.

mod aws_chunked;
mod checksum;
mod document;
mod json;
mod query;
mod rest;
mod rest_xml;
mod s3;
pub(crate) mod template;
mod xml;

use serde_json::Value;

pub(crate) use checksum::{Checksum, Kind as ChecksumKind, hex, md5};
pub(crate) use document::Node;
pub(crate) use json::input as json_input;
pub(crate) use query::{Form, Params};
pub(crate) use rest_xml::{RestAnswer, RestBody, RestParams, RestRequest};
pub(crate) use xml::Xml;

use crate::account::Refusal;
use crate::error::{AwsError, Result};
use crate::world::Incoming;

/// A protocol with what its services need to be told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// Form in, XML out, in EC2's own dialect.
    Ec2 { version: &'static str, namespace: &'static str },
    /// Form in, XML out, as STS and IAM speak it.
    Query { version: &'static str, namespace: &'static str },
    /// JSON 1.1 with the operation in `X-Amz-Target`.
    Json { target: &'static str },
    /// JSON with the operation in method and path. The service finds the operation: [`Protocol::input`].
    RestJson,
    /// XML with the operation in method and path, in its service's namespace. `malformed` is the service's code for what
    /// it cannot read.
    RestXml { namespace: &'static str, malformed: &'static str },
    /// REST-XML as S3 speaks it, by itself: parameters are in headers too, bodies are what is stored, and errors have a
    /// shape of their own.
    S3,
}

/// What a request holds.
#[derive(Debug)]
pub(crate) enum Body {
    Form(Form),
    Json(Value),
    Rest(RestRequest),
}

/// What an operation answers.
#[derive(Debug)]
pub(crate) enum Output {
    Xml(Xml),
    Json(Value),
    Rest(RestAnswer),
}

/// An answer, ready for the wire.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub content_type: &'static str,
    pub request_id: String,
    /// For `x-amzn-errortype`, where the protocol has it.
    pub error_type: Option<String>,
    /// What the operation says in headers.
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

const XML: &str = "text/xml;charset=UTF-8";
const JSON: &str = "application/x-amz-json-1.1";
const REST_JSON: &str = "application/json";

impl Protocol {
    /// For requests that do not even name a service.
    pub fn guess(has_target: bool, path: &str) -> Self {
        if has_target {
            Self::Json { target: "" }
        } else if path != "/" {
            Self::RestJson
        } else {
            Self::Query { version: "", namespace: "https://sts.amazonaws.com/doc/2011-06-15/" }
        }
    }

    pub fn has_dry_run(self) -> bool {
        matches!(self, Self::Ec2 { .. })
    }

    /// The operation's name and its input. `at` knows the operation of a method and path, and the path's template.
    pub fn read(self, incoming: &Incoming, at: impl Fn(&str, &str, &Query) -> Option<Place>) -> Result<(String, Body)> {
        let Incoming { method, path, .. } = incoming;
        if matches!(self, Self::RestJson | Self::RestXml { .. } | Self::S3) {
            let query = rest::pairs(incoming.query.as_deref().unwrap_or_default());
            let query = query.map_err(|why| match self {
                Self::RestXml { malformed, .. } => AwsError::new(malformed, why),
                Self::S3 => AwsError::new("InvalidURI", why),
                _ => json::serialization(&why),
            })?;
            let place = at(method, path, &query);
            let (name, template) = place.ok_or_else(|| self.unknown_operation(&format!("{method} {path}")))?;
            let body = match self {
                Self::RestXml { namespace, malformed } => {
                    let dialect = rest_xml::Dialect { namespace, malformed, unknown: (malformed, 400) };
                    Body::Rest(RestRequest::read(incoming, template, query, dialect))
                }
                Self::S3 => Body::Rest(s3::read(incoming, (name, template), query)?),
                _ => Body::Json(rest::read(incoming)?),
            };
            return Ok((name.to_owned(), body));
        }
        if method != "POST" {
            let message = "The services that the sandbox simulates take POST / only.";
            return Err(AwsError::new("InvalidAction", message).with_status(405));
        }
        if path != "/" {
            return Err(AwsError::new("InvalidAction", format!("This service has no {path}.")).with_status(404));
        }
        match self {
            Self::RestJson | Self::RestXml { .. } | Self::S3 => Err(self.unknown_operation(path)),
            Self::Ec2 { version, .. } | Self::Query { version, .. } => {
                let (action, form) = query::read(incoming, version)?;
                Ok((action, Body::Form(form)))
            }
            Self::Json { target } => {
                let (action, value) = json::read(incoming, target)?;
                Ok((action, Body::Json(value)))
            }
        }
    }

    pub fn answer(self, operation: &str, output: Output, request_id: &str) -> Answer {
        let (mut status, mut headers) = (200, Vec::new());
        let (content_type, body) = match (self, output) {
            (Self::RestXml { namespace, .. }, Output::Rest(answer)) => {
                (status, headers) = (answer.status, answer.headers);
                let root = format!("{operation}Response");
                (XML, rest_body(answer.body, &root, namespace))
            }
            (_, Output::Rest(answer)) => {
                (status, headers) = (answer.status, answer.headers);
                headers.push(s3::request_id(request_id));
                (s3::XML, rest_body(answer.body, operation, s3::NAMESPACE))
            }
            (Self::Ec2 { namespace, .. }, Output::Xml(xml)) => {
                let content = Xml::new().text("requestId", request_id).merge(xml);
                let name = format!("{operation}Response");
                (XML, content.document(&name, Some(namespace)).into())
            }
            (Self::Query { namespace, .. }, Output::Xml(xml)) => {
                let content = Xml::new()
                    .nest(&format!("{operation}Result"), xml)
                    .nest("ResponseMetadata", Xml::new().text("RequestId", request_id));
                let name = format!("{operation}Response");
                (XML, content.document(&name, Some(namespace)).into())
            }
            (Self::Json { .. } | Self::RestJson | Self::RestXml { .. } | Self::S3, Output::Xml(xml)) => {
                (XML, xml.document(operation, None).into())
            }
            (Self::RestJson, Output::Json(value)) => (REST_JSON, value.to_string().into()),
            (_, Output::Json(value)) => (JSON, value.to_string().into()),
        };
        Answer { status, content_type, request_id: request_id.to_owned(), error_type: None, headers, body }
    }

    pub fn error(self, error: &AwsError, request_id: &str) -> Answer {
        if self == Self::S3 {
            return s3::error(error, request_id);
        }
        let AwsError { status, code, message, .. } = error;
        let said = || Xml::new().text("Code", code.as_ref()).text("Message", message);
        let (content_type, body) = match self {
            Self::Ec2 { .. } => {
                let errors = Xml::new().nest("Error", said());
                let content = Xml::new().nest("Errors", errors).text("RequestID", request_id);
                (XML, content.document("Response", None))
            }
            Self::Query { namespace, .. } | Self::RestXml { namespace, .. } => {
                let at_fault = if *status < 500 { "Sender" } else { "Receiver" };
                let error = Xml::new().text("Type", at_fault).merge(said());
                let content = Xml::new().nest("Error", error).text("RequestId", request_id);
                (XML, content.document("ErrorResponse", Some(namespace)))
            }
            Self::Json { .. } => {
                let body = serde_json::json!({ "__type": code, "message": message });
                (JSON, body.to_string())
            }
            Self::RestJson | Self::S3 => (REST_JSON, serde_json::json!({ "message": message }).to_string()),
        };
        let error_type = (self == Self::RestJson).then(|| code.to_string());
        let request_id = request_id.to_owned();
        Answer { status: *status, content_type, request_id, error_type, headers: Vec::new(), body: body.into() }
    }
}

/// A document unless it is something else.
fn rest_body(body: RestBody, root: &str, namespace: &str) -> Vec<u8> {
    match body {
        RestBody::Xml(xml) => xml.document(root, Some(namespace)).into(),
        RestBody::Document(root, xml) => xml.document(root, Some(namespace)).into(),
        RestBody::Plain(bytes) => bytes,
    }
}

/// The codes of what goes wrong before or around an operation. Sources: EC2 API reference "Error codes" (common client
/// errors), IAM and CloudWatch Logs API references "Common errors".
impl Protocol {
    /// One of three by protocol.
    fn pick(self, ec2: Coded, query: Coded, json: Coded, message: impl Into<String>) -> AwsError {
        let (code, status) = match self {
            Self::Ec2 { .. } => ec2,
            // Route 53's common errors are those of the query services.
            Self::Query { .. } | Self::RestXml { .. } | Self::S3 => query,
            Self::Json { .. } => json,
            // What is 403 elsewhere is so here too, though the code is JSON's.
            Self::RestJson => (json.0, query.1.max(json.1)),
        };
        AwsError::new(code, message).with_status(status)
    }

    pub fn refused(self, refusal: Refusal) -> AwsError {
        if self == Self::S3 {
            return s3::refused(refusal);
        }
        match refusal {
            Refusal::MissingAuthentication => self.pick(
                ("MissingAuthenticationToken", 403),
                ("MissingAuthenticationToken", 403),
                ("MissingAuthenticationTokenException", 400),
                "Request is missing Authentication Token",
            ),
            Refusal::IncompleteSignature(why) => self.pick(
                ("IncompleteSignature", 400),
                ("IncompleteSignature", 400),
                ("IncompleteSignatureException", 400),
                format!("The Authorization header does not conform to AWS standards: {why}."),
            ),
            Refusal::UnknownKey => match self {
                Self::Ec2 { .. } => {
                    AwsError::new("AuthFailure", "AWS was not able to validate the provided access credentials")
                        .with_status(401)
                }
                _ => self.pick(
                    ("AuthFailure", 401),
                    ("InvalidClientTokenId", 403),
                    ("UnrecognizedClientException", 400),
                    "The security token included in the request is invalid.",
                ),
            },
            Refusal::Expired => match self {
                Self::Ec2 { .. } => AwsError::new("RequestExpired", "Request has expired."),
                _ => self.pick(
                    ("RequestExpired", 400),
                    ("ExpiredToken", 403),
                    ("ExpiredTokenException", 400),
                    "The security token included in the request is expired",
                ),
            },
            Refusal::WrongRegion => self.pick(
                ("AuthFailure", 401),
                ("SignatureDoesNotMatch", 403),
                ("InvalidSignatureException", 400),
                "Credential should be scoped to a valid region.",
            ),
        }
    }

    pub fn unknown_service(self, name: &str) -> AwsError {
        self.pick(
            ("InvalidAction", 400),
            ("InvalidAction", 400),
            ("UnknownOperationException", 400),
            format!("The sandbox does not simulate the service {name}."),
        )
    }

    pub fn unknown_operation(self, name: &str) -> AwsError {
        if self == Self::S3 {
            return s3::not_implemented(format!("{name} is not known: the sandbox does not simulate it."));
        }
        self.pick(
            ("InvalidAction", 400),
            ("InvalidAction", 400),
            ("UnknownOperationException", 400),
            format!("The action {name} is not valid for this web service: the sandbox does not simulate it."),
        )
    }

    pub fn throttled(self) -> AwsError {
        match self {
            Self::Ec2 { .. } => AwsError::new("RequestLimitExceeded", "Request limit exceeded.").with_status(503),
            Self::S3 => AwsError::new("SlowDown", "Please reduce your request rate.").with_status(503),
            // RAM's model.
            Self::RestJson => AwsError::new("ThrottlingException", "Rate exceeded").with_status(429),
            _ => self.pick(
                ("RequestLimitExceeded", 503),
                ("Throttling", 400),
                ("ThrottlingException", 400),
                "Rate exceeded",
            ),
        }
    }

    pub fn server_error(self) -> AwsError {
        if self == Self::S3 {
            let message = "We encountered an internal error. Please try again.";
            return AwsError::new("InternalError", message).with_status(500);
        }
        self.pick(
            ("InternalError", 500),
            ("InternalFailure", 500),
            ("InternalFailure", 500),
            "An internal error has occurred",
        )
    }

    pub fn too_large(self) -> AwsError {
        self.pick(
            ("RequestEntityTooLarge", 413),
            ("RequestEntityTooLarge", 413),
            ("RequestEntityTooLargeException", 413),
            "The request is larger than the sandbox accepts.",
        )
    }

    /// The plain-text form that names user, action and resource (IAM user guide, "Troubleshoot access denied errors").
    pub fn denied(self, user: &str, action: &str, resource: &str, why: &str) -> AwsError {
        let said = format!("User: {user} is not authorized to perform: {action} on resource: {resource} {why}");
        match self {
            Self::Ec2 { .. } => AwsError::new(
                "UnauthorizedOperation",
                format!("You are not authorized to perform this operation. {said}"),
            )
            .with_status(403),
            _ => self.pick(("UnauthorizedOperation", 403), ("AccessDenied", 403), ("AccessDeniedException", 400), said),
        }
    }
}

/// An operation's name and the template of its path.
pub(crate) type Place = (&'static str, &'static str);

/// The parameters of a query string by name.
pub(crate) type Query = std::collections::BTreeMap<String, String>;

/// A code and its HTTP status.
type Coded = (&'static str, u16);
