//! Toy kinds that other parties have a hand in, one for each way of waiting.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    kinds::{Table, common, named},
    world::Toy,
};
use crate::{
    Ask, Context, Diff, Failure, Kind, Known, Live, Natural, Ref, Removal, Replace, Request, Resource, State, Tags,
    theirs,
};

/// Asked for by another party on a table of ours; accepted and labelled by us, and then never deleted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Guest {
    pub table: Ref<Table>,
    pub account: String,
    /// Only they can change it.
    pub cidr: String,
    pub accepted: bool,
    /// `None`: not ours to say.
    pub label: Option<String>,
    /// Not before this is accepted can they make it. Cannot be read back.
    pub share: Option<Ref<Door>>,
}

/// Carries no tags and hangs on what carries none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pass {
    pub guest: Ref<Guest>,
    pub mode: String,
}

/// One level further down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stamp {
    pub pass: Ref<Pass>,
}

/// Offered by another party to the whole account; accepted by us, never deleted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    pub account: String,
    pub name: String,
    pub accepted: bool,
}

/// Made by us; of use once its account has accepted it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Door {
    pub account: String,
    pub size: u32,
    pub speed: u32,
    pub offer: Option<Ref<Offer>>,
    /// Wished: we hold a role in their account, and accept it ourselves; `None` leaves it to them.
    pub accepted: Option<bool>,
}

/// Ours alone, but of no use without what it is between.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wire {
    pub door: Option<Ref<Door>>,
    pub guest: Option<Ref<Guest>>,
}

/// Made by us where another party allows it, which no read shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    pub table: Ref<Table>,
    pub account: String,
}

/// The address of a guest about which the operator has to decide.
pub const UNPLANNED: &str = "172.16";

named!(Guest = "guest", Pass = "pass", Stamp = "stamp", Offer = "offer", Door = "door", Wire = "wire", Visit = "visit");

/// What no plan may ever try.
fn not_ours<T>(operation: &str) -> Result<T, Failure> {
    Err(Failure::internal(operation, "another party's"))
}

impl Kind<Toy> for Guest {
    common!();

    fn natural(&self) -> Option<Natural> {
        let name = format!("{}/{}", self.table.label(), self.account);
        Some(Natural { parent: self.table.target().clone(), name })
    }
    fn diff(&self, live: &Self, diff: &mut Diff) {
        let Guest { table, account, cidr: _, accepted, label, share: _ } = self;
        diff.replace("table", table, &live.table);
        diff.replace("account", account, &live.account);
        diff.in_place("accepted", accepted, &live.accepted);
        diff.in_place_if_said("label", label, &live.label);
    }
    async fn create(&self, _: &Context<'_, Toy>) -> Result<String, Failure> {
        not_ours("toy:create-guest")
    }
    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Toy>) -> Result<(), Failure> {
        if self.accepted != live.spec.accepted {
            cx.world.change(Self::NAME, &live.id, &[("accepted", json!(self.accepted))]).await?;
        }
        if self.label.is_some() && self.label != live.spec.label {
            cx.world.change(Self::NAME, &live.id, &[("label", json!(self.label))]).await?;
        }
        Ok(())
    }
    fn is_theirs(&self) -> bool {
        true
    }
    fn asks(&self, live: Option<&Live<Self>>, known: &Known<'_>) -> Vec<Ask> {
        let Some(live) = live else {
            let ask = Ask::account(&self.account, "make-guest");
            let Some(table) = known.id(&self.table) else { return vec![ask] };
            let input = json!({ "account": self.account, "table": table, "cidr": self.cidr,
                "colour": theirs("colour-of", &self.account) });
            return vec![ask.by(Request::new("toy", "MakeGuest", input))];
        };
        if self.cidr == live.spec.cidr {
            return vec![];
        }
        // Where nobody planned for it, asking them to change it would be to decide.
        if live.spec.cidr == UNPLANNED {
            return vec![Ask::operator("check-cidr").between(&*self.cidr, &*live.spec.cidr)];
        }
        let input = json!({ "guest": live.id, "cidr": self.cidr });
        vec![Ask::account(&self.account, "set-cidr").by(Request::new("toy", "SetCidr", input))]
    }
    fn removal(live: &Live<Self>) -> Removal {
        if !live.spec.accepted {
            return Removal::Refused;
        }
        let input = json!({ "guest": live.id });
        Removal::Asked(Ask::account(&live.spec.account, "remove-guest").standing(&live.state).by(Request::new(
            "toy",
            "RemoveGuest",
            input,
        )))
    }
    fn example() -> Self {
        let label = Some("label".into());
        Guest { table: Ref::to("main"), account: "222".into(), cidr: "10.9".into(), accepted: true, label, share: None }
    }
}

