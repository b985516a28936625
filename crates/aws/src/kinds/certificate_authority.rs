//! An authority of Private CA that can sign: created, signed by itself or by its parent, and active. Its key never leaves AWS.

mod configuration;
mod outdated;
mod read;
mod revocation;
mod sign;

use std::{collections::BTreeSet, time::Duration};

use aws_sdk_acmpca::types::{CertificateAuthorityStatus, CertificateAuthorityType, CertificateAuthorityUsageMode, Tag};
use gcnet_core::{Calls, Context, Diff, Failure, Kind, Live, Ref, Resource, Stack, Tags, identity};
use serde::{Deserialize, Serialize};

pub use self::{
    configuration::Subject,
    revocation::{Crl, Ocsp, Revocation},
};
use crate::{
    aws::Aws,
    read::{fill_in, need},
    snapshot::authorities,
};

/// Known by its tags while it lives, and by the mark that it was made with once it is deleted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CertificateAuthority {
    /// Who signs its certificate; `None`: a root, which signs itself.
    pub parent: Option<Ref<CertificateAuthority>>,
    /// `GENERAL_PURPOSE` or `SHORT_LIVED_CERTIFICATE`.
    pub mode: String,
    /// Whose certificates these are.
    pub subject: Subject,
    /// `RSA_4096`, `EC_prime256v1`, …
    pub key_algorithm: String,
    /// With which it signs: `SHA512WITHRSA`, …; of the key's family.
    pub signing_algorithm: String,
    /// Years that its own certificate is valid.
    pub validity_years: u16,
    /// A certificate from before this day is issued anew, for the same key: `2026-12-01`, in Japan. Live: the day that was last
    /// wished, which a tag keeps, so that a later wish is not taken for somebody else's change.
    pub reissued_since: Option<String>,
    /// How certificates that it issued are taken back.
    pub revocation: Revocation,
    /// Days in which it can be restored once it is deleted: 7 to 30. AWS asks for them only then, so they are kept in a tag.
    pub deletion_window_days: u8,
    /// Wished: `active`. Found: `pending-certificate`, `disabled`, `expired` or `deleted` too.
    pub status: String,
    /// The day on which its certificate was issued, in Japan; only found.
    pub signed_on: Option<String>,
    /// When its certificate ends, as RFC 3339; only found.
    pub expires: Option<String>,
}

impl CertificateAuthority {
    /// [`mode`](Self::mode) of certificates of any validity.
    pub const GENERAL_PURPOSE: &str = "GENERAL_PURPOSE";
    /// [`mode`](Self::mode) of certificates of seven days at most, from which ACM cannot issue.
    pub const SHORT_LIVED: &str = "SHORT_LIVED_CERTIFICATE";
    /// [`status`](Self::status) of one that signs.
    pub const ACTIVE: &str = "active";
    const PENDING_CERTIFICATE: &str = "pending-certificate";
    const DISABLED: &str = "disabled";
    const EXPIRED: &str = "expired";
    const DELETED: &str = "deleted";

    /// It has a certificate of its own, which reads show.
    fn is_signed(&self) -> bool {
        [Self::ACTIVE, Self::DISABLED, Self::EXPIRED].contains(&self.status.as_str())
    }

    /// Its certificate does not do: there is none, it has ended, or another one is wished.
    fn is_to_be_signed(&self, live: &Self) -> bool {
        !live.is_signed()
            || live.status == Self::EXPIRED
            || self.parent != live.parent
            || self.validity_years != live.validity_years
            || self.is_older(live)
    }

    fn is_older(&self, live: &Self) -> bool {
        self.reissued_since.is_some() && live.signed_on < self.reissued_since
    }

    /// With ids in place of addresses: as reads show what it refers to.
    fn with_ids(&self, cx: &Context<'_, Aws>) -> Result<Self, Failure> {
        let mut wish = self.clone();
        wish.parent = self.parent.as_ref().map(|parent| cx.id(parent)).transpose()?.map(Ref::id);
        if let Some(crl) = &mut wish.revocation.crl {
            crl.bucket = Ref::id(cx.id(&crl.bucket)?);
        }
        Ok(wish)
    }

