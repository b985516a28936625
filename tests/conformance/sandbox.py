"""A running sandbox: its controls, and accounts in it as boto3 sees them."""

import itertools
import json
import time
import urllib.parse
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

import wire

REGION = "ap-northeast-1"

# Loading EC2's model is most of the cost of a client, so all share one session's cache.
SESSION = boto3.Session()
# What boto3 calls services whose signing name is another.
CLIENTS = {"elasticloadbalancing": "elbv2", "servicequotas": "service-quotas"}
RETRIES = Config(retries={"mode": "standard", "total_max_attempts": 3})

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}


class Sandbox:
    """The endpoint and its controls."""

    def __init__(self, endpoint):
        self.endpoint = endpoint.rstrip("/")
        self._accounts = itertools.count(100000000001)

    def control(self, method, path, body=None):
        request = urllib.request.Request(
            f"{self.endpoint}/_sandbox/{path}",
            method=method,
            data=json.dumps(body).encode() if body is not None else None,
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def operations(self):
        return self.control("GET", "operations")["operations"]

    def calls(self):
        return self.control("GET", "calls")["calls"]

    def inject(self, effect, times=1, **on):
        self.control("POST", "faults", {"on": on, "times": times, "effect": effect})

    def account(self):
        """One that nobody has used."""
        return Account(self, str(next(self._accounts)))


class Account:
    """An account in a Region, with whatever credentials lead there."""

    def __init__(self, sandbox, number, credentials=None, region=REGION):
        self.sandbox, self.number, self.region = sandbox, number, region
        self._credentials = credentials or {"AccessKeyId": number, "SecretAccessKey": "secret"}
        self._clients = {}

    def client(self, service):
        if service not in self._clients:
            self._clients[service] = client = SESSION.client(
                CLIENTS.get(service, service),
                region_name=self.region,
                endpoint_url=self.sandbox.endpoint,
                aws_access_key_id=self._credentials["AccessKeyId"],
                aws_secret_access_key=self._credentials["SecretAccessKey"],
                aws_session_token=self._credentials.get("SessionToken"),
                config=RETRIES,
            )
            client.meta.events.register("before-parse", _check)
        return self._clients[service]

    directconnect = property(lambda self: self.client("directconnect"))
    ec2 = property(lambda self: self.client("ec2"))
    iam = property(lambda self: self.client("iam"))
    pca = property(lambda self: self.client("acm-pca"))
    logs = property(lambda self: self.client("logs"))
    elb = property(lambda self: self.client("elasticloadbalancing"))
    organizations = property(lambda self: self.client("organizations"))
    quotas = property(lambda self: self.client("servicequotas"))
    ram = property(lambda self: self.client("ram"))
    route53 = property(lambda self: self.client("route53"))
    resolver = property(lambda self: self.client("route53resolver"))
    s3 = property(lambda self: self.client("s3"))
    ssm = property(lambda self: self.client("ssm"))
    sts = property(lambda self: self.client("sts"))

    def assuming(self, arn, **more):
        """The same caller in a role."""
        answer = self.sts.assume_role(RoleArn=arn, RoleSessionName="conformance", **more)
        return Account(self.sandbox, arn.split(":")[4], answer["Credentials"], self.region)

    def with_mfa(self, token, **more):
        """The same user, who has held a device."""
        serial = f"arn:aws:iam::{self.number}:mfa/me"
        answer = self.sts.get_session_token(SerialNumber=serial, TokenCode=token, **more)
        return Account(self.sandbox, self.number, answer["Credentials"], self.region)

    def refused(self, denial="missing"):
        """A call of EC2's that is denied: its message, and the encoded one in it."""
        self.sandbox.inject({"deny": denial}, operation="DescribeSubnets", account=self.number)
        try:
            self.ec2.describe_subnets()
        except ClientError as error:
            message = error.response["Error"]["Message"]
            return message.split(" Encoded authorization failure message: ")
        raise AssertionError("not denied")

    def resources(self):
        return self.sandbox.control("GET", f"resources/{self.number}")["resources"]

    def share(self, **params):
        """A resource share that is active."""
        arn = self.ram.create_resource_share(**params)["resourceShare"]["resourceShareArn"]
        read = lambda: self.ram.get_resource_shares(resourceOwner="SELF", resourceShareArns=[arn])["resourceShares"]
        eventually(lambda: [share["status"] for share in read()], ["ACTIVE"])
        return arn

    def invitation(self):
        """The only one that waits."""
        read = lambda: self.ram.get_resource_share_invitations()["resourceShareInvitations"]
        pending = lambda: [one for one in read() if one["status"] == "PENDING"]
        eventually(lambda: len(pending()), 1)
        return pending()[0]["resourceShareInvitationArn"]

    def shared(self, gateway, other):
        """A share of a gateway that the other account has accepted and sees."""
        resource = f"arn:aws:ec2:{self.region}:{self.number}:transit-gateway/{gateway}"
        arn = self.share(name="gateway", resourceArns=[resource], principals=[other.number])
        other.ram.accept_resource_share_invitation(resourceShareInvitationArn=other.invitation())
        read = lambda: other.ec2.describe_transit_gateways()["TransitGateways"]
        eventually(lambda: gateway in [one["TransitGatewayId"] for one in read()], True)
        return arn

    def role(self, name, trust=TRUST, **more):
        """A role that can be used."""
        made = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust), **more)
        self.sandbox.control("POST", "clock", {"advance_seconds": 10})
        return made["Role"]["Arn"]


