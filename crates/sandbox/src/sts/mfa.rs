//! `SerialNumber` and `TokenCode`: that a person held a device just now.
//!
//! The sandbox cannot check a code, so any six digits will do, but once only. Sources: aws-facts section 2.6; DOC
//! (AssumeRole; IAM user guide, "Secure API access with MFA").

use super::{check, invalid};
use crate::error::{AwsError, Result};
use crate::protocol::Params;
use crate::service::Ctx;

/// A device and the code that it showed.
pub(super) struct Device {
    serial: String,
    code: String,
}

/// The caller's device, if one is given. It must be the caller's own: a user's, and of the user's account.
pub(super) fn read(ctx: &Ctx<'_>, p: &Params) -> Result<Option<Device>> {
    let (serial, code) = (p.optional("SerialNumber"), p.optional("TokenCode"));
    if let Some(serial) = &serial {
        check("SerialNumber", serial, 9..=256, "+=/:,.@-_")?;
    }
    if let Some(code) = &code
        && (code.len() != 6 || !code.bytes().all(|digit| digit.is_ascii_digit()))
    {
        return Err(invalid("TokenCode", code));
    }
    let (serial, code) = match (serial, code) {
        (None, None) => return Ok(None),
        (Some(serial), Some(code)) => (serial, code),
        _ => return Err(failed(", must provide both MFA serial number and one time pass code.")),
    };
    // A hardware token's serial number has no account in it; a security key (u2f) shows no codes.
    let virtual_device = format!("arn:aws:iam::{}:mfa/", ctx.caller.account);
    let own = !serial.starts_with("arn:") || serial.strip_prefix(&virtual_device).is_some_and(|name| !name.is_empty());
    if !own || ctx.caller.is_session() {
        return Err(failed(
            ", unable to validate MFA code. Please verify your MFA serial number is valid and associated with this user.",
        ));
    }
    let last = ctx.state.account(&ctx.caller.account).iam.used_codes.get(&serial);
    if last == Some(&code) {
        return Err(failed(" with invalid MFA one time pass code."));
    }
    Ok(Some(Device { serial, code }))
}

impl Device {
    /// The code has been used.
    pub fn remember(self, ctx: &mut Ctx<'_>) {
        let iam = &mut ctx.state.account_mut(&ctx.caller.account).iam;
        iam.used_codes.insert(self.serial, self.code);
    }
}

fn failed(why: &str) -> AwsError {
    AwsError::new("AccessDenied", format!("MultiFactorAuthentication failed{why}")).with_status(403)
}
