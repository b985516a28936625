//! STS: who am I, and assumed roles.

mod authorization_message;
mod mfa;
mod session_token;

use std::time::Duration;

use crate::account::{Caller, Mfa, Session, is_account_id};
use crate::clock::Moment;
use crate::error::{AwsError, Result};
use crate::iam::{Context, Decision};
use crate::protocol::{Params, Protocol, Xml};
use crate::service::{Ctx, Operation, Scope, Service};

pub(crate) static SERVICE: Service = Service {
    name: "sts",
    protocol: Protocol::Query { version: "2011-06-15", namespace: "https://sts.amazonaws.com/doc/2011-06-15/" },
    scope: Scope::Global,
    operations: &[OPERATIONS],
};

static OPERATIONS: &[Operation] = &[
    Operation::read("GetCallerIdentity", caller_identity),
    Operation::write("AssumeRole", assume_role),
    Operation::write("GetSessionToken", session_token::get),
    Operation::read("DecodeAuthorizationMessage", authorization_message::decode),
];

fn caller_identity(ctx: &mut Ctx<'_>, _: &Params) -> Result<Xml> {
    Ok(Xml::new().text("UserId", &ctx.caller.user_id).text("Account", &ctx.caller.account).text("Arn", &ctx.caller.arn))
}

/// Source of the bounds: aws-facts section 2.6. A session that assumes a role again is limited to an hour. In the role's own
/// account and across accounts, the trust policy decides alone: the sandbox's user may do everything.
fn assume_role(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let arn = p.required("RoleArn")?;
    let name = p.required("RoleSessionName")?;
    check("RoleSessionName", &name, 2..=64, "+=,.@-_")?;
    let external_id = p.optional("ExternalId");
    if let Some(id) = &external_id {
        check("ExternalId", id, 2..=1224, "+=,.@:/-_")?;
    }
    let duration = p.integer("DurationSeconds")?.unwrap_or(3600);
    if !(900..=43200).contains(&duration) {
        return Err(invalid("DurationSeconds", &duration.to_string()));
    }
    let device = mfa::read(ctx, p)?;
    let (account, role_name) = parse_role_arn(&arn).ok_or_else(|| invalid("RoleArn", &arn))?;

    // AWS does not tell a role that is missing from one that does not trust the caller.
    let denied = || {
        let user = &ctx.caller.arn;
        AwsError::new(
            "AccessDenied",
            format!("User: {user} is not authorized to perform: sts:AssumeRole on resource: {arn}"),
        )
        .with_status(403)
    };
    let role = ctx.state.account(account).iam.roles.get(role_name).filter(|role| role.arn() == arn);
    let role = role.ok_or_else(denied)?.clone();
    let mfa = if device.is_some() { Mfa::At(ctx.wall) } else { ctx.caller.mfa };
    let mut context = context(ctx.caller, ctx.region, mfa, ctx.wall);
    context.insert("sts:rolesessionname".to_owned(), name.clone());
    context.extend(external_id.map(|id| ("sts:externalid".to_owned(), id)));
    if role.trusts(ctx.caller, &context, ctx.now) != Decision::Allowed {
        return Err(denied());
    }
    if let Some(device) = device {
        device.remember(ctx);
    }
    let longest = match ctx.caller.role_arn {
        Some(_) => 3600,
        None => role.max_session_duration,
    };
    if duration > longest {
        return Err(validation("The requested DurationSeconds exceeds the MaxSessionDuration set for this role."));
    }

    let expires = ctx.wall.plus(Duration::from_secs(duration.unsigned_abs()));
    let Made { key_id, token, xml: credentials } = make_credentials(ctx, expires);
    let assumed = Xml::new()
        .text("AssumedRoleId", format!("{}:{name}", role.role_id))
        .text("Arn", format!("arn:aws:sts::{account}:assumed-role/{role_name}/{name}"));
    let session =
        Session { account: account.to_owned(), role: arn.clone(), role_id: role.role_id, name, token, expires };
    ctx.state.sessions.insert(key_id, session);
    Ok(Xml::new().nest("AssumedRoleUser", assumed).nest("Credentials", credentials))
}

/// Temporary credentials that were just made.
struct Made {
    key_id: String,
    token: String,
    xml: Xml,
}

fn make_credentials(ctx: &mut Ctx<'_>, expires: Moment) -> Made {
    let key_id = format!("ASIA{}", ctx.state.mint_base32("key", 16));
    let secret = ctx.state.mint_hex("secret", 40);
    let token = ctx.state.mint_hex("token", 128);
    let xml = Xml::new()
        .text("AccessKeyId", &key_id)
        .text("SecretAccessKey", secret)
        .text("SessionToken", &token)
        .text("Expiration", expires.to_seconds_string());
    Made { key_id, token, xml }
}

/// What a trust policy's conditions may ask about. The keys about MFA are absent for long-term credentials; for temporary
/// ones they say whether a code was given when they were made, and a role's never were.
///
/// DOC (IAM user guide, "AWS global condition context keys"; "Secure API access with MFA": those of AssumeRole do not tell
/// of MFA, those of GetSessionToken do).
fn context(caller: &Caller, region: &str, mfa: Mfa, wall: Moment) -> Context {
    let mut context = Context::from(
        [
            ("aws:principalaccount", caller.account.as_str()),
            ("aws:principalarn", caller.role_arn.as_deref().unwrap_or(&caller.arn)),
            ("aws:userid", &caller.user_id),
            ("aws:requestedregion", region),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned())),
    );
    let mut add = |key: &str, value: String| context.insert(key.to_owned(), value);
    match mfa {
        Mfa::Untold => {}
        Mfa::Without => {
            add("aws:multifactorauthpresent", "false".to_owned());
        }
        Mfa::At(at) => {
            add("aws:multifactorauthpresent", "true".to_owned());
            let age = (wall.as_millis() - at.as_millis()).max(0) / 1000;
            add("aws:multifactorauthage", age.to_string());
        }
    }
    context
}

/// Account and name of `arn:aws:iam::111122223333:role/path/name`.
fn parse_role_arn(arn: &str) -> Option<(&str, &str)> {
    let (account, path) = arn.strip_prefix("arn:aws:iam::")?.split_once(":role/")?;
    let name = path.rsplit('/').next()?;
    (is_account_id(account) && !name.is_empty()).then_some((account, name))
}

fn check(name: &str, value: &str, length: std::ops::RangeInclusive<usize>, marks: &str) -> Result<()> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || marks.contains(c);
    if length.contains(&value.len()) && value.chars().all(allowed) {
        return Ok(());
    }
    Err(invalid(name, value))
}

fn invalid(name: &str, value: &str) -> AwsError {
    validation(&format!("1 validation error detected: Value '{value}' at '{name}' failed to satisfy constraint"))
}

fn validation(message: &str) -> AwsError {
    AwsError::new("ValidationError", message)
}
