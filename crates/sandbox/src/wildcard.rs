//! `*` and `?`, as EC2's filters and IAM's policies write them.

/// Whether `value` matches `pattern`. `escape` is the character that makes the next one plain, if there is one.
///
/// Linear in value times pattern: on a mismatch only the last `*` is widened.
pub(crate) fn matches(pattern: &str, value: &str, escape: Option<char>) -> bool {
    let pattern = parse(pattern, escape);
    let value: Vec<char> = value.chars().collect();
    let (mut p, mut v) = (0, 0);
    let mut widen = None;
    while v < value.len() {
        match pattern.get(p) {
            Some(Part::Many) => {
                widen = Some((p, v));
                p += 1;
            }
            Some(Part::Any) => (p, v) = (p + 1, v + 1),
            Some(Part::One(c)) if *c == value[v] => (p, v) = (p + 1, v + 1),
            _ => match widen {
                Some((star, at)) => {
                    widen = Some((star, at + 1));
                    (p, v) = (star + 1, at + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|rest| matches!(rest, Part::Many))
}

enum Part {
    One(char),
    Any,
    Many,
}

fn parse(text: &str, escape: Option<char>) -> Vec<Part> {
    let mut chars = text.chars();
    let mut parts = Vec::new();
    while let Some(c) = chars.next() {
        parts.push(match c {
            '*' => Part::Many,
            '?' => Part::Any,
            c if Some(c) == escape => Part::One(chars.next().unwrap_or(c)),
            c => Part::One(c),
        });
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards() {
        for (pattern, value, expected) in [
            ("abc", "abc", true),
            ("abc", "Abc", false),
            ("a*", "a", true),
            ("a*c", "abbc", true),
            ("a*c", "abcd", false),
            ("*b*", "abc", true),
            ("?", "", false),
            ("a?c", "abc", true),
            (r"a\*", "a*", true),
            (r"a\*", "ab", false),
            ("", "", true),
            ("*", "鳴門", true),
            ("a*a*a*a*b", &"a".repeat(2000), false),
        ] {
            assert_eq!(matches(pattern, value, Some('\\')), expected, "{pattern}");
        }
        assert!(matches(r"a\*", r"a\b", None));
    }
}
