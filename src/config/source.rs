//! One file of the fleet: its text, its digest, and places in it.

use std::ops::Range;
use std::sync::Arc;

use sha2::{Digest, Sha256};

/// A file that was read, with what is needed to point into it.
#[derive(Debug)]
pub struct Source {
    /// The path as the operator would write it, for messages.
    pub name: String,
    /// The file's stem, which must equal `municipality.key`.
    pub stem: String,
    /// The whole text.
    pub text: String,
    /// SHA-256 of the bytes, lower-case hex: a saved plan names the file that it was made from.
    pub sha256: String,
    line_starts: Vec<u32>,
}

impl Source {
    /// Wraps a text. `name` is the path for messages; the stem is what follows its last `/`, without `.yaml`.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        let name = name.into();
        let text = text.into();
        let file = name.rsplit(['/', '\\']).next().unwrap_or(&name);
        let stem = file.strip_suffix(".yaml").or_else(|| file.strip_suffix(".yml")).unwrap_or(file).to_owned();
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at as u32 + 1)).collect();
        Arc::new(Self { sha256: hex(&Sha256::digest(text.as_bytes())), name, stem, text, line_starts })
    }

    /// The text of a span; empty when the span does not lie in this file.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// Line and column of a byte offset, both from 1, the column in characters.
    pub fn line_column(&self, offset: u32) -> (usize, usize) {
        let line = self.line_starts.partition_point(|&start| start <= offset);
        let start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let before = self.text.get(start as usize..offset as usize).unwrap_or_default();
        (line, before.chars().count() + 1)
    }

    /// The byte offset of a line and column that both count from 1, the column in characters; the end of the line when it
    /// is shorter.
    pub fn offset(&self, line: usize, column: usize) -> u32 {
        let Some(&start) = self.line_starts.get(line.saturating_sub(1)) else {
            return self.text.len() as u32;
        };
        let rest = self.text.get(start as usize..).unwrap_or_default();
        let rest = rest.split('\n').next().unwrap_or_default();
        let width = rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at);
        start + width as u32
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A stretch of one file, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// First byte after.
    pub end: u32,
}

impl Span {
    /// A span from byte offsets; an end before the start is taken as the start.
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end: end.max(start) }
    }

    /// As a range for slicing.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A span and the file that it lies in.
#[derive(Debug, Clone)]
pub struct Place {
    /// The file.
    pub source: Arc<Source>,
    /// The bytes in it.
    pub span: Span,
}

impl Place {
    /// A place in a file.
    pub fn new(source: &Arc<Source>, span: Span) -> Self {
        Self { source: Arc::clone(source), span }
    }

    /// Line and column, from 1.
    pub fn line_column(&self) -> (usize, usize) {
        self.source.line_column(self.span.start)
    }

    /// The text there.
    pub fn text(&self) -> &str {
        self.source.slice(self.span)
    }
}
