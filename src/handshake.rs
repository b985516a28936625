//! Handshakes with other parties: a plan, the wish behind it and the file, joined into who has to do what and what for.

use std::collections::BTreeSet;

use gcnet_core::{Address, Ask, Party, Plan};

use crate::{
    blueprint::{Opening, Purpose, Wish},
    config::{
        self,
        derive::{Behind, TransitPeering},
        schema::Municipality,
    },
};

/// One handshake.
#[derive(Clone, Debug, PartialEq)]
pub struct Handshake {
    /// Of what.
    pub address: Address,
    /// Its live id, where it is there.
    pub id: Option<String>,
    /// What for; unknown for what no wish names.
    pub purpose: Option<Purpose>,
    /// Whose move it is.
    pub stage: Stage,
    /// What is asked of whom; empty when nobody has to move or we do.
    pub asks: Vec<Ask>,
    /// What cannot be done before.
    pub holds: Vec<Address>,
    /// When it is expected, where the file says.
    pub opens: Option<Opening>,
}

/// Whose move it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Nobody's: it is done.
    Done,
    /// Ours: the next apply makes it.
    Ours,
    /// Nobody's yet: another handshake has to be done first.
    Behind,
    /// The other party's.
    Theirs,
    /// The other party's, and it said no.
    Refused,
    /// Whoever keeps the file has to decide.
    Decide,
}

/// Every handshake of a plan. What is asked comes first, in an order in which it could be done: what waits without a resource,
/// then the others; what is not asked follows in the order of addresses.
pub fn all(plan: &Plan, wish: &Wish) -> Vec<Handshake> {
    let standing = wish.standing.iter().map(|standing| Handshake {
        address: standing.address.clone(),
        id: None,
        purpose: Some(standing.purpose.clone()),
        stage: stage(std::slice::from_ref(&standing.ask)),
        asks: vec![standing.ask.clone()],
        holds: vec![],
        opens: standing.opens.clone(),
    });
    let asked = plan.waiting.iter().map(|waiting| Handshake {
        address: waiting.address.clone(),
        id: waiting.id.clone(),
        purpose: wish.about.get(&waiting.address).cloned(),
        stage: stage(&waiting.asks),
        asks: waiting.asks.clone(),
        holds: waiting.holds.iter().cloned().collect(),
        opens: None,
    });
    let waiting: BTreeSet<&Address> = plan.waiting.iter().map(|waiting| &waiting.address).collect();
    let stepped: BTreeSet<&Address> =
        plan.steps.iter().filter(|step| !step.is_attempt()).map(|step| &step.address).collect();
    let held: BTreeSet<&Address> = plan.waiting.iter().flat_map(|waiting| &waiting.holds).collect();
    let others = wish.handshakes().filter(|(address, _)| !waiting.contains(address));
    let others = others.map(|(address, purpose)| Handshake {
        address: address.clone(),
        id: plan.ids.get(address).cloned(),
        purpose: Some(purpose.clone()),
        stage: match () {
            () if held.contains(address) => Stage::Behind,
            () if stepped.contains(address) => Stage::Ours,
            () => Stage::Done,
        },
        asks: vec![],
        holds: vec![],
        opens: None,
    });
    standing.chain(asked).chain(others).collect()
}

/// What cannot be asked before something of ours has its id: the calls are made of it.
const NEED_AN_ID: [&str; 4] = ["attach-vpc", "create-endpoint", "request-peering", "authorise-vpc"];

fn stage(asks: &[Ask]) -> Stage {
    let of = |ask: &Ask| match ask.party {
        _ if ask.calls.is_empty() && NEED_AN_ID.contains(&ask.action.as_str()) => Stage::Behind,
        Party::Operator => Stage::Decide,
        _ if ask.refused => Stage::Refused,
        Party::Account(_) | Party::Outsider => Stage::Theirs,
    };
    asks.iter().map(of).max().unwrap_or(Stage::Done)
}

/// The account (12 digits) of a party by its name in the file, its company's name or its id.
pub fn account_called(municipality: &Municipality, party: &str) -> Option<String> {
    let others = municipality.accounts.others.iter();
    let is_called = |name: &str, id: &str, owner: &str| [name, id, owner].contains(&party);
    let mut found = others.filter(|(name, other)| is_called(name.as_str(), other.id.as_str(), &other.owner));
    found.next().map(|(_, other)| other.id.to_string())
}

/// Who stands behind an account, as far as the file says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Who {
    /// The company; the account where the file does not know it.
    pub company: String,
    /// 12 digits; absent for who has none that we know.
    pub account: Option<String>,
    /// The name in `accounts.others`.
    pub name: Option<String>,
    /// Who to ask there.
    pub contact: Option<String>,
}

/// Who has to move: of a handshake's purpose, the company that the file names for it.
pub fn who(municipality: &Municipality, party: &Party, purpose: Option<&Purpose>) -> Who {
    let account = match party {
        Party::Account(account) => account,
        Party::Outsider => {
            let line = match purpose {
                Some(Purpose::Line(line)) => line.clone(),
                _ => String::new(),
            };
            return Who { company: line, account: None, name: None, contact: None };
        }
        Party::Operator => {
            let network = &municipality.accounts.network;
            let contact = network.contact.as_ref().map(ToString::to_string);
            let company = municipality.key().to_string();
            return Who { company, account: Some(network.id.to_string()), name: None, contact };
        }
    };
    let found = municipality.accounts.others.iter().find(|(_, other)| other.id.as_str() == account);
    let asp = match purpose {
        Some(Purpose::Asp(name)) => municipality.asps.iter().find(|asp| asp.name.as_str() == name),
        _ => None,
    };
    let company = asp.and_then(|asp| asp.company.as_ref()).map(ToString::to_string);
    Who {
        company: company.or_else(|| found.map(|(_, other)| other.owner.to_string())).unwrap_or_else(|| account.clone()),
        account: Some(account.clone()),
        name: found.map(|(name, _)| name.to_string()),
        contact: found.and_then(|(_, other)| other.contact.as_ref()).map(ToString::to_string),
    }
}

/// The company that the file names for a purpose.
pub fn company(municipality: &Municipality, purpose: &Purpose) -> Option<String> {
    party(municipality, purpose).map(|party| party.company.to_string())
}

/// The party that a purpose has to do with: of a peering, whoever owns the other gateway.
pub fn party<'a>(municipality: &'a Municipality, purpose: &Purpose) -> Option<config::derive::Party<'a>> {
    match purpose {
        Purpose::Account(name) => municipality.party(name),
        Purpose::Asp(name) => {
            let asp = municipality.asps.iter().find(|asp| asp.name.as_str() == name)?;
            municipality.peering_account(asp).or_else(|| municipality.account_of(asp))
        }
        Purpose::Line(name) => {
            municipality.line_account(municipality.lines.iter().find(|line| line.name.as_str() == name)?)
        }
        Purpose::Sites(names) => {
            let peerings = municipality.peerings();
            let behind = |peering: &&TransitPeering<'_>| match &peering.behind {
                Behind::Sites(sites) => sites.iter().any(|site| names.iter().any(|name| site.name.as_str() == name)),
                Behind::Asp(_) => false,
            };
            peerings.iter().find(behind)?.party
        }
    }
}
