//! GetSessionToken: temporary credentials of a user, which tell whether a device was held.
//!
//! DOC (STS API reference, GetSessionToken; IAM user guide, "Compare AWS STS credentials"): for long-term credentials only;
//! from 15 minutes to 36 hours, 12 hours unasked; no permission is needed.

use std::time::Duration;

use super::{Made, invalid, make_credentials, mfa};
use crate::account::UserSession;
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::service::Ctx;

pub(super) fn get(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let duration = p.integer("DurationSeconds")?.unwrap_or(43_200);
    if !(900..=129_600).contains(&duration) {
        return Err(invalid("DurationSeconds", &duration.to_string()));
    }
    let device = mfa::read(ctx, p)?;
    if ctx.caller.is_session() {
        let message = "Cannot call GetSessionToken with session credentials";
        return Err(AwsError::new("AccessDenied", message).with_status(403));
    }
    let mfa_at = device.is_some().then_some(ctx.wall);
    if let Some(device) = device {
        device.remember(ctx);
    }
    let expires = ctx.wall.plus(Duration::from_secs(duration.unsigned_abs()));
    let Made { key_id, token, xml } = make_credentials(ctx, expires);
    let session = UserSession { account: ctx.caller.account.clone(), token, expires, mfa_at };
    ctx.state.user_sessions.insert(key_id, session);
    Ok(Xml::new().nest("Credentials", xml))
}
