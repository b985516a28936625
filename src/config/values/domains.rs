//! Names of the DNS: domains, and records in a zone. What is not ASCII becomes punycode, which is all that Route 53 takes.

use std::fmt;
use std::ops::Deref;

use super::scalar;
use crate::config::fault::{Fault, Form};

/// Characters of a name without its last dot (RFC 1035, 2.3.4).
const LONGEST: usize = 253;

/// A DNS domain in lower case, without a trailing dot. Underscores are allowed in labels (`_443._tcp`), `*` as the first.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Domain(String);

impl Domain {
    /// Reads a domain; a trailing dot and capitals are taken and normalised, other scripts turned into punycode.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let domain = labels(text.strip_suffix('.').unwrap_or(text)).ok_or(Fault::Form { form: Form::Domain })?;
        if domain.len() <= LONGEST { Ok(Self(domain)) } else { Err(Fault::Form { form: Form::Domain }) }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is `zone` or lies under it.
    pub fn is_within(&self, zone: &Domain) -> bool {
        self.0 == zone.0 || self.0.strip_suffix(zone.0.as_str()).is_some_and(|rest| rest.ends_with('.'))
    }

    /// Whether the first label is `*`: a record can stand for all names, a zone or a rule cannot.
    pub fn is_wildcard(&self) -> bool {
        self.0 == "*" || self.0.starts_with("*.")
    }

    /// Whether the domain is reserved for examples and tests (RFC 2606, RFC 6761), so nobody's real name.
    pub fn is_example(&self) -> bool {
        let last = self.0.rsplit('.').next().unwrap_or_default();
        matches!(last, "example" | "test" | "invalid" | "localhost")
            || ["example.com", "example.net", "example.org", "example.jp", "example.internal"]
                .iter()
                .any(|name| self.0 == *name || self.0.ends_with(&format!(".{name}")))
    }
}

/// Labels as Route 53 takes them: letters, digits, hyphens (not at an end), underscores, and `*` as the first.
fn labels(text: &str) -> Option<String> {
    let name = if text.is_ascii() { text.to_ascii_lowercase() } else { idna::domain_to_ascii(text).ok()? };
    let label = |(at, label): (usize, &str)| {
        (at == 0 && label == "*")
            || (!label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_'))
    };
    name.split('.').enumerate().all(label).then_some(name)
}

impl Deref for Domain {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

scalar!(
    Domain,
    Form::Domain,
    r"^(\*[.])?([A-Za-z0-9_\u0080-\uffff]([A-Za-z0-9_\u0080-\uffff-]*[A-Za-z0-9_\u0080-\uffff])?[.])*[A-Za-z0-9_\u0080-\uffff]([A-Za-z0-9_\u0080-\uffff-]*[A-Za-z0-9_\u0080-\uffff])?[.]?$",
    "a domain"
);

/// The name of a record: below its zone, `@` for the zone itself, or, with a dot at its end, whole. Its first label can be
/// `*`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RecordName {
    /// The zone itself.
    Apex,
    /// Below the zone.
    Below(Domain),
    /// With the zone; whether it lies there is a check's business.
    Whole(Domain),
}

impl RecordName {
    /// Reads the name as [`Domain::parse`] does.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let domain = |text| Domain::parse(text).map_err(|_| Fault::Form { form: Form::RecordName });
        match text {
            "@" => Ok(RecordName::Apex),
            text if text.ends_with('.') => domain(text).map(RecordName::Whole),
            text => domain(text).map(RecordName::Below),
        }
    }

    /// The whole name, in a zone.
    pub fn within(&self, zone: &Domain) -> Domain {
        match self {
            RecordName::Apex => zone.clone(),
            RecordName::Below(below) => Domain(format!("{below}.{zone}")),
            RecordName::Whole(whole) => whole.clone(),
        }
    }

    /// Whether the whole name in a zone is longer than names can be.
    pub fn is_too_long(&self, zone: &Domain) -> bool {
        self.within(zone).len() > LONGEST
    }
}

impl fmt::Display for RecordName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RecordName::Apex => f.write_str("@"),
            RecordName::Below(below) => below.fmt(f),
            RecordName::Whole(whole) => write!(f, "{whole}."),
        }
    }
}

scalar!(
    RecordName,
    Form::RecordName,
    r"^(@|(\*|(\*[.])?([A-Za-z0-9_\u0080-\uffff]([A-Za-z0-9_\u0080-\uffff-]*[A-Za-z0-9_\u0080-\uffff])?[.])*[A-Za-z0-9_\u0080-\uffff]([A-Za-z0-9_\u0080-\uffff-]*[A-Za-z0-9_\u0080-\uffff])?)[.]?)$",
    "the name of a record"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_scripts_become_punycode() {
        let domain = |text| Domain::parse(text).map(|domain| domain.to_string());
        assert_eq!(domain("役場.example").as_deref(), Ok("xn--rlsz2o.example"));
        assert_eq!(domain("ＧＣ。鳴門.example.").as_deref(), Ok("gc.xn--3e5at0m.example"));
        assert_eq!(domain("GC.Naruto.example.").as_deref(), Ok("gc.naruto.example"));
        assert_eq!(domain("_443._tcp.*.example"), Err(Fault::Form { form: Form::Domain }));
        for wrong in ["", ".", "a..b", "-a.example", "a b.example", "役 場.example", &"a".repeat(64)] {
            assert!(domain(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_record_is_named_below_its_zone_or_whole() {
        let zone = Domain::parse("gc.naruto.example").unwrap();
        let within = |text| RecordName::parse(text).map(|name| name.within(&zone).to_string());
        assert_eq!(within("@").as_deref(), Ok("gc.naruto.example"));
        assert_eq!(within("WWW").as_deref(), Ok("www.gc.naruto.example"));
        assert_eq!(within("*").as_deref(), Ok("*.gc.naruto.example"));
        assert_eq!(within("窓口").as_deref(), Ok("xn--6or331g.gc.naruto.example"));
        assert_eq!(within("www.gc.naruto.example.").as_deref(), Ok("www.gc.naruto.example"));
        assert_eq!(within("a b"), Err(Fault::Form { form: Form::RecordName }));
    }
}
