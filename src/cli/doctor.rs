//! `gcnet doctor`

use std::collections::BTreeMap;

use futures::future::join_all;
use gcnet_aws::{Aws, KINDS, doctor::Limits, kinds::SharePrincipal};
use gcnet_core::{Desired, Failure, Plan, Resource, observe};

use super::{
    Cx, Exit, Result,
    place::{Place, Prepared},
    session::subject,
    stdout,
};
use crate::{
    blueprint,
    config::{
        City, Purpose,
        schema::{Credentials, Municipality},
    },
    doctor::{
        self, Check, Finding, Level, account, clock, credentials, endpoints,
        organization::{self, Needed},
        permissions,
        quotas::{self, Quota},
        roles,
    },
    report::doctor::{Report, text},
};

#[derive(clap::Args)]
pub(super) struct Args {
    #[arg(value_name = "CITY")]
    city: String,
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    let fleet = cx.fleet()?;
    Place::with(cx, async |place| {
        let city = cx.city(&fleet, &args.city, place.purpose())?;
        let checks = examine(cx, place, city).await?;
        let subject = subject(&city.config);
        let report = Report { subject: &subject, checks: &checks };
        if args.json {
            cx.screen.json(&report.document()).map_err(stdout)?;
        } else {
            cx.screen.data(&text(&report, cx.screen.out_style())).map_err(stdout)?;
        }
        Ok(if doctor::worst(&checks) == Level::Red { Exit::Failure } else { Exit::Success })
    })
    .await
}

/// Looks at everything. What cannot be seen is a finding, and keeps nothing else from being looked at.
async fn examine(cx: &Cx, place: &Place, city: &City) -> Result<Vec<Check>> {
    let municipality = &city.config;
    let Prepared { aws, other_region } = place.prepare(cx, municipality).await?;
    let simulated = place.purpose() == Purpose::Sandbox;
    // Alone and first: without credentials everything else would wait for them by itself.
    let identity = aws.identity().await;
    let mut checks = vec![credentials::judge(credentials::Seen {
        identity: &identity,
        held: aws.held(),
        mfa: place.has_mfa(),
        now: aws.clock(),
        long_lived_allowed: place.allows_long_lived_keys(cx),
    })];
    if let Ok(identity) = &identity {
        checks.push(account::judge(&municipality.accounts.network.id.to_string(), identity));
    }
    checks.push(account::judge_region(municipality.region.value.as_str(), other_region));
    let knocks = Aws::SERVICES.map(async |service| endpoints::judge(service, aws.knock(service).await));
    checks.extend(join_all(knocks).await);
    checks.push(clock::judge(aws.skew(), simulated));

    let is_there = identity.as_ref().is_ok_and(|identity| identity.account == aws.account());
    let Ok(identity) = identity else { return Ok(checks) };
    // In another account nothing else that could be said would be about this file.
    if !is_there {
        return Ok(checks);
    }
    let desired = blueprint::wish(municipality).desired;
    let principal = async {
        let principal = aws.principal(&identity).await.map_err(Some)?.ok_or(None)?;
        let asked = permissions::questions(municipality);
        let asked = asked
            .into_iter()
            .map(async |(resource, actions)| aws.simulate(&principal, &Vec::from_iter(actions), &resource).await);
        Ok(join_all(asked).await.into_iter().collect::<std::result::Result<Vec<_>, _>>().map_err(Some)?.concat())
    };
    let plan = async {
        let observed = observe(&aws, KINDS).await.map_err(|failure| failure.to_string())?;
        let owned = observed.for_wish(&desired).map_err(|error| error.to_string())?;
        gcnet_core::plan(KINDS, &desired, &owned).map_err(|error| error.to_string())
    };
    let (simulated, lost, plan, member, seen) =
        futures::join!(principal, aws.check_roles(), plan, aws.organization(), aws.shares_within_organization(),);
    checks.extend(against_quotas(&aws, &desired, plan).await);
    checks.push(organization::judge(shares(municipality, &desired), member, seen));
    checks.push(permissions::judge(simulated));
    checks.extend(roles::judge(&others(municipality), lost));
    Ok(checks)
}

/// What the file shares, and with whom it may.
fn shares(municipality: &Municipality, desired: &Desired) -> Needed {
    let shares = desired.wants().keys().any(|address| address.kind() == SharePrincipal::NAME);
    match municipality.sharing.allow_external_principals {
        _ if !shares => Needed::No,
        true => Needed::Anywhere,
        false => Needed::Within,
    }
}

async fn against_quotas(aws: &Aws, desired: &Desired, plan: std::result::Result<Plan, String>) -> Vec<Check> {
    let plan = match plan {
        Ok(plan) => plan,
        Err(why) => return vec![Check { level: Level::Yellow, finding: Finding::NoPlan(why) }],
    };
    let quotas: Vec<Quota> = Quota::of(desired).collect();
    let limits = quotas::services(&quotas).into_iter().map(async |service| (service, aws.limits(service).await));
    let limits: BTreeMap<&str, std::result::Result<Limits, Failure>> = join_all(limits).await.into_iter().collect();
    let none = Ok(Limits::new());
    let checks = quotas.into_iter().map(async |quota| {
        let used = match quota.counted {
            Some(counted) => Some(aws.count(counted).await),
            None => None,
        };
        let limits = quota.code.and_then(|(service, _)| limits.get(service));
        quotas::judge(quota, desired, &plan, limits.unwrap_or(&none), used)
    });
    join_all(checks).await
}

/// Accounts in which the file names a role for us.
fn others(municipality: &Municipality) -> Vec<String> {
    let others = municipality.accounts.others.values();
    let with_role = others.filter(|other| matches!(other.credentials, Credentials::AssumeRole(_)));
    with_role.map(|other| other.id.to_string()).collect()
}
