"""Private hosted zones, their records, and the VPCs that see them."""

import pytest

from sandbox import REGION, code, eventually, in_sync
from zones import vpc_of, zone_of


def vpc(account, cidr="10.0.0.0/16"):
    return account.ec2.create_vpc(CidrBlock=cidr)["Vpc"]["VpcId"]


def change(account, zone, *changes):
    """A batch that must be accepted, and is on all name servers afterwards."""
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": record} for action, record in changes]}
    return in_sync(account, account.route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch))


def refused(account, zone, *changes):
    """The message of a batch that must be refused."""
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": record} for action, record in changes]}
    with pytest.raises(account.route53.exceptions.InvalidChangeBatch) as caught:
        account.route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)
    return caught.value.response["Error"]["Message"]


def record(name, kind="A", *values, ttl=60):
    return {"Name": name, "Type": kind, "TTL": ttl, "ResourceRecords": [{"Value": value} for value in values]}


def records(account, zone):
    """Without those of AWS."""
    pages = account.route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone)
    sets = [one for page in pages for one in page["ResourceRecordSets"]]
    return {(one["Name"], one["Type"]): one for one in sets if one["Type"] not in ("NS", "SOA")}


def test_a_zone_is_made_read_and_deleted(account):
    dns, mine = account.route53, vpc(account)
    made = dns.create_hosted_zone(Name="City.Example", CallerReference="r", VPC=vpc_of(mine))
    assert made["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert made["Location"].endswith(made["HostedZone"]["Id"])
    assert made["ChangeInfo"]["Status"] == "PENDING" and made["VPC"] == vpc_of(mine)
    zone = in_sync(account, made)["HostedZone"]["Id"]
    assert zone.startswith("/hostedzone/Z")

    # boto3 takes ids as they are answered.
    read = dns.get_hosted_zone(Id=zone)
    assert read["HostedZone"]["Name"] == "city.example." and read["HostedZone"]["Config"]["PrivateZone"]
    assert read["HostedZone"]["ResourceRecordSetCount"] == 2 and read["VPCs"] == [vpc_of(mine)]
    [listed] = dns.list_hosted_zones(HostedZoneType="PrivateHostedZone")["HostedZones"]
    assert listed["Id"] == zone and listed["CallerReference"] == "r"
    assert dns.update_hosted_zone_comment(Id=zone, Comment="戸籍")["HostedZone"]["Config"]["Comment"] == "戸籍"

    assert code(dns.create_hosted_zone, Name="b.example", CallerReference="r", VPC=vpc_of(mine)) == "HostedZoneAlreadyExists"
    assert code(dns.create_hosted_zone, Name="city.example", CallerReference="s", VPC=vpc_of(mine)) == "ConflictingDomainExists"
    assert code(dns.create_hosted_zone, Name="b..example", CallerReference="s", VPC=vpc_of(mine)) == "InvalidDomainName"
    assert code(dns.create_hosted_zone, Name="b.example", CallerReference="s", VPC=vpc_of("vpc-0")) == "InvalidVPCId"
    assert code(account.ec2.delete_vpc, VpcId=mine) == "DependencyViolation"
    assert [(one["kind"], one["id"]) for one in account.resources() if one["kind"] == "hostedzone"] == [
        ("hostedzone", zone.rsplit("/", 1)[-1])
    ]

    change(account, zone, ("CREATE", record("www.city.example", "A", "10.0.0.1")))
    assert code(dns.delete_hosted_zone, Id=zone) == "HostedZoneNotEmpty"
    change(account, zone, ("DELETE", record("www.city.example", "A", "10.0.0.1")))
    in_sync(account, dns.delete_hosted_zone(Id=zone))
    assert code(dns.get_hosted_zone, Id=zone) == "NoSuchHostedZone"
    assert code(dns.create_hosted_zone, Name="b.example", CallerReference="r", VPC=vpc_of(mine)) == "HostedZoneAlreadyExists"


def test_records_are_changed_in_batches(account):
    zone = zone_of(account, vpc(account), "city.example", "r")
    change(
        account,
        zone,
        ("CREATE", record("www.city.example", "A", "10.0.0.1", "10.0.0.2")),
        ("CREATE", record("*.city.example", "CNAME", "www.city.example")),
        ("UPSERT", record("city.example", "TXT", '"v=spf1 -all"', '"b & <c>"')),
    )
    seen = records(account, zone)
    assert seen.keys() == {("www.city.example.", "A"), ("\\052.city.example.", "CNAME"), ("city.example.", "TXT")}
    assert seen["city.example.", "TXT"]["ResourceRecords"] == [{"Value": '"v=spf1 -all"'}, {"Value": '"b & <c>"'}]
    # What was read can be deleted as it was read.
    change(account, zone, ("DELETE", seen["\\052.city.example.", "CNAME"]))

    www = record("www.city.example", "A", "10.0.0.1", "10.0.0.2")
    assert "[name='www.city.example.', type='A'] but it already exists" in refused(account, zone, ("CREATE", www))
    assert "was not found" in refused(account, zone, ("DELETE", record("no.city.example", "A", "10.0.0.1")))
    assert "do not match the current values" in refused(account, zone, ("DELETE", {**www, "TTL": 61}))
    assert "not permitted in zone city.example." in refused(account, zone, ("CREATE", record("x.example", "A", "10.0.0.1")))
    assert "not permitted at apex" in refused(account, zone, ("CREATE", record("city.example", "CNAME", "b.example")))
    assert "conflicts with other records" in refused(account, zone, ("CREATE", record("www.city.example", "CNAME", "b.example")))
    for kind, value, problem in [
        ("A", "10.0.0.256", "ARRDATAIllegalIPv4Address"),
        ("AAAA", "10.0.0.1", "AAAARRDATAIllegalIPv6Address"),
        ("TXT", "bare", "InvalidCharacterString"),
        ("TXT", f'"{"x" * 256}"', "CharacterStringTooLong"),
        ("MX", "mail.example", "MXRRDATANotTwoFields"),
        ("SRV", "0 0 mail.example", "SRVRRDATANotFourFields"),
    ]:
        assert problem in refused(account, zone, ("CREATE", record("new.city.example", kind, value)))
    # All or nothing, and every problem is said.
    said = refused(
        account,
        zone,
        ("CREATE", record("new.city.example", "A", "10.0.0.1")),
        ("CREATE", www),
        ("DELETE", record("no.city.example", "A", "10.0.0.1")),
    )
    assert said.startswith("[") and said.endswith("]") and "already exists, Tried to delete" in said
    assert ("new.city.example.", "A") not in records(account, zone)
    plain = {"Name": "x.city.example", "Type": "A", "ResourceRecords": [{"Value": "10.0.0.1"}]}
    batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": plain}]}
    assert code(account.route53.change_resource_record_sets, HostedZoneId=zone, ChangeBatch=batch) == "InvalidInput"


def test_one_change_at_a_time(account):
    dns = account.route53
    zone = zone_of(account, vpc(account), "city.example", "r")
    batch = lambda n: {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record(f"n{n}.city.example", "A", "10.0.0.1")}]}
    dns.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch(0))
    # boto3 knows what PriorRequestNotComplete asks for.
    answer = dns.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch(1))
    assert answer["ResponseMetadata"]["RetryAttempts"] >= 1
    refused = [call for call in account.sandbox.calls() if call["account"] == account.number]
    assert "PriorRequestNotComplete" in [call["outcome"].get("code") for call in refused]


