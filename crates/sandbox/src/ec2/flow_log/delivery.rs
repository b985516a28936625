//! Delivery of flow log records: it makes the log group again when somebody has deleted it.

use std::time::Duration;

use super::FlowLog;
use crate::clock::Moment;
use crate::iam::{Context, Decision, Iam, Role};
use crate::logs::LogGroup;
use crate::store::Account;

/// The service that writes (VPC user guide, "IAM role for publishing flow logs to CloudWatch Logs").
const SERVICE: &str = "vpc-flow-logs.amazonaws.com";
/// What it needs (same page), but for the making of the group.
const WRITING: [&str; 2] = ["logs:CreateLogStream", "logs:PutLogEvents"];

/// A role of this account that flow logs can assume now.
pub(super) fn assumable<'a>(iam: &'a Iam, arn: &str, now: Moment) -> Option<&'a Role> {
    let name = arn.rsplit('/').next()?;
    let role = iam.roles.get(name).filter(|role| role.arn() == arn)?;
    role.trusts_service(SERVICE, now).then_some(role)
}

fn may(iam: &Iam, role: &Role, action: &str) -> bool {
    role.may(iam, action, &Context::new()) == Decision::Allowed
}

/// Whether records can be written to an existing group.
pub(super) fn is_possible(iam: &Iam, log: &FlowLog, now: Moment) -> bool {
    assumable(iam, &log.role, now).is_some_and(|role| WRITING.iter().all(|action| may(iam, role, action)))
}

/// Delivers what is due in an account, as if there always were traffic. Source: aws-facts section 1.2 (CloudWatch log
/// group is re-created on delivery).
pub(crate) fn deliver(account: &mut Account, now: Moment) {
    let iam = &account.iam;
    for regional in account.regions.values_mut() {
        let due = |log: &FlowLog| log.delivered_at.plus(Duration::from_secs(log.interval)) <= now;
        let logs = regional.ec2.flow_logs.iter().filter(|(_, log)| due(log));
        let logs: Vec<(String, FlowLog)> = logs.map(|(id, log)| (id.clone(), log.clone())).collect();
        for (id, log) in logs {
            let creates = assumable(iam, &log.role, now).is_some_and(|role| may(iam, role, "logs:CreateLogGroup"));
            let missing = !regional.logs.groups.contains_key(&log.log_group);
            if missing && creates && is_possible(iam, &log, now) {
                regional.logs.groups.insert(log.log_group.clone(), LogGroup::new(now));
            }
            regional.ec2.flow_logs.insert(id, FlowLog { delivered_at: now, ..log });
        }
    }
}
