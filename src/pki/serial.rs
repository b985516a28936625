//! Serial numbers as people copy them: from an ARN, from openssl, from an audit report.

use std::{fmt, str::FromStr};

/// A serial number: 20 bytes at most (RFC 5280, 4.1.2.2), without leading zeros.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Serial(Vec<u8>);

/// A text is no serial number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotASerial;

/// Bytes that a serial number may have.
const LONGEST: usize = 20;

impl Serial {
    /// Of the bytes of its INTEGER.
    pub fn of(bytes: &[u8]) -> Serial {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count().min(bytes.len().saturating_sub(1));
        Serial(bytes[zeros..].to_vec())
    }

    /// Hexadecimal digits without anything between them, as ARNs of certificates end.
    pub fn digits(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// `6f:0a:…`, as openssl, audit reports and RevokeCertificate have it.
impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes: Vec<String> = self.0.iter().map(|byte| format!("{byte:02x}")).collect();
        f.write_str(&bytes.join(":"))
    }
}

/// With or without colons and `0x`; also the ARN of a certificate, which ends in it.
impl FromStr for Serial {
    type Err = NotASerial;

    fn from_str(text: &str) -> Result<Self, NotASerial> {
        let text = text.trim();
        let text = text.rsplit_once("/certificate/").map_or(text, |(_, serial)| serial);
        let text = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
        let mut digits: Vec<u8> = vec![];
        for c in text.chars().filter(|c| *c != ':') {
            digits.push(c.to_digit(16).ok_or(NotASerial)? as u8);
        }
        if digits.len() % 2 == 1 {
            digits.insert(0, 0);
        }
        let bytes: Vec<u8> = digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect();
        let serial = Serial::of(&bytes);
        if bytes.is_empty() || serial.0.len() > LONGEST { Err(NotASerial) } else { Ok(serial) }
    }
}
