//! One step from its first call to its end.
//!
//! No creation is ever repeated blindly: when nobody knows whether a call was carried out, the object is looked for by
//! its address first, for as long as reads may lag behind writes.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
    time::Duration,
};

use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::Instant,
};

use super::{
    Options, Stop,
    poll::{Seen, Waits},
};
use crate::{
    Action, Address, AnyKind, Class, Context, Diff, Effect, Event, Failure, Goal, Kinds, Object, Plan, State, Step,
    StepError, Target, World, compare, identity, kind::lock, observed,
};

/// How a step ended that did not fail.
pub(super) enum Ended {
    Done(String),
    /// With another party, under this id if it is there.
    Theirs(Option<String>),
    NotStarted,
}

/// Why a step goes no further.
pub(super) enum Halt {
    Failed(StepError),
    Theirs(Option<String>),
}

impl From<StepError> for Halt {
    fn from(error: StepError) -> Self {
        Halt::Failed(error)
    }
}

/// What came of an update.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Changed {
    /// It was carried out, or may have been.
    Tried,
    /// Something that it names could not be found yet.
    Unseen,
    /// It was refused for the state that something is in.
    NotYet,
}

/// How often an update is made when the object goes on differing in the same way.
const UPDATES: u32 = 4;

pub(super) struct Runner<'a, W: 'static> {
    pub(super) began: Instant,
    pub(super) world: &'a W,
    pub(super) kinds: Kinds<W>,
    pub(super) plan: &'a Plan,
    pub(super) options: &'a Options,
    pub(super) stop: &'a Stop,
    pub(super) sink: &'a (dyn Fn(Event) + Send + Sync),
    pub(super) waits: Waits<'a, W>,
    pub(super) calls: Semaphore,
    pub(super) ids: Mutex<BTreeMap<Address, String>>,
    /// What this run has made itself, as the answers told: nobody can have made anything under it before.
    pub(super) made: Mutex<BTreeSet<Address>>,
}

impl<W: World> Runner<'_, W> {
    pub(super) async fn run(&self, step: &Step) -> Result<Ended, StepError> {
        // A step starts when its first call may go out; so a stop finds no step that has started and done nothing.
        let permit = self.calls.acquire().await.ok();
        if self.stop.is_requested() {
            return Ok(Ended::NotStarted);
        }
        let (address, action) = (step.address.clone(), step.action);
        (self.sink)(Event::Started { address: address.clone(), action });
        let since = Instant::now();
        let ended = match self.kinds.get(step.address.kind()) {
            Some(kind) => {
                let (refused, attempt, shown, contended) = (None, 0, String::new(), None);
                OneStep { runner: self, kind, step, since, permit, refused, attempt, shown, contended }.run().await
            }
            None => Err(StepError::Call(Failure::internal("gcnet:apply", "no such kind")).into()),
        };
        let took = since.elapsed();
        match ended {
            Ok(id) => {
                (self.sink)(Event::Done { address, action, id: id.clone(), took });
                Ok(Ended::Done(id))
            }
            Err(Halt::Theirs(id)) => {
                (self.sink)(Event::Theirs { address, action, id: id.clone(), took });
                Ok(Ended::Theirs(id))
            }
            Err(Halt::Failed(error)) => {
                (self.sink)(Event::Failed { address, action, error: error.clone(), took });
                Err(error)
            }
        }
    }
}

pub(super) struct OneStep<'a, W: 'static> {
    pub(super) runner: &'a Runner<'a, W>,
    pub(super) kind: &'static dyn AnyKind<W>,
    pub(super) step: &'a Step,
    since: Instant,
    /// For the first call; every later one takes its own.
    permit: Option<SemaphorePermit<'a>>,
    /// Since when calls have been refused; `None` after one that was not.
    refused: Option<Instant>,
    /// Waits so far: each is longer than the one before.
    attempt: u32,
    /// The state shown last: only changes are told.
    shown: String,
    /// When another run's was first seen at our address.
    pub(super) contended: Option<Instant>,
}

