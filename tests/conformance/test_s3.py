"""Buckets, what is set on them, and objects."""

import hashlib
import json

import pytest

from buckets import HERE, bucket_of, expiring, letting_in
from sandbox import REGION, Account, as_dict, code

SSE = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": True}]}
ALL_BLOCKED = dict.fromkeys(
    ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"], True
)


@pytest.fixture
def bucket(account):
    return bucket_of(account, "test")


def statement(bucket, principal, action="s3:*", effect="Allow", **more):
    arn = f"arn:aws:s3:::{bucket}"
    one = {"Effect": effect, "Principal": principal, "Action": action, "Resource": [arn, f"{arn}/*"], **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [one]})


def test_a_bucket_is_made_found_and_deleted(account, sandbox):
    s3, name = account.s3, f"made-{account.number}"
    tagged = {**HERE, "Tags": [{"Key": "gcnet:owner", "Value": "鳴門市"}]}
    assert s3.create_bucket(Bucket=name, CreateBucketConfiguration=tagged)["Location"].endswith(f"{name}.s3.amazonaws.com/")
    assert s3.head_bucket(Bucket=name)["BucketRegion"] == REGION
    assert s3.get_bucket_location(Bucket=name)["LocationConstraint"] == REGION
    assert as_dict(s3.get_bucket_tagging(Bucket=name)["TagSet"]) == {"gcnet:owner": "鳴門市"}
    [listed] = s3.list_buckets(Prefix="made")["Buckets"]
    assert (listed["Name"], listed["BucketRegion"]) == (name, REGION)
    [seen] = [one for one in account.resources() if one["kind"] == "bucket"]
    assert (seen["region"], seen["id"], seen["tags"]) == (REGION, name, {"gcnet:owner": "鳴門市"})

    again = dict(Bucket=name, CreateBucketConfiguration=HERE)
    assert code(s3.create_bucket, **again) == "BucketAlreadyOwnedByYou"
    assert code(sandbox.account().s3.create_bucket, **again) == "BucketAlreadyExists"
    assert s3.delete_bucket(Bucket=name)["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert code(s3.delete_bucket, Bucket=name) == "NoSuchBucket"
    assert code(s3.head_bucket, Bucket=name) == "404"
    s3.create_bucket(**again)


@pytest.mark.parametrize(
    "configuration, expected",
    [
        (None, "IllegalLocationConstraintException"),
        ({"LocationConstraint": "ap-northeast-3"}, "IllegalLocationConstraintException"),
        ({"LocationConstraint": "mars"}, "InvalidLocationConstraint"),
        ({**HERE, "Tags": [{"Key": "aws:x", "Value": ""}]}, "InvalidTag"),
        ({**HERE, "Tags": [{"Key": "a", "Value": ""}, {"Key": "a", "Value": ""}]}, "InvalidTag"),
        ({**HERE, "Bucket": {"Type": "Directory"}}, "NotImplemented"),
    ],
)
def test_where_a_bucket_is_must_be_said(account, configuration, expected):
    more = {"CreateBucketConfiguration": configuration} if configuration else {}
    assert code(account.s3.create_bucket, Bucket=f"bad-{account.number}", **more) == expected


@pytest.mark.parametrize("name", ["ab", "Abc", "a..b", "192.168.0.1", "abc-s3alias", "xn--abc"])
def test_names_of_buckets_have_rules(account, name):
    assert code(account.s3.create_bucket, Bucket=name, CreateBucketConfiguration=HERE) == "InvalidBucketName"


def test_a_bucket_is_of_one_region(account, sandbox, bucket):
    far = Account(sandbox, account.number, region="ap-northeast-3")
    # boto3 follows where it is sent to.
    assert far.s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] == REGION
    told = [call["outcome"].get("code") for call in sandbox.calls() if call["account"] == account.number]
    assert "PermanentRedirect" in told
    assert [one["Name"] for one in far.s3.list_buckets()["Buckets"]] == [bucket]


def test_new_buckets_are_closed(account, bucket):
    s3 = account.s3
    assert s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"] == ALL_BLOCKED
    rule = {"ObjectOwnership": "BucketOwnerEnforced"}
    assert s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"] == [rule]
    [rule] = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256" and not rule["BucketKeyEnabled"]
    assert "Status" not in s3.get_bucket_versioning(Bucket=bucket)
    assert code(s3.get_bucket_policy, Bucket=bucket) == "NoSuchBucketPolicy"
    assert code(s3.get_bucket_tagging, Bucket=bucket) == "NoSuchTagSet"
    assert code(s3.get_bucket_lifecycle_configuration, Bucket=bucket) == "NoSuchLifecycleConfiguration"


