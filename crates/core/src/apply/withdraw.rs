//! Before anything of a repair is deleted, what goes says so in a tag. So a repair that dies is taken up as it was chosen, by
//! the next one or by any plan, and never turned around.

use super::{Options, Stop, scope};
use crate::{Action, Class, Kinds, Owner, Plan, Why, World, identity};

/// How often a mark that is refused for now is tried.
const TRIES: u32 = 4;

/// Marks what a plan deletes because it gives way ([`Why::Withdrawn`]) with [`identity::WITHDRAWN`]: first what others hang on, so
/// that one mark already says where the rest belongs. What carries no tags is passed over. So is what cannot be marked: it was
/// agreed that it goes, and where that does not happen, its deletion says why.
pub async fn withdraw<W: World>(world: &W, kinds: Kinds<W>, plan: &Plan, options: &Options, stop: &Stop) {
    for step in plan.steps.iter().rev() {
        let (Action::Delete, Why::Withdrawn, Some(object)) = (step.action, &step.why, &step.have) else { continue };
        let is_marked = identity::is_withdrawn(object.tags()) || !matches!(object.owner, Owner::Tags(_));
        let Some(kind) = kinds.get(object.kind).filter(|_| !is_marked) else { continue };
        let stays = plan.ids.get(&step.address).cloned().unwrap_or_default();
        let mark = [(identity::WITHDRAWN.to_string(), stays)].into();
        for attempt in 0..TRIES {
            if stop.is_requested() {
                return;
            }
            let world = world.fresh();
            match scope::of(&step.address, kind.retag(&object.id, &mark, &world)).await {
                Err(failure) if failure.class.may_pass() || failure.class == Class::Unknown => {
                    options.poll.pause(attempt).await;
                }
                _ => break,
            }
        }
    }
}