    /// What AWS has no place for.
    fn notes(&self) -> Tags {
        let since = self.reissued_since.clone().unwrap_or_else(|| NO_DAY.into());
        Tags::from([(WINDOW.into(), self.deletion_window_days.to_string()), (SINCE.into(), since)])
    }
}

/// Seconds of a year by the calendar that AWS counts in, on average.
const YEAR: i64 = 31_556_952;
/// Holds [`CertificateAuthority::deletion_window_days`].
const WINDOW: &str = "gcnet:deletion-window";
/// What AWS takes when nothing is said (DeleteCertificateAuthority, PermanentDeletionTimeInDays).
const DEFAULT_WINDOW: u8 = 30;
/// Holds the last wished [`CertificateAuthority::reissued_since`].
const SINCE: &str = "gcnet:reissued-since";
/// No day was wished.
const NO_DAY: &str = "none";

impl Resource for CertificateAuthority {
    const NAME: &'static str = "certificate-authority";
}

impl Kind<Aws> for CertificateAuthority {
    const MANY_CALLS: bool = true;
    const TAKES_TOKEN: bool = true;
    // Five minutes (CreateCertificateAuthority, IdempotencyToken), against 400 USD a month.
    const LOOKS_ALL_THE_SAME: bool = true;
    const PATIENCE: Duration = Duration::from_secs(900);
    // Whoever changes an authority that writes lists must be able to write into their bucket as well (CreateCertificateAuthority,
    // UpdateCertificateAuthority).
    const CALLS: Calls = Calls {
        observe: &[
            "acm-pca:ListCertificateAuthorities",
            "acm-pca:ListTags",
            "acm-pca:GetCertificateAuthorityCertificate",
        ],
        create: &[
            "acm-pca:CreateCertificateAuthority",
            "acm-pca:TagCertificateAuthority",
            "s3:PutObject",
            "s3:PutObjectAcl",
            "acm-pca:DescribeCertificateAuthority",
        ],
        update: &[
            "acm-pca:RestoreCertificateAuthority",
            "acm-pca:DescribeCertificateAuthority",
            "acm-pca:GetCertificateAuthorityCsr",
            "acm-pca:IssueCertificate",
            "acm-pca:GetCertificate",
            "acm-pca:ImportCertificateAuthorityCertificate",
            "acm-pca:UpdateCertificateAuthority",
            "acm-pca:ListCertificateAuthorities",
            "acm-pca:ListTags",
            "acm-pca:TagCertificateAuthority",
            "s3:PutObject",
            "s3:PutObjectAcl",
        ],
        delete: &[
            "acm-pca:DescribeCertificateAuthority",
            "s3:PutObject",
            "s3:PutObjectAcl",
            "acm-pca:UpdateCertificateAuthority",
            "acm-pca:DeleteCertificateAuthority",
        ],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        read::all(&aws.authorities().await?)
    }

