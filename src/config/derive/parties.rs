//! The other parties of a file: whose account it is, what the company is called, whether we may act there, by when we ask.

use std::collections::BTreeSet;

use crate::config::schema::{Asp, AssumedRole, Credentials, DxOwner, Line, Municipality, Via};
use crate::config::values::{AccountId, Arn, Date, Name, Text};

/// A company with an account of its own.
#[derive(Debug, Clone, Copy)]
pub struct Party<'a> {
    /// Its name in `accounts.others`.
    pub name: &'a Name,
    /// Its account.
    pub id: &'a AccountId,
    /// What the company is called.
    pub company: &'a Text,
    /// The role that it gave us; without one, its moves are requested and waited for.
    pub role: Option<&'a AssumedRole>,
}

/// A party that the file expects moves of.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Who.
    pub party: Party<'a>,
    /// The earliest day that any of its blocks states.
    pub deadline: Option<Date>,
}

impl Municipality {
    /// The party of that name in `accounts.others`; `None` for a name that V02 refuses.
    pub fn party(&self, name: &str) -> Option<Party<'_>> {
        let (name, account) = self.accounts.others.get_key_value(name)?;
        let role = match &account.credentials {
            Credentials::None => None,
            Credentials::AssumeRole(role) => Some(role),
        };
        Some(Party { name: &name.value, id: &account.id.value, company: &account.owner.value, role })
    }

    /// The account in which an ASP's systems are, with the company as the ASP's block calls it.
    pub fn account_of<'a>(&'a self, asp: &'a Asp) -> Option<Party<'a>> {
        let party = self.party(&asp.account)?;
        Some(Party { company: asp.company.as_ref().unwrap_or(party.company), ..party })
    }

    /// The account of the Transit Gateway that an ASP is reached by: stated, or the ASP's own. `None` without a peering.
    pub fn peering_account<'a>(&'a self, asp: &'a Asp) -> Option<Party<'a>> {
        match &asp.peering.as_ref()?.account {
            Some(stated) => self.party(stated),
            None => self.account_of(asp),
        }
    }

    /// The owner of a line's Direct Connect gateway; `None` when that is the network account.
    pub fn line_account(&self, line: &Line) -> Option<Party<'_>> {
        match line.dxgw.owner.value {
            DxOwner::Ours => None,
            DxOwner::Other => self.party(line.dxgw.account.as_ref()?),
        }
    }

    /// Every party that ASPs, lines and sites name, each once, in the file's order.
    pub fn parties(&self) -> Vec<Request<'_>> {
        let asps = self.asps.iter().flat_map(|asp| {
            let accounts = [self.account_of(asp), self.peering_account(asp)];
            accounts.map(|party| (party, asp.deadline.as_ref()))
        });
        let lines = self.lines.iter().map(|line| (self.line_account(line), line.deadline.as_ref()));
        let sites = self.sites.iter().map(|site| {
            let party = match &site.via {
                Via::Peering(peering) => self.party(&peering.account),
                Via::Line(_) | Via::Attachment(_) => None,
            };
            (party, site.deadline.as_ref())
        });
        let mut requests: Vec<Request<'_>> = Vec::new();
        for (party, deadline) in lines.chain(sites).chain(asps) {
            let Some(party) = party else { continue };
            let deadline = deadline.map(|deadline| deadline.value);
            match requests.iter_mut().find(|request| request.party.name == party.name) {
                Some(known) => known.deadline = known.deadline.into_iter().chain(deadline).min(),
                None => requests.push(Request { party, deadline }),
            }
        }
        requests
    }

    /// Who may make an endpoint of the service that we offer to an ASP: stated, or everybody in the ASP's account.
    pub fn allowed_principals(&self, asp: &Asp) -> BTreeSet<Arn> {
        let stated = asp.service.iter().flat_map(|service| &service.principals);
        let stated: BTreeSet<Arn> = stated.map(|arn| arn.value.clone()).collect();
        if !stated.is_empty() {
            return stated;
        }
        let account = self.party(&asp.account).map(|party| party.id);
        account.and_then(|id| Arn::parse(&format!("arn:aws:iam::{id}:root")).ok()).into_iter().collect()
    }
}
