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


def events(answer):
    return [event["message"] for event in answer["events"]]


def test_a_log_stream_takes_events(account):
    logs = account.logs
    logs.create_log_group(**NAME)
    stream = {**NAME, "logStreamName": "run/1"}
    logs.create_log_stream(**stream)
    logs.create_log_stream(**NAME, logStreamName="run/2")
    now = logs.describe_log_streams(**NAME)["logStreams"][0]["creationTime"]
    put = logs.put_log_events(**stream, logEvents=[{"timestamp": now + n, "message": str(n)} for n in range(5)])
    assert "rejectedLogEventsInfo" not in put
    late = [{"timestamp": now - 15 * 86_400_000, "message": "old"}, {"timestamp": now + 5, "message": "5"}]
    late += [{"timestamp": now + 100_000 * 3_600_000, "message": "new"}]
    put = logs.put_log_events(**stream, logEvents=late)
    assert put["rejectedLogEventsInfo"] == {"tooOldLogEventEndIndex": 1, "tooNewLogEventStartIndex": 2}

    assert events(logs.get_log_events(**stream)) == list("012345")
    first = logs.get_log_events(**stream, startFromHead=True, limit=4)
    second = logs.get_log_events(**stream, nextToken=first["nextForwardToken"], limit=4)
    end = logs.get_log_events(**stream, nextToken=second["nextForwardToken"], limit=4)
    assert (events(first), events(second), events(end)) == (list("0123"), list("45"), [])
    assert end["nextForwardToken"] == second["nextForwardToken"]
    assert events(logs.get_log_events(**stream, nextToken=second["nextBackwardToken"], limit=3)) == list("123")
    assert events(logs.get_log_events(**stream, startTime=now + 1, endTime=now + 3)) == list("12")

    [one, two] = logs.describe_log_streams(**NAME)["logStreams"]
    assert (one["firstEventTimestamp"], one["lastEventTimestamp"]) == (now, now + 5)
    assert one["arn"].endswith(":log-group:/gcnet/naruto/flow:log-stream:run/1") and "lastEventTimestamp" not in two
    newest = logs.describe_log_streams(**NAME, orderBy="LastEventTime", descending=True)["logStreams"]
    assert [stream["logStreamName"] for stream in newest] == ["run/1", "run/2"]
    pages = list(logs.get_paginator("describe_log_streams").paginate(**NAME, logStreamNamePrefix="run/", limit=1))
    assert [len(page["logStreams"]) for page in pages] == [1, 1]


WORLD = {"logGroupName": "/gcnet/world"}


@pytest.mark.parametrize(
    "operation, params, expected",
    [
        ("create_log_stream", {**WORLD, "logStreamName": "a:b"}, "InvalidParameterException"),
        ("create_log_stream", {**WORLD, "logStreamName": "world"}, "ResourceAlreadyExistsException"),
        ("create_log_stream", {"logGroupName": "none", "logStreamName": "a"}, "ResourceNotFoundException"),
        ("describe_log_streams", {"logGroupName": "none"}, "ResourceNotFoundException"),
        ("describe_log_streams", {**WORLD, "orderBy": "LastEventTime", "logStreamNamePrefix": "a"}, "InvalidParameterException"),
        ("get_log_events", {**WORLD, "logStreamName": "none"}, "ResourceNotFoundException"),
        ("get_log_events", {**WORLD, "logStreamName": "world", "nextToken": "odd"}, "InvalidParameterException"),
        ("put_log_events", {**WORLD, "logStreamName": "none", "logEvents": [{"timestamp": 1, "message": "a"}]}, "ResourceNotFoundException"),
        (
            "put_log_events",
            {**WORLD, "logStreamName": "world", "logEvents": [{"timestamp": 2, "message": "a"}, {"timestamp": 1, "message": "b"}]},
            "InvalidParameterException",
        ),
        (
            "put_log_events",
            {**WORLD, "logStreamName": "world", "logEvents": [{"timestamp": 1, "message": "a" * 600_000}] * 2},
            "InvalidParameterException",
        ),
    ],
)
def test_what_aws_refuses_of_streams_is_refused(world, operation, params, expected):
    assert world.log_stream
    assert code(getattr(world.logs, operation), **params) == expected


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
