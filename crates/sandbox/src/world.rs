//! One request from beginning to end: who calls what, what goes wrong, the transaction, the log.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ipnet::Ipv4Net;
use serde_json::Value;
use tokio::sync::watch;

use crate::account::{self, Caller, Credential, Mfa, identify};
use crate::clock::{Clock, Moment};
use crate::direct_connect;
use crate::error::{AnnounceError, AwsError, Result};
use crate::fault::{Effect, Faults, Subject, When};
use crate::iam;
use crate::lag::{History, ReadLag};
use crate::log::{Call, CallLog, Outcome};
use crate::organization::Organizations;
use crate::persist::StoreFile;
use crate::protocol::{Answer, Body, Params, Protocol, RestParams};
use crate::quota::Quotas;
use crate::rate::Rates;
use crate::refusal::Refusal;
use crate::region;
use crate::route53;
use crate::s3;
use crate::service::{Access, Ctx, Operation, Run, Scope, Service};
use crate::ssm;
use crate::store::{State, digest, uuid};
use crate::turnstile::Turnstile;
use crate::wish::Wish;

/// What the server read off the wire.
#[derive(Debug, Default)]
pub(crate) struct Incoming {
    pub method: String,
    pub path: String,
    pub query: Option<String>,
    pub authorization: Option<String>,
    pub security_token: Option<String>,
    pub date: Option<String>,
    pub target: Option<String>,
    pub content_type: Option<String>,
    /// See [`Wish`].
    pub wish: Option<String>,
    /// All of them, by name in lower case. S3 has parameters there.
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

/// What the server does with a request.
#[derive(Debug)]
pub(crate) struct Handled {
    pub reply: Reply,
    /// Real time to wait before replying.
    pub late: Duration,
}

#[derive(Debug)]
pub(crate) enum Reply {
    Answer(Answer),
    Drop,
    Hang,
}

/// All that a sandbox is, behind one lock.
#[derive(Debug)]
pub(crate) struct World {
    pub state: State,
    pub clock: Clock,
    pub faults: Faults,
    pub log: CallLog,
    pub quotas: Quotas,
    /// Of accounts whose quotas have been changed.
    pub quotas_of: BTreeMap<String, Quotas>,
    pub organizations: Organizations,
    pub lag: ReadLag,
    pub latency: Duration,
    /// See [`crate::Options::enforce_policies`].
    pub enforce_policies: bool,
    /// None where nobody is throttled: see [`crate::Options::limit_rates`].
    pub rates: Option<Rates>,
    pub file: Option<StoreFile>,
    /// None where requests are let in as they come.
    pub turns: Option<Arc<Turnstile>>,
    /// Why the file could not be written the last time that it could not.
    pub unsaved: Option<String>,
    /// So many writes until the line is cut.
    cut_in: Option<u64>,
    pub cut: watch::Sender<bool>,
    /// For how long nobody listens, from now on: see [`Effect::Away`].
    pub away: watch::Sender<Option<Duration>>,
    history: History,
    requests: u64,
}

/// A request whose service, operation and caller are known.
struct Routed {
    service: &'static Service,
    operation: &'static Operation,
    input: Body,
    region: String,
    caller: Caller,
    wish: Option<String>,
}

impl Routed {
    /// As policies see it.
    fn request(&self) -> iam::Request<'_> {
        let Self { service, operation, input, region, caller, .. } = self;
        iam::Request { caller, region, service: service.name, operation: operation.name, input }
    }

    /// The resource that a denial names; which one exactly is known of the path only.
    fn resource(&self) -> String {
        match &self.input {
            Body::Rest(request) if self.service.protocol == Protocol::S3 => s3::arn(request),
            Body::Rest(request) => route53::arn(request),
            Body::Json(input) if self.service.name == "ssm" => {
                ssm::arn(input, &self.region, &self.caller.account).unwrap_or_else(|| "*".to_owned())
            }
            _ => format!("arn:aws:{}:{}:{}:*", self.service.name, self.region, self.caller.account),
        }
    }
}

