//! A cloud in memory: it refuses what a real one refuses, takes its time, counts calls, lags, lies low and dies on
//! demand. All times are tokio's, so tests run on a paused clock.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::{
    sync::{Notify, OnceCell},
    time::Instant,
};

use crate::{Class, Failure, Live, Owner, Resource, Stack, State, Tags, Target, World, refs};

/// Since when everybody who is asked has been asked.
const SINCE: &str = "2026-04-01T00:00:00Z";

/// Until when every deleted vault can be brought back.
pub const UNTIL: &str = "2026-05-01T00:00:00Z";

/// For how long a deleted attachment stays listed.
const TOMBSTONE: Duration = Duration::from_secs(3600);

#[derive(Clone, Debug, PartialEq)]
pub struct Thing {
    pub id: String,
    pub kind: &'static str,
    /// The spec, with live ids.
    pub raw: Value,
    pub tags: Tags,
    made: Instant,
    ready: Instant,
    /// When it will be gone.
    gone: Option<Instant>,
    pub failed: bool,
    pub verdict: Verdict,
}

/// What another party says to a thing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// Yes, or nobody is asked.
    Accepted,
    /// Nothing yet.
    Asked,
    /// No.
    Refused,
}

impl Thing {
    fn is_gone(&self, at: Instant) -> bool {
        self.gone.is_some_and(|gone| gone <= at)
    }

    /// The provider's word for its state.
    fn word(&self, at: Instant) -> &'static str {
        match self.gone {
            Some(gone) if gone <= at => "deleted",
            Some(_) => "deleting",
            None if at < self.ready => "pending",
            None if self.failed => "failed",
            None if self.verdict == Verdict::Asked => "asked",
            None if self.verdict == Verdict::Refused => "refused",
            None => "available",
        }
    }

    fn mentions(&self, id: &str) -> bool {
        self.id != id && self.raw.to_string().contains(&format!("\"{id}\""))
    }
}

/// What goes wrong with a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trouble {
    /// Nothing is done, and the answer says so.
    Refuse(Class),
    /// The answer is lost.
    Lose { executed: bool },
    /// The process dies.
    Die { executed: bool },
}

#[derive(Clone, Debug)]
enum When {
    /// The n-th write from now on, from 1.
    Write(usize),
    /// The next calls whose `operation:kind` starts so.
    Calls(&'static str, usize),
}

type Things = BTreeMap<String, Thing>;

#[derive(Default)]
pub struct Cloud {
    things: Arc<Things>,
    /// Everything as it was after each write: what a lagging read sees.
    history: Vec<(Instant, Arc<Things>)>,
    made: usize,
    in_flight: usize,
    troubles: Vec<(When, Trouble)>,
    pub tokens: BTreeMap<String, String>,
    /// Reads since the last reset, by call.
    pub reads: BTreeMap<&'static str, usize>,
    /// Writes since the last reset, refused ones included: `operation:kind id`.
    pub writes: Vec<String>,
    /// The most writes that were in flight at once.
    pub most_in_flight: usize,
    /// How long a call takes.
    pub latency: Duration,
    /// Makes some calls take longer, up to ten times; none where it is 0.
    pub jitter: u64,
    /// Younger things have lesser ids.
    pub ids_fall: bool,
    /// By how much reads lag behind writes, and how long a new thing cannot be referred to.
    pub lag: Duration,
    /// How long things of a kind take to become ready, and to go.
    pub slow: BTreeMap<&'static str, Duration>,
    /// How many of the next things of a kind will fail.
    pub failing: BTreeMap<&'static str, usize>,
    /// Accounts without whose leave no door to them comes or goes.
    pub closed: BTreeSet<String>,
    /// Ids that reads do not show.
    pub hidden: BTreeSet<String>,
}

/// A call sees all kinds that come out of it: routes come with their tables.
const CALLS: &[(&str, &[&str])] = &[
    ("nets", &["net"]),
    ("subnets", &["subnet"]),
    ("attachments", &["attachment"]),
    ("tables", &["table", "route"]),
    ("assocs", &["assoc"]),
    ("logs", &["log"]),
    ("peers", &["peer"]),
    ("guests", &["stamp", "pass", "guest"]),
    ("offers", &["offer"]),
    ("doors", &["door"]),
    ("wires", &["wire", "visit"]),
    ("vaults", &["vault"]),
];

type Memo = BTreeMap<&'static str, OnceCell<Vec<(Thing, &'static str)>>>;

