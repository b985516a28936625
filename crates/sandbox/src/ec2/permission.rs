//! What a security-group rule allows: protocol, ports and one source. Rules: aws-facts section 1.2 "Security group and
//! rules"; EC2 API reference, "IpPermission".

use std::collections::BTreeMap;

use ipnet::{Ipv4Net, Ipv6Net};
use serde::{Deserialize, Serialize};

use crate::ec2::security_group_rule::Rule;
use crate::ec2::{errors, params};
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};

/// The natural key of a rule inside its group and direction.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Permission {
    /// `tcp`, `udp`, `icmp`, `icmpv6`, `-1` for all, else a number.
    pub protocol: String,
    /// ICMP's type for ICMP; -1 where ports mean nothing.
    pub from: i64,
    /// ICMP's code for ICMP.
    pub to: i64,
    pub source: Source,
}

/// Whom the rule is about: the sender of what comes in, the receiver of what goes out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Source {
    Ipv4(Ipv4Net),
    Ipv6(Ipv6Net),
    /// A group in the same VPC.
    Group(String),
}

impl Source {
    pub fn anywhere() -> Self {
        Self::Ipv4(Ipv4Net::default())
    }

    /// Whether one may be edited into the other.
    pub fn same_type(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

impl Permission {
    pub fn everything(source: Source) -> Self {
        Self { protocol: "-1".to_owned(), from: -1, to: -1, source }
    }

    /// The value for a filter such as `ip-permission.cidr`, without its prefix.
    pub fn filter_value(&self, field: &str) -> Option<String> {
        match (field, &self.source) {
            ("cidr", Source::Ipv4(net)) => Some(net.to_string()),
            ("ipv6-cidr", Source::Ipv6(net)) => Some(net.to_string()),
            ("group-id", Source::Group(id)) => Some(id.clone()),
            ("protocol", _) => Some(self.protocol.clone()),
            ("from-port", _) => Some(self.from.to_string()),
            ("to-port", _) => Some(self.to.to_string()),
            _ => None,
        }
    }
}

/// A permission of a request and the description that came with it.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub permission: Permission,
    pub description: Option<String>,
}

/// Reads `IpPermissions.n` of a request from `account`. Prefix lists and groups of other accounts are not simulated.
pub(super) fn read(p: &Params, account: &str) -> Result<Vec<Asked>> {
    let mut asked: Vec<Asked> = Vec::new();
    for item in p.items("IpPermissions") {
        let ports = Ports::read(&item)?;
        for range in item.items("IpRanges") {
            let net = params::ipv4_block(&range, "CidrIp")?;
            asked.push(ports.with(Source::Ipv4(net), &range)?);
        }
        for range in item.items("Ipv6Ranges") {
            let net = ipv6_block(&range, "CidrIpv6")?;
            asked.push(ports.with(Source::Ipv6(net), &range)?);
        }
        for pair in item.items("Groups") {
            let group = pair.required("GroupId")?;
            // What Describe answers may be sent back as it is, and names the owner.
            if pair.optional("UserId").is_some_and(|owner| owner != account) {
                return Err(errors::not_found("InvalidGroup.NotFound", "security-group", &group));
            }
            asked.push(ports.with(Source::Group(group), &pair)?);
        }
    }
    for (n, one) in asked.iter().enumerate() {
        if asked.iter().skip(n + 1).any(|other| other.permission == one.permission) {
            return Err(errors::invalid_value("The same permission must not appear multiple times"));
        }
    }
    Ok(asked)
}

/// Reads a rule in the form that ModifySecurityGroupRules takes: one source in fields of its own.
pub(super) fn read_flat(p: &Params) -> Result<Asked> {
    let ports = Ports::read(p)?;
    let ipv4 = p.optional("CidrIpv4");
    let ipv6 = p.optional("CidrIpv6");
    let group = p.optional("ReferencedGroupId");
    let source = match (ipv4, ipv6, group) {
        (Some(text), None, None) => Source::Ipv4(params::parse_ipv4_block(p, "CidrIpv4", &text)?),
        (None, Some(_), None) => Source::Ipv6(ipv6_block(p, "CidrIpv6")?),
        (None, None, Some(group)) => Source::Group(group),
        (None, None, None) => {
            return Err(AwsError::new(
                "MissingParameter",
                "The rule must have one source: CidrIpv4, CidrIpv6 or ReferencedGroupId",
            ));
        }
        _ => return Err(errors::combination("A rule has exactly one source")),
    };
    ports.with(source, p)
}

/// Reads the oldest form, in the request's own fields: one IPv4 block.
pub(super) fn read_single(p: &Params) -> Result<Option<Asked>> {
    if p.optional("CidrIp").is_none() {
        return Ok(None);
    }
    let ports = Ports::read(p)?;
    let net = params::ipv4_block(p, "CidrIp")?;
    Ok(Some(Asked { permission: ports.permission(Source::Ipv4(net)), description: None }))
}

/// Protocol and ports, which several sources may share.
struct Ports {
    protocol: String,
    from: i64,
    to: i64,
}

impl Ports {
    fn read(p: &Params) -> Result<Self> {
        let given = p.required("IpProtocol")?;
        let protocol = match given.to_ascii_lowercase().as_str() {
            "-1" | "all" => "-1",
            "tcp" | "6" => "tcp",
            "udp" | "17" => "udp",
            "icmp" | "1" => "icmp",
            "icmpv6" | "58" => "icmpv6",
            other if other.parse::<u8>().is_ok() => &given,
            _ => {
                return Err(errors::invalid_value(format!(
                    "Invalid value '{given}' for IP protocol. Unknown protocol."
                )));
            }
        }
        .to_owned();
        let (from, to) = (p.integer("FromPort")?, p.integer("ToPort")?);
        let (from, to) = match protocol.as_str() {
            "tcp" | "udp" => {
                let (Some(from), Some(to)) = (from, to) else {
                    return Err(AwsError::new(
                        "MissingParameter",
                        format!("The request must contain FromPort and ToPort for {protocol}"),
                    ));
                };
                let ports = 0..=65535;
                if !ports.contains(&from) || !ports.contains(&to) || from > to {
                    let name = protocol.to_ascii_uppercase();
                    return Err(errors::invalid_value(format!("Invalid {name} port range.")));
                }
                (from, to)
            }
            "icmp" | "icmpv6" => {
                // DOC: RevokeSecurityGroupIngress, "For the ICMP protocol, you must also specify the ICMP type and code."
                let (Some(kind), Some(code)) = (from, to) else {
                    return Err(AwsError::new(
                        "MissingParameter",
                        format!("The request must contain FromPort and ToPort (type and code) for {protocol}"),
                    ));
                };
                let valid = -1..=255;
                if !valid.contains(&kind) || !valid.contains(&code) || (kind == -1 && code != -1) {
                    return Err(errors::invalid_value("Invalid ICMP type or code."));
                }
                (kind, code)
            }
            _ => (-1, -1),
        };
        Ok(Self { protocol, from, to })
    }

