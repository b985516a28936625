//! The terminal. Only this file and the live view write to it: data to stdout, everything else to stderr. Whatever is
//! written, nothing in it steers the terminal: see [`tame`].

use std::{
    fmt,
    io::{self, BufRead, IsTerminal, Write},
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
};

use anstream::{AutoStream, ColorChoice};
use indicatif::{MultiProgress, ProgressDrawTarget};
use serde::Serialize;
use terminal_size::{Width, terminal_size_of};
use tokio::sync::watch;

use super::{
    Lang, Style,
    message::{self, Confirm, Message, Severity},
    tame::{self, tame},
};

/// Columns where there is no terminal to ask: files and pipes look alike everywhere.
pub(crate) const WIDTH: usize = 100;
/// Beyond this, lines are hard to read.
const WIDEST: usize = 120;
/// Below this, columns no longer make sense.
const NARROWEST: usize = 60;

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Color {
    /// On a terminal that can, unless NO_COLOR is set; CLICOLOR_FORCE forces it.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    fn choice(self) -> ColorChoice {
        match self {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        }
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Color::Auto => "auto",
            Color::Always => "always",
            Color::Never => "never",
        })
    }
}

impl FromStr for Color {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Color::Auto),
            "always" => Ok(Color::Always),
            "never" => Ok(Color::Never),
            other => Err(format!("not a colour choice: {other} (auto, always, never)")),
        }
    }
}

/// What the global options say about the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Of the sentences.
    pub lang: Lang,
    /// When to colour.
    pub color: Color,
    /// No progress and no notes; errors, warnings and data remain.
    pub quiet: bool,
}

/// Where a run speaks. Clones speak to the same terminal.
#[derive(Clone)]
pub struct Screen(Arc<Inner>);

struct Inner {
    settings: Settings,
    out: Mutex<Box<dyn Write + Send>>,
    err: Mutex<Box<dyn Write + Send>>,
    out_style: Style,
    err_style: Style,
    /// Somebody sits in front of it who can answer.
    interactive: bool,
    /// stderr is a terminal that can be drawn upon.
    drawable: bool,
    /// Owns the lower lines of the terminal while there is a live view; everything else is printed above them.
    live: MultiProgress,
    /// Something that was to be heard was not.
    gone: watch::Sender<bool>,
}

impl Screen {
    /// The process's own.
    pub fn new(settings: Settings) -> Self {
        let choice = settings.color.choice();
        let (out, err) = (AutoStream::new(io::stdout(), choice), AutoStream::new(io::stderr(), choice));
        let columns = |size: Option<(Width, _)>| size.map_or(WIDTH, |(width, _)| usize::from(width.0));
        let style = |choice, size| Style {
            lang: settings.lang,
            color: choice != ColorChoice::Never,
            width: columns(size).clamp(NARROWEST, WIDEST),
        };
        let drawable = io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        Screen(Arc::new(Inner {
            settings,
            out_style: style(out.current_choice(), terminal_size_of(io::stdout())),
            err_style: style(err.current_choice(), terminal_size_of(io::stderr())),
            out: Mutex::new(Box::new(out)),
            err: Mutex::new(Box::new(err)),
            interactive: io::stdin().is_terminal() && io::stderr().is_terminal(),
            drawable,
            live: MultiProgress::with_draw_target(ProgressDrawTarget::hidden()),
            gone: watch::Sender::new(false),
        }))
    }

    /// One that writes into memory: for tests. Without a terminal, as wide as a pipe.
    pub fn captured(settings: Settings) -> (Self, Captured) {
        let captured = Captured::default();
        let (out, err) = (Memory(captured.out.clone()), Memory(captured.err.clone()));
        (Screen::piped(settings, Box::new(out), Box::new(err)), captured)
    }

    fn piped(settings: Settings, out: Box<dyn Write + Send>, err: Box<dyn Write + Send>) -> Self {
        let style = Style { color: settings.color == Color::Always, ..Style::plain(settings.lang) };
        Screen(Arc::new(Inner {
            settings,
            out: Mutex::new(out),
            err: Mutex::new(err),
            out_style: style,
            err_style: style,
            interactive: false,
            drawable: false,
            live: MultiProgress::with_draw_target(ProgressDrawTarget::hidden()),
            gone: watch::Sender::new(false),
        }))
    }