impl<'a, W: World> OneStep<'a, W> {
    async fn run(&mut self) -> Result<String, Halt> {
        let step = self.step;
        match (step.action, &step.want, &step.have) {
            (Action::Create, Some(goal), _) => {
                let replaces = self.old().map(|old| old.id.as_str());
                let has_looked = match self.create(goal, &self.context(goal, replaces)).await {
                    Ok(id) => match self.made(goal, &id).await {
                        Err(Halt::Failed(StepError::Invisible { .. })) if self.kind.takes_token() => false,
                        ended => return ended.map(|()| id),
                    },
                    Err(Halt::Failed(StepError::StillRefused { failure, .. }))
                        if self.kind.takes_token() && failure.class == Class::NotFound =>
                    {
                        false
                    }
                    Err(Halt::Failed(StepError::Call(failure)))
                        if self.kind.takes_token() && failure.class == Class::Already =>
                    {
                        true
                    }
                    Err(error) => return Err(error),
                };
                // A token outlives its object: AWS answered with the dead one, which no look ever showed, or said that it
                // is gone, or that the token is used up. After a look for what may be there all the same, a token that
                // nobody has used.
                self.refused = None;
                let found = if has_looked { None } else { self.look_for().await? };
                let id = match found {
                    Some(id) => id,
                    None => self.create(goal, &self.context(goal, Some(&now()))).await?,
                };
                self.made(goal, &id).await.map(|()| id)
            }
            (Action::Update, Some(goal), Some(have)) => {
                match self.settle(goal, &have.id, Some(have.clone())).await {
                    // They took it back.
                    Err(Halt::Failed(StepError::Invisible { .. })) if self.kind.is_theirs(&have.raw) => {
                        Err(Halt::Theirs(None))
                    }
                    ended => ended.map(|()| have.id.clone()),
                }
            }
            (Action::Delete, _, Some(have)) => {
                self.delete(have).await?;
                Ok(have.id.clone())
            }
            _ => Err(StepError::Call(Failure::internal("gcnet:apply", "a step without its goal or its object")).into()),
        }
    }

    async fn made(&mut self, goal: &Goal, id: &str) -> Result<(), Halt> {
        lock(&self.runner.ids).insert(self.step.address.clone(), id.into());
        self.settle(goal, id, None).await
    }