impl World {
    pub fn new(state: State, clock: Clock, file: Option<StoreFile>) -> Self {
        Self {
            state,
            clock,
            faults: Faults::default(),
            log: CallLog::default(),
            quotas: Quotas::default(),
            quotas_of: BTreeMap::new(),
            organizations: Organizations::default(),
            lag: ReadLag::None,
            latency: Duration::ZERO,
            enforce_policies: false,
            rates: None,
            file,
            turns: None,
            unsaved: None,
            cut_in: None,
            cut: watch::Sender::new(false),
            away: watch::Sender::new(None),
            history: History::default(),
            requests: 0,
        }
    }

    /// The store without what time has ended by now.
    pub fn settled(&self) -> State {
        let mut state = self.state.clone();
        state.settle(self.clock.now());
        state
    }

    /// Serves one request. Requests are served one after the other: the store is one.
    pub fn handle(&mut self, incoming: &Incoming) -> Handled {
        self.requests += 1;
        let now = self.clock.tick();
        let mut call = Call {
            n: self.requests,
            at: now,
            account: String::new(),
            region: String::new(),
            service: String::new(),
            operation: String::new(),
            access: None,
            outcome: Outcome::Ok,
            committed: false,
            request_id: self.request_id(),
            permissions: Vec::new(),
        };
        let handled = self.serve(incoming, now, &mut call);
        if !matches!(handled.reply, Reply::Answer(_)) {
            call.outcome = Outcome::Silence;
        }
        self.log.push(call);
        handled
    }

    fn serve(&mut self, incoming: &Incoming, now: Moment, call: &mut Call) -> Handled {
        let mut late = Duration::ZERO;
        let silence = |reply| Handled { reply, late: Duration::ZERO };
        if *self.cut.borrow() {
            return silence(Reply::Drop);
        }
        let routed = match self.route(incoming, call) {
            Ok(routed) => routed,
            Err((protocol, error)) => return refuse(protocol, &error, call, late),
        };
        let asked = routed.request().asks(&self.state);
        call.permissions = asked.into_iter().map(|asked| asked.action).collect();
        let protocol = routed.service.protocol;
        let (service, account) = ((routed.service.name, routed.operation.name), &routed.caller.account);
        let region = if routed.service.scope == Scope::Global { "" } else { &routed.region };
        let admits = |rates: &mut Rates| rates.admit(service, account, region, Instant::now());
        if !self.rates.as_mut().is_none_or(admits) {
            return refuse(protocol, &protocol.throttled(), call, late);
        }
        let effect = self.faults.strike(&Subject {
            service: routed.service.name,
            operation: routed.operation.name,
            access: routed.operation.access,
            account: &routed.caller.account,
        });
        match &effect {
            Some(Effect::Throttle) => return refuse(protocol, &protocol.throttled(), call, late),
            Some(Effect::ServerError(When::BeforeExecution)) => {
                return refuse(protocol, &protocol.server_error(), call, late);
            }
            Some(Effect::Drop(When::BeforeExecution)) => return silence(Reply::Drop),
            Some(Effect::Hang(When::BeforeExecution)) => return silence(Reply::Hang),
            Some(Effect::Cut(When::BeforeExecution)) => {
                self.cut.send_replace(true);
                return silence(Reply::Drop);
            }
            Some(Effect::Away(by)) => drop(self.away.send_replace(Some(*by))),
            Some(Effect::Deny(denial)) => {
                let action = format!("{}:{}", routed.service.name, routed.operation.name);
                let error = self.denied(&routed, &action, &denial.reason(&action), &[]);
                return refuse(protocol, &error, call, late);
            }
            Some(Effect::Refuse { status, code, message }) => {
                let error = AwsError::new(code.clone(), message.as_str()).with_status(*status);
                return refuse(protocol, &error, call, late);
            }
            Some(Effect::Latency(by)) => late = *by,
            _ => {}
        }

        if let Some(error) = self.forbidden(&routed) {
            return refuse(protocol, &error, call, late);
        }
        let result = self.execute(&routed, now, call);
        if call.committed && self.count_down_to_cut() {
            return silence(Reply::Drop);
        }
        match effect {
            Some(Effect::ServerError(_)) => refuse(protocol, &protocol.server_error(), call, late),
            Some(Effect::Drop(_)) => silence(Reply::Drop),
            Some(Effect::Hang(_)) => silence(Reply::Hang),
            Some(Effect::Cut(_)) => {
                self.cut.send_replace(true);
                silence(Reply::Drop)
            }
            _ => match result {
                Ok(body) => {
                    let answer = protocol.answer(routed.operation.name, body, &call.request_id);
                    Handled { reply: Reply::Answer(answer), late }
                }
                Err(error) => refuse(protocol, &error, call, late),
            },
        }
    }

