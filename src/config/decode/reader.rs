//! One node as serde sees it.

use serde::de::{self, Visitor};

use super::access::{Entries, Items, Positioned, Variant};
use super::{Error, Reason, choice};
use crate::config::at::MARKER;
use crate::config::fault::{Fault, Shape};
use crate::config::node::{Entry, Kind, Node};

#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) node: &'a Node,
}

impl<'a> Reader<'a> {
    pub(super) fn wrong(self, expected: Shape) -> Error {
        let reason = match self.node.kind {
            Kind::Null if self.node.span.start == self.node.span.end => Reason::Empty,
            _ => Reason::Fault(Fault::Type { expected, found: self.node.shape() }),
        };
        Error::new(reason).at(self.node.span)
    }

    pub(super) fn scalar(self) -> Result<&'a str, Error> {
        match &self.node.kind {
            Kind::Scalar { text, .. } => Ok(text),
            _ => Err(self.wrong(Shape::Scalar)),
        }
    }

    fn number(self) -> Result<u64, Error> {
        let plain = match (&self.node.kind, self.node.shape()) {
            // Below zero or of too many digits: out of the range of whatever is asked for, which says so itself.
            (Kind::Scalar { text, .. }, Shape::Number) => Some(text.parse().unwrap_or(u64::MAX)),
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
