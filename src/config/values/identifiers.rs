//! Identifiers that AWS gives out.

use std::fmt;
use std::ops::Deref;

use super::{scalar, text_type};
use crate::config::fault::{Fault, Form};

/// Resource ids are a prefix and 8 or 17 lower-case hex digits (EC2's short and long ids).
fn ec2(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|hex| {
        matches!(hex.len(), 8 | 17) && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    })
}

text_type! {
    /// A 12-digit account id. Written in quotes or not; leading zeros count.
    AccountId, Form::AccountId, r"^\d{12}$",
    |text| text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}
text_type! {
    /// `vpc-…`.
    VpcId, Form::VpcId, "^vpc-([0-9a-f]{8}|[0-9a-f]{17})$", |text| ec2(text, "vpc-")
}
text_type! {
    /// `subnet-…`.
    SubnetId, Form::SubnetId, "^subnet-([0-9a-f]{8}|[0-9a-f]{17})$", |text| ec2(text, "subnet-")
}
text_type! {
    /// `rtb-…`: a route table of a VPC.
    RouteTableId, Form::RouteTableId, "^rtb-([0-9a-f]{8}|[0-9a-f]{17})$", |text| ec2(text, "rtb-")
}
text_type! {
    /// `rslvr-rr-…` or `rqlc-…`: what of Route 53 Resolver is shared with others.
    ResolverId, Form::ResolverId, "^(rslvr-rr|rqlc)-[0-9a-z]{8,64}$",
    |text| {
        let id = text.strip_prefix("rslvr-rr-").or_else(|| text.strip_prefix("rqlc-"));
        id.is_some_and(|id| {
            (8..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase())
        })
    }
}
text_type! {
    /// `tgw-…`.
    TransitGatewayId, Form::TransitGatewayId, "^tgw-([0-9a-f]{8}|[0-9a-f]{17})$", |text| ec2(text, "tgw-")
}
text_type! {
    /// `tgw-attach-…`.
    AttachmentId, Form::AttachmentId, "^tgw-attach-([0-9a-f]{8}|[0-9a-f]{17})$", |text| ec2(text, "tgw-attach-")
}
text_type! {
    /// A virtual interface, `dxvif-…`.
    VifId, Form::VifId, "^dxvif-([0-9a-f]{8}|[0-9a-f]{17})$", |text| ec2(text, "dxvif-")
}
text_type! {
    /// A Direct Connect gateway: a UUID in lower case.
    DxGatewayId, Form::DxGatewayId, "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
    |text| {
        let groups: Vec<usize> = text.split('-').map(str::len).collect();
        groups == [8, 4, 4, 4, 12]
            && text.bytes().all(|b| b == b'-' || b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    }
}
text_type! {
    /// A hosted zone, `Z` and up to 31 capitals and digits.
    ZoneId, Form::ZoneId, "^Z[0-9A-Z]{1,31}$",
    |text| text.len() >= 2 && text.len() <= 32 && text.starts_with('Z')
        && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
}
text_type! {
    /// An availability zone by id, never by name: `ap-northeast-1a` is another zone in another account.
    AvailabilityZoneId, Form::ZoneOfAvailability, "^apne[13]-az[1-4]$",
    |text| {
        matches!(text.split_once("-az"), Some(("apne1" | "apne3", n)) if matches!(n, "1" | "2" | "3" | "4"))
    }
}
text_type! {
    /// An endpoint service, `com.amazonaws.vpce.REGION.vpce-svc-…`.
    ServiceName, Form::ServiceName, r"^com\.amazonaws\.vpce\.[a-z0-9-]+\.vpce-svc-([0-9a-f]{8}|[0-9a-f]{17})$",
    |text| text.strip_prefix("com.amazonaws.vpce.").and_then(|rest| rest.split_once('.'))
        .is_some_and(|(region, id)| !region.is_empty() && ec2(id, "vpce-svc-"))
}
text_type! {
    /// What a role's trust policy asks of a third party: 2 to 1,224 letters, digits and `_+=,.@:/-` (STS, AssumeRole). IAM
    /// takes other characters into a trust policy too, and then nobody can assume the role.
    ExternalId, Form::ExternalId, "^[A-Za-z0-9_+=,.@:/-]{2,1224}$",
    |text| (2..=1224).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+=,.@:/-".contains(&b))
}
text_type! {
    /// An ARN of the `aws` partition.
    Arn, Form::Arn, r"^arn:aws:[a-z0-9-]+:[a-z0-9-]*:(\d{12})?:.+$",
    |text| {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        matches!(parts[..], ["arn", "aws", service, _, account, resource]
            if !service.is_empty() && !resource.is_empty() && !text.contains(char::is_whitespace)
                && (account.is_empty() || AccountId::parse(account).is_ok()))
    }
}

impl ServiceName {
    /// The Region in which the service is offered.
    pub fn region(&self) -> &str {
        self.0.split('.').nth(3).unwrap_or_default()
    }
}

impl Arn {
    /// `arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE`, where the resource may hold colons of its own.
    fn part(&self, index: usize) -> &str {
        self.0.splitn(6, ':').nth(index).unwrap_or_default()
    }

    /// The service: `iam`.
    pub fn service(&self) -> &str {
        self.part(2)
    }

    /// The Region; empty for a global service.
    pub fn region(&self) -> &str {
        self.part(3)
    }

    /// The account id; empty for what belongs to no account.
    pub fn account(&self) -> &str {
        self.part(4)
    }

    /// What follows the account: `role/path/name`.
    pub fn resource(&self) -> &str {
        self.part(5)
    }
}
