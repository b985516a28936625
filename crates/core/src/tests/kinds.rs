//! Toy kinds, one for each way in which real ones are difficult.

use std::{collections::BTreeSet, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    parties::{Door, Guest, Offer, Pass, Stamp, Visit, Wire},
    restoring::Vault,
    world::Toy,
};
use crate::{Context, Diff, Failure, Kind, Kinds, Live, Natural, Ref, Replace, Resource, Tags, kind};

pub const KINDS: Kinds<Toy> = Kinds(&[
    &kind::<Log>(),
    &kind::<Net>(),
    &kind::<Subnet>(),
    &kind::<Attachment>(),
    &kind::<Table>(),
    &kind::<Route>(),
    &kind::<Assoc>(),
    &kind::<Peer>(),
    // Read and listed before what they hang on.
    &kind::<Stamp>(),
    &kind::<Pass>(),
    &kind::<Guest>(),
    &kind::<Offer>(),
    &kind::<Door>(),
    &kind::<Wire>(),
    &kind::<Visit>(),
    &kind::<Vault>(),
]);

/// A root; whether it has DNS can only be said by a second call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Net {
    pub cidr: String,
    pub dns: bool,
    /// `None`: not ours to say.
    pub note: Option<String>,
    /// `None`: not ours to say.
    pub log: Option<Ref<Log>>,
}

/// Goes before its successor comes: two may not have one CIDR.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Subnet {
    pub net: Ref<Net>,
    pub cidr: String,
    pub public: bool,
}

/// Slow, listed after its end, and goes before its successor comes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    pub net: Ref<Net>,
    pub subnets: BTreeSet<Ref<Subnet>>,
    pub mode: String,
}

/// Made with an idempotency token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    pub net: Ref<Net>,
    pub flavour: String,
}

/// Carries no tags; can be pointed elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Route {
    pub table: Ref<Table>,
    pub to: String,
    pub via: Ref<Attachment>,
}

/// Carries no tags; a subnet has one at most.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assoc {
    pub subnet: Ref<Subnet>,
    pub table: Ref<Table>,
}

/// Known by its name; goes last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Log {
    pub days: u32,
}

/// Refers to its like, so that wishes can form any graph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Peer {
    pub size: u32,
    pub via: Option<Ref<Attachment>>,
    pub others: BTreeSet<Ref<Peer>>,
}

