//! The private CA: the authorities, the bucket for what they write, and who may have them issue.

use std::collections::BTreeMap;

use gcnet_aws::kinds::{
    Bucket, CaPermission, CertificateAuthority, Crl, Ocsp, Revocation, Share, SharePrincipal, ShareResource, Subject,
};
use gcnet_core::Ref;

use super::{Build, Purpose};
use crate::config::{
    at::At,
    schema::{self, AuthorityMode, Environment, Hierarchy, Key, KeyAlgorithm, PrivateCa, Renewal, SigningAlgorithm},
    values::{Domain, Text},
};

/// The name of the authority that signs itself.
pub const ROOT: &str = "root";
/// The name of the one that it signs.
pub const SUBORDINATE: &str = "subordinate";
/// The name of the bucket and of the share, which hold nothing but the authorities'.
pub const NAME: &str = Bucket::FOR_AUTHORITIES;

/// The name of the authority that issues to end entities.
pub fn issuing(ca: &PrivateCa) -> &'static str {
    match ca.hierarchy.value {
        Hierarchy::RootOnly => ROOT,
        Hierarchy::RootAndSubordinate => SUBORDINATE,
    }
}

/// The bucket that lists go into where the file names one that is not ours.
pub(super) fn bucket_elsewhere(ca: &PrivateCa) -> Option<&str> {
    match &ca.revocation.value {
        schema::Revocation::Crl(crl) => crl.bucket.as_ref().map(|bucket| bucket.value.as_str()),
        schema::Revocation::None | schema::Revocation::Ocsp(_) => None,
    }
}

/// Days that a revocation list is valid when the file does not say.
const LIST_DAYS: i32 = 7;

pub(super) fn add(build: &mut Build<'_>) {
    let Some(ca) = &build.municipality.private_ca else { return };
    let environment = build.municipality.environment.value;
    let bucket = bucket(build);
    // The audit reports in it tell what an authority that stays has issued.
    build.desired.protect(&bucket, ca.is_protected(environment));
    let root = CertificateAuthority {
        parent: None,
        subject: subject(&ca.subject),
        validity_years: years(ca.root_years()),
        reissued_since: day(&ca.renewal),
        ..authority(ca, &ca.key, environment, &bucket)
    };
    let mut issuing = build.desired.add(ROOT, root);
    build.desired.protect(&issuing, ca.is_protected(environment));
    if let (Hierarchy::RootAndSubordinate, Some(subordinate)) = (ca.hierarchy.value, &ca.subordinate) {
        let wish = CertificateAuthority {
            parent: Some(issuing),
            subject: subject(&subordinate.subject),
            validity_years: years(subordinate.years()),
            // A root that is issued anew signs again what it had signed.
            reissued_since: day(&subordinate.renewal).max(day(&ca.renewal)),
            ..authority(ca, &subordinate.key, environment, &bucket)
        };
        issuing = build.desired.add(SUBORDINATE, wish);
        build.desired.protect(&issuing, ca.is_protected(environment));
    }
    if ca.serves_acm() {
        build.desired.add("", CaPermission { authority: issuing.clone(), principal: CaPermission::ACM.into() });
    }
    share(build, ca, &issuing);
}

/// Says of the file's authorities whether they are protected, where they are not wished because everything is to go.
pub(super) fn protect(build: &mut Build<'_>) {
    let Some(ca) = &build.municipality.private_ca else { return };
    let protected = ca.is_protected(build.municipality.environment.value);
    for name in [ROOT, SUBORDINATE] {
        build.desired.protect(&Ref::<CertificateAuthority>::to(name), protected);
    }
}

/// Also without revocation: audit reports, which alone list what was issued, go into it.
fn bucket(build: &mut Build<'_>) -> Ref<Bucket> {
    let (account, region) = (build.municipality.accounts.network.id.to_string(), build.municipality.region.value);
    let name = Bucket::named(&build.desired.stack, NAME, &account);
    let policy = Some(Bucket::for_authorities(&name, region.as_str(), &account));
    let wish = Bucket { name, public_access_blocked: true, encryption: "AES256".into(), policy };
    build.desired.add(NAME, wish)
}

