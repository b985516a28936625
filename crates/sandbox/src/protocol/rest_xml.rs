//! REST-XML: method and path name the operation; the input is in the path's labels, in the query string and in an XML
//! document.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use super::document::{self, Element, Node};
use super::{Xml, rest, template};
use crate::error::{AwsError, Result};
use crate::world::Incoming;

/// What a request holds. The body stays as it came until an operation says what it should be.
#[derive(Debug)]
pub(crate) struct RestRequest {
    labels: BTreeMap<String, String>,
    query: BTreeMap<String, String>,
    body: Vec<u8>,
    namespace: &'static str,
    malformed: &'static str,
}

impl RestRequest {
    /// The request at a path that fits `template`. `malformed` is the service's code for what it cannot read.
    pub(super) fn read(
        incoming: &Incoming,
        template: &str,
        namespace: &'static str,
        malformed: &'static str,
    ) -> Result<Self> {
        let query = rest::pairs(incoming.query.as_deref().unwrap_or_default());
        Ok(Self {
            labels: template::labels(template, &incoming.path).unwrap_or_default(),
            query: query.map_err(|why| AwsError::new(malformed, why))?,
            body: incoming.body.clone(),
            namespace,
            malformed,
        })
    }

    /// A label of the path.
    pub fn label(&self, name: &str) -> Option<&str> {
        self.labels.get(name).map(String::as_str)
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

    /// The document of the body, whose root has this name.
    pub fn document(&self, root: &str) -> Result<Node<'_>> {
        let RestRequest { body, namespace, malformed, .. } = self.request;
        if self.document.get().is_none() {
            let parsed = document::parse(body, root, namespace)
                .map_err(|why| AwsError::new(*malformed, format!("Invalid XML ; the document is not valid: {why}.")))?;
            // Nothing else can have set it meanwhile.
            let _ = self.document.set(parsed);
        }
        let element = self.document.get().ok_or_else(|| AwsError::new(*malformed, "There is no document."))?;
        Ok(Node::new(element, malformed))
    }

    /// The service's error for a parameter that is not as it should be.
    pub fn invalid(&self, why: impl Into<String>) -> AwsError {
        AwsError::new(self.request.malformed, why)
    }

    /// Refuses what the operation did not read.
    pub fn refuse_leftovers(&self, operation: &str) -> Result<()> {
        let read = self.read.borrow();
        let unread = match self.document.get() {
            Some(root) => root.unread(),
            None if self.request.body.is_empty() => None,
            None => Some("a body".to_owned()),
        };
        let parameter = self.request.query.keys().find(|name| !read.contains(*name));
        match unread.as_ref().or(parameter) {
            None => Ok(()),
            Some(name) => {
                Err(self.invalid(format!("{name} is not known: the sandbox does not simulate it for {operation}.")))
            }
        }
    }
}

/// What an operation answers.
#[derive(Debug)]
pub(crate) struct RestAnswer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    /// The content of the document's root.
    pub xml: Xml,
}

/// 200, and nothing in headers.
impl From<Xml> for RestAnswer {
    fn from(xml: Xml) -> Self {
        Self { status: 200, headers: Vec::new(), xml }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(path: &str, query: &str, body: &str) -> RestRequest {
        let incoming = Incoming {
            path: path.to_owned(),
            query: Some(query.to_owned()),
            body: body.as_bytes().to_vec(),
            ..Incoming::default()
        };
        RestRequest::read(&incoming, "/zone/{Id}", "urn:n", "InvalidInput").unwrap()
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
