//! V26: records that Route 53 takes, and that say what their type says.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::{Purpose, Reporter};
use crate::config::fleet::City;
use crate::config::problem::{Problem, RecordFault, Role};
use crate::config::schema::{Record, RecordType, Zone};
use crate::config::source::Span;
use crate::config::values::{Domain, RecordName};

/// Every record by itself, and those of one name together.
pub(super) fn well_formed(city: &City, _: Purpose, report: &mut Reporter<'_>) {
    for zone in city.config.dns.iter().flat_map(|dns| &dns.zones) {
        for record in &zone.records {
            let faults = name(record, zone).into_iter().chain(values(record));
            for (fault, span) in faults {
                report.error(city.at(span), Problem::Record { name: record.name.to_string(), fault });
            }
        }
        beside(city, zone, report);
    }
}

fn name(record: &Record, zone: &Zone) -> Option<(RecordFault, Span)> {
    let (whole, apex) = (record.name.within(&zone.name), || zone.name.to_string());
    let fault = match &record.name.value {
        RecordName::Whole(whole) if !whole.is_within(&zone.name) => RecordFault::Outside { zone: apex() },
        // It would be `www.gc.naruto.example.gc.naruto.example`, which nobody asks for.
        RecordName::Below(below) if below.is_within(&zone.name) => RecordFault::Repeats { zone: apex() },
        name if name.is_too_long(&zone.name) => RecordFault::TooLong,
        _ if record.kind.value == RecordType::CNAME && whole == zone.name.value => RecordFault::CnameAtApex,
        _ => return None,
    };
    Some((fault, record.name.span))
}

fn values(record: &Record) -> Vec<(RecordFault, Span)> {
    let kind = record.kind.value;
    if record.values.is_empty() {
        return vec![(RecordFault::NoValues, record.kind.span)];
    }
    let mut faults = vec![];
    if let (RecordType::CNAME, [_, second, ..]) = (kind, record.values.as_slice()) {
        faults.push((RecordFault::CnameValues, second.span));
    }
    for (index, value) in record.values.iter().enumerate() {
        let text = || value.to_string();
        if kind == RecordType::TXT && !value.is_ascii() {
            faults.push((RecordFault::NotAscii { text: text() }, value.span));
        } else if !is_value(kind, value) {
            faults.push((RecordFault::Value { kind, text: text() }, value.span));
        } else if record.values.iter().take(index).any(|earlier| **earlier == **value) {
            faults.push((RecordFault::Twice { text: text() }, value.span));
        }
    }
    faults
}

/// Whether a text is what Route 53 takes for a type: "Supported DNS record types" of its guide.
fn is_value(kind: RecordType, text: &str) -> bool {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let number = |word: &str| word.parse::<u16>().is_ok();
    match (kind, words.as_slice()) {
        (RecordType::A, [address]) => address.parse::<Ipv4Addr>().is_ok(),
        (RecordType::AAAA, [address]) => address.parse::<Ipv6Addr>().is_ok(),
        (RecordType::CNAME | RecordType::PTR, [name]) => is_host(name),
        (RecordType::MX, [priority, name]) => number(priority) && is_host(name),
        // A dot alone says that there is no such service (RFC 2782).
        (RecordType::SRV, [priority, weight, port, name]) => {
            [priority, weight, port].iter().all(|word| number(word)) && (*name == "." || is_host(name))
        }
        (RecordType::CAA, [flags, tag, ..]) => {
            let value = text.splitn(3, ' ').nth(2).unwrap_or_default();
            let named = !tag.is_empty() && tag.len() <= 15 && tag.bytes().all(|b| b.is_ascii_alphanumeric());
            flags.parse::<u8>().is_ok() && named && quoted(value) == Some(1)
        }
        (RecordType::TXT, _) => is_text(text),
        _ => false,
    }
}

fn is_host(name: &str) -> bool {
    Domain::parse(name).is_ok_and(|name| !name.is_wildcard())
}

