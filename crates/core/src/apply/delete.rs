//! What is there goes.

use tokio::time::Instant;

use super::step::{Halt, OneStep};
use crate::{Class, Object, State, StepError, World};

impl<W: World> OneStep<'_, W> {
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
}
