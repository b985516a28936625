//! The YAML of one file as a tree that knows where everything stands.
//!
//! serde-saphyr reads; this module only keeps what its visitor shows: position, tag, spelling. A tree between the parser and
//! the typed schema is what lets one run report every mistake of a file instead of the first.

use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{DuplicateKeyPolicy, MergeKeyPolicy, Spanned, Tagged};

use super::fault::Shape;
use super::read::MAX_MISTAKES;
use super::source::{Source, Span};

/// The mark of an invented value, to be replaced by what the hearing says.
pub const SAMPLE_TAG: &str = "!sample";

/// A node.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub span: Span,
    /// The node, or one around it, is marked `!sample`.
    pub sample: bool,
    pub kind: Kind,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Null,
    Scalar { text: String, quoted: bool },
    Sequence(Vec<Node>),
    Mapping { entries: Vec<Entry>, removed: Vec<String> },
}

impl Kind {
    /// Where the last of what it holds ends; 0 when that is nothing.
    fn end(&self) -> u32 {
        let last = match self {
            Kind::Sequence(items) => items.last(),
            Kind::Mapping { entries, .. } => entries.last().map(|entry| &entry.value),
            Kind::Null | Kind::Scalar { .. } => None,
        };
        last.map_or(0, |last| last.span.end)
    }
}

#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub key: Node,
    pub value: Node,
}

/// What the parser has to say against a file, or what no reading of it may contain.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Complaint {
    /// Not YAML, or beyond the limits of size and nesting. The parser's own English words.
    Syntax { message: String, span: Span },
    /// A key twice in one block.
    DuplicateKey { key: String, span: Span, first: Span },
    /// A tag other than `!sample`.
    UnknownTag { tag: String, span: Span },
}

impl Node {
    /// Reads a file. What is wrong goes to `complaints`; a tree comes out whenever the text is YAML at all.
    pub fn read(source: &Source, complaints: &mut Vec<Complaint>) -> Option<Node> {
        let options = serde_saphyr::options! {
            budget: serde_saphyr::budget! {
                max_events: 200_000,
                max_nodes: 100_000,
                // The format needs seven levels; a frame of the parser is large, and threads have small stacks.
                max_depth: 12,
                max_documents: 1,
                max_aliases: 100,
                max_anchors: 100,
            },
            alias_limits: serde_saphyr::alias_limits! {
                max_total_replayed_events: 20_000,
                max_replay_stack_depth: 8,
                max_alias_expansions_per_anchor: 100,
            },
            // The tree reports every duplicate, with both places; the parser would stop at the first.
            duplicate_keys: DuplicateKeyPolicy::PassThrough,
            // A file that merges blocks hides what a municipality gets.
            merge_keys: MergeKeyPolicy::AsOrdinary,
            with_snippet: false,
        };
        match serde_saphyr::from_str_with_options::<Raw>(&source.text, options) {
            Ok(raw) => Some(raw.into_node(source, false, complaints)),
            Err(error) => {
                let at = error.location().map(|at| source.offset(at.line() as usize, at.column() as usize));
                let start = at.unwrap_or_default();
                let message = error.render_with_formatter(&serde_saphyr::UserMessageFormatter);
                // The place is shown by us; the first line is the reason.
                let message = message.lines().next().unwrap_or_default();
                let message = message.split(" at line ").next().unwrap_or_default().to_owned();
                complaints.push(Complaint::Syntax { message, span: Span::new(start, start) });
                None
            }
        }
    }

    /// The kind of node, for messages.
    pub fn shape(&self) -> Shape {
        match &self.kind {
            Kind::Null => Shape::Null,
            Kind::Scalar { text, quoted: false } if text == "true" || text == "false" => Shape::Boolean,
            Kind::Scalar { text, quoted: false } if is_whole(text) => Shape::Number,
            Kind::Scalar { .. } => Shape::Scalar,
            Kind::Sequence(_) => Shape::Sequence,
            Kind::Mapping { .. } => Shape::Mapping,
        }
    }

