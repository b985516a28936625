//! Parameters that several operations take.

use ipnet::Ipv4Net;

use crate::error::{AwsError, Result};
use crate::protocol::Params;

/// A required IPv4 block. AWS clears the host bits rather than refusing them (VPC user guide: "100.68.0.18/18 becomes
/// 100.68.0.0/18").
pub(crate) fn ipv4_block(p: &Params, name: &str) -> Result<Ipv4Net> {
    let text = p.required(name)?;
    parse_ipv4_block(p, name, &text)
}

/// The same for a value that was read already.
pub(crate) fn parse_ipv4_block(p: &Params, name: &str, text: &str) -> Result<Ipv4Net> {
    text.parse::<Ipv4Net>().map(|net| net.trunc()).map_err(|_| p.invalid(name, text, "This is not a valid CIDR block."))
}

/// DOC ("Ensuring idempotency"): up to 64 ASCII characters.
pub(crate) fn client_token(p: &Params) -> Result<Option<String>> {
    let token = p.optional("ClientToken");
    match token {
        Some(bad) if bad.is_empty() || bad.len() > 64 || !bad.is_ascii() => {
            Err(AwsError::new("InvalidClientToken", "The client token must have 1 to 64 ASCII characters."))
        }
        token => Ok(token),
    }
}

/// EC2's `AttributeBooleanValue`: `NAME.Value=true`.
pub(crate) fn attribute(p: &Params, name: &str) -> Result<Option<bool>> {
    p.boolean(&format!("{name}.Value"))
}
