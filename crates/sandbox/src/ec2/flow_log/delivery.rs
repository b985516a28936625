//! Delivery of flow log records: it makes the log group again when somebody has deleted it.

use std::time::Duration;

use super::FlowLog;
use crate::clock::Moment;
use crate::ec2::Ec2;
use crate::iam::{Context, Decision, Iam, Role};
use crate::logs::LogGroup;
use crate::store::{Account, Keys};

/// The service that writes (VPC user guide, "IAM role for publishing flow logs to CloudWatch Logs").
const SERVICE: &str = "vpc-flow-logs.amazonaws.com";
/// What it needs (same page).
const WRITING: [&str; 2] = ["logs:CreateLogStream", "logs:PutLogEvents"];
const CREATING: &str = "logs:CreateLogGroup";

/// The service at some moment, with the roles of the account that it delivers for.
pub(super) struct Delivery<'a> {
    pub iam: &'a Iam,
    pub region: &'a str,
    pub now: Moment,
}

impl<'a> Delivery<'a> {
    /// The role with this ARN, if the service can assume it for the flow log `id`.
    pub fn role(&self, arn: &str, id: &str) -> Option<&'a Role> {
        let name = arn.rsplit('/').next()?;
        let role = self.iam.roles.get(name).filter(|role| role.arn() == arn)?;
        let (region, account) = (self.region, &role.account);
        // Same page: the keys by which a trust policy keeps other accounts' flow logs out.
        let context = Context::from([
            ("aws:sourceaccount".to_owned(), account.clone()),
            ("aws:sourcearn".to_owned(), format!("arn:aws:ec2:{region}:{account}:vpc-flow-log/{id}")),
        ]);
        role.trusts_service(SERVICE, &context, self.now).then_some(role)
    }

    /// Whether a flow log's records arrive, in a group that exists or has to be made.
    pub fn succeeds(&self, id: &str, log: &FlowLog, group_exists: bool) -> bool {
        let Some(role) = self.role(&log.role, id) else {
            return false;
        };
        let may = |action: &str| role.may(self.iam, action, None, &Context::new()) == Decision::Allowed;
        WRITING.into_iter().all(may) && (group_exists || may(CREATING))
    }
}

/// Delivers what is due in an account, as if its resources always had traffic. Source: aws-facts section 1.2
/// (CloudWatch log group is re-created on delivery).
pub(crate) fn deliver(account: &mut Account, now: Moment) {
    for (region, regional) in &mut account.regions {
        let delivery = Delivery { iam: &account.iam, region, now };
        let due = |log: &FlowLog| log.delivered_at.plus(Duration::from_secs(log.interval)) <= now;
        let logs = regional.ec2.flow_logs.iter().filter(|(_, log)| due(log));
        let logs: Vec<(String, FlowLog)> = logs.map(|(id, log)| (id.clone(), log.clone())).collect();
        for (id, log) in logs {
            let exists = regional.logs.groups.contains_key(&log.log_group);
            if !exists && has_traffic(&regional.ec2, &log) && delivery.succeeds(&id, &log, exists) {
                regional.logs.groups.insert(log.log_group.clone(), LogGroup::new(now));
            }
            regional.ec2.flow_logs.insert(id, FlowLog { delivered_at: now, ..log });
        }
    }
}

/// Not without its resource.
fn has_traffic(ec2: &Ec2, log: &FlowLog) -> bool {
    let id = &log.resource;
    ec2.vpcs.has(id) || ec2.subnets.has(id) || ec2.transit_gateways.has(id)
}