macro_rules! named {
    ($($kind:ident = $name:literal),*) => { $(impl Resource for $kind { const NAME: &'static str = $name; })* };
}
pub(super) use named;
named!(Net = "net", Subnet = "subnet", Attachment = "attachment", Table = "table");
named!(Route = "route", Assoc = "assoc", Log = "log", Peer = "peer");

/// What is the same for every toy kind.
macro_rules! common {
    () => {
        async fn observe(toy: &Toy) -> Result<Vec<Live<Self>>, Failure> {
            toy.list().await
        }
        async fn delete(live: &Live<Self>, toy: &Toy) -> Result<(), Failure> {
            toy.remove(Self::NAME, &live.id).await
        }
        async fn retag(id: &str, tags: &Tags, toy: &Toy) -> Result<(), Failure> {
            toy.tag(Self::NAME, id, tags).await
        }
    };
}

pub(super) use common;

fn live_ids<K>(cx: &Context<'_, Toy>, refs: &BTreeSet<Ref<K>>) -> Result<BTreeSet<Ref<K>>, Failure> {
    Ok(cx.ids(refs)?.into_iter().map(Ref::id).collect())
}

impl Kind<Toy> for Net {
    const ROOT: bool = true;
    const MANY_CALLS: bool = true;
    common!();

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let Net { cidr, dns, note, log } = self;
        diff.replace("cidr", cidr, &live.cidr);
        diff.in_place("dns", dns, &live.dns);
        diff.in_place_if_said("note", note, &live.note);
        diff.in_place_if_said("log", log, &live.log);
    }
    async fn create(&self, cx: &Context<'_, Toy>) -> Result<String, Failure> {
        let bare = Net { cidr: self.cidr.clone(), dns: false, note: Some("as made".into()), log: None };
        cx.world.make(&bare, None, &cx.tags, None).await
    }
    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Toy>) -> Result<(), Failure> {
        if self.dns != live.spec.dns {
            cx.world.change(Self::NAME, &live.id, &[("dns", json!(self.dns))]).await?;
        }
        if self.note.is_some() && self.note != live.spec.note {
            cx.world.change(Self::NAME, &live.id, &[("note", json!(self.note))]).await?;
        }
        if let Some(log) = &self.log {
            let log: Ref<Log> = Ref::id(cx.id(log)?);
            cx.world.change(Self::NAME, &live.id, &[("log", json!(log))]).await?;
        }
        Ok(())
    }
    fn example() -> Self {
        Net { cidr: "10.0".into(), dns: true, note: Some("note".into()), log: Some(Ref::to("flow")) }
    }
}

impl Kind<Toy> for Subnet {
    const REPLACE: Replace = Replace::DeleteFirst;
    common!();

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let Subnet { net, cidr, public } = self;
        diff.replace("net", net, &live.net);
        diff.replace("cidr", cidr, &live.cidr);
        diff.in_place("public", public, &live.public);
    }
    async fn create(&self, cx: &Context<'_, Toy>) -> Result<String, Failure> {
        let spec = Subnet { net: Ref::id(cx.id(&self.net)?), ..self.clone() };
        cx.world.make(&spec, None, &cx.tags, None).await
    }
    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Toy>) -> Result<(), Failure> {
        cx.world.change(Self::NAME, &live.id, &[("public", json!(self.public))]).await
    }
    fn example() -> Self {
        Subnet { net: Ref::to("main"), cidr: "10.0.1".into(), public: true }
    }
}

impl Kind<Toy> for Attachment {
    const REPLACE: Replace = Replace::DeleteFirst;
    const PATIENCE: Duration = Duration::from_secs(1200);
    common!();

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let Attachment { net, subnets, mode } = self;
        diff.replace("net", net, &live.net);
        diff.in_place("subnets", subnets, &live.subnets);
        diff.replace("mode", mode, &live.mode);
    }
    async fn create(&self, cx: &Context<'_, Toy>) -> Result<String, Failure> {
        let (net, subnets) = (Ref::id(cx.id(&self.net)?), live_ids(cx, &self.subnets)?);
        cx.world.make(&Attachment { net, subnets, mode: self.mode.clone() }, None, &cx.tags, None).await
    }
    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Toy>) -> Result<(), Failure> {
        let subnets = live_ids(cx, &self.subnets)?;
        cx.world.change(Self::NAME, &live.id, &[("subnets", json!(subnets))]).await
    }
    fn example() -> Self {
        Attachment { net: Ref::to("main"), subnets: [Ref::to("a")].into(), mode: "plain".into() }
    }
}

impl Kind<Toy> for Table {
    const TAKES_TOKEN: bool = true;
    common!();

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let Table { net, flavour } = self;
        diff.replace("net", net, &live.net);
        diff.replace("flavour", flavour, &live.flavour);
    }
    async fn create(&self, cx: &Context<'_, Toy>) -> Result<String, Failure> {
        let spec = Table { net: Ref::id(cx.id(&self.net)?), ..self.clone() };
        cx.world.make(&spec, None, &cx.tags, Some(&cx.token)).await
    }
    async fn update(&self, _: &Live<Self>, _: &Context<'_, Toy>) -> Result<(), Failure> {
        Err(Failure::internal("toy:update-table", "nothing about a table can be changed"))
    }
    fn example() -> Self {
        Table { net: Ref::to("main"), flavour: "plain".into() }
    }
}

impl Kind<Toy> for Route {
    common!();

