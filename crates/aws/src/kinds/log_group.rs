//! A CloudWatch log group.

use gcnet_core::{Calls, Context, Diff, Failure, Kind, Live, Owner, Replace, Resource, Stack, State, Tags};
use serde::{Deserialize, Serialize};

use crate::{aws::Aws, read::need};

/// Known by its name, `/gcnet/MUNICIPALITY/ENVIRONMENT/NAME`: the batched read shows no tags.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogGroup {
    /// See [`LogGroup::path`].
    pub name: String,
    /// One of CloudWatch's fixed numbers; `None` keeps logs for ever, which is found and never wished.
    pub retention_days: Option<i32>,
    /// ARN of a KMS key; `None` for CloudWatch's own.
    pub kms_key: Option<String>,
}

impl LogGroup {
    /// The name that says whose it is.
    pub fn path(stack: &Stack, name: &str) -> String {
        format!("/gcnet/{}/{}/{name}", stack.municipality, stack.environment)
    }

    /// The ARN without the `:*` that DescribeLogGroups appends: what a flow log wants.
    pub fn arn(region: &str, account: &str, path: &str) -> String {
        format!("arn:aws:logs:{region}:{account}:log-group:{path}")
    }
}

impl Resource for LogGroup {
    const NAME: &'static str = "log-group";
}

impl Kind<Aws> for LogGroup {
    const REPLACE: Replace = Replace::DeleteFirst;
    const CALLS: Calls = Calls {
        observe: &["logs:DescribeLogGroups"],
        create: &["logs:CreateLogGroup", "logs:TagResource"],
        update: &["logs:PutRetentionPolicy", "logs:AssociateKmsKey", "logs:DisassociateKmsKey"],
        delete: &["logs:DeleteLogGroup"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        const OPERATION: &str = "logs:DescribeLogGroups";
        let mut found = vec![];
        for group in aws.log_groups().await?.iter() {
            let path = need(group.log_group_name(), OPERATION, "logGroupName")?;
            let Some(owner) = owner(path) else { continue };
            let spec = LogGroup {
                name: path.into(),
                retention_days: group.retention_in_days(),
                kms_key: group.kms_key_id().map(String::from),
            };
            let id = LogGroup::arn(aws.region(), aws.account(), path);
            found.push(Live { id, owner, state: State::Ready, spec });
        }
        Ok(found)
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let LogGroup { name, retention_days, kms_key } = self;
        diff.replace("name", name, &live.name);
        diff.in_place("retention_days", retention_days, &live.retention_days);
        diff.in_place("kms_key", kms_key, &live.kms_key);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        let aws = &cx.world;
        let tags = cx.tags.clone().into_iter().collect();
        let call = aws.write().logs.create_log_group().log_group_name(&self.name).set_tags(Some(tags));
        let call = call.set_kms_key_id(self.kms_key.clone());
        aws.call("logs:CreateLogGroup", call.send()).await?;
        Ok(LogGroup::arn(aws.region(), aws.account(), &self.name))
    }

    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        let (aws, logs, name) = (&cx.world, &cx.world.write().logs, self.name.as_str());
        if let Some(days) = self.retention_days.filter(|_| self.retention_days != live.spec.retention_days) {
            let call = logs.put_retention_policy().log_group_name(name).retention_in_days(days);
            aws.call("logs:PutRetentionPolicy", call.send()).await?;
        }
        match &self.kms_key {
            key if *key == live.spec.kms_key => {}
            Some(key) => {
                let call = logs.associate_kms_key().log_group_name(name).kms_key_id(key);
                aws.call("logs:AssociateKmsKey", call.send()).await?;
            }
            None => {
                let call = logs.disassociate_kms_key().log_group_name(name);
                aws.call("logs:DisassociateKmsKey", call.send()).await?;
            }
        }
        Ok(())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let call = aws.write().logs.delete_log_group().log_group_name(&live.spec.name);
        aws.call("logs:DeleteLogGroup", call.send()).await.map(drop)
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // its tags are not read back, so they never differ
    }

    fn example() -> Self {
        let name = LogGroup::path(&Stack::new("naruto", "prod"), "flow");
        LogGroup {
            name,
            retention_days: Some(365),
            kms_key: Some("arn:aws:kms:ap-northeast-1:111122223333:key/1".into()),
        }
    }
}

fn owner(path: &str) -> Option<Owner> {
    let (municipality, rest) = path.strip_prefix("/gcnet/")?.split_once('/')?;
    let (environment, name) = rest.split_once('/')?;
    Some(Owner::Name { stack: Stack::new(municipality, environment), name: name.into() })
}
