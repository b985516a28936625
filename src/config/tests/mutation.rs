//! No input makes the loader panic, hang, or lose a mistake silently.

use std::path::Path;

use proptest::prelude::*;

use crate::config::source::Source;
use crate::config::{Fleet, Purpose};
use crate::report::Lang;
use crate::report::{
    Style,
    diagnostics::{Report, render},
};

pub(super) fn itano() -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("municipalities/itano.yaml")).unwrap()
}

/// Reads, checks and renders in both languages, as `validate` does.
fn validate(text: String) {
    let fleet = Fleet::from_sources(vec![Source::new("itano.yaml", text)]);
    let findings = fleet.check(Purpose::RealAccount);
    assert!(fleet.city("itano").is_ok() || !findings.is_empty(), "a file was refused without a word");
    for finding in &findings {
        for lang in [Lang::Ja, Lang::En] {
            assert!(render(finding, Style { lang, color: true, width: 120 }).contains(finding.code.as_str()));
        }
    }
    serde_json::to_string(&Report::new(&findings)).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// Bytes of a valid file overwritten, inserted and removed.
    #[test]
    fn no_mutation_panics(edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..3), 1..12)) {
        let mut bytes = itano();
        for (index, byte, edit) in edits {
            let at = index.index(bytes.len());
            match edit {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => { bytes.remove(at); }
            }
        }
        validate(String::from_utf8_lossy(&bytes).into_owned());
    }

    /// Whole lines gone, doubled or indented elsewhere: what an editor does to a file.
    #[test]
    fn no_edit_of_lines_panics(edits in prop::collection::vec((any::<prop::sample::Index>(), 0u8..4), 1..6)) {
        let text = String::from_utf8(itano()).unwrap();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for (index, edit) in edits {
            let at = index.index(lines.len());
            let line = lines[at].clone();
            match edit {
                0 => { lines.remove(at); }
                1 => lines.insert(at, line),
                2 => lines[at] = format!("  {line}"),
                _ => lines[at] = line.trim_start().to_owned(),
            }
        }
        validate(lines.join("\n"));
    }
}

/// The text of YAML's billion laughs, deep nesting, and files that never end.
#[test]
fn bombs_are_refused_quickly() {
    let laughs = (1..12).fold("a0: &a0 [x, x, x, x, x, x, x, x]\n".to_owned(), |text, n| {
        let m = n - 1;
        text + &format!("a{n}: &a{n} [*a{m}, *a{m}, *a{m}, *a{m}, *a{m}, *a{m}, *a{m}, *a{m}]\n")
    });
    let bombs = [laughs, "[".repeat(100_000), "a: {".repeat(50_000), "- ".repeat(200_000), "a: 1\n".repeat(400_000)];
    for bomb in bombs {
        let start = std::time::Instant::now();
        validate(bomb);
        assert!(start.elapsed().as_secs() < 10);
    }
}
