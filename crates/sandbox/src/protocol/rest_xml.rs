//! REST-XML: method and path name the operation; the input is in the path's labels, in the query string and in an XML
//! document.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use super::checksum::{Checksum, Content};
use super::document::{self, Element, Node};
use super::{Xml, template};
use crate::error::{AwsError, Result};
use crate::world::Incoming;

/// Not the name of any parameter.
const CONTENT: &str = "the body";

/// What a request holds. The body stays as it came until an operation says what it should be.
#[derive(Debug)]
pub(crate) struct RestRequest {
    labels: BTreeMap<String, String>,
    query: BTreeMap<String, String>,
    /// Only those that are parameters, by name in lower case.
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
    /// What the client has computed of the body, where it has.
    checksum: Option<Checksum>,
    /// Whether the body is known to be what the client has sent.
    is_checked: bool,
    dialect: Dialect,
}

/// What differs between the services.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dialect {
    pub namespace: &'static str,
    /// The code for what cannot be read.
    pub malformed: &'static str,
    /// The code for a parameter that is not known, and its status.
    pub unknown: (&'static str, u16),
}

impl RestRequest {
    /// The request at a path that fits `template`, with the parameters of its query string.
    pub(super) fn read(
        incoming: &Incoming,
        template: &str,
        mut query: BTreeMap<String, String>,
        dialect: Dialect,
    ) -> Self {
        for (name, _) in template::parameters(template) {
            query.remove(name);
        }
        Self {
            labels: template::labels(template, &incoming.path).unwrap_or_default(),
            query,
            headers: BTreeMap::new(),
            body: incoming.body.clone(),
            checksum: None,
            is_checked: false,
            dialect,
        }
    }

    /// The same with parameters in headers, and with the content that its body carries.
    pub(super) fn with_content(self, headers: BTreeMap<String, String>, content: Content) -> Self {
        let Content { body, checksum, is_checked } = content;
        Self { headers, body, checksum, is_checked, ..self }
    }

    /// A label of the path.
    pub fn label(&self, name: &str) -> Option<&str> {
        self.labels.get(name).map(String::as_str)
    }

    /// Whether a parameter is in the query string.
    pub fn has(&self, name: &str) -> bool {
        self.query.contains_key(name)
    }

    /// Whether a header that is a parameter is given.
    pub fn has_header(&self, name: &str) -> bool {
        self.headers.contains_key(name)
    }

    /// Whether the document seems to have an element that is called so.
    pub fn has_element(&self, name: &str) -> bool {
        std::str::from_utf8(&self.body).is_ok_and(|body| body.contains(&format!("<{name}>")))
    }
}

/// Reads a request by name and remembers what was read, so that the rest can be refused.
pub(crate) struct RestParams<'a> {
    request: &'a RestRequest,
    read: RefCell<BTreeSet<String>>,
    document: OnceCell<Element>,
}

impl<'a> RestParams<'a> {
    pub fn new(request: &'a RestRequest) -> Self {
        Self { request, read: RefCell::default(), document: OnceCell::new() }
    }

