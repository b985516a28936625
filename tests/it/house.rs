//! Rules of this repository that no compiler keeps.

use std::{
    fs,
    path::{Path, PathBuf},
};

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

/// Every source file of a folder, without those of tests.
fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_str().unwrap();
        match path.is_dir() {
            true if name != "tests" => sources(&path, found),
            false if name.ends_with(".rs") && name != "tests.rs" => found.push(path),
            _ => {}
        }
    }
}

/// Nobody excuses themselves from a rule that docs/security.md tells of.
#[test]
fn no_source_takes_a_rule_back() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = vec![];
    sources(&root.join("src"), &mut found);
    for entry in fs::read_dir(root.join("crates")).unwrap() {
        sources(&entry.unwrap().path().join("src"), &mut found);
    }
    assert!(found.len() > 300, "{}", found.len());
    for path in &found {
        let text = fs::read_to_string(path).unwrap().replace("#![", "#[");
        // Whatever stands between the brackets of an attribute.
        for attribute in text.split("#[").skip(1) {
            let attribute = attribute.split(']').next().unwrap();
            let excuses = attribute.contains("allow(") || attribute.contains("expect(");
            let rules = ["disallowed_types", "print_std", "unwrap_used", "expect_used", "panic", "unsafe_code"];
            let rule = rules.iter().find(|rule| excuses && attribute.contains(*rule));
            assert_eq!(rule, None, "{}", path.display());
        }
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
