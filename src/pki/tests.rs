//! Requests are made by us and by openssl's rules, broken one by one, and what a CA makes of them is verified by webpki.

use std::fs;

use jiff::Timestamp;
use proptest::prelude::*;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair,
};
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};

use super::{
    files,
    key::{self, KeyKind},
    name::{BadName, Name},
    pem, request,
    terms::{self, TermsFault, Usage},
    *,
};

fn names(hosts: &[&str]) -> Vec<Name> {
    hosts.iter().map(|host| Name::host(host).unwrap()).collect()
}

/// A root that signs whatever it is asked.
fn root() -> (Issuer<'static, KeyPair>, Certificate) {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "Test Root");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let root = params.self_signed(&key).unwrap();
    (Issuer::new(params, key), Certificate::from_der(root.der()).unwrap())
}

#[test]
fn what_is_made_is_issued_and_verified() {
    let names = names(&["juki.asp.example.jp", "*.api.example.jp", "日本.example.jp", "10.1.2.3", "fd00::1"]);
    for kind in KeyKind::ALL {
        let (secret, der) = key::make(kind, &names).unwrap();
        let request = Request::judge(&der).unwrap();
        assert_eq!(request.names, names, "{}", kind.as_str());
        assert_eq!(request.subject, "CN=juki.asp.example.jp");
        let key = kind.as_str().to_uppercase().replacen("EC-P", "EC P-", 1).replacen("RSA-", "RSA ", 1);
        assert_eq!(request.key, key);
        assert!(KeyPair::from_pem(secret.revealed()).is_ok(), "{}", kind.as_str());

        let (issuer, root) = root();
        let mut asked = CertificateSigningRequestParams::from_der(&der.as_slice().into()).unwrap();
        asked.params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let issued = Certificate::all(&asked.signed_by(&issuer).unwrap().pem()).unwrap().remove(0);
        assert_eq!((issued.issuer.as_str(), issued.is_authority, root.is_root()), ("CN=Test Root", false, true));
        assert_eq!(issued.names, names);

        let anchor = root.der.as_slice().into();
        let anchor = anchor_from_trusted_cert(&anchor).unwrap();
        let leaf = issued.der.as_slice().into();
        let leaf = EndEntityCert::try_from(&leaf).unwrap();
        let now = rustls_pki_types::UnixTime::since_unix_epoch(std::time::Duration::from_secs(1_800_000_000));
        let verify = |usage| {
            leaf.verify_for_usage(
                webpki::ALL_VERIFICATION_ALGS,
                std::slice::from_ref(&anchor),
                &[],
                now,
                usage,
                None,
                None,
            )
            .map(drop)
        };
        verify(KeyUsage::server_auth()).unwrap();
        assert!(verify(KeyUsage::client_auth()).is_err());
        for host in ["juki.asp.example.jp", "x.api.example.jp", "xn--wgv71a.example.jp", "10.1.2.3", "fd00::1"] {
            leaf.verify_is_valid_for_subject_name(&host.try_into().unwrap()).unwrap();
        }
    }
}

/// Whoever takes a request as PEM or DER, with comments around it or as Windows labels it, sends the same.
#[test]
fn one_request_in_all_its_forms() {
    let (_, der) = key::make(KeyKind::EcP256, &names(&["a.example.jp"])).unwrap();
    let same = Request::judge(&der).unwrap();
    let plain = pem::encode("CERTIFICATE REQUEST", &der);
    let windows = pem::encode("NEW CERTIFICATE REQUEST", &der).replace('\n', "\r\n");
    let commented = format!("subject=CN = a.example.jp\n{plain}\n");
    for bytes in [der.clone(), plain.into_bytes(), windows.into_bytes(), commented.into_bytes()] {
        assert_eq!(Request::read(&bytes).unwrap(), same);
    }
}

