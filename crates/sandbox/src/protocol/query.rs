//! The form of the EC2 and AWS query protocols, and a reader that knows what was read.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use percent_encoding::percent_decode_str;

use crate::error::{AwsError, Result};
use crate::world::Incoming;

/// Parameter names and their values.
pub(crate) type Form = BTreeMap<String, String>;

/// The action and the remaining parameters of a request.
pub(super) fn read(incoming: &Incoming, version: &str) -> Result<(String, Form)> {
    let kind = incoming.content_type.as_deref().unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(malformed("The body is not application/x-www-form-urlencoded."));
    }
    let body = std::str::from_utf8(&incoming.body).map_err(|_| malformed("The body is not encoded in UTF-8."))?;
    let mut form = Form::new();
    for pair in body.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decode(name)?, decode(value)?);
        if form.contains_key(&name) {
            return Err(malformed(&format!("The parameter {name} is given twice.")));
        }
        form.insert(name, value);
    }
    let action = form.remove("Action").filter(|name| !name.is_empty());
    let action = action
        .ok_or_else(|| AwsError::new("MissingAction", "The request is missing an action or a required parameter."))?;
    match form.remove("Version") {
        Some(given) if given == version => Ok((action, form)),
        Some(given) => Err(AwsError::new(
            "NoSuchVersion",
            format!("The API version {given} is not known; this service is {version}."),
        )),
        None => Err(missing("Version")),
    }
}

fn decode(text: &str) -> Result<String> {
    let spaced = text.replace('+', " ");
    let decoded =
        percent_decode_str(&spaced).decode_utf8().map_err(|_| malformed("A parameter is not encoded in UTF-8."))?;
    let printable = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    if !decoded.chars().all(printable) {
        // XML 1.0 has no way to send it back.
        return Err(AwsError::new("InvalidCharacter", "A parameter holds a control character."));
    }
    Ok(decoded.into_owned())
}

fn malformed(message: &str) -> AwsError {
    AwsError::new("MalformedQueryString", message)
}

fn missing(name: &str) -> AwsError {
    AwsError::new("MissingParameter", format!("The request must contain the parameter {name}"))
}

/// Reads parameters by name and remembers which were read, so that the rest can be refused.
///
/// A reader may be scoped: the items of a list and the members of a structure are readers themselves, with names
/// relative to theirs.
#[derive(Clone)]
pub(crate) struct Params {
    form: Rc<Form>,
    read: Rc<RefCell<BTreeSet<String>>>,
    prefix: String,
}

impl Params {
    pub fn new(form: &Form) -> Self {
        Self { form: Rc::new(form.clone()), read: Rc::default(), prefix: String::new() }
    }

    fn full(&self, name: &str) -> String {
        match (self.prefix.as_str(), name) {
            ("", name) => name.to_owned(),
            (prefix, "") => prefix.to_owned(),
            (prefix, name) => format!("{prefix}.{name}"),
        }
    }

    /// A parameter that may be absent. With an empty name, the value of the list item itself.
    pub fn optional(&self, name: &str) -> Option<String> {
        let full = self.full(name);
        let value = self.form.get(&full)?.clone();
        self.read.borrow_mut().insert(full);
        Some(value)
    }

    /// A parameter that must be there and not be empty: `MissingParameter`.
    pub fn required(&self, name: &str) -> Result<String> {
        self.optional(name).filter(|value| !value.is_empty()).ok_or_else(|| missing(&self.full(name)))
    }

