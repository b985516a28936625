//! What people do with authorities, through the built binary: each certificate is verified by webpki, as a client does.

mod issuing;
mod leftovers;
mod life;
mod secrets;

use std::time::Duration;

use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use serde_json::Value;
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};

use crate::cli::{Folder, Ran, server::Server};

/// Smaller and quicker than what Naruto's file asks for.
const KEY: (&str, &str) =
    ("algorithm: RSA_4096, signing: SHA512WITHRSA", "algorithm: EC_prime256v1, signing: SHA256WITHECDSA");

/// A folder whose Naruto has an authority with a small key; not built.
fn folder() -> Folder {
    let folder = Folder::new();
    folder.edit(KEY.0, KEY.1);
    folder
}

/// The same with a subordinate that issues.
fn two_levels() -> Folder {
    let folder = folder();
    folder.edit("hierarchy: root-only", "hierarchy: root-and-subordinate");
    let subordinate = "  subordinate:\n    subject: { common_name: !sample Naruto GC Issuing CA }\n    key: { algorithm: RSA_2048, signing: SHA256WITHRSA, validity_years: 5 }\n";
    folder.edit("  share_with: [juki, hoken]", &format!("{subordinate}  share_with: [juki, hoken]"));
    folder
}

/// Built in the folder's own sandbox.
fn built(folder: Folder) -> Folder {
    folder.run("--sandbox -q apply naruto --yes").succeeds();
    folder
}

/// What a command answers in JSON.
fn json(ran: Ran) -> Value {
    serde_json::from_str(&ran.succeeds().out).unwrap()
}

/// The certificates of a text in PEM, as DER.
fn certificates(pem: &str) -> Vec<CertificateDer<'static>> {
    gcnet::pki::pem::decode(pem.as_bytes())
        .unwrap()
        .iter()
        .map(|block| CertificateDer::from(block.der.to_vec()))
        .collect()
}

/// As a client verifies what a server shows: chain, usage, names; by the time of the simulated AWS.
fn verify(root: &str, leaf: &str, chain: &str, usage: KeyUsage, hosts: &[&str]) -> Result<(), webpki::Error> {
    let roots = certificates(root);
    let anchors = [anchor_from_trusted_cert(&roots[0]).unwrap()];
    let (leaf, chain) = (certificates(leaf), certificates(chain));
    let leaf = EndEntityCert::try_from(&leaf[0]).unwrap();
    // Simulated time has run ahead by hours at most.
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap() + Duration::from_secs(86_400);
    let now = UnixTime::since_unix_epoch(now);
    leaf.verify_for_usage(webpki::ALL_VERIFICATION_ALGS, &anchors, &chain, now, usage, None, None)?;
    for host in hosts {
        leaf.verify_is_valid_for_subject_name(&ServerName::try_from(*host).unwrap())?;
    }
    Ok(())
}

/// Lets time pass in a served sandbox.
fn pass(server: &Server, seconds: u64) {
    server.control("POST", "clock", &serde_json::json!({ "advance_seconds": seconds }));
}
