//! gcnet-core
