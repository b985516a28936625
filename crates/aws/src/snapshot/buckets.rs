//! Reads of S3. One list shows the buckets of the account and Region by the prefix that only gcnet uses; of each of ours, what makes
//! it safe is one call a piece.

use std::sync::Arc;

use aws_sdk_s3::types::{PublicAccessBlockConfiguration, ServerSideEncryptionRule};
use aws_smithy_types::DateTime;
use futures::future::try_join_all;
use gcnet_core::{Class, Failure, Tags};

use crate::{aws::Aws, kinds::Bucket, read::need};

/// A bucket of ours, whichever stack's.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) name: String,
    pub(crate) created: Option<DateTime>,
    pub(crate) tags: Tags,
    /// As JSON; `None` without one.
    pub(crate) policy: Option<String>,
    pub(crate) block: Option<PublicAccessBlockConfiguration>,
    /// What encrypts objects that ask for nothing.
    pub(crate) encryption: Option<ServerSideEncryptionRule>,
}

/// What a bucket may lack: AWS answers with an error where a thing was never set.
fn if_any<T>(answer: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match answer {
        Err(failure) if failure.class == Class::NotFound => Ok(None),
        answer => answer.map(Some),
    }
}

impl Aws {
    /// Those whose names say that they are ours.
    pub(crate) async fn s3_buckets(&self) -> Result<Arc<Vec<Seen>>, Failure> {
        let read = async || {
            const OPERATION: &str = "s3:ListAllMyBuckets";
            let mut names = vec![];
            let call = self.read().s3.list_buckets().prefix(Bucket::PREFIX).bucket_region(self.region());
            let mut next = call.max_buckets(1000);
            loop {
                let page = self.call(OPERATION, next.clone().send()).await?;
                for bucket in page.buckets.unwrap_or_default() {
                    names.push((need(bucket.name, OPERATION, "Name")?, bucket.creation_date));
                }
                match page.continuation_token.filter(|token| !token.is_empty()) {
                    None => break,
                    token => next = next.set_continuation_token(token),
                }
            }
            let ours = names.into_iter().filter(|(name, _)| Bucket::owner(name, self.account()).is_some());
            Ok(Arc::new(try_join_all(ours.map(|(name, created)| self.seen(name, created))).await?))
        };
        self.snapshot.s3_buckets.get_or_try_init(read).await.cloned()
    }

    async fn seen(&self, name: String, created: Option<DateTime>) -> Result<Seen, Failure> {
        let s3 = &self.read().s3;
        let tags = async { if_any(self.bucket_tags(&name).await) };
        let policy = async {
            let call = s3.get_bucket_policy().bucket(&name).send();
            if_any(self.call("s3:GetBucketPolicy", call).await)
        };
        let block = async {
            let call = s3.get_public_access_block().bucket(&name).send();
            if_any(self.call("s3:GetBucketPublicAccessBlock", call).await)
        };
        let encryption = async {
            let call = s3.get_bucket_encryption().bucket(&name).send();
            if_any(self.call("s3:GetEncryptionConfiguration", call).await)
        };
        let (tags, policy, block, encryption) = futures::try_join!(tags, policy, block, encryption)?;
        let rules = encryption.and_then(|answer| answer.server_side_encryption_configuration);
        Ok(Seen {
            tags: tags.unwrap_or_default(),
            policy: policy.and_then(|answer| answer.policy),
            block: block.and_then(|answer| answer.public_access_block_configuration),
            encryption: rules.and_then(|rules| rules.rules.into_iter().next()),
            name,
            created,
        })
    }

    /// Read anew.
    pub(crate) async fn bucket_tags(&self, name: &str) -> Result<Tags, Failure> {
        let call = self.read().s3.get_bucket_tagging().bucket(name).send();
        let answer = self.call("s3:GetBucketTagging", call).await?;
        Ok(answer.tag_set.into_iter().map(|tag| (tag.key, tag.value)).collect())
    }
}