    /// Of the sentences.
    pub fn lang(&self) -> Lang {
        self.0.settings.lang
    }

    /// For what goes to stdout.
    pub fn out_style(&self) -> Style {
        self.0.out_style
    }

    /// For what goes to stderr.
    pub fn err_style(&self) -> Style {
        self.0.err_style
    }

    /// No progress and no notes are wanted.
    pub fn is_quiet(&self) -> bool {
        self.0.settings.quiet
    }

    /// Somebody can be asked: stdin and stderr are a terminal.
    pub fn is_interactive(&self) -> bool {
        self.0.interactive
    }

    pub(super) fn is_drawable(&self) -> bool {
        self.0.drawable
    }

    pub(super) fn live(&self) -> &MultiProgress {
        &self.0.live
    }

    /// Data, to stdout. A reader that has seen enough (`| head`) is no error.
    ///
    /// # Errors
    /// Anything else that keeps the data from being written: a full disk, for example.
    pub fn data(&self, text: &str) -> io::Result<()> {
        enough(self.write(&tame(text, self.0.out_style.color)))
    }

    /// What gcnet itself is made of, byte for byte: scripts for shells and pages of the manual, in which tabs mean something.
    ///
    /// # Errors
    /// See [`data`](Self::data).
    pub fn verbatim(&self, text: &str) -> io::Result<()> {
        enough(self.write(text))
    }

    /// Data as one line of JSON.
    ///
    /// # Errors
    /// See [`data`](Self::data).
    pub fn json_line(&self, value: &impl Serialize) -> io::Result<()> {
        enough(self.write(&line_of(value)?))
    }

    /// What a run that changes AWS tells of itself, to stdout as one line of JSON: that nobody reads it any more matters
    /// ([`gone`](Self::gone)).
    ///
    /// # Errors
    /// It could not be written.
    pub fn event(&self, value: &impl Serialize) -> io::Result<()> {
        let written = line_of(value).and_then(|line| self.write(&line));
        if written.is_err() {
            self.0.gone.send_replace(true);
        }
        written
    }

    fn write(&self, text: &str) -> io::Result<()> {
        let mut out = lock(&self.0.out);
        self.0.live.suspend(|| out.write_all(text.as_bytes()).and_then(|()| out.flush()))
    }

    /// Returns when something could not be said, or an event not be told: the pipe is closed, the terminal went away, the disk
    /// is full.
    pub async fn gone(&self) {
        // The sender lives in self, so the only way out is that the value is true.
        let _ = self.0.gone.subscribe().wait_for(|gone| *gone).await;
    }

    /// For who draws: see [`gone`](Self::gone).
    pub(super) fn gone_to(&self) -> watch::Sender<bool> {
        self.0.gone.clone()
    }

    /// Data as indented JSON.
    ///
    /// # Errors
    /// See [`data`](Self::data).
    pub fn json(&self, value: &impl Serialize) -> io::Result<()> {
        enough(self.write(&(tame::tame_json(&serde_json::to_string_pretty(value)?) + "\n")))
    }

    /// To stderr, unless quiet.
    pub fn note(&self, text: &str) {
        if !self.is_quiet() {
            self.say(text);
        }
    }

    /// To stderr, even when quiet. When nobody can hear it there is nobody to tell, and whoever waits for
    /// [`gone`](Self::gone) learns it.
    pub fn say(&self, text: &str) {
        let text = tame(text, self.0.err_style.color);
        let mut err = lock(&self.0.err);
        if self.0.live.suspend(|| err.write_all(text.as_bytes()).and_then(|()| err.flush())).is_err() {
            self.0.gone.send_replace(true);
        }
    }

    /// A sentence, to stderr. Notes are kept back when quiet.
    pub fn tell(&self, message: &Message) {
        let text = message::text(message, self.err_style());
        match message.severity() {
            Severity::Note => self.note(&text),
            Severity::Error | Severity::Warning => self.say(&text),
        }
    }

