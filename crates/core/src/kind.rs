//! What one kind of resource must say about itself, and its twin with the type erased, on which the engine runs.

use std::{collections::BTreeMap, fmt, marker::PhantomData, sync::Mutex, time::Duration};

use futures::future::BoxFuture;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{Address, Ask, Diff, Failure, Known, Object, Owner, Ref, Tags, Target};

/// What the kinds read and change: the clients of one account and Region, with what they have read so far.
pub trait World: Send + Sync + Sized + 'static {
    /// The same world with nothing read yet: polls look anew, and share one look between sibling kinds.
    fn fresh(&self) -> Self;
}

/// A kind has a name, which is the first part of every address.
pub trait Resource: 'static {
    /// For example `subnet`.
    const NAME: &'static str;
}

/// How a resource of this kind is replaced.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Replace {
    /// The new one is made and wired before the old one goes.
    CreateFirst,
    /// The two cannot exist at once: the old one, and first all that uses it, goes before the new one comes.
    DeleteFirst,
}

/// Name and owner of what cannot carry tags: it belongs to whom `parent` belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct Natural {
    /// The tagged thing that it hangs on: the table of a route, the attachment of an association.
    pub parent: Target,
    /// Parent's name plus its own key, made of [`Ref::label`]s.
    pub name: String,
}

/// Where a live object stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Usable.
    Ready,
    /// On its way, in the provider's own word.
    Pending(String),
    /// It is another party's move; until then it is not usable.
    Theirs {
        /// They said no.
        refused: bool,
        /// Since when, as RFC 3339, where the provider tells.
        since: Option<String>,
    },
    /// Being deleted.
    Leaving,
    /// Deleted, and the provider still can bring it back. It is gone for everybody but a wish for its own address: where
    /// nothing else is live there and the wish asks for nothing that would take a new one, [`Kind::update`] brings it back.
    Deleted {
        /// Until when it can be brought back, as RFC 3339, where the provider tells.
        until: Option<String>,
    },
    /// It will never be ready; the provider's reason.
    Failed(String),
}

/// A live object of kind `K`, as one observation saw it.
#[derive(Clone, Debug)]
pub struct Live<K> {
    /// The provider's id; for what has none, a text that the kind composes and takes apart again.
    pub id: String,
    /// How to tell whose it is.
    pub owner: Owner,
    /// Where it stands.
    pub state: State,
    /// Its attributes, with live ids where a wish would have addresses.
    pub spec: K,
}

/// What it takes so that something of another party's goes.
#[derive(Clone, Debug, PartialEq)]
pub enum Removal {
    /// Nothing: what it hangs on can go before it.
    Needless,
    /// Its maker has to do this; what it hangs on stays until then.
    Asked(Ask),
    /// [`Kind::delete`] refuses it: all that it is, is a request that we have not accepted. It is left alone until what it
    /// hangs on goes.
    Refused,
}

/// The calls that a kind makes, by phase, in the words of an IAM policy (`ec2:CreateVpc`). Roles and hints are derived
/// from them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Calls {
    /// To read.
    pub observe: &'static [&'static str],
    /// To make, with its tags.
    pub create: &'static [&'static str],
    /// To change, with its tags.
    pub update: &'static [&'static str],
    /// To remove.
    pub delete: &'static [&'static str],
}

