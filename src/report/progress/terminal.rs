//! The terminal that the live view draws upon. It may go away at any moment, which the library that draws takes for a bug of its
//! caller: what cannot be drawn is not drawn, and whoever waits for it hears that nobody reads any more.

use std::io;

use console::Term;
use indicatif::TermLike;
use tokio::sync::watch;

/// stderr, whole frames at a time.
#[derive(Debug)]
pub(super) struct Terminal {
    term: Term,
    gone: watch::Sender<bool>,
}

impl Terminal {
    pub(super) fn new(gone: watch::Sender<bool>) -> Self {
        Terminal { term: Term::buffered_stderr(), gone }
    }

    fn drawn(&self, done: io::Result<()>) -> io::Result<()> {
        if done.is_err() {
            self.gone.send_replace(true);
        }
        Ok(())
    }
}

impl TermLike for Terminal {
    fn width(&self) -> u16 {
        self.term.size().1
    }

    fn height(&self) -> u16 {
        self.term.size().0
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.drawn(self.term.move_cursor_up(n))
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.drawn(self.term.move_cursor_down(n))
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.drawn(self.term.move_cursor_right(n))
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.drawn(self.term.move_cursor_left(n))
    }

    fn write_line(&self, s: &str) -> io::Result<()> {
        self.drawn(self.term.write_line(s))
    }

    fn write_str(&self, s: &str) -> io::Result<()> {
        self.drawn(self.term.write_str(s))
    }

    fn clear_line(&self) -> io::Result<()> {
        self.drawn(self.term.clear_line())
    }

    fn flush(&self) -> io::Result<()> {
        self.drawn(self.term.flush())
    }
}
