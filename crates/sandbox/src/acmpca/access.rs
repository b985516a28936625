//! What other accounts may do with an authority: what the permission of a share says, or the authority's own policy, and
//! nothing more.

use super::authority::{Authority, owner_of};
use crate::iam::{Asker, Context, Decision, ResourcePolicy};
use crate::ram;
use crate::service::Ctx;

/// As RAM calls it.
pub(super) const KIND: &str = "acm-pca:CertificateAuthority";

/// DOC (user guide, "Customer managed permissions in RAM"): all that can be given to other accounts.
pub(super) static SHAREABLE_ACTIONS: &[&str] = &[
    "DescribeCertificateAuthority",
    "GetCertificate",
    "GetCertificateAuthorityCertificate",
    "IssueCertificate",
    "ListPermissions",
    "ListTags",
    "RevokeCertificate",
];

/// Whether the caller, of another account, may do this with an authority; `template` is the ARN of what it issues by.
pub(super) fn allows(ctx: &Ctx<'_>, arn: &str, operation: &str, template: Option<&str>) -> bool {
    let (owner, region) = (owner_of(arn), ctx.region);
    let shared = ram::permissions_on(ctx.state, owner, region, &ctx.caller.account, arn, ctx.now);
    let template_name = template.and_then(|arn| arn.rsplit_once(":template/")).map(|(_, name)| name);
    if shared.iter().any(|permission| permission.allows(&format!("acm-pca:{operation}"), template_name)) {
        return true;
    }
    let authority = ctx.state.regional(owner, region).acmpca.authorities.get(arn);
    authority.is_some_and(|it| policy_allows(ctx, it, arn, operation, template))
}

fn policy_allows(ctx: &Ctx<'_>, authority: &Authority, arn: &str, operation: &str, template: Option<&str>) -> bool {
    let Some(policy) = authority.policy.as_deref().and_then(|text| ResourcePolicy::parse(text).ok()) else {
        return false;
    };
    let mut context = Context::from([("aws:principalaccount".to_owned(), ctx.caller.account.clone())]);
    context.extend(template.map(|template| ("acm-pca:templatearn".to_owned(), template.to_owned())));
    let action = format!("acm-pca:{operation}");
    policy.decide(Asker::Caller(ctx.caller), &action, arn, &context) == Decision::Allowed
}

/// The authorities that others share with the caller, by ARN. Unverified: whether those are listed that a policy of their
/// own gives; here they are not.
pub(super) fn shared<'a>(ctx: &'a Ctx<'_>) -> Vec<(String, &'a Authority)> {
    let arns = ram::shared_with(ctx.state, &ctx.caller.account, ctx.region, KIND, ctx.now);
    let mut found: Vec<(String, &Authority)> = arns
        .into_iter()
        .filter_map(|(owner, arn)| {
            let authority = ctx.state.regional(&owner, ctx.region).acmpca.authorities.get(&arn)?;
            Some((arn, authority))
        })
        .collect();
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}
