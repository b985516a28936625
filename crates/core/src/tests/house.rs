//! A stack that waits for others, and the way to its end.

use super::{
    counterpart::obey,
    help::{check_settled, converge, planned, shown, stack},
    kinds::{Log, Net, Peer, Table},
    parties::{Door, Guest, Offer, Pass, Stamp, Wire},
    world::Toy,
};
use crate::{Desired, Tags};

/// A stack that three other parties have a hand in: 222 is a guest, 444 offers what the door to 333 needs.
#[derive(Clone, Debug)]
pub struct House {
    pub flavour: &'static str,
    pub guests: Vec<&'static str>,
    pub cidr: &'static str,
    pub label: Option<&'static str>,
    pub size: u32,
    pub speed: u32,
    pub offers: bool,
    pub log: bool,
    pub ask_again: bool,
    /// We hold a role in the account of the door.
    pub role: bool,
    /// The guests come in by the door.
    pub share: bool,
}

impl Default for House {
    fn default() -> Self {
        House {
            flavour: "plain",
            guests: vec!["222"],
            cidr: "10.9",
            label: Some("asp"),
            size: 1,
            speed: 2,
            offers: true,
            log: true,
            ask_again: false,
            role: false,
            share: false,
        }
    }
}

impl House {
    pub fn wish(&self) -> Desired {
        let mut d = Desired::new(stack(), Tags::new());
        d.ask_again = self.ask_again;
        let net = d.add("main", Net { cidr: "10.1".into(), dns: false, note: None, log: None });
        let table = d.add("main", Table { net, flavour: self.flavour.into() });
        let named = |name: &str| Offer { account: "444".into(), name: name.into(), accepted: true };
        let offer = self.offers.then(|| d.add("", named("share")));
        let accepted = self.role.then_some(true);
        let door = d.add("front", Door { account: "333".into(), size: self.size, speed: self.speed, offer, accepted });
        d.add("w", Wire { door: Some(door.clone()), guest: None });
        for account in &self.guests {
            let (account, cidr, label) = ((*account).to_string(), self.cidr.into(), self.label.map(Into::into));
            let guest = Guest {
                table: table.clone(),
                account: account.clone(),
                cidr,
                accepted: true,
                label,
                share: self.share.then(|| door.clone()),
            };
            let guest = d.add("", guest);
            let pass = d.add("", Pass { guest: guest.clone(), mode: "plain".into() });
            d.add("", Stamp { pass });
            d.add(&account, Wire { door: Some(door.clone()), guest: Some(guest) });
        }
        if self.log {
            d.add("flow", Log { days: 7 });
        }
        d.add("p", Peer { size: 1, via: None, others: [].into() });
        d
    }
}

/// Plans and applies, and the others do what they are asked, until nothing is left to do for anybody. Answers the rounds.
pub async fn settle(toy: &Toy, wish: &Desired) -> usize {
    for round in 0..12 {
        let next = planned(toy, wish).await.unwrap();
        if next.is_empty() && next.waiting.is_empty() {
            check_settled(toy, wish).await;
            check_theirs_were_left(toy);
            return round;
        }
        let report = converge(toy, wish).await;
        assert!(report.is_success(), "{report:#?}\n{next:#?}\n{:#?}", toy.things());
        obey(toy, &planned(toy, wish).await.unwrap());
    }
    panic!("goes on for ever:\n{}", shown(toy, wish).await);
}

pub fn check_theirs_were_left(toy: &Toy) {
    let tried: Vec<String> = toy.cloud().writes.iter().filter(|call| is_not_ours(call)).cloned().collect();
    assert_eq!(tried, [""; 0]);
}

fn is_not_ours(call: &str) -> bool {
    ["delete:guest", "delete:offer", "create:guest", "create:offer"].contains(&call)
}
