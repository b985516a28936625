//! The permissions that operations need, which are not all called as the operation is. DOC (service authorization
//! reference, "Actions, resources, and condition keys for Amazon S3").

use crate::protocol::RestRequest;

/// Operations whose permission has another name.
static OTHERWISE: &[(&str, &str)] = &[
    ("DeleteBucketEncryption", "PutEncryptionConfiguration"),
    ("DeleteBucketLifecycle", "PutLifecycleConfiguration"),
    ("DeleteBucketOwnershipControls", "PutBucketOwnershipControls"),
    ("DeleteBucketTagging", "PutBucketTagging"),
    ("DeleteObjects", "DeleteObject"),
    ("DeletePublicAccessBlock", "PutBucketPublicAccessBlock"),
    ("GetBucketEncryption", "GetEncryptionConfiguration"),
    ("GetBucketLifecycleConfiguration", "GetLifecycleConfiguration"),
    ("GetPublicAccessBlock", "GetBucketPublicAccessBlock"),
    ("HeadBucket", "ListBucket"),
    ("HeadObject", "GetObject"),
    ("ListBuckets", "ListAllMyBuckets"),
    ("ListObjectVersions", "ListBucketVersions"),
    ("ListObjectsV2", "ListBucket"),
    ("PutBucketEncryption", "PutEncryptionConfiguration"),
    ("PutBucketLifecycleConfiguration", "PutLifecycleConfiguration"),
    ("PutPublicAccessBlock", "PutBucketPublicAccessBlock"),
];

/// What policies of buckets may name: all that is simulated, and what is named besides in policies that AWS's guides have.
static KNOWN: &[&str] = &[
    "AbortMultipartUpload",
    "DeleteBucket",
    "DeleteBucketPolicy",
    "DeleteObject",
    "DeleteObjectVersion",
    "GetBucketAcl",
    "GetBucketLocation",
    "GetBucketOwnershipControls",
    "GetBucketPolicy",
    "GetBucketPolicyStatus",
    "GetBucketPublicAccessBlock",
    "GetBucketTagging",
    "GetBucketVersioning",
    "GetEncryptionConfiguration",
    "GetLifecycleConfiguration",
    "GetObject",
    "GetObjectAcl",
    "GetObjectVersion",
    "ListBucket",
    "ListBucketMultipartUploads",
    "ListBucketVersions",
    "ListMultipartUploadParts",
    "PutBucketAcl",
    "PutBucketOwnershipControls",
    "PutBucketPolicy",
    "PutBucketPublicAccessBlock",
    "PutBucketTagging",
    "PutBucketVersioning",
    "PutEncryptionConfiguration",
    "PutLifecycleConfiguration",
    "PutObject",
    "PutObjectAcl",
    "PutObjectVersionAcl",
];

/// The permission for an operation: `s3:ListBucket`.
pub(super) fn of(operation: &str, has_version: bool) -> String {
    let unusual = OTHERWISE.iter().find(|(name, _)| *name == operation);
    let name = unusual.map_or(operation, |(_, action)| action);
    let version = if has_version && matches!(name, "GetObject" | "DeleteObject") { "Version" } else { "" };
    format!("s3:{name}{version}")
}

/// The permissions that a request needs of the caller.
pub(crate) fn actions(operation: &str, request: &RestRequest) -> Vec<String> {
    let mut actions = vec![of(operation, request.has("versionId"))];
    // DOC (DeleteObjects, "Permissions"): where versions are named, this is needed as well.
    if operation == "DeleteObjects" && request.has_element("VersionId") {
        actions.push("s3:DeleteObjectVersion".to_owned());
    }
    if operation == "CreateBucket" {
        // DOC (CreateBucket, "Permissions").
        if request.has_element("Tags") {
            actions.push("s3:TagResource".to_owned());
        }
        if request.has_header("x-amz-object-ownership") {
            actions.push("s3:PutBucketOwnershipControls".to_owned());
        }
    }
    actions
}

/// All that a bucket's policy may name, with whether it is done to objects.
pub(super) fn known() -> impl Iterator<Item = (String, bool)> {
    let of_objects =
        |name: &str| name.contains("Object") || name.ends_with("MultipartUpload") || name.ends_with("Parts");
    KNOWN.iter().map(move |name| (format!("s3:{name}"), of_objects(name)))
}
