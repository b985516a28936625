//! The registry: services, their operations, and what an operation is given.
//!
//! Adding an operation is one function and one line in its family's `OPERATIONS`.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::account::Caller;
use crate::clock::Moment;
use crate::ec2::Ec2;
use crate::error::Result;
use crate::organization::Organizations;
use crate::protocol::{Params, Place, Protocol, RestAnswer, RestParams, Xml, template};
use crate::quota::Quotas;
use crate::store::{State, uuid};
use crate::wish::Wish;

/// Whether an operation changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Describe, List, Get, Head, Search: may lag.
    Read,
    /// Everything else: sees the present and is persisted.
    Write,
}

/// What an operation does, by the protocol of its service.
#[derive(Clone, Copy)]
pub(crate) enum Run {
    /// EC2 query and AWS query.
    Query(fn(&mut Ctx<'_>, &Params) -> Result<Xml>),
    /// JSON 1.1 and REST-JSON.
    Json(fn(&mut Ctx<'_>, Value) -> Result<Value>),
    /// REST-XML.
    Rest(fn(&mut Ctx<'_>, &RestParams<'_>) -> Result<RestAnswer>),
}

/// One operation of a service.
pub(crate) struct Operation {
    pub name: &'static str,
    pub access: Access,
    pub run: Run,
    /// Whether EC2's `DryRun` is one of its parameters.
    pub dry_run: bool,
    /// Method and path, where the protocol is REST. A path may have labels, `{Id}`.
    pub at: Option<(&'static str, &'static str)>,
}

type QueryRun = fn(&mut Ctx<'_>, &Params) -> Result<Xml>;
type JsonRun = fn(&mut Ctx<'_>, Value) -> Result<Value>;
type RestXmlRun = fn(&mut Ctx<'_>, &RestParams<'_>) -> Result<RestAnswer>;

impl Operation {
    const fn new(name: &'static str, access: Access, run: Run) -> Self {
        Self { name, access, run, dry_run: true, at: None }
    }

    /// A read of a query service.
    pub const fn read(name: &'static str, run: QueryRun) -> Self {
        Self::new(name, Access::Read, Run::Query(run))
    }

    /// A write of a query service.
    pub const fn write(name: &'static str, run: QueryRun) -> Self {
        Self::new(name, Access::Write, Run::Query(run))
    }

    /// A read of a JSON service.
    pub const fn json_read(name: &'static str, run: JsonRun) -> Self {
        Self::new(name, Access::Read, Run::Json(run))
    }

    /// A write of a JSON service.
    pub const fn json_write(name: &'static str, run: JsonRun) -> Self {
        Self::new(name, Access::Write, Run::Json(run))
    }

    /// A read of a REST-JSON service.
    pub const fn rest_read(name: &'static str, method: &'static str, path: &'static str, run: JsonRun) -> Self {
        Self { at: Some((method, path)), ..Self::json_read(name, run) }
    }

    /// A write of a REST-JSON service: `("CreateResourceShare", "POST", "/createresourceshare", create)`.
    pub const fn rest_write(name: &'static str, method: &'static str, path: &'static str, run: JsonRun) -> Self {
        Self { at: Some((method, path)), ..Self::json_write(name, run) }
    }

    /// A read of a REST-XML service. Labels are called as the members of the input that they are.
    pub const fn xml_read(name: &'static str, method: &'static str, path: &'static str, run: RestXmlRun) -> Self {
        Self { at: Some((method, path)), ..Self::new(name, Access::Read, Run::Rest(run)) }
    }

    /// A write of a REST-XML service: `("GetHostedZone", "GET", "/2013-04-01/hostedzone/{Id}", get)`.
    pub const fn xml_write(name: &'static str, method: &'static str, path: &'static str, run: RestXmlRun) -> Self {
        Self { at: Some((method, path)), ..Self::new(name, Access::Write, Run::Rest(run)) }
    }

    /// For the few EC2 operations that have no `DryRun`.
    pub const fn without_dry_run(mut self) -> Self {
        self.dry_run = false;
        self
    }
}

/// A service as the credential scope names it.
pub(crate) struct Service {
    pub name: &'static str,
    pub protocol: Protocol,
    pub scope: Scope,
    pub operations: &'static [&'static [Operation]],
}

/// Which Regions a service accepts in the credential scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    Regional,
    /// us-east-1, and every other Region too: STS has regional endpoints, and an SDK that is given an endpoint signs for
    /// its own Region even where a service is global.
    Global,
}

/// Every service that is simulated.
static SERVICES: &[&Service] = &[
    &crate::ec2::SERVICE,
    &crate::sts::SERVICE,
    &crate::iam::SERVICE,
    &crate::logs::SERVICE,
    &crate::ram::SERVICE,
    &crate::direct_connect::SERVICE,
    &crate::elb::SERVICE,
    &crate::route53::SERVICE,
    &crate::route53resolver::SERVICE,
    &crate::acmpca::SERVICE,
    &crate::s3::SERVICE,
    &crate::organizations::SERVICE,
    &crate::service_quotas::SERVICE,
    &crate::ssm::SERVICE,
];

/// One operation of the registry, for those who ask what is simulated.
#[derive(Debug, Serialize)]
pub(crate) struct Registered {
    service: &'static str,
    operation: &'static str,
    access: Access,
    dry_run: bool,
}

/// All that is simulated.
pub(crate) fn registered() -> Vec<Registered> {
    let of = |service: &&'static Service| {
        let (name, has_dry_run) = (service.name, service.protocol.has_dry_run());
        service.operations.iter().copied().flatten().map(move |operation| Registered {
            service: name,
            operation: operation.name,
            access: operation.access,
            dry_run: has_dry_run && operation.dry_run,
        })
    };
    SERVICES.iter().flat_map(of).collect()
}

impl Service {
    pub fn find(name: &str) -> Option<&'static Self> {
        SERVICES.iter().find(|known| known.name == name).copied()
    }

    pub fn operation(&self, name: &str) -> Option<&'static Operation> {
        let mut all = self.operations.iter().copied().flatten();
        all.find(|known| known.name == name)
    }

    /// The REST operation at this method and path, and at these parameters of the query string where its template has
    /// some: the one that has most of them.
    pub fn at(&self, method: &str, path: &str, query: &BTreeMap<String, String>) -> Option<Place> {
        let given = |(name, value): (&str, Option<&str>)| {
            query.get(name).is_some_and(|given| value.is_none_or(|value| value == given))
        };
        let fitting = self.operations.iter().copied().flatten().filter_map(|known| {
            let (_, its_path) = known.at.filter(|(its_method, _)| *its_method == method)?;
            let fits = template::parameters(its_path).all(given) && template::labels(its_path, path).is_some();
            fits.then_some((known.name, its_path))
        });
        // Of equals the first, as they are registered.
        fitting.fold(None, |best: Option<Place>, one| {
            let count = |place: Place| template::parameters(place.1).count();
            if best.is_none_or(|best| count(one) > count(best)) { Some(one) } else { best }
        })
    }
}

/// What an operation works on. It sees and changes a copy of the store, which replaces the store when it succeeds.
pub(crate) struct Ctx<'a> {
    pub state: &'a mut State,
    /// Simulated time; for a read, the moment it looks at.
    pub now: Moment,
    /// The system's time, for what clients compare with their own clock.
    pub wall: Moment,
    pub caller: &'a Caller,
    pub region: &'a str,
    pub quotas: &'a Quotas,
    pub organizations: &'a Organizations,
    /// What the request wishes as an id of what it makes.
    pub wish: Wish,
}

