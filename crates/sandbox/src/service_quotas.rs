//! Service Quotas: what an account may hold, as [`Quotas`] has it. JSON 1.1. DOC (Service Quotas API reference); codes:
//! aws-facts section 7 "Quota", VPC user guide "Amazon VPC quotas", transit gateway guide "Quotas", Route 53 and IAM in the
//! Service Quotas console. Quotas of global services are kept in us-east-1 alone.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::{AwsError, Result};
use crate::protocol::{Protocol, json_input};
use crate::quota::Quotas;
use crate::region;
use crate::service::{Ctx, Operation, Scope, Service};
use crate::token;

pub(crate) static SERVICE: Service = Service {
    name: "servicequotas",
    protocol: Protocol::Json { target: "ServiceQuotasV20190624" },
    // Regional, but us-east-1 is asked for what is global.
    scope: Scope::Global,
    operations: &[&[Operation::json_read("GetServiceQuota", get), Operation::json_read("ListServiceQuotas", list)]],
};

/// A quota that Service Quotas knows.
struct Quota {
    service: &'static str,
    code: &'static str,
    name: &'static str,
    value: fn(&Quotas) -> usize,
}

const fn quota(service: &'static str, code: &'static str, name: &'static str, value: fn(&Quotas) -> usize) -> Quota {
    Quota { service, code, name, value }
}

/// By service and code.
static QUOTAS: &[Quota] = &[
    quota("acm-pca", "L-799883CD", "Number of private certificate authorities (CAs)", |q| q.certificate_authorities),
    quota("ec2", "L-A1B5A36F", "Peering attachments per transit gateway", |q| q.transit_gateway_peerings),
    quota("ec2", "L-A2478D36", "Transit gateways per account", |q| q.transit_gateways),
    quota("ec2", "L-E0233F82", "Attachments per transit gateway", |q| q.transit_gateway_attachments),
    quota("iam", "L-FE177D64", "Roles per account", |q| q.roles),
    quota("route53", "L-4EA4796A", "Hosted zones", |q| q.hosted_zones),
    quota("route53resolver", "L-4A669CC0", "Resolver endpoints per AWS Region", |q| q.resolver_endpoints),
    quota("route53resolver", "L-51D8A1FB", "Resolver rules per AWS Region", |q| q.resolver_rules),
    quota("vpc", "L-0EA8095F", "Inbound or outbound rules per security group", |q| q.rules),
    quota("vpc", "L-29B6F2EB", "Interface VPC endpoints per VPC", |q| q.vpc_endpoints),
    quota("vpc", "L-407747CB", "Subnets per VPC", |q| q.subnets),
    quota("vpc", "L-589F43AA", "Route tables per VPC", |q| q.route_tables),
    quota("vpc", "L-83CA0A9D", "IPv4 CIDR blocks per VPC", |q| q.blocks),
    quota("vpc", "L-93826ACB", "Routes per route table", |q| q.routes),
    quota("vpc", "L-E79EC296", "VPC security groups per Region", |q| q.security_groups),
    quota("vpc", "L-F678F1CE", "VPCs per Region", |q| q.vpcs),
];

impl Quota {
    fn is_global(&self) -> bool {
        matches!(self.service, "iam" | "route53")
    }

    fn is_kept_in(&self, region: &str) -> bool {
        self.is_global() == (region == region::GLOBAL)
    }

    fn json(&self, ctx: &Ctx<'_>) -> Value {
        let Self { service, code, name, value } = self;
        let region = if self.is_global() { "" } else { ctx.region };
        json!({
            "ServiceCode": service,
            "ServiceName": service,
            "QuotaArn": format!("arn:aws:servicequotas:{region}:{}:{service}/{code}", ctx.caller.account),
            "QuotaCode": code,
            "QuotaName": name,
            "Value": f64::from(u32::try_from(value(ctx.quotas)).unwrap_or(u32::MAX)),
            "Unit": "None",
            "Adjustable": true,
            "GlobalQuota": self.is_global(),
            "QuotaAppliedAtLevel": "ACCOUNT",
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct One {
    service_code: String,
    quota_code: String,
}

fn get(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let One { service_code, quota_code } = json_input(input)?;
    let is_it = |quota: &&Quota| quota.service == service_code && quota.code == quota_code;
    let quota = QUOTAS.iter().find(is_it).filter(|quota| quota.is_kept_in(ctx.region)).ok_or_else(no_such)?;
    Ok(json!({ "Quota": quota.json(ctx) }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct All {
    service_code: String,
    next_token: Option<String>,
    max_results: Option<usize>,
}

fn list(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let All { service_code, next_token, max_results } = json_input(input)?;
    let size = max_results.unwrap_or(100);
    if !(1..=100).contains(&size) {
        return Err(AwsError::new("IllegalArgumentException", "MaxResults must be between 1 and 100."));
    }
    let unreadable = || AwsError::new("InvalidPaginationTokenException", "The pagination token is not valid.");
    let after = next_token.map(|token| token::decode(&token).ok_or_else(unreadable)).transpose()?;
    let of_service: Vec<&Quota> = QUOTAS.iter().filter(|quota| quota.service == service_code).collect();
    if of_service.is_empty() {
        return Err(no_such());
    }
    let here = of_service.into_iter().filter(|quota| quota.is_kept_in(ctx.region)).collect();
    let (page, next) = token::cut(here, after.as_deref(), size, |quota| quota.code);
    let mut answer = json!({ "Quotas": page.into_iter().map(|quota| quota.json(ctx)).collect::<Vec<_>>() });
    if let Some(next) = next {
        answer["NextToken"] = next.into();
    }
    Ok(answer)
}

fn no_such() -> AwsError {
    AwsError::new("NoSuchResourceException", "The specified resource does not exist.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotas_are_in_the_order_that_pages_need() {
        assert!(QUOTAS.is_sorted_by_key(|quota| (quota.service, quota.code)));
    }
}