/// A client of the cloud with what it has read so far.
#[derive(Clone)]
pub struct Toy {
    cloud: Arc<Mutex<Cloud>>,
    memo: Arc<Memo>,
    died: Arc<Notify>,
}

impl World for Toy {
    fn fresh(&self) -> Self {
        let memo = CALLS.iter().map(|(call, _)| (*call, OnceCell::new())).collect();
        Toy { memo: Arc::new(memo), ..self.clone() }
    }
}

impl Default for Toy {
    fn default() -> Self {
        let cloud = Cloud { latency: Duration::from_millis(50), ..Cloud::default() };
        Toy { cloud: Arc::new(Mutex::new(cloud)), memo: Arc::default(), died: Arc::default() }.fresh()
    }
}

fn failure(class: Class, operation: &str, code: &str) -> Failure {
    Failure { class, code: code.into(), ..Failure::internal(format!("toy:{operation}"), code) }
}

#[expect(clippy::disallowed_methods, reason = "the toy cloud takes its time")]
pub async fn pass(time: Duration) {
    tokio::time::sleep(time).await;
}

/// Counts a write as in flight until it is answered or dropped.
struct Flight(Arc<Mutex<Cloud>>);

impl Drop for Flight {
    fn drop(&mut self) {
        self.0.lock().unwrap().in_flight -= 1;
    }
}

/// What the tests do to the cloud.
impl Toy {
    pub fn cloud(&self) -> MutexGuard<'_, Cloud> {
        self.cloud.lock().unwrap()
    }

    /// Something goes wrong with the n-th write from now on.
    pub fn trouble_at(&self, write: usize, trouble: Trouble) {
        let mut cloud = self.cloud();
        let write = cloud.writes.len() + write;
        cloud.troubles.push((When::Write(write), trouble));
    }

    /// Something goes wrong with the next calls whose `operation:kind` starts so.
    pub fn trouble(&self, calls: &'static str, times: usize, trouble: Trouble) {
        self.cloud().troubles.push((When::Calls(calls, times), trouble));
    }

    /// Things of this kind take so long to become ready, and to go.
    pub fn slow(&self, kind: &'static str, seconds: u64) {
        self.cloud().slow.insert(kind, Duration::from_secs(seconds));
    }

    pub fn calm(&self) {
        self.cloud().troubles.clear();
    }

    /// Forgets what was counted.
    pub fn reset(&self) {
        let mut cloud = self.cloud();
        cloud.reads.clear();
        cloud.writes.clear();
        cloud.most_in_flight = 0;
    }

    /// The same cloud as another process sees it, which dies by itself.
    pub fn process(&self) -> Toy {
        Toy { died: Arc::default(), ..self.fresh() }
    }

    /// Resolves when a call kills the process.
    pub async fn died(&self) {
        self.died.notified().await;
    }

    /// What is there, by id; what is on its way out is not.
    pub fn things(&self) -> Vec<Thing> {
        self.cloud().things.values().filter(|thing| thing.gone.is_none()).cloned().collect()
    }

    /// The id of the only thing that carries this address.
    pub fn id_of(&self, address: &str) -> String {
        let things = self.things();
        let mut ids = things.iter().filter(|t| t.tags.get("gcnet:address").is_some_and(|a| a == address));
        match (ids.next(), ids.next()) {
            (Some(thing), None) => thing.id.clone(),
            other => panic!("{address}: {other:?}"),
        }
    }

    /// Somebody works on the console: on things that are there, past every rule.
    pub fn by_hand(&self, work: impl FnOnce(&mut Things)) {
        let mut cloud = self.cloud();
        work(Arc::make_mut(&mut cloud.things));
        cloud.remember();
    }

    /// Sets an attribute by hand.
    pub fn set(&self, id: &str, field: &str, value: impl Into<Value>) {
        self.by_hand(|things| things.get_mut(id).unwrap().raw[field] = value.into());
    }

    /// A copy of a thing, made by hand or by a run that could not see the first.
    pub fn copy(&self, id: &str, copy: &str) {
        self.by_hand(|things| {
            let thing = Thing { id: copy.into(), ..things[id].clone() };
            things.insert(copy.into(), thing);
        });
    }

    /// Another party makes a thing.
    pub fn appear(&self, kind: &'static str, raw: Value) {
        let mut cloud = self.cloud();
        cloud.made += 1;
        let id = format!("{kind}-{:03}", cloud.made);
        let thing = cloud.newborn(id, kind, raw, Tags::new());
        Arc::make_mut(&mut cloud.things).insert(thing.id.clone(), thing);
        cloud.remember();
    }

    /// Another party deletes a thing, which takes as long as for anybody.
    pub fn fade(&self, id: &str) {
        let mut cloud = self.cloud();
        let kind = cloud.things.get(id).map_or("", |thing| thing.kind);
        let gone = Instant::now() + cloud.slow.get(kind).copied().unwrap_or_default();
        Arc::make_mut(&mut cloud.things).entry(id.into()).and_modify(|thing| thing.gone = Some(gone));
        cloud.remember();
    }

    /// Deletes a thing, and first all that uses it.
    pub fn tear_down(&self, id: &str) {
        let users: Vec<String> = self.things().into_iter().filter(|t| t.mentions(id)).map(|t| t.id).collect();
        users.iter().for_each(|user| self.tear_down(user));
        self.by_hand(|things| drop(things.remove(id)));
    }
}

