//! The engine against a toy cloud that is stricter than a real one.

mod apply;
mod cause;
mod crash;
mod faults;
mod help;
mod kinds;
mod plan;
mod random;
mod world;