    /// Finds service, operation and caller, and fills the log's entry as far as it gets.
    fn route(&self, incoming: &Incoming, call: &mut Call) -> Result<Routed, (Protocol, AwsError)> {
        let guess = Protocol::guess(incoming.target.is_some(), &incoming.path);
        let credential = match incoming.authorization.as_deref().map(Credential::parse) {
            None => return Err((guess, guess.refused(account::Refusal::MissingAuthentication))),
            Some(Err(refusal)) => return Err((guess, guess.refused(refusal))),
            Some(Ok(credential)) => credential,
        };
        call.region.clone_from(&credential.region);
        call.service.clone_from(&credential.service);
        let service =
            Service::find(&credential.service).ok_or_else(|| (guess, guess.unknown_service(&credential.service)))?;
        let protocol = service.protocol;
        let fail = |error| (protocol, error);

        if incoming.date.is_none() {
            let refusal = account::Refusal::IncompleteSignature("X-Amz-Date is missing");
            return Err(fail(protocol.refused(refusal)));
        }
        let (name, input) =
            protocol.read(incoming, |method, path, query| service.at(method, path, query)).map_err(fail)?;
        call.operation.clone_from(&name);
        let operation = service.operation(&name);
        call.access = operation.map(|known| known.access);

        let global = credential.region == region::GLOBAL;
        let in_scope = match service.scope {
            Scope::Regional => region::exists(&credential.region),
            Scope::Global => global || region::exists(&credential.region),
        };
        if !in_scope {
            return Err(fail(protocol.refused(account::Refusal::WrongRegion)));
        }
        let token = incoming.security_token.as_deref();
        let caller = identify(&self.state, &credential.key_id, token, Moment::wall())
            .map_err(|refusal| fail(protocol.refused(refusal)))?;
        call.account.clone_from(&caller.account);
        // DOC (GetSessionToken): "You cannot call any IAM API operations unless MFA authentication information is included".
        if service.name == "iam" && caller.role_arn.is_none() && caller.mfa == Mfa::Without {
            return Err(fail(protocol.refused(account::Refusal::UnknownKey)));
        }
        Ok(Routed {
            service,
            operation: operation.ok_or_else(|| fail(protocol.unknown_operation(&name)))?,
            input,
            region: credential.region,
            caller,
            wish: incoming.wish.clone(),
        })
    }

    /// What the caller's policies say against it, when they are enforced.
    fn forbidden(&self, routed: &Routed) -> Option<AwsError> {
        if !self.enforce_policies {
            return None;
        }
        let refused = routed.request().refused(&self.state)?;
        Some(self.denied(routed, &refused.action, &refused.why, &refused.keys))
    }

    /// The refusal in its protocol's words. Only EC2's has an encoded message (EC2 API reference, "Error codes":
    /// UnauthorizedOperation).
    fn denied(&self, routed: &Routed, action: &str, why: &str, keys: &[String]) -> AwsError {
        let (protocol, caller, resource) = (routed.service.protocol, &routed.caller, &routed.resource());
        let mut error = protocol.denied(&caller.arn, action, resource, why);
        if matches!(protocol, Protocol::Ec2 { .. }) {
            let explicit = why.contains("explicit deny");
            let encoded = Refusal { caller, action, resource, explicit, keys }.encode(self.state.seed);
            error.message += &format!(". Encoded authorization failure message: {encoded}");
        }
        error
    }