def _check(operation_model, response_dict, **_):
    if response_dict["status_code"] < 300 and not operation_model.has_streaming_output:
        wire.check(operation_model, response_dict["body"])


def method(operation):
    """`DescribeVpcs` is `describe_vpcs`."""
    return boto3.session.botocore.xform_name(operation)


def call(account, service, operation, params):
    return getattr(account.client(service), method(operation))(**params)


def code(action, *args, **params):
    """The error code of a call that must be refused; its answer must have a request id."""
    try:
        answer = action(*args, **params)
    except ClientError as error:
        said = error.response["ResponseMetadata"]
        # botocore looks for it in no answer to HEAD that is 5xx.
        assert said.get("RequestId") or said["HTTPHeaders"]["x-amzn-requestid"], error
        return error.response["Error"]["Code"]
    raise AssertionError(f"{action.__name__} {params} was not refused: {answer}")


def with_extra(account, service, operation, params):
    """The call with one parameter more than AWS knows, past boto3's own validation."""
    client = account.client(service)
    event = f"before-call.{client.meta.service_model.service_id.hyphenize()}.{operation}"

    def add(params, **_):
        body = params["body"]
        if params["method"] != "POST":
            params["url"] += ("&" if "?" in params["url"] else "?") + "colour=red"
        elif isinstance(body, dict):
            body["Colour"] = "red"
        else:
            # JSON, or a form that is encoded already.
            text = body.decode() if isinstance(body, bytes) else body
            if text.startswith("<"):
                head, _, tail = text.rpartition("</")
                params["body"] = f"{head}<Colour>red</Colour></{tail}".encode()
            elif text.startswith("{"):
                params["body"] = json.dumps({**json.loads(text), "colour": "red"}).encode()
            else:
                params["body"] = f"{text}&{urllib.parse.urlencode({'Colour': 'red'})}"

    client.meta.events.register(event, add, unique_id="extra")
    try:
        return code(getattr(client, method(operation)), **params)
    finally:
        client.meta.events.unregister(event, unique_id="extra")


def eventually(look, wanted, seconds=5):
    """Looks until it sees what is wanted. The sandbox's clock is fast: a minute takes 60 ms."""
    end = time.monotonic() + seconds
    while (seen := look()) != wanted:
        assert time.monotonic() < end, f"{seen!r} is not {wanted!r} after {seconds} s"
        time.sleep(0.01)


def tags_of(specification_type, **tags):
    """`TagSpecifications` for one resource."""
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    return [{"ResourceType": specification_type, "Tags": pairs}]


def as_dict(pairs):
    return {pair["Key"]: pair["Value"] for pair in pairs}


def in_sync(account, answer):
    """Waits for the change of a zone that an answer speaks of."""
    change = answer["ChangeInfo"]["Id"]
    eventually(lambda: account.route53.get_change(Id=change)["ChangeInfo"]["Status"], "INSYNC")
    return answer


def names(**filters):
    """`Filters`: underscores in names become hyphens, and a value may be a list."""
    as_list = lambda value: value if isinstance(value, list) else [value]
    return [{"Name": name.replace("_", "-"), "Values": as_list(value)} for name, value in filters.items()]