/// What the two have in common; whose certificates they are, each says itself.
fn authority(ca: &PrivateCa, key: &Key, environment: Environment, bucket: &Ref<Bucket>) -> CertificateAuthority {
    let mode = match ca.mode.value {
        AuthorityMode::GeneralPurpose => CertificateAuthority::GENERAL_PURPOSE,
        AuthorityMode::ShortLived => CertificateAuthority::SHORT_LIVED,
    };
    CertificateAuthority {
        parent: None,
        mode: mode.into(),
        subject: Subject::default(),
        key_algorithm: key_algorithm(key.algorithm.value).into(),
        signing_algorithm: signing_algorithm(key.signing.value).into(),
        validity_years: 0,
        reissued_since: None,
        revocation: revocation(ca, bucket),
        deletion_window_days: u8::try_from(ca.deletion_window(environment)).unwrap_or(u8::MAX),
        status: CertificateAuthority::ACTIVE.into(),
        signed_on: None,
        expires: None,
    }
}

fn revocation(ca: &PrivateCa, ours: &Ref<Bucket>) -> Revocation {
    let name = |name: &Option<At<Domain>>| name.as_ref().map(ToString::to_string);
    match &ca.revocation.value {
        schema::Revocation::None => Revocation::default(),
        schema::Revocation::Ocsp(ocsp) => {
            Revocation { crl: None, ocsp: Some(Ocsp { custom_cname: name(&ocsp.custom_cname) }) }
        }
        schema::Revocation::Crl(crl) => {
            let days = crl.expires_in_days.as_ref().and_then(|days| i32::try_from(days.get()).ok());
            let crl = Crl {
                bucket: crl.bucket.as_ref().map_or_else(|| ours.clone(), |theirs| Ref::id(theirs.to_string())),
                custom_cname: name(&crl.custom_cname),
                omit_distribution_point: crl.omit_distribution_point,
                expires_in_days: days.unwrap_or(LIST_DAYS),
                public: false,
            };
            Revocation { crl: Some(crl), ocsp: None }
        }
    }
}

/// A share of its own, so that whoever receives it is asked for nothing else by it. One account may run several ASPs.
fn share(build: &mut Build<'_>, ca: &PrivateCa, issuing: &Ref<CertificateAuthority>) {
    let municipality = build.municipality;
    let asps = municipality.asps.iter().filter(|asp| ca.share_with.iter().any(|name| name.value == asp.name.value));
    let parties: BTreeMap<String, _> =
        asps.filter_map(|asp| municipality.account_of(asp)).map(|party| (party.id.to_string(), party)).collect();
    if parties.is_empty() {
        return;
    }
    let share = build.desired.add(NAME, Share { external: municipality.sharing.allow_external_principals });
    build.desired.add("", ShareResource::of_authority(share.clone(), issuing.clone()));
    for (account, party) in parties {
        let accepted = build.acts_for(&party).then_some(true);
        let principal = SharePrincipal { share: share.clone(), account, accepted };
        build.shake("", principal, Purpose::Account(party.name.to_string()));
    }
}

fn subject(subject: &schema::Subject) -> Subject {
    let text = |text: &Option<At<Text>>| text.as_ref().map(ToString::to_string);
    Subject {
        common_name: Some(subject.common_name.to_string()),
        organization: text(&subject.organization),
        organizational_unit: text(&subject.organizational_unit),
        country: text(&subject.country),
        state: text(&subject.state),
        locality: text(&subject.locality),
    }
}

fn years(years: u32) -> u16 {
    u16::try_from(years).unwrap_or(u16::MAX)
}

fn day(renewal: &Renewal) -> Option<String> {
    renewal.reissued_since.as_ref().map(ToString::to_string)
}

fn key_algorithm(algorithm: KeyAlgorithm) -> &'static str {
    match algorithm {
        KeyAlgorithm::Rsa2048 => "RSA_2048",
        KeyAlgorithm::Rsa4096 => "RSA_4096",
        KeyAlgorithm::EcPrime256v1 => "EC_prime256v1",
        KeyAlgorithm::EcSecp384r1 => "EC_secp384r1",
    }
}

fn signing_algorithm(algorithm: SigningAlgorithm) -> &'static str {
    match algorithm {
        SigningAlgorithm::Sha256WithRsa => "SHA256WITHRSA",
        SigningAlgorithm::Sha384WithRsa => "SHA384WITHRSA",
        SigningAlgorithm::Sha512WithRsa => "SHA512WITHRSA",
        SigningAlgorithm::Sha256WithEcdsa => "SHA256WITHECDSA",
        SigningAlgorithm::Sha384WithEcdsa => "SHA384WITHECDSA",
        SigningAlgorithm::Sha512WithEcdsa => "SHA512WITHECDSA",
    }
}
