//! Files that are made to be too much for a reader. Each ends within its bounds and is a finding, never a panic or a hang.

use super::mutation::itano;
use crate::config::problem::{Finding, Problem, Severity};
use crate::config::{Fleet, MAX_BYTES, MAX_MISTAKES, Purpose};

fn found(text: impl Into<Vec<u8>>) -> Vec<Finding> {
    let bytes = text.into();
    assert!(bytes.len() as u64 <= MAX_BYTES, "the bound on bytes would hide the others");
    Fleet::from_bytes(vec![("itano.yaml".into(), bytes)]).check(Purpose::Validate)
}

/// Which of the bounds stopped it.
fn is_syntax(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| matches!(finding.problem, Problem::Syntax { .. }))
}

#[test]
fn what_unfolds_is_not_unfolded() {
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..10 {
        let last = format!("*a{}", n - 1);
        laughs.push_str(&format!("a{n}: &a{n} [{}]\n", [last.as_str(); 10].join(", ")));
    }
    assert!(is_syntax(&found(laughs)));
    let aliases = format!("a: &a x\nb: [{}]\n", "*a, ".repeat(1000));
    assert!(is_syntax(&found(aliases)));
    assert!(is_syntax(&found("a: &a [*a]\n")), "an anchor within itself");
}

#[test]
fn what_is_deep_is_not_entered() {
    for (open, close) in [("[", "]"), ("{a: ", "}")] {
        for deep in [13, 1000, 20_000] {
            assert!(is_syntax(&found(format!("a: {}{}", open.repeat(deep), close.repeat(deep)))), "{open} {deep}");
        }
    }
    let blocks: String = (0..400).map(|n| format!("{}a:\n", " ".repeat(n))).collect();
    assert!(is_syntax(&found(blocks)));
    assert!(is_syntax(&found("- ".repeat(1000))));
}

#[test]
fn what_is_wrong_a_thousand_times_is_told_a_hundred_times() {
    let unknown: String = (0..5000).map(|n| format!("k{n}: 1\n")).collect();
    let twice = "a: 1\n".repeat(20_000);
    let tagged: String = (0..5000).map(|n| format!("k{n}: !odd 1\n")).collect();
    let items = format!("{}asps:\n{}", String::from_utf8(itano()).unwrap(), "- 1\n".repeat(5000));
    for text in [unknown, twice, tagged, items] {
        let findings = found(text);
        let told = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
        assert!((1..=2 * MAX_MISTAKES + 1).contains(&told), "{told}");
    }
    let findings = found((0..5000).map(|n| format!("k{n}: 1\n")).collect::<String>());
    assert!(findings.iter().any(|finding| matches!(finding.problem, Problem::TooManyMistakes { .. })));
}

#[test]
fn odd_texts_are_findings() {
    let whole = String::from_utf8(itano()).unwrap();
    for (name, text) in [
        ("several documents", format!("{whole}\n---\n{whole}").into_bytes()),
        ("a long line", format!("a: {}", "x".repeat(200_000)).into_bytes()),
        ("a long key", format!("? {}\n: 1\n", "x".repeat(200_000)).into_bytes()),
        ("a long number", format!("a: {}", "9".repeat(200_000)).into_bytes()),
        ("NUL", b"a: \0\n".to_vec()),
        ("nothing but a mark", "\u{feff}".into()),
        ("half a character", b"a: \xe6\x9d".to_vec()),
        ("UTF-16", b"\xff\xfea\0:\0 \x001\0".to_vec()),
        ("merge keys", b"a: &a {b: 1}\nc:\n  <<: *a\n".to_vec()),
        ("a binary tag", b"a: !!binary aGk=\n".to_vec()),
        ("infinity", b"a: .inf\nb: .nan\nc: 1e999999\nd: 0x1p4\ne: 0o777\nf: 1_000\n".to_vec()),
        ("one quote", b"a: \"".to_vec()),
        ("returns", b"a: 1\rb: 2\r".to_vec()),
    ] {
        let findings = found(text);
        assert!(findings.iter().any(|finding| finding.severity == Severity::Error), "{name}");
    }
    let marked = found(format!("\u{feff}{whole}"));
    assert!(marked.iter().all(|finding| finding.severity < Severity::Error), "a byte order mark is no mistake");
}

#[cfg(unix)]
#[test]
fn devices_are_not_read() {
    let dir = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/dev/zero", dir.path().join("zero.yaml")).unwrap();
    let findings = Fleet::load(dir.path()).unwrap().check(Purpose::Validate);
    assert!(matches!(findings[0].problem, Problem::NotAFile), "{findings:?}");
}
