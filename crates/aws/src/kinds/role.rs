//! An IAM role with its inline policies.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_iam::types::{RoleDetail, Tag};
use gcnet_core::{Calls, Context, Diff, Failure, Kind, Live, Owner, Replace, Resource, State, Tags};
use serde::{Deserialize, Serialize};

use crate::{aws::Aws, policy::Policy, read::need};

/// Known by its tags; read, with all others, by one GetAccountAuthorizationDetails.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Role {
    /// `/gcnet/MUNICIPALITY/ENVIRONMENT/`: reads keep to what is under `/gcnet/`.
    pub path: String,
    /// At most 64 characters of `[\w+=,.@-]`; unique in the account.
    pub name: String,
    /// Who may assume it.
    pub trust: Policy,
    /// What it may do, by policy name. Together at most 10,240 characters without spaces.
    pub policies: BTreeMap<String, Policy>,
    /// Managed policies attached to it; never wished, but somebody might attach one.
    pub managed: BTreeSet<String>,
}

impl Resource for Role {
    const NAME: &'static str = "role";
}

impl Kind<Aws> for Role {
    // Names are unique in an account: EntityAlreadyExists.
    const REPLACE: Replace = Replace::DeleteFirst;
    const MANY_CALLS: bool = true;
    // gcnet-destroy destroys itself at the very end.
    const LAST: bool = true;
    const CALLS: Calls = Calls {
        observe: &["iam:GetAccountAuthorizationDetails"],
        create: &["iam:CreateRole", "iam:TagRole"],
        update: &[
            "iam:UpdateAssumeRolePolicy",
            "iam:PutRolePolicy",
            "iam:DeleteRolePolicy",
            "iam:DetachRolePolicy",
            "iam:TagRole",
        ],
        delete: &["iam:DetachRolePolicy", "iam:DeleteRolePolicy", "iam:DeleteRole"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        aws.roles().await?.iter().map(read).collect()
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let Role { path, name, trust, policies, managed } = self;
        diff.replace("path", path, &live.path);
        diff.replace("name", name, &live.name);
        diff.in_place("trust", trust, &live.trust);
        diff.in_place("policies", policies, &live.policies);
        diff.in_place("managed", managed, &live.managed);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        const OPERATION: &str = "iam:CreateRole";
        let aws = &cx.world;
        let call = aws
            .write()
            .iam
            .create_role()
            .path(&self.path)
            .role_name(&self.name)
            .assume_role_policy_document(self.trust.to_string())
            .set_tags(Some(tags(OPERATION, &cx.tags)?));
        let made = aws.call(OPERATION, call.send()).await?;
        Ok(need(made.role, OPERATION, "Role")?.arn)
    }

    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        let (aws, iam, have, name) = (&cx.world, &cx.world.write().iam, &live.spec, self.name.as_str());
        if self.trust != have.trust {
            let call = iam.update_assume_role_policy().role_name(name).policy_document(self.trust.to_string());
            aws.call("iam:UpdateAssumeRolePolicy", call.send()).await?;
        }
        for (key, policy) in &self.policies {
            if have.policies.get(key) != Some(policy) {
                let call = iam.put_role_policy().role_name(name).policy_name(key).policy_document(policy.to_string());
                aws.call("iam:PutRolePolicy", call.send()).await?;
            }
        }
        for key in have.policies.keys().filter(|key| !self.policies.contains_key(*key)) {
            let call = iam.delete_role_policy().role_name(name).policy_name(key);
            aws.call("iam:DeleteRolePolicy", call.send()).await?;
        }
        // To attach one would take a permission that can hand out everything.
        for arn in have.managed.difference(&self.managed) {
            aws.call("iam:DetachRolePolicy", iam.detach_role_policy().role_name(name).policy_arn(arn).send()).await?;
        }
        Ok(())
    }

    /// AWS deletes only a bare role. A run that died in between finds some of it gone already.
    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let (iam, role) = (&aws.write().iam, &live.spec);
        let done = |answer: Result<(), Failure>| match answer {
            Err(failure) if failure.class == gcnet_core::Class::NotFound => Ok(()),
            answer => answer,
        };
        for arn in &role.managed {
            let call = iam.detach_role_policy().role_name(&role.name).policy_arn(arn);
            done(aws.call("iam:DetachRolePolicy", call.send()).await.map(drop))?;
        }
        for policy in role.policies.keys() {
            let call = iam.delete_role_policy().role_name(&role.name).policy_name(policy);
            done(aws.call("iam:DeleteRolePolicy", call.send()).await.map(drop))?;
        }
        aws.call("iam:DeleteRole", iam.delete_role().role_name(&role.name).send()).await.map(drop)
    }

    /// Addressed by name; the id is an ARN that ends with it.
    async fn retag(id: &str, changed: &Tags, aws: &Aws) -> Result<(), Failure> {
        const OPERATION: &str = "iam:TagRole";
        let name = id.rsplit('/').next().unwrap_or_default();
        let call = aws.write().iam.tag_role().role_name(name).set_tags(Some(tags(OPERATION, changed)?));
        aws.call(OPERATION, call.send()).await.map(drop)
    }

    fn example() -> Self {
        let may = |action: &str| Policy::allow(&[action], &["*"]);
        Role {
            path: "/gcnet/naruto/prod/".into(),
            name: "gcnet-naruto-prod-flow-logs".into(),
            trust: Policy::trust_service("vpc-flow-logs.amazonaws.com"),
            policies: [("write".to_string(), may("logs:PutLogEvents"))].into(),
            managed: ["arn:aws:iam::aws:policy/ReadOnlyAccess".to_string()].into(),
        }
    }
}

fn tags(operation: &'static str, tags: &Tags) -> Result<Vec<Tag>, Failure> {
    let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build();
    let tags: Result<Vec<Tag>, _> = tags.iter().map(tag).collect();
    tags.map_err(|error| Failure::internal(operation, error.to_string()))
}

fn read(role: &RoleDetail) -> Result<Live<Role>, Failure> {
    const OPERATION: &str = "iam:GetAccountAuthorizationDetails";
    let policy = |document: Option<&str>| {
        let text = need(document, OPERATION, "policy document")?;
        Policy::from_wire(text).map_err(|error| Failure::internal(OPERATION, error.to_string()))
    };
    let mut policies = BTreeMap::new();
    for detail in role.role_policy_list() {
        policies.insert(
            need(detail.policy_name(), OPERATION, "PolicyName")?.to_string(),
            policy(detail.policy_document())?,
        );
    }
    let managed =
        role.attached_managed_policies().iter().filter_map(|policy| policy.policy_arn().map(String::from)).collect();
    let owner = role.tags().iter().map(|tag| (tag.key().to_string(), tag.value().to_string())).collect();
    Ok(Live {
        id: need(role.arn(), OPERATION, "Arn")?.into(),
        owner: Owner::Tags(owner),
        state: State::Ready,
        spec: Role {
            path: need(role.path(), OPERATION, "Path")?.into(),
            name: need(role.role_name(), OPERATION, "RoleName")?.into(),
            trust: policy(role.assume_role_policy_document())?,
            policies,
            managed,
        },
    })
}
