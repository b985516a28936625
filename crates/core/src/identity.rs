//! Who owns a live object and what was last asked of it: gcnet's whole memory, kept in the objects' own tags.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{Address, address::InvalidAddress};

/// Tags of one object, by key.
pub type Tags = BTreeMap<String, String>;

/// The municipality's key, on everything that gcnet makes. Every batched read filters on it.
pub const MUNICIPALITY: &str = "gcnet:municipality";
/// `prod`, `stg` or `test`.
pub const ENVIRONMENT: &str = "gcnet:environment";
/// [`Address`] inside the stack.
pub const ADDRESS: &str = "gcnet:address";
/// [`Fingerprint`] of the spec last applied in full, or [`UNFINISHED`].
pub const SPEC: &str = "gcnet:spec";
/// Ids of the roots (VPC, transit gateway) under which the object was made: tells twin sets apart.
pub const INCARNATION: &str = "gcnet:incarnation";
/// Id of the object whose place this one takes, after a `+` those whose place that one took, newest first: after a run that
/// died between making the new one and deleting the old one, the two are told apart by it and are no twins. What others
/// hold may outlive its successor, and is then known by the successor's own.
pub const REPLACES: &str = "gcnet:replaces";
/// On what AWS would make twice: the run that made it. After a lost answer it tells what this run made from what another
/// run made at the same time.
pub const RUN: &str = "gcnet:run";
/// On what gave way to the same thing, made by another run at the same time: the id of the one that stays. It goes with the
/// next plan, where the run that gave it up did not come to delete it.
pub const WITHDRAWN: &str = "gcnet:withdrawn";
/// [`PROTECTED`] on what no plan deletes or replaces by itself: see [`crate::Desired::include_protected`].
pub const PROTECT: &str = "gcnet:protect";
/// Value of [`PROTECT`].
pub const PROTECTED: &str = "yes";
/// Value of [`PROTECT`] where a file takes the protection away. Not merely absent: tags are never removed.
pub const UNPROTECTED: &str = "no";
/// Value of [`SPEC`] while a creation of several calls is under way.
pub const UNFINISHED: &str = "unfinished";

/// One municipality in one environment: what a run plans, applies or destroys as a whole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stack {
    /// Key of the municipality, for example `naruto`.
    pub municipality: String,
    /// `prod`, `stg` or `test`.
    pub environment: String,
}

impl Stack {
    /// `Stack::new("naruto", "prod")`
    pub fn new(municipality: impl Into<String>, environment: impl Into<String>) -> Self {
        Stack { municipality: municipality.into(), environment: environment.into() }
    }
}

impl fmt::Display for Stack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.municipality, self.environment)
    }
}

/// Hash of a spec in its canonical form. With it in a tag, drift is attributed without state: live differs and the wish
/// does not, so somebody changed AWS; the wish differs, so somebody changed the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Fingerprint(pub String);

impl Fingerprint {
    /// Of a spec whose references are addresses, and of the file's own tags. `serde_json` keeps object keys sorted, so the
    /// text is canonical.
    pub fn of(spec: &Value, tags: &Tags) -> Self {
        let spec = spec.to_string();
        let tags = tags.iter().flat_map(|(key, value)| [key.as_str(), value.as_str()]);
        Fingerprint(digest(&std::iter::once(spec.as_str()).chain(tags).collect::<Vec<_>>()))
    }
}

/// The first 16 hexadecimal digits of a SHA-256 over the parts, each closed by a byte that no part contains.
pub fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
        hash.update([0]);
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// How an observation tells whose an object is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Owner {
    /// By its tags; without ours it is somebody else's.
    Tags(Tags),
    /// By a name that only gcnet gives: where reads show no tags.
    Name {
        /// The stack that the name spells.
        stack: Stack,
        /// The resource's name inside the stack.
        name: String,
    },
    /// By what it hangs on: it cannot carry tags ([`crate::Natural`]).
    Parent,
    /// By whose wish names it: another party offers it to the account. [`crate::Natural::name`] is its name.
    Offer,
}

/// What the ownership tags of an object say.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// Whose it is.
    pub stack: Stack,
    /// Which of that stack's resources it is.
    pub address: Address,
}

/// Reads the ownership tags; `None` when the object is not gcnet's.
pub fn claim(tags: &Tags) -> Option<Result<Claim, InvalidAddress>> {
    let stack = Stack::new(tags.get(MUNICIPALITY)?, tags.get(ENVIRONMENT)?);
    Some(Address::parse(tags.get(ADDRESS)?).map(|address| Claim { stack, address }))
}

/// Whose place it takes ([`REPLACES`]).
pub fn replaced(tags: Option<&Tags>) -> impl Iterator<Item = &str> {
    tags.and_then(|tags| tags.get(REPLACES)).into_iter().flat_map(|ids| ids.split('+'))
}

/// [`REPLACES`] of what takes the place of an object: as much as the value of a tag holds, 256 characters.
pub fn replaces(id: &str, tags: Option<&Tags>) -> String {
    let mut all = id.to_string();
    for elder in replaced(tags) {
        let more = format!("{all}+{elder}");
        if more.len() > 256 {
            break;
        }
        all = more;
    }
    all
}

/// It gave way to its like ([`WITHDRAWN`]).
pub fn is_withdrawn(tags: Option<&Tags>) -> bool {
    tags.is_some_and(|tags| tags.contains_key(WITHDRAWN))
}

/// The tags that a resource of a stack must carry, but for those that only its creation knows ([`INCARNATION`],
/// [`REPLACES`], [`RUN`]).
pub fn tags(stack: &Stack, address: &Address, fingerprint: &Fingerprint, common: &Tags) -> Tags {
    let own = [
        (MUNICIPALITY, stack.municipality.clone()),
        (ENVIRONMENT, stack.environment.clone()),
        (ADDRESS, address.to_string()),
        (SPEC, fingerprint.0.clone()),
        ("Name", format!("{}-{}-{}", stack.municipality, stack.environment, address.name())),
    ];
    let mut tags = common.clone();
    tags.extend(own.map(|(key, value)| (key.to_string(), value)));
    tags
}

/// A token that two runs, and two tries within one, give alike for the same creation: hash of stack, address, spec, the
/// incarnation and the object that it comes after. 32 hexadecimal digits fit every AWS token field.
///
/// That object is in it because a token that AWS remembers from a deleted object may answer with that object: `after` is
/// the one that is being replaced, or a moment when the token without it had proved to be of the dead.
pub fn token(stack: &Stack, address: &Address, spec: &Fingerprint, incarnation: &str, after: Option<&str>) -> String {
    let parts = [&*stack.to_string(), address.as_str(), &spec.0, incarnation, after.unwrap_or_default()];
    let second: Vec<&str> = parts.into_iter().rev().collect();
    digest(&parts) + &digest(&second)
}
