//! What there is becomes ready and as wished.

use tokio::time::Instant;

use super::step::{Halt, OneStep};
use crate::{Action, Class, Diff, Effect, Failure, Goal, Object, State, StepError, World, compare};

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

impl<W: World> OneStep<'_, W> {
    /// Waits until it is ready and as wished, making right what differs: what `create` left open, what a run that died
    /// left open, and what the plan found to differ.
    pub(super) async fn settle(&mut self, goal: &Goal, id: &str, known: Option<Object>) -> Result<(), Halt> {
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
}