def test_what_is_set_is_told_until_it_is_taken_away(account, bucket):
    s3 = account.s3
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration={"BlockPublicAcls": True})
    told = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert told == {**dict.fromkeys(ALL_BLOCKED, False), "BlockPublicAcls": True}
    s3.delete_public_access_block(Bucket=bucket)
    assert code(s3.get_public_access_block, Bucket=bucket) == "NoSuchPublicAccessBlockConfiguration"

    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=SSE)
    assert s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"] == SSE
    s3.delete_bucket_encryption(Bucket=bucket)
    [rule] = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert not rule["BucketKeyEnabled"]
    kms = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]}
    assert code(s3.put_bucket_encryption, Bucket=bucket, ServerSideEncryptionConfiguration=kms) == "NotImplemented"

    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": ""}]})
    assert as_dict(s3.get_bucket_tagging(Bucket=bucket)["TagSet"]) == {"a": "1", "b": ""}
    s3.delete_bucket_tagging(Bucket=bucket)
    assert code(s3.get_bucket_tagging, Bucket=bucket) == "NoSuchTagSet"
    many = {"TagSet": [{"Key": str(n), "Value": ""} for n in range(51)]}
    assert code(s3.put_bucket_tagging, Bucket=bucket, Tagging=many) == "BadRequest"

    controls = {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=controls)
    assert s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"] == controls
    s3.delete_bucket_ownership_controls(Bucket=bucket)
    assert code(s3.get_bucket_ownership_controls, Bucket=bucket) == "OwnershipControlsNotFoundError"

    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=expiring(30, "audit/"))
    assert s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"] == expiring(30, "audit/")["Rules"]
    s3.delete_bucket_lifecycle(Bucket=bucket)
    assert code(s3.get_bucket_lifecycle_configuration, Bucket=bucket) == "NoSuchLifecycleConfiguration"
    idle = {"Rules": [{"Status": "Enabled", "Filter": {"Prefix": ""}}]}
    assert code(s3.put_bucket_lifecycle_configuration, Bucket=bucket, LifecycleConfiguration=idle) == "InvalidRequest"


def test_a_policy_is_kept_as_it_was_given(account, bucket):
    s3 = account.s3
    text = json.dumps(letting_in(bucket, account.number), indent=1)
    s3.put_bucket_policy(Bucket=bucket, Policy=text)
    assert s3.get_bucket_policy(Bucket=bucket)["Policy"] == text
    s3.delete_bucket_policy(Bucket=bucket)
    assert code(s3.get_bucket_policy, Bucket=bucket) == "NoSuchBucketPolicy"


@pytest.mark.parametrize(
    "change",
    [
        {"Action": "s3:Nonsense"},
        {"Action": "ec2:CreateVpc"},
        {"Action": "s3:GetBucketLocation", "Resource": "arn:aws:s3:::{bucket}/*"},
        {"Action": "s3:PutObject", "Resource": "arn:aws:s3:::{bucket}"},
        {"Resource": "arn:aws:s3:::another/*"},
        {"Resource": "{bucket}"},
        {"Principal": {"Service": "nobody"}},
        {"Principal": {"AWS": "123"}},
        {"Condition": {"StringSame": {"aws:SourceAccount": "1"}}},
        {"Principal": None},
    ],
)
def test_policies_that_make_no_sense_are_refused(account, bucket, change):
    policy = letting_in(bucket, account.number)
    [one] = policy["Statement"]
    one.update(json.loads(json.dumps(change).replace("{bucket}", bucket)))
    policy["Statement"] = [{key: value for key, value in one.items() if value is not None}]
    assert code(account.s3.put_bucket_policy, Bucket=bucket, Policy=json.dumps(policy)) == "MalformedPolicy"
    assert code(account.s3.put_bucket_policy, Bucket=bucket, Policy="{") == "MalformedPolicy"


def test_public_policies_are_blocked(account, bucket):
    s3, public = account.s3, statement(bucket, "*", "s3:GetObject")
    assert code(s3.put_bucket_policy, Bucket=bucket, Policy=public) == "AccessDenied"
    narrowed = {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}
    s3.put_bucket_policy(Bucket=bucket, Policy=statement(bucket, "*", "s3:GetObject", **narrowed))
    open_ = {**ALL_BLOCKED, "BlockPublicPolicy": False}
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=open_)
    s3.put_bucket_policy(Bucket=bucket, Policy=public)


