"""CloudWatch Logs."""

import pytest

from sandbox import REGION, code

NAME = {"logGroupName": "/gcnet/naruto/flow"}


def test_a_log_group_lives_and_dies(account):
    logs = account.logs
    arn = f"arn:aws:logs:{REGION}:{account.number}:log-group:/gcnet/naruto/flow"
    key = f"arn:aws:kms:{REGION}:{account.number}:key/1234"
    logs.create_log_group(**NAME, tags={"gcnet:stack": "naruto"}, kmsKeyId=key, logGroupClass="INFREQUENT_ACCESS")
    logs.put_retention_policy(**NAME, retentionInDays=365)
    [group] = logs.describe_log_groups(logGroupNamePrefix="/gcnet/")["logGroups"]
    assert group["arn"] == f"{arn}:*" and group["logGroupArn"] == arn
    assert (group["retentionInDays"], group["kmsKeyId"], group["logGroupClass"]) == (365, key, "INFREQUENT_ACCESS")
    assert logs.list_log_groups(logGroupNamePattern="naruto")["logGroups"][0]["logGroupArn"] == arn

    logs.tag_resource(resourceArn=arn, tags={"more": ""})
    logs.untag_resource(resourceArn=arn, tagKeys=["gcnet:stack"])
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"more": ""}
    logs.delete_retention_policy(**NAME)
    logs.disassociate_kms_key(**NAME)
    [group] = logs.describe_log_groups()["logGroups"]
    assert "retentionInDays" not in group and "kmsKeyId" not in group
    logs.associate_kms_key(**NAME, kmsKeyId=key)

    logs.delete_log_group(**NAME)
    assert logs.describe_log_groups()["logGroups"] == []
    assert account.resources() == []


def test_more_than_a_page(account):
    made = [f"/gcnet/{n:02}" for n in range(60)]
    for name in made:
        account.logs.create_log_group(logGroupName=name)
    pages = list(account.logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix="/gcnet/"))
    assert [len(page["logGroups"]) for page in pages] == [50, 10]
    assert [group["logGroupName"] for page in pages for group in page["logGroups"]] == made


@pytest.mark.parametrize(
    "operation, params, expected",
    [
        ("create_log_group", {"logGroupName": "/gcnet/world"}, "ResourceAlreadyExistsException"),
        ("create_log_group", {"logGroupName": "a b"}, "InvalidParameterException"),
        ("create_log_group", {"logGroupName": "new", "kmsKeyId": "alias/mine"}, "InvalidParameterException"),
        ("put_retention_policy", {"logGroupName": "/gcnet/world", "retentionInDays": 2}, "InvalidParameterException"),
        ("put_retention_policy", {"logGroupName": "none", "retentionInDays": 1}, "ResourceNotFoundException"),
        ("delete_retention_policy", {"logGroupName": "none"}, "ResourceNotFoundException"),
        ("associate_kms_key", {"logGroupName": "/gcnet/world", "kmsKeyId": "x"}, "InvalidParameterException"),
        ("disassociate_kms_key", {"logGroupName": "none"}, "ResourceNotFoundException"),
        ("delete_log_group", {"logGroupName": "none"}, "ResourceNotFoundException"),
        ("describe_log_groups", {"logGroupNamePrefix": "a", "logGroupNamePattern": "b"}, "InvalidParameterException"),
        ("describe_log_groups", {"nextToken": "odd"}, "InvalidParameterException"),
        ("list_log_groups", {"logGroupNamePattern": "^aaa"}, "InvalidParameterException"),
        ("list_tags_for_resource", {"resourceArn": "arn:aws:logs:odd"}, "InvalidParameterException"),
    ],
)
def test_what_aws_refuses_is_refused(world, operation, params, expected):
    assert world.log_group
    assert code(getattr(world.logs, operation), **params) == expected
