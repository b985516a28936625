//! The parts of a node as serde asks for them: items, entries, variants.

use serde::de::value::{StrDeserializer, U32Deserializer};
use serde::de::{self, DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor};

use super::reader::Reader;
use super::{Error, Reason};
use crate::config::fault::{Fault, Shape};
use crate::config::node::{Entry, Node};
use crate::config::source::Span;

/// Position, sample mark and value of one node, for [`super::at::At`].
pub(super) struct Positioned<'a> {
    pub(super) node: &'a Node,
    pub(super) part: u8,
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

pub(super) struct Items<'a> {
    pub(super) items: &'a [Node],
    pub(super) next: usize,
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

pub(super) struct Entries<'a> {
    pub(super) entries: &'a [Entry],
    pub(super) next: usize,
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
pub(super) struct Variant<'a> {
    pub(super) name: &'a str,
    pub(super) span: Span,
    pub(super) content: Option<&'a Node>,
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