def test_other_accounts_come_in_by_the_policy(account, sandbox, bucket):
    other = sandbox.account()
    account.s3.put_object(Bucket=bucket, Key="a", Body=b"1")
    assert code(other.s3.get_object, Bucket=bucket, Key="a") == "AccessDenied"
    assert code(other.s3.head_bucket, Bucket=bucket) == "403"
    account.s3.put_bucket_policy(Bucket=bucket, Policy=statement(bucket, {"AWS": other.number}, ["s3:GetObject", "s3:GetBucketPolicy"]))
    assert other.s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"1"
    # Who may not list is not told what is missing.
    assert code(other.s3.get_object, Bucket=bucket, Key="b") == "AccessDenied"
    assert code(account.s3.get_object, Bucket=bucket, Key="b") == "NoSuchKey"
    assert code(other.s3.put_object, Bucket=bucket, Key="a", Body=b"") == "AccessDenied"
    assert code(other.s3.get_bucket_policy, Bucket=bucket) == "MethodNotAllowed"
    denying = statement(bucket, "*", "s3:DeleteObject", "Deny")
    account.s3.put_bucket_policy(Bucket=bucket, Policy=denying)
    assert code(account.s3.delete_object, Bucket=bucket, Key="a") == "AccessDenied"
    [error] = account.s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "a"}]})["Errors"]
    assert (error["Key"], error["Code"]) == ("a", "AccessDenied")
    assert code(account.s3.list_objects_v2, Bucket=bucket, ExpectedBucketOwner=other.number) == "AccessDenied"


@pytest.mark.parametrize("algorithm", [None, "CRC32", "SHA256"])
def test_an_object_is_what_was_put(account, bucket, algorithm):
    s3, body = account.s3, bytes(range(256)) * 3
    more = {"ChecksumAlgorithm": algorithm} if algorithm else {}
    put = s3.put_object(Bucket=bucket, Key="crl/あ a+b.crl", Body=body, ContentType="application/pkix-crl", **more)
    assert put["ETag"] == f'"{hashlib.md5(body).hexdigest()}"' and put["ServerSideEncryption"] == "AES256"
    got = s3.get_object(Bucket=bucket, Key="crl/あ a+b.crl")
    assert got["Body"].read() == body
    assert (got["ContentType"], got["ContentLength"], got["ETag"]) == ("application/pkix-crl", len(body), put["ETag"])
    head = s3.head_object(Bucket=bucket, Key="crl/あ a+b.crl")
    assert (head["ContentLength"], head["ETag"], head["LastModified"]) == (len(body), put["ETag"], got["LastModified"])
    assert code(s3.head_object, Bucket=bucket, Key="none") == "404"
    assert code(s3.get_object, Bucket=bucket, Key="none") == "NoSuchKey"


def test_a_body_in_chunks_is_unframed(account, bucket):
    """With a trailing checksum, as SDKs send what they cannot read twice."""
    s3, framed = account.s3, b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n"
    headers = {
        "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "x-amz-decoded-content-length": "5",
        "x-amz-trailer": "x-amz-checksum-crc32",
        "Content-Encoding": "aws-chunked",
    }

    def frame(request, **_):
        request.body = framed
        for name in [name for name in request.headers if name.lower().startswith(("x-amz-checksum", "x-amz-sdk"))]:
            del request.headers[name]
        for name, value in {**headers, "Content-Length": str(len(framed))}.items():
            request.headers[name] = value

    s3.meta.events.register("before-send.s3.PutObject", frame, unique_id="frame")
    try:
        s3.put_object(Bucket=bucket, Key="a", Body=b"")
        headers["x-amz-decoded-content-length"] = "6"
        assert code(s3.put_object, Bucket=bucket, Key="b", Body=b"") == "IncompleteBody"
        headers["x-amz-decoded-content-length"], framed = "5", framed.replace(b"hello", b"jello")
        assert code(s3.put_object, Bucket=bucket, Key="b", Body=b"") == "BadDigest"
    finally:
        s3.meta.events.unregister("before-send.s3.PutObject", unique_id="frame")
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"hello"
    assert "ContentEncoding" not in s3.head_object(Bucket=bucket, Key="a")


