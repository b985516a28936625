//! What is live in a municipality's account, and plans of it.

use std::collections::{BTreeMap, BTreeSet};

use gcnet_aws::{
    Aws, Identity, KINDS,
    kinds::{ForeignRoute, ForeignRuleAssociation, foreign_ranges},
};
use gcnet_core::{Failure, Object, Observed, Owned, Plan, PlanError, Resource, Stack, Twins, identity, observe};
use ipnet::Ipv4Net;

use super::{Cx, Result, connect::check, place::Place, sandbox};
use crate::{
    blueprint::{self, Wish},
    config::{City, schema::Municipality},
    counterpart, expiry,
    handshake::{self, Handshake},
    report::{
        document::{self, Document, Subject},
        message::Message,
    },
};

/// One account and Region, read once for all municipalities in it.
pub(super) struct Session {
    pub(super) aws: Aws,
    pub(super) identity: Identity,
    observed: Observed,
    /// Accounts of other companies whose role cannot be used.
    lost: BTreeSet<String>,
    /// Accounts of other companies in which a read was refused.
    unread: BTreeSet<String>,
    /// By account and permission: what roles of other companies turned out not to allow.
    refused: BTreeMap<(String, String), Failure>,
    /// What a command that works in the same place begins with.
    again: String,
    /// Where reads went, when not to AWS itself, and with which profile.
    origin: (Option<String>, Option<String>),
    /// By VPC of another company: its addresses, where a role shows them.
    seen: BTreeMap<String, BTreeSet<Ipv4Net>>,
}

impl Session {
    /// Reads everything and, at the same time, asks whose credentials these are. Those of another account are refused
    /// before anything else is believed.
    pub(super) async fn open(cx: &Cx, place: &Place, municipality: &Municipality) -> Result<Self> {
        if let Some(sandbox) = &place.sandbox {
            counterpart::furnish(sandbox, municipality).map_err(sandbox::counterpart_failed)?;
        }
        let connection = place.connection(cx, municipality);
        let aws = Aws::connect(&connection).await;
        let attaching = blueprint::attaches_in(municipality);
        // What a role shows is not read before it is known to be a role of that account.
        let read = async {
            let lost = aws.check_roles().await?;
            let (observed, seen) = futures::try_join!(observe(&aws, KINDS), foreign_ranges(&aws, &attaching))?;
            Ok((observed, lost, seen))
        };
        let (identity, read) = futures::join!(aws.identity(), read);
        let origin = (connection.endpoint.clone(), connection.access.profile.clone());
        let failed = |failure| {
            let (endpoint, profile) = origin.clone();
            Box::new(Message::Call { failure, endpoint, profile })
        };
        let identity = identity.map_err(failed)?;
        check(cx, place, municipality, &aws, &identity)?;
        place.tell_region(cx, &connection).await;
        let (observed, lost, seen) = read.map_err(failed)?;
        // Several kinds may be read by one call.
        let unseen: BTreeMap<&str, &Failure> =
            observed.unseen().map(|(_, failure)| (failure.operation.as_str(), failure)).collect();
        let wish = blueprint::wish(municipality).desired;
        if let Some((_, denied)) = observed.unseen().find(|(kind, _)| wish.wants().keys().any(|it| it.kind() == *kind))
        {
            return Err(failed(denied.clone()));
        }
        for failure in unseen.into_values() {
            cx.screen.tell(&Message::Unread { failure: failure.clone() });
        }
        let (unread, looked_into) = (aws.unread(), blueprint::looks_into(municipality));
        let denied =
            unread.iter().filter(|(account, _)| looked_into.contains(*account) && !lost.contains_key(*account));
        for (account, failure) in lost.iter().chain(denied) {
            cx.screen.tell(&Message::RoleLost { account: account.clone(), failure: failure.clone() });
        }
        let (lost, unread) = (lost.into_keys().collect(), unread.into_keys().collect());
        let refused = aws.refused();
        let again = cx.again("").trim_end().to_string();
        Ok(Session { aws, identity, observed, lost, unread, refused, again, origin, seen })
    }

