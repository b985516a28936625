//! Every sentence of the command line, in both languages.

use gcnet_core::{
    Class, Failure, PlanError,
    lease::{Holder, Lost},
};
use insta::assert_snapshot;

use super::{Confirm, Message, Severity, question, text};
use crate::{
    expiry::{Expiring, NotYet},
    plan_file::{Difference, PlanFileError},
    report::{
        Lang, Style,
        document::Action,
        fixtures::{address, failure},
        lease::Leasing,
        screen::{Screen, Settings},
    },
};

fn call(class: Class, code: &str, account: Option<&str>) -> Message {
    let failure = Failure {
        account: account.map(Into::into),
        permission: None,
        ..failure(class, "sts:GetCallerIdentity", code, "words of AWS\u{1b}]0;x\u{7}")
    };
    Message::Call { failure, endpoint: None, profile: None }
}

fn with_profile(message: Message) -> Message {
    match message {
        Message::Call { failure, endpoint, .. } => {
            Message::Call { failure, endpoint, profile: Some("tokushima".into()) }
        }
        other => other,
    }
}

fn lease(leasing: Leasing) -> Message {
    Message::Lease(leasing)
}

fn stack() -> String {
    "naruto/prod".into()
}

fn holder() -> Holder {
    Holder {
        run: "a298bd965bf85986".into(),
        command: "apply".into(),
        owner: "arn:aws:sts::111122223333:assumed-role/gcnet-naruto-prod-apply/gcnet-hanako\u{1b}".into(),
        host: "ops-1".into(),
        process: 4711,
        since: 1_796_085_783,
        heartbeat: 1_796_085_843,
        expires: 1_796_086_023,
    }
}

fn put(class: Class) -> Failure {
    let code = if class == Class::Denied { "AccessDeniedException" } else { "timeout" };
    failure(class, "ssm:PutParameter", code, "words of AWS")
}