def test_what_is_wrong_on_the_way_is_not_stored(account, bucket):
    put = lambda **more: code(account.s3.put_object, Bucket=bucket, Key="a", Body=b"hello", **more)
    assert put(ChecksumCRC32="AAAAAA==") == "BadDigest"
    assert put(ChecksumCRC32="AAAA") == "InvalidRequest"
    assert put(ContentMD5="AAAAAAAAAAAAAAAAAAAAAA==") == "BadDigest"
    assert put(ContentMD5="x") == "InvalidDigest"
    assert put(ACL="public-read") == "AccessControlListNotSupported"
    assert put(ServerSideEncryption="aws:kms") == "NotImplemented"
    assert put(Metadata={"a": "b"}) == "NotImplemented"
    assert put(StorageClass="GLACIER") == "NotImplemented"
    assert account.s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0
    account.s3.put_object(Bucket=bucket, Key="a", Body=b"", IfNoneMatch="*")
    assert put(IfNoneMatch="*") == "PreconditionFailed"


def test_lists_have_prefixes_and_pages(account, bucket):
    s3, keys = account.s3, ["a", "audit/1", "audit/2", "crl/x y.crl", "crl/z.crl", "z"]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig={"PageSize": 4})
    assert [one["Key"] for page in pages for one in page["Contents"]] == keys
    folders = s3.list_objects_v2(Bucket=bucket, Delimiter="/")
    assert [one["Prefix"] for one in folders["CommonPrefixes"]] == ["audit/", "crl/"]
    assert [one["Key"] for one in folders["Contents"]] == ["a", "z"] and folders["KeyCount"] == 4
    second = s3.list_objects_v2(Bucket=bucket, Delimiter="/", MaxKeys=2)
    rest = s3.list_objects_v2(Bucket=bucket, Delimiter="/", ContinuationToken=second["NextContinuationToken"])
    assert [one["Prefix"] for one in rest["CommonPrefixes"]] == ["crl/"] and [one["Key"] for one in rest["Contents"]] == ["z"]
    within = s3.list_objects_v2(Bucket=bucket, Prefix="crl/", StartAfter="crl/x y.crl", FetchOwner=True)
    assert [(one["Key"], one["Size"]) for one in within["Contents"]] == [("crl/z.crl", 9)]
    assert len(within["Contents"][0]["Owner"]["ID"]) == 64
    assert code(s3.list_objects_v2, Bucket=bucket, ContinuationToken="nonsense") == "InvalidArgument"


def test_versions_stay_until_each_is_deleted(account, bucket):
    s3 = account.s3
    s3.put_object(Bucket=bucket, Key="a", Body=b"0")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    first = s3.put_object(Bucket=bucket, Key="a", Body=b"1")["VersionId"]
    marker = s3.delete_object(Bucket=bucket, Key="a")
    assert marker["DeleteMarker"]
    assert code(s3.get_object, Bucket=bucket, Key="a") == "NoSuchKey"
    assert code(s3.get_object, Bucket=bucket, Key="a", VersionId=marker["VersionId"]) == "MethodNotAllowed"
    assert code(s3.get_object, Bucket=bucket, Key="a", VersionId="none") == "NoSuchVersion"
    assert s3.get_object(Bucket=bucket, Key="a", VersionId=first)["Body"].read() == b"1"
    assert s3.get_object(Bucket=bucket, Key="a", VersionId="null")["Body"].read() == b"0"
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0
    pages = list(s3.get_paginator("list_object_versions").paginate(Bucket=bucket, PaginationConfig={"PageSize": 1}))
    assert len(pages) == 3
    versions = [(one["VersionId"], one["IsLatest"]) for page in pages for one in page.get("Versions", [])]
    markers = [(one["VersionId"], one["IsLatest"]) for page in pages for one in page.get("DeleteMarkers", [])]
    assert (versions, markers) == ([(first, False), ("null", False)], [(marker["VersionId"], True)])
    assert code(s3.delete_bucket, Bucket=bucket) == "BucketNotEmpty"

    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    assert s3.put_object(Bucket=bucket, Key="a", Body=b"2")["VersionId"] == "null"
    every = [{"Key": "a", "VersionId": one} for one in (first, "null", marker["VersionId"])]
    gone = s3.delete_objects(Bucket=bucket, Delete={"Objects": every})["Deleted"]
    assert [one["VersionId"] for one in gone] == [one["VersionId"] for one in every]
    assert [one.get("DeleteMarker") for one in gone] == [None, None, True]
    assert "Errors" not in s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "none", "VersionId": "x"}], "Quiet": True})
    s3.delete_bucket(Bucket=bucket)


def test_who_is_unknown_is_not_let_in(account):
    stranger = Account(account.sandbox, account.number, {"AccessKeyId": "AKIANOBODY", "SecretAccessKey": "x"})
    assert code(stranger.s3.list_buckets) == "InvalidAccessKeyId"
