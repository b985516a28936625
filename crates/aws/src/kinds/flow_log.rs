//! A flow log of a VPC or a transit gateway, into a CloudWatch log group.

use aws_sdk_ec2::types::{FlowLogsResourceType, LogDestinationType, ResourceType, TrafficType};
use gcnet_core::{Calls, Context, Diff, Failure, Kind, Live, Owner, Ref, Replace, Resource, State, Tags};
use serde::{Deserialize, Serialize};

use super::{LogGroup, Role, Tgw, Vpc};
use crate::{aws::Aws, read::need, tags};

/// All traffic, in AWS's default format. Nothing of it can be changed but its tags.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FlowLog {
    /// Whose traffic.
    pub of: Logged,
    /// Where to.
    pub group: Ref<LogGroup>,
    /// The role by which the service writes there.
    pub role: Ref<Role>,
    /// Seconds over which packets are summed up: 60 or 600; AWS takes only 60 for a transit gateway.
    pub interval: i32,
}

/// What a flow log watches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Logged {
    /// Every interface in it.
    Vpc(Ref<Vpc>),
    /// Every attachment of it.
    Tgw(Ref<Tgw>),
}

impl Resource for FlowLog {
    const NAME: &'static str = "flow-log";
}

impl Kind<Aws> for FlowLog {
    // An identical second one is refused: FlowLogAlreadyExists.
    const REPLACE: Replace = Replace::DeleteFirst;
    const TAKES_TOKEN: bool = true;
    const CALLS: Calls = Calls {
        observe: &["ec2:DescribeFlowLogs"],
        create: &["ec2:CreateFlowLogs", "ec2:CreateTags", "iam:PassRole"],
        update: &["ec2:CreateTags"],
        delete: &["ec2:DeleteFlowLogs"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        aws.flow_logs().await?.iter().map(|log| read(aws, log)).collect()
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let FlowLog { of, group, role, interval } = self;
        diff.replace("of", of, &live.of);
        diff.replace("group", group, &live.group);
        diff.replace("role", role, &live.role);
        diff.replace("interval", interval, &live.interval);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        const OPERATION: &str = "ec2:CreateFlowLogs";
        let aws = &cx.world;
        let call = aws
            .write()
            .ec2
            .create_flow_logs()
            .log_destination_type(LogDestinationType::CloudWatchLogs)
            .log_destination(cx.id(&self.group)?)
            .deliver_logs_permission_arn(cx.id(&self.role)?)
            .max_aggregation_interval(self.interval)
            .client_token(&cx.token)
            .tag_specifications(tags::specification(ResourceType::VpcFlowLog, &cx.tags));
        let call = match &self.of {
            Logged::Vpc(vpc) => {
                call.resource_type(FlowLogsResourceType::Vpc).resource_ids(cx.id(vpc)?).traffic_type(TrafficType::All)
            }
            // No traffic type: a gateway's log has none.
            Logged::Tgw(tgw) => call.resource_type(FlowLogsResourceType::TransitGateway).resource_ids(cx.id(tgw)?),
        };
        let made = aws.batch(OPERATION, call.send(), |made| made.unsuccessful()).await?;
        need(made.flow_log_ids.and_then(|ids| ids.into_iter().next()), OPERATION, "flowLogId")
    }

    async fn update(&self, _: &Live<Self>, _: &Context<'_, Aws>) -> Result<(), Failure> {
        Ok(()) // nothing of it changes in place
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        const OPERATION: &str = "ec2:DeleteFlowLogs";
        let call = aws.write().ec2.delete_flow_logs().flow_log_ids(&live.id).send();
        aws.batch(OPERATION, call, |gone| gone.unsuccessful()).await.map(drop)
    }

    async fn retag(id: &str, tags: &Tags, aws: &Aws) -> Result<(), Failure> {
        tags::retag_ec2(id, tags, aws).await
    }

    fn example() -> Self {
        FlowLog {
            of: Logged::Vpc(Ref::to("shared")),
            group: Ref::to("flow"),
            role: Ref::to("flow-logs"),
            interval: 600,
        }
    }
}

fn read(aws: &Aws, log: &aws_sdk_ec2::types::FlowLog) -> Result<Live<FlowLog>, Failure> {
    const OPERATION: &str = "ec2:DescribeFlowLogs";
    let resource = need(log.resource_id(), OPERATION, "resourceId")?;
    // Answers carry no resource type: the id tells.
    let of = match resource.split_once('-').map(|(kind, _)| kind) {
        Some("tgw") => Logged::Tgw(Ref::id(resource)),
        _ => Logged::Vpc(Ref::id(resource)),
    };
    let group = match (log.log_destination(), log.log_group_name()) {
        (Some(arn), _) => arn.trim_end_matches(":*").to_string(),
        (None, name) => LogGroup::arn(aws.region(), aws.account(), name.unwrap_or_default()),
    };
    Ok(Live {
        id: need(log.flow_log_id(), OPERATION, "flowLogId")?.into(),
        owner: Owner::Tags(tags::from_ec2(log.tags())),
        state: State::Ready,
        spec: FlowLog {
            of,
            group: Ref::id(group),
            role: Ref::id(log.deliver_logs_permission_arn().unwrap_or_default()),
            interval: log.max_aggregation_interval().unwrap_or(600),
        },
    })
}
