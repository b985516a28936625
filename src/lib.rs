//! gcnet
