//! gcnet-sandbox