fn messages() -> Vec<Message> {
    let io = || std::io::Error::new(std::io::ErrorKind::PermissionDenied, "permission denied");
    let path = || "plan.json".into();
    let ids = vec!["vpc-0a1b2c3d4e5f67890".to_string(), "vpc-0f1e2d3c4b5a69788".to_string()];
    let vpc = || address("vpc/shared");
    let key = || "naruto".to_string();
    let unreachable = match call(Class::Unreachable, "unreachable", None) {
        Message::Call { failure, .. } => {
            Message::Call { failure, endpoint: Some("http://127.0.0.1:4566".into()), profile: None }
        }
        other => other,
    };
    vec![
        Message::WrongAccount {
            municipality: key(),
            expected: "111122223333".into(),
            actual: "999988887777".into(),
            arn: "arn:aws:sts::999988887777:assumed-role/Admin/x".into(),
        },
        call(Class::Credentials, "credentials", None),
        with_profile(call(Class::Credentials, "credentials", None)),
        with_profile(call(Class::Credentials, "ExpiredToken", Some("111122223333"))),
        call(Class::Credentials, "ExpiredToken", Some("111122223333")),
        call(Class::Credentials, "role-refused", Some("111122223333")),
        call(Class::Credentials, "mfa-refused", Some("111122223333")),
        Message::RootUser { arn: "arn:aws:iam::111122223333:root".into() },
        Message::LongLivedKeys { arn: "arn:aws:iam::111122223333:user/taro".into() },
        Message::NeedsMfaCode { serial: "arn:aws:iam::111122223333:mfa/taro".into() },
        Message::DeviceLeftOut { serial: "arn:aws:iam::111122223333:mfa/taro".into() },
        Message::OtherRegion { file: "ap-northeast-1".into(), elsewhere: "us-east-1".into() },
        call(Class::Denied, "AccessDenied", Some("111122223333")),
        call(Class::Unreachable, "unreachable", None),
        unreachable,
        Message::Plan(PlanError::Twins { address: vpc(), ids: ids.clone() }),
        Message::Twins { address: vpc(), ids, command: "gcnet --sandbox repair naruto".into() },
        Message::NoTwins { municipality: "naruto".into(), plan: "gcnet plan naruto".into() },
        Message::Plan(PlanError::Mislabelled { id: "vpc-1".into(), kind: "vpc", address: "vpn/x".into() }),
        Message::Plan(PlanError::StillUsed { address: vpc(), id: "vpc-1".into(), user: address("subnet/a") }),
        Message::Plan(PlanError::UnknownKind { address: vpc() }),
        Message::Plan(PlanError::WishedTwice { address: vpc() }),
        Message::Plan(PlanError::Dangling { address: vpc(), to: address("tgw/x") }),
        Message::Plan(PlanError::Unseen { kind: "certificate-authority", failure: put(Class::Denied) }),
        Message::Unread { failure: put(Class::Denied) },
        Message::Plan(PlanError::Cycle { addresses: vec![vpc(), address("tgw/x")] }),
        Message::Plan(PlanError::Unreadable { address: vpc(), message: "missing field".into() }),
        Message::UnknownCity { name: "narto".into(), suggestion: Some(key()), known: vec!["itano".into(), key()] },
        Message::UnknownCity { name: "x".into(), suggestion: None, known: (0..30).map(|i| format!("c{i}")).collect() },
        Message::UnknownPlace {
            name: "onpren".into(),
            suggestion: Some("onprem".into()),
            known: vec!["onprem".into(), "juki".into()],
        },
        Message::NotAName { text: "gc..naruto".into() },
        Message::UnknownDnsName {
            name: "kosekki.gc.itano.example".into(),
            suggestion: Some("koseki.gc.itano.example".into()),
            known: vec!["gc.itano.example".into(), "koseki.gc.itano.example".into()],
        },
        Message::NoDnsNames { municipality: key() },
        Message::NoDnsServer { municipality: key() },
        Message::DnsServerOverHttps { municipality: key() },
        Message::NoDnsInSandbox,
        Message::NotYet(NotYet {
            key: "private_ca.renewal.reissued_since",
            day: "2099-01-01".into(),
            today: "2026-12-01".into(),
        }),
        Message::Expiring(Expiring {
            address: address("certificate-authority/root"),
            expires: "2036-12-01T00:00:00Z".into(),
            days: 200,
            key: "private_ca.renewal.reissued_since",
        }),
        Message::Expiring(Expiring {
            address: address("certificate-authority/subordinate"),
            expires: "2026-12-01T00:00:00Z".into(),
            days: 0,
            key: "private_ca.subordinate.renewal.reissued_since",
        }),
        Message::Unseen { parties: vec!["A社".into(), "B社".into()], command: "gcnet requests naruto".into() },
        Message::NoNetwork { municipality: key(), detail: "onprem has no address".into() },
        Message::BrokenFile { municipality: key(), errors: 1 },
        Message::BrokenFile { municipality: key(), errors: 2 },
        Message::NoFiles { dir: "municipalities".into() },
        Message::Unreadable { path: "municipalities".into(), detail: io().to_string() },
        Message::Unwritable { path: path(), detail: io().to_string() },
        Message::CleartextEndpoint { by: "AWS_ENDPOINT_URL".into(), endpoint: "http://10.0.0.1:4566".into() },
        Message::PlanFile(PlanFileError::Read { path: path(), error: io() }),
        Message::PlanFile(PlanFileError::Write { path: path(), error: io() }),
        Message::PlanFile(PlanFileError::TooLarge { path: path(), limit: 16_777_216 }),
        Message::PlanFile(PlanFileError::NotAPlan { path: path(), detail: "expected value at line 1".into() }),
        Message::PlanFile(PlanFileError::OtherVersion { path: path(), found: "2".into(), known: 1 }),
        Message::PlanFile(PlanFileError::Tampered { path: path() }),
        Message::PlanFile(PlanFileError::OtherSubject {
            path: path(),
            saved: "itano prod".into(),
            asked: "naruto prod".into(),
        }),
        stale(true),
        stale(false),
        Message::OutNeedsOne { cities: 2 },
        Message::OwnRoleKept {
            arn: "arn:aws:iam::111122223333:role/gcnet/naruto/prod/gcnet-naruto-prod-destroy".into(),
        },
        Message::PlaceNotBuilt { name: "shared".into() },
        Message::PlaceWithoutVpc { name: "fukushi".into() },
        Message::NeedsYes { command: "gcnet apply naruto".into() },
        Message::NeedsName { command: "gcnet destroy naruto --include-protected".into() },
        Message::OtherName { given: "itano".into(), municipality: key() },
        Message::Aborted,
        Message::ChangedMeanwhile { municipality: key() },
        Message::Interrupted { has_lease: true },
        Message::Interrupted { has_lease: false },
        Message::NotReached { municipalities: vec!["itano".into(), "kamiita".into()] },
        Message::NobodyReads,
        lease(Leasing::Held { stack: stack(), holder: holder(), unlock: "gcnet unlock naruto".into() }),
        lease(Leasing::TakenOver { stack: stack(), holder: holder() }),
        lease(Leasing::Contended { stack: stack() }),
        lease(Leasing::Unreadable {
            parameter: "/gcnet/naruto/prod/lease".into(),
            detail: "format_version 2, not 1".into(),
        }),
        lease(Leasing::Refused {
            stack: stack(),
            failure: put(Class::Denied),
            endpoint: None,
            profile: None,
            optional: true,
        }),
        lease(Leasing::Lost { stack: stack(), lost: Lost::Late(None) }),
        lease(Leasing::Lost { stack: stack(), lost: Lost::Late(Some(put(Class::Unknown))) }),
        lease(Leasing::Lost { stack: stack(), lost: Lost::Taken(holder()) }),
        lease(Leasing::Lost { stack: stack(), lost: Lost::Ended }),
        lease(Leasing::NotReleased {
            stack: stack(),
            failure: put(Class::Unknown),
            unlock: "gcnet unlock naruto".into(),
        }),
        lease(Leasing::Nobody { stack: stack() }),
        lease(Leasing::Ending { stack: stack(), holder: holder() }),
        lease(Leasing::NeedsYes { command: "gcnet unlock naruto --yes".into() }),
        lease(Leasing::Ended { stack: stack() }),
        lease(Leasing::Changed { stack: stack() }),
        Message::SandboxUnsaved {
            path: ".gcnet/sandbox.json".into(),
            detail: "No space left on device (os error 28)".into(),
        },
        Message::SandboxCorrupt { path: ".gcnet/sandbox.json".into(), kept_as: ".gcnet/sandbox.json.1".into() },
        Message::SandboxBusy { path: ".gcnet/sandbox.json".into() },
        Message::SandboxTooLarge { path: ".gcnet/sandbox.json".into(), limit: 268_435_456 },
        Message::SandboxOtherVersion { path: ".gcnet/sandbox.json".into(), found: 2, known: 1 },
        Message::SandboxFailed { detail: "address in use".into() },
        Message::SandboxServes { endpoint: "http://127.0.0.1:4566".into() },
        Message::SandboxReset { path: ".gcnet/sandbox.json".into() },
        Message::Internal { detail: "no runtime".into() },
    ]
}