def test_another_companys_vpc_is_authorised_first(account, sandbox):
    dns, other = account.route53, sandbox.account()
    zone = zone_of(account, vpc(account), "city.example", "r")
    theirs = vpc_of(vpc(other))
    both = {"HostedZoneId": zone, "VPC": theirs}
    assert code(other.route53.associate_vpc_with_hosted_zone, **both) == "NotAuthorizedException"
    assert dns.create_vpc_association_authorization(**both)["VPC"] == theirs
    assert dns.list_vpc_association_authorizations(HostedZoneId=zone)["VPCs"] == [theirs]
    assert code(dns.associate_vpc_with_hosted_zone, **both) == "NotAuthorizedException"
    answer = other.route53.associate_vpc_with_hosted_zone(**both)
    assert code(other.route53.get_change, Id=answer["ChangeInfo"]["Id"]) == "AccessDenied"
    in_sync(account, answer)
    [seen] = other.route53.list_hosted_zones_by_vpc(**theirs)["HostedZoneSummaries"]
    assert seen == {"HostedZoneId": zone, "Name": "city.example.", "Owner": {"OwningAccount": account.number}}
    assert code(dns.list_hosted_zones_by_vpc, **theirs) == "AccessDenied"
    dns.delete_vpc_association_authorization(**both)
    eventually(lambda: code(dns.delete_vpc_association_authorization, **both), "VPCAssociationAuthorizationNotFound")
    in_sync(account, dns.disassociate_vpc_from_hosted_zone(**both))
    assert code(other.route53.associate_vpc_with_hosted_zone, **both) == "NotAuthorizedException"
    assert code(dns.disassociate_vpc_from_hosted_zone, **both) == "VPCAssociationNotFound"
    assert code(other.route53.get_hosted_zone, Id=zone) == "AccessDenied"


def test_an_alias_points_at_an_endpoint(account):
    ec2, mine = account.ec2, vpc(account)
    subnet = ec2.create_subnet(VpcId=mine, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    made = ec2.create_vpc_endpoint(
        VpcEndpointType="Interface",
        VpcId=mine,
        ServiceName=f"com.amazonaws.{REGION}.kms",
        SubnetIds=[subnet],
        PrivateDnsEnabled=False,
    )
    entry = made["VpcEndpoint"]["DnsEntries"][0]
    zone = zone_of(account, mine, "city.example", "r")
    alias = lambda zone_id, name: {
        "Name": "kms.city.example",
        "Type": "A",
        "AliasTarget": {"HostedZoneId": zone_id, "DNSName": name, "EvaluateTargetHealth": False},
    }
    change(account, zone, ("UPSERT", alias(entry["HostedZoneId"], entry["DnsName"])))
    target = records(account, zone)["kms.city.example.", "A"]["AliasTarget"]
    assert target["DNSName"] == entry["DnsName"] + "." and target["HostedZoneId"] == entry["HostedZoneId"]
    assert "target was not found" in refused(account, zone, ("UPSERT", alias(entry["HostedZoneId"], "no.example")))
    assert "target was not found" in refused(account, zone, ("UPSERT", alias("Z0", entry["DnsName"])))