impl Kind<Toy> for Pass {
    const REPLACE: Replace = Replace::DeleteFirst;
    common!();

    fn natural(&self) -> Option<Natural> {
        Some(Natural { parent: self.guest.target().clone(), name: self.guest.label().into() })
    }
    fn diff(&self, live: &Self, diff: &mut Diff) {
        let Pass { guest, mode } = self;
        diff.replace("guest", guest, &live.guest);
        diff.in_place("mode", mode, &live.mode);
    }
    async fn create(&self, cx: &Context<'_, Toy>) -> Result<String, Failure> {
        let guest = cx.id(&self.guest)?;
        let spec = Pass { guest: Ref::id(&guest), mode: self.mode.clone() };
        cx.world.make(&spec, Some(format!("{guest}|pass")), &Tags::new(), None).await
    }
    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Toy>) -> Result<(), Failure> {
        cx.world.change(Self::NAME, &live.id, &[("mode", json!(self.mode))]).await
    }
    fn example() -> Self {
        Pass { guest: Ref::to("main/222"), mode: "plain".into() }
    }
}

impl Kind<Toy> for Stamp {
    common!();

    fn natural(&self) -> Option<Natural> {
        Some(Natural { parent: self.pass.target().clone(), name: self.pass.label().into() })
    }
    fn diff(&self, live: &Self, diff: &mut Diff) {
        let Stamp { pass } = self;
        diff.replace("pass", pass, &live.pass);
    }
    async fn create(&self, cx: &Context<'_, Toy>) -> Result<String, Failure> {
        let pass = cx.id(&self.pass)?;
        cx.world.make(&Stamp { pass: Ref::id(&pass) }, Some(format!("{pass}|stamp")), &Tags::new(), None).await
    }
    async fn update(&self, _: &Live<Self>, _: &Context<'_, Toy>) -> Result<(), Failure> {
        Err(Failure::internal("toy:update-stamp", "nothing about a stamp can be changed"))
    }
    fn example() -> Self {
        Stamp { pass: Ref::to("main/222") }
    }
}

impl Kind<Toy> for Offer {
    common!();

    fn natural(&self) -> Option<Natural> {
        let parent = Ref::<Self>::id(&self.account).target().clone();
        Some(Natural { parent, name: format!("{}/{}", self.account, self.name) })
    }
    fn diff(&self, live: &Self, diff: &mut Diff) {
        let Offer { account, name, accepted } = self;
        diff.replace("account", account, &live.account);
        diff.replace("name", name, &live.name);
        diff.in_place("accepted", accepted, &live.accepted);
    }
    async fn create(&self, _: &Context<'_, Toy>) -> Result<String, Failure> {
        not_ours("toy:create-offer")
    }
    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Toy>) -> Result<(), Failure> {
        cx.world.change(Self::NAME, &live.id, &[("accepted", json!(self.accepted))]).await
    }
    fn is_theirs(&self) -> bool {
        true
    }
    fn asks(&self, live: Option<&Live<Self>>, _: &Known<'_>) -> Vec<Ask> {
        let input = json!({ "account": self.account, "name": self.name });
        let ask = || Ask::account(&self.account, "offer").by(Request::new("toy", "MakeOffer", input));
        if live.is_none() { vec![ask()] } else { vec![] }
    }
    fn example() -> Self {
        Offer { account: "444".into(), name: "share".into(), accepted: true }
    }
}

