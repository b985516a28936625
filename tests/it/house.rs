//! Rules of this repository that no compiler keeps.

use std::{fs, path::Path};

/// Every crate, the root's among them.
fn manifests() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let crates = fs::read_dir(root.join("crates")).unwrap().map(|entry| entry.unwrap().path());
    let all = crates.chain([root.to_path_buf()]).map(|dir| dir.join("Cargo.toml"));
    all.map(|path| (path.display().to_string(), fs::read_to_string(path).unwrap())).collect()
}

/// What the workspace forbids (unsafe code, other programs, printing) is forbidden only to who asks for it.
#[test]
fn every_crate_keeps_the_rules_of_the_workspace() {
    let manifests = manifests();
    assert!(manifests.len() > 6, "{}", manifests.len());
    for (path, manifest) in &manifests {
        assert!(manifest.contains("\n[lints]\nworkspace = true\n"), "{path}");
    }
    let (_, root) = manifests.last().unwrap();
    for rule in ["unsafe_code = \"forbid\"", "disallowed_types = \"deny\"", "print_stdout = \"deny\""] {
        assert!(root.contains(rule), "{rule}");
    }
}

/// One TLS, in Rust. `cargo deny` holds it, and its library of ciphers, to what is built; this to all that is locked, for the systems
/// too that nobody builds for. (ring is locked as a choice of rustls that nobody makes.)
#[test]
fn tls_is_rustls_and_nothing_else() {
    let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock")).unwrap();
    let names: Vec<&str> = lock.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"')).collect();
    for other in ["openssl", "openssl-sys", "native-tls", "hyper-tls", "boring", "s2n-tls"] {
        assert!(!names.contains(&other), "{other}");
    }
    assert_eq!(names.iter().filter(|name| **name == "rustls").count(), 1);
}