    fn permission(&self, source: Source) -> Permission {
        Permission { protocol: self.protocol.clone(), from: self.from, to: self.to, source }
    }

    fn with(&self, source: Source, described: &Params) -> Result<Asked> {
        let description = described.optional("Description");
        if let Some(text) = &description {
            check_text(described, "Description", text)?;
        }
        Ok(Asked { permission: self.permission(source), description: description.filter(|text| !text.is_empty()) })
    }
}

fn ipv6_block(p: &Params, name: &str) -> Result<Ipv6Net> {
    let text = p.required(name)?;
    text.parse::<Ipv6Net>()
        .map(|net| net.trunc())
        .map_err(|_| p.invalid(name, &text, "This is not a valid CIDR block."))
}

/// Names and descriptions of groups and rules: up to 255 of a restricted set (DOC: CreateSecurityGroup, IpRange).
pub(super) fn check_text(p: &Params, name: &str, text: &str) -> Result<()> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || " ._-:/()#,@[]+=&;{}!$*".contains(c);
    if text.len() <= 255 && text.chars().all(allowed) {
        return Ok(());
    }
    Err(p.invalid(name, text, "Character sets beyond ASCII are not supported, and 255 characters are the limit."))
}

/// The `ipPermissions` of DescribeSecurityGroups: rules that differ in their source only share a row.
pub(super) fn rows(account: &str, rules: &[&Rule]) -> Vec<Xml> {
    let mut groups: BTreeMap<(&str, i64, i64), Vec<&Rule>> = BTreeMap::new();
    for rule in rules {
        let Permission { protocol, from, to, .. } = &rule.permission;
        groups.entry((protocol, *from, *to)).or_default().push(rule);
    }
    let row = |((protocol, from, to), rules): ((&str, i64, i64), Vec<&Rule>)| {
        let (mut pairs, mut ipv4, mut ipv6) = (Vec::new(), Vec::new(), Vec::new());
        for rule in rules {
            let (list, xml) = match &rule.permission.source {
                Source::Ipv4(net) => (&mut ipv4, Xml::new().value("cidrIp", net)),
                Source::Ipv6(net) => (&mut ipv6, Xml::new().value("cidrIpv6", net)),
                Source::Group(id) => {
                    let pair = Xml::new().text("userId", account).text("groupId", id);
                    (&mut pairs, pair)
                }
            };
            list.push(xml.maybe("description", rule.description.as_ref()));
        }
        let ports = (protocol != "-1").then_some((from, to));
        Xml::new()
            .text("ipProtocol", protocol)
            .maybe("fromPort", ports.map(|(from, _)| from))
            .maybe("toPort", ports.map(|(_, to)| to))
            .list("groups", pairs)
            .list("ipRanges", ipv4)
            .list("ipv6Ranges", ipv6)
            .list("prefixListIds", [])
    };
    groups.into_iter().map(row).collect()
}
