//! Names of the DNS: domains, and records in a zone. What is not ASCII becomes punycode, which is all that Route 53 takes.

use std::fmt;
use std::ops::Deref;

use super::scalar;
use crate::config::fault::{Fault, Form, LabelFault};

/// Characters of a name without its last dot (RFC 1035, 2.3.4).
const LONGEST: usize = 253;

/// A DNS domain in lower case, without a trailing dot. Underscores are allowed in labels (`_443._tcp`), `*` as the first.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Domain(String);

impl Domain {
    /// Reads a domain; a trailing dot and capitals are taken and normalised, other scripts turned into punycode.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::read(text).map_err(|why| Fault::Label { form: Form::Domain, why })
    }

    fn read(text: &str) -> Result<Self, LabelFault> {
        let domain = Self::below(text.strip_suffix('.').unwrap_or(text))?;
        // No top-level domain is a number (RFC 3696, 2); what ends in one is an address or a part of one.
        let last = domain.rsplit('.').next().unwrap_or_default();
        if last.bytes().all(|b| b.is_ascii_digit()) { Err(LabelFault::Number) } else { Ok(domain) }
    }

    /// Without what it lies in, where a number may be the last part.
    fn below(text: &str) -> Result<Self, LabelFault> {
        let domain = labels(text)?;
        if domain.len() <= LONGEST { Ok(Self(domain)) } else { Err(LabelFault::LongName) }
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
fn labels(text: &str) -> Result<String, LabelFault> {
    let name = if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        // Blanks and the like are named before the whole is called no punycode.
        let strange = text.chars().find(|c| c.is_ascii() && !is_of_names(*c) && !matches!(c, '.' | '*'));
        if let Some(c) = strange.or_else(|| text.chars().find(|c| c.is_whitespace() || c.is_control())) {
            return Err(LabelFault::Character(c));
        }
        idna::domain_to_ascii(text).map_err(|_| LabelFault::Punycode)?
    };
    for (at, label) in name.split('.').enumerate() {
        if at > 0 || label != "*" {
            check(label)?;
        }
    }
    if name.split('.').any(|label| label.starts_with("xn--")) {
        let (unicode, valid) = idna::domain_to_unicode(&name);
        if unicode.split('.').any(|label| label.starts_with('-') || label.ends_with('-')) {
            return Err(LabelFault::Hyphen);
        }
        valid.map_err(|_| LabelFault::Punycode)?;
    }
    Ok(name)
}

/// One label in lower case.
fn check(label: &str) -> Result<(), LabelFault> {
    match label.chars().find(|c| !is_of_names(*c)) {
        Some('*') => Err(LabelFault::Wildcard),
        Some(c) => Err(LabelFault::Character(c)),
        None if label.is_empty() => Err(LabelFault::Empty),
        None if label.len() > 63 => Err(LabelFault::LongLabel),
        None if label.starts_with('-') || label.ends_with('-') => Err(LabelFault::Hyphen),
        None => Ok(()),
    }
}

fn is_of_names(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
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
        let fault = |why| Fault::Label { form: Form::RecordName, why };
        match text {
            "@" => Ok(RecordName::Apex),
            text if text.ends_with('.') => Domain::read(text).map(RecordName::Whole).map_err(fault),
            text => Domain::below(text).map(RecordName::Below).map_err(fault),
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
    }

    #[test]
    fn what_is_no_name_says_why() {
        let long = "a".repeat(64);
        // Punycode has a character for each at least.
        let (wide, longest) = ("あいう".repeat(30), vec!["a".repeat(50); 5].join("."));
        for (wrong, why) in [
            ("", LabelFault::Empty),
            (".", LabelFault::Empty),
            ("a..b", LabelFault::Empty),
            ("-a.example", LabelFault::Hyphen),
            ("a-.example", LabelFault::Hyphen),
            ("a b.example", LabelFault::Character(' ')),
            ("役 場.example", LabelFault::Character(' ')),
            ("役\u{3000}場.example", LabelFault::Character('\u{3000}')),
            ("naruto/gc.example", LabelFault::Character('/')),
            ("_443._tcp.*.example", LabelFault::Wildcard),
            ("a*.example", LabelFault::Wildcard),
            ("xn--0.example", LabelFault::Punycode),
            ("板-野-.example", LabelFault::Hyphen),
            ("10.21.0.10", LabelFault::Number),
            ("10.0.", LabelFault::Number),
            (&long, LabelFault::LongLabel),
            (&wide, LabelFault::LongLabel),
            (&longest, LabelFault::LongName),
        ] {
            assert_eq!(Domain::parse(wrong), Err(Fault::Label { form: Form::Domain, why }), "{wrong}");
        }
    }

    #[test]
    fn a_record_is_named_below_its_zone_or_whole() {
        let zone = Domain::parse("gc.naruto.example").unwrap();
        let within = |text| RecordName::parse(text).map(|name| name.within(&zone).to_string());
        assert_eq!(within("@").as_deref(), Ok("gc.naruto.example"));
        assert_eq!(within("WWW").as_deref(), Ok("www.gc.naruto.example"));
        assert_eq!(within("*").as_deref(), Ok("*.gc.naruto.example"));
        assert_eq!(within("10").as_deref(), Ok("10.gc.naruto.example"));
        assert_eq!(within("窓口").as_deref(), Ok("xn--6or331g.gc.naruto.example"));
        assert_eq!(within("www.gc.naruto.example.").as_deref(), Ok("www.gc.naruto.example"));
        let why = LabelFault::Character(' ');
        assert_eq!(within("a b"), Err(Fault::Label { form: Form::RecordName, why }));
    }
}