    /// The node at a path of child indices.
    pub fn descend(&mut self, path: &[usize]) -> Option<&mut Node> {
        path.iter().try_fold(self, |node, &index| match &mut node.kind {
            Kind::Sequence(items) => items.get_mut(index),
            Kind::Mapping { entries, .. } => entries.get_mut(index).map(|entry| &mut entry.value),
            Kind::Null | Kind::Scalar { .. } => None,
        })
    }

    /// Takes the child at `index` out. A mapping remembers the key, and the key that was meant, so that its absence is not
    /// reported on top.
    pub fn remove(&mut self, index: usize, meant: Option<&str>) {
        match &mut self.kind {
            Kind::Sequence(items) if index < items.len() => {
                items.remove(index);
            }
            Kind::Mapping { entries, removed } if index < entries.len() => {
                if let Kind::Scalar { text, .. } = entries.remove(index).key.kind {
                    removed.push(text);
                }
                removed.extend(meant.map(str::to_owned));
            }
            _ => {}
        }
    }
}

/// Bytes of a flow container on one line, of which the last value ends at `filled`; `None` for a block, and for one that goes on.
fn flow_length(line: &str, filled: usize) -> Option<usize> {
    let close = match line.bytes().next()? {
        b'[' => ']',
        b'{' => '}',
        _ => return None,
    };
    let filled = filled.max(1);
    Some(filled + line.get(filled..)?.find(close)? + 1)
}

/// A whole number of any size.
fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// What serde-saphyr's visitor shows, before spellings are looked up in the text.
struct Raw {
    value: RawKind,
    tag: Option<String>,
    /// Where it is used, and where it is defined: an alias has two places.
    used: (u64, u64),
    defined: (u64, u64),
}

enum RawKind {
    Null,
    /// A number or boolean: the text has its spelling.
    Plain,
    Text(String),
    Sequence(Vec<Raw>),
    Mapping(Vec<(RawKey, Raw)>),
}

/// What goes on for ever is not gone on with.
fn complain(complaints: &mut Vec<Complaint>, complaint: impl FnOnce() -> Complaint) {
    if complaints.len() < MAX_MISTAKES {
        complaints.push(complaint());
    }
}

impl Raw {
    fn into_node(self, source: &Source, sample: bool, complaints: &mut Vec<Complaint>) -> Node {
        let span = |(start, len): (u64, u64)| Span::new(start as u32, (start + len) as u32);
        let (used, defined) = (span(self.used), span(self.defined));
        let sample = match self.tag.as_deref() {
            None => sample,
            Some(SAMPLE_TAG) => true,
            Some(tag) => {
                if !tag.starts_with("tag:yaml.org,2002:") {
                    complain(complaints, || Complaint::UnknownTag { tag: tag.to_owned(), span: used });
                }
                sample
            }
        };
        let spelling = source.slice(defined);
        let kind = match self.value {
            RawKind::Null => Kind::Null,
            RawKind::Plain => Kind::Scalar { text: spelling.to_owned(), quoted: false },
            RawKind::Text(text) => Kind::Scalar { quoted: spelling.starts_with(['"', '\'']), text },
            RawKind::Sequence(items) => {
                Kind::Sequence(items.into_iter().map(|item| item.into_node(source, sample, complaints)).collect())
            }
            RawKind::Mapping(pairs) => {
                let mut entries: Vec<Entry> = Vec::with_capacity(pairs.len());
                let mut seen: HashMap<Option<String>, Span> = HashMap::new();
                for (RawKey(key), value) in pairs {
                    let key = key.into_node(source, false, complaints);
                    let value = value.into_node(source, sample, complaints);
                    let name = match &key.kind {
                        Kind::Scalar { text, .. } => Some(Some(text.clone())),
                        Kind::Null => Some(None),
                        Kind::Sequence(_) | Kind::Mapping { .. } => None,
                    };
                    let first = name.as_ref().and_then(|name| seen.get(name).copied());
                    match first {
                        Some(first) => complain(complaints, || Complaint::DuplicateKey {
                            key: source.slice(key.span).to_owned(),
                            span: key.span,
                            first,
                        }),
                        None => {
                            seen.extend(name.map(|name| (name, key.span)));
                            entries.push(Entry { key, value });
                        }
                    }
                }
                Kind::Mapping { entries, removed: Vec::new() }
            }
        };
        // The parser gives a container no length; a flow container is shown up to its bracket, a block by its first line.
        let span = match &kind {
            Kind::Sequence(_) | Kind::Mapping { .. } => {
                let rest = source.text.get(used.start as usize..).unwrap_or_default();
                let line = rest.split('\n').next().unwrap_or_default().trim_end();
                let length = flow_length(line, kind.end().saturating_sub(used.start) as usize);
                Span::new(used.start, used.start + length.unwrap_or(line.len()) as u32)
            }
            Kind::Null | Kind::Scalar { .. } => used,
        };
        Node { span, sample, kind }
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Spanned { value: Tagged(value, tag), referenced, defined } =
            Spanned::<Tagged<RawKind>>::deserialize(deserializer)?;
        Ok(Raw { value, tag, used: bytes(referenced), defined: bytes(defined) })
    }
}

