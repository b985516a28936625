//! The wishes while they are collected.

use std::collections::{BTreeMap, BTreeSet};

use gcnet_aws::Aws;
use gcnet_core::{Address, Ask, Desired, Kind, Ref, Resource, Tags, Target, identity};
use ipnet::Ipv4Net;

use super::{Borrowed, Opening, Purpose, Standing, Tables, Upkeep};
use crate::config::{derive::Party, schema::Municipality};

/// Wishes, what each handshake among them is for, and what waits without a wish.
pub(super) struct Build<'a> {
    pub(super) municipality: &'a Municipality,
    pub(super) desired: Desired,
    pub(super) about: BTreeMap<Address, Purpose>,
    pub(super) standing: Vec<Standing>,
    pub(super) upkeep: Vec<Upkeep>,
    pub(super) borrowed: Vec<Borrowed>,
    /// Accounts whose role can no longer be assumed.
    pub(super) lost: &'a BTreeSet<String>,
    /// By VPC of another party: its addresses, where a role shows them.
    pub(super) seen: Option<&'a BTreeMap<String, BTreeSet<Ipv4Net>>>,
}

impl<'a> Build<'a> {
    pub(super) fn new(municipality: &'a Municipality, desired: Desired, lost: &'a BTreeSet<String>) -> Self {
        Build {
            municipality,
            desired,
            about: BTreeMap::new(),
            standing: vec![],
            upkeep: vec![],
            borrowed: vec![],
            lost,
            seen: None,
        }
    }

    /// Adds a wish that others take part in.
    pub(super) fn shake<K: Kind<Aws>>(&mut self, name: &str, spec: K, purpose: Purpose) -> Ref<K> {
        let wish = self.desired.add(name, spec);
        if let Target::Address(address) = wish.target() {
            self.about.insert(address.clone(), purpose);
        }
        wish
    }

    /// Adds what waits without a wish.
    pub(super) fn wait(&mut self, kind: &str, name: &str, purpose: Purpose, ask: Ask, opens: Option<Opening>) {
        self.standing.push(Standing { address: Address::new(kind, name), purpose, ask, opens });
    }

    /// Says what tables of the party have to send to us, through this handshake.
    pub(super) fn keep_up<K: Resource>(
        &mut self,
        through: &Ref<K>,
        party: &Party<'_>,
        purpose: Purpose,
        tables: Tables,
        destinations: BTreeSet<Ipv4Net>,
    ) {
        let (account, through) = (party.id.to_string(), Address::new(K::NAME, through.label()));
        self.upkeep.push(Upkeep { account, purpose, through, tables, destinations });
    }

    /// A role that the file names and that cannot be assumed is the company's to give back.
    pub(super) fn ask_for_lost_roles(&mut self) {
        for (name, other) in &self.municipality.accounts.others {
            let account = other.id.to_string();
            if self.lost.contains(&account) {
                let ask = Ask::account(account, "restore-role");
                self.wait("account", name, Purpose::Account(name.to_string()), ask, None);
            }
        }
    }

    /// We may act in this party's account.
    pub(super) fn acts_for(&self, party: &Party<'_>) -> bool {
        party.role.is_some() && !self.lost.contains(party.id.as_str())
    }

    /// Our own tags on what others made: for whoever looks at it in the console. Without an address they claim nothing.
    pub(super) fn labels(&self, name: &str) -> Tags {
        let stack = &self.desired.stack;
        let tag = |key: &str, value: String| (key.to_string(), value);
        [
            tag("Name", format!("{}-{}-{name}", stack.municipality, stack.environment)),
            tag(identity::MUNICIPALITY, stack.municipality.clone()),
            tag(identity::ENVIRONMENT, stack.environment.clone()),
        ]
        .into()
    }
}
