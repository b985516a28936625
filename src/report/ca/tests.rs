//! Every sentence about authorities, in both languages.

use std::path::PathBuf;

use gcnet_aws::ca::{Ca, SharedWith};
use gcnet_core::{Class, Failure, Stack};
use insta::assert_snapshot;
use jiff::Timestamp;

use super::{
    export, issue, list,
    status::{self, Known, Status},
    trouble::{Deleted, Doing, Issuing, Listing, Restoring, Revoking, Standing, Trouble},
};
use crate::{
    pki::{Certificate, KeyKind, Name, RequestFault, audit, name::BadName, terms::TermsFault},
    report::{
        Lang, Style,
        fixtures::{failure, subject},
        message::{self, Message},
    },
};

const ARN: &str =
    "arn:aws:acm-pca:ap-northeast-1:111122223333:certificate-authority/11111111-2222-3333-4444-555555555555";

fn in_both(show: impl Fn(Style) -> String) -> String {
    let text = [Lang::En, Lang::Ja].map(|lang| show(Style::plain(lang))).join("\n");
    assert!(!text.contains(['\u{1b}', '\u{7}']), "{text}");
    text
}

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn authority(name: &str, status: &str) -> Ca {
    Ca {
        arn: format!("{ARN}{name}"),
        stack: Stack::new("naruto", "prod"),
        name: name.into(),
        is_root: name == "root",
        status: status.into(),
        subject: "C=JP, O=鳴門市\u{1b}[2J, CN=Naruto Root CA".into(),
        key_algorithm: "RSA_4096".into(),
        signing_algorithm: "SHA512WITHRSA".into(),
        short_lived: false,
        serial: Some("6f:0a:bc".into()),
        not_after: Some("2027-06-01T00:00:00Z".into()),
        created_at: Some("2026-11-01T00:00:00Z".into()),
        restorable_until: (status == "DELETED").then(|| "2026-12-20T00:00:00Z".into()),
        has_crl: name == "subordinate",
        has_ocsp: false,
    }
}

#[test]
fn how_authorities_stand() {
    let shared = |principal: &str, status: &str| SharedWith { principal: principal.into(), status: status.into() };
    let receivers = vec![shared("200000000001", "ASSOCIATED"), shared("200000000002", "ASSOCIATING")];
    let pending = Ca { not_after: None, serial: None, ..authority("root", "PENDING_CERTIFICATE") };
    let known = vec![
        Known { ca: authority("root", "ACTIVE"), shared_with: Some(vec![]), warn_days: 365 },
        Known { ca: authority("subordinate", "ACTIVE"), shared_with: Some(receivers), warn_days: 365 },
        Known { ca: authority("subordinate", "DELETED"), shared_with: Some(vec![]), warn_days: 365 },
        Known { ca: Ca { short_lived: true, ..pending }, shared_with: None, warn_days: 365 },
    ];
    let name_of = |account: &str| (account == "200000000001").then(|| "a-sha".to_string());
    let now = moment("2026-12-01T00:00:00Z");
    let status = Status::new(&subject(), known, now, name_of);
    let text = in_both(|style| status::text(&status, &subject(), "gcnet ca restore naruto", style));
    assert_snapshot!(format!("{text}\n{}", serde_json::to_string_pretty(&status).unwrap().replace('\u{1b}', "ESC")));
    let nothing = Status::new(&subject(), vec![], now, name_of);
    assert_snapshot!("nothing", in_both(|style| status::text(&nothing, &subject(), "", style)));
}

/// Its end is warned of from the day on that the file says, and a day later it is over.
#[test]
fn days_are_whole_and_the_last_one_is_none() {
    let row = |now: &str| {
        let known = Known { ca: authority("root", "ACTIVE"), shared_with: None, warn_days: 30 };
        let row = Status::new(&subject(), vec![known], moment(now), |_| None).authorities.remove(0);
        (row.days_left.unwrap(), row.expires_soon)
    };
    assert_eq!(row("2027-05-01T00:00:00Z"), (31, false));
    assert_eq!(row("2027-05-01T00:00:01Z"), (30, true));
    assert_eq!(row("2027-05-31T23:59:59Z"), (0, true));
    assert_eq!(row("2027-06-01T00:00:01Z"), (-1, true));
}