    /// Whose place the step's object takes.
    fn old(&self) -> Option<&'a Object> {
        let pair = self.step.pair.filter(|_| self.step.action == Action::Create)?;
        self.runner.plan.steps.get(pair)?.have.as_ref()
    }

    /// `after` goes into the token, see [`identity::token`].
    fn context(&self, goal: &Goal, after: Option<&str>) -> Context<'a, W> {
        let address = &self.step.address;
        let ids = lock(&self.runner.ids);
        let root = |target: &Target| match target {
            Target::Address(address) => ids.get(address).cloned(),
            Target::Id(id) => Some(id.clone()),
        };
        let incarnation = goal.roots.iter().filter_map(root).collect::<Vec<_>>().join("+");
        drop(ids);
        let fingerprint = &goal.want.fingerprint;
        let token = identity::token(&self.runner.plan.stack, address, fingerprint, &incarnation, after);
        let mut tags = goal.tags.clone();
        if !incarnation.is_empty() {
            tags.insert(identity::INCARNATION.into(), incarnation);
        }
        if let Some(old) = self.old() {
            tags.insert(identity::REPLACES.into(), identity::replaces(&old.id, old.tags()));
        }
        let run = &self.runner.options.run;
        // A token holds AWS to the very same request.
        if !run.is_empty() && !self.kind.takes_token() {
            tags.insert(identity::RUN.into(), run.clone());
        }
        if self.kind.many_calls() {
            tags.insert(identity::SPEC.into(), identity::UNFINISHED.into());
        }
        Context { world: self.runner.world.fresh(), address, tags, token, ids: &self.runner.ids }
    }

    async fn create(&mut self, goal: &Goal, cx: &Context<'_, W>) -> Result<String, Halt> {
        let kind = self.kind;
        if self.may_be_there(goal)
            && let Some(id) = self.look_once().await?
        {
            return Ok(id);
        }
        loop {
            let failure = match self.call(kind.create(&goal.want.spec, cx)).await {
                Ok(id) => {
                    lock(&self.runner.made).insert(self.step.address.clone());
                    return Ok(id);
                }
                Err(failure) => failure,
            };
            match failure.class {
                class if class.may_pass() => self.again(failure).await?,
                Class::Theirs => return Err(Halt::Theirs(None)),
                Class::Already | Class::Unknown => {
                    self.tell_retrying(&failure);
                    match self.look_for().await? {
                        Some(id) => return Ok(id),
                        None if failure.class == Class::Unknown => self.again(failure).await?,
                        None => return Err(StepError::Call(failure).into()),
                    }
                }
                _ => return Err(StepError::Call(failure).into()),
            }
        }
    }

    /// A run that died may have made it, and the plan's read may have come too early to see it. Not when something that it
    /// lives under was made by this run, nor when AWS itself knows a second one by its natural key or, as far as that can be relied
    /// on, its token.
    fn may_be_there(&self, goal: &Goal) -> bool {
        if self.runner.options.recheck.is_zero() {
            return false;
        }
        let natural = self.kind.natural(&goal.want.spec).is_some();
        let old = |root: &Target| match root {
            // What a dead run made is found, not made, and what lives under it may be there as well.
            Target::Address(address) => !lock(&self.runner.made).contains(address),
            Target::Id(_) => true,
        };
        let known = natural || (self.kind.takes_token() && !self.kind.looks_all_the_same());
        !known && goal.roots.iter().all(old)
    }

    /// What a look shows that begins late enough.
    async fn look_once(&mut self) -> Result<Option<String>, StepError> {
        self.permit = None; // a step that only waits is not counted
        self.runner.waits.until(self.runner.began + self.runner.options.recheck).await;
        loop {
            if let Some(seen) = self.look().await? {
                return self.ours_in(&seen);
            }
        }
    }

    /// The object at our address, if there is one; absent means absent for as long as reads may lag.
    async fn look_for(&mut self) -> Result<Option<String>, StepError> {
        let since = Instant::now();
        loop {
            let Some(seen) = self.look().await? else {
                continue;
            };
            match self.ours_in(&seen)? {
                None if seen.began.duration_since(since) < self.runner.options.lag => {}
                found => return Ok(found),
            }
        }
    }

    fn ours_in(&self, seen: &Seen) -> Result<Option<String>, StepError> {
        let ours: Vec<&Object> = self.ours(seen).collect();
        let run = &self.runner.options.run;
        let made = |object: &&&Object| object.tags().and_then(|tags| tags.get(identity::RUN)) == Some(run);
        let mut made = ours.iter().filter(made);
        match (&*ours, made.next(), made.next()) {
            ([], ..) => Ok(None),
            // The others are another run's, and the two have yet to be settled.
            ([object], ..) | (_, Some(object), None) => Ok(Some(object.id.clone())),
            _ => {
                let ids = ours.iter().map(|object| object.id.clone()).collect();
                Err(StepError::Twins { address: self.step.address.clone(), ids })
            }
        }
    }

    /// What is live at our address and stays.
    pub(super) fn ours<'s>(&self, seen: &'s Seen) -> impl Iterator<Item = &'s Object> {
        let is_there = |object: &&Object| {
            object.state != State::Leaving && !object.is_deleted() && !identity::is_withdrawn(object.tags())
        };
        // What others hold may stay for longer than its successor, which this one takes the place of.
        let has_gone_before =
            |object: &Object| identity::replaced(self.old().and_then(Object::tags)).any(|id| id == object.id);
        let is_going = move |object: &Object| self.is_going(object) || has_gone_before(object);
        seen.objects().iter().filter(is_there).filter(move |o| !is_going(o) && self.is_ours(o))
    }

    /// The plan has yet to delete it: it had our address before. What this step waited for is gone, though late reads may
    /// show it, unless it has no id of its own: then the natural key is ours by now.
    fn is_going(&self, object: &Object) -> bool {
        let has_natural = self.kind.natural(&object.raw).is_some();
        let mut others = self.runner.plan.steps.iter().enumerate();
        others.any(|(i, step)| {
            if has_natural && self.step.after.contains(&i) {
                return false;
            }
            step.action == Action::Delete && step.have.as_ref().is_some_and(|have| have.id == object.id)
        })
    }

    fn is_ours(&self, object: &Object) -> bool {
        let address = match &object.owner {
            crate::Owner::Tags(tags) => match identity::claim(tags) {
                Some(Ok(claim)) if claim.stack == self.runner.plan.stack => Some(claim.address),
                _ => None,
            },
            crate::Owner::Name { stack, name } => {
                (*stack == self.runner.plan.stack).then(|| Address::new(object.kind, name))
            }
            crate::Owner::Offer => {
                self.kind.natural(&object.raw).map(|natural| Address::new(object.kind, &natural.name))
            }
            crate::Owner::Parent => observed::natural_address(self.kind, &object.raw, &self.address_of()),
        };
        address.as_ref() == Some(&self.step.address)
    }

    fn address_of(&self) -> impl Fn(&str) -> Option<Address> + use<W> {
        let by_id: BTreeMap<String, Address> =
            lock(&self.runner.ids).iter().map(|(address, id)| (id.clone(), address.clone())).collect();
        move |id| by_id.get(id).cloned()
    }

    /// Waits until it is ready and as wished, making right what differs: what `create` left open, what a run that died
    /// left open, and what the plan found to differ.
    async fn settle(&mut self, goal: &Goal, id: &str, known: Option<Object>) -> Result<(), Halt> {
        let kind = self.kind;
        let sought = Instant::now();
        let mut known = known;
        let mut last: Option<(Diff, Instant)> = None;
        let mut updates = 0;
        let mut ready: Option<Instant> = None;
        loop {
            let (object, began) = match known.take() {
                Some(object) => (Some(object), self.since),
                None => {
                    let Some(seen) = self.look().await? else { continue };
                    if self.step.action == Action::Create
                        && let Some(rival) = self.rival(&seen, id).map(|rival| rival.id.clone())
                    {
                        self.contend(id, rival, &seen).await?;
                        continue;
                    }
                    (seen.find(id).cloned(), seen.began)
                }
            };
            let Some(object) = object else {
                let waited = began.duration_since(sought);
                if waited > self.runner.options.visibility {
                    return Err(StepError::Invisible { id: id.into(), waited }.into());
                }
                self.tell("invisible");
                continue;
            };
            match &object.state {
                // What is ours to do is done first.
                State::Ready | State::Theirs { .. } | State::Deleted { .. } => {}
                State::Failed(reason) => {
                    return Err(StepError::Broken { id: id.into(), reason: reason.clone() }.into());
                }
                state => {
                    self.tell(&compare::word(state));
                    self.check_patience(|waited| StepError::NotReady { id: id.into(), waited })?;
                    continue;
                }
            }
            let live = compare::resolved(&object.raw, &self.address_of());
            let fields = self.kind.diff(&goal.want.spec, &live).map_err(StepError::Call)?;
            let mut tags = Diff::default();
            if let Some(live) = object.tags() {
                compare::tag_changes(&goal.tags, live, &mut tags);
            }
            if fields.is_empty() && tags.is_empty() && !object.is_deleted() {
                if let Some(due) = self.second_look(&object, sought, began) {
                    self.runner.waits.until(due).await;
                    continue;
                }
                let theirs = matches!(object.state, State::Theirs { .. });
                return if theirs { Err(Halt::Theirs(Some(id.into()))) } else { Ok(()) };
            }
            let differing = || fields.0.iter().chain(&tags.0).map(|change| change.field.clone()).collect();
            if fields.effect() == Some(Effect::Replace) {
                return Err(StepError::NotSettling { id: id.into(), fields: differing() }.into());
            }
            // A read may lag behind our own update: only an object that went on differing is updated once more.
            let everything = Diff(fields.0.iter().chain(&tags.0).cloned().collect());
            let tried = last.as_ref().filter(|(diff, _)| *diff == everything);
            if tried.is_some_and(|(_, at)| began.duration_since(*at) < self.runner.options.lag) {
                self.tell("differs");
                continue;
            }
            // Updates that make something right are not counted, unless they go on for ever.
            updates = if tried.is_some() { updates + 1 } else { 1 };
            let settling = *ready.get_or_insert_with(Instant::now);
            // As long as it is refused, that is what to tell.
            let is_late = self.refused.is_none() && settling.elapsed() > self.kind.patience();
            if updates > UPDATES || is_late {
                return Err(StepError::NotSettling { id: id.into(), fields: differing() }.into());
            }
            let changed = if fields.is_empty() && !object.is_deleted() {
                let changed =
                    goal.tags.iter().filter(|(key, value)| object.tags().and_then(|t| t.get(*key)) != Some(value));
                let changed = changed.map(|(key, value)| (key.clone(), value.clone())).collect();
                let world = self.runner.world.fresh();
                self.change(id, || kind.retag(id, &changed, &world)).await?
            } else {
                let cx = self.context(goal, None);
                self.change(id, || kind.update(&goal.want.spec, &object, &cx)).await?
            };
            // What was refused was not tried: patience with that is counted in time.
            updates -= u32::from(changed != Changed::Tried);
            if changed != Changed::NotYet {
                last = Some((everything, Instant::now()));
            }
        }
    }

    /// A change that may be made twice without harm. Whatever comes of it is looked at next.
    pub(super) async fn change<'f, F>(&mut self, id: &str, call: impl Fn() -> F) -> Result<Changed, Halt>
    where
        F: Future<Output = Result<(), Failure>> + 'f,
    {
        let mut attempt = 0;
        loop {
            let failure = match self.call(call()).await {
                Ok(()) => return Ok(Changed::Tried),
                Err(failure) => failure,
            };
            match failure.class {
                Class::Already | Class::Unknown => {
                    self.tell_retrying(&failure);
                    return Ok(Changed::Tried);
                }
                // Not seen yet, or gone already and only the read that led here lagged.
                Class::NotFound => {
                    self.tell_retrying(&failure);
                    self.check_refused(failure)?;
                    return Ok(Changed::Unseen);
                }
                // Of a state that reads may show meanwhile, and that asks for another change.
                Class::NotYet => {
                    self.tell_retrying(&failure);
                    self.check_refused(failure)?;
                    return Ok(Changed::NotYet);
                }
                Class::Theirs => return Err(Halt::Theirs(Some(id.into()))),
                class if class.may_pass() => self.pause(failure, attempt).await?,
                _ => return Err(StepError::Call(failure).into()),
            }
            attempt += 1;
        }
    }

    pub(super) async fn delete(&mut self, have: &Object) -> Result<(), Halt> {
        let kind = self.kind;
        let mut leaving = have.state == State::Leaving;
        loop {
            if !leaving {
                let world = self.runner.world.fresh();
                match self.call(kind.delete(have, &world)).await {
                    Ok(()) => {}
                    Err(failure) => match failure.class {
                        Class::NotFound => {}
                        Class::Unknown => self.tell_retrying(&failure),
                        Class::Theirs => return Err(Halt::Theirs(Some(have.id.clone()))),
                        class if class.may_pass() => {
                            self.again(failure).await?;
                            continue;
                        }
                        _ => return Err(StepError::Call(failure).into()),
                    },
                }
            }
            let asked = Instant::now();
            loop {
                let Some(seen) = self.look().await? else {
                    continue;
                };
                let Some(object) = seen.find(&have.id).filter(|object| !object.is_deleted()) else {
                    return Ok(());
                };
                self.check_patience(|waited| StepError::StillThere { id: have.id.clone(), waited })?;
                leaving = object.state == State::Leaving;
                self.tell(if leaving { "deleting" } else { "present" });
                if !leaving && seen.began.duration_since(asked) >= self.runner.options.lag {
                    break;
                }
            }
        }
    }

    /// One call, counted against the run's parallelism.
    async fn call<T>(&mut self, call: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        let _permit = match self.permit.take() {
            Some(permit) => Some(permit),
            None => self.runner.calls.acquire().await.ok(),
        };
        let answer = call.await;
        self.refused = match answer {
            Ok(_) => None,
            Err(_) => self.refused.or_else(|| Some(Instant::now())),
        };
        answer
    }

    /// What the next read sees; `None` when it failed in a way that may pass.
    async fn look(&mut self) -> Result<Option<Seen>, StepError> {
        // Steps that only wait are not counted.
        self.permit = None;
        let seen = self.runner.waits.next(self.kind.name(), self.attempt).await;
        self.attempt += 1;
        match &seen.objects {
            Ok(_) => Ok(Some(seen)),
            Err(failure) if failure.class.may_pass() || failure.class == Class::Unknown => {
                self.tell_retrying(failure);
                let failure = failure.clone();
                self.check_patience(|waited| StepError::StillRefused { failure, waited })?;
                Ok(None)
            }
            Err(failure) => Err(StepError::Call(failure.clone())),
        }
    }

    /// Waits before the call is made again.
    async fn again(&mut self, failure: Failure) -> Result<(), StepError> {
        let attempt = self.attempt;
        self.attempt += 1;
        self.pause(failure, attempt).await
    }

    async fn pause(&self, failure: Failure, attempt: u32) -> Result<(), StepError> {
        self.tell_retrying(&failure);
        self.check_refused(failure)?;
        self.runner.waits.pause(attempt).await;
        Ok(())
    }

    fn check_refused(&self, failure: Failure) -> Result<(), StepError> {
        let waited = self.refused.map(|since| since.elapsed()).unwrap_or_default();
        let patience = match failure.class {
            Class::NotFound | Class::Unreachable => self.runner.options.visibility,
            _ => self.kind.patience(),
        };
        if waited > patience {
            return Err(StepError::StillRefused { failure, waited });
        }
        Ok(())
    }

    fn check_patience(&self, error: impl FnOnce(Duration) -> StepError) -> Result<(), StepError> {
        let waited = self.since.elapsed();
        if waited > self.kind.patience() { Err(error(waited)) } else { Ok(()) }
    }

    pub(super) fn tell(&mut self, state: &str) {
        if self.shown != state {
            self.shown = state.into();
            let (address, action) = (self.step.address.clone(), self.step.action);
            (self.runner.sink)(Event::Waiting { address, action, state: state.into() });
        }
    }

    fn tell_retrying(&self, failure: &Failure) {
        let (address, action) = (self.step.address.clone(), self.step.action);
        (self.runner.sink)(Event::Retrying { address, action, failure: failure.clone() });
    }
}

/// Wall-clock time, as a text that no earlier run can have given.
fn now() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.unwrap_or_default().as_micros().to_string()
}