/// A kind of resource. The struct that implements it is its wished state and its observed state at once.
///
/// A kind never waits, never retries and never prints; the engine does.
pub trait Kind<W: World>:
    Resource + Clone + fmt::Debug + PartialEq + Serialize + DeserializeOwned + Send + Sync
{
    /// See [`Replace`].
    const REPLACE: Replace = Replace::CreateFirst;
    /// Others live under it and die with it: its id goes into their incarnation.
    const ROOT: bool = false;
    /// Creation takes more than one call. Until the last one the object's fingerprint says `unfinished`, so that a run
    /// that died in between is not taken for drift.
    const MANY_CALLS: bool = false;
    /// Creation uses [`Context::token`]. AWS may remember a token longer than the object that it made.
    const TAKES_TOKEN: bool = false;
    /// AWS forgets the token within minutes, or with the least change of the wish, and a second object is dear: it is looked for
    /// once more before it is made, as if there were no token.
    const LOOKS_ALL_THE_SAME: bool = false;
    /// Whoever carries a plan out may do so by grace of this: unwished, it goes when nothing else is left to do. Such a kind
    /// must not point at others.
    const LAST: bool = false;
    /// No read shows whether another party has allowed it: whoever is asked to is not only waited for, the creation is tried
    /// as well, by every run.
    const ONLY_TRYING_TELLS: bool = false;
    /// How long a creation, change or deletion may take before it counts as stuck.
    const PATIENCE: Duration = Duration::from_secs(600);

    /// See [`Calls`]; a world without permissions has none.
    const CALLS: Calls = Calls { observe: &[], create: &[], update: &[], delete: &[] };

    /// Everything of this kind in the account and Region, of every stack: one paginated call, whatever the number.
    fn observe(world: &W) -> impl Future<Output = Result<Vec<Live<Self>>, Failure>> + Send;

    /// For what cannot carry tags. Called on observations too, where the targets are ids.
    fn natural(&self) -> Option<Natural> {
        None
    }

    /// What differs and what each difference costs.
    fn diff(&self, live: &Self, diff: &mut Diff);

    /// Makes the smallest thing that carries our tags; `diff` and `update` do the rest. Answers the id.
    fn create(&self, cx: &Context<'_, W>) -> impl Future<Output = Result<String, Failure>> + Send;

    /// Makes the fields that differ right. May be called again when some still differ.
    fn update(&self, live: &Live<Self>, cx: &Context<'_, W>) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Deletes it. The engine takes "not found" for done.
    fn delete(live: &Live<Self>, world: &W) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Writes these tags, leaving others alone. Only kinds that carry tags are asked.
    fn retag(id: &str, tags: &Tags, world: &W) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Another party made this live object: it is found, accepted, wired and shown, and never deleted once it is accepted. A
    /// kind of which some are must answer [`removal`](Self::removal).
    fn is_theirs(&self) -> bool {
        false
    }

    /// What others have to do so that the wish comes true: without `live` it is for them to make, else only they can change
    /// what differs. Nothing of it is in [`diff`](Self::diff), which says what we do.
    ///
    /// Asking without `live`, or while it is [`State::Theirs`], holds all that refers to it, and so does asking the
    /// [operator](crate::Party::Operator). Not asking while it is [`State::Theirs`] and something differs says that our own
    /// update may be all it takes.
    fn asks(&self, live: Option<&Live<Self>>, known: &Known<'_>) -> Vec<Ask> {
        let _ = (live, known);
        vec![]
    }

    /// What it takes so that what another party made goes. Asked when something goes that it hangs on.
    fn removal(live: &Live<Self>) -> Removal {
        let _ = live;
        Removal::Needless
    }

    /// A wish with every field set, for the tests that every kind gets for free.
    fn example() -> Self;
}

/// What a kind may use while it changes the world.
pub struct Context<'a, W> {
    /// The clients, with nothing read yet: what a kind reads while it changes things is read anew.
    pub world: W,
    /// The resource's address.
    pub address: &'a Address,
    /// The tags to create it with.
    pub tags: Tags,
    /// The idempotency token to create it with.
    pub token: String,
    pub(crate) ids: &'a Mutex<BTreeMap<Address, String>>,
}

impl<W> Context<'_, W> {
    /// The live id behind a reference.
    ///
    /// # Errors
    /// A fault of the plan: what is referred to has not been made yet.
    pub fn id<K>(&self, reference: &Ref<K>) -> Result<String, Failure> {
        match reference.target() {
            Target::Id(id) => Ok(id.clone()),
            Target::Address(address) => lock(self.ids)
                .get(address)
                .cloned()
                .ok_or_else(|| Failure::internal("gcnet:resolve", format!("{address} has no id yet"))),
        }
    }

    /// The live ids behind some references.
    ///
    /// # Errors
    /// As [`id`](Self::id).
    pub fn ids<'r, K: 'r>(&self, refs: impl IntoIterator<Item = &'r Ref<K>>) -> Result<Vec<String>, Failure> {
        refs.into_iter().map(|reference| self.id(reference)).collect()
    }
}

