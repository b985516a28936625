//! All that a set of accounts holds, whether it carries our tags or not.

use std::collections::{BTreeMap, BTreeSet};

use gcnet::config::schema::Municipality;
use gcnet_sandbox::{ApiCall, Resource, Sandbox};
use serde_json::{Value, json};

use crate::support::accounts;

/// What is alive, by account, and every authority that AWS lists, deleted ones too: each costs 400 USD a month while it
/// lives, and none comes back unnoticed.
#[derive(Clone, Debug, PartialEq)]
pub struct Content {
    alive: BTreeMap<String, BTreeSet<Resource>>,
    authorities: Vec<String>,
}

impl Content {
    pub fn of(sandbox: &Sandbox, municipality: &Municipality) -> Self {
        let alive = accounts(municipality).into_iter().map(|account| {
            let all = sandbox.everything(&account).into_iter().collect();
            (account, all)
        });
        Content { alive: alive.collect(), authorities: authorities(sandbox, municipality) }
    }

    /// How many of each kind, by account and Region.
    fn census(&self) -> BTreeMap<String, usize> {
        let mut census: BTreeMap<String, usize> = BTreeMap::new();
        for (account, all) in &self.alive {
            for resource in all {
                *census.entry(format!("{account} {} {}", resource.region, resource.kind)).or_default() += 1;
            }
        }
        for authority in &self.authorities {
            *census.entry(format!("authority {authority}")).or_default() += 1;
        }
        census
    }

    /// In what this differs from what a calm run led to: other counts of a kind, or the loss or alteration of what was there
    /// before and a calm run leaves as it is.
    pub fn differs(&self, before: &Content, calm: &Content) -> Vec<String> {
        let (is, should) = (self.census(), calm.census());
        let kinds: BTreeSet<&String> = is.keys().chain(should.keys()).collect();
        let count = |census: &BTreeMap<String, usize>, kind: &str| census.get(kind).copied().unwrap_or_default();
        let miscounted = kinds.into_iter().filter(|kind| count(&is, kind) != count(&should, kind));
        let miscounted =
            miscounted.map(|kind| format!("{kind}: {} and not {}", count(&is, kind), count(&should, kind)));
        let untouched = before.alive.iter().flat_map(|(account, all)| {
            let stays = |resource: &&Resource| calm.alive[account].contains(*resource);
            let is_lost = |resource: &&Resource| !self.alive[account].contains(*resource);
            let lost = all.iter().filter(stays).filter(is_lost);
            lost.map(move |resource| format!("{account} {} {} was touched", resource.kind, resource.id))
        });
        miscounted.chain(untouched).collect()
    }
}

/// `root ACTIVE`: the mark in its name and its state.
fn authorities(sandbox: &Sandbox, municipality: &Municipality) -> Vec<String> {
    let call = ApiCall {
        account: municipality.accounts.network.id.to_string(),
        region: municipality.region.value.as_str().into(),
        service: "acm-pca".into(),
        operation: "ListCertificateAuthorities".into(),
        input: json!({}),
        id: None,
    };
    let answer = sandbox.call(&call).unwrap();
    let path = "/CertificateAuthorityConfiguration/CsrExtensions/SubjectInformationAccess/0/AccessLocation\
                /UniformResourceIdentifier";
    let line = |ca: &Value| {
        let text = |path: &str| ca.pointer(path).and_then(Value::as_str).unwrap();
        format!("{} {}", text(path).rsplit('/').next().unwrap(), text("/Status"))
    };
    let mut all: Vec<String> = answer["CertificateAuthorities"].as_array().unwrap().iter().map(line).collect();
    all.sort();
    all
}