    /// The same, knowing what an earlier session of the same command has learned by trying.
    pub(super) fn after(mut self, earlier: &Session) -> Self {
        self.refused.extend(earlier.aws.refused());
        self
    }

    /// Accounts of other companies in which this municipality's resources cannot be seen or changed.
    fn lost_to(&self, municipality: &Municipality) -> BTreeSet<String> {
        let unread = self.unread.intersection(&blueprint::looks_into(municipality)).cloned().collect();
        &self.lost | &unread
    }

    /// What belongs to a municipality.
    pub(super) fn owned(&self, municipality: &Municipality) -> Result<&[Owned]> {
        self.observed.of(&blueprint::stack(municipality)).map_err(|error| Box::new(Message::Plan(error)))
    }

    /// Every stack that has something in the account.
    pub(super) fn stacks(&self) -> impl Iterator<Item = &Stack> {
        self.observed.stacks()
    }

    /// What belongs to a stack, whether it has a file or not.
    pub(super) fn of(&self, stack: &Stack) -> Result<&[Owned]> {
        self.observed.of(stack).map_err(|error| Box::new(Message::Plan(error)))
    }

    /// Refuses a file that no run of today could satisfy.
    pub(super) fn check_days(&self, city: &City) -> Result<()> {
        match expiry::not_yet(&city.config, self.aws.now()) {
            Some(not_yet) => Err(Box::new(Message::NotYet(not_yet))),
            None => Ok(()),
        }
    }

    /// Compares the file with what is live.
    pub(super) fn plan(&self, city: &City, asking: Asking) -> Result<Planned> {
        self.plan_without(city, asking, &BTreeSet::new())
    }

    /// The same, where these twins give way.
    pub(super) fn plan_without(&self, city: &City, asking: Asking, withdrawn: &BTreeSet<String>) -> Result<Planned> {
        let mut wish = blueprint::wish_seeing(&city.config, &self.lost_to(&city.config), &self.seen);
        wish.ask_for_permissions(&city.config, self.refused.values());
        wish.desired.ask_again = asking == Asking::Again;
        wish.desired.withdrawn = withdrawn.clone();
        let owned = self.observed.for_wish(&wish.desired).map_err(|error| self.no_plan(&city.config, error))?;
        self.planned(city, wish, &owned)
    }

    /// What is in AWS several times, and which of it stays.
    pub(super) fn twins(&self, city: &City, keep: &BTreeSet<String>) -> Result<Vec<Twins>> {
        let wish = blueprint::wish_seeing(&city.config, &self.lost_to(&city.config), &self.seen);
        let owned = self.observed.for_wish(&wish.desired).map_err(|error| self.no_plan(&city.config, error))?;
        gcnet_core::twins(KINDS, &wish.desired, &owned, keep).map_err(|error| Box::new(Message::Choice(error)))
    }

    /// What a repair or a run that gave way left behind, and is still to go.
    pub(super) fn withdrawn(&self, city: &City) -> Result<BTreeSet<String>> {
        let owned = self.owned(&city.config)?.iter().map(|owned| &owned.object);
        let left = owned.filter(|object| identity::is_withdrawn(object.tags()) && !object.is_deleted());
        Ok(left.map(|object| object.id.clone()).collect())
    }

    /// What it takes to leave nothing of ours, but for the role that this run lives by: AWS would refuse the last calls of
    /// a role that has just lost its policy. The second value names it.
    pub(super) fn plan_destruction(&self, city: &City, protected: Protected) -> Result<(Planned, Option<String>)> {
        // Of what cannot be seen, nobody can say that nothing is left.
        if let Some((kind, failure)) = self.observed.unseen().next() {
            return Err(self.no_plan(&city.config, PlanError::Unseen { kind, failure: failure.clone() }));
        }
        let owned = self.owned(&city.config)?;
        let (own, others): (Vec<Owned>, Vec<Owned>) =
            owned.iter().cloned().partition(|owned| self.identity.is_session_of(&owned.object.id));
        let mut wish = blueprint::nothing_without(&city.config, &self.lost_to(&city.config));
        wish.ask_for_permissions(&city.config, self.refused.values());
        wish.desired.include_protected = protected == Protected::Included;
        let planned = self.planned(city, wish, &others)?;
        Ok((planned, own.into_iter().next().map(|role| role.object.id)))
    }