fn certificate() -> Certificate {
    let pem = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/pki/fixtures/root.cert.pem")).unwrap();
    Certificate::all(&pem).unwrap().remove(0)
}

#[test]
fn what_goes_into_trust_stores() {
    let written = [PathBuf::from("out/naruto-prod-root.pem")];
    assert_snapshot!(in_both(|style| export::text(&[certificate()], &written, style)));
}

#[test]
fn what_was_issued() {
    let mut certificate = certificate();
    certificate.names = vec![
        Name::Dns("juki.example.jp".into()),
        Name::Dns("*.xn--wgv71a.example".into()),
        Name::Address([10, 1, 2, 3].into()),
    ];
    let issued = issue::Issued {
        arn: &format!("{ARN}/certificate/6f0abc"),
        certificate: &certificate,
        key: Some("out/juki.example.jp.key.pem".into()),
        files: vec!["out/juki.example.jp.cert.pem".into(), "out/juki.example.jp.chain.pem".into()],
    };
    assert_snapshot!(in_both(|style| issue::text(&issued, style)));
}

#[test]
fn what_a_report_lists() {
    let entry = |serial: &str, not_after: &str, more: &str| {
        format!(
            r#"{{"awsAccountId":"111122223333","certificateArn":"{ARN}/certificate/{serial}","serial":"{serial}",
            "subject":"CN=juki.example.jp\u001b[2J","notBefore":"2026-01-01T00:00:00+0000","notAfter":"{not_after}+0000",
            "issuedAt":"2026-01-01T00:00:00+0000","templateArn":"arn:aws:acm-pca:::template/EndEntityCertificate/V1"{more}}}"#
        )
    };
    let revoked = r#","revokedAt":"2026-02-01T00:00:00+0000","revocationReason":"KEY_COMPROMISE""#;
    let json = format!(
        "[{},{},{}]",
        entry("6f:0a:bc", "2027-01-01T00:00:00", ""),
        entry("70", "2027-01-01T00:00:00", revoked),
        entry("01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f:10", "2026-06-01T00:00:00", ""),
    );
    let issued = audit::parse(json.as_bytes()).unwrap();
    let of = |issued: &[audit::Issued]| {
        list::Listing::new(&subject(), ARN, "2026-11-30T00:00:00Z", issued, moment("2026-12-01T00:00:00Z"))
    };
    let listing = of(&issued);
    let json = serde_json::to_string_pretty(&listing).unwrap().lines().take(22).collect::<Vec<_>>().join("\n");
    assert_snapshot!(format!("{}\n{}", in_both(|style| list::text(&listing, style)), json.replace('\u{1b}', "ESC")));
    assert_snapshot!("nothing_issued", in_both(|style| list::text(&of(&[]), style)));
}

fn refused(doing: Doing, class: Class, code: &str) -> Trouble {
    let failure = failure(class, "acm-pca:IssueCertificate", code, "words of AWS\u{1b}]0;x\u{7}");
    Trouble::Refused { doing, failure, endpoint: None, profile: None }
}