    fn natural(&self) -> Option<Natural> {
        let name = format!("{}/{}", self.table.label(), self.to);
        Some(Natural { parent: self.table.target().clone(), name })
    }
    fn diff(&self, live: &Self, diff: &mut Diff) {
        let Route { table, to, via } = self;
        diff.replace("table", table, &live.table);
        diff.replace("to", to, &live.to);
        diff.in_place("via", via, &live.via);
    }
    async fn create(&self, cx: &Context<'_, Toy>) -> Result<String, Failure> {
        let (table, via) = (cx.id(&self.table)?, Ref::id(cx.id(&self.via)?));
        let id = format!("{table}|{}", self.to);
        let spec = Route { table: Ref::id(table), to: self.to.clone(), via };
        cx.world.make(&spec, Some(id), &Tags::new(), None).await
    }
    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Toy>) -> Result<(), Failure> {
        let via: Ref<Attachment> = Ref::id(cx.id(&self.via)?);
        cx.world.change(Self::NAME, &live.id, &[("via", json!(via))]).await
    }
    fn example() -> Self {
        Route { table: Ref::to("main"), to: "10.1".into(), via: Ref::to("hub") }
    }
}

impl Kind<Toy> for Assoc {
    const REPLACE: Replace = Replace::DeleteFirst;
    common!();

    fn natural(&self) -> Option<Natural> {
        Some(Natural { parent: self.subnet.target().clone(), name: self.subnet.label().into() })
    }
    fn diff(&self, live: &Self, diff: &mut Diff) {
        let Assoc { subnet, table } = self;
        diff.replace("subnet", subnet, &live.subnet);
        diff.replace("table", table, &live.table);
    }
    async fn create(&self, cx: &Context<'_, Toy>) -> Result<String, Failure> {
        let (subnet, table) = (Ref::id(cx.id(&self.subnet)?), Ref::id(cx.id(&self.table)?));
        cx.world.make(&Assoc { subnet, table }, None, &Tags::new(), None).await
    }
    async fn update(&self, _: &Live<Self>, _: &Context<'_, Toy>) -> Result<(), Failure> {
        Err(Failure::internal("toy:update-assoc", "nothing about an association can be changed"))
    }
    fn example() -> Self {
        Assoc { subnet: Ref::to("a"), table: Ref::to("main") }
    }
}

impl Kind<Toy> for Log {
    const LAST: bool = true;
    common!();

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let Log { days } = self;
        diff.in_place("days", days, &live.days);
    }
    async fn create(&self, cx: &Context<'_, Toy>) -> Result<String, Failure> {
        let tag = |key: &str| cx.tags.get(key).cloned().unwrap_or_default();
        let (city, environment) = (tag("gcnet:municipality"), tag("gcnet:environment"));
        let id = format!("/toy/{city}/{environment}/{}", cx.address.name());
        cx.world.make(&Log { days: 0 }, Some(id), &Tags::new(), None).await
    }
    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Toy>) -> Result<(), Failure> {
        cx.world.change(Self::NAME, &live.id, &[("days", json!(self.days))]).await
    }
    fn example() -> Self {
        Log { days: 7 }
    }
}

impl Kind<Toy> for Peer {
    common!();

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let Peer { size, via, others } = self;
        diff.replace("size", size, &live.size);
        diff.in_place("via", via, &live.via);
        diff.in_place("others", others, &live.others);
    }
    async fn create(&self, cx: &Context<'_, Toy>) -> Result<String, Failure> {
        let via = self.via.as_ref().map(|via| cx.id(via)).transpose()?.map(Ref::id);
        let spec = Peer { size: self.size, via, others: live_ids(cx, &self.others)? };
        cx.world.make(&spec, None, &cx.tags, None).await
    }
    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Toy>) -> Result<(), Failure> {
        let via = self.via.as_ref().map(|via| cx.id(via)).transpose()?.map(Ref::<Attachment>::id);
        let others = live_ids(cx, &self.others)?;
        cx.world.change(Self::NAME, &live.id, &[("via", json!(via)), ("others", json!(others))]).await
    }
    fn example() -> Self {
        Peer { size: 1, via: Some(Ref::to("hub")), others: [Ref::to("p")].into() }
    }
}