impl Cloud {
    /// How long the next call takes.
    fn takes(&mut self) -> Duration {
        if self.jitter == 0 {
            return self.latency;
        }
        // Marsaglia's xorshift.
        self.jitter ^= self.jitter << 13;
        self.jitter ^= self.jitter >> 7;
        self.jitter ^= self.jitter << 17;
        self.latency * u32::try_from(1 + self.jitter % 10).unwrap_or(1)
    }

    fn remember(&mut self) {
        self.history.push((Instant::now(), self.things.clone()));
    }

    fn strike(&mut self, call: &str, write: Option<usize>) -> Option<Trouble> {
        let hit = self.troubles.iter_mut().position(|(when, _)| match when {
            When::Write(n) => Some(*n) == write,
            When::Calls(prefix, _) => call.starts_with(*prefix),
        })?;
        let (when, trouble) = &mut self.troubles[hit];
        let trouble = *trouble;
        match when {
            When::Calls(_, times) if *times > 1 => *times -= 1,
            _ => drop(self.troubles.remove(hit)),
        }
        Some(trouble)
    }

    fn newborn(&mut self, id: String, kind: &'static str, raw: Value, tags: Tags) -> Thing {
        let failing = self.failing.entry(kind).or_default();
        let failed = *failing > 0;
        *failing = failing.saturating_sub(1);
        let made = Instant::now();
        let ready = made + self.slow.get(kind).copied().unwrap_or_default();
        let verdict = if kind == "door" { Verdict::Asked } else { Verdict::Accepted };
        Thing { id, kind, raw, tags, made, ready, gone: None, failed, verdict }
    }

    /// Refuses what its account has not allowed.
    fn check_open(&self, operation: &str, raw: &Value) -> Result<(), Failure> {
        match raw["account"].as_str().filter(|account| self.closed.contains(*account)) {
            Some(account) => Err(failure(Class::Theirs, operation, account)),
            None => Ok(()),
        }
    }

    fn there(&self, id: &str) -> Option<&Thing> {
        self.things.get(id).filter(|thing| !thing.is_gone(Instant::now()))
    }

