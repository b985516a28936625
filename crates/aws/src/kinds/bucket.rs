//! A bucket of S3: where authorities put their revocation lists and audit reports.

use aws_sdk_s3::types::{
    BucketLocationConstraint, CreateBucketConfiguration, Delete, ObjectIdentifier, PublicAccessBlockConfiguration,
    ServerSideEncryption, ServerSideEncryptionByDefault, ServerSideEncryptionConfiguration, ServerSideEncryptionRule,
    Tag, Tagging,
};
use gcnet_core::{
    Address, Calls, Class, Context, Diff, Failure, Kind, Live, Owner, Replace, Resource, Stack, State, Tags, identity,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    aws::Aws,
    error::refused,
    policy::Policy,
    read::{fill_in, need},
    snapshot::buckets::Seen,
};

/// Known by its name, which also says so while its tags are missing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bucket {
    /// See [`Bucket::named`]. Unique among all accounts.
    pub name: String,
    /// No policy and no list of any object can make it public.
    pub public_access_blocked: bool,
    /// What encrypts objects that ask for nothing: `AES256` for S3's own keys. Private CA cannot write with a key of KMS.
    pub encryption: String,
    /// Who else may use it; `None` is found and never wished.
    pub policy: Option<Policy>,
}

impl Bucket {
    /// Before the name of every bucket of ours.
    pub(crate) const PREFIX: &str = "gcnet-";

    /// `gcnet-MUNICIPALITY-ENVIRONMENT-NAME-ACCOUNT`; the account in it keeps others from taking the name first. `name` has no
    /// hyphen. 63 characters at most (S3, "General purpose bucket naming rules").
    pub fn named(stack: &Stack, name: &str, account: &str) -> String {
        format!("{}{}-{}-{name}-{account}", Self::PREFIX, stack.municipality, stack.environment)
    }

    /// The `name` of the one for authorities, which is the only one that gcnet makes.
    pub const FOR_AUTHORITIES: &str = "ca";

    /// Whose a bucket of this name is, and which; `None` for what is not ours, though its name begins like ours.
    pub(crate) fn owner<'a>(bucket: &'a str, account: &str) -> Option<(Stack, &'a str)> {
        let rest = bucket.strip_prefix(Self::PREFIX)?.strip_suffix(account)?.strip_suffix('-')?;
        let (stack, name) = rest.rsplit_once('-').filter(|(_, name)| *name == Self::FOR_AUTHORITIES)?;
        let (municipality, environment) = stack.rsplit_once('-')?;
        Some((Stack::new(municipality, environment), name))
    }

    /// What Private CA must be allowed so that it writes lists and reports (Private CA user guide, "Access policies for CRLs in
    /// Amazon S3"): for authorities of this account only, so that nobody else can have it write here.
    pub fn for_authorities(bucket: &str, region: &str, account: &str) -> Policy {
        let authorities = format!("arn:aws:acm-pca:{region}:{account}:certificate-authority/*");
        Policy::new(vec![json!({
            "Effect": "Allow",
            "Principal": { "Service": "acm-pca.amazonaws.com" },
            "Action": ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:PutObject", "s3:PutObjectAcl"],
            "Resource": [format!("arn:aws:s3:::{bucket}"), format!("arn:aws:s3:::{bucket}/*")],
            "Condition": {
                "StringEquals": { "aws:SourceAccount": account },
                "ArnLike": { "aws:SourceArn": authorities },
            },
        })])
    }
}

impl Resource for Bucket {
    const NAME: &'static str = "bucket";
}