/// A panicked holder cannot have left half an entry: the map is only inserted into.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// A [`Kind`] with its type erased.
pub trait AnyKind<W>: Send + Sync {
    /// [`Resource::NAME`]
    fn name(&self) -> &'static str;
    /// [`Kind::REPLACE`]
    fn replace(&self) -> Replace;
    /// [`Kind::ROOT`]
    fn is_root(&self) -> bool;
    /// [`Kind::MANY_CALLS`]
    fn many_calls(&self) -> bool;
    /// [`Kind::TAKES_TOKEN`]
    fn takes_token(&self) -> bool;
    /// [`Kind::LOOKS_ALL_THE_SAME`]
    fn looks_all_the_same(&self) -> bool;
    /// [`Kind::LAST`]
    fn is_last(&self) -> bool;
    /// [`Kind::ONLY_TRYING_TELLS`]
    fn only_trying_tells(&self) -> bool;
    /// [`Kind::PATIENCE`]
    fn patience(&self) -> Duration;
    /// [`Kind::CALLS`]
    fn calls(&self) -> Calls;
    /// [`Kind::example`], serialised
    fn example(&self) -> Value;
    /// [`Kind::observe`]
    fn observe<'a>(&'a self, world: &'a W) -> BoxFuture<'a, Result<Vec<Object>, Failure>>;
    /// [`Kind::natural`]
    fn natural(&self, spec: &Value) -> Option<Natural>;
    /// [`Kind::diff`]
    fn diff(&self, want: &Value, live: &Value) -> Result<Diff, Failure>;
    /// [`Kind::create`]
    fn create<'a>(&'a self, want: &'a Value, cx: &'a Context<'a, W>) -> BoxFuture<'a, Result<String, Failure>>;
    /// [`Kind::update`]
    fn update<'a>(
        &'a self,
        want: &'a Value,
        live: &'a Object,
        cx: &'a Context<'a, W>,
    ) -> BoxFuture<'a, Result<(), Failure>>;
    /// [`Kind::delete`]
    fn delete<'a>(&'a self, live: &'a Object, world: &'a W) -> BoxFuture<'a, Result<(), Failure>>;
    /// [`Kind::is_theirs`]; not of what cannot be read.
    fn is_theirs(&self, spec: &Value) -> bool;
    /// [`Kind::asks`]
    fn asks(&self, want: &Value, live: Option<&Object>, known: &Known<'_>) -> Result<Vec<Ask>, Failure>;
    /// [`Kind::removal`]
    fn removal(&self, live: &Object) -> Result<Removal, Failure>;
    /// [`Kind::retag`]
    fn retag<'a>(&'a self, id: &'a str, tags: &'a Tags, world: &'a W) -> BoxFuture<'a, Result<(), Failure>>;
}

/// The erased form of `K`.
pub struct Of<K>(PhantomData<fn() -> K>);

/// For the list of kinds: `&kind::<Vpc>()`.
pub const fn kind<K>() -> Of<K> {
    Of(PhantomData)
}

fn typed<K: Resource + DeserializeOwned>(spec: &Value) -> Result<K, Failure> {
    K::deserialize(spec).map_err(|error| Failure::internal(format!("gcnet:read-{}", K::NAME), error.to_string()))
}

fn live<K: Resource + DeserializeOwned>(object: &Object) -> Result<Live<K>, Failure> {
    let Object { kind: _, id, owner, state, raw } = object;
    Ok(Live { id: id.clone(), owner: owner.clone(), state: state.clone(), spec: typed(raw)? })
}

