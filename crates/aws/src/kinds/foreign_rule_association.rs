//! That a VPC of another party uses a rule that we share with it: made with a role in their account. Without one it is theirs
//! to make, and nothing shows us whether they have.

use aws_sdk_route53resolver::types::ResolverRuleAssociation;
use gcnet_core::{Calls, Context, Diff, Failure, Kind, Live, Natural, Owner, Ref, Replace, Request, Resource, Tags};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    ResolverRule, SharePrincipal, ShareResource, resolver_endpoint::display_name, resolver_rule_association::state,
};
use crate::{aws::Aws, read::need};

/// The pair is the natural key. Associations carry no tags, so the name of one of ours says so: one with another name was made
/// by them, and goes only when the rule is no longer shared, which AWS does by itself (developer guide, "Sharing forwarding
/// rules with other AWS accounts").
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForeignRuleAssociation {
    /// Our rule.
    pub rule: Ref<ResolverRule>,
    /// Whose VPC: 12 digits.
    pub account: String,
    /// Whose queries it decides.
    pub vpc: String,
    /// Live: we associated it.
    pub made_by_us: Option<bool>,
    /// That the rule is shared. Only for the order of creation.
    pub shared: Option<Ref<ShareResource>>,
    /// That their account receives it. Only for the order of creation.
    pub received: Option<Ref<SharePrincipal>>,
}

impl Resource for ForeignRuleAssociation {
    const NAME: &'static str = "foreign-rule-association";
}

impl Kind<Aws> for ForeignRuleAssociation {
    const REPLACE: Replace = Replace::DeleteFirst;
    const CALLS: Calls = Calls {
        observe: &["route53resolver:ListResolverRules", "sts:AssumeRole"],
        create: &["sts:AssumeRole"],
        update: &[],
        delete: &["sts:AssumeRole"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        let associations = aws.foreign_rule_associations().await?;
        associations.iter().map(|(account, association)| read(account, association)).collect()
    }

    fn natural(&self) -> Option<Natural> {
        let name = format!("{}/{}", self.rule.label(), self.vpc);
        Some(Natural { parent: self.rule.target().clone(), name })
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let ForeignRuleAssociation { rule, account, vpc, made_by_us: _, shared: _, received: _ } = self;
        diff.replace("rule", rule, &live.rule);
        diff.replace("account", account, &live.account);
        diff.replace("vpc", vpc, &live.vpc);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        const OPERATION: &str = "route53resolver:AssociateResolverRule";
        let (rule, there) = (cx.id(&self.rule)?, cx.world.in_account(&self.account)?);
        let name = format!("{MARK}{}", display_name(&cx.tags)).chars().take(64).collect::<String>();
        let call = there.write().resolver.associate_resolver_rule().name(name);
        let made = there.call(OPERATION, call.resolver_rule_id(rule).vpc_id(&self.vpc).send()).await?;
        need(made.resolver_rule_association.and_then(|association| association.id), OPERATION, "Id")
    }

    async fn update(&self, _: &Live<Self>, _: &Context<'_, Aws>) -> Result<(), Failure> {
        Ok(()) // nothing of it changes in place
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let ForeignRuleAssociation { rule, account, vpc, .. } = &live.spec;
        let there = aws.in_account(account)?;
        let call = there.write().resolver.disassociate_resolver_rule().resolver_rule_id(rule.label()).vpc_id(vpc);
        there.call("route53resolver:DisassociateResolverRule", call.send()).await.map(drop)
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // carries no tags
    }

    fn is_theirs(&self) -> bool {
        self.made_by_us == Some(false)
    }

    fn example() -> Self {
        ForeignRuleAssociation {
            rule: Ref::to("city.naruto.example"),
            account: "111122223333".into(),
            vpc: "vpc-0a1b2c3d4e5f60718".into(),
            made_by_us: Some(false),
            shared: Some(Ref::to("dns-a-sha/city.naruto.example")),
            received: Some(Ref::to("dns-a-sha/111122223333")),
        }
    }
}

impl ForeignRuleAssociation {
    /// The call with which the party makes it itself, for the rule of this id.
    pub fn by_hand(vpc: &Value, rule: &str) -> Request {
        Request::new("route53resolver", "AssociateResolverRule", json!({ "ResolverRuleId": rule, "VPCId": vpc }))
    }
}

/// What the names of ours begin with.
const MARK: &str = "gcnet-";

fn read(account: &str, association: &ResolverRuleAssociation) -> Result<Live<ForeignRuleAssociation>, Failure> {
    const OPERATION: &str = "route53resolver:ListResolverRuleAssociations";
    let spec = ForeignRuleAssociation {
        rule: Ref::id(need(association.resolver_rule_id(), OPERATION, "ResolverRuleId")?),
        account: account.into(),
        vpc: need(association.vpc_id(), OPERATION, "VPCId")?.into(),
        made_by_us: Some(association.name().is_some_and(|name| name.starts_with(MARK))),
        shared: None,
        received: None,
    };
    let id = need(association.id(), OPERATION, "Id")?.into();
    Ok(Live { id, owner: Owner::Parent, state: state(association)?, spec })
}
