//! What a client computes of a body so that a change on the way is noticed. DOC (S3 user guide, "Checking object
//! integrity in Amazon S3").

use base64::prelude::{BASE64_STANDARD, Engine};
use md5::Md5;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The algorithms that are simulated: what SDKs choose by themselves, and SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Kind {
    Crc32,
    Crc32c,
    Crc64Nvme,
    Sha256,
}

/// A checksum as it is sent: in base64.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Checksum {
    pub kind: Kind,
    pub value: String,
}

/// A body without its framing.
#[derive(Debug)]
pub(super) struct Content {
    pub body: Vec<u8>,
    pub checksum: Option<Checksum>,
    /// Whether there was that, or a digest.
    pub is_checked: bool,
}

impl Kind {
    pub const ALL: [Self; 4] = [Self::Crc32, Self::Crc32c, Self::Crc64Nvme, Self::Sha256];

    /// As in `x-amz-sdk-checksum-algorithm`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Sha256 => "SHA256",
        }
    }

    /// The header that has its value.
    pub fn header(self) -> &'static str {
        match self {
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32c => "x-amz-checksum-crc32c",
            Self::Crc64Nvme => "x-amz-checksum-crc64nvme",
            Self::Sha256 => "x-amz-checksum-sha256",
        }
    }

    pub fn of_header(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.header() == name)
    }

    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The checksum of a body.
    pub fn of(self, body: &[u8]) -> Checksum {
        let value = match self {
            Self::Crc32 => encode(&crc32(0xEDB8_8320, body).to_be_bytes()),
            Self::Crc32c => encode(&crc32(0x82F6_3B78, body).to_be_bytes()),
            Self::Crc64Nvme => encode(&crc(0x9A6C_9329_AC4B_C9B5, u64::MAX, body).to_be_bytes()),
            Self::Sha256 => encode(&Sha256::digest(body)),
        };
        Checksum { kind: self, value }
    }

    /// How many bytes it has.
    pub fn length(self) -> usize {
        match self {
            Self::Crc32 | Self::Crc32c => 4,
            Self::Crc64Nvme => 8,
            Self::Sha256 => 32,
        }
    }
}

pub(super) fn encode(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64_STANDARD.decode(text).ok()
}

pub(crate) fn md5(body: &[u8]) -> Vec<u8> {
    Md5::digest(body).to_vec()
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn sha256_hex(body: &[u8]) -> String {
    hex(&Sha256::digest(body))
}

fn crc32(polynomial: u32, body: &[u8]) -> u32 {
    // No bit above the 32 is ever set.
    u32::try_from(crc(polynomial.into(), u32::MAX.into(), body)).unwrap_or(u32::MAX)
}

/// All three are reflected, begin with ones and are inverted in the end.
fn crc(polynomial: u64, ones: u64, body: &[u8]) -> u64 {
    let step = |crc: u64| if crc & 1 == 1 { (crc >> 1) ^ polynomial } else { crc >> 1 };
    let end = body.iter().fold(ones, |crc, byte| (0..8).fold(crc ^ u64::from(*byte), |crc, _| step(crc)));
    end ^ ones
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check values of the catalogue of parametrised CRC algorithms (CRC-32/ISO-HDLC, CRC-32/ISCSI, CRC-64/NVME), of
    /// FIPS 180-4 and RFC 1321.
    #[test]
    fn checksums_are_those_of_the_catalogues() {
        let check = b"123456789";
        assert_eq!(Kind::Crc32.of(check).value, encode(&0xCBF4_3926_u32.to_be_bytes()));
        assert_eq!(Kind::Crc32c.of(check).value, encode(&0xE306_9283_u32.to_be_bytes()));
        assert_eq!(Kind::Crc64Nvme.of(check).value, encode(&0xAE8B_1486_0A79_9888_u64.to_be_bytes()));
        assert_eq!(sha256_hex(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(hex(&md5(b"abc")), "900150983cd24fb0d6963f7d28e17f72");
        for kind in Kind::ALL {
            assert_eq!(decode(&kind.of(b"").value).unwrap().len(), kind.length());
            assert_eq!((Kind::of_header(kind.header()), Kind::of_name(kind.name())), (Some(kind), Some(kind)));
        }
    }
}
