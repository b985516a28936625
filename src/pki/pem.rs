//! PEM (RFC 7468): DER in base64 between two lines.

use x509_parser::pem::Pem;
use zeroize::Zeroizing;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// Bytes in a line of 64 characters.
const LINE: usize = 48;

/// DER as a block of PEM with this label. Its only copy is the one that is answered: it is made in one piece, so that
/// whoever wipes it has wiped all of it.
pub fn encode(label: &str, der: &[u8]) -> String {
    let mut text = String::with_capacity(der.len().div_ceil(LINE) * 65 + 2 * label.len() + 40);
    text.extend(["-----BEGIN ", label, "-----\n"]);
    for line in der.chunks(LINE) {
        for group in line.chunks(3) {
            let byte = |i: usize| u32::from(group.get(i).copied().unwrap_or_default());
            let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
            for i in 0..4 {
                let digit = ALPHABET[(bits >> (18 - 6 * i) & 63) as usize];
                text.push(if i <= group.len() { digit as char } else { '=' });
            }
        }
        text.push('\n');
    }
    text.extend(["-----END ", label, "-----\n"]);
    text
}

/// A block of PEM.
pub struct Block {
    /// What stands between `BEGIN` and the dashes.
    pub label: String,
    /// What it holds. Wiped when it is dropped: somebody may have taken a key for something else.
    pub der: Zeroizing<Vec<u8>>,
}

/// The blocks of a text; what stands between them is skipped. `None`: a block is broken.
pub fn decode(text: &[u8]) -> Option<Vec<Block>> {
    let blocks = Pem::iter_from_buffer(text);
    let blocks =
        blocks.map(|block| block.map(|Pem { label, contents }| Block { label, der: Zeroizing::new(contents) }));
    blocks.collect::<Result<_, _>>().ok()
}

/// A text in PEM and not bare DER, which begins with a tag that is no printable character.
pub fn is_pem(bytes: &[u8]) -> bool {
    bytes.windows(11).any(|window| window == b"-----BEGIN ")
}
