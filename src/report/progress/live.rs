//! The live view: a bar for the run, a line for each step in flight; what has ended scrolls up.

use std::collections::BTreeMap;

use gcnet_core::{Action, Address, Event};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{lines, terminal::Terminal};
use crate::report::{Lang, Style, layout::clean, screen::Screen, tame::tame};

/// Steps in flight that have a line; the others are counted.
const LINES: usize = 12;
/// Seconds are shown, so a faster clock would draw the same again.
const TICK: std::time::Duration = std::time::Duration::from_millis(500);

pub(super) struct Live {
    area: MultiProgress,
    total: ProgressBar,
    flying: BTreeMap<(Address, Action), Flight>,
    lang: Lang,
}

struct Flight {
    since: std::time::Instant,
    state: String,
    /// Absent while there are too many.
    line: Option<ProgressBar>,
}

impl Live {
    pub(super) fn start(screen: &Screen, steps: usize) -> Self {
        let area = screen.live().clone();
        area.set_draw_target(ProgressDrawTarget::term_like_with_hz(Box::new(Terminal::new(screen.gone_to())), 20));
        let total = area.add(ProgressBar::new(steps as u64));
        // ASCII: block characters are two columns wide on some Japanese terminals.
        total.set_style(style("[{bar:30}] {pos}/{len}  {elapsed}  {wide_msg}").progress_chars("#>-"));
        total.enable_steady_tick(TICK);
        Live { area, total, flying: BTreeMap::new(), lang: screen.lang() }
    }

    pub(super) fn tell(&mut self, event: &Event, ended: usize, style: Style) {
        match event {
            Event::Started { address, action } => {
                let flight = Flight { since: std::time::Instant::now(), state: String::new(), line: None };
                self.flying.insert((address.clone(), *action), flight);
            }
            Event::Waiting { address, action, state } => self.state(address, *action, lines::waits(state, self.lang)),
            Event::Retrying { address, action, failure } => {
                self.state(address, *action, lines::retried(failure, self.lang));
            }
            Event::Done { address, action, .. }
            | Event::Theirs { address, action, .. }
            | Event::Failed { address, action, .. }
            | Event::Held { address, action, .. }
            | Event::Skipped { address, action, .. } => {
                if let Some(line) = self.flying.remove(&(address.clone(), *action)).and_then(|flight| flight.line) {
                    line.finish_and_clear();
                    self.area.remove(&line);
                }
            }
            Event::Stopping => {}
        }
        if let Some(line) = lines::ended(event, style) {
            // A terminal that went away must not stop a run.
            let _ = self.area.println(tame(&line, style.color));
        }
        self.draw(ended);
    }

    fn state(&mut self, address: &Address, action: Action, state: String) {
        if let Some(flight) = self.flying.get_mut(&(address.clone(), action)) {
            flight.state = tame(&state, false);
        }
    }

    fn draw(&mut self, ended: usize) {
        let mut lines = self.flying.values().filter(|flight| flight.line.is_some()).count();
        for ((address, action), flight) in &mut self.flying {
            if flight.line.is_none() && lines < LINES {
                lines += 1;
                let line = self
                    .area
                    .insert_before(&self.total, ProgressBar::new_spinner().with_elapsed(flight.since.elapsed()));
                line.set_style(style("  {spinner} {elapsed:>4} {wide_msg}").tick_chars("|/-\\ "));
                line.enable_steady_tick(TICK);
                flight.line = Some(line);
            }
            if let Some(line) = &flight.line {
                let (mark, _) = lines::mark(*action);
                line.set_message(format!("{mark} {}  {}", clean(address.as_str()), flight.state));
            }
        }
        let more = self.flying.len().saturating_sub(lines);
        let more = match more {
            0 => String::new(),
            _ => self.lang.pick(format!("ほか {more} 件実行中"), format!("and {more} more in flight")),
        };
        self.total.set_message(more);
        self.total.set_position(ended as u64);
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        for flight in self.flying.values() {
            if let Some(line) = &flight.line {
                line.finish_and_clear();
            }
        }
        self.total.finish_and_clear();
        // Nothing is left to be drawn, and nobody is left to hear that it failed.
        let _ = self.area.clear();
        self.area.set_draw_target(ProgressDrawTarget::hidden());
    }
}

fn style(template: &str) -> ProgressStyle {
    // The templates are fixed; if one were wrong, the library's own would do.
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