impl<W: World, K: Kind<W>> AnyKind<W> for Of<K> {
    fn name(&self) -> &'static str {
        K::NAME
    }
    fn replace(&self) -> Replace {
        K::REPLACE
    }
    fn is_root(&self) -> bool {
        K::ROOT
    }
    fn many_calls(&self) -> bool {
        K::MANY_CALLS
    }
    fn takes_token(&self) -> bool {
        K::TAKES_TOKEN
    }
    fn looks_all_the_same(&self) -> bool {
        K::LOOKS_ALL_THE_SAME
    }
    fn is_last(&self) -> bool {
        K::LAST
    }
    fn only_trying_tells(&self) -> bool {
        K::ONLY_TRYING_TELLS
    }
    fn patience(&self) -> Duration {
        K::PATIENCE
    }
    fn calls(&self) -> Calls {
        K::CALLS
    }
    fn example(&self) -> Value {
        serde_json::to_value(K::example()).unwrap_or_default()
    }
    fn observe<'a>(&'a self, world: &'a W) -> BoxFuture<'a, Result<Vec<Object>, Failure>> {
        Box::pin(async move {
            let erase = |live: Live<K>| {
                let raw = serde_json::to_value(live.spec)
                    .map_err(|error| Failure::internal(format!("gcnet:write-{}", K::NAME), error.to_string()))?;
                Ok(Object { kind: K::NAME, id: live.id, owner: live.owner, state: live.state, raw })
            };
            K::observe(world).await?.into_iter().map(erase).collect()
        })
    }
    fn natural(&self, spec: &Value) -> Option<Natural> {
        typed::<K>(spec).ok()?.natural()
    }
    fn diff(&self, want: &Value, live: &Value) -> Result<Diff, Failure> {
        let mut diff = Diff::default();
        typed::<K>(want)?.diff(&typed::<K>(live)?, &mut diff);
        Ok(diff)
    }
    fn is_theirs(&self, spec: &Value) -> bool {
        typed::<K>(spec).is_ok_and(|spec| spec.is_theirs())
    }
    fn asks(&self, want: &Value, object: Option<&Object>, known: &Known<'_>) -> Result<Vec<Ask>, Failure> {
        let live = object.map(live::<K>).transpose()?;
        Ok(typed::<K>(want)?.asks(live.as_ref(), known))
    }
    fn removal(&self, object: &Object) -> Result<Removal, Failure> {
        Ok(K::removal(&live::<K>(object)?))
    }
    fn create<'a>(&'a self, want: &'a Value, cx: &'a Context<'a, W>) -> BoxFuture<'a, Result<String, Failure>> {
        Box::pin(async move { typed::<K>(want)?.create(cx).await })
    }
    fn update<'a>(
        &'a self,
        want: &'a Value,
        object: &'a Object,
        cx: &'a Context<'a, W>,
    ) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(async move { typed::<K>(want)?.update(&live::<K>(object)?, cx).await })
    }
    fn delete<'a>(&'a self, object: &'a Object, world: &'a W) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(async move { K::delete(&live::<K>(object)?, world).await })
    }
    fn retag<'a>(&'a self, id: &'a str, tags: &'a Tags, world: &'a W) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(async move { K::retag(id, tags, world).await })
    }
}

/// All kinds of a world, each listed once. Their order settles what no dependency settles.
pub struct Kinds<W: 'static>(pub &'static [&'static dyn AnyKind<W>]);

impl<W> Clone for Kinds<W> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<W> Copy for Kinds<W> {}

impl<W> Kinds<W> {
    /// The kind of this name.
    pub fn get(&self, name: &str) -> Option<&'static dyn AnyKind<W>> {
        self.0.iter().copied().find(|kind| kind.name() == name)
    }

    /// Its place in the list; unknown kinds come last.
    pub fn rank(&self, name: &str) -> usize {
        self.0.iter().position(|kind| kind.name() == name).unwrap_or(self.0.len())
    }
}