    /// Asks, and reads one line; blocks. The end of the input is a no.
    ///
    /// # Errors
    /// The terminal cannot be read.
    pub fn confirm(&self, question: &Confirm) -> io::Result<bool> {
        self.say(&message::question(question, self.err_style()));
        let mut answer = String::new();
        if io::stdin().lock().read_line(&mut answer)? == 0 {
            self.say("\n");
            return Ok(false);
        }
        Ok(question.accepts(&answer))
    }

    /// Asks for the code that a device shows, and reads one line; blocks.
    ///
    /// # Errors
    /// The terminal cannot be read.
    pub fn ask_mfa_code(&self, serial: &str) -> io::Result<String> {
        self.say(&message::mfa_code(serial, self.err_style()));
        let mut code = String::new();
        io::stdin().lock().read_line(&mut code)?;
        Ok(code.trim().into())
    }

    /// Takes a live view off the terminal: for a process that is about to end at once.
    pub fn clear(&self) {
        let _ = self.0.live.clear();
    }

    /// For the log: prints above a live view instead of through it.
    pub fn log_writer(&self) -> LogWriter {
        LogWriter(self.clone())
    }
}

/// See [`Screen::log_writer`].
#[derive(Clone)]
pub struct LogWriter(Screen);

impl Write for LogWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A line at a time, as the log is written: no character is cut in two. Where it is JSON, it is JSON still.
        let text = tame::tame_json(&String::from_utf8_lossy(bytes));
        let mut err = lock(&self.0.0.err);
        self.0.0.live.suspend(|| err.write_all(text.as_bytes())).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        lock(&self.0.0.err).flush()
    }
}

/// What a captured screen was told.
#[derive(Clone, Debug, Default)]
pub struct Captured {
    out: Bytes,
    err: Bytes,
}

type Bytes = Arc<Mutex<Vec<u8>>>;

impl Captured {
    /// Data so far.
    pub fn out(&self) -> String {
        String::from_utf8_lossy(&lock(&self.out)).into_owned()
    }

    /// Everything else so far.
    pub fn err(&self) -> String {
        String::from_utf8_lossy(&lock(&self.err)).into_owned()
    }
}

struct Memory(Bytes);

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        lock(&self.0).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A panic elsewhere must not silence the terminal.
fn lock<T: ?Sized>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn line_of(value: &impl Serialize) -> io::Result<String> {
    Ok(tame::tame_json(&serde_json::to_string(value)?) + "\n")
}

/// A reader that has seen enough is no error.
fn enough(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Broken(io::ErrorKind);

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn broken(kind: io::ErrorKind) -> Screen {
        Screen::piped(Settings::default(), Box::new(Broken(kind)), Box::new(Broken(kind)))
    }

    #[test]
    fn a_reader_that_has_seen_enough_is_no_error_and_a_full_disk_is_one() {
        broken(io::ErrorKind::BrokenPipe).data("x").unwrap();
        assert!(broken(io::ErrorKind::StorageFull).data("x").is_err());
        assert!(broken(io::ErrorKind::StorageFull).json(&1).is_err());
        broken(io::ErrorKind::BrokenPipe).say("nobody hears it, and nothing stops");
    }

    #[tokio::test]
    async fn what_nobody_hears_any_more_is_noticed() {
        let screen = broken(io::ErrorKind::BrokenPipe);
        screen.data("x").unwrap();
        assert!(!*screen.0.gone.borrow(), "who has seen enough data is not missed");
        assert!(screen.event(&"x").is_err());
        screen.gone().await;
        let screen = broken(io::ErrorKind::Other);
        screen.say("x");
        screen.gone().await;
    }

    #[test]
    fn data_and_words_go_their_own_ways() {
        let (screen, captured) = Screen::captured(Settings::default());
        screen.json(&[1]).unwrap();
        screen.note("note\n");
        screen.log_writer().write_all(b"log\n").unwrap();
        assert_eq!((captured.out().as_str(), captured.err().as_str()), ("[\n  1\n]\n", "note\nlog\n"));
    }
}
