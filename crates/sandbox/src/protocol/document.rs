//! XML documents that come in: bounded, and readable by name. What is not read is refused afterwards.
//!
//! The order of elements is not checked, as SDKs keep to it by themselves.

use std::cell::Cell;
use std::ops::RangeInclusive;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::error::{AwsError, Result};

/// Deeper than any request of any API. What is read walks down by recursion.
const DEEPEST: usize = 32;

/// An element with its content.
#[derive(Debug, Default)]
pub(super) struct Element {
    name: String,
    text: String,
    children: Vec<Element>,
    read: Cell<bool>,
}

impl Element {
    fn starting(start: &BytesStart<'_>) -> Self {
        Self { name: start.name().as_ref().to_owned(), ..Self::default() }
    }

    /// The first element that nobody has read, with the path to it.
    pub fn unread(&self) -> Option<String> {
        if !self.read.get() {
            return Some(self.name.clone());
        }
        self.children.iter().find_map(|child| Some(format!("{}.{}", self.name, child.unread()?)))
    }
}

/// The root of a document, which must have this name and namespace; else what is wrong.
pub(super) fn parse(body: &[u8], root: &str, namespace: &str) -> Result<Element, String> {
    let text = std::str::from_utf8(body).map_err(|_| "it is not encoded in UTF-8".to_owned())?;
    let mut reader = Reader::from_str(text);
    // The first is the document itself.
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(start) => {
                check_attributes(&start, open.len() == 1, namespace)?;
                if open.len() > DEEPEST {
                    return Err("it is too deep".to_owned());
                }
                open.push(Element::starting(&start));
            }
            Event::Empty(empty) => {
                check_attributes(&empty, open.len() == 1, namespace)?;
                let element = Element::starting(&empty);
                open.last_mut().ok_or("it has no root")?.children.push(element);
            }
            Event::Text(part) => say(&mut open, &part)?,
            Event::CData(part) => say(&mut open, &part)?,
            Event::GeneralRef(entity) => {
                // The five of XML and characters by number; there is no other without a document type.
                let escaped = format!("&{};", &*entity);
                let character = quick_xml::escape::unescape(&escaped).map_err(|error| error.to_string())?;
                say(&mut open, &character)?;
            }
            Event::End(_) => {
                let element = open.pop().ok_or("an element ends that has not begun")?;
                open.last_mut().ok_or("an element ends that has not begun")?.children.push(element);
            }
            Event::DocType(_) => return Err("a document type is not allowed".to_owned()),
            Event::Eof => break,
            _ => {}
        }
    }
    let document = open.pop().filter(|_| open.is_empty()).ok_or("an element is not closed")?;
    match <[Element; 1]>::try_from(document.children) {
        Ok([element]) if element.name == root => Ok(element),
        _ => Err(format!("its root is not {root}")),
    }
}

fn say(open: &mut [Element], part: &str) -> Result<(), String> {
    // What XML 1.0 has no way to send back.
    if part.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
        return Err("it holds a control character".to_owned());
    }
    if open.len() == 1 && !part.trim().is_empty() {
        return Err("there is text beside the root".to_owned());
    }
    if let Some(element) = open.last_mut() {
        element.text.push_str(part);
    }
    Ok(())
}

/// The namespace on the root, and nothing else.
fn check_attributes(start: &BytesStart<'_>, is_root: bool, namespace: &str) -> Result<(), String> {
    let mut has_namespace = false;
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        if attribute.key.as_ref() != "xmlns" || &*attribute.value != namespace {
            return Err(format!("the attribute {} is not known", attribute.key.as_ref()));
        }
        has_namespace = true;
    }
    if is_root && !has_namespace { Err(format!("its root is not of {namespace}")) } else { Ok(()) }
}

/// A reader of an element.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node<'a> {
    element: &'a Element,
    /// The service's code for a document that is not as it should be.
    code: &'static str,
}

impl<'a> Node<'a> {
    pub(super) fn new(element: &'a Element, code: &'static str) -> Self {
        element.read.set(true);
        Self { element, code }
    }

