//! Tests of the whole: the nine files, the schema, and what no input may do.

mod derived;
mod loading;
mod mutation;
mod nine;
mod parties;
mod reach;
mod schema;
