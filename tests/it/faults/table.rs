//! The figures of a run of the matrix.

use std::{collections::BTreeMap, fmt};

use super::{case::Ended, class::Class, stage::Scenario};

/// How many cases of each class and scenario ended how.
#[derive(Debug, Default)]
pub struct Table {
    cells: BTreeMap<(Class, Scenario), usize>,
    ends: BTreeMap<(Class, Ended), usize>,
}

impl Table {
    pub fn count(&mut self, class: Class, scenario: Scenario, ended: Ended) {
        *self.cells.entry((class, scenario)).or_default() += 1;
        *self.ends.entry((class, ended)).or_default() += 1;
    }

    pub fn cases(&self) -> usize {
        self.cells.values().sum()
    }

    pub fn of(&self, class: Class) -> usize {
        Scenario::ALL.into_iter().map(|scenario| self.at(class, scenario)).sum()
    }

    pub fn at(&self, class: Class, scenario: Scenario) -> usize {
        self.cells.get(&(class, scenario)).copied().unwrap_or_default()
    }
}

/// Markdown, for docs/reliability.md.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ends = [Ended::Well, Ended::Failed, Ended::Unplanned, Ended::Died, Ended::Unharmed];
        let names = Scenario::ALL.map(Scenario::name).join(" | ");
        writeln!(f, "| class | {names} | cases | went well | failed | no plan | died | unharmed |")?;
        writeln!(f, "|---|{}", "---:|".repeat(Scenario::ALL.len() + 1 + ends.len()))?;
        let row = |f: &mut fmt::Formatter<'_>, name: &str, classes: &[Class]| {
            let sum = |figure: &dyn Fn(Class) -> usize| classes.iter().map(|class| figure(*class)).sum::<usize>();
            write!(f, "| {name}")?;
            for scenario in Scenario::ALL {
                write!(f, " | {}", sum(&|class| self.at(class, scenario)))?;
            }
            write!(f, " | {}", sum(&|class| self.of(class)))?;
            for ended in ends {
                write!(f, " | {}", sum(&|class| self.ends.get(&(class, ended)).copied().unwrap_or_default()))?;
            }
            writeln!(f, " |")
        };
        for class in Class::ALL {
            row(f, class.name(), &[class])?;
        }
        row(f, "all", &Class::ALL)
    }
}
