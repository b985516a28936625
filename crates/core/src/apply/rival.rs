//! What another run makes at the same time. Two runs that both found nothing make a thing each where AWS does not refuse the
//! second: no lock in AWS is asked, so each looks once its own is made, and one of the two gives way.
//!
//! Both look after they made theirs, so whoever looks last sees both. The one with the lesser id stays, and its run gives the
//! other time to give way; where that does not happen, the other was there before, or its run is dead, and this one gives way
//! after all. So however the two runs interleave, at most one stays. What gives way says so in a tag before it is deleted: a
//! run that dies in between leaves something to delete, and no twin.

use tokio::time::Instant;

use super::{
    poll::Seen,
    step::{Halt, OneStep},
};
use crate::{Action, Object, Owner, State, StepError, World, identity};

impl<W: World> OneStep<'_, W> {
    /// Another live object at our address, which no step of this plan takes away.
    pub(super) fn rival<'s>(&self, seen: &'s Seen, id: &str) -> Option<&'s Object> {
        let mut rivals = self.ours(seen).filter(|object| object.id != id && matches!(object.owner, Owner::Tags(_)));
        rivals.find(|object| !matches!(object.state, State::Failed(_)))
    }

    /// One look at our own and at its rival. Comes back as long as nothing is decided.
    pub(super) async fn contend(&mut self, id: &str, rival: String, seen: &Seen) -> Result<(), Halt> {
        let since = *self.contended.get_or_insert(seen.began);
        // The other sees ours that late, and we as late what it does then.
        if *id < *rival && seen.began.duration_since(since) <= 2 * self.runner.options.lag {
            self.tell("contended");
            return Ok(());
        }
        let waited = seen.began.duration_since(since);
        match seen.find(id) {
            // Nobody gives way with what another made.
            Some(own) if self.is_anothers(own) => {
                Err(StepError::Rival { id: None, rival: own.id.clone(), left: None }.into())
            }
            Some(own) => Err(self.give_way(own, rival).await),
            // It cannot be deleted before it is seen; and somebody may have deleted it.
            None if waited > self.runner.options.visibility => {
                Err(StepError::Invisible { id: id.into(), waited }.into())
            }
            None => {
                self.tell("invisible");
                Ok(())
            }
        }
    }

    async fn give_way(&mut self, own: &Object, rival: String) -> Halt {
        let (id, kind, world) = (own.id.clone(), self.kind, self.runner.world.fresh());
        let mark = [(identity::WITHDRAWN.to_string(), rival.clone())].into();
        let marked = self.change(&id, || kind.retag(&own.id, &mark, &world)).await;
        // Without a mark the two are twins as long as both are there: so it is tried all the same.
        let gone = self.delete(own).await.and(marked.map(drop));
        let left = match gone {
            Ok(()) => None,
            Err(Halt::Failed(error)) => match error.failure() {
                Some(failure) => Some(failure.clone()),
                None => return error.into(),
            },
            Err(halt) => return halt,
        };
        StepError::Rival { id: Some(id), rival, left }.into()
    }

    /// When another run can have made the same, and its creation may not have been seen yet: the moment of the look that
    /// shows it.
    pub(super) fn second_look(&self, object: &Object, made: Instant, began: Instant) -> Option<Instant> {
        let once = self.kind.takes_token() || !matches!(object.owner, Owner::Tags(_));
        let due = made + self.runner.options.rivals;
        (self.step.action == Action::Create && !once && began < due).then_some(due)
    }
}
