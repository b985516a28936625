//! From the tree to the typed schema: an ordinary serde deserializer that reports every mistake, not only the first.
//!
//! serde stops at an error. So the node that is wrong is noted, taken out of the tree, and the rest is read again; a block
//! that is incomplete only because one of its keys was taken out goes without a word. A file of n mistakes is read n + 1
//! times, a healthy file once.

use std::fmt;

use serde::de::value::{StrDeserializer, U32Deserializer};
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::at::MARKER;
use super::fault::{Fault, Shape};
use super::node::{Entry, Kind, Node};
use super::problem::nearest;
use super::source::Span;

/// A mistake that keeps a part of the file from being read as the schema wants it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mistake {
    pub span: Span,
    pub reason: Reason,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reason {
    /// A scalar that is not what its key asks for.
    Fault(Fault),
    /// A key that the block must have.
    MissingKey { key: &'static str },
    /// A key that the block does not know.
    UnknownKey { key: String, known: &'static [&'static str] },
    /// A key without a value.
    Empty,
    /// Anything else that serde may say; no schema type of ours says it.
    Other(String),
}

/// Reads the tree as `T`. The tree loses what is wrong. `None` when what is left is not a whole `T`.
pub(super) fn decode<T: DeserializeOwned>(root: &mut Node) -> (Option<T>, Vec<Mistake>) {
    let mut mistakes = Vec::new();
    loop {
        let error = match T::deserialize(Reader { node: root }) {
            Ok(value) => return (Some(value), mistakes),
            Err(error) => error,
        };
        let mut path: Vec<usize> = error.path.into_iter().rev().collect();
        let follows = match (&error.reason, root.descend(&path)) {
            (Reason::MissingKey { key }, Some(Node { kind: Kind::Mapping { removed, .. }, .. })) => {
                removed.iter().any(|gone| gone == key)
            }
            _ => false,
        };
        if !follows {
            mistakes.push(Mistake { span: error.span.unwrap_or(root.span), reason: error.reason });
        }
        let Some(last) = path.pop() else {
            return (None, mistakes);
        };
        // A misspelt key explains the missing one.
        let meant = match mistakes.last() {
            Some(Mistake { reason: Reason::UnknownKey { key, known }, .. }) if !follows => {
                nearest(key, known.iter().copied())
            }
            _ => None,
        };
        match root.descend(&path) {
            Some(parent) => parent.remove(last, meant),
            None => return (None, mistakes),
        }
    }
}

/// Carries a [`Fault`] through `serde::de::Error::custom`, which takes nothing but text.
pub(super) fn wire(fault: &Fault) -> String {
    // A fault is plain data, so that serialising cannot fail; the text of last resort is still true.
    serde_json::to_string(fault).map_or_else(|_| "wrong value".to_owned(), |json| format!("{WIRE}{json}"))
}

/// No message of serde starts with this.
const WIRE: &str = "\u{1}fault:";

#[derive(Debug)]
struct Error {
    reason: Reason,
    span: Option<Span>,
    /// Child indices, innermost first.
    path: Vec<usize>,
}

impl Error {
    fn new(reason: Reason) -> Self {
        Self { reason, span: None, path: Vec::new() }
    }
    fn at(mut self, span: Span) -> Self {
        self.span.get_or_insert(span);
        self
    }
    fn under(mut self, index: usize) -> Self {
        self.path.push(index);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.reason)
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        let message = message.to_string();
        let fault = message.strip_prefix(WIRE).and_then(|json| serde_json::from_str(json).ok());
        Error::new(fault.map_or(Reason::Other(message), Reason::Fault))
    }
    fn missing_field(field: &'static str) -> Self {
        Error::new(Reason::MissingKey { key: field })
    }
    fn unknown_field(key: &str, known: &'static [&'static str]) -> Self {
        Error::new(Reason::UnknownKey { key: key.to_owned(), known })
    }
    fn unknown_variant(variant: &str, allowed: &'static [&'static str]) -> Self {
        Error::new(Reason::Fault(choice(variant, allowed)))
    }
}

