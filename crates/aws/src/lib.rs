//! gcnet-aws