    /// The others of a kind, those on their way out included.
    fn others<'a>(&'a self, kind: &'a str, id: &'a str) -> impl Iterator<Item = &'a Thing> {
        let now = Instant::now();
        self.things.values().filter(move |t| t.kind == kind && t.id != id && !t.is_gone(now))
    }

    /// Refuses what refers to something that is not there, not seen yet or not ready; and what clashes.
    fn check(&self, operation: &str, kind: &'static str, id: &str, raw: &Value) -> Result<(), Failure> {
        let now = Instant::now();
        for target in refs::collect(raw) {
            let Target::Id(target) = target else {
                return Err(failure(Class::Invalid, operation, "AddressInsteadOfId"));
            };
            match self.there(&target) {
                Some(thing) if thing.made + self.lag > now => {
                    return Err(failure(Class::NotFound, operation, "NotFound"));
                }
                None => return Err(failure(Class::NotFound, operation, "NotFound")),
                Some(thing) if thing.word(now) == "failed" => {
                    return Err(failure(Class::Invalid, operation, "UsesFailed"));
                }
                Some(thing) if thing.verdict != Verdict::Accepted || thing.raw["accepted"] == false => {
                    return Err(failure(Class::Invalid, operation, "NotAccepted"));
                }
                Some(thing) if thing.word(now) != "available" => {
                    return Err(failure(Class::NotYet, operation, "IncorrectState"));
                }
                Some(_) => {}
            }
        }
        let same = |field: &str, other: &Thing| other.raw[field] == raw[field];
        match kind {
            "subnet" if self.others(kind, id).any(|other| same("net", other) && same("cidr", other)) => {
                Err(failure(Class::NotYet, operation, "InvalidSubnet.Conflict"))
            }
            "assoc" if self.others(kind, id).any(|other| same("subnet", other)) => {
                Err(failure(Class::Invalid, operation, "Resource.AlreadyAssociated"))
            }
            "attachment" => {
                let subnets: BTreeSet<_> = refs::collect(&raw["subnets"]).into_iter().collect();
                let net_of = |target: &Target| match target {
                    Target::Id(id) => self.there(id).map(|thing| thing.raw["net"].clone()),
                    Target::Address(_) => None,
                };
                let fits = !subnets.is_empty() && subnets.iter().all(|s| net_of(s).as_ref() == Some(&raw["net"]));
                fits.then_some(()).ok_or_else(|| failure(Class::Invalid, operation, "InvalidSubnets"))
            }
            _ => Ok(()),
        }
    }
}

/// What the kinds call.
impl Toy {
    /// Everything of a kind that the cloud lists; what has been deleted is left out, as a kind must, but for vaults, which can
    /// be brought back.
    pub async fn list<K: Resource + DeserializeOwned>(&self) -> Result<Vec<Live<K>>, Failure> {
        let (call, kinds) = CALLS.iter().find(|(_, kinds)| kinds.contains(&K::NAME)).unwrap();
        let seen = self.memo[call].get_or_try_init(|| self.read(call, kinds)).await?;
        let is_there = |word: &str| word != "deleted" || K::NAME == "vault";
        let ours = seen.iter().filter(|(thing, word)| thing.kind == K::NAME && is_there(word));
        Ok(ours
            .map(|(thing, word)| Live {
                id: thing.id.clone(),
                owner: if *word == "deleted" { mark(thing) } else { owner(thing) },
                state: match *word {
                    "available" => State::Ready,
                    "deleting" => State::Leaving,
                    "deleted" => State::Deleted { until: Some(UNTIL.into()) },
                    "failed" => State::Failed("it broke".into()),
                    "asked" | "refused" => State::Theirs { refused: *word == "refused", since: Some(SINCE.into()) },
                    word => State::Pending(word.into()),
                },
                spec: serde_json::from_value(thing.raw.clone()).unwrap(),
            })
            .collect())
    }