#[test]
fn what_is_no_request_is_called_what_it_is() {
    let (secret, der) = key::make(KeyKind::EcP256, &names(&["a.example.jp"])).unwrap();
    let read = |bytes: &[u8]| Request::read(bytes).unwrap_err();
    assert_eq!(read(b""), RequestFault::NotARequest);
    assert_eq!(read(b"no request at all"), RequestFault::NotARequest);
    assert_eq!(
        read(b"-----BEGIN CERTIFICATE REQUEST-----\n!!\n-----END CERTIFICATE REQUEST-----\n"),
        RequestFault::NotARequest
    );
    assert_eq!(read(&der[..der.len() - 1]), RequestFault::NotARequest);
    assert_eq!(read(&[&der[..], &[0]].concat()), RequestFault::NotARequest);
    assert_eq!(read(secret.revealed().as_bytes()), RequestFault::PrivateKey);
    let both = format!("{}{}", secret.revealed(), pem::encode("CERTIFICATE REQUEST", &der));
    assert_eq!(read(both.as_bytes()), RequestFault::PrivateKey, "a key does not belong into a file that is sent");
    for kind in [KeyKind::EcP256, KeyKind::Rsa2048] {
        let (secret, _) = key::make(kind, &names(&["a.example.jp"])).unwrap();
        let key = pem::decode(secret.revealed().as_bytes()).unwrap().remove(0);
        assert_eq!(read(&key.der), RequestFault::PrivateKey);
    }
    assert_eq!(read(root().1.pem().as_bytes()), RequestFault::Other { label: "CERTIFICATE".into() });
}

/// Any bit that is flipped in what is signed, or in the signature, is noticed.
#[test]
fn a_changed_request_is_refused() {
    let (_, der) = key::make(KeyKind::EcP256, &names(&["a.example.jp"])).unwrap();
    for i in (0..der.len()).step_by(7) {
        let mut changed = der.clone();
        changed[i] ^= 1;
        assert!(Request::judge(&changed).is_err(), "byte {i}");
    }
    let host = der.windows(12).position(|window| window == b"a.example.jp").unwrap();
    let mut changed = der;
    changed[host] = b'b';
    assert_eq!(Request::judge(&changed), Err(RequestFault::Signature));
}

/// Made by openssl, which still makes what nobody should sign: fixtures/make.sh.
#[test]
fn weak_and_strange_requests_are_refused() {
    let fault = |name: &str| {
        let path = format!("{}/src/pki/fixtures/{name}.csr.pem", env!("CARGO_MANIFEST_DIR"));
        Request::read(&fs::read(path).unwrap()).unwrap_err()
    };
    assert_eq!(fault("rsa-1024"), RequestFault::WeakKey { key: "RSA 1024".into() });
    assert_eq!(fault("rsa-2040"), RequestFault::WeakKey { key: "RSA 2040".into() });
    assert_eq!(fault("sha1"), RequestFault::WeakHash { hash: "SHA-1" });
    assert_eq!(fault("ecdsa-sha1"), RequestFault::WeakHash { hash: "SHA-1" });
    assert_eq!(fault("md5"), RequestFault::WeakHash { hash: "MD5" });
    assert!(matches!(fault("ed25519"), RequestFault::Unsupported { .. }));
    assert!(matches!(fault("secp256k1"), RequestFault::Unsupported { .. }));
    assert_eq!(fault("p521"), RequestFault::Unsupported { algorithm: "EC P-521".into() });
    assert_eq!(fault("nameless"), RequestFault::Nameless);
    let bad = |name: &str, needs_punycode| RequestFault::Name(BadName { name: name.into(), needs_punycode });
    assert_eq!(fault("space"), bad("a b.example.jp", false));
    assert_eq!(fault("utf8"), bad("日本.example.jp", true));
    assert_eq!(fault("address-as-host"), bad("10.0.0.1", false));
    let many: Vec<Name> = (0..2000).map(|i| Name::Dns(format!("a{i}.example.jp"))).collect();
    let large = Request::judge(&key::make(KeyKind::EcP256, &many).unwrap().1).unwrap_err();
    assert!(matches!(large, RequestFault::TooLarge { bytes, limit: 32768 } if bytes > 32768));
}

