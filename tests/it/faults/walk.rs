//! Whatever happens in whatever order: the file is edited, others move or take back, somebody is at the console, time passes,
//! runs are disturbed or die. Afterwards calm runs and willing others lead to what a fresh start leads to.

use gcnet::{config::schema::Municipality, counterpart::Answer};
use gcnet_aws::KINDS;
use gcnet_core::{Options, Stop, World, apply, identity, observe, plan};

use super::{
    class::Class,
    console,
    content::Content,
    stage::{CHANGES, LATER, MOVE, edited},
};
use crate::{
    parties::story::{Story, open},
    support::{self, connection, dice::Dice, summary},
};

/// One thing that happens. The numbers choose among what there is when it happens, so that leaving one out does not change
/// the meaning of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// One of the changes is made to the file, or taken back.
    Edit(u64),
    /// All others do what they are asked.
    Comply,
    /// All others say no, where they can.
    Refuse,
    /// One of the others takes its attachment away.
    Withdraw(u64),
    /// Somebody changes or deletes something of ours at the console.
    Console(u64),
    /// Time passes.
    Wait(u64),
    /// A run for the file, disturbed or not.
    Apply(Option<(Class, u64)>),
    /// A run for nothing, disturbed or not.
    Destroy(Option<(Class, u64)>),
}

/// As many moves as there is room for, runs half of them.
pub fn moves(seed: u64, length: usize) -> Vec<Move> {
    let mut dice = Dice(seed);
    let mut one = || {
        let n = dice.throw(u64::MAX);
        match dice.throw(16) {
            0 | 1 => Move::Edit(n),
            2 | 3 => Move::Comply,
            4 => Move::Refuse,
            5 => Move::Withdraw(n),
            6 | 7 => Move::Console(n),
            8 => Move::Wait(n),
            9 => Move::Destroy(fault(n)),
            _ => Move::Apply(fault(n)),
        }
    };
    (0..length).map(|_| one()).collect()
}

/// Two runs of three are disturbed. Nobody's clock changes its ways in the middle, so reads do not lag.
fn fault(n: u64) -> Option<(Class, u64)> {
    const CLASSES: [Class; 8] = [
        Class::KilledBefore,
        Class::KilledAfter,
        Class::Lost,
        Class::Refused,
        Class::Throttled,
        Class::ErrorBefore,
        Class::ErrorAfter,
        Class::KilledAfter,
    ];
    (!n.is_multiple_of(3)).then(|| (CLASSES[usize::try_from(n / 3 % 8).unwrap()], n / 24 % 300))
}

/// Makes the moves and then peace.
///
/// How many of the changes at the console and withdrawals AWS took.
///
/// # Errors
/// What does not hold after it.
pub async fn walk(city: &str, moves: &[Move]) -> Result<usize, String> {
    let mut walk = Walk { edits: vec![], city, meddled: 0, story: Story::begin(edited(city, &[])).await };
    let before = Content::of(&walk.story.sandbox, &walk.story.municipality);
    for (n, one) in moves.iter().enumerate() {
        walk.make(*one).await.map_err(|why| format!("move {n}, {one:?}: {why}"))?;
    }
    walk.story.sandbox.clear_faults();
    walk.story.sandbox.heal();
    peace(&walk.story).await?;

    let calm = Story::begin(walk.story.municipality.clone()).await;
    peace(&calm).await.map_err(|why| format!("a calm start: {why}"))?;
    let calm = Content::of(&calm.sandbox, &calm.municipality);
    let differs = Content::of(&walk.story.sandbox, &walk.story.municipality).differs(&before, &calm);
    if differs.is_empty() { Ok(walk.meddled) } else { Err(differs.join("\n")) }
}

/// Nobody refuses any more, nothing goes wrong: our move, their move, until nobody owes anything.
async fn peace(story: &Story) -> Result<(), String> {
    let mut left = vec![];
    for _ in 0..10 {
        let aws = story.aws().await;
        let mut wish = story.wish(&aws).await;
        wish.desired.ask_again = true;
        let observed = observe(&aws.fresh(), KINDS).await.map_err(|failure| failure.to_string())?;
        let owned = observed.for_wish(&wish.desired).map_err(|error| error.to_string())?;
        let plan = plan(KINDS, &wish.desired, &owned).map_err(|error| error.to_string())?;
        let report = support::run(&aws, &plan).await;
        if !report.is_success() {
            return Err(format!("a calm run fails:\n{}", support::failures(&plan, &report)));
        }
        left = open(&story.handshakes().await);
        let steps = summary(&story.plan().await);
        if left.is_empty() && steps.is_empty() {
            // What nobody is asked for, but does: rules that are shared anew are associated.
            story.answer_as_far_as_possible(Answer::Comply).await;
            story.sandbox.advance(LATER);
            return twins(story);
        }
        left.extend(steps);
        story.answer_as_far_as_possible(Answer::Comply).await;
    }
    Err(format!("there is always something left: {left:#?}"))
}

