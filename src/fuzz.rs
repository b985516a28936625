//! Entries for a fuzzer: what gcnet makes of bytes that others wrote. Hidden from the documentation; nothing else may call
//! them. What they answer is whether the bytes were what is read there; an error is a promise that was broken.

use std::path::Path;

use gcnet_aws::policy::Policy;
use ipnet::Ipv4Net;

use crate::{
    blueprint,
    config::{City, Finding, Fleet, Purpose, Severity, schema::RecordType, source::Span},
    digcheck::{self, Because, Expected, Kind, Question},
    pki::{self, Certificate, Request},
    plan_file,
    report::{
        Lang, Style, diagnostics,
        document::Subject,
        plan::{self, Goal, Overview},
        tame,
    },
};

const LANGS: [Lang; 2] = [Lang::Ja, Lang::En];

/// Findings of a file that are worded: the others are of the same sorts.
const WORDED: usize = 20;

/// A municipality's file, read and checked, and its findings worded.
///
/// # Errors
/// What is shown would steer a terminal.
pub fn yaml(bytes: &[u8]) -> Result<bool, String> {
    let fleet = fleet(bytes);
    for (n, finding) in fleet.check(Purpose::RealAccount).iter().take(WORDED).enumerate() {
        let lang = LANGS[n % LANGS.len()];
        unsteered(&tame::tame(&diagnostics::render(finding, Style::plain(lang)), false))?;
    }
    Ok(fleet.cities().next().is_some())
}

/// All that is made of a municipality's file before AWS is looked at.
///
/// # Errors
/// None: that it ends is the promise.
pub fn network(bytes: &[u8]) -> Result<bool, String> {
    let contradictions = |city: &City, found: &[Finding]| {
        let mut findings = crate::reach::contradictions(city, found);
        findings.extend(crate::resolve::contradictions(city, found));
        findings
    };
    let fleet = fleet(bytes);
    let findings = fleet.check_also(Purpose::Sandbox, contradictions);
    let is_whole = findings.iter().all(|finding| finding.severity != Severity::Error);
    if is_whole {
        for city in fleet.cities() {
            blueprint::wish(&city.config);
            digcheck::questions(&city.config);
        }
    }
    Ok(is_whole)
}

/// The stem of a file has to be the key in it: without it, no file would be whole.
fn fleet(bytes: &[u8]) -> Fleet {
    let text = String::from_utf8_lossy(bytes);
    let key = text.split_once("key:").map_or("", |(_, rest)| rest.trim_start());
    let key: String = key.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    Fleet::from_bytes(vec![(format!("{key}.yaml"), bytes.to_vec())])
}

/// A saved plan, and how it is shown.
///
/// # Errors
/// What is shown would steer a terminal.
pub fn plan_file(bytes: &[u8]) -> Result<bool, String> {
    // The digest finds accidents; whoever means it makes one that fits.
    let Ok(document) = plan_file::document(Path::new("itano.plan"), bytes) else { return Ok(false) };
    let subject = Subject {
        municipality: document.municipality.clone(),
        name_ja: String::new(),
        name_en: String::new(),
        environment: document.environment.clone(),
        account: document.account.clone(),
        region: document.region.clone(),
    };
    for (lang, goal) in LANGS.into_iter().zip([Goal::Apply, Goal::Destroy]) {
        let overview = Overview { subject: &subject, document: &document, deferred: &[], goal };
        unsteered(&plan::text(&overview, Style::plain(lang)))?;
        unsteered(&plan::markdown(&overview, lang))?;
    }
    Ok(true)
}

/// A signing request, a certificate or a chain that somebody brings, in PEM or DER.
///
/// # Errors
/// What was read is not read again from what is written of it.
pub fn certificate(bytes: &[u8]) -> Result<bool, String> {
    let mut is_read = false;
    if let Ok(request) = Request::read(bytes) {
        is_read = true;
        let again = Request::read(request.pem.as_bytes());
        again.map_err(|fault| format!("a request became {fault:?}"))?;
    }
    if let Ok(certificate) = Certificate::from_der(bytes) {
        is_read = true;
        let again = Certificate::all(&certificate.pem()).map_err(|error| error.to_string())?;
        if again != [certificate] {
            return Err("a certificate became another".to_owned());
        }
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        for certificate in Certificate::all(text).into_iter().flatten() {
            is_read = true;
            certificate.fingerprint();
        }
    }
    Ok(is_read)
}

/// An audit report from a bucket.
///
/// # Errors
/// None: that it ends is the promise.
pub fn audit_report(bytes: &[u8]) -> Result<bool, String> {
    // What is wrong with it is worded elsewhere.
    Ok(pki::audit::parse(bytes).is_ok())
}

/// An answer of a DNS server.
///
/// # Errors
/// None: that it ends is the promise.
pub fn dns_answer(bytes: &[u8]) -> Result<bool, String> {
    let Some(reply) = digcheck::heard(bytes) else { return Ok(false) };
    let values = || ["10.0.0.1".to_owned()].into();
    for (kind, expected) in [
        (Kind::Record(RecordType::A), Expected::Records { values: values(), at_most: 300 }),
        (Kind::Record(RecordType::A), Expected::Addresses { within: vec![Ipv4Net::default()] }),
        (Kind::Soa, Expected::Zone { or_around: true }),
        (Kind::Ns, Expected::Servers),
    ] {
        let because = Because::Zone;
        digcheck::judge(
            &Question { name: "a.example".to_owned(), kind, expected, because, span: Span::default() },
            &reply,
        );
    }
    Ok(true)
}

/// A policy document as IAM returns it.
///
/// # Errors
/// The same document in its canonical form is another.
pub fn policy(bytes: &[u8]) -> Result<bool, String> {
    let Ok(policy) = Policy::from_wire(&String::from_utf8_lossy(bytes)) else { return Ok(false) };
    let value = serde_json::Value::from(policy.clone());
    if Policy::from(value) == policy { Ok(true) } else { Err("a policy is not what it is".to_owned()) }
}

/// Text from anywhere, on its way to a terminal, a log and a pull request.
///
/// # Errors
/// It would steer the terminal.
pub fn terminal(bytes: &[u8]) -> Result<bool, String> {
    let text = String::from_utf8_lossy(bytes);
    unsteered(&tame::tame(&text, false))?;
    unsteered(&plan::escape(&text))?;
    let json = tame::tame_json(&serde_json::to_string(&text).map_err(|error| error.to_string())?);
    unsteered(&json)?;
    match serde_json::from_str::<String>(&json) {
        Ok(read) if read == text => Ok(true),
        _ => Err("JSON says something else".to_owned()),
    }
}

/// No control character but the end of a line, and nothing invisible.
fn unsteered(text: &str) -> Result<(), String> {
    match text.chars().find(|c| *c != '\n' && tame::steers(*c)) {
        None => Ok(()),
        Some(c) => Err(format!("{c:?} would reach the terminal")),
    }
}
