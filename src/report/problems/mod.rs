//! The sentence of each problem, and what to do about it.

/// Chooses by language; both sides are format strings.
macro_rules! say {
    ($lang:expr, $ja:literal, $en:literal) => {
        match $lang {
            Lang::Ja => format!($ja),
            Lang::En => format!($en),
        }
    };
}

mod hint;
mod message;
mod words;

pub(super) use hint::hint;
pub(super) use message::message;
pub(super) use words::role;