    /// There is no plan.
    fn no_plan(&self, municipality: &Municipality, error: PlanError) -> Box<Message> {
        Box::new(match error {
            PlanError::Twins { address, ids } => {
                Message::Twins { address, ids, command: format!("{} repair {}", self.again, municipality.key()) }
            }
            PlanError::Unseen { failure, .. } => {
                let (endpoint, profile) = self.origin.clone();
                Message::Call { failure, endpoint, profile }
            }
            error => Message::Plan(error),
        })
    }

    fn planned(&self, city: &City, wish: Wish, owned: &[Owned]) -> Result<Planned> {
        // What was seen in a lost account before it was lost, nobody may take for unwished.
        let lost = self.lost_to(&city.config);
        let owned: Vec<Owned> = owned.iter().filter(|owned| !is_in(&lost, owned)).cloned().collect();
        let plan = gcnet_core::plan(KINDS, &wish.desired, &owned).map_err(|error| self.no_plan(&city.config, error))?;
        let subject = subject(&city.config);
        let handshakes = handshake::all(&plan, &wish);
        let waiting = document::waiting(&city.config, &handshakes);
        let document = Document::new(&subject, &plan, &waiting, &wish.deferred, Some(&self.aws.counts()));
        Ok(Planned { subject, plan, wish, handshakes, document })
    }
}

/// It is in one of these accounts, and can be changed only there.
fn is_in(accounts: &BTreeSet<String>, owned: &Owned) -> bool {
    let Object { kind, raw, .. } = &owned.object;
    [ForeignRoute::NAME, ForeignRuleAssociation::NAME].contains(kind)
        && raw["account"].as_str().is_some_and(|account| accounts.contains(account))
}

/// Whether what is protected goes as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protected {
    Stays,
    Included,
}

/// Whether others who refused are asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asking {
    Once,
    Again,
}

impl Asking {
    pub(super) fn again(again: bool) -> Self {
        if again { Asking::Again } else { Asking::Once }
    }
}

/// A plan and what is needed to show it.
pub(super) struct Planned {
    pub(super) subject: Subject,
    pub(super) plan: Plan,
    pub(super) wish: Wish,
    pub(super) handshakes: Vec<Handshake>,
    pub(super) document: Document,
}

/// Of which municipality a report speaks.
pub(super) fn subject(municipality: &Municipality) -> Subject {
    let identity = &municipality.municipality;
    Subject {
        municipality: municipality.key().into(),
        name_ja: identity.name.to_string(),
        name_en: identity.name_en.as_ref().map_or_else(|| municipality.key().into(), ToString::to_string),
        environment: municipality.environment.value.as_str().into(),
        account: municipality.accounts.network.id.to_string(),
        region: municipality.region.value.as_str().into(),
    }
}

#[cfg(test)]
mod tests {
    use gcnet_aws::kinds::{ForeignAttachment, ForeignRoute};
    use gcnet_core::{Address, Kind, Object, Owned, Owner, Resource, State};
    use serde_json::json;

    use super::is_in;

    #[test]
    fn only_what_is_there_is_lost_with_an_account() {
        let owned = |kind: &'static str, raw| Owned {
            address: Address::new(kind, "x"),
            object: Object { kind, id: "x".into(), owner: Owner::Parent, state: State::Ready, raw },
        };
        let route = json!(ForeignRoute::example());
        assert!(is_in(&["111122223333".to_string()].into(), &owned(ForeignRoute::NAME, route.clone())));
        assert!(!is_in(&["444455556666".to_string()].into(), &owned(ForeignRoute::NAME, route)));
        let attachment = json!(ForeignAttachment::example());
        assert!(!is_in(&["111122223333".to_string()].into(), &owned(ForeignAttachment::NAME, attachment)));
    }
}
