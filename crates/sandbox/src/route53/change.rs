//! Changes: what a write of a zone answers, on its way to the name servers until it is `INSYNC`.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{timing, zone_mut};
use crate::clock::Moment;
use crate::error::{AwsError, Result};
use crate::protocol::{RestAnswer, RestParams, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[Operation::xml_read("GetChange", "GET", "/2013-04-01/change/{Id}", get)];

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    /// The owner of the zone, who alone may ask about it (aws-facts section 2.2).
    owner: String,
    submitted: Moment,
    in_sync_at: Moment,
    comment: Option<String>,
}

impl Change {
    pub(super) fn is_forgotten(&self, now: Moment) -> bool {
        self.in_sync_at.plus(Duration::from_secs(timing::CHANGE_KEPT)) <= now
    }

    fn xml(&self, id: &str, now: Moment) -> Xml {
        Xml::new()
            .text("Id", format!("/change/{id}"))
            .text("Status", if now < self.in_sync_at { "PENDING" } else { "INSYNC" })
            .value("SubmittedAt", self.submitted)
            .maybe("Comment", self.comment.as_ref())
    }
}

/// Refuses a write while the one before is on its way.
///
/// AWS says so only when it "can't process a request before the next request arrives" (DOC: Route 53 quotas,
/// "ChangeResourceRecordSets requests"); here it never can, so that nobody counts on it that it does.
pub(super) fn refuse_while_pending(ctx: &Ctx<'_>, pending_until: Moment) -> Result<()> {
    if pending_until <= ctx.now {
        return Ok(());
    }
    let message = "The request was rejected because Route 53 was still processing a prior request.";
    Err(AwsError::new("PriorRequestNotComplete", message))
}

/// A change of a zone begins: its id, and the `ChangeInfo` of the answer.
pub(super) fn begin(ctx: &mut Ctx<'_>, zone: &str, comment: Option<&str>) -> Result<Xml> {
    let in_sync_at = ctx.in_seconds(timing::CHANGE_PENDING);
    let zone = zone_mut(ctx, zone)?;
    zone.pending_until = in_sync_at;
    let owner = zone.owner.clone();
    Ok(record(ctx, owner, comment))
}

/// The last change of a zone, which is gone already.
pub(super) fn record(ctx: &mut Ctx<'_>, owner: String, comment: Option<&str>) -> Xml {
    let in_sync_at = ctx.in_seconds(timing::CHANGE_PENDING);
    let change = Change { owner, submitted: ctx.now, in_sync_at, comment: comment.map(str::to_owned) };
    let id = format!("C{}", ctx.state.mint_base32("change", 20));
    let xml = change.xml(&id, ctx.now);
    ctx.state.route53.changes.insert(id, change);
    xml
}

fn get(ctx: &mut Ctx<'_>, p: &RestParams<'_>) -> Result<RestAnswer> {
    let id = p.label("Id");
    let change = ctx.state.route53.changes.get(id).ok_or_else(|| {
        AwsError::new("NoSuchChange", format!("Could not find resource with ID: {id}")).with_status(404)
    })?;
    if change.owner != ctx.caller.account {
        let message = format!("User: {} is not authorized to access this resource", ctx.caller.arn);
        return Err(AwsError::new("AccessDenied", message).with_status(403));
    }
    Ok(Xml::new().nest("ChangeInfo", change.xml(id, ctx.now)).into())
}
