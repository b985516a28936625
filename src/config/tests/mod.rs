//! Tests of the whole: the nine files, the schema, and what no input may do.

mod bombs;
mod claims;
mod derived;
mod loading;
mod meetings;
mod mutation;
mod nine;
mod parties;
mod quotas;
mod reach;
mod schema;
