//! Which cases to run: all, a slice of them, or a sample.

use crate::support::dice::Dice;

use super::{
    class::Class,
    stage::{Scenario, Stage},
};
use crate::support::fleet;

/// A slice of the matrix, as `just faults` writes it: `city=naruto scenario=create part=1 class=lost at=17 every=10`. What is
/// not said is everything.
#[derive(Clone, Debug, Default)]
pub struct Slice {
    pub city: Option<String>,
    pub scenario: Option<String>,
    pub part: Option<usize>,
    pub class: Option<String>,
    pub at: Option<usize>,
    /// Of the places of each class every n-th.
    pub every: Option<usize>,
}

impl Slice {
    pub fn read(text: &str) -> Self {
        let mut slice = Slice::default();
        for word in text.split_whitespace() {
            let (key, value) = word.split_once('=').unwrap_or_else(|| panic!("{word}: KEY=VALUE is expected"));
            match key {
                "city" => slice.city = Some(known(value, &fleet().names().collect::<Vec<_>>())),
                "scenario" => slice.scenario = Some(known(value, &Scenario::ALL.map(Scenario::name))),
                "part" => slice.part = Some(value.parse().unwrap()),
                "class" => slice.class = Some(known(value, &Class::ALL.map(Class::name))),
                "at" => slice.at = Some(value.parse().unwrap()),
                "every" => slice.every = Some(value.parse().unwrap()),
                _ => panic!("{key}: one of city, scenario, part, class, at, every is expected"),
            }
        }
        slice
    }

    pub fn cities(&self) -> Vec<String> {
        let fleet = fleet();
        let all = fleet.names().map(str::to_string);
        all.filter(|city| self.city.as_ref().is_none_or(|only| only == city)).collect()
    }

    pub fn scenarios(&self) -> Vec<Scenario> {
        let is_wanted = |scenario: &Scenario| self.scenario.as_ref().is_none_or(|only| only == scenario.name());
        Scenario::ALL.into_iter().filter(is_wanted).collect()
    }

    /// The cases of a stage.
    pub fn cases(&self, stage: &Stage) -> Vec<(Class, usize)> {
        if self.part.is_some_and(|part| part != stage.part) {
            return vec![];
        }
        let classes = Class::ALL.into_iter().filter(|class| self.class.as_ref().is_none_or(|c| c == class.name()));
        let cases = classes.flat_map(|class| {
            let only = self.at.map(|at| vec![at]);
            let places = || every_nth(class.places(&stage.calls), self.every.unwrap_or(1));
            only.unwrap_or_else(places).into_iter().map(move |at| (class, at))
        });
        cases.collect()
    }
}

/// From the middle of the first stretch: a run's first calls are reads, at which little goes wrong. Of what has fewer places
/// than a stretch, the one in its middle: no stage is left out of a class.
fn every_nth(places: Vec<usize>, every: usize) -> Vec<usize> {
    let first = (every / 2).min(places.len() / 2);
    places.into_iter().skip(first).step_by(every).collect()
}

#[test]
fn no_stage_is_left_out_of_a_class() {
    for len in 1..200 {
        for every in 1..200 {
            let picked = every_nth((0..len).collect(), every);
            assert!(!picked.is_empty() && picked.len() >= len / every, "{len} {every}: {picked:?}");
        }
    }
    assert_eq!(every_nth((0..9).collect(), 3), [1, 4, 7]);
    assert_eq!(every_nth((0..9).collect(), 151), [4]);
}

fn known(value: &str, all: &[&str]) -> String {
    assert!(all.contains(&value), "{value}: one of {} is expected", all.join(", "));
    value.into()
}

/// The scenario of a city in the sample: each is some city's. Those after the creation take a whole city to begin with.
pub fn scenarios_in_sample(city: &str, place: usize) -> Vec<Scenario> {
    if city == "naruto" {
        return vec![Scenario::Move, Scenario::Authority];
    }
    let scenarios = [Scenario::Create, Scenario::Change, Scenario::Destroy, Scenario::Create, Scenario::Move];
    vec![scenarios[place % scenarios.len()]]
}

/// One case of each class, and more until every stage has one: of stages in turn, at calls by chance. Where a call goes wrong
/// by itself, mostly at writes, which are those that leave something behind.
pub fn sample<'s>(stages: &'s [Stage], dice: &mut Dice) -> Vec<(&'s Stage, Class, usize)> {
    let pairs = Class::ALL.into_iter().cycle().zip(stages.iter().cycle());
    let case = |(class, stage): (Class, &'s Stage)| {
        let calls = &stage.calls;
        let mut places = class.places(calls);
        if !class.denies() && dice.below(4) > 0 {
            places.retain(|at| calls[*at].committed);
        }
        (stage, class, places[dice.below(places.len())])
    };
    pairs.take(stages.len().max(Class::ALL.len())).map(case).collect()
}
