//! Where the lease of a stack is written: one standard parameter of Systems Manager, which costs nothing. It stays when a lease
//! is given back, because a name that was deleted must not be given again for 30 seconds (DeleteParameter).

use std::fmt;

use aws_sdk_ssm::types::{ParameterTier, ParameterType, Tag};
use gcnet_core::{Class, Failure, Stack, Tags, identity, lease::Register};

use crate::{aws::Aws, read::need};

/// What a run calls to take, keep and give back a lease, as in an IAM policy; tags are given at creation.
pub const CALLS: [&str; 3] = ["ssm:AddTagsToResource", GET, PUT];
/// What only a run calls that leaves nothing behind.
pub const REMOVE: &str = "ssm:DeleteParameter";

const GET: &str = "ssm:GetParameter";
const PUT: &str = "ssm:PutParameter";

/// What the parameter is called: `/gcnet/naruto/prod/lease`.
pub fn name(stack: &Stack) -> String {
    format!("/gcnet/{}/{}/lease", stack.municipality, stack.environment)
}

/// `arn:aws:ssm:REGION:ACCOUNT:parameter/gcnet/naruto/prod/lease`
pub fn arn(region: &str, account: &str, stack: &Stack) -> String {
    format!("arn:aws:ssm:{region}:{account}:parameter{}", name(stack))
}

/// The parameter in which the lease of a stack is written.
#[derive(Clone)]
pub struct LeaseParameter {
    aws: Aws,
    name: String,
    tags: Tags,
}

impl fmt::Debug for LeaseParameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LeaseParameter").field("name", &self.name).finish_non_exhaustive()
    }
}

impl LeaseParameter {
    /// Of a stack in the account and Region of `aws`. `tags` are the file's own, which organisations may insist on.
    pub fn new(aws: Aws, stack: &Stack, tags: &Tags) -> Self {
        let mut tags = tags.clone();
        tags.insert(identity::MUNICIPALITY.into(), stack.municipality.clone());
        tags.insert(identity::ENVIRONMENT.into(), stack.environment.clone());
        LeaseParameter { aws, name: name(stack), tags }
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The newest version, or the one that is asked for (`NAME:VERSION`).
    async fn get(&self, name: String) -> Result<Option<(u64, String)>, Failure> {
        let call = self.aws.read().ssm.get_parameter().name(name);
        let answer = match self.aws.call(GET, call.send()).await {
            Err(failure) if failure.class == Class::NotFound => return Ok(None),
            answer => answer?,
        };
        let parameter = need(answer.parameter, GET, "Parameter")?;
        Ok(Some((number(parameter.version, GET)?, need(parameter.value, GET, "Value")?)))
    }
}

fn number(version: i64, operation: &'static str) -> Result<u64, Failure> {
    u64::try_from(version).map_err(|_| Failure::internal(operation, format!("version {version}")))
}

impl Register for LeaseParameter {
    async fn read(&self) -> Result<Option<(u64, String)>, Failure> {
        self.get(self.name.clone()).await
    }

    async fn read_version(&self, version: u64) -> Result<Option<String>, Failure> {
        Ok(self.get(format!("{}:{version}", self.name)).await?.map(|(_, text)| text))
    }

    async fn create(&self, text: &str) -> Result<u64, Failure> {
        let tag = |(key, value)| Tag::builder().key(key).value(value).build();
        let tags: Result<Vec<Tag>, _> = self.tags.iter().map(tag).collect();
        let tags = tags.map_err(|error| Failure::internal(PUT, error.to_string()))?;
        let call = self.aws.write().ssm.put_parameter().name(&self.name).value(text).set_tags(Some(tags));
        let call = call.r#type(ParameterType::String).tier(ParameterTier::Standard).overwrite(false);
        number(self.aws.call(PUT, call.send()).await?.version, PUT)
    }

    async fn overwrite(&self, text: &str) -> Result<u64, Failure> {
        let call = self.aws.write().ssm.put_parameter().name(&self.name).value(text);
        // With its type, because one that was deleted meanwhile is made again.
        let call = call.r#type(ParameterType::String).tier(ParameterTier::Standard).overwrite(true);
        number(self.aws.call(PUT, call.send()).await?.version, PUT)
    }

    async fn remove(&self) -> Result<(), Failure> {
        let call = self.aws.write().ssm.delete_parameter().name(&self.name);
        self.aws.call(REMOVE, call.send()).await.map(drop)
    }

    fn now(&self) -> i64 {
        self.aws.now()
    }
}