impl Kind<Aws> for Bucket {
    // Names are unique: BucketAlreadyOwnedByYou.
    const REPLACE: Replace = Replace::DeleteFirst;
    const MANY_CALLS: bool = true;
    // In the words of policies, which are not those of the API (Service Authorization Reference, "Amazon S3").
    const CALLS: Calls = Calls {
        observe: &[
            "s3:ListAllMyBuckets",
            "s3:GetBucketPolicy",
            "s3:GetBucketPublicAccessBlock",
            "s3:GetBucketTagging",
            "s3:GetEncryptionConfiguration",
        ],
        create: &["s3:CreateBucket", "s3:TagResource"],
        update: &[
            "s3:PutBucketPolicy",
            "s3:PutBucketPublicAccessBlock",
            "s3:PutBucketTagging",
            "s3:PutEncryptionConfiguration",
        ],
        delete: &[
            "s3:GetBucketTagging",
            "s3:DeleteObject",
            "s3:DeleteObjectVersion",
            "s3:ListBucketVersions",
            "s3:DeleteBucket",
        ],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        aws.s3_buckets().await?.iter().filter_map(|bucket| read(bucket, aws.account()).transpose()).collect()
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let Bucket { name, public_access_blocked, encryption, policy } = self;
        diff.replace("name", name, &live.name);
        diff.in_place("public_access_blocked", public_access_blocked, &live.public_access_blocked);
        diff.in_place("encryption", encryption, &live.encryption);
        diff.in_place("policy", policy, &live.policy);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        let aws = &cx.world;
        let tags = to_s3("s3:CreateBucket", &cx.tags)?;
        let mut place = CreateBucketConfiguration::builder().set_tags(Some(tags));
        // The Region that a bucket is in when nothing is said, and that must not be said (CreateBucket, LocationConstraint).
        if aws.region() != "us-east-1" {
            place = place.location_constraint(BucketLocationConstraint::from(aws.region()));
        }
        let call = aws.write().s3.create_bucket().bucket(&self.name).create_bucket_configuration(place.build());
        aws.call("s3:CreateBucket", call.send()).await?;
        Ok(self.name.clone())
    }

    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        let (aws, s3, have) = (&cx.world, &cx.world.write().s3, &live.spec);
        // Before any policy: nothing of it is public for a moment.
        if self.public_access_blocked != have.public_access_blocked {
            let on = self.public_access_blocked;
            let block = PublicAccessBlockConfiguration::builder().block_public_acls(on).ignore_public_acls(on);
            let block = block.block_public_policy(on).restrict_public_buckets(on).build();
            let call = s3.put_public_access_block().bucket(&self.name).public_access_block_configuration(block);
            aws.call("s3:PutBucketPublicAccessBlock", call.send()).await?;
        }
        if self.encryption != have.encryption {
            let call = s3.put_bucket_encryption().bucket(&self.name);
            let call = call.server_side_encryption_configuration(encrypted_by(&self.encryption)?);
            aws.call("s3:PutEncryptionConfiguration", call.send()).await?;
        }
        if let Some(policy) = self.policy.as_ref().filter(|_| self.policy != have.policy) {
            let call = s3.put_bucket_policy().bucket(&self.name).policy(policy.to_string());
            aws.call("s3:PutBucketPolicy", call.send()).await?;
        }
        Ok(())
    }

    /// With all that is in it, whatever its version: AWS deletes only an empty one. What is in it is brought back by nobody, so
    /// that its tags have to say once more that it is ours: a name can be anybody's.
    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        const DELETE: &str = "s3:DeleteBucket";
        let name = &live.spec.name;
        let stack = Bucket::owner(name, aws.account()).map(|(stack, _)| stack);
        let claim = identity::claim(&tags_of(aws, name).await?);
        let is_ours = matches!(claim, Some(Ok(claim)) if Some(&claim.stack) == stack.as_ref());
        if is_ours {
            empty(aws, name).await?;
        }
        match aws.call(DELETE, aws.write().s3.delete_bucket().bucket(name).send()).await {
            Err(failure) if !is_ours && failure.code == "BucketNotEmpty" => {
                Err(Failure { class: Class::Invalid, code: "untagged-bucket".into(), message: name.clone(), ..failure })
            }
            answer => answer.map(drop),
        }
    }

    /// AWS knows only all tags at once.
    async fn retag(id: &str, changed: &Tags, aws: &Aws) -> Result<(), Failure> {
        const OPERATION: &str = "s3:PutBucketTagging";
        let mut tags = tags_of(aws, id).await?;
        // What reads have filled in from the name does not count as changed.
        if let Some((stack, name)) = Bucket::owner(id, aws.account()) {
            fill_in(&mut tags, &stack, &Address::new(Self::NAME, name));
        }
        tags.extend(changed.clone());
        let tagging = Tagging::builder().set_tag_set(Some(to_s3(OPERATION, &tags)?)).build();
        let tagging = tagging.map_err(|error| Failure::internal(OPERATION, error.to_string()))?;
        let call = aws.write().s3.put_bucket_tagging().bucket(id).tagging(tagging);
        aws.call(OPERATION, call.send()).await.map(drop)
    }

    fn example() -> Self {
        let (region, account) = ("ap-northeast-1", "111122223333");
        let name = Bucket::named(&Stack::new("naruto", "prod"), "ca", account);
        let policy = Some(Bucket::for_authorities(&name, region, account));
        Bucket { name, public_access_blocked: true, encryption: ServerSideEncryption::Aes256.as_str().into(), policy }
    }
}

