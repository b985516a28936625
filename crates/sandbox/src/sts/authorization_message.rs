//! DecodeAuthorizationMessage: what an encoded message says. DOC (STS API reference).

use crate::account::Mfa;
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::refusal;
use crate::service::Ctx;

/// 1 to 10,240 characters (DOC).
const LONGEST: usize = 10_240;

pub(super) fn decode(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let encoded = p.required("EncodedMessage")?;
    if encoded.len() > LONGEST {
        return Err(super::invalid("EncodedMessage", &encoded));
    }
    // DOC (IAM user guide, "Compare AWS STS credentials"): those of GetSessionToken call AssumeRole and GetCallerIdentity.
    if ctx.caller.role_arn.is_none() && ctx.caller.mfa != Mfa::Untold {
        let message = "Cannot call DecodeAuthorizationMessage with session credentials";
        return Err(AwsError::new("AccessDenied", message).with_status(403));
    }
    // Unverified: that the account must be the one that was refused.
    let decoded = refusal::decode(ctx.state.seed, &ctx.caller.account, &encoded).ok_or_else(|| {
        AwsError::new("InvalidAuthorizationMessageException", "Message is not in the expected format or has expired.")
    })?;
    Ok(Xml::new().text("DecodedMessage", decoded))
}
