"""The hosted zones of the world in world.py: one with records, one that can go, another company's; and samples of Route 53."""

from functools import cached_property

from sandbox import REGION, in_sync

ADDRESS = {"Name": "www.city.example", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "10.0.0.1"}]}


def vpc_of(vpc):
    return {"VPCRegion": REGION, "VPCId": vpc}


def zone_of(account, vpc, name, reference):
    """A private zone that is on all name servers: its id, without the path."""
    made = account.route53.create_hosted_zone(
        Name=name,
        CallerReference=reference,
        VPC=vpc_of(vpc),
        HostedZoneConfig={"Comment": "conformance", "PrivateZone": True},
    )
    return in_sync(account, made)["HostedZone"]["Id"].rsplit("/", 1)[-1]


class Zones:
    """What the world has of Route 53. Its VPCs are there already."""

    @cached_property
    def zone(self):
        """With an address, tags, two VPCs, and one of another company's that may be the third."""
        dns = self.account.route53
        zone = zone_of(self.account, self.vpc, "city.example", "world/1")
        batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": ADDRESS}]}
        in_sync(self.account, dns.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch))
        in_sync(self.account, dns.associate_vpc_with_hosted_zone(HostedZoneId=zone, VPC=vpc_of(self.third_vpc)))
        tags = [{"Key": "Name", "Value": "world"}]
        dns.change_tags_for_resource(ResourceType="hostedzone", ResourceId=zone, AddTags=tags)
        dns.create_vpc_association_authorization(HostedZoneId=zone, VPC=vpc_of(self.guest_vpc))
        return zone

    @cached_property
    def free_zone(self):
        """Its VPC is not another zone's of that name."""
        return zone_of(self.account, self.far_vpc, "free.example", "world/2")

    guest_vpc = cached_property(lambda self: self.asp.ec2.create_vpc(CidrBlock="10.212.0.0/16")["Vpc"]["VpcId"])

    @cached_property
    def zone_change(self):
        zone = self.free_zone
        answer = self.account.route53.change_resource_record_sets(
            HostedZoneId=zone,
            ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": {**ADDRESS, "Name": "free.example"}}]},
        )
        in_sync(self.account, answer)
        answer = self.account.route53.change_resource_record_sets(
            HostedZoneId=zone,
            ChangeBatch={"Changes": [{"Action": "DELETE", "ResourceRecordSet": {**ADDRESS, "Name": "free.example"}}]},
        )
        return in_sync(self.account, answer)["ChangeInfo"]["Id"]


def _vpc(name, zone="zone"):
    return lambda w: {"HostedZoneId": getattr(w, zone), "VPC": vpc_of(getattr(w, name))}


SAMPLES = {
    "AssociateVPCWithHostedZone": _vpc("far_vpc"),
    "ChangeResourceRecordSets": lambda w: {
        "HostedZoneId": w.zone,
        "ChangeBatch": {"Comment": "new", "Changes": [{"Action": "DELETE", "ResourceRecordSet": ADDRESS}]},
    },
    "ChangeTagsForResource": lambda w: {
        "ResourceType": "hostedzone",
        "ResourceId": w.zone,
        "AddTags": [{"Key": "more", "Value": "x"}],
        "RemoveTagKeys": ["other"],
    },
    "CreateHostedZone": lambda w: {"Name": "new.example", "CallerReference": "new", "VPC": vpc_of(w.vpc)},
    "CreateVPCAssociationAuthorization": _vpc("guest_vpc"),
    "DeleteHostedZone": lambda w: {"Id": w.free_zone},
    "DeleteVPCAssociationAuthorization": _vpc("guest_vpc"),
    "DisassociateVPCFromHostedZone": _vpc("third_vpc"),
    "GetChange": lambda w: {"Id": w.zone_change},
    "GetHostedZone": lambda w: {"Id": w.zone},
    "GetHostedZoneCount": lambda w: w.zone and {},
    "ListHostedZones": lambda w: w.zone and w.free_zone and {"HostedZoneType": "PrivateHostedZone"},
    "ListHostedZonesByName": lambda w: w.zone and {},
    "ListHostedZonesByVPC": lambda w: w.zone and {"VPCId": w.vpc, "VPCRegion": REGION},
    "ListResourceRecordSets": lambda w: {"HostedZoneId": w.zone},
    "ListTagsForResource": lambda w: {"ResourceType": "hostedzone", "ResourceId": w.zone},
    "ListTagsForResources": lambda w: {"ResourceType": "hostedzone", "ResourceIds": [w.zone]},
    "ListVPCAssociationAuthorizations": lambda w: {"HostedZoneId": w.zone},
    "UpdateHostedZoneComment": lambda w: {"Id": w.zone, "Comment": "changed"},
}