#[test]
fn names_of_hosts() {
    for (text, name) in
        [("A.Example.JP.", "a.example.jp"), ("*.x.jp", "*.x.jp"), ("役所.jp", "xn--x3tt5d.jp"), ("::1", "::1")]
    {
        assert_eq!(Name::host(text).unwrap().to_string(), name);
    }
    for text in ["", "*", "a..jp", "-a.jp", "a b.jp", "a.*.jp", "https://a.jp", "10.0.0.0/8", &"a".repeat(64)] {
        assert!(Name::host(text).is_err(), "{text}");
    }
    let long = format!("{}.jp", ["a".repeat(40), "b".repeat(40)].join("."));
    let (_, der) = key::make(KeyKind::EcP256, &names(&[&long, "short.jp"])).unwrap();
    assert_eq!(Request::judge(&der).unwrap().subject, "CN=short.jp", "a common name has 64 characters at most");
}

#[test]
fn serial_numbers_as_people_copy_them() {
    let same: Serial = "6f:0a:bc".parse().unwrap();
    let arn = "arn:aws:acm-pca:ap-northeast-1:111122223333:certificate-authority/11111111-2222/certificate/6f0abc";
    for text in ["6F0ABC", "0x6f0abc", " 006f0abc\n", "06:f0:ab:c".replace(':', "").as_str(), arn] {
        assert_eq!(text.parse::<Serial>(), Ok(same.clone()), "{text}");
    }
    assert_eq!((same.to_string().as_str(), same.digits().as_str()), ("6f:0a:bc", "6f0abc"));
    assert_eq!("f".parse::<Serial>().unwrap().to_string(), "0f");
    assert_eq!("00".parse::<Serial>().unwrap().to_string(), "00");
    for text in ["", ":", "0x", "xyz", "6f 0a", &"ab".repeat(21)] {
        assert!(text.parse::<Serial>().is_err(), "{text}");
    }
}

#[test]
fn what_the_authority_cannot_promise() {
    let now: Timestamp = "2026-11-20T00:00:00Z".parse().unwrap();
    let issuer = |short_lived, status: &str, ends: &str| terms::Issuer {
        short_lived,
        status: status.into(),
        not_after: Some(ends.parse().unwrap()),
    };
    let general = issuer(false, "ACTIVE", "2036-11-20T00:00:00Z");
    let short = issuer(true, "ACTIVE", "2027-11-20T00:00:00Z");
    assert_eq!(terms::check(&general, None, now), Ok(365));
    assert_eq!(terms::check(&short, None, now), Ok(7));
    assert_eq!(terms::check(&short, Some(7), now), Ok(7));
    assert_eq!(terms::check(&short, Some(8), now), Err(TermsFault::TooLong { days: 8, limit: 7 }));
    let disabled = issuer(false, "DISABLED", "2036-11-20T00:00:00Z");
    assert_eq!(terms::check(&disabled, None, now), Err(TermsFault::NotActive { status: "DISABLED".into() }));

    let ending = issuer(false, "ACTIVE", "2026-11-30T12:00:00Z");
    assert_eq!(terms::check(&ending, None, now), Ok(10), "nobody asked for more");
    assert_eq!(terms::check(&ending, Some(10), now), Ok(10));
    let (ends, issuer_ends) = ("2026-12-01T00:00:00Z".parse().unwrap(), ending.not_after.unwrap());
    assert_eq!(terms::check(&ending, Some(11), now), Err(TermsFault::Outlives { ends, issuer_ends, days: 10 }));
    let over = issuer(false, "ACTIVE", "2026-11-20T01:00:00Z");
    assert!(matches!(terms::check(&over, None, now), Err(TermsFault::Outlives { days: 0, .. })));
    assert_eq!(Usage::ALL.map(Usage::as_str).map(|word| word.parse::<Usage>().unwrap()), Usage::ALL);
}

