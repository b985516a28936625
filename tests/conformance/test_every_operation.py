"""What holds for every operation that the sandbox has registered, tried with a call that would succeed."""

import pytest

from sandbox import call, code, method, with_extra

UNKNOWN = {
    "acm-pca": "SerializationException",
    "directconnect": "SerializationException",
    "ec2": "UnknownParameter",
    "elasticloadbalancing": "UnknownParameter",
    "iam": "UnknownParameter",
    "logs": "SerializationException",
    "organizations": "SerializationException",
    "ram": "SerializationException",
    "route53": "InvalidInput",
    "route53resolver": "SerializationException",
    "servicequotas": "SerializationException",
    # Answers to HEAD have no body, and so no code.
    "s3": ("NotImplemented", "501"),
    "ssm": "SerializationException",
    "sts": "UnknownParameter",
}


def unpack(operation):
    return operation["service"], operation["operation"]


def committed(world):
    """How many writes of this account have changed anything."""
    calls = world.account.sandbox.calls()
    return sum(call["committed"] for call in calls if call["account"] == world.account.number)


def test_it_is_an_operation_of_aws(world, registered):
    service, name = unpack(registered)
    model = world.account.client(service).meta.service_model.operation_model(name)
    has_dry_run = "DryRun" in (model.input_shape.members if model.input_shape else {})
    assert registered["dry_run"] == (service == "ec2" and has_dry_run)


def test_a_parameter_that_aws_does_not_know_is_refused(world, registered):
    service, name = unpack(registered)
    params = world.sample(service, name)
    before = committed(world)
    said = with_extra(world.account, service, name, params)
    assert said in UNKNOWN[service] if service == "s3" else said == UNKNOWN[service]
    assert committed(world) == before


@pytest.mark.operations(lambda operation: operation["dry_run"])
def test_a_dry_run_changes_nothing(world, registered):
    service, name = unpack(registered)
    params = world.sample(service, name)
    before = committed(world)
    assert code(getattr(world.ec2, method(name)), DryRun=True, **params) == "DryRunOperation"
    assert committed(world) == before


@pytest.mark.operations(lambda operation: operation["access"] == "read")
def test_a_read_answers_as_modelled(world, registered):
    """The model itself is compared in wire.py; here, that the answer says something at all."""
    service, name = unpack(registered)
    answer = call(world.account, service, name, world.sample(service, name))
    said = {key: value for key, value in answer.items() if key != "ResponseMetadata" and value not in ([], {}, None)}
    assert said or (service, name) in EMPTY, answer
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


# Of which the world has more than a page.
CROWDED = {
    "DescribeRouteTables",
    "DescribeSecurityGroups",
    "DescribeSubnets",
    "DescribeTags",
    "DescribeVpcEndpointServicePermissions",
    "DescribeVpcEndpointServices",
    "GetAccountAuthorizationDetails",
    "ListBuckets",
    "ListCertificateAuthorities",
    "ListHostedZones",
    "ListObjectVersions",
    "ListObjectsV2",
    "ListResourceRecordSets",
    "ListRoles",
    "ListServiceQuotas",
    "ListTags",
    "SimulatePrincipalPolicy",
}

# Whose sample is read before anything was attached to it.
EMPTY = {("iam", "ListRoleTags")}


@pytest.mark.operations(lambda operation: operation["access"] == "read")
def test_pages_add_up(world, registered):
    service, name = unpack(registered)
    client = world.account.client(service)
    if not client.can_paginate(method(name)):
        pytest.skip("boto3 has no paginator for it")
    params = world.sample(service, name)
    paginator = client.get_paginator(method(name))
    if paginator._limit_key is None:
        pytest.skip("boto3 cannot set the page's size")
    keys = [key.expression for key in paginator.result_keys]
    whole = paginator.paginate(**params).build_full_result()
    smallest = 5 if service == "ec2" else 1
    pages = list(paginator.paginate(**params, PaginationConfig={"PageSize": smallest}))
    for key in keys:
        parts = [row for page in pages for row in page.get(key, [])]
        assert parts == whole.get(key, []), key
    assert len(pages) > 1 or name not in CROWDED