    /// Runs the operation on a copy of the store and keeps the copy if it is a write that succeeds.
    fn execute(&mut self, routed: &Routed, now: Moment, call: &mut Call) -> Result<crate::protocol::Output> {
        let operation = routed.operation;
        let (mut scratch, as_of) = match operation.access {
            Access::Write => (self.state.clone(), now),
            Access::Read => {
                let as_of = now.minus(self.lag.draw(self.state.seed, call.n));
                let seen = self.history.at(as_of).unwrap_or(&self.state);
                (seen.clone(), as_of)
            }
        };
        scratch.settle(as_of);
        let mut ctx = Ctx {
            state: &mut scratch,
            now: as_of,
            wall: Moment::wall(),
            caller: &routed.caller,
            region: &routed.region,
            quotas: self.quotas_of.get(&routed.caller.account).unwrap_or(&self.quotas),
            organizations: &self.organizations,
            wish: Wish::read(routed.wish.as_deref(), &self.state)?,
        };
        let output = match (operation.run, &routed.input) {
            (Run::Query(run), Body::Form(form)) => {
                let params = Params::new(form);
                // DOC (EC2 API reference, every operation): DryRun checks and answers DryRunOperation instead.
                let dry = operation.dry_run
                    && routed.service.protocol.has_dry_run()
                    && params.boolean("DryRun")?.unwrap_or(false);
                let xml = run(&mut ctx, &params)?;
                params.refuse_leftovers(operation.name)?;
                if dry {
                    return Err(AwsError::new(
                        "DryRunOperation",
                        "Request would have succeeded, but DryRun flag is set.",
                    )
                    .with_status(412));
                }
                crate::protocol::Output::Xml(xml)
            }
            (Run::Json(run), Body::Json(input)) => crate::protocol::Output::Json(run(&mut ctx, Value::clone(input))?),
            (Run::Rest(run), Body::Rest(request)) => {
                let params = RestParams::new(request);
                let answer = run(&mut ctx, &params)?;
                params.refuse_leftovers(operation.name)?;
                crate::protocol::Output::Rest(answer)
            }
            // A table that mixes protocols; the registry's test keeps this from happening.
            _ => return Err(routed.service.protocol.unknown_operation(operation.name)),
        };
        ctx.wish.refuse_leftover(operation.name)?;
        if operation.access == Access::Write {
            self.commit(scratch, now)?;
            call.committed = true;
        }
        Ok(output)
    }

    fn commit(&mut self, next: State, now: Moment) -> Result<()> {
        if let Some(file) = &self.file
            && let Err(error) = file.save(&next, now)
        {
            self.unsaved = Some(error.to_string());
            // No fault of a server, which clients would go on trying: a full disk does not pass.
            let message = format!("The sandbox cannot write its file, and the request is undone: {error}");
            return Err(AwsError::new("SandboxCannotSave", message));
        }
        let replaced = std::mem::replace(&mut self.state, next);
        self.history.push(now, replaced, self.lag.longest());
        Ok(())
    }

    /// See [`crate::Sandbox::announce`].
    pub fn announce(&mut self, gateway: &str, blocks: &[Ipv4Net]) -> Result<(), AnnounceError> {
        let known = self.state.direct_connect.announcements.get(gateway);
        if known.is_some_and(|known| *known == blocks.iter().copied().collect()) {
            return Ok(());
        }
        let now = self.clock.now();
        let mut scratch = self.state.clone();
        scratch.settle(now);
        direct_connect::announce(&mut scratch, gateway, blocks)?;
        self.commit(scratch, now).map_err(|_| AnnounceError::NotSaved)
    }

    /// See [`crate::Sandbox::cut_after_writes`].
    pub fn cut_after_writes(&mut self, writes: u64) {
        self.cut_in = (writes > 0).then_some(writes);
        if writes == 0 {
            self.cut.send_replace(true);
        }
    }

    pub fn heal(&mut self) {
        self.cut_in = None;
        self.cut.send_replace(false);
    }

    /// Whether this write was the last one before the cut.
    fn count_down_to_cut(&mut self) -> bool {
        let Some(left) = self.cut_in else {
            return false;
        };
        if left > 1 {
            self.cut_in = Some(left - 1);
            return false;
        }
        self.cut_in = None;
        self.cut.send_replace(true);
        true
    }

    fn request_id(&self) -> String {
        let [a, b] =
            ["request.a", "request.b"].map(|label| u64::from_be_bytes(digest(self.state.seed, label, self.requests)));
        let hex = format!("{a:016x}{b:016x}");
        uuid(&hex)
    }
}

fn refuse(protocol: Protocol, error: &AwsError, call: &mut Call, late: Duration) -> Handled {
    call.outcome = Outcome::Error(error.code.to_string());
    Handled { reply: Reply::Answer(protocol.error(error, &call.request_id)), late }
}
