//! Writes ASN.1 in DER, as much as certificates need (X.690, RFC 5280).
//!
//! Not rcgen's own parameters: a certificate here repeats the name, the key and the extensions of a request as they are,
//! byte by byte, and rcgen reads and writes only those that it knows.

use crate::clock::Moment;

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;

/// Any element: tag, length, content.
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut der = vec![tag];
    let length = content.len().to_be_bytes();
    let significant: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
    match significant[..] {
        [] => der.push(0),
        [one] if one < 0x80 => der.push(one),
        _ => {
            // At most eight bytes.
            der.push(0x80 | u8::try_from(significant.len()).unwrap_or(8));
            der.extend(significant);
        }
    }
    der.extend_from_slice(content);
    der
}

pub(super) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    element(SEQUENCE, &parts.concat())
}

/// In the order of their encoding, as DER wants it.
pub(super) fn set(mut parts: Vec<Vec<u8>>) -> Vec<u8> {
    parts.sort();
    element(SET, &parts.concat())
}

/// `[n]`, around whole elements.
pub(super) fn explicit(n: u8, content: &[u8]) -> Vec<u8> {
    element(0xa0 | n, content)
}

/// `[n]` in place of the tag of a simple element.
pub(super) fn implicit(n: u8, content: &[u8]) -> Vec<u8> {
    element(0x80 | n, content)
}

pub(super) fn boolean(yes: bool) -> Vec<u8> {
    element(0x01, &[if yes { 0xff } else { 0 }])
}

/// A number that is not negative, from its bytes, highest first.
pub(super) fn integer(bytes: &[u8]) -> Vec<u8> {
    let mut content: Vec<u8> = bytes.iter().copied().skip_while(|byte| *byte == 0).collect();
    if content.first().is_none_or(|first| *first >= 0x80) {
        content.insert(0, 0);
    }
    element(0x02, &content)
}

pub(super) fn octets(content: &[u8]) -> Vec<u8> {
    element(0x04, content)
}

/// Of whole bytes.
pub(super) fn bits(content: &[u8]) -> Vec<u8> {
    element(0x03, &[&[0], content].concat())
}

/// Named bits, the first of them bit 0, without zeros at the end (X.690, 11.2.2).
pub(super) fn flags(set: &[bool]) -> Vec<u8> {
    let used = set.iter().rposition(|bit| *bit).map_or(0, |last| last + 1);
    let mut bytes = vec![0_u8; used.div_ceil(8)];
    for (n, _) in set.iter().enumerate().filter(|(_, bit)| **bit) {
        if let Some(byte) = bytes.get_mut(n / 8) {
            *byte |= 0x80 >> (n % 8);
        }
    }
    let unused = u8::try_from(bytes.len() * 8 - used).unwrap_or(0);
    element(0x03, &[&[unused], bytes.as_slice()].concat())
}

pub(super) fn null() -> Vec<u8> {
    element(0x05, &[])
}

pub(super) fn utf8(text: &str) -> Vec<u8> {
    element(0x0c, text.as_bytes())
}

pub(super) fn printable(text: &str) -> Vec<u8> {
    element(0x13, text.as_bytes())
}

pub(super) fn enumerated(value: u8) -> Vec<u8> {
    element(0x0a, &[value])
}

/// An object identifier of whatever arcs: those below 2.25 are UUIDs, of 128 bits. None for what is none.
pub(super) fn oid(dotted: &str) -> Option<Vec<u8>> {
    let arcs: Vec<u128> = dotted.split('.').map(|arc| arc.parse().ok()).collect::<Option<_>>()?;
    let (first, second, rest) = match arcs.as_slice() {
        [first, second, rest @ ..] if *first <= 2 && (*first == 2 || *second < 40) => (*first, *second, rest),
        _ => return None,
    };
    let mut content = base128(first.checked_mul(40)?.checked_add(second)?);
    content.extend(rest.iter().flat_map(|arc| base128(*arc)));
    Some(element(0x06, &content))
}

/// One that is written in the code.
pub(super) fn known_oid(dotted: &str) -> Vec<u8> {
    oid(dotted).unwrap_or_default()
}

fn base128(mut arc: u128) -> Vec<u8> {
    let digit = |arc: u128| u8::try_from(arc & 0x7f).unwrap_or(0);
    let mut digits = vec![digit(arc)];
    arc >>= 7;
    while arc > 0 {
        digits.push(0x80 | digit(arc));
        arc >>= 7;
    }
    digits.reverse();
    digits
}

/// UTCTime until 2049 and GeneralizedTime from then on (RFC 5280, section 4.1.2.5), to the second. None for what neither
/// can write.
pub(super) fn time(at: Moment) -> Option<Vec<u8>> {
    let at = jiff::Timestamp::from_millisecond(at.as_millis()).ok()?;
    let year = at.to_zoned(jiff::tz::TimeZone::UTC).year();
    match year {
        1950..2050 => Some(element(0x17, at.strftime("%y%m%d%H%M%SZ").to_string().as_bytes())),
        0..=9999 => Some(element(0x18, at.strftime("%Y%m%d%H%M%SZ").to_string().as_bytes())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use x509_parser::der_parser::asn1_rs::FromDer;
    use x509_parser::der_parser::oid::Oid;

    use super::*;

    #[test]
    fn lengths_numbers_and_flags() {
        assert_eq!(element(0x04, &[]), [0x04, 0]);
        assert_eq!(element(0x04, &[7; 127])[..2], [0x04, 127]);
        assert_eq!(element(0x04, &[7; 128])[..3], [0x04, 0x81, 128]);
        assert_eq!(element(0x04, &[7; 256])[..4], [0x04, 0x82, 1, 0]);
        assert_eq!(integer(&[0, 0]), [2, 1, 0]);
        assert_eq!(integer(&[0, 0x80]), [2, 2, 0, 0x80]);
        assert_eq!(integer(&[0x7f, 1]), [2, 2, 0x7f, 1]);
        assert_eq!(flags(&[true, false, false, false, false, true, true]), [3, 2, 1, 0x86]);
        assert_eq!(flags(&[false; 9]), [3, 1, 0]);
        let ninth = [false, false, false, false, false, false, false, false, true];
        assert_eq!(flags(&ninth), [3, 3, 7, 0, 0x80]);
    }

    #[test]
    fn object_identifiers() {
        for dotted in ["2.5.29.19", "1.2.840.113549.1.1.11", "0.9.2342"] {
            let der = oid(dotted).unwrap();
            assert_eq!(Oid::from_der(&der).unwrap().1.to_id_string(), dotted);
        }
        // ITU-T X.667, annex.
        let uuid = oid("2.25.329800735698586629295641978511506172918").unwrap();
        assert_eq!((uuid.len(), uuid[2]), (22, 105));
        for bad in ["", "1", "3.1", "1.40", "1.2.", "1.a", "1.-2", "2.25.340282366920938463463374607431768211456"] {
            assert_eq!(oid(bad), None, "{bad}");
        }
    }

    #[test]
    fn times_change_their_form_in_2050() {
        let text = |millis: i64| {
            let der = time(Moment::from_millis(millis)).unwrap();
            (der[0], String::from_utf8(der[2..].to_vec()).unwrap())
        };
        assert_eq!(text(1_775_001_600_999), (0x17, "260401000000Z".to_owned()));
        assert_eq!(text(2_524_607_999_000), (0x17, "491231235959Z".to_owned()));
        assert_eq!(text(2_524_608_000_000), (0x18, "20500101000000Z".to_owned()));
        assert_eq!(time(Moment::from_millis(i64::MAX)), None);
    }
}