/// Plain, or in quotes already; other characters than ASCII's printable ones are written as `\303\244`.
fn is_text(text: &str) -> bool {
    let printable = text.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
    printable && text.len() <= 4000 && (!text.starts_with('"') || quoted(text).is_some())
}

/// How many quoted strings of 255 characters at most a text consists of; `None` when it is something else.
fn quoted(text: &str) -> Option<usize> {
    let mut rest = text.trim();
    let mut strings = 0;
    while !rest.is_empty() {
        let inside = rest.strip_prefix('"')?;
        let mut is_escaped = false;
        let end = inside.find(|c| {
            let ends = c == '"' && !is_escaped;
            is_escaped = c == '\\' && !is_escaped;
            ends
        })?;
        if end > 255 {
            return None;
        }
        strings += 1;
        rest = inside.get(end + 1..)?.trim_start();
    }
    (strings > 0).then_some(strings)
}

/// A name with a CNAME has nothing else, and a name of an endpoint is an A record of ours (RFC 1034, 3.6.2).
fn beside(city: &City, zone: &Zone, report: &mut Reporter<'_>) {
    let mut kinds: BTreeMap<Domain, Vec<(RecordType, Span)>> = BTreeMap::new();
    for asp in city.config.asps.iter().filter(|asp| asp.is_consumed()) {
        if let Some(name) = asp.service.as_ref().and_then(|service| service.dns.as_ref()) {
            kinds.entry(name.value.clone()).or_default().push((RecordType::A, name.span));
        }
    }
    for record in &zone.records {
        let there = kinds.entry(record.name.within(&zone.name)).or_default();
        let kind = record.kind.value;
        let clash = |(other, _): &&(RecordType, Span)| {
            (*other == RecordType::CNAME) != (kind == RecordType::CNAME) || (*other == kind && kind == RecordType::A)
        };
        if let Some((other, span)) = there.iter().find(clash) {
            // Of one name and type twice among records, V01 tells.
            let is_twice = *other == kind && zone.records.iter().any(|known| known.name.span == *span);
            if !is_twice {
                let fault = RecordFault::Beside { kind, other: *other };
                let problem = Problem::Record { name: record.name.to_string(), fault };
                report.error(city.at(record.name.span), problem).with(Role::Other, city.at(*span));
            }
        }
        there.push((kind, record.name.span));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_every_type() {
        let good = [
            (RecordType::A, "10.2.0.10"),
            (RecordType::AAAA, "2001:db8::1"),
            (RecordType::CNAME, "www.city.naruto.example."),
            (RecordType::CNAME, "役場.example"),
            (RecordType::PTR, "host.naruto.example"),
            (RecordType::MX, "10 mail.naruto.example"),
            (RecordType::SRV, "1 10 5269 xmpp.naruto.example"),
            (RecordType::SRV, "0 0 0 ."),
            (RecordType::CAA, "0 issue \"ca.example; policy=x\""),
            (RecordType::TXT, "v=spf1 -all"),
            (RecordType::TXT, "\"one\" \"two \\\" quoted\""),
        ];
        for (kind, text) in good {
            assert!(is_value(kind, text), "{kind:?} {text}");
        }
        let bad = [
            (RecordType::A, "10.2.0"),
            (RecordType::A, "2001:db8::1"),
            (RecordType::AAAA, "10.2.0.10"),
            (RecordType::CNAME, "www city"),
            (RecordType::CNAME, "*.city.example"),
            (RecordType::PTR, "10.2.0.10 x"),
            (RecordType::MX, "mail.naruto.example"),
            (RecordType::MX, "70000 mail.naruto.example"),
            (RecordType::SRV, "1 10 xmpp.naruto.example"),
            (RecordType::CAA, "0 issue ca.example"),
            (RecordType::CAA, "256 issue \"ca.example\""),
            (RecordType::TXT, "\"open"),
            (RecordType::TXT, "\"one\" two"),
            (RecordType::TXT, "徳島"),
        ];
        for (kind, text) in bad {
            assert!(!is_value(kind, text), "{kind:?} {text}");
        }
        assert!(!is_value(RecordType::TXT, &format!("\"{}\"", "x".repeat(256))));
    }
}
