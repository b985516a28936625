//! Load balancers: made, read, deleted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::ec2::{self, Placement, Tags};
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::region;
use crate::service::{Ctx, Operation};
use crate::token;

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::write("CreateLoadBalancer", create),
    Operation::read("DescribeLoadBalancers", describe),
    Operation::write("DeleteLoadBalancer", delete),
];

/// How long states last, in simulated seconds: AWS promises nothing, these are typical values.
const PROVISIONING: u64 = 120;
const INTERFACES_LINGER: u64 = 60;
/// DOC (CreateLoadBalancer, Name): "a maximum of 32 characters".
const LONGEST_NAME: usize = 32;
/// DOC (DescribeLoadBalancers, PageSize).
const LARGEST_PAGE: i64 = 400;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LoadBalancer {
    pub name: String,
    pub vpc: String,
    /// The zone's id and the network interface of each subnet.
    pub subnets: BTreeMap<String, Leg>,
    pub security_groups: Vec<String>,
    pub created: Moment,
    pub active_at: Moment,
    pub tags: Tags,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Leg {
    pub zone_id: String,
    pub interface: String,
}

impl LoadBalancer {
    pub fn is_active(&self, now: Moment) -> bool {
        now >= self.active_at
    }

    /// The ids of its zones.
    pub fn zones(&self) -> impl Iterator<Item = &str> {
        self.subnets.values().map(|leg| leg.zone_id.as_str())
    }
}

fn balancers<'a>(ctx: &'a Ctx<'_>) -> &'a BTreeMap<String, LoadBalancer> {
    &ctx.state.regional(&ctx.caller.account, ctx.region).elb.load_balancers
}

/// Of type `network` and scheme `internal` only: the other types are not simulated, and no VPC here has the internet
/// gateway that the other scheme needs.
fn create(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let name = name(p)?;
    p.required("Type")?;
    p.one_of("Type", &["network"])?;
    p.required("Scheme")?;
    p.one_of("Scheme", &["internal"])?;
    p.one_of("IpAddressType", &["ipv4"])?;
    let subnets = p.list("Subnets.member");
    let security_groups = p.list("SecurityGroups.member");
    let tags = tags(p)?;
    if subnets.is_empty() {
        p.required("Subnets.member.1")?;
    }
    if let Some((arn, known)) = balancers(ctx).iter().find(|(_, known)| known.name == name) {
        // DOC: "If you attempt to create multiple load balancers with the same settings, each call succeeds."
        let same = known.subnets.keys().eq(subnets.iter().collect::<std::collections::BTreeSet<_>>())
            && (&known.security_groups, &known.tags) == (&security_groups, &tags);
        return if same {
            Ok(Xml::new().list_of("LoadBalancers", "member", [xml(ctx, arn, known)]))
        } else {
            let message = format!("A load balancer with the same name '{name}' exists, but with different settings");
            Err(AwsError::new("DuplicateLoadBalancerName", message))
        };
    }
    let (vpc, zones) = zones(ctx, &subnets)?;
    let foreign = |group: &&String| !ec2::is_group_of(ctx.ec2(), group, &vpc);
    if let Some(group) = security_groups.iter().find(foreign) {
        return Err(AwsError::new("InvalidSecurityGroup", format!("The security group '{group}' does not exist")));
    }

    let (region, account) = (ctx.region, &ctx.caller.account);
    let start = format!("arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/net/{name}/");
    let arn = ctx.wish.arn(&start).unwrap_or_else(|| format!("{start}{}", ctx.state.mint_hex("elb", 16)));
    let description = arn.rsplit_once("loadbalancer/").map(|(_, rest)| format!("ELB {rest}")).unwrap_or_default();
    let mut legs = BTreeMap::new();
    for (subnet, zone_id) in zones {
        let placement = Placement {
            subnet: &subnet,
            interface_type: "network_load_balancer",
            description: &description,
            requester: "amazon-elb",
            security_groups: security_groups.clone(),
        };
        let interface = ec2::place(ctx, placement)?;
        legs.insert(subnet, Leg { zone_id, interface });
    }
    let balancer = LoadBalancer {
        name,
        vpc,
        subnets: legs,
        security_groups,
        created: ctx.now,
        active_at: ctx.in_seconds(PROVISIONING),
        tags,
    };
    let answer = Xml::new().list_of("LoadBalancers", "member", [xml(ctx, &arn, &balancer)]);
    let account = ctx.caller.account.clone();
    ctx.state.regional_mut(&account, ctx.region).elb.load_balancers.insert(arn, balancer);
    Ok(answer)
}

/// DOC (CreateLoadBalancer, Name): "alphanumeric characters or hyphens, must not begin or end with a hyphen, and must not
/// begin with 'internal-'".
fn name(p: &Params) -> Result<String> {
    let name = p.required("Name")?;
    let allowed = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !allowed || name.len() > LONGEST_NAME || name.starts_with('-') || name.ends_with('-') {
        return Err(validation(format!("The load balancer name '{name}' is not valid")));
    }
    if name.starts_with("internal-") {
        return Err(validation(format!("The load balancer name '{name}' cannot begin with 'internal-'")));
    }
    Ok(name)
}

fn tags(p: &Params) -> Result<Tags> {
    let mut tags = Tags::new();
    for item in p.items("Tags.member") {
        let (key, value) = (item.required("Key")?, item.optional("Value").unwrap_or_default());
        if tags.insert(key.clone(), value).is_some() {
            return Err(AwsError::new("DuplicateTagKeys", format!("The tag key '{key}' is given twice")));
        }
    }
    Ok(tags)
}

/// The VPC, and the zone's id of each subnet.
fn zones(ctx: &Ctx<'_>, subnets: &[String]) -> Result<(String, BTreeMap<String, String>)> {
    let mut vpc: Option<&str> = None;
    let mut zones = BTreeMap::new();
    for id in subnets {
        let subnet = ctx.ec2().subnets.get(id);
        let subnet =
            subnet.ok_or_else(|| AwsError::new("SubnetNotFound", format!("The subnet ID '{id}' does not exist")))?;
        if *vpc.get_or_insert(&subnet.vpc) != subnet.vpc {
            return Err(configuration("All subnets must belong to the same VPC"));
        }
        if zones.values().any(|zone| *zone == subnet.zone_id) {
            return Err(configuration("A load balancer cannot be attached to multiple subnets in the same zone"));
        }
        zones.insert(id.clone(), subnet.zone_id.clone());
    }
    Ok((vpc.unwrap_or_default().to_owned(), zones))
}

fn describe(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let ctx = &*ctx;
    let (arns, names) = (p.list("LoadBalancerArns.member"), p.list("Names.member"));
    let size = p.integer("PageSize")?.unwrap_or(LARGEST_PAGE);
    if !(1..=LARGEST_PAGE).contains(&size) {
        return Err(validation(format!("PageSize must be from 1 to {LARGEST_PAGE}")));
    }
    let bad_marker = || validation("The marker is not valid".to_owned());
    let after = p.optional("Marker").map(|marker| token::decode(&marker).ok_or_else(bad_marker)).transpose()?;
    let all = balancers(ctx);
    let missing_arn = arns.iter().find(|arn| !all.contains_key(*arn));
    let missing = missing_arn.or_else(|| names.iter().find(|name| !all.values().any(|known| known.name == **name)));
    if let Some(missing) = missing {
        return Err(AwsError::new("LoadBalancerNotFound", format!("Load balancer '{missing}' not found")));
    }
    let wanted = |(arn, balancer): &(&String, &LoadBalancer)| {
        (arns.is_empty() || arns.contains(arn)) && (names.is_empty() || names.contains(&balancer.name))
    };
    let rows: Vec<_> = all.iter().filter(wanted).collect();
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let (rows, next) = token::cut(rows, after.as_deref(), size, |(arn, _)| arn.as_str());
    let rows = rows.into_iter().map(|(arn, balancer)| xml(ctx, arn, balancer));
    Ok(Xml::new().list_of("LoadBalancers", "member", rows).maybe("NextMarker", next))
}

fn xml(ctx: &Ctx<'_>, arn: &str, balancer: &LoadBalancer) -> Xml {
    let names = region::zones(ctx.region, &ctx.caller.account);
    let zones = balancer.subnets.iter().map(|(subnet, leg)| {
        let name = names.iter().find(|zone| zone.id == leg.zone_id).map(|zone| &zone.name);
        Xml::new().maybe("ZoneName", name).text("SubnetId", subnet).list_of("LoadBalancerAddresses", "member", [])
    });
    let hex = arn.rsplit('/').next().unwrap_or_default();
    let dns = format!("{}-{hex}.elb.{}.amazonaws.com", balancer.name, ctx.region);
    let state = if balancer.is_active(ctx.now) { "active" } else { "provisioning" };
    Xml::new()
        .text("LoadBalancerArn", arn)
        .text("DNSName", dns)
        .text("CreatedTime", balancer.created.to_seconds_string())
        .text("LoadBalancerName", &balancer.name)
        .text("Scheme", "internal")
        .text("VpcId", &balancer.vpc)
        .nest("State", Xml::new().text("Code", state))
        .text("Type", "network")
        .list_of("AvailabilityZones", "member", zones)
        .list_of("SecurityGroups", "member", balancer.security_groups.iter().map(Xml::plain))
        .text("IpAddressType", "ipv4")
}

/// DOC: "If the load balancer does not exist or has already been deleted, the call succeeds." One that an endpoint
/// service uses stays (aws-facts section 1.2 "VPC endpoint service"; code: hashicorp/terraform-provider-aws issue 5701).
fn delete(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let arn = p.required("LoadBalancerArn")?;
    let Some(balancer) = balancers(ctx).get(&arn) else {
        return Ok(Xml::new());
    };
    if ec2::serves_endpoints(ctx.ec2(), &arn) {
        let message =
            format!("Load balancer '{arn}' cannot be deleted because it is currently associated with another service");
        return Err(AwsError::new("ResourceInUse", message));
    }
    let interfaces: Vec<String> = balancer.subnets.values().map(|leg| leg.interface.clone()).collect();
    let gone_at = ctx.in_seconds(INTERFACES_LINGER);
    let account = ctx.caller.account.clone();
    let regional = ctx.state.regional_mut(&account, ctx.region);
    for interface in interfaces {
        ec2::withdraw(&mut regional.ec2, &interface, gone_at);
    }
    regional.elb.load_balancers.remove(&arn);
    Ok(Xml::new())
}

fn validation(message: String) -> AwsError {
    AwsError::new("ValidationError", message)
}

fn configuration(message: &str) -> AwsError {
    AwsError::new("InvalidConfigurationRequest", message)
}