    async fn read(&self, call: &'static str, kinds: &[&str]) -> Result<Vec<(Thing, &'static str)>, Failure> {
        let latency = self.cloud().takes();
        pass(latency / 2).await;
        let seen = {
            let mut cloud = self.cloud();
            *cloud.reads.entry(call).or_default() += 1;
            let operation = format!("read:{call}");
            if let Some(trouble) = cloud.strike(&operation, None) {
                let class = if let Trouble::Refuse(class) = trouble { class } else { Class::Unknown };
                return Err(failure(class, &operation, "trouble"));
            }
            let at = Instant::now().checked_sub(cloud.lag).unwrap_or_else(Instant::now);
            let past = cloud.history.iter().rev().find(|(when, _)| *when <= at);
            let things = past.map(|(_, things)| things.clone()).unwrap_or_default();
            let listed = |t: &&Thing| {
                let buried = t.gone.is_some_and(|gone| gone + TOMBSTONE <= at);
                kinds.contains(&t.kind) && !cloud.hidden.contains(&t.id) && !buried
            };
            things.values().filter(listed).map(|thing| (thing.clone(), thing.word(at))).collect()
        };
        pass(latency / 2).await;
        Ok(seen)
    }

    async fn write<T>(
        &self,
        operation: String,
        effect: impl FnOnce(&mut Cloud) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let latency = {
            let mut cloud = self.cloud();
            cloud.in_flight += 1;
            cloud.most_in_flight = cloud.most_in_flight.max(cloud.in_flight);
            cloud.takes()
        };
        let _flight = Flight(self.cloud.clone());
        pass(latency / 2).await;
        let trouble = {
            let mut cloud = self.cloud();
            cloud.writes.push(operation.clone());
            let write = cloud.writes.len();
            cloud.strike(&operation, Some(write))
        };
        match trouble {
            Some(Trouble::Refuse(class)) => return Err(failure(class, &operation, "trouble")),
            Some(Trouble::Lose { executed: false }) => return Err(failure(Class::Unknown, &operation, "timeout")),
            Some(Trouble::Die { executed: false }) => self.die().await,
            _ => {}
        }
        let result = {
            let mut cloud = self.cloud();
            let result = effect(&mut cloud);
            cloud.remember();
            result
        };
        match trouble {
            Some(Trouble::Lose { executed: true }) => return Err(failure(Class::Unknown, &operation, "timeout")),
            Some(Trouble::Die { executed: true }) => self.die().await,
            _ => {}
        }
        pass(latency / 2).await;
        result
    }

    async fn die(&self) {
        self.died.notify_one();
        std::future::pending::<()>().await;
    }

    /// Makes a thing; `id` for what names itself.
    pub async fn make<K: Resource + Serialize>(
        &self,
        spec: &K,
        id: Option<String>,
        tags: &Tags,
        token: Option<&str>,
    ) -> Result<String, Failure> {
        let operation = format!("create:{}", K::NAME);
        let raw = serde_json::to_value(spec).unwrap();
        self.write(operation.clone(), |cloud| {
            if let Some(known) = token.and_then(|token| cloud.tokens.get(token)).filter(|id| cloud.there(id).is_some())
            {
                return Ok(known.clone());
            }
            if let Some(id) = id.as_deref().filter(|id| cloud.there(id).is_some()) {
                return Err(failure(Class::Already, &operation, id));
            }
            cloud.made += 1;
            let number = if cloud.ids_fall { 999 - cloud.made } else { cloud.made };
            let id = id.unwrap_or_else(|| format!("{}-{number:03}", K::NAME));
            cloud.check(&operation, K::NAME, &id, &raw)?;
            cloud.check_open(&operation, &raw)?;
            let thing = cloud.newborn(id.clone(), K::NAME, raw, tags.clone());
            Arc::make_mut(&mut cloud.things).insert(id.clone(), thing);
            cloud.tokens.extend(token.map(|token| (token.to_string(), id.clone())));
            Ok(id)
        })
        .await
    }

    /// Changes a thing that is ready; what it refers to afterwards must be ready too.
    pub async fn change(&self, kind: &'static str, id: &str, fields: &[(&str, Value)]) -> Result<(), Failure> {
        let operation = format!("update:{kind}");
        self.write(operation.clone(), |cloud| {
            let thing = cloud.there(id).ok_or_else(|| failure(Class::NotFound, &operation, "NotFound"))?;
            match thing.word(Instant::now()) {
                "available" | "asked" => {}
                "refused" => return Err(failure(Class::Theirs, &operation, "Refused")),
                _ => return Err(failure(Class::NotYet, &operation, "IncorrectState")),
            }
            let mut raw = thing.raw.clone();
            fields.iter().for_each(|(field, value)| raw[*field] = value.clone());
            cloud.check(&operation, kind, id, &raw)?;
            let things = Arc::make_mut(&mut cloud.things);
            if let Some(thing) = things.get_mut(id) {
                thing.raw = raw;
                if kind == "door" && thing.raw["accepted"] == true {
                    thing.verdict = Verdict::Accepted;
                }
            }
            Ok(())
        })
        .await
    }

