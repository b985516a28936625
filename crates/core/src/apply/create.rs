//! The making of one object. No creation is ever repeated blindly: when nobody knows whether a call was carried out, the
//! object is looked for by its address first, for as long as reads may lag behind writes.

use tokio::time::Instant;

use super::{
    poll::Seen,
    step::{Halt, OneStep},
};
use crate::{
    Action, Address, Class, Context, Goal, Object, Owner, State, StepError, Target, World, identity, kind::lock,
    observed,
};

impl<'a, W: World> OneStep<'a, W> {
    /// Makes it, or finds it made.
    pub(super) async fn make(&mut self, goal: &Goal) -> Result<String, Halt> {
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
            Some(found) => self.take(found)?,
            None => self.create(goal, &self.context(goal, Some(&now()))).await?,
        };
        self.made(goal, &id).await.map(|()| id)
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
    pub(super) fn context(&self, goal: &Goal, after: Option<&str>) -> Context<'a, W> {
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
            && let Some(found) = self.look_once().await?
        {
            return self.take(found);
        }
        let mut may_be_ours = kind.takes_token();
        loop {
            let failure = match self.call(kind.create(&goal.want.spec, cx)).await {
                Ok(id) => {
                    lock(&self.runner.made).insert(self.step.address.clone());
                    return Ok(id);
                }
                Err(failure) => failure,
            };
            match failure.class {
                class if class.may_pass() => {
                    self.again(failure).await?;
                    if class == Class::NotYet
                        && let Some(found) = self.made_meanwhile(may_be_ours).await?
                    {
                        return self.take(found);
                    }
                }
                Class::Theirs => return Err(Halt::Theirs(None)),
                Class::Already | Class::Unknown => {
                    self.tell_retrying(&failure);
                    may_be_ours |= failure.class == Class::Unknown;
                    match self.look_for().await? {
                        Some(found) => return self.take(found.made_by(may_be_ours)),
                        None if failure.class == Class::Unknown => self.again(failure).await?,
                        None => return Err(StepError::Call(failure).into()),
                    }
                }
                _ => {
                    let found = self.made_meanwhile(may_be_ours).await?;
                    return found.map_or(Err(StepError::Call(failure).into()), |found| self.take(found));
                }
            }
        }
    }

    /// What another run may have made since the plan, where one may be at work: that is why ours is refused then, and to wait
    /// for its place to be free would be in vain.
    async fn made_meanwhile(&mut self, may_be_ours: bool) -> Result<Option<Found>, StepError> {
        if self.runner.options.rivals.is_zero() {
            return Ok(None);
        }
        let Some(seen) = self.look().await? else { return Ok(None) };
        Ok(self.ours_in(&seen)?.map(|found| found.made_by(may_be_ours)))
    }

    /// What was found is made already: by a run that died, where no other can be at work. Where one may be, it is that one's,
    /// and this run does not build on it.
    fn take(&self, found: Found) -> Result<String, Halt> {
        if found.is_anothers && !self.runner.options.rivals.is_zero() {
            return Err(StepError::Rival { id: None, rival: found.id, left: None }.into());
        }
        Ok(found.id)
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
    async fn look_once(&mut self) -> Result<Option<Found>, StepError> {
        self.permit = None; // a step that only waits is not counted
        self.runner.waits.until(self.runner.began + self.runner.options.recheck).await;
        loop {
            if let Some(seen) = self.look().await? {
                return self.ours_in(&seen);
            }
        }
    }

    /// The object at our address, if there is one; absent means absent for as long as reads may lag, and so does another
    /// run's: ours may be there beside it.
    async fn look_for(&mut self) -> Result<Option<Found>, StepError> {
        let since = Instant::now();
        loop {
            let Some(seen) = self.look().await? else {
                continue;
            };
            let found = self.ours_in(&seen)?;
            let is_ours = found.as_ref().is_some_and(|found| !found.is_anothers);
            if is_ours || seen.began.duration_since(since) >= self.runner.options.lag {
                return Ok(found);
            }
        }
    }

    fn ours_in(&self, seen: &Seen) -> Result<Option<Found>, StepError> {
        let ours: Vec<&Object> = self.ours(seen).collect();
        let mut made = ours.iter().filter(|object| run_of(object) == Some(&self.runner.options.run));
        match (&*ours, made.next(), made.next()) {
            ([], ..) => Ok(None),
            // The others are another run's, and the two have yet to be settled.
            ([object], ..) | (_, Some(object), None) => {
                Ok(Some(Found { id: object.id.clone(), is_anothers: self.is_anothers(object) }))
            }
            _ => {
                let ids = ours.iter().map(|object| object.id.clone()).collect();
                Err(StepError::Twins { address: self.step.address.clone(), ids })
            }
        }
    }

    /// It says that another run made it.
    pub(super) fn is_anothers(&self, object: &Object) -> bool {
        run_of(object).is_some_and(|run| *run != self.runner.options.run)
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
            Owner::Tags(tags) => match identity::claim(tags) {
                Some(Ok(claim)) if claim.stack == self.runner.plan.stack => Some(claim.address),
                _ => None,
            },
            Owner::Name { stack, name } => (*stack == self.runner.plan.stack).then(|| Address::new(object.kind, name)),
            Owner::Offer => self.kind.natural(&object.raw).map(|natural| Address::new(object.kind, &natural.name)),
            Owner::Parent => observed::natural_address(self.kind, &object.raw, &self.address_of()),
        };
        address.as_ref() == Some(&self.step.address)
    }
}

/// What is at an address already.
struct Found {
    id: String,
    /// Another run made it: one that died, or one that is at work.
    is_anothers: bool,
}

impl Found {
    /// What carries no name of a run is another's where no call of this run can have made it.
    fn made_by(self, may_be_ours: bool) -> Self {
        Found { is_anothers: self.is_anothers || !may_be_ours, ..self }
    }
}

/// See [`identity::RUN`].
fn run_of(object: &Object) -> Option<&String> {
    object.tags()?.get(identity::RUN)
}

/// Wall-clock time, as a text that no earlier run can have given.
fn now() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.unwrap_or_default().as_micros().to_string()
}
