//! What a run does on a bad day, and that a plain second run makes it good.

mod calls;
mod case;
mod class;
mod console;
mod content;
mod matrix;
mod picked;
mod stage;
mod table;
mod walk;
