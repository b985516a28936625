//! What can be shared: one line per type.

use super::errors::{invalid, malformed_arn, unknown};
use super::timing;
use crate::acmpca;
use crate::error::Result;
use crate::service::Ctx;
use crate::store::Regional;

/// A type of resource.
struct Shareable {
    /// As the ARN has it: service, type and what stands between type and id.
    arn: (&'static str, &'static str),
    /// As RAM calls it.
    kind: &'static str,
    /// How long an invitation to it may wait, in seconds: see [`timing::INVITATION`].
    waits: u64,
    /// Whether the account that owns this Region's things has one with this id.
    exists: fn(&Regional, &str) -> bool,
}

static SHAREABLE: &[Shareable] = &[
    Shareable {
        arn: ("ec2", "transit-gateway"),
        kind: "ec2:TransitGateway",
        waits: timing::INVITATION,
        exists: |regional, id| regional.ec2.transit_gateways.living.get(id).is_some_and(|it| it.deleted_at.is_none()),
    },
    Shareable {
        arn: ("route53resolver", "resolver-rule"),
        kind: "route53resolver:ResolverRule",
        waits: timing::INVITATION,
        exists: |regional, id| regional.resolver.rules.get(id).is_some_and(|it| it.ends_at.is_none()),
    },
    Shareable {
        arn: ("route53resolver", "resolver-query-log-config"),
        kind: "route53resolver:ResolverQueryLogConfig",
        waits: timing::SHORT_INVITATION,
        exists: |regional, id| regional.resolver.query_logs.get(id).is_some_and(|it| it.ends_at.is_none()),
    },
    Shareable {
        arn: ("acm-pca", "certificate-authority"),
        kind: "acm-pca:CertificateAuthority",
        waits: timing::SHORT_INVITATION,
        exists: |regional, id| acmpca::is_there(regional, id),
    },
];

/// Service, Region, account, type and id of an ARN.
fn parse(arn: &str) -> Option<[&str; 5]> {
    let mut parts = arn.splitn(6, ':');
    if (parts.next(), parts.next()) != (Some("arn"), Some("aws")) {
        return None;
    }
    let (service, region, account) = (parts.next()?, parts.next()?, parts.next()?);
    let (kind, id) = parts.next()?.split_once('/')?;
    [service, kind, id].iter().all(|part| !part.is_empty()).then_some([service, region, account, kind, id])
}

fn find(arn: &str) -> Option<&'static Shareable> {
    let [service, _, _, kind, _] = parse(arn)?;
    SHAREABLE.iter().find(|known| known.arn == (service, kind))
}

/// `ec2:TransitGateway`.
pub(super) fn kind_of(arn: &str) -> Option<&'static str> {
    find(arn).map(|known| known.kind)
}

/// Whether RAM knows a type of resource by this name.
pub(super) fn is_kind(name: &str) -> bool {
    SHAREABLE.iter().any(|known| known.kind == name)
}

/// How long an invitation to these waits: as long as the most impatient of them.
pub(super) fn invitation_seconds<'a>(arns: impl Iterator<Item = &'a String>) -> u64 {
    arns.filter_map(|arn| find(arn)).map(|known| known.waits).min().unwrap_or(timing::INVITATION)
}

/// The caller may share what it owns in this Region. Unverified: which code AWS has for another's resource.
pub(super) fn check(ctx: &Ctx<'_>, arn: &str) -> Result<()> {
    let [_, region, account, _, id] = parse(arn).ok_or_else(|| malformed_arn(arn))?;
    let known = find(arn).ok_or_else(|| invalid(format!("{arn} is of a type that the sandbox does not share.")))?;
    let own = region == ctx.region && account == ctx.caller.account;
    if own && (known.exists)(ctx.state.regional(account, region), id) {
        return Ok(());
    }
    Err(unknown("Resource", arn))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_are_taken_apart() {
        let arn = "arn:aws:ec2:ap-northeast-1:111122223333:transit-gateway/tgw-0123456789abcdef0";
        assert_eq!(kind_of(arn), Some("ec2:TransitGateway"));
        for bad in ["", "tgw-0", "arn:aws:ec2", "arn:aws:ec2:r:a:transit-gateway", "arn:aws:ec2:r:a:transit-gateway/"] {
            assert!(parse(bad).is_none(), "{bad}");
        }
        assert_eq!(kind_of("arn:aws:ec2:ap-northeast-1:111122223333:vpc/vpc-1"), None);
    }
}