fn twins(story: &Story) -> Result<(), String> {
    let all = story.sandbox.everything(&story.account());
    let mut claims: Vec<&String> = all.iter().filter_map(|resource| resource.tags.get(identity::ADDRESS)).collect();
    claims.sort();
    match claims.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(format!("{} is there twice", pair[0])),
        None => Ok(()),
    }
}

struct Walk<'c> {
    city: &'c str,
    /// Places in [`CHANGES`].
    edits: Vec<usize>,
    meddled: usize,
    story: Story,
}

impl Walk<'_> {
    async fn make(&mut self, one: Move) -> Result<(), String> {
        match one {
            Move::Edit(n) => {
                let place = usize::try_from(n % (CHANGES.len() as u64 + 1)).unwrap();
                match self.edits.iter().position(|edit| *edit == place) {
                    Some(known) => drop(self.edits.remove(known)),
                    None => self.edits.push(place),
                }
                self.edits.sort_unstable();
                self.story.municipality = self.file();
            }
            Move::Comply => self.story.answer_as_far_as_possible(Answer::Comply).await,
            Move::Refuse => self.story.answer_as_far_as_possible(Answer::Refuse).await,
            Move::Withdraw(n) => self.meddled += usize::from(console::withdraw(&self.story, n)),
            Move::Console(n) => self.meddled += usize::from(console::meddle(&self.story, n)),
            Move::Wait(n) => {
                let hours = [1, 13, 8 * 24][usize::try_from(n % 3).unwrap()];
                self.story.sandbox.advance(LATER * hours);
            }
            Move::Apply(fault) => {
                let aws = self.story.aws().await;
                let mut wish = self.story.wish(&aws).await.desired;
                wish.ask_again = true;
                self.run(&wish, fault).await?;
            }
            Move::Destroy(fault) => self.run(&self.story.nothing().desired, fault).await?,
        }
        Ok(())
    }

    /// The file as it is edited by now.
    fn file(&self) -> Municipality {
        let changes: Vec<(&str, &str)> =
            self.edits.iter().map(|place| CHANGES.get(*place).copied().unwrap_or(MOVE)).collect();
        edited(self.city, &changes)
    }

    /// However it ends: but it ends, and a plan is always possible.
    async fn run(&self, wish: &gcnet_core::Desired, fault: Option<(Class, u64)>) -> Result<(), String> {
        let sandbox = &self.story.sandbox;
        if let Some((class, at)) = fault {
            class.fault(usize::try_from(at).unwrap(), &[]).into_iter().for_each(|fault| sandbox.inject(fault));
        }
        let disturbed = async {
            let aws = gcnet_aws::Aws::connect(&connection(sandbox.endpoint(), &self.story.municipality)).await;
            let Ok(observed) = observe(&aws.fresh(), KINDS).await else { return Ok(()) };
            let owned = observed.for_wish(wish).map_err(|error| error.to_string())?;
            let plan = plan(KINDS, wish, &owned).map_err(|error| error.to_string())?;
            // Somebody has deleted what was meant to be seen: nobody waits for it long here.
            let options = Options { visibility: std::time::Duration::from_millis(500), ..support::options() };
            apply(&aws, KINDS, &plan, &options, &Stop::default(), &|_| {}).await;
            Ok(())
        };
        let ended = tokio::select! {
            ended = disturbed => ended,
            () = sandbox.cut() => Ok(()),
        };
        sandbox.heal();
        sandbox.clear_faults();
        ended
    }
}

/// The shortest part of the moves that still fails in some way, and how.
pub async fn shrink(city: &str, mut moves: Vec<Move>, mut why: String) -> (Vec<Move>, String) {
    let mut length = moves.len().div_ceil(2);
    while length > 0 {
        let mut from = 0;
        while from < moves.len() {
            let mut fewer = moves.clone();
            fewer.drain(from..(from + length).min(moves.len()));
            match walk(city, &fewer).await {
                Err(still) => (moves, why) = (fewer, still),
                Ok(_) => from += length,
            }
        }
        length = if length == 1 { 0 } else { length.div_ceil(2) };
    }
    (moves, why)
}

/// Seeds that once found a fault, and some that never did.
#[test]
fn random_walks_come_to_peace() {
    super::matrix::walks(&[("anan", 1), ("naruto", 2), ("mima", 3)], 8);
}