fn troubles() -> Vec<Trouble> {
    let (root, apply, list) =
        (|| "root".to_string(), || "gcnet apply naruto".to_string(), || "gcnet ca list naruto".to_string());
    let serial = || "6f:0a:bc".to_string();
    let lost = || -> Failure { failure(Class::Unknown, "acm-pca:IssueCertificate", "timeout", "") };
    let until = || Some("2026-12-20T00:00:00Z".to_string());
    let not_there = |restorable| Standing::NotThere {
        name: root(),
        restorable,
        apply: apply(),
        restore: "gcnet ca restore naruto".into(),
    };
    let terms = |fault| Issuing::Terms { name: root(), fault, apply: apply() };
    let outlives = |days| TermsFault::Outlives {
        ends: moment("2027-12-01T00:00:00Z"),
        issuer_ends: moment("2027-06-01T00:00:00Z"),
        days,
    };
    let revoking = |is_authority, is_published| Revoking::Asked {
        serial: serial(),
        subject: "CN=juki.example.jp\u{1b}[2J".into(),
        names: if is_authority { vec![] } else { vec!["juki.example.jp".into(), "10.1.2.3".into()] },
        until: "2027-06-01T00:00:00Z".into(),
        is_authority,
        is_published,
    };
    let deleted = |restorable_until: Option<String>, command: Option<&str>| {
        let command = command.map(String::from);
        Restoring::Deleted(Deleted { name: root(), arn: ARN.into(), restorable_until, command }).into()
    };
    let restoring = |price: Option<&str>| Restoring::Asked {
        name: root(),
        arn: ARN.into(),
        until: until(),
        price: price.map(String::from),
    };
    let request = |fault| Trouble::from(Issuing::Request { path: "juki\u{7}.csr".into(), fault });
    let bad = |needs_punycode| BadName { name: "日本.example.jp\u{1b}".into(), needs_punycode };
    let faults = [
        RequestFault::NotARequest,
        RequestFault::PrivateKey,
        RequestFault::Other { label: "CERTIFICATE\u{1b}".into() },
        RequestFault::TooLarge { bytes: 40_000, limit: 32_768 },
        RequestFault::FileTooLarge { limit: 1_048_576 },
        RequestFault::Several { count: 2 },
        RequestFault::Signature,
        RequestFault::Unsupported { algorithm: "EC P-521".into() },
        RequestFault::WeakHash { hash: "SHA-1" },
        RequestFault::WeakKey { key: "RSA 1024".into() },
        RequestFault::Name(bad(true)),
        RequestFault::Nameless,
    ];
    let mut troubles: Vec<Trouble> = vec![
        Standing::NoBlock {
            municipality: "anan".into(),
            apply: "gcnet --sandbox apply anan".into(),
            leftovers: "gcnet --sandbox leftovers anan".into(),
        }
        .into(),
        Standing::Unwished { municipality: "anan".into(), leftovers: "gcnet leftovers anan".into() }.into(),
        Standing::NotActive { doing: Doing::Revoke, name: root(), status: "DISABLED".into(), apply: apply() }.into(),
        Revoking::PerhapsOfADeletedOne { serial: serial(), restore: "gcnet ca restore naruto".into() }.into(),
        Issuing::Shortened { days: 90, usual: 365, name: "subordinate".into() }.into(),
        Issuing::Terms { name: "subordinate".into(), fault: outlives(181), apply: apply() }.into(),
        Standing::NotInFile { name: "subordinate".into() }.into(),
        not_there(false).into(),
        not_there(true).into(),
        Standing::Twins { name: root(), arns: vec![ARN.into(), format!("{ARN}2")] }.into(),
        Standing::Outdated { name: "subordinate".into(), apply: apply() }.into(),
        Standing::NoCertificate { name: root(), status: "PENDING_CERTIFICATE".into(), apply: apply() }.into(),
        Issuing::DerNeedsOut.into(),
        Issuing::Unreadable { path: "juki.csr".into(), detail: "no such file".into() }.into(),
        Issuing::NotAFolder { path: "out.pem".into() }.into(),
        Issuing::Exists { path: "out/juki.key.pem".into() }.into(),
        Issuing::Name(bad(false)).into(),
        terms(TermsFault::NotActive { status: "DISABLED".into() }).into(),
        terms(TermsFault::TooLong { days: 30, limit: 7 }).into(),
        terms(outlives(181)).into(),
        terms(outlives(0)).into(),
        Issuing::Unknown { failure: lost(), again: "gcnet ca issue naruto --csr out/juki.csr.pem".into(), arn: None }
            .into(),
        Issuing::Unknown {
            failure: lost(),
            again: "gcnet ca issue".into(),
            arn: Some(format!("{ARN}/certificate/6f0abc")),
        }
        .into(),
        Issuing::NotWritten {
            arn: format!("{ARN}/certificate/6f0abc"),
            ca: ARN.into(),
            path: "out/juki.cert.pem".into(),
            detail: "no space left".into(),
        }
        .into(),
        Issuing::Unlisted { list: list() }.into(),
        Issuing::NoNames.into(),
        Listing::TooSoon { again: None }.into(),
        Listing::TooSoon { again: until() }.into(),
        Listing::OldReport { written: "2026-12-01T00:00:00Z".into(), again: "2026-12-01T00:30:00Z".into() }.into(),
        Listing::BadReport { key: "audit-report/x.json".into(), detail: "moment `soon`".into() }.into(),
        Listing::NoBucket { bucket: "gcnet-naruto-prod-ca-111122223333".into(), apply: apply() }.into(),
        Revoking::NotASerial { text: "xyz\u{1b}".into() }.into(),
        Revoking::UnknownSerial { serial: serial(), list: list() }.into(),
        Revoking::RootItself { serial: serial() }.into(),
        revoking(false, false).into(),
        revoking(false, true).into(),
        revoking(true, true).into(),
        Revoking::Revoked { serial: serial(), has_crl: true, has_ocsp: true }.into(),
        Revoking::Revoked { serial: serial(), has_crl: true, has_ocsp: false }.into(),
        Revoking::Revoked { serial: serial(), has_crl: false, has_ocsp: true }.into(),
        Revoking::Revoked { serial: serial(), has_crl: false, has_ocsp: false }.into(),
        Revoking::AlreadyRevoked { serial: serial() }.into(),
        Restoring::Nothing { municipality: "naruto".into(), look: "gcnet ca status naruto".into() }.into(),
        Restoring::Occupied { name: root(), live: ARN.into() }.into(),
        Restoring::Choose { name: root(), deleted: vec![(ARN.into(), until()), (format!("{ARN}2"), None)] }.into(),
        deleted(until(), Some("gcnet ca restore naruto")),
        deleted(None, None),
        Restoring::NotDeleted { arn: ARN.into(), look: "gcnet ca status naruto".into() }.into(),
        restoring(Some("400.00")).into(),
        restoring(None).into(),
        Restoring::Restored { name: "subordinate".into(), status: "ACTIVE".into(), apply: apply() }.into(),
        refused(Doing::Issue, Class::Denied, "AccessDeniedException"),
        refused(Doing::Issue, Class::Invalid, "MalformedCSRException"),
        refused(Doing::Revoke, Class::NotFound, "ResourceNotFoundException"),
        refused(Doing::Restore, Class::NotYet, "InvalidStateException"),
        refused(Doing::Report, Class::Invalid, "InvalidArgsException"),
        Trouble::NeedsYes { command: "gcnet ca revoke naruto 6f0abc --reason superseded".into() },
    ];
    troubles.extend(faults.into_iter().map(request));
    troubles
}

#[test]
fn what_was_not_done_and_what_to_know() {
    for lang in [Lang::En, Lang::Ja] {
        let told = |trouble| message::text(&Message::Ca(trouble), Style::plain(lang));
        let text: Vec<String> = troubles().into_iter().map(told).collect();
        let text = text.join("\n");
        assert!(!text.contains(['\u{1b}', '\u{7}']));
        assert_snapshot!(format!("troubles_{lang:?}"), text);
    }
}

/// A file with a key in it is named, and nothing of the key is said.
#[test]
fn a_key_is_never_repeated() {
    let (secret, _) = crate::pki::key::make(KeyKind::EcP256, &[Name::Dns("a.jp".into())]).unwrap();
    let fault = crate::pki::Request::read(secret.revealed().as_bytes()).unwrap_err();
    let told = Message::Ca(Issuing::Request { path: "key.pem".into(), fault }.into());
    let said = format!("{told:?}{}", message::text(&told, Style::plain(Lang::En)));
    for line in secret.revealed().lines() {
        assert!(!said.contains(line), "{line}");
    }
}
