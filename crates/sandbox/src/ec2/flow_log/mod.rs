//! Flow logs into CloudWatch log groups. Rules: aws-facts section 1.2 "Flow log + CloudWatch log group".

mod create;
mod delivery;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::ec2::describe::Describe;
use crate::ec2::{Kind, errors, tags};
use crate::error::Result;
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) use create::TokenUse;
use delivery::Delivery;
pub(crate) use delivery::deliver;

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::write("CreateFlowLogs", create::create),
    Operation::read("DescribeFlowLogs", describe),
    Operation::write("DeleteFlowLogs", delete),
];

pub(crate) static KIND: Kind = Kind {
    resource_type: "vpc-flow-log",
    prefix: "fl",
    not_found: "InvalidFlowLogId.NotFound",
    rows: |ec2| &ec2.flow_logs,
};

/// It outlives what it watches; nothing of it changes but its tags.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FlowLog {
    pub resource: String,
    /// None for transit gateways.
    pub traffic: Option<String>,
    /// The name of a log group of the same account and Region.
    pub log_group: String,
    /// The ARN of a role of the same account.
    pub role: String,
    /// Seconds.
    pub interval: u64,
    pub format: String,
    pub created: Moment,
    /// When records were last delivered, or would have been.
    pub delivered_at: Moment,
}

fn describe(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let ctx = &*ctx;
    let ec2 = ctx.ec2();
    let groups = &ctx.state.regional(&ctx.caller.account, ctx.region).logs.groups;
    let delivery = delivery(ctx);
    let status = |id: &str, log: &FlowLog| {
        let exists = groups.contains_key(&log.log_group);
        if delivery.succeeds(id, log, exists) { "SUCCESS" } else { "FAILED" }
    };
    let found = Describe {
        kind: &KIND,
        ids: "FlowLogId",
        filters: "Filter",
        known: &[
            "deliver-log-status",
            "flow-log-id",
            "log-destination-type",
            "log-group-name",
            "resource-id",
            "tag",
            "tag-key",
            "traffic-type",
        ],
        page: 1..=1000,
    }
    .select(p, ec2, &ec2.flow_logs, |id, log, name| {
        let one = match name {
            "deliver-log-status" => status(id, log),
            "log-destination-type" => "cloud-watch-logs",
            "log-group-name" => &log.log_group,
            "resource-id" => &log.resource,
            "traffic-type" => return log.traffic.clone().into_iter().collect(),
            _ => id,
        };
        vec![one.to_owned()]
    })?;
    Ok(found.render("flowLogSet", |id, log| {
        let failure = (status(id, log) == "FAILED").then_some("Access error");
        Xml::new()
            .text("flowLogId", id)
            .text("resourceId", &log.resource)
            .maybe("trafficType", log.traffic.as_ref())
            .text("flowLogStatus", "ACTIVE")
            .text("deliverLogsStatus", status(id, log))
            .maybe("deliverLogsErrorMessage", failure)
            .text("deliverLogsPermissionArn", &log.role)
            .text("logDestinationType", "cloud-watch-logs")
            .text("logDestination", ctx.arn("logs", &format!("log-group:{}", log.log_group)))
            .text("logGroupName", &log.log_group)
            .text("logFormat", &log.format)
            .value("maxAggregationInterval", log.interval)
            .value("creationTime", log.created)
            .list("tagSet", tags::rows(ec2, id))
    }))
}

fn delivery<'a>(ctx: &'a Ctx<'_>) -> Delivery<'a> {
    Delivery { iam: &ctx.state.account(&ctx.caller.account).iam, region: ctx.region, now: ctx.now }
}

/// Answers 200 even if none could be deleted.
fn delete(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let ids = p.list("FlowLogId");
    if ids.is_empty() {
        p.required("FlowLogId.1")?;
    }
    let mut failures = Vec::new();
    for id in ids {
        if ctx.ec2().flow_logs.contains_key(&id) {
            let ec2 = ctx.ec2_mut();
            ec2.flow_logs.remove(&id);
            ec2.untag(&id);
        } else {
            failures.push(errors::unsuccessful(&id, &KIND.missing(&id)));
        }
    }
    Ok(Xml::new().list("unsuccessful", failures))
}
