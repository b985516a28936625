//! What a record of each type may say. DOC (developer guide, "Supported DNS record types").

use std::net::{Ipv4Addr, Ipv6Addr};

use super::name;
use super::record::RecordType;

/// M:r53: characters of a value.
pub(super) const LONGEST: usize = 4000;
/// Characters between two quotation marks.
const LONGEST_STRING: usize = 255;

/// What is wrong with a value, as Route 53 says it; the names of some of the problems are unverified.
pub(super) fn problem(kind: RecordType, value: &str) -> Option<String> {
    let wrong = match kind {
        RecordType::A => {
            check(value.parse::<Ipv4Addr>().is_ok(), "ARRDATAIllegalIPv4Address", "Value is not a valid IPv4 address")
        }
        RecordType::Aaaa => check(
            value.parse::<Ipv6Addr>().is_ok(),
            "AAAARRDATAIllegalIPv6Address",
            "Value is not a valid IPv6 address",
        ),
        RecordType::Cname | RecordType::Ns | RecordType::Ptr => domain(value),
        RecordType::Mx => mail_exchanger(value),
        RecordType::Srv => service(value),
        RecordType::Txt => strings(value),
        RecordType::Caa => authority(value),
        // AWS's own.
        RecordType::Soa => Ok(()),
    };
    wrong.err().map(|why| format!("Invalid Resource Record: 'FATAL problem: {why} encountered with '{value}''"))
}

fn check(is_right: bool, code: &str, why: &str) -> Result<(), String> {
    if is_right { Ok(()) } else { Err(format!("{code} ({why})")) }
}

fn domain(text: &str) -> Result<(), String> {
    name::canonical(text).map(drop).map_err(|why| why.to_string())
}

fn number(text: &str, code: &str) -> Result<(), String> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    check(digits && text.parse::<u16>().is_ok(), code, "Value is not a number of 0 to 65535")
}

/// `10 mail.example.com`
fn mail_exchanger(value: &str) -> Result<(), String> {
    let [preference, exchanger] = value.split_ascii_whitespace().collect::<Vec<_>>()[..] else {
        return Err("MXRRDATANotTwoFields (MX record doesn't have 2 fields)".to_owned());
    };
    number(preference, "MXRRDATAInvalidPreference")?;
    domain(exchanger)
}

/// `1 10 5269 xmpp-server.example.com`; a dot alone says that there is no such service.
fn service(value: &str) -> Result<(), String> {
    let [priority, weight, port, target] = value.split_ascii_whitespace().collect::<Vec<_>>()[..] else {
        return Err("SRVRRDATANotFourFields (SRV record doesn't have 4 fields)".to_owned());
    };
    for field in [priority, weight, port] {
        number(field, "SRVRRDATAInvalidNumber")?;
    }
    if target == "." { Ok(()) } else { domain(target) }
}

/// `0 issue "ca.example.net"`
fn authority(value: &str) -> Result<(), String> {
    let malformed = || "CAARRDATANotThreeFields (CAA record doesn't have 3 fields)".to_owned();
    let (flags, rest) = value.split_once(' ').ok_or_else(malformed)?;
    let (tag, said) = rest.split_once(' ').ok_or_else(malformed)?;
    number(flags, "CAARRDATAInvalidFlags")?;
    check(flags.parse::<u8>().is_ok(), "CAARRDATAInvalidFlags", "Value is not a number of 0 to 255")?;
    let letters = !tag.is_empty() && tag.bytes().all(|byte| byte.is_ascii_alphanumeric());
    check(letters, "CAARRDATAInvalidTag", "Tag is not of letters and digits")?;
    strings(said)
}

/// One or more strings in quotation marks: `"v=spf1 -all" "a \"quoted\" word"`.
fn strings(value: &str) -> Result<(), String> {
    let unquoted = || "InvalidCharacterString (Value should be enclosed in quotation marks)".to_owned();
    let mut rest = value.chars();
    let mut count = 0;
    loop {
        match rest.by_ref().find(|c| *c != ' ') {
            None if count > 0 => return Ok(()),
            Some('"') => count += 1,
            _ => return Err(unquoted()),
        }
        if string(&mut rest).ok_or_else(unquoted)?? > LONGEST_STRING {
            return Err("CharacterStringTooLong (Value is too long)".to_owned());
        }
    }
}

