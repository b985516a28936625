//! Parameters that several operations take.

use ipnet::Ipv4Net;

use crate::error::Result;
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

/// EC2's `AttributeBooleanValue`: `NAME.Value=true`.
pub(crate) fn attribute(p: &Params, name: &str) -> Result<Option<bool>> {
    p.boolean(&format!("{name}.Value"))
}
