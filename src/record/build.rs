//! Which gcnet this is, as well as it knows.

/// Whoever builds from a commit says which (`GCNET_COMMIT`): asking Git while building would be a program that is run, and fail in
/// a source archive.
const COMMIT: Option<&str> = option_env!("GCNET_COMMIT");

/// `0.1.0`, or `0.1.0+COMMIT` where the build was told the commit.
pub(super) fn version() -> String {
    let version = env!("CARGO_PKG_VERSION");
    COMMIT.filter(|commit| !commit.is_empty()).map_or(version.into(), |commit| format!("{version}+{commit}"))
}

/// What it was compiled for: `x86_64-linux`.
pub(super) fn platform() -> String {
    format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS)
}