fn stale(file_changed: bool) -> Message {
    let subnet = || address("subnet/a");
    let difference = vec![
        Difference::Came { address: subnet(), action: Action::Create },
        Difference::Went { address: subnet(), action: Action::Update },
        Difference::Action { address: subnet(), saved: Action::Update, fresh: Action::Replace },
        Difference::Object { address: subnet(), saved: "subnet-1".into(), fresh: "subnet-2".into() },
        Difference::Fields { address: subnet(), fields: vec!["cidr".into(), "zone".into()] },
        Difference::Why { address: subnet() },
        Difference::Order { address: subnet() },
        Difference::Waiting,
        Difference::Deferred,
    ];
    let difference = if file_changed { difference } else { difference.into_iter().take(1).collect() };
    Message::StalePlan { path: "plan.json".into(), difference, file_changed }
}

fn all(lang: Lang) -> String {
    let texts: Vec<String> = messages().iter().map(|message| text(message, Style::plain(lang))).collect();
    texts.join("\n")
}

#[test]
fn in_english() {
    assert_snapshot!(all(Lang::En));
}

#[test]
fn in_japanese() {
    assert_snapshot!(all(Lang::Ja));
}

/// AWS never said them, whatever became of the call.
#[test]
fn what_we_found_ourselves_is_no_answer_of_aws() {
    let found = [
        ("range-differs", Class::Theirs),
        ("not-learned", Class::NotYet),
        ("not-yet", Class::NotYet),
        ("not-seen", Class::NotFound),
        ("no-role", Class::Invalid),
        ("cleartext", Class::Invalid),
        ("too-large", Class::Invalid),
        ("other-account", Class::Invalid),
        ("theirs", Class::Theirs),
    ];
    for (code, class) in found {
        let said = |lang| text(&call(class, code, Some("111122223333")), Style::plain(lang));
        let (ja, en) = (said(Lang::Ja), said(Lang::En));
        assert!(!ja.contains("AWS の応答") && !en.contains("aws: "), "{ja} {en}");
        assert!(!ja.contains(code) && !en.contains(code), "{ja} {en}");
    }
}

#[test]
fn nothing_from_outside_steers_the_terminal() {
    assert!(!(all(Lang::En) + &all(Lang::Ja)).contains(['\u{1b}', '\u{7}']));
}

#[test]
fn questions_end_where_the_answer_stands() {
    let name = Confirm::Name { municipality: "naruto".into() };
    let protected = Confirm::Protected { municipality: "naruto".into() };
    let asked = [Confirm::Apply, Confirm::Destroy, Confirm::Revoke, Confirm::Restore, name, protected]
        .map(|confirm| [Lang::En, Lang::Ja].map(|lang| question(&confirm, Style::plain(lang))).join("\n"));
    assert!(asked.iter().all(|question| question.ends_with(' ')));
    assert_snapshot!(asked.join("\n"));
}

#[test]
fn quiet_keeps_back_notes_and_nothing_else() {
    for message in messages() {
        let (screen, captured) = Screen::captured(Settings { quiet: true, ..Settings::default() });
        screen.tell(&message);
        assert_eq!(captured.err().is_empty(), message.severity() == Severity::Note, "{message:?}");
        assert_eq!(captured.out(), "");
    }
}