    /// Of one that is deleted only what it was made with matters: the rest is read again once it is restored.
    fn diff(&self, live: &Self, diff: &mut Diff) {
        let CertificateAuthority {
            parent,
            mode,
            subject,
            key_algorithm,
            signing_algorithm,
            validity_years,
            reissued_since,
            revocation,
            deletion_window_days,
            status,
            signed_on: _,
            expires: _,
        } = self;
        if parent.is_some() != live.parent.is_some() {
            diff.replace("parent", parent, &live.parent);
        }
        diff.replace("mode", mode, &live.mode);
        diff.replace("subject", subject, &live.subject);
        diff.replace("key_algorithm", key_algorithm, &live.key_algorithm);
        diff.replace("signing_algorithm", signing_algorithm, &live.signing_algorithm);
        diff.in_place("status", status, &live.status);
        if live.status == Self::DELETED {
            return;
        }
        if live.is_signed() {
            if parent.is_some() == live.parent.is_some() {
                diff.in_place("parent", parent, &live.parent);
            }
            diff.in_place("validity_years", validity_years, &live.validity_years);
        }
        // Of a wish that its certificate satisfies already, only the note is taken.
        let since = if self.is_older(live) { "reissued_since" } else { "reissued_since.noted" };
        diff.in_place(since, reissued_since, &live.reissued_since);
        if *reissued_since == live.reissued_since && live.is_signed() && self.is_older(live) {
            diff.in_place("signed_on", reissued_since, &live.signed_on);
        }
        diff.in_place("revocation", revocation, &live.revocation);
        diff.in_place("deletion_window_days", deletion_window_days, &live.deletion_window_days);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        const OPERATION: &str = "acm-pca:CreateCertificateAuthority";
        let revocation = self.revocation.configuration(cx)?;
        // It has no id yet, of which only a root's signature would make use.
        self.check("", cx).await?;
        let aws = &cx.world;
        let mut tags = cx.tags.clone();
        tags.extend(self.notes());
        let class = match self.parent {
            None => CertificateAuthorityType::Root,
            Some(_) => CertificateAuthorityType::Subordinate,
        };
        let tag = |key| cx.tags.get(key).map(String::as_str).unwrap_or_default();
        let stack = Stack::new(tag(identity::MUNICIPALITY), tag(identity::ENVIRONMENT));
        let call = aws
            .write()
            .acmpca
            .create_certificate_authority()
            .certificate_authority_type(class)
            .usage_mode(CertificateAuthorityUsageMode::from(self.mode.as_str()))
            .certificate_authority_configuration(self.configuration(&authorities::mark(&stack, cx.address.name()))?)
            .revocation_configuration(revocation)
            .set_tags(Some(to_pca(OPERATION, &tags)?))
            .idempotency_token(&cx.token);
        let made = aws.call(OPERATION, call.send()).await?;
        need(made.certificate_authority_arn, OPERATION, "CertificateAuthorityArn")
    }

    /// One phase, from which reads tell the next: restored, signed, active, and then the rest.
    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        let (aws, pca, have) = (&cx.world, &cx.world.write().acmpca, &live.spec);
        if have.status == Self::DELETED {
            return aws.restore_ca(&live.id).await;
        }
        // Only one that may sign can be signed by itself.
        if have.status == Self::DISABLED {
            return aws.activate_ca(&live.id).await;
        }
        let wish = self.with_ids(cx)?;
        if wish.is_to_be_signed(have) {
            return wish.sign(live, cx).await;
        }
        if wish.revocation != have.revocation {
            let call = pca.update_certificate_authority().certificate_authority_arn(&live.id);
            let call = call.revocation_configuration(wish.revocation.configuration(cx)?);
            aws.call("acm-pca:UpdateCertificateAuthority", call.send()).await?;
        }
        if self.notes() != have.notes() {
            return Self::retag(&live.id, &self.notes(), aws).await;
        }
        Ok(())
    }

    /// One that signs has to be disabled first (DeleteCertificateAuthority). Looked at anew: a run that died, or an answer that
    /// got lost, may have come as far.
    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        const LOOK: &str = "acm-pca:DescribeCertificateAuthority";
        let call = aws.read().acmpca.describe_certificate_authority().certificate_authority_arn(&live.id);
        let seen = aws.call(LOOK, call.send()).await?.certificate_authority;
        match need(seen.as_ref().and_then(|ca| ca.status()), LOOK, "Status")? {
            CertificateAuthorityStatus::Deleted => return Ok(()),
            CertificateAuthorityStatus::Active => aws.disable_ca(&live.id).await?,
            _ => {}
        }
        let call = aws.write().acmpca.delete_certificate_authority().certificate_authority_arn(&live.id);
        let call = call.permanent_deletion_time_in_days(i32::from(live.spec.deletion_window_days));
        aws.call("acm-pca:DeleteCertificateAuthority", call.send()).await.map(drop)
    }

    async fn retag(id: &str, changed: &Tags, aws: &Aws) -> Result<(), Failure> {
        const OPERATION: &str = "acm-pca:TagCertificateAuthority";
        let mut tags = aws.tags_of(id).await?;
        let there: BTreeSet<String> = tags.keys().cloned().collect();
        if identity::claim(&tags).is_none() {
            // What reads have filled in from the mark does not count as changed.
            let all = aws.listed_authorities().await?;
            let authority = all.iter().find(|authority| authority.ca.arn() == Some(id));
            authority.iter().for_each(|authority| fill_in(&mut tags, &authority.stack, &authority.address()));
        }
        tags.retain(|key, _| !there.contains(key));
        tags.extend(changed.clone());
        let call = aws.write().acmpca.tag_certificate_authority().certificate_authority_arn(id);
        aws.call(OPERATION, call.set_tags(Some(to_pca(OPERATION, &tags)?)).send()).await.map(drop)
    }

    fn example() -> Self {
        CertificateAuthority {
            parent: Some(Ref::to("root")),
            mode: Self::GENERAL_PURPOSE.into(),
            subject: Subject::example(),
            key_algorithm: "RSA_4096".into(),
            signing_algorithm: "SHA512WITHRSA".into(),
            validity_years: 10,
            reissued_since: Some("2026-12-01".into()),
            revocation: Revocation::example(),
            deletion_window_days: 7,
            status: Self::ACTIVE.into(),
            signed_on: Some("2026-12-01".into()),
            expires: Some("2036-12-01T00:00:00Z".into()),
        }
    }
}

