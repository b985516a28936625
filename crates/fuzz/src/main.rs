//! The fuzzer: libFuzzer's `main` around one of the targets, the one that `GCNET_FUZZ_TARGET` names.
#![no_main]

use std::sync::LazyLock;

use gcnet_fuzz::Target;
use libfuzzer_sys::fuzz_target;

/// Without a name that is known there is nothing to do, and libFuzzer has no way to say so but this.
static TARGET: LazyLock<Target> = LazyLock::new(|| match Target::asked() {
    Some(target) => target,
    None => std::process::exit(2),
});

fuzz_target!(init: LazyLock::force(&TARGET).plant(), |bytes: &[u8]| {
    TARGET.feed(bytes);
});
