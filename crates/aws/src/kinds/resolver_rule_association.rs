//! That one of our VPCs uses a rule.

use aws_sdk_route53resolver::types::{ResolverRuleAssociation as Found, ResolverRuleAssociationStatus as Status};
use gcnet_core::{
    Ask, Calls, Context, Diff, Failure, Kind, Known, Live, Natural, Owner, Ref, Replace, Resource, State, Tags,
};
use serde::{Deserialize, Serialize};

use super::{ResolverRule, Vpc, resolver_endpoint::display_name};
use crate::{aws::Aws, read::need};

/// The pair is the natural key. Associations in other accounts are not shown to us.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResolverRuleAssociation {
    /// Which rule.
    pub rule: Ref<ResolverRule>,
    /// Whose queries it decides.
    pub vpc: Ref<Vpc>,
    /// Another rule for the domain decides in its place; only found. To make it anew changes nothing.
    pub overridden: bool,
}

impl Resource for ResolverRuleAssociation {
    const NAME: &'static str = "resolver-rule-association";
}

impl Kind<Aws> for ResolverRuleAssociation {
    const REPLACE: Replace = Replace::DeleteFirst;
    const CALLS: Calls = Calls {
        observe: &["route53resolver:ListResolverRuleAssociations", "ec2:DescribeVpcs"],
        create: &["route53resolver:AssociateResolverRule", "ec2:DescribeVpcs"],
        update: &[],
        delete: &["route53resolver:DisassociateResolverRule"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        const OPERATION: &str = "route53resolver:ListResolverRuleAssociations";
        let mut found = vec![];
        for association in aws.resolver_rule_associations().await?.iter() {
            let spec = ResolverRuleAssociation {
                rule: Ref::id(need(association.resolver_rule_id(), OPERATION, "ResolverRuleId")?),
                vpc: Ref::id(need(association.vpc_id(), OPERATION, "VPCId")?),
                overridden: association.status() == Some(&Status::Overridden),
            };
            let id = need(association.id(), OPERATION, "Id")?.into();
            found.push(Live { id, owner: Owner::Parent, state: state(association)?, spec });
        }
        Ok(found)
    }

    fn natural(&self) -> Option<Natural> {
        let name = format!("{}/{}", self.rule.label(), self.vpc.label());
        Some(Natural { parent: self.rule.target().clone(), name })
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let ResolverRuleAssociation { rule, vpc, overridden: _ } = self;
        diff.replace("rule", rule, &live.rule);
        diff.replace("vpc", vpc, &live.vpc);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        const OPERATION: &str = "route53resolver:AssociateResolverRule";
        let aws = &cx.world;
        let call = aws.write().resolver.associate_resolver_rule().name(display_name(&cx.tags));
        let call = call.resolver_rule_id(cx.id(&self.rule)?).vpc_id(cx.id(&self.vpc)?);
        let made = aws.call(OPERATION, call.send()).await?;
        need(made.resolver_rule_association.and_then(|association| association.id), OPERATION, "Id")
    }

    async fn update(&self, _: &Live<Self>, _: &Context<'_, Aws>) -> Result<(), Failure> {
        Ok(()) // nothing of it changes in place
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let ResolverRuleAssociation { rule, vpc, .. } = &live.spec;
        let call = aws.write().resolver.disassociate_resolver_rule();
        let call = call.resolver_rule_id(rule.label()).vpc_id(vpc.label());
        aws.call("route53resolver:DisassociateResolverRule", call.send()).await.map(drop)
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // carries no tags
    }

    fn asks(&self, live: Option<&Live<Self>>, _: &Known<'_>) -> Vec<Ask> {
        let overridden = live.is_some_and(|live| live.spec.overridden);
        overridden.then(|| Ask::operator("check-rule")).into_iter().collect()
    }

    fn example() -> Self {
        let (rule, vpc) = (Ref::to("city.naruto.example"), Ref::to("shared"));
        ResolverRuleAssociation { rule, vpc, overridden: true }
    }
}

pub(super) fn state(association: &Found) -> Result<State, Failure> {
    let status = need(association.status(), "route53resolver:ListResolverRuleAssociations", "Status")?;
    Ok(match status {
        Status::Complete => State::Ready,
        Status::Deleting => State::Leaving,
        Status::Failed => State::Failed(association.status_message().unwrap_or("failed").into()),
        // Another rule for the same domain decides in its place: see `asks`.
        Status::Overridden => State::Ready,
        other => State::Pending(other.as_str().to_ascii_lowercase()),
    })
}
