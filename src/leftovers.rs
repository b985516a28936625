//! What is in AWS with our tags and no file wants any more: stacks without a file, test stacks whose day has passed, single
//! resources that a file no longer wishes.

use std::collections::BTreeSet;

use gcnet_aws::{KINDS, kinds::is_global};
use gcnet_core::{Desired, Owned, Owner, Stack};
use jiff::civil::Date;

use crate::{
    blueprint,
    config::{Fleet, schema::Municipality},
};

/// Why nobody wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// No file is of this municipality.
    NoFile,
    /// Its file is of another environment.
    OtherEnvironment {
        /// The file's.
        file: String,
    },
    /// Its file names another account or Region.
    OtherPlace {
        /// The file's account.
        account: String,
        /// The file's Region.
        region: String,
    },
    /// It was for a test that was to end on this day.
    Expired {
        /// The last day.
        on: String,
    },
    /// Its file does not wish it.
    NotWished,
}

/// One thing too many.
#[derive(Clone, Debug, PartialEq)]
pub struct Leftover {
    /// Whose it is.
    pub stack: Stack,
    /// It.
    pub owned: Owned,
    /// Why nobody wants it.
    pub why: Why,
}

/// Where one looks.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// 12 digits.
    pub account: &'a str,
    /// For example `ap-northeast-1`.
    pub region: &'a str,
    /// Today, where the municipalities are.
    pub today: Date,
}

/// Why a whole stack in an account and Region is not wanted; `None` where its file wants it there. A file that cannot be
/// read may want anything, so nothing is said of its municipality.
pub fn why(stack: &Stack, owned: &[Owned], fleet: &Fleet, place: Place<'_>) -> Option<Why> {
    let Ok(city) = fleet.city(&stack.municipality) else {
        let is_broken = fleet.names().any(|name| name == stack.municipality);
        return if is_broken { None } else { Some(Why::NoFile) };
    };
    let file = &city.config;
    let (account, region) = (file.accounts.network.id.to_string(), file.region.value.as_str());
    if blueprint::stack(file) != *stack {
        return Some(Why::OtherEnvironment { file: file.environment.value.as_str().into() });
    }
    if account != place.account || region != place.region {
        return Some(Why::OtherPlace { account, region: region.into() });
    }
    let on = expiry(file, owned)?;
    (on < place.today).then(|| Why::Expired { on: on.to_string() })
}

/// The last day of a test stack: the file's, which may have been put off since the tags were written.
fn expiry(file: &Municipality, owned: &[Owned]) -> Option<Date> {
    let tagged = || owned.iter().find_map(|owned| owned.object.tags()?.get("gcnet:expires")?.parse().ok());
    file.expires.as_ref().map(|expires| expires.value.0).or_else(tagged)
}

/// Everything of a stack that is not wanted as a whole. Entries of tables and the like go with what they hang on; what is
/// deleted already and can be restored is told elsewhere. What every Region shows is not judged by a file of another Region of
/// the same account, which may want it.
pub fn all(stack: &Stack, owned: &[Owned], why: &Why, place: Place<'_>) -> Vec<Leftover> {
    let is_near = matches!(why, Why::OtherPlace { account, .. } if account == place.account);
    let stands = |owned: &&Owned| {
        let is_judged = !(is_near && is_global(owned.object.kind));
        is_judged && !owned.object.is_deleted() && owned.object.owner != Owner::Parent
    };
    owned.iter().filter(stands).map(|owned| leftover(stack, owned, why.clone())).collect()
}

/// What a stack has and its file does not wish. What other parties made is theirs.
pub fn unwished(desired: &Desired, owned: &[Owned]) -> Vec<Leftover> {
    let is_theirs = |owned: &Owned| KINDS.get(owned.object.kind).is_some_and(|kind| kind.is_theirs(&owned.object.raw));
    let unwished: Vec<&Owned> = owned
        .iter()
        .filter(|owned| {
            !desired.wants().contains_key(&owned.address) && !owned.object.is_deleted() && !is_theirs(owned)
        })
        .collect();
    unwished.into_iter().map(|owned| leftover(&desired.stack, owned, Why::NotWished)).collect()
}

fn leftover(stack: &Stack, owned: &Owned, why: Why) -> Leftover {
    Leftover { stack: stack.clone(), owned: owned.clone(), why }
}

/// Without what was found twice: one account may be looked into with the credentials of several files.
pub fn once_each(found: Vec<Leftover>) -> Vec<Leftover> {
    let mut seen = BTreeSet::new();
    let mut once: Vec<Leftover> = found
        .into_iter()
        .filter(|leftover| seen.insert((leftover.owned.object.kind, leftover.owned.object.id.clone())))
        .collect();
    once.sort_by(|a, b| {
        (&a.stack, &a.owned.address, &a.owned.object.id).cmp(&(&b.stack, &b.owned.address, &b.owned.object.id))
    });
    once
}