    /// `true` or `false`, else `InvalidParameterValue`.
    pub fn boolean(&self, name: &str) -> Result<Option<bool>> {
        let parse = |value: String| match value.to_ascii_lowercase().as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(self.invalid(name, &value, "It must be true or false.")),
        };
        self.optional(name).map(parse).transpose()
    }

    /// A whole number, else `InvalidParameterValue`.
    pub fn integer(&self, name: &str) -> Result<Option<i64>> {
        let parse = |value: String| value.parse().map_err(|_| self.invalid(name, &value, "It must be a whole number."));
        self.optional(name).map(parse).transpose()
    }

    /// One of these words, else `InvalidParameterValue`.
    pub fn one_of(&self, name: &str, words: &[&'static str]) -> Result<Option<&'static str>> {
        let Some(value) = self.optional(name) else {
            return Ok(None);
        };
        match words.iter().find(|word| **word == value) {
            Some(word) => Ok(Some(word)),
            None => {
                let why = format!("It must be one of {}.", words.join(", "));
                Err(self.invalid(name, &value, &why))
            }
        }
    }

    /// The items of a list of structures, `NAME.1`, `NAME.2`, …, in order: readers of `NAME.n`.
    pub fn items(&self, name: &str) -> Vec<Self> {
        let head = format!("{}.", self.full(name));
        let numbers: BTreeSet<u32> = self
            .form
            .range(head.clone()..)
            .map_while(|(key, _)| key.strip_prefix(&head))
            .filter_map(|rest| rest.split('.').next()?.parse().ok())
            .collect();
        let scoped = |n| Self { prefix: format!("{head}{n}"), ..self.clone() };
        numbers.into_iter().map(scoped).collect()
    }

    /// A list of plain values: `NAME.1=a&NAME.2=b`.
    pub fn list(&self, name: &str) -> Vec<String> {
        let items = self.items(name);
        items.iter().filter_map(|item| item.optional("")).collect()
    }

    /// The members of a structure, if any member is given.
    pub fn structure(&self, name: &str) -> Option<Self> {
        let prefix = self.full(name);
        let head = format!("{prefix}.");
        let (first, _) = self.form.range(head.clone()..).next()?;
        first.starts_with(&head).then(|| Self { prefix, ..self.clone() })
    }

    /// `InvalidParameterValue` for one of this reader's parameters.
    pub fn invalid(&self, name: &str, value: &str, why: &str) -> AwsError {
        let name = self.full(name);
        AwsError::new("InvalidParameterValue", format!("Value ({value}) for parameter {name} is invalid. {why}"))
    }

    /// `UnknownParameter` when the operation did not read all that was sent. AWS's documented code for a parameter that
    /// an API version does not support; the sandbox never ignores one.
    pub fn refuse_leftovers(&self, operation: &str) -> Result<()> {
        let read = self.read.borrow();
        let left: Vec<&str> = self.form.keys().filter(|name| !read.contains(*name)).map(String::as_str).collect();
        if left.is_empty() {
            return Ok(());
        }
        let names = left.join(", ");
        Err(AwsError::new(
            "UnknownParameter",
            format!("The parameter {names} is not recognized: the sandbox does not simulate it for {operation}."),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(body: &str) -> Result<(String, Form)> {
        let incoming = Incoming {
            content_type: Some("application/x-www-form-urlencoded; charset=utf-8".to_owned()),
            body: body.as_bytes().to_vec(),
            ..Incoming::default()
        };
        read(&incoming, "2016-11-15")
    }

    #[test]
    fn malformed_bodies_are_refused() {
        for (body, code) in [
            ("", "MissingAction"),
            ("Action=&Version=2016-11-15", "MissingAction"),
            ("Action=DescribeVpcs", "MissingParameter"),
            ("Action=DescribeVpcs&Version=2015-01-01", "NoSuchVersion"),
            ("Action=A&Version=2016-11-15&X=1&X=2", "MalformedQueryString"),
            ("Action=A&Version=2016-11-15&X=%FF", "MalformedQueryString"),
            ("Action=A&Version=2016-11-15&X=%01", "InvalidCharacter"),
        ] {
            assert_eq!(parse(body).unwrap_err().code, code, "{body}");
        }
    }

    #[test]
    fn the_reader_knows_what_was_not_read() {
        let body = "Action=A&Version=2016-11-15&Id.2=b&Id.10=c&Id.1=a&Tag.1.Key=k&Tag.1.Value=v%20w&Opt.X=true&Y=1";
        let (_, form) = parse(body).unwrap();
        let params = Params::new(&form);
        assert_eq!(params.list("Id"), ["a", "b", "c"]);
        let tags = params.items("Tag");
        assert_eq!(tags[0].required("Value").unwrap(), "v w");
        let options = params.structure("Opt").unwrap();
        assert_eq!(options.boolean("X").unwrap(), Some(true));
        assert!(params.structure("Other").is_none());

        let error = params.refuse_leftovers("A").unwrap_err();
        assert_eq!(error.code, "UnknownParameter");
        assert!(error.message.contains("Tag.1.Key, Y"), "{}", error.message);
    }
}
