"""Flow logs to CloudWatch Logs."""

from sandbox import REGION, as_dict, code, names, tags_of
from world import FLOW_LOGS


def wanted(account, vpc, role, **more):
    return {
        "ResourceIds": [vpc],
        "ResourceType": "VPC",
        "TrafficType": "ALL",
        "LogDestinationType": "cloud-watch-logs",
        "LogDestination": f"arn:aws:logs:{REGION}:{account.number}:log-group:/gcnet/flow",
        "DeliverLogsPermissionArn": role,
        **more,
    }


def test_a_flow_log_lives_and_dies(account):
    ec2 = account.ec2
    account.logs.create_log_group(logGroupName="/gcnet/flow")
    role = account.role("gcnet-flow-logs", FLOW_LOGS)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    made = ec2.create_flow_logs(
        **wanted(account, vpc, role, MaxAggregationInterval=60, TagSpecifications=tags_of("vpc-flow-log", Name="all"))
    )
    assert made["Unsuccessful"] == []
    [flow_log] = made["FlowLogIds"]
    again = ec2.create_flow_logs(**wanted(account, vpc, role, MaxAggregationInterval=60))
    assert [one["Error"]["Code"] for one in again["Unsuccessful"]] == ["FlowLogAlreadyExists"]

    [read] = ec2.describe_flow_logs(Filters=names(resource_id=vpc))["FlowLogs"]
    assert (read["FlowLogId"], read["FlowLogStatus"], read["TrafficType"]) == (flow_log, "ACTIVE", "ALL")
    assert (read["MaxAggregationInterval"], read["LogGroupName"]) == (60, "/gcnet/flow")
    assert read["LogFormat"].startswith("${version} ${account-id}")
    assert as_dict(read["Tags"]) == {"Name": "all"}

    assert ec2.delete_flow_logs(FlowLogIds=[flow_log])["Unsuccessful"] == []
    assert ec2.describe_flow_logs()["FlowLogs"] == []
    gone = ec2.delete_flow_logs(FlowLogIds=[flow_log])["Unsuccessful"]
    assert [one["Error"]["Code"] for one in gone] == ["InvalidFlowLogId.NotFound"]


def test_a_batch_fails_one_by_one(account):
    ec2 = account.ec2
    account.logs.create_log_group(logGroupName="/gcnet/flow")
    role = account.role("gcnet-flow-logs", FLOW_LOGS)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    params = wanted(account, vpc, role)
    params["ResourceIds"].append("vpc-0123456789abcdef0")
    made = ec2.create_flow_logs(**params)
    assert len(made["FlowLogIds"]) == 1
    assert [one["ResourceId"] for one in made["Unsuccessful"]] == ["vpc-0123456789abcdef0"]


def test_the_role_must_be_one_that_flow_logs_may_assume(account):
    account.logs.create_log_group(logGroupName="/gcnet/flow")
    stranger = account.role("stranger")
    vpc = account.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    refused = lambda **params: code(account.ec2.create_flow_logs, **params)
    assert refused(**wanted(account, vpc, f"arn:aws:iam::{account.number}:role/none")) == "InvalidParameter"
    assert refused(**wanted(account, vpc, stranger)) == "InvalidParameter"
    assert refused(**wanted(account, vpc, stranger, MaxAggregationInterval=61)) == "InvalidParameterValue"