    /// Writes tags.
    pub async fn tag(&self, kind: &'static str, id: &str, tags: &Tags) -> Result<(), Failure> {
        let operation = format!("retag:{kind}");
        self.write(operation.clone(), |cloud| {
            cloud.there(id).ok_or_else(|| failure(Class::NotFound, &operation, "NotFound"))?;
            Arc::make_mut(&mut cloud.things).entry(id.into()).and_modify(|thing| thing.tags.extend(tags.clone()));
            Ok(())
        })
        .await
    }

    /// Brings a deleted vault back, closed.
    pub async fn restore(&self, id: &str) -> Result<(), Failure> {
        let operation = "restore:vault".to_string();
        self.write(operation.clone(), |cloud| {
            let now = Instant::now();
            let things = Arc::make_mut(&mut cloud.things);
            let deleted = things.get_mut(id).filter(|thing| thing.is_gone(now));
            let thing = deleted.ok_or_else(|| failure(Class::NotFound, &operation, "NotFound"))?;
            thing.gone = None;
            thing.raw["open"] = false.into();
            Ok(())
        })
        .await
    }

    /// Deletes what nothing uses. Who has only asked to be a guest is refused.
    pub async fn remove(&self, kind: &'static str, id: &str) -> Result<(), Failure> {
        let is_request = self.cloud().there(id).is_some_and(|thing| kind == "guest" && thing.raw["accepted"] == false);
        let operation = format!("{}:{kind}", if is_request { "refuse" } else { "delete" });
        self.write(operation.clone(), |cloud| {
            let now = Instant::now();
            let thing = cloud.there(id).ok_or_else(|| failure(Class::NotFound, &operation, "NotFound"))?;
            if matches!(kind, "guest" | "offer") && !is_request {
                return Err(failure(Class::Invalid, &operation, "NotYours"));
            }
            cloud.check_open(&operation, &thing.raw)?;
            if matches!(thing.word(now), "pending" | "deleting") {
                return Err(failure(Class::NotYet, &operation, "IncorrectState"));
            }
            if cloud.things.values().any(|user| user.mentions(id) && !user.is_gone(now)) {
                return Err(failure(Class::NotYet, &operation, "DependencyViolation"));
            }
            let gone = now + cloud.slow.get(kind).copied().unwrap_or_default();
            let things = Arc::make_mut(&mut cloud.things);
            if matches!(kind, "attachment" | "peer" | "vault") {
                things.entry(id.into()).and_modify(|thing| thing.gone = Some(gone));
            } else {
                things.remove(id);
            }
            Ok(())
        })
        .await
    }
}

/// The tags of what is deleted are not shown any more.
fn mark(thing: &Thing) -> Owner {
    let tag = |key: &str| thing.tags.get(key).cloned().unwrap_or_default();
    let address = tag("gcnet:address");
    let name = address.split_once('/').map_or("", |(_, name)| name);
    Owner::Name { stack: Stack::new(tag("gcnet:municipality"), tag("gcnet:environment")), name: name.into() }
}

/// A log group spells its owner: `/toy/CITY/ENVIRONMENT/NAME`.
fn owner(thing: &Thing) -> Owner {
    match thing.kind {
        "route" | "assoc" | "guest" | "pass" | "stamp" => Owner::Parent,
        "offer" => Owner::Offer,
        "log" => match thing.id.splitn(5, '/').collect::<Vec<_>>()[..] {
            ["", "toy", city, environment, name] => {
                Owner::Name { stack: Stack::new(city, environment), name: name.into() }
            }
            _ => Owner::Tags(Tags::new()),
        },
        _ => Owner::Tags(thing.tags.clone()),
    }
}