fn choice(text: &str, allowed: &[&str]) -> Fault {
    Fault::Choice {
        allowed: allowed.iter().map(|&name| name.to_owned()).collect(),
        suggestion: nearest(text, allowed.iter().copied()).map(str::to_owned),
    }
}

#[derive(Clone, Copy)]
struct Reader<'a> {
    node: &'a Node,
}

impl<'a> Reader<'a> {
    fn wrong(self, expected: Shape) -> Error {
        let reason = match self.node.kind {
            Kind::Null if self.node.span.start == self.node.span.end => Reason::Empty,
            _ => Reason::Fault(Fault::Type { expected, found: self.node.shape() }),
        };
        Error::new(reason).at(self.node.span)
    }

    fn scalar(self) -> Result<&'a str, Error> {
        match &self.node.kind {
            Kind::Scalar { text, .. } => Ok(text),
            _ => Err(self.wrong(Shape::Scalar)),
        }
    }

    fn number(self) -> Result<u64, Error> {
        let plain = match &self.node.kind {
            Kind::Scalar { text, quoted: false } => text.parse().ok(),
            _ => None,
        };
        plain.ok_or_else(|| self.wrong(Shape::Number))
    }

    fn mapping(self) -> Result<&'a [Entry], Error> {
        match &self.node.kind {
            Kind::Mapping { entries, .. } => Ok(entries),
            _ => Err(self.wrong(Shape::Mapping)),
        }
    }

    fn bounded<'de, V: Visitor<'de>>(self, max: u64, visitor: V) -> Result<V::Value, Error> {
        let number = self.number()?;
        if number > max {
            return Err(Error::new(Reason::Fault(Fault::Range { min: 0, max })).at(self.node.span));
        }
        visitor.visit_u64(number).map_err(|error: Error| error.at(self.node.span))
    }
}

macro_rules! numbers {
    ($($method:ident => $max:expr),*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.bounded($max, visitor)
        })*
    };
}

impl<'de> de::Deserializer<'de> for Reader<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.node.kind {
            Kind::Null => visitor.visit_unit(),
            Kind::Scalar { .. } => self.deserialize_str(visitor),
            Kind::Sequence(_) => self.deserialize_seq(visitor),
            Kind::Mapping { .. } => self.deserialize_map(visitor),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.scalar()?).map_err(|error: Error| error.at(self.node.span))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.node.kind {
            Kind::Scalar { text, quoted: false } if text == "true" || text == "false" => {
                visitor.visit_bool(text == "true")
            }
            _ => Err(self.wrong(Shape::Boolean)),
        }
    }

    numbers! {
        deserialize_u8 => u8::MAX.into(),
        deserialize_u16 => u16::MAX.into(),
        deserialize_u32 => u32::MAX.into(),
        deserialize_u64 => u64::MAX
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.node.kind {
            // `dns:` with nothing after it looks chosen but would not be built; only a written `null` means none.
            Kind::Null if self.node.span.start == self.node.span.end => Err(self.wrong(Shape::Null)),
            Kind::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        if name == MARKER {
            return visitor.visit_seq(Positioned { node: self.node, part: 0 });
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.node.kind {
            Kind::Sequence(items) => visitor.visit_seq(Items { items, next: 0 }),
            _ => Err(self.wrong(Shape::Sequence)),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(Entries { entries: self.mapping()?, next: 0 }).map_err(|error| error.at(self.node.span))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let entries = self.mapping()?;
        // Before the values: a misspelt key explains the missing one.
        for (index, Entry { key, .. }) in entries.iter().enumerate() {
            let name = Reader { node: key }.scalar().map_err(|error| error.under(index))?;
            if !fields.contains(&name) {
                return Err(<Error as de::Error>::unknown_field(name, fields).at(key.span).under(index));
            }
        }
        visitor.visit_map(Entries { entries, next: 0 }).map_err(|error| error.at(self.node.span))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match &self.node.kind {
            Kind::Scalar { text, .. } => {
                visitor.visit_enum(Variant { name: text, span: self.node.span, content: None })
            }
            Kind::Mapping { entries, .. } => match entries.as_slice() {
                [Entry { key, value }] => {
                    let name = Reader { node: key }.scalar()?;
                    visitor.visit_enum(Variant { name, span: key.span, content: Some(value) })
                }
                _ => Err(Error::new(Reason::Fault(choice("", variants)))),
            },
            _ => Err(Error::new(Reason::Fault(choice("", variants)))),
        }
        .map_err(|error| error.at(self.node.span))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct
    }
}

/// Position, sample mark and value of one node, for [`super::at::At`].
struct Positioned<'a> {
    node: &'a Node,
    part: u8,
}

impl<'de> SeqAccess<'de> for Positioned<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let part = self.part;
        self.part += 1;
        let number = |number: u32| -> U32Deserializer<Error> { number.into_deserializer() };
        match part {
            0 => seed.deserialize(number(self.node.span.start)).map(Some),
            1 => seed.deserialize(number(self.node.span.end)).map(Some),
            2 => seed.deserialize(number(self.node.sample.into())).map(Some),
            3 => seed.deserialize(Reader { node: self.node }).map(Some),
            _ => Ok(None),
        }
    }
}

