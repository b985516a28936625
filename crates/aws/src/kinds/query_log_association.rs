//! That the queries of one of our VPCs are logged.

use aws_sdk_route53resolver::types::ResolverQueryLogConfigAssociationStatus as Status;
use gcnet_core::{
    Calls, Context, Diff, Failure, Kind, Live, Natural, Owner, Ref, Replace, Request, Resource, State, Tags,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{QueryLog, Vpc};
use crate::{aws::Aws, read::need};

/// The pair is the natural key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QueryLogAssociation {
    /// By which configuration.
    pub log: Ref<QueryLog>,
    /// Whose queries.
    pub vpc: Ref<Vpc>,
}

impl Resource for QueryLogAssociation {
    const NAME: &'static str = "query-log-association";
}

impl Kind<Aws> for QueryLogAssociation {
    const REPLACE: Replace = Replace::DeleteFirst;
    const CALLS: Calls = Calls {
        observe: &["route53resolver:ListResolverQueryLogConfigAssociations"],
        create: &["route53resolver:AssociateResolverQueryLogConfig", "ec2:DescribeVpcs"],
        update: &[],
        delete: &["route53resolver:DisassociateResolverQueryLogConfig"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        const OPERATION: &str = "route53resolver:ListResolverQueryLogConfigAssociations";
        let mut found = vec![];
        for association in aws.resolver_query_log_config_associations().await?.iter() {
            let reason = || association.error().map_or("failed", |error| error.as_str()).to_ascii_lowercase();
            let state = match need(association.status(), OPERATION, "Status")? {
                Status::Active => State::Ready,
                Status::Deleting => State::Leaving,
                // The log group is gone, or its policy: another association is what puts it right.
                Status::Failed | Status::ActionNeeded => State::Failed(reason()),
                other => State::Pending(other.as_str().to_ascii_lowercase()),
            };
            let log = need(association.resolver_query_log_config_id(), OPERATION, "ResolverQueryLogConfigId")?;
            let vpc = need(association.resource_id(), OPERATION, "ResourceId")?;
            let spec = QueryLogAssociation { log: Ref::id(log), vpc: Ref::id(vpc) };
            let id = need(association.id(), OPERATION, "Id")?.into();
            found.push(Live { id, owner: Owner::Parent, state, spec });
        }
        Ok(found)
    }

    fn natural(&self) -> Option<Natural> {
        let name = format!("{}/{}", self.log.label(), self.vpc.label());
        Some(Natural { parent: self.log.target().clone(), name })
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let QueryLogAssociation { log, vpc } = self;
        diff.replace("log", log, &live.log);
        diff.replace("vpc", vpc, &live.vpc);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        const OPERATION: &str = "route53resolver:AssociateResolverQueryLogConfig";
        let aws = &cx.world;
        let call = aws.write().resolver.associate_resolver_query_log_config();
        let call = call.resolver_query_log_config_id(cx.id(&self.log)?).resource_id(cx.id(&self.vpc)?);
        let made = aws.call(OPERATION, call.send()).await?;
        need(made.resolver_query_log_config_association.and_then(|association| association.id), OPERATION, "Id")
    }

    async fn update(&self, _: &Live<Self>, _: &Context<'_, Aws>) -> Result<(), Failure> {
        Ok(()) // nothing of it changes in place
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let QueryLogAssociation { log, vpc } = &live.spec;
        let call = aws.write().resolver.disassociate_resolver_query_log_config();
        let call = call.resolver_query_log_config_id(log.label()).resource_id(vpc.label());
        aws.call("route53resolver:DisassociateResolverQueryLogConfig", call.send()).await.map(drop)
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // carries no tags
    }

    fn example() -> Self {
        QueryLogAssociation { log: Ref::to("queries"), vpc: Ref::to("shared") }
    }
}

impl QueryLogAssociation {
    /// The call with which another party makes one with its own VPC, for the configuration of this id that we share.
    pub fn by_hand(vpc: &Value, log: &str) -> Request {
        let input = json!({ "ResolverQueryLogConfigId": log, "ResourceId": vpc });
        Request::new("route53resolver", "AssociateResolverQueryLogConfig", input)
    }
}