fn encrypted_by(algorithm: &str) -> Result<ServerSideEncryptionConfiguration, Failure> {
    let fault = |error: &dyn std::fmt::Display| Failure::internal("s3:PutEncryptionConfiguration", error.to_string());
    let by = ServerSideEncryptionByDefault::builder().sse_algorithm(ServerSideEncryption::from(algorithm)).build();
    let by = by.map_err(|error| fault(&error))?;
    let rule = ServerSideEncryptionRule::builder().apply_server_side_encryption_by_default(by).build();
    ServerSideEncryptionConfiguration::builder().rules(rule).build().map_err(|error| fault(&error))
}

/// Read anew.
async fn tags_of(aws: &Aws, bucket: &str) -> Result<Tags, Failure> {
    match aws.bucket_tags(bucket).await {
        Err(failure) if failure.code == "NoSuchTagSet" => Ok(Tags::new()),
        tags => tags,
    }
}

/// A thousand at a time, which is as many as one call lists and deletes.
async fn empty(aws: &Aws, bucket: &str) -> Result<(), Failure> {
    const LIST: &str = "s3:ListBucketVersions";
    const DELETE: &str = "s3:DeleteObject";
    loop {
        let call = aws.read().s3.list_object_versions().bucket(bucket).max_keys(1000);
        let page = aws.call(LIST, call.send()).await?;
        let versions = page.versions().iter().map(|version| (version.key(), version.version_id()));
        let markers = page.delete_markers().iter().map(|marker| (marker.key(), marker.version_id()));
        let mut objects = vec![];
        for (key, version) in versions.chain(markers) {
            let object = ObjectIdentifier::builder().key(need(key, LIST, "Key")?);
            let object = object.set_version_id(version.map(String::from)).build();
            objects.push(object.map_err(|error| Failure::internal(DELETE, error.to_string()))?);
        }
        if objects.is_empty() {
            return Ok(());
        }
        let objects = Delete::builder().set_objects(Some(objects)).quiet(true).build();
        let objects = objects.map_err(|error| Failure::internal(DELETE, error.to_string()))?;
        let call = aws.write().s3.delete_objects().bucket(bucket).delete(objects);
        let answer = aws.call(DELETE, call.send()).await?;
        // Answered with 200 all the same.
        if let Some(error) = answer.errors().first() {
            let (code, message) = (error.code().unwrap_or("Unknown"), error.message().unwrap_or_default());
            return Err(refused(DELETE, aws.account(), code, message));
        }
    }
}

fn to_s3(operation: &'static str, tags: &Tags) -> Result<Vec<Tag>, Failure> {
    let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build();
    let tags: Result<Vec<Tag>, _> = tags.iter().map(tag).collect();
    tags.map_err(|error| Failure::internal(operation, error.to_string()))
}

fn read(seen: &Seen, account: &str) -> Result<Option<Live<Bucket>>, Failure> {
    let Some((stack, name)) = Bucket::owner(&seen.name, account) else { return Ok(None) };
    let mut tags = seen.tags.clone();
    fill_in(&mut tags, &stack, &Address::new(Bucket::NAME, name));
    let policy = seen.policy.as_deref().map(|text| {
        let document: Result<Value, _> = serde_json::from_str(text);
        document.map(Policy::from).map_err(|error| Failure::internal("s3:GetBucketPolicy", error.to_string()))
    });
    let block = seen.block.as_ref().is_some_and(|block| {
        let parts = [
            block.block_public_acls(),
            block.ignore_public_acls(),
            block.block_public_policy(),
            block.restrict_public_buckets(),
        ];
        parts.iter().all(|part| *part == Some(true))
    });
    let encryption = seen.encryption.as_ref().and_then(|rule| rule.apply_server_side_encryption_by_default());
    let spec = Bucket {
        name: seen.name.clone(),
        public_access_blocked: block,
        encryption: encryption.map_or("none", |by| by.sse_algorithm().as_str()).into(),
        policy: policy.transpose()?,
    };
    Ok(Some(Live { id: seen.name.clone(), owner: Owner::Tags(tags), state: State::Ready, spec }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_back_to_the_stack() {
        let account = "111122223333";
        for (municipality, environment) in [("naruto", "prod"), ("kami-ita", "test")] {
            let stack = Stack::new(municipality, environment);
            let name = Bucket::named(&stack, "ca", account);
            assert_eq!(Bucket::owner(&name, account), Some((stack, "ca")), "{name}");
        }
        for other in [
            "gcnet-naruto-prod-ca-999999999999",
            "naruto-prod-ca-111122223333",
            "gcnet-111122223333",
            "gcnet-naruto-prod-backup-111122223333",
        ] {
            assert_eq!(Bucket::owner(other, account), None, "{other}");
        }
    }
}
