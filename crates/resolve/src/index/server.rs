//! What a name server outside goes by.

use std::{collections::HashMap, net::IpAddr};

use crate::{model::Server, name::upwards};

pub(crate) struct ServerView<'a> {
    pub(crate) server: &'a Server,
    domains: HashMap<&'a str, Stated>,
}

#[derive(Default)]
struct Stated {
    answers: bool,
    to: Vec<IpAddr>,
}

/// What a server does with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Choice<'n> {
    /// Answers for this domain.
    Answers(&'n str),
    /// Forwards this domain.
    Forwards(&'n str),
    /// What it does with all else.
    Otherwise,
}

impl<'a> ServerView<'a> {
    pub(super) fn new(server: &'a Server) -> ServerView<'a> {
        let mut domains: HashMap<&str, Stated> = HashMap::new();
        for domain in &server.answers {
            domains.entry(domain.key()).or_default().answers = true;
        }
        for conditional in &server.forwards {
            let to = &mut domains.entry(conditional.domain.key()).or_default().to;
            to.extend(&conditional.to);
        }
        ServerView { server, domains }
    }

    /// What it does with a name: the most specific domain decides, and of one domain it answers rather than forwards.
    pub(crate) fn decide<'n>(&self, name: &'n str) -> Choice<'n> {
        let mut stated = upwards(name).filter_map(|domain| Some((domain, self.domains.get(domain)?)));
        match stated.next() {
            Some((domain, stated)) if stated.answers => Choice::Answers(domain),
            Some((domain, _)) => Choice::Forwards(domain),
            None => Choice::Otherwise,
        }
    }

    /// Where it forwards a domain to.
    pub(crate) fn targets(&self, domain: &str) -> &[IpAddr] {
        self.domains.get(domain).map_or(&[], |stated| &stated.to)
    }

    /// Domains that something is stated about.
    pub(crate) fn domains(&self) -> impl Iterator<Item = &'a str> {
        let forwards = self.server.forwards.iter().map(|conditional| conditional.domain.key());
        self.server.answers.iter().map(|domain| domain.key()).chain(forwards)
    }
}
