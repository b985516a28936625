//! Typed references between resources, found by walking the serialised spec: no kind lists its edges.

use std::{fmt, marker::PhantomData};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::SerializeMap};
use serde_json::Value;

use crate::{Address, Resource};

/// Points at a resource of kind `K`: one of ours by address, or a live object by id.
///
/// Wishes hold addresses, observations hold ids. Ids that turn out to be ours are rewritten to addresses before the two
/// are compared ([`resolve`]), so nothing unknown is ever compared.
pub struct Ref<K> {
    target: Target,
    kind: PhantomData<fn() -> K>,
}

/// What a [`Ref`] points at, with the kind forgotten.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Target {
    /// A resource of the same stack.
    Address(Address),
    /// A live object, by the id that AWS gave it.
    Id(String),
}

impl Target {
    /// What a name is made of: the name of ours, else the id.
    pub fn label(&self) -> &str {
        match self {
            Target::Address(address) => address.name(),
            Target::Id(id) => id,
        }
    }
}

impl<K: Resource> Ref<K> {
    /// The resource `name` of the same stack.
    pub fn to(name: &str) -> Self {
        Ref { target: Target::Address(Address::new(K::NAME, name)), kind: PhantomData }
    }
}

/// What is a `K` belongs to the wider `Wider` as well: a VPC attachment is an attachment. `Wider` is only a name in types.
pub trait Is<Wider>: Resource {}

impl<K> Ref<K> {
    /// The same target, seen as one of a wider kind.
    pub fn widen<Wider>(self) -> Ref<Wider>
    where
        K: Is<Wider>,
    {
        Ref { target: self.target, kind: PhantomData }
    }

    /// A live object.
    pub fn id(id: impl Into<String>) -> Self {
        Ref { target: Target::Id(id.into()), kind: PhantomData }
    }

    /// What it points at.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// See [`Target::label`].
    pub fn label(&self) -> &str {
        self.target.label()
    }
}

impl<K> Clone for Ref<K> {
    fn clone(&self) -> Self {
        Ref { target: self.target.clone(), kind: PhantomData }
    }
}
impl<K> PartialEq for Ref<K> {
    fn eq(&self, other: &Self) -> bool {
        self.target == other.target
    }
}
impl<K> Eq for Ref<K> {}
impl<K> PartialOrd for Ref<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Ref<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.target.cmp(&other.target)
    }
}
impl<K> fmt::Debug for Ref<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.target)
    }
}

const ADDRESS: &str = "$ref";
const ID: &str = "$id";

impl<K> Serialize for Ref<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        match &self.target {
            Target::Address(address) => map.serialize_entry(ADDRESS, address)?,
            Target::Id(id) => map.serialize_entry(ID, id)?,
        }
        map.end()
    }
}

impl<'de, K> Deserialize<'de> for Ref<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let target = target(&value).ok_or_else(|| D::Error::custom("not a reference"))?;
        Ok(Ref { target, kind: PhantomData })
    }
}

fn target(value: &Value) -> Option<Target> {
    let map = value.as_object().filter(|map| map.len() == 1)?;
    match (map.get(ADDRESS), map.get(ID)) {
        (Some(Value::String(address)), _) => Address::parse(address).ok().map(Target::Address),
        (_, Some(Value::String(id))) => Some(Target::Id(id.clone())),
        _ => None,
    }
}

/// Every reference in a serialised spec.
pub fn collect(spec: &Value) -> Vec<Target> {
    fn walk(value: &Value, found: &mut Vec<Target>) {
        if let Some(target) = target(value) {
            return found.push(target);
        }
        match value {
            Value::Object(map) => map.values().for_each(|v| walk(v, found)),
            Value::Array(items) => items.iter().for_each(|v| walk(v, found)),
            _ => {}
        }
    }
    let mut found = vec![];
    walk(spec, &mut found);
    found
}

/// Rewrites the ids that `address_of` knows into addresses. What has no order must be a set in the spec: the order of
/// addresses is not the order of ids.
pub fn resolve(spec: &mut Value, address_of: &impl Fn(&str) -> Option<Address>) {
    match spec {
        Value::Object(map) => {
            let known = map.get(ID).and_then(Value::as_str).and_then(address_of);
            match known {
                Some(address) => {
                    map.clear();
                    map.insert(ADDRESS.into(), address.as_str().into());
                }
                None => map.values_mut().for_each(|v| resolve(v, address_of)),
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|v| resolve(v, address_of)),
        _ => {}
    }
}