fn to_pca(operation: &'static str, tags: &Tags) -> Result<Vec<Tag>, Failure> {
    let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build();
    let tags: Result<Vec<Tag>, _> = tags.iter().map(tag).collect();
    tags.map_err(|error| Failure::internal(operation, error.to_string()))
}

#[cfg(test)]
mod tests {
    use gcnet_core::Effect;

    use super::*;

    fn differs(change: impl FnOnce(&mut CertificateAuthority)) -> Vec<(String, Effect)> {
        let wish = CertificateAuthority::example();
        let mut live = wish.clone();
        change(&mut live);
        let mut diff = Diff::default();
        wish.diff(&live, &mut diff);
        diff.0.into_iter().map(|change| (change.field, change.effect)).collect()
    }

    #[test]
    fn a_later_certificate_satisfies_an_earlier_day_and_an_earlier_one_is_issued_anew() {
        let day = |day: &str| (!day.is_empty()).then(|| day.to_string());
        // Wished is 2026-12-01.
        for (noted, signed_on, differing) in [
            ("2026-12-01", "2026-12-01", None),
            ("2026-12-01", "2027-01-01", None),
            ("2026-12-01", "2026-11-30", Some("signed_on")),
            ("2026-04-01", "2026-11-30", Some("reissued_since")),
            ("", "2026-11-30", Some("reissued_since")),
            ("", "2026-12-01", Some("reissued_since.noted")),
            ("2027-01-01", "2027-01-01", Some("reissued_since.noted")),
        ] {
            let found = differs(|live| (live.reissued_since, live.signed_on) = (day(noted), day(signed_on)));
            let expected: Vec<_> = differing.map(|field| (field.to_string(), Effect::InPlace)).into_iter().collect();
            assert_eq!(found, expected, "noted {noted}, signed on {signed_on}");
        }
    }

    #[test]
    fn of_a_deleted_one_only_what_it_was_made_with_matters() {
        let restored = [("status".to_string(), Effect::InPlace)];
        let deleted = |live: &mut CertificateAuthority| {
            live.status = CertificateAuthority::DELETED.into();
            live.parent = Some(Ref::id("unknown"));
            (live.validity_years, live.deletion_window_days, live.revocation) = (0, 30, Revocation::default());
        };
        assert_eq!(differs(deleted), restored);
        let other = differs(|live| {
            deleted(live);
            live.key_algorithm = "RSA_2048".into();
        });
        assert!(other.contains(&("key_algorithm".to_string(), Effect::Replace)), "{other:?}");
    }

    #[test]
    fn a_root_never_becomes_a_subordinate() {
        assert_eq!(differs(|live| live.parent = None), [("parent".to_string(), Effect::Replace)]);
        let resigned = [("parent".to_string(), Effect::InPlace)];
        assert_eq!(differs(|live| live.parent = Some(Ref::id("serial:1"))), resigned);
    }
}
