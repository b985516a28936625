//! Flow logs of the shared VPC and of the transit gateway, into CloudWatch; and the group that records of runs are copied to.

use gcnet_aws::{
    Policy,
    kinds::{FlowLog, LogGroup, Logged, Role},
};
use gcnet_core::Desired;
use serde_json::json;

use super::{Network, access};
use crate::config::schema::{FlowDestination, Kms, Municipality};

/// What the group of records is called in the stack.
const AUDIT: &str = "audit";

/// The log group that a copy of every record goes to, if the file wants one.
pub fn audit_group(municipality: &Municipality) -> Option<String> {
    municipality.logs.audit.then(|| LogGroup::path(&super::stack(municipality), AUDIT))
}

pub(super) fn add(municipality: &Municipality, network: &Network, desired: &mut Desired) {
    let logs = &municipality.logs;
    if logs.audit {
        desired.add(AUDIT, group(municipality, desired, AUDIT));
    }
    if logs.flow.value != FlowDestination::Cloudwatch {
        return;
    }
    let role = desired.add("flow-logs", writer(municipality, desired));
    let mut add = |name: &str, of: Logged, interval: i32| {
        let group = desired.add(name, group(municipality, desired, name));
        desired.add(name, FlowLog { of, group, role: role.clone(), interval });
    };
    add("vpc-flow", Logged::Vpc(network.vpc.clone()), 600);
    if logs.transit_gateway {
        // AWS takes no other interval for a transit gateway.
        add("tgw-flow", Logged::Tgw(network.tgw.clone()), 60);
    }
}

/// As long and as secret as the file wants its logs.
pub(super) fn group(municipality: &Municipality, desired: &Desired, name: &str) -> LogGroup {
    let logs = &municipality.logs;
    LogGroup {
        name: LogGroup::path(&desired.stack, name),
        retention_days: i32::try_from(logs.retention_days.value.get()).ok(),
        kms_key: match &logs.kms {
            Kms::Key(arn) => Some(arn.to_string()),
            Kms::None | Kms::Create => None,
        },
    }
}

/// The service writes as this role, and only for this account: otherwise anybody's flow log could.
fn writer(municipality: &Municipality, desired: &Desired) -> Role {
    let (account, region) = (municipality.accounts.network.id.to_string(), municipality.region.value.as_str());
    let groups = LogGroup::arn(region, &account, &LogGroup::path(&desired.stack, "*"));
    let write = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogGroups", "logs:DescribeLogStreams"];
    let trust = json!({
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": { "Service": "vpc-flow-logs.amazonaws.com" },
        "Condition": { "StringEquals": { "aws:SourceAccount": account } },
    });
    Role {
        path: access::path(&desired.stack),
        name: access::name(&desired.stack, "flow-logs"),
        trust: Policy::new(vec![trust]),
        policies: [("write".to_string(), Policy::allow(&write, &[&groups]))].into(),
        managed: Default::default(),
    }
}
