"""Systems Manager's Parameter Store."""

import pytest

from sandbox import REGION, code

NAME = "/gcnet/naruto/prod/lease"


def test_a_parameter_lives_and_dies(account):
    ssm = account.ssm
    made = ssm.put_parameter(Name=NAME, Value="one", Type="String", Tags=[{"Key": "gcnet:stack", "Value": "naruto"}])
    assert (made["Version"], made["Tier"]) == (1, "Standard")
    assert ssm.put_parameter(Name=NAME, Value="two", Overwrite=True)["Version"] == 2
    read = ssm.get_parameter(Name=NAME)["Parameter"]
    assert (read["Value"], read["Version"], read["Type"], read["DataType"]) == ("two", 2, "String", "text")
    assert read["ARN"] == f"arn:aws:ssm:{REGION}:{account.number}:parameter{NAME}"
    first = ssm.get_parameter(Name=f"{NAME}:1", WithDecryption=True)["Parameter"]
    assert (first["Value"], first["Selector"]) == ("one", ":1")
    assert first["LastModifiedDate"] <= read["LastModifiedDate"]
    assert ssm.get_parameter(Name=read["ARN"])["Parameter"]["Version"] == 2
    [row] = account.resources()
    assert (row["kind"], row["id"], row["tags"]) == ("parameter", NAME, {"gcnet:stack": "naruto"})

    ssm.delete_parameter(Name=NAME)
    assert account.resources() == []


@pytest.mark.parametrize(
    "operation, params, expected",
    [
        ("put_parameter", {"Name": "/gcnet/world", "Value": "x", "Type": "String"}, "ParameterAlreadyExists"),
        ("put_parameter", {"Name": "/gcnet/new", "Value": "x"}, "ValidationException"),
        ("put_parameter", {"Name": "/aws/new", "Value": "x", "Type": "String"}, "AccessDeniedException"),
        ("put_parameter", {"Name": "/ssm/new", "Value": "x", "Type": "String"}, "ValidationException"),
        ("put_parameter", {"Name": "/a" * 16, "Value": "x", "Type": "String"}, "HierarchyLevelLimitExceededException"),
        ("put_parameter", {"Name": "/gcnet/new", "Value": "x" * 4097, "Type": "String"}, "ValidationException"),
        (
            "put_parameter",
            {"Name": "/gcnet/world", "Value": "x", "Overwrite": True, "Tags": [{"Key": "a", "Value": "b"}]},
            "ValidationException",
        ),
        (
            "put_parameter",
            {"Name": "/gcnet/world", "Value": "x", "Overwrite": True, "Type": "StringList"},
            "HierarchyTypeMismatchException",
        ),
        ("get_parameter", {"Name": "/gcnet/none"}, "ParameterNotFound"),
        ("get_parameter", {"Name": "/gcnet/world:99"}, "ParameterVersionNotFound"),
        ("delete_parameter", {"Name": "/gcnet/none"}, "ParameterNotFound"),
    ],
)
def test_what_aws_refuses_is_refused(world, operation, params, expected):
    assert world.parameter
    assert code(getattr(world.account.ssm, operation), **params) == expected
