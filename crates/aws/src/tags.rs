//! Tags in the spellings of each service.

use aws_sdk_ec2::types::{Filter, ResourceType, Tag, TagSpecification};
use gcnet_core::{Failure, Tags, identity};

use crate::aws::Aws;

pub(crate) fn from_ec2(tags: &[Tag]) -> Tags {
    tags.iter().filter_map(|tag| Some((tag.key()?.to_string(), tag.value().unwrap_or_default().to_string()))).collect()
}

fn to_ec2(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

/// For the creation of an EC2 resource of this type.
pub(crate) fn specification(kind: ResourceType, tags: &Tags) -> TagSpecification {
    TagSpecification::builder().resource_type(kind).set_tags(Some(to_ec2(tags))).build()
}

/// gcnet made it, for whichever stack: for reads that cannot be filtered by tag.
pub(crate) fn are_ours(tags: &[Tag]) -> bool {
    tags.iter().any(|tag| tag.key() == Some(identity::MUNICIPALITY))
}

/// Everything that gcnet made, of whichever stack. Only for reads that document a tag filter.
pub(crate) fn ours() -> Filter {
    Filter::builder().name("tag-key").values(identity::MUNICIPALITY).build()
}

/// Writes tags of any EC2 resource.
pub(crate) async fn retag_ec2(id: &str, tags: &Tags, aws: &Aws) -> Result<(), Failure> {
    let call = aws.write().ec2.create_tags().resources(id).set_tags(Some(to_ec2(tags)));
    aws.call("ec2:CreateTags", call.send()).await.map(drop)
}

/// Removes one tag of any EC2 resource, whatever its value; one that is not there is no error.
pub(crate) async fn untag_ec2(id: &str, key: &str, aws: &Aws) -> Result<(), Failure> {
    let call = aws.write().ec2.delete_tags().resources(id).tags(Tag::builder().key(key).build());
    aws.call("ec2:DeleteTags", call.send()).await.map(drop)
}