/// Reads on to the next quotation mark: how many characters there are, or None where no mark comes.
fn string(rest: &mut std::str::Chars<'_>) -> Option<Result<usize, String>> {
    let mut length = 0;
    loop {
        match rest.next()? {
            '"' => return Some(Ok(length)),
            // `\"`, `\\`, or three octal digits.
            '\\' => {
                let first = rest.next()?;
                let mut is_code =
                    || Some(matches!(first, '0'..='3') && rest.next()?.is_digit(8) && rest.next()?.is_digit(8));
                if !matches!(first, '"' | '\\') && !is_code()? {
                    let why = "Value contains an escape code that is not valid";
                    return Some(Err(format!("InvalidCharacterString ({why})")));
                }
            }
            ' '..='~' => {}
            _ => return Some(Err("UnsupportedCharacter (Value contains unsupported characters)".to_owned())),
        }
        length += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_has_its_syntax() {
        use RecordType::{A, Aaaa, Caa, Cname, Mx, Ptr, Srv, Txt};
        let longest = format!("\"{}\"", "a".repeat(255));
        for (kind, value) in [
            (A, "10.1.2.3"),
            (Aaaa, "2001:db8::1"),
            (Cname, "www.example.com"),
            (Ptr, "host.example.com."),
            (Mx, "10 mail.example.com."),
            (Srv, "1 10 5269 xmpp.example.com"),
            (Srv, "0 0 0 ."),
            (Txt, "\"v=spf1 -all\""),
            (Txt, "\"a\" \"b \\\"c\\\" \\\\ \\344\""),
            (Txt, "\"\""),
            (Txt, &longest),
            (Caa, "0 issue \"ca.example.net; policy=ev\""),
        ] {
            assert_eq!(problem(kind, value), None, "{kind:?} {value}");
        }
        let too_long = format!("\"{}\"", "a".repeat(256));
        for (kind, value, code) in [
            (A, "10.1.2.256", "ARRDATAIllegalIPv4Address"),
            (A, "010.1.2.3", "ARRDATAIllegalIPv4Address"),
            (A, " 10.1.2.3", "ARRDATAIllegalIPv4Address"),
            (A, "2001:db8::1", "ARRDATAIllegalIPv4Address"),
            (Aaaa, "10.1.2.3", "AAAARRDATAIllegalIPv6Address"),
            (Cname, "", "DomainNameEmpty"),
            (Cname, "a..b", "DomainLabelEmpty"),
            (Ptr, "a b", "UnsupportedCharacter"),
            (Mx, "mail.example.com", "MXRRDATANotTwoFields"),
            (Mx, "65536 mail.example.com", "MXRRDATAInvalidPreference"),
            (Mx, "+1 mail.example.com", "MXRRDATAInvalidPreference"),
            (Srv, "1 10 xmpp.example.com", "SRVRRDATANotFourFields"),
            (Srv, "1 x 5269 xmpp.example.com", "SRVRRDATAInvalidNumber"),
            (Txt, "v=spf1", "InvalidCharacterString"),
            (Txt, "\"a", "InvalidCharacterString"),
            (Txt, "\"a\" b", "InvalidCharacterString"),
            (Txt, "", "InvalidCharacterString"),
            (Txt, "\"\\9\"", "InvalidCharacterString"),
            (Txt, "\"\\12x\"", "InvalidCharacterString"),
            (Txt, "\"戸籍\"", "UnsupportedCharacter"),
            (Txt, &too_long, "CharacterStringTooLong"),
            (Caa, "0 issue", "CAARRDATANotThreeFields"),
            (Caa, "256 issue \"ca\"", "CAARRDATAInvalidFlags"),
            (Caa, "0 is-sue \"ca\"", "CAARRDATAInvalidTag"),
            (Caa, "0 issue ca", "InvalidCharacterString"),
        ] {
            let problem = problem(kind, value).unwrap_or_default();
            assert!(problem.contains(&format!("{code} (")), "{kind:?} {value}: {problem}");
        }
    }
}