    /// A label of the path. The template of the operation has it.
    pub fn label(&self, name: &str) -> &'a str {
        self.request.label(name).unwrap_or_default()
    }

    /// A parameter of the query string; one that is empty is one that is not there.
    pub fn query(&self, name: &str) -> Option<&'a str> {
        let value = self.request.query.get(name)?;
        self.read.borrow_mut().insert(name.to_owned());
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// A header that is a parameter, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        let value = self.request.headers.get(name)?;
        self.read.borrow_mut().insert(name.to_owned());
        Some(value)
    }

    /// The body as it is.
    pub fn content(&self) -> &'a [u8] {
        self.read.borrow_mut().insert(CONTENT.to_owned());
        &self.request.body
    }

    /// What the client has computed of the body, which has been checked.
    pub fn checksum(&self) -> Option<&'a Checksum> {
        self.request.checksum.as_ref()
    }

    /// Whether the client has computed anything of the body.
    pub fn is_checked(&self) -> bool {
        self.request.is_checked
    }

    /// Whether there is a body at all.
    pub fn has_content(&self) -> bool {
        !self.request.body.is_empty()
    }

    /// The document of the body, whose root has this name.
    pub fn document(&self, root: &str) -> Result<Node<'_>> {
        let RestRequest { body, dialect: Dialect { namespace, malformed, .. }, .. } = self.request;
        if self.document.get().is_none() {
            let parsed = document::parse(body, root, namespace)
                .map_err(|why| AwsError::new(*malformed, format!("Invalid XML ; the document is not valid: {why}.")))?;
            // Nothing else can have set it meanwhile.
            let _ = self.document.set(parsed);
        }
        let element = self.document.get().ok_or_else(|| AwsError::new(*malformed, "There is no document."))?;
        Ok(Node::new(element, malformed))
    }

    /// Refuses what the operation did not read.
    pub fn refuse_leftovers(&self, operation: &str) -> Result<()> {
        let read = self.read.borrow();
        let unread = match self.document.get() {
            Some(root) => root.unread(),
            None if self.request.body.is_empty() || read.contains(CONTENT) => None,
            None => Some("a body".to_owned()),
        };
        let mut parameters = self.request.query.keys().chain(self.request.headers.keys());
        let parameter = parameters.find(|name| !read.contains(*name));
        match unread.as_ref().or(parameter) {
            None => Ok(()),
            Some(name) => {
                let (code, status) = self.request.dialect.unknown;
                let message = format!("{name} is not known: the sandbox does not simulate it for {operation}.");
                Err(AwsError::new(code, message).with_status(status))
            }
        }
    }
}

/// What an operation answers.
#[derive(Debug)]
pub(crate) struct RestAnswer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: RestBody,
}

/// The body of an answer.
#[derive(Debug)]
pub(crate) enum RestBody {
    /// The content of a document whose root is called after the operation.
    Xml(Xml),
    /// A document's root and its content.
    Document(&'static str, Xml),
    /// What is no document.
    Plain(Vec<u8>),
}

impl From<Xml> for RestBody {
    fn from(xml: Xml) -> Self {
        Self::Xml(xml)
    }
}

/// 200, and nothing in headers.
impl From<RestBody> for RestAnswer {
    fn from(body: RestBody) -> Self {
        Self { status: 200, headers: Vec::new(), body }
    }
}

impl From<Xml> for RestAnswer {
    fn from(xml: Xml) -> Self {
        RestBody::Xml(xml).into()
    }
}

impl RestAnswer {
    /// An answer without a body.
    pub fn empty(status: u16) -> Self {
        Self { status, ..RestBody::Plain(Vec::new()).into() }
    }

    /// The same with a header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::super::rest;
    use super::*;

    fn request(path: &str, query: &str, body: &str) -> RestRequest {
        let incoming = Incoming {
            path: path.to_owned(),
            query: Some(query.to_owned()),
            body: body.as_bytes().to_vec(),
            ..Incoming::default()
        };
        let dialect = Dialect { namespace: "urn:n", malformed: "InvalidInput", unknown: ("InvalidInput", 400) };
        RestRequest::read(&incoming, "/zone/{Id}", rest::pairs(query).unwrap(), dialect)
    }

    #[test]
    fn what_is_not_read_is_refused() {
        let given = request("/zone/Z1", "name=a+b&type=", "<R xmlns=\"urn:n\"><A>1</A></R>");
        let params = RestParams::new(&given);
        assert_eq!(params.label("Id"), "Z1");
        assert_eq!(params.query("name"), Some("a b"));
        assert!(params.refuse_leftovers("Op").unwrap_err().message.contains("a body"));
        let root = params.document("R").unwrap();
        assert!(params.refuse_leftovers("Op").unwrap_err().message.contains("R.A"));
        assert_eq!(root.required("A", 1..=1).unwrap(), "1");
        assert!(params.refuse_leftovers("Op").unwrap_err().message.contains("type"));
        assert_eq!(params.query("type"), None);
        params.refuse_leftovers("Op").unwrap();

        let empty = request("/zone/Z1", "", "");
        assert_eq!(RestParams::new(&empty).document("R").unwrap_err().code, "InvalidInput");
    }
}
