//! What the world holds, read once for all stacks, and then whose each thing is.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use futures::future::try_join_all;
use serde::Serialize;
use serde_json::Value;

use crate::{
    Address, AnyKind, Class, Desired, Failure, Kinds, Owner, PlanError, Stack, State, Tags, Target, World, identity,
    refs,
};

/// A live object with its type forgotten.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Object {
    /// The kind that saw it.
    pub kind: &'static str,
    /// See [`crate::Live::id`].
    pub id: String,
    /// How to tell whose it is.
    pub owner: Owner,
    /// Where it stands.
    pub state: State,
    /// Its spec with live ids.
    pub raw: Value,
}

impl Object {
    /// Its tags; `None` for what carries none.
    pub fn tags(&self) -> Option<&Tags> {
        match &self.owner {
            Owner::Tags(tags) => Some(tags),
            Owner::Name { .. } | Owner::Parent | Owner::Offer => None,
        }
    }

    /// No plan takes it away by itself: see [`crate::Desired::include_protected`].
    pub fn is_protected(&self) -> bool {
        self.tags().and_then(|tags| tags.get(identity::PROTECT)).is_some_and(|value| value == identity::PROTECTED)
    }

    /// It is deleted; see [`State::Deleted`].
    pub fn is_deleted(&self) -> bool {
        matches!(self.state, State::Deleted { .. })
    }
}

/// An object and the address under which it belongs to a stack.
#[derive(Clone, Debug, PartialEq)]
pub struct Owned {
    /// Which of the stack's resources it is.
    pub address: Address,
    /// The object.
    pub object: Object,
}

/// Everything of ours in an account and Region, by stack.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    stacks: BTreeMap<Stack, Vec<Owned>>,
    mislabelled: Vec<(Stack, PlanError)>,
    /// What other parties offer to the account: whose wish names it, has it.
    offers: Vec<Owned>,
    /// By kind: why it may not be read.
    unseen: BTreeMap<&'static str, Failure>,
}

/// Reads every kind once, all at the same time. What may not be read is not seen, which is no matter to wishes that have nothing
/// of its kind.
///
/// # Errors
/// The first read that fails in another way: a plan on half a world would create what is already there.
pub async fn observe<W: World>(world: &W, kinds: Kinds<W>) -> Result<Observed, Failure> {
    let read = kinds.0.iter().map(|kind| async {
        match kind.observe(world).await {
            Err(denied) if matches!(denied.class, Class::Denied | Class::Guardrail) => Ok(Err((kind.name(), denied))),
            seen => seen.map(Ok),
        }
    });
    let (mut seen, mut unseen) = (vec![], BTreeMap::new());
    for read in try_join_all(read).await? {
        match read {
            Ok(objects) => seen.extend(objects),
            Err((kind, denied)) => drop(unseen.insert(kind, denied)),
        }
    }
    Ok(Observed { unseen, ..Observed::sort(kinds, seen) })
}

impl Observed {
    /// Finds the owner of every object. Tagged and named ones first: natural names are made of their addresses.
    pub fn sort<W: World>(kinds: Kinds<W>, objects: impl IntoIterator<Item = Object>) -> Self {
        let mut observed = Observed::default();
        let mut by_id: BTreeMap<String, (Stack, Address)> = BTreeMap::new();
        let mut naturals = vec![];
        for object in objects {
            match owner(&object) {
                Whose::Claimed(stack, address) => {
                    if address.kind() != object.kind {
                        let error =
                            PlanError::Mislabelled { id: object.id, kind: object.kind, address: address.to_string() };
                        observed.mislabelled.push((stack, error));
                        continue;
                    }
                    by_id.insert(object.id.clone(), (stack.clone(), address.clone()));
                    observed.stacks.entry(stack).or_default().push(Owned { address, object });
                }
                Whose::Unreadable(stack, address) => {
                    let error = PlanError::Mislabelled { id: object.id, kind: object.kind, address };
                    observed.mislabelled.push((stack, error));
                }
                Whose::ByParent => naturals.push(object),
                Whose::Offered => {
                    if let Some(natural) = kinds.get(object.kind).and_then(|kind| kind.natural(&object.raw)) {
                        let address = Address::new(object.kind, &natural.name);
                        observed.offers.push(Owned { address, object });
                    }
                }
                Whose::Foreign => {}
            }
        }
        while !naturals.is_empty() {
            let (now, later) = next(naturals);
            naturals = later;
            for object in now {
                let Some(kind) = kinds.get(object.kind) else { continue };
                let Some(stack) = parent_stack(kind, &object.raw, &by_id) else { continue };
                let address_of = |id: &str| by_id.get(id).filter(|(s, _)| *s == stack).map(|(_, a)| a.clone());
                if let Some(address) = natural_address(kind, &object.raw, &address_of) {
                    by_id.insert(object.id.clone(), (stack.clone(), address.clone()));
                    observed.stacks.entry(stack).or_default().push(Owned { address, object });
                }
            }
        }
        observed
    }