/// The User Guide's own example, shortened.
#[test]
fn an_audit_report() {
    let report = br#"[{"awsAccountId":"123456789012","requestedByServicePrincipal":"acm.amazonaws.com",
        "certificateArn":"arn:aws:acm-pca:ap-northeast-1:1:certificate-authority/CA/certificate/e8cbd2bedb122329f97706bcfec990f8",
        "serial":"e8:cb:d2:be:db:12:23:29:f9:77:06:bc:fe:c9:90:f8","subject":"CN=www.example1.com,O=Example Company,C=US",
        "notBefore":"2018-02-26T18:39:57+0000","notAfter":"2019-02-26T19:39:57+0000","issuedAt":"2018-02-26T19:39:58+0000",
        "revokedAt":"2018-02-26T20:00:36+0000","revocationReason":"KEY_COMPROMISE",
        "templateArn":"arn:aws:acm-pca:::template/EndEntityCertificate/V1"},
        {"certificateArn":"x/certificate/2e","serial":"2e","issuedAt":"2018-02-26T20:00:00+0000"}]"#;
    let issued = audit::parse(report).unwrap();
    assert_eq!(
        issued.iter().map(|one| one.serial.digits()).collect::<Vec<_>>(),
        ["2e", "e8cbd2bedb122329f97706bcfec990f8"]
    );
    let first = &issued[1];
    assert_eq!(first.revoked_at.unwrap().to_string(), "2018-02-26T20:00:36Z");
    assert_eq!(first.template.as_deref(), Some("EndEntityCertificate/V1"));
    assert_eq!(audit::parse(b"[]"), Ok(vec![]));
    for bad in [
        "{}",
        "[{}]",
        r#"[{"certificateArn":"x","serial":"!"}]"#,
        r#"[{"certificateArn":"x","serial":"1","issuedAt":"soon"}]"#,
    ] {
        assert!(audit::parse(bad.as_bytes()).is_err(), "{bad}");
    }
}

#[cfg(unix)]
#[test]
fn keys_are_for_their_owner_and_nothing_is_overwritten() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let (secret, _) = key::make(KeyKind::EcP256, &names(&["a.example.jp"])).unwrap();
    let (key, cert) = (dir.path().join("new/a.key.pem"), dir.path().join("new/a.cert.pem"));
    files::write_secret(&key, &secret).unwrap();
    files::write_public(&cert, b"one").unwrap();
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&key), mode(&cert) & 0o644), (0o600, 0o644 & mode(&cert)));
    assert!(files::write_secret(&key, &secret).is_err());
    assert!(files::check_free(&key).is_err() && files::check_free(&dir.path().join("b")).is_ok());
    files::write_public(&cert, b"one").unwrap();
    assert!(files::write_public(&cert, b"two").is_err());
    assert_eq!(fs::read(&cert).unwrap(), b"one");
    let link = dir.path().join("link");
    std::os::unix::fs::symlink("nowhere", &link).unwrap();
    assert!(files::write_secret(&link, &secret).is_err() && files::check_free(&link).is_err());
}

proptest! {
    /// Whatever somebody brings, it is judged and nothing breaks.
    #[test]
    fn any_bytes_are_judged(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(request::Request::read(&bytes).is_err());
        prop_assert!(Certificate::from_der(&bytes).is_err());
        prop_assert!(audit::parse(&bytes).is_err());
    }

    #[test]
    fn pem_holds_what_it_was_made_of(der in proptest::collection::vec(any::<u8>(), 1..200)) {
        let blocks = pem::decode(pem::encode("X", &der).as_bytes()).unwrap();
        prop_assert_eq!(blocks.len(), 1);
        prop_assert_eq!(&*blocks[0].der, &der);
    }

    #[test]
    fn a_serial_is_read_back(bytes in proptest::collection::vec(any::<u8>(), 1..=20)) {
        let serial = Serial::of(&bytes);
        prop_assert_eq!(serial.to_string().parse::<Serial>().unwrap(), serial.clone());
        prop_assert_eq!(serial.digits().parse::<Serial>().unwrap(), serial);
    }
}
