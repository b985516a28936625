//! Values of records in one form, whether they come from a file or from an answer, so that equal ones are equal texts.

use std::net::{Ipv4Addr, Ipv6Addr};

use hickory_net::proto::rr::{Name, RData, Record};

use crate::config::schema::RecordType;

/// A record of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Whose it is: in lower case, without a trailing dot.
    pub owner: String,
    /// As zone files spell it.
    pub kind: String,
    /// Its value in canonical form; of an SOA only the primary server.
    pub value: String,
    /// Seconds.
    pub ttl: u32,
}

impl From<&Record> for Found {
    fn from(record: &Record) -> Self {
        Found {
            owner: host(&record.name),
            kind: record.record_type().to_string(),
            value: of_answer(&record.data),
            ttl: record.ttl,
        }
    }
}

/// A name as it is asked for: ASCII, where others become punycode.
pub(super) fn name(text: &str) -> Result<Name, String> {
    let parsed = if text.is_ascii() { Name::from_ascii(text) } else { Name::from_utf8(text) };
    let mut name = parsed.map_err(|error| error.to_string())?;
    name.set_fqdn(true);
    Ok(name)
}

/// A name of the file as answers spell it; one that is no name stays as it is, and cannot be asked for.
pub(super) fn asked(text: &str) -> String {
    name(text).map_or_else(|_| text.to_string(), |name| host(&name))
}

/// In lower case, without a trailing dot.
pub(super) fn host(name: &Name) -> String {
    let text = name.to_lowercase().to_ascii();
    text.strip_suffix('.').unwrap_or(&text).to_string()
}

/// A value of the file. One that is none of its type stays as it is, and so equals no answer.
pub(super) fn of_file(kind: RecordType, text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let canonical = match (kind, &*words) {
        (RecordType::A, [address]) => address.parse::<Ipv4Addr>().ok().map(|address| address.to_string()),
        (RecordType::AAAA, [address]) => address.parse::<Ipv6Addr>().ok().map(|address| address.to_string()),
        (RecordType::CNAME | RecordType::PTR, [target]) => named(&[], target),
        (RecordType::MX, [preference, exchange]) => named(&[preference], exchange),
        (RecordType::SRV, [priority, weight, port, target]) => named(&[priority, weight, port], target),
        (RecordType::CAA, [flags, tag, ..]) => {
            let value = text.trim().splitn(3, char::is_whitespace).nth(2).map(|value| character_strings(value.trim()));
            flags.parse::<u8>().ok().zip(value).map(|(flags, value)| caa(flags, tag, &value))
        }
        (RecordType::TXT, _) => Some(quoted(&character_strings(text))),
        _ => None,
    };
    canonical.unwrap_or_else(|| text.to_string())
}

fn named(numbers: &[&str], target: &str) -> Option<String> {
    let mut words = vec![];
    for number in numbers {
        words.push(number.parse::<u16>().ok()?.to_string());
    }
    words.push(host(&name(target).ok()?));
    Some(words.join(" "))
}

fn of_answer(data: &RData) -> String {
    match data {
        RData::A(address) => address.0.to_string(),
        RData::AAAA(address) => address.0.to_string(),
        RData::CNAME(target) => host(&target.0),
        RData::PTR(target) => host(&target.0),
        RData::NS(target) => host(&target.0),
        RData::SOA(soa) => host(&soa.mname),
        RData::MX(mx) => format!("{} {}", mx.preference, host(&mx.exchange)),
        RData::SRV(srv) => format!("{} {} {} {}", srv.priority, srv.weight, srv.port, host(&srv.target)),
        RData::TXT(txt) => quoted(&txt.txt_data.concat()),
        RData::CAA(record) => caa(record.flags(), &record.tag, &record.value),
        other => other.to_string(),
    }
}

fn caa(flags: u8, tag: &str, value: &[u8]) -> String {
    format!("{flags} {} {}", tag.to_ascii_lowercase(), quoted(value))
}

/// The strings of a TXT record mean one text: where it is cut is nobody's wish.
fn quoted(bytes: &[u8]) -> String {
    format!("\"{}\"", String::from_utf8_lossy(bytes))
}

/// A text as Route 53 takes it: quoted strings, of which a backslash escapes the next character or, with three octal digits,
/// stands for a byte; without quotes, just the text.
fn character_strings(text: &str) -> Vec<u8> {
    if !text.starts_with('"') {
        return text.as_bytes().to_vec();
    }
    let mut bytes = vec![];
    let mut is_inside = false;
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'"', _) => is_inside = !is_inside,
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', after @ ..]) if is_inside => {
                bytes.push((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'));
                rest = after;
            }
            (b'\\', [escaped, after @ ..]) if is_inside => {
                bytes.push(*escaped);
                rest = after;
            }
            (byte, _) if is_inside => bytes.push(*byte),
            _ => {}
        }
    }
    bytes
}