    /// What belongs to one stack.
    ///
    /// # Errors
    /// Ownership tags of this stack that this version cannot read: made by a newer gcnet, or by hand.
    pub fn of(&self, stack: &Stack) -> Result<&[Owned], PlanError> {
        match self.mislabelled.iter().find(|(of, _)| of == stack) {
            Some((_, error)) => Err(error.clone()),
            None => Ok(self.stacks.get(stack).map_or(&[], Vec::as_slice)),
        }
    }

    /// Kinds that may not be read, and the refusals. What there is of them belongs to nobody here.
    pub fn unseen(&self) -> impl Iterator<Item = (&'static str, &Failure)> {
        self.unseen.iter().map(|(kind, failure)| (*kind, failure))
    }

    /// What belongs to the stack of these wishes, and what others offer and the wishes name.
    ///
    /// # Errors
    /// As [`of`](Self::of); a wish of a kind that may not be read, and no wishes at all while there is such a kind.
    pub fn for_wish(&self, desired: &Desired) -> Result<Cow<'_, [Owned]>, PlanError> {
        // Whoever wishes for nothing has to know that nothing is left.
        let all = self.unseen.iter().next().filter(|_| desired.wants().is_empty());
        let wished = || desired.wants().keys().find_map(|wish| self.unseen.get_key_value(wish.kind()));
        if let Some((kind, failure)) = all.or_else(wished) {
            return Err(PlanError::Unseen { kind, failure: failure.clone() });
        }
        let owned = self.of(&desired.stack)?;
        let mut named =
            self.offers.iter().filter(|offer| desired.wants().contains_key(&offer.address)).cloned().peekable();
        if named.peek().is_none() {
            return Ok(Cow::Borrowed(owned));
        }
        Ok(Cow::Owned(owned.iter().cloned().chain(named).collect()))
    }

    /// Every stack that owns something here.
    pub fn stacks(&self) -> impl Iterator<Item = &Stack> {
        self.stacks.keys()
    }
}

enum Whose {
    Claimed(Stack, Address),
    Unreadable(Stack, String),
    ByParent,
    Offered,
    Foreign,
}

/// Splits off those that refer to no other in the list: names are made of names. Of a ring, which no provider can have
/// made, everything.
fn next(naturals: Vec<Object>) -> (Vec<Object>, Vec<Object>) {
    let open: BTreeSet<String> = naturals.iter().map(|object| object.id.clone()).collect();
    let waits = |object: &Object| {
        refs::collect(&object.raw).iter().any(|target| match target {
            Target::Id(id) => *id != object.id && open.contains(id),
            Target::Address(_) => false,
        })
    };
    let (later, now): (Vec<Object>, Vec<Object>) = naturals.into_iter().partition(waits);
    if now.is_empty() { (later, now) } else { (now, later) }
}

fn owner(object: &Object) -> Whose {
    match &object.owner {
        Owner::Tags(tags) => match identity::claim(tags) {
            Some(Ok(claim)) => Whose::Claimed(claim.stack, claim.address),
            Some(Err(error)) => {
                let tag = |key| tags.get(key).cloned().unwrap_or_default();
                Whose::Unreadable(Stack::new(tag(identity::MUNICIPALITY), tag(identity::ENVIRONMENT)), error.0)
            }
            None => Whose::Foreign,
        },
        Owner::Name { stack, name } => Whose::Claimed(stack.clone(), Address::new(object.kind, name)),
        Owner::Parent => Whose::ByParent,
        Owner::Offer => Whose::Offered,
    }
}

fn parent_stack<W>(kind: &dyn AnyKind<W>, raw: &Value, by_id: &BTreeMap<String, (Stack, Address)>) -> Option<Stack> {
    match kind.natural(raw)?.parent {
        Target::Id(id) => by_id.get(&id).map(|(stack, _)| stack.clone()),
        Target::Address(_) => None,
    }
}

/// The address of an untagged object, once the ids in it are known; `None` when it hangs on nothing of ours.
pub(crate) fn natural_address<W>(
    kind: &dyn AnyKind<W>,
    raw: &Value,
    address_of: &impl Fn(&str) -> Option<Address>,
) -> Option<Address> {
    let mut resolved = raw.clone();
    refs::resolve(&mut resolved, address_of);
    let natural = kind.natural(&resolved)?;
    matches!(natural.parent, Target::Address(_)).then(|| Address::new(kind.name(), &natural.name))
}
