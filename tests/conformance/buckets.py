"""The buckets of the world in world.py: one with everything, one that can go; and samples of S3."""

import json
from functools import cached_property

from sandbox import REGION

HERE = {"LocationConstraint": REGION}


def bucket_of(account, name):
    """An empty bucket. Names are taken for all accounts, so they end in the account's number."""
    name = f"{name}-{account.number}"
    account.s3.create_bucket(Bucket=name, CreateBucketConfiguration=HERE)
    return name


def letting_in(bucket, source, service="acm-pca.amazonaws.com"):
    """The policy by which Private CA writes for one account."""
    arn = f"arn:aws:s3:::{bucket}"
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": service},
                "Action": ["s3:PutObject", "s3:PutObjectAcl", "s3:GetBucketAcl", "s3:GetBucketLocation"],
                "Resource": [arn, f"{arn}/*"],
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": source},
                    "ArnLike": {"aws:SourceArn": f"arn:aws:acm-pca:*:{source}:certificate-authority/*"},
                },
            }
        ],
    }


def expiring(days, prefix=""):
    return {"Rules": [{"ID": "old", "Status": "Enabled", "Filter": {"Prefix": prefix}, "Expiration": {"Days": days}}]}


class Buckets:
    """What the world has of S3."""

    @cached_property
    def bucket(self):
        """With all that can be set, and three versions of two objects."""
        s3, name = self.account.s3, bucket_of(self.account, "world")
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        s3.put_bucket_policy(Bucket=name, Policy=json.dumps(letting_in(name, self.account.number)))
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": [{"Key": "Name", "Value": "world"}]})
        s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration=expiring(30))
        for key in ("crl/a.crl", "crl/a.crl", "crl/b.crl"):
            s3.put_object(Bucket=name, Key=key, Body=key.encode())
        s3.delete_object(Bucket=name, Key="gone")
        return name

    free_bucket = cached_property(lambda self: bucket_of(self.account, "free"))


def _of(**params):
    return lambda w: {"Bucket": w.bucket, **params}


SAMPLES = {
    "CreateBucket": lambda w: {"Bucket": f"new-{w.account.number}", "CreateBucketConfiguration": HERE},
    "DeleteBucket": lambda w: {"Bucket": w.free_bucket},
    "DeleteBucketEncryption": _of(),
    "DeleteBucketLifecycle": _of(),
    "DeleteBucketOwnershipControls": _of(),
    "DeleteBucketPolicy": _of(),
    "DeleteBucketTagging": _of(),
    "DeleteObject": _of(Key="crl/a.crl"),
    "DeleteObjects": _of(Delete={"Objects": [{"Key": "crl/a.crl"}]}),
    "DeletePublicAccessBlock": _of(),
    "GetBucketEncryption": _of(),
    "GetBucketLifecycleConfiguration": _of(),
    "GetBucketLocation": _of(),
    "GetBucketOwnershipControls": _of(),
    "GetBucketPolicy": _of(),
    "GetBucketTagging": _of(),
    "GetBucketVersioning": _of(),
    "GetObject": _of(Key="crl/a.crl"),
    "GetPublicAccessBlock": _of(),
    "HeadBucket": _of(),
    "HeadObject": _of(Key="crl/a.crl"),
    "ListBuckets": lambda w: w.bucket and w.free_bucket and {"BucketRegion": REGION},
    "ListObjectVersions": _of(),
    "ListObjectsV2": _of(),
    "PutBucketEncryption": _of(
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": True}]
        }
    ),
    "PutBucketLifecycleConfiguration": _of(LifecycleConfiguration=expiring(7)),
    "PutBucketOwnershipControls": _of(OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}),
    "PutBucketPolicy": lambda w: {"Bucket": w.bucket, "Policy": json.dumps(letting_in(w.bucket, w.account.number))},
    "PutBucketTagging": _of(Tagging={"TagSet": [{"Key": "more", "Value": "x"}]}),
    "PutBucketVersioning": _of(VersioningConfiguration={"Status": "Suspended"}),
    "PutObject": _of(Key="new", Body=b"new"),
    "PutPublicAccessBlock": _of(PublicAccessBlockConfiguration={"BlockPublicAcls": True}),
}