struct Items<'a> {
    items: &'a [Node],
    next: usize,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let index = self.next;
        let Some(node) = self.items.get(index) else { return Ok(None) };
        self.next += 1;
        seed.deserialize(Reader { node }).map(Some).map_err(|error| error.at(node.span).under(index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len() - self.next)
    }
}

struct Entries<'a> {
    entries: &'a [Entry],
    next: usize,
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let index = self.next;
        let Some(Entry { key, .. }) = self.entries.get(index) else { return Ok(None) };
        self.next += 1;
        seed.deserialize(Reader { node: key }).map(Some).map_err(|error| error.at(key.span).under(index))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let index = self.next.saturating_sub(1);
        let Some(Entry { key, value }) = self.entries.get(index) else {
            return Err(Error::new(Reason::Other("a value without a key".to_owned())));
        };
        seed.deserialize(Reader { node: value }).map_err(|error| {
            // A block is shown by its key: its own first line says less.
            let whole = matches!(error.reason, Reason::MissingKey { .. } | Reason::Empty) && error.path.is_empty();
            let error = if whole { Error { span: Some(key.span), ..error } } else { error };
            error.at(value.span).under(index)
        })
    }
}

/// A variant of an enum, with what follows its name.
struct Variant<'a> {
    name: &'a str,
    span: Span,
    content: Option<&'a Node>,
}

impl<'a, 'de> EnumAccess<'de> for Variant<'a> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let name: StrDeserializer<'a, Error> = self.name.into_deserializer();
        let value = seed.deserialize(name).map_err(|error| error.at(self.span))?;
        Ok((value, self))
    }
}

impl Variant<'_> {
    fn content(&self) -> Result<&Node, Error> {
        let wrong = || Error::new(Reason::Fault(Fault::Type { expected: Shape::Mapping, found: Shape::Scalar }));
        self.content.ok_or_else(|| wrong().at(self.span))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        match self.content {
            None => Ok(()),
            Some(node) => Err(Reader { node }.wrong(Shape::Null)),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        let node = self.content()?;
        // The content is the only entry of the mapping.
        seed.deserialize(Reader { node }).map_err(|error| error.at(node.span).under(0))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        let node = self.content()?;
        de::Deserializer::deserialize_seq(Reader { node }, visitor).map_err(|error| error.at(node.span).under(0))
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        let node = self.content()?;
        de::Deserializer::deserialize_struct(Reader { node }, "", fields, visitor)
            .map_err(|error| error.at(node.span).under(0))
    }
}