impl Ctx<'_> {
    /// The caller's EC2 in the request's Region.
    pub fn ec2(&self) -> &Ec2 {
        &self.state.regional(&self.caller.account, self.region).ec2
    }

    pub fn ec2_mut(&mut self) -> &mut Ec2 {
        &mut self.state.regional_mut(&self.caller.account, self.region).ec2
    }

    /// A new EC2 id: `vpc-0123456789abcdef0`, or the one that the request wishes. So make first what the request is
    /// about.
    pub fn new_id(&mut self, prefix: &str) -> String {
        if let Some(wished) = self.wish.with_prefix(prefix) {
            return wished;
        }
        // Seventeen digits of which the first is 0, as in every account so far.
        format!("{prefix}-0{}", self.state.mint_hex(prefix, 16))
    }

    /// A new id of the kind that resource shares and Direct Connect gateways have, or the one that the request wishes.
    pub fn new_uuid(&mut self, kind: &str) -> String {
        self.wish.uuid().unwrap_or_else(|| uuid(&self.state.mint_hex(kind, 32)))
    }

    /// The ARN of something of the caller's in this Region: `arn:aws:ec2:ap-northeast-1:111122223333:subnet/…`.
    pub fn arn(&self, service: &str, resource: &str) -> String {
        let (region, account) = (self.region, &self.caller.account);
        format!("arn:aws:{service}:{region}:{account}:{resource}")
    }

    /// The moment so many simulated seconds from now.
    pub fn in_seconds(&self, seconds: u64) -> Moment {
        self.now.plus(Duration::from_secs(seconds))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn operations_speak_their_services_protocol_and_are_registered_once() {
        for service in SERVICES {
            let mut seen = BTreeSet::new();
            for operation in service.operations.iter().copied().flatten() {
                let json = matches!(service.protocol, Protocol::Json { .. } | Protocol::RestJson);
                let xml = matches!(service.protocol, Protocol::RestXml { .. } | Protocol::S3);
                let rest = xml || service.protocol == Protocol::RestJson;
                assert_eq!(operation.at.is_some(), rest, "{}", operation.name);
                assert_eq!(matches!(operation.run, Run::Json(_)), json, "{}", operation.name);
                assert_eq!(matches!(operation.run, Run::Rest(_)), xml, "{}", operation.name);
                if let Some((method, path)) = operation.at {
                    let sample = template::path_of(path).replace(['{', '}', '+'], "");
                    let query = template::parameters(path)
                        .map(|(name, value)| (name.to_owned(), value.unwrap_or_default().to_owned()))
                        .collect();
                    assert_eq!(
                        service.at(method, &sample, &query).map(|(name, _)| name),
                        Some(operation.name),
                        "{path}"
                    );
                }
                assert!(seen.insert(operation.name), "{} is registered twice", operation.name);
            }
        }
    }

    #[test]
    fn what_only_reads_is_a_read() {
        for operation in SERVICES.iter().flat_map(|service| service.operations.iter().copied().flatten()) {
            let verbs = ["Decode", "Describe", "Get", "Head", "List", "Search", "Simulate"];
            // It makes credentials.
            let reads =
                operation.name != "GetSessionToken" && verbs.iter().any(|verb| operation.name.starts_with(verb));
            let expected = if reads { Access::Read } else { Access::Write };
            assert_eq!(operation.access, expected, "{}", operation.name);
        }
    }
}