impl Kind<Toy> for Door {
    common!();

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let Door { account, size, speed, offer, accepted } = self;
        diff.replace("account", account, &live.account);
        diff.replace("size", size, &live.size);
        diff.in_place("speed", speed, &live.speed);
        diff.replace("offer", offer, &live.offer);
        diff.in_place_if_said("accepted", accepted, &live.accepted);
    }
    async fn create(&self, cx: &Context<'_, Toy>) -> Result<String, Failure> {
        let offer = self.offer.as_ref().map(|offer| cx.id(offer)).transpose()?.map(Ref::id);
        let spec = Door { account: self.account.clone(), size: self.size, speed: 1, offer, accepted: Some(false) };
        cx.world.make(&spec, None, &cx.tags, None).await
    }
    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Toy>) -> Result<(), Failure> {
        if self.accepted.is_some() && self.accepted != live.spec.accepted {
            cx.world.change(Self::NAME, &live.id, &[("accepted", json!(self.accepted))]).await?;
        }
        cx.world.change(Self::NAME, &live.id, &[("speed", json!(self.speed))]).await
    }
    fn asks(&self, live: Option<&Live<Self>>, _: &Known<'_>) -> Vec<Ask> {
        let Some(live) = live else { return vec![] };
        let ask = Ask::account(&self.account, "accept-door").standing(&live.state);
        match live.state {
            State::Theirs { refused: true, .. } => vec![ask],
            State::Theirs { .. } if self.accepted.is_none() => {
                vec![ask.by(Request::new("toy", "AcceptDoor", json!({ "door": live.id })))]
            }
            _ => vec![],
        }
    }
    fn example() -> Self {
        Door { account: "333".into(), size: 1, speed: 2, offer: Some(Ref::to("444/share")), accepted: Some(true) }
    }
}

impl Kind<Toy> for Wire {
    common!();

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let Wire { door, guest } = self;
        diff.in_place("door", door, &live.door);
        diff.in_place("guest", guest, &live.guest);
    }
    async fn create(&self, cx: &Context<'_, Toy>) -> Result<String, Failure> {
        cx.world.make(&self.live(cx)?, None, &cx.tags, None).await
    }
    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Toy>) -> Result<(), Failure> {
        let Wire { door, guest } = self.live(cx)?;
        cx.world.change(Self::NAME, &live.id, &[("door", json!(door)), ("guest", json!(guest))]).await
    }
    fn example() -> Self {
        Wire { door: Some(Ref::to("front")), guest: Some(Ref::to("main/222")) }
    }
}

impl Wire {
    fn live(&self, cx: &Context<'_, Toy>) -> Result<Self, Failure> {
        let door = self.door.as_ref().map(|door| cx.id(door)).transpose()?.map(Ref::id);
        let guest = self.guest.as_ref().map(|guest| cx.id(guest)).transpose()?.map(Ref::id);
        Ok(Wire { door, guest })
    }
}

impl Kind<Toy> for Visit {
    const ONLY_TRYING_TELLS: bool = true;
    common!();

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let Visit { table, account } = self;
        diff.replace("table", table, &live.table);
        diff.replace("account", account, &live.account);
    }
    async fn create(&self, cx: &Context<'_, Toy>) -> Result<String, Failure> {
        let live = Visit { table: Ref::id(cx.id(&self.table)?), account: self.account.clone() };
        cx.world.make(&live, None, &cx.tags, None).await
    }
    async fn update(&self, _: &Live<Self>, _: &Context<'_, Toy>) -> Result<(), Failure> {
        Ok(())
    }
    fn asks(&self, live: Option<&Live<Self>>, _: &Known<'_>) -> Vec<Ask> {
        if live.is_some() { vec![] } else { vec![Ask::account(&self.account, "allow-visit")] }
    }
    fn example() -> Self {
        Visit { table: Ref::to("main"), account: "555".into() }
    }
}