/// A key. Nobody tags a key, and asking the parser for tags costs as much as reading.
struct RawKey(Raw);

impl<'de> Deserialize<'de> for RawKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Spanned { value, referenced, defined } = Spanned::<RawKind>::deserialize(deserializer)?;
        Ok(RawKey(Raw { value, tag: None, used: bytes(referenced), defined: bytes(defined) }))
    }
}

/// First byte and length of a place.
fn bytes(place: serde_saphyr::Location) -> (u64, u64) {
    let span = place.span();
    (span.byte_offset().unwrap_or_default(), span.byte_len().unwrap_or_default())
}

impl<'de> Deserialize<'de> for RawKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyNode)
    }
}

struct AnyNode;

impl<'de> Visitor<'de> for AnyNode {
    type Value = RawKind;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("YAML")
    }
    fn visit_unit<E>(self) -> Result<RawKind, E> {
        Ok(RawKind::Null)
    }
    fn visit_none<E>(self) -> Result<RawKind, E> {
        Ok(RawKind::Null)
    }
    fn visit_bool<E>(self, _: bool) -> Result<RawKind, E> {
        Ok(RawKind::Plain)
    }
    fn visit_i64<E>(self, _: i64) -> Result<RawKind, E> {
        Ok(RawKind::Plain)
    }
    fn visit_u64<E>(self, _: u64) -> Result<RawKind, E> {
        Ok(RawKind::Plain)
    }
    fn visit_i128<E>(self, _: i128) -> Result<RawKind, E> {
        Ok(RawKind::Plain)
    }
    fn visit_u128<E>(self, _: u128) -> Result<RawKind, E> {
        Ok(RawKind::Plain)
    }
    fn visit_f64<E>(self, _: f64) -> Result<RawKind, E> {
        Ok(RawKind::Plain)
    }
    fn visit_str<E>(self, text: &str) -> Result<RawKind, E> {
        Ok(RawKind::Text(text.to_owned()))
    }
    fn visit_string<E>(self, text: String) -> Result<RawKind, E> {
        Ok(RawKind::Text(text))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<RawKind, A::Error> {
        let mut sequence = Vec::new();
        while let Some(item) = items.next_element()? {
            sequence.push(item);
        }
        Ok(RawKind::Sequence(sequence))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<RawKind, A::Error> {
        let mut mapping = Vec::new();
        while let Some(pair) = pairs.next_entry()? {
            mapping.push(pair);
        }
        Ok(RawKind::Mapping(mapping))
    }
}
