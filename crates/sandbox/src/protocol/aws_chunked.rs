//! The framing `aws-chunked`: chunks with their lengths, and trailers. DOC (S3 API reference, "Signature calculations for
//! the Authorization header: Transferring payload in multiple chunks" and "Including trailing headers").

/// What is within the framing.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unframed {
    pub body: Vec<u8>,
    /// Names in lower case.
    pub trailers: Vec<(String, String)>,
}

/// Reads `LENGTH[;chunk-signature=…]CRLF DATA CRLF … 0CRLF TRAILERS CRLF`; None where the framing is broken. Signatures
/// must be there in a body that is signed chunk by chunk, and in no other; they are not verified.
pub(super) fn unframe(mut rest: &[u8], signed: bool) -> Option<Unframed> {
    let mut body = Vec::new();
    loop {
        let (head, after) = line(rest)?;
        let (length, signature) = match head.split_once(';') {
            Some((length, extension)) => (length, extension.strip_prefix("chunk-signature=")),
            None => (head, None),
        };
        if signature.is_some() != signed || head.contains(';') != signed {
            return None;
        }
        let length = usize::from_str_radix(length, 16).ok()?;
        if length == 0 {
            return Some(Unframed { body, trailers: trailers(after)? });
        }
        body.extend_from_slice(after.get(..length)?);
        rest = after.get(length..)?.strip_prefix(b"\r\n")?;
    }
}

/// `NAME:VALUE CRLF`, any number of them, then an empty line.
fn trailers(mut rest: &[u8]) -> Option<Vec<(String, String)>> {
    let mut trailers = Vec::new();
    loop {
        let (trailer, after) = line(rest)?;
        if trailer.is_empty() {
            return after.is_empty().then_some(trailers);
        }
        let (name, value) = trailer.split_once(':')?;
        trailers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        rest = after;
    }
}

fn line(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = bytes.windows(2).position(|pair| pair == b"\r\n")?;
    Some((std::str::from_utf8(bytes.get(..end)?).ok()?, bytes.get(end + 2..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_become_a_body() {
        let framed = b"3\r\nabc\r\nA\r\n\r\n0\r\n\r\n123\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n";
        let expected = Unframed {
            body: b"abc\r\n0\r\n\r\n123".to_vec(),
            trailers: vec![("x-amz-checksum-crc32".to_owned(), "AAAAAA==".to_owned())],
        };
        assert_eq!(unframe(framed, false), Some(expected));
        for end in 0..framed.len() {
            assert_eq!(unframe(&framed[..end], false), None, "{end}");
        }
        let signed = b"1;chunk-signature=00\r\na\r\n0;chunk-signature=00\r\n\r\n";
        assert_eq!(unframe(signed, true).map(|unframed| unframed.body), Some(b"a".to_vec()));
        assert_eq!(unframe(signed, false), None);
        assert_eq!(unframe(framed, true), None);
        for bad in ["", "0\r\n", "x\r\n\r\n", "-1\r\n\r\n", "2\r\na\r\n0\r\n\r\n", "0\r\n\r\nmore", "0\r\nodd\r\n\r\n"]
        {
            assert_eq!(unframe(bad.as_bytes(), false), None, "{bad}");
        }
    }
}
