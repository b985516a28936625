//! A query log configuration: where the names that VPCs ask for are written down.

use aws_sdk_route53resolver::types::ResolverQueryLogConfigStatus as Status;
use gcnet_core::{Calls, Context, Diff, Failure, Kind, Live, Ref, Replace, Resource, State, Tags};
use serde::{Deserialize, Serialize};

use super::{
    LogGroup,
    resolver_endpoint::{display_name, resolver_tags},
};
use crate::{aws::Aws, mark, read::need};

/// Known by the mark that its creation left. Nothing of it can be changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QueryLog {
    /// Where to. AWS writes the group's resource policy itself (Resolver, "AWS resources that you can send query logs to").
    pub group: Ref<LogGroup>,
}

impl Resource for QueryLog {
    const NAME: &'static str = "query-log";
}

impl Kind<Aws> for QueryLog {
    const REPLACE: Replace = Replace::DeleteFirst;
    const TAKES_TOKEN: bool = true;
    const CALLS: Calls = Calls {
        observe: &["route53resolver:ListResolverQueryLogConfigs"],
        // Those of CloudWatch Logs are what AWS demands of whoever sends vended logs there (CloudWatch Logs, "Enable logging
        // from AWS services").
        create: &[
            "route53resolver:CreateResolverQueryLogConfig",
            "route53resolver:TagResource",
            "iam:CreateServiceLinkedRole",
            "logs:CreateLogDelivery",
            "logs:DeleteLogDelivery",
            "logs:DescribeLogGroups",
            "logs:DescribeResourcePolicies",
            "logs:GetLogDelivery",
            "logs:ListLogDeliveries",
            "logs:PutResourcePolicy",
            "logs:UpdateLogDelivery",
        ],
        update: &[],
        delete: &["logs:DeleteLogDelivery", "logs:ListLogDeliveries", "route53resolver:DeleteResolverQueryLogConfig"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        const OPERATION: &str = "route53resolver:ListResolverQueryLogConfigs";
        let mut found = vec![];
        for config in aws.resolver_query_log_configs().await?.iter() {
            let shared = config.owner_id() != Some(aws.account());
            let Some(owner) = mark::owner(config.creator_request_id()).filter(|_| !shared) else { continue };
            let state = match need(config.status(), OPERATION, "Status")? {
                Status::Created => State::Ready,
                Status::Deleting => State::Leaving,
                Status::Failed => State::Failed("failed".into()),
                other => State::Pending(other.as_str().to_ascii_lowercase()),
            };
            let group = need(config.destination_arn(), OPERATION, "DestinationArn")?.trim_end_matches(":*");
            let id = need(config.id(), OPERATION, "Id")?.into();
            found.push(Live { id, owner, state, spec: QueryLog { group: Ref::id(group) } });
        }
        Ok(found)
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let QueryLog { group } = self;
        diff.replace("group", group, &live.group);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        const OPERATION: &str = "route53resolver:CreateResolverQueryLogConfig";
        let aws = &cx.world;
        let call = aws
            .write()
            .resolver
            .create_resolver_query_log_config()
            .creator_request_id(mark::write(cx.address.name(), cx))
            .name(display_name(&cx.tags))
            .destination_arn(cx.id(&self.group)?)
            .set_tags(Some(resolver_tags(&cx.tags, OPERATION)?));
        let made = aws.call(OPERATION, call.send()).await?;
        need(made.resolver_query_log_config.and_then(|config| config.id), OPERATION, "Id")
    }

    async fn update(&self, _: &Live<Self>, _: &Context<'_, Aws>) -> Result<(), Failure> {
        Ok(()) // nothing of it changes in place
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let call = aws.write().resolver.delete_resolver_query_log_config().resolver_query_log_config_id(&live.id);
        aws.call("route53resolver:DeleteResolverQueryLogConfig", call.send()).await.map(drop)
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // its tags are not read back, so they never differ
    }

    fn example() -> Self {
        QueryLog { group: Ref::to("queries") }
    }
}