    /// The service's error for a document that is not as it should be.
    pub fn invalid(&self, why: impl std::fmt::Display) -> AwsError {
        AwsError::new(self.code, format!("Invalid XML ; {}: {why}", self.element.name))
    }

    /// The content of an element that has no children.
    pub fn text(&self) -> Result<&'a str> {
        if self.element.children.is_empty() { Ok(&self.element.text) } else { Err(self.invalid("it must hold text.")) }
    }

    /// A structure that may be absent.
    pub fn child(&self, name: &str) -> Result<Option<Self>> {
        if !self.element.text.trim().is_empty() {
            return Err(self.invalid("it must not hold text."));
        }
        let mut named = self.element.children.iter().filter(|child| child.name == name);
        let found = named.next().map(|element| Self::new(element, self.code));
        if named.next().is_some() {
            return Err(self.invalid(format!("{name} is given twice.")));
        }
        Ok(found)
    }

    /// A structure that must be there.
    pub fn required_child(&self, name: &str) -> Result<Self> {
        self.child(name)?.ok_or_else(|| self.invalid(format!("{name} is missing.")))
    }

    /// The items of a list of so many; None where the list is not given.
    pub fn list(&self, name: &str, item: &str, lengths: RangeInclusive<usize>) -> Result<Option<Vec<Self>>> {
        let Some(list) = self.child(name)? else {
            return Ok(None);
        };
        let children = &list.element.children;
        if let Some(stray) = children.iter().find(|child| child.name != item) {
            return Err(list.invalid(format!("{} is no {item}.", stray.name)));
        }
        if !lengths.contains(&children.len()) {
            let (least, most) = (lengths.start(), lengths.end());
            return Err(list.invalid(format!("{item} must occur {least} to {most} times.")));
        }
        Ok(Some(children.iter().map(|child| Self::new(child, self.code)).collect()))
    }

    /// The elements of this name, so many of them: a list that has no element of its own.
    pub fn repeated(&self, name: &str, counts: RangeInclusive<usize>) -> Result<Vec<Self>> {
        let named = self.element.children.iter().filter(|child| child.name == name);
        let all: Vec<Self> = named.map(|element| Self::new(element, self.code)).collect();
        if !counts.contains(&all.len()) {
            let (least, most) = (counts.start(), counts.end());
            return Err(self.invalid(format!("{name} must occur {least} to {most} times.")));
        }
        Ok(all)
    }

    /// A text of so many characters that may be absent.
    pub fn optional(&self, name: &str, lengths: RangeInclusive<usize>) -> Result<Option<&'a str>> {
        let Some(child) = self.child(name)? else {
            return Ok(None);
        };
        let text = child.text()?;
        if !lengths.contains(&text.chars().count()) {
            let (least, most) = (lengths.start(), lengths.end());
            return Err(child.invalid(format!("it must be {least} to {most} characters long.")));
        }
        Ok(Some(text))
    }

    /// A text that must be there.
    pub fn required(&self, name: &str, lengths: RangeInclusive<usize>) -> Result<&'a str> {
        self.optional(name, lengths)?.ok_or_else(|| self.invalid(format!("{name} is missing.")))
    }

    /// `true` or `false`.
    pub fn boolean(&self, name: &str) -> Result<Option<bool>> {
        let parse = |text: &str| match text {
            "true" => Ok(true),
            "false" => Ok(false),
            other => Err(self.invalid(format!("{name} is '{other}', and must be true or false."))),
        };
        self.optional(name, 0..=5)?.map(parse).transpose()
    }

    /// A whole number in a range.
    pub fn integer(&self, name: &str, range: RangeInclusive<u32>) -> Result<Option<u32>> {
        let parse = |text: &str| {
            let (least, most) = (range.start(), range.end());
            let number = text.parse().ok().filter(|number| range.contains(number));
            number.ok_or_else(|| self.invalid(format!("{name} is '{text}', and must be {least} to {most}.")))
        };
        self.optional(name, 0..=20)?.map(parse).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NS: &str = "urn:n";

    fn read(document: &str) -> Result<Element, String> {
        parse(document.as_bytes(), "R", NS)
    }

    #[test]
    fn elements_are_read_by_name_and_the_rest_is_known() {
        let body = "<?xml version=\"1.0\"?>\n<!-- c --><R xmlns=\"urn:n\"><A>1 &amp; &#50;<![CDATA[<3>]]></A>\n<L><I>x</I><I/></L>\
                    <N>7</N><B>true</B><Z><Y>left</Y></Z></R>\n";
        let root = read(body).unwrap();
        let node = Node::new(&root, "InvalidInput");
        assert_eq!(node.required("A", 1..=10).unwrap(), "1 & 2<3>");
        let items = node.list("L", "I", 1..=2).unwrap().unwrap();
        assert_eq!(items.iter().map(|item| item.text().unwrap()).collect::<Vec<_>>(), ["x", ""]);
        assert_eq!(node.repeated("N", 1..=1).unwrap().len(), 1);
        assert!(node.repeated("N", 2..=3).is_err());
        assert_eq!(node.integer("N", 0..=7).unwrap(), Some(7));
        assert_eq!(node.boolean("B").unwrap(), Some(true));
        assert_eq!(node.optional("None", 1..=1).unwrap(), None);
        assert_eq!(root.unread().as_deref(), Some("R.Z"));
        assert!(node.child("Z").unwrap().is_some());
        assert_eq!(root.unread().as_deref(), Some("R.Z.Y"));

        for refused in [
            node.required("A", 1..=3).map(drop),
            node.required("None", 0..=1).map(drop),
            node.required("L", 0..=9).map(drop),
            node.integer("N", 0..=6).map(drop),
            node.integer("A", 0..=6).map(drop),
            node.boolean("N").map(drop),
            node.list("L", "J", 0..=9).map(drop),
            node.list("L", "I", 0..=1).map(drop),
            node.list("N", "I", 1..=1).map(drop),
        ] {
            assert_eq!(refused.unwrap_err().code, "InvalidInput");
        }
    }

    #[test]
    fn half_a_document_is_refused_wherever_it_ends() {
        let whole = "<R xmlns=\"urn:n\"><A>1 &amp; <![CDATA[2]]></A><!-- c --><B/></R>";
        assert!(read(whole).is_ok());
        for end in 0..whole.len() {
            assert!(read(&whole[..end]).is_err(), "{}", &whole[..end]);
        }
    }

    #[test]
    fn what_is_no_such_document_is_refused() {
        let deep = format!("<R xmlns=\"urn:n\">{}{}</R>", "<a>".repeat(100), "</a>".repeat(100));
        for body in [
            "",
            "x",
            "<R/>",
            "<R xmlns=\"urn:other\"/>",
            "<S xmlns=\"urn:n\"/>",
            "<R xmlns=\"urn:n\">",
            "<R xmlns=\"urn:n\"><A></R>",
            "<R xmlns=\"urn:n\"/></R>",
            "<R xmlns=\"urn:n\"/><R xmlns=\"urn:n\"/>",
            "<R xmlns=\"urn:n\"/>x",
            "<R xmlns=\"urn:n\" a=\"b\"/>",
            "<R xmlns=\"urn:n\"><A b=\"c\"/></R>",
            "<R xmlns=\"urn:n\"><A b=c/></R>",
            "<R xmlns=\"urn:n\">&unknown;</R>",
            "<R xmlns=\"urn:n\">&#1;</R>",
            "<R xmlns=\"urn:n\">\u{1}</R>",
            "<!DOCTYPE R [<!ENTITY a \"b\">]><R xmlns=\"urn:n\">&a;</R>",
            deep.as_str(),
        ] {
            assert!(read(body).is_err(), "{body}");
        }
        assert!(parse(b"<R xmlns=\"urn:n\">\xff</R>", "R", NS).is_err());
        let twice = read("<R xmlns=\"urn:n\"><A/><A/></R>").unwrap();
        assert!(Node::new(&twice, "InvalidInput").child("A").is_err());
        let mixed = read("<R xmlns=\"urn:n\">x<A/></R>").unwrap();
        assert!(Node::new(&mixed, "InvalidInput").child("A").is_err());
    }
}
