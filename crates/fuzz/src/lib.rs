//! What takes bytes that others wrote, as targets of a fuzzer, with inputs to begin with. See docs/decisions/0030 and
//! docs/security.md.
//!
//! A target must end, without a panic, on whatever bytes there are. `run.sh` drives one with libFuzzer; the tests of this
//! crate run every target on its seeds, on inputs that once were found to break one, and on a few changes of them.

mod seed;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use gcnet_sandbox::fuzz::Furnished;

/// A reader, and what it is given.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// What it is called on the command line, and its folder under `corpus` and `regressions`.
    pub name: &'static str,
    /// Reads the bytes and does with them what gcnet would: whether they were what is read there. An error is a promise that was
    /// broken.
    run: fn(&[u8]) -> Result<bool, String>,
    seeds: fn() -> Vec<Vec<u8>>,
}

/// All of them.
pub const TARGETS: &[Target] = &[
    Target { name: "audit-report", run: gcnet::fuzz::audit_report, seeds: seed::none },
    Target { name: "certificate", run: gcnet::fuzz::certificate, seeds: seed::fixtures },
    Target { name: "dns-answer", run: gcnet::fuzz::dns_answer, seeds: seed::dns_answers },
    Target { name: "network", run: gcnet::fuzz::network, seeds: seed::municipalities },
    Target { name: "plan-file", run: gcnet::fuzz::plan_file, seeds: seed::none },
    Target { name: "policy", run: gcnet::fuzz::policy, seeds: seed::none },
    Target { name: "sandbox-file", run: gcnet_sandbox::fuzz::file, seeds: seed::none },
    Target { name: "sandbox-request", run: request, seeds: seed::requests },
    Target { name: "terminal", run: gcnet::fuzz::terminal, seeds: seed::texts },
    Target { name: "yaml", run: gcnet::fuzz::yaml, seeds: seed::municipalities },
];

/// The store that the recorded requests were made to, of which most say what they name.
static FURNISHED: LazyLock<Result<Furnished, String>> = LazyLock::new(|| Furnished::new(seed::STORE));

fn request(bytes: &[u8]) -> Result<bool, String> {
    FURNISHED.as_ref().map_err(String::clone)?.request(bytes)
}

impl Target {
    /// Gives it some bytes; whether they were understood.
    ///
    /// # Panics
    /// A promise was broken: it is what fuzzers and tests wait for.
    pub fn feed(&self, bytes: &[u8]) -> bool {
        let done = (self.run)(bytes);
        assert!(done.is_ok(), "{}: {done:?}", self.name);
        done.is_ok_and(|is_understood| is_understood)
    }

    /// The one that the environment names.
    pub fn asked() -> Option<Target> {
        let name = std::env::var("GCNET_FUZZ_TARGET").ok()?;
        TARGETS.iter().find(|target| target.name == name).copied()
    }

    /// Inputs that get far: real files, recorded requests, and what is kept under `corpus`.
    pub fn seeds(&self) -> Vec<Vec<u8>> {
        let mut seeds = (self.seeds)();
        seeds.extend(self.kept("corpus").into_iter().map(|(_, bytes)| bytes));
        seeds
    }

    /// Inputs that broke it once, by their files' names.
    pub fn regressions(&self) -> Vec<(PathBuf, Vec<u8>)> {
        self.kept("regressions")
    }

    /// Writes the seeds into the folder that `GCNET_FUZZ_SEEDS` names, where libFuzzer looks for them.
    pub fn plant(&self) {
        let Some(dir) = std::env::var_os("GCNET_FUZZ_SEEDS") else { return };
        for (n, bytes) in self.seeds().into_iter().enumerate() {
            // One that is missing is one seed less.
            let _ = std::fs::write(Path::new(&dir).join(format!("seed-{n:04}")), bytes);
        }
    }

    fn kept(&self, folder: &str) -> Vec<(PathBuf, Vec<u8>)> {
        seed::files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join(self.name))
    }
}
