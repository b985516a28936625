//! Reads of Private CA. One list shows all authorities of the account, also the deleted ones that can still be restored, and what
//! each was made with, but no tags: one call more for each of ours that lives, and one for the chain of a subordinate.

use std::sync::Arc;

use aws_sdk_acmpca::types::{
    AccessDescription, CertificateAuthority, CertificateAuthorityStatus as Status, CertificateAuthorityType, Permission,
};
use aws_sdk_ram::types::AssociatedPermission;
use futures::future::{join, try_join_all};
use gcnet_core::{Address, Class, Failure, Resource, Stack, Tags};
use x509_parser::pem::Pem;

use crate::{
    aws::Aws,
    kinds,
    read::{fill_in, need, seen},
};

/// An authority of ours, whichever stack's.
#[derive(Clone, Debug)]
pub(crate) struct Authority {
    pub(crate) ca: CertificateAuthority,
    /// Whose it is, by the mark that it was made with ([`mark`]).
    pub(crate) stack: Stack,
    /// Which of the stack's authorities, by the same mark.
    pub(crate) name: String,
    /// Those that AWS shows, and what the mark says where they do not. Empty once it is deleted: AWS answers for those that live.
    pub(crate) tags: Tags,
    /// Serial number of the certificate that signed its own, in hexadecimal; only of a subordinate that has one.
    pub(crate) signed_by: Option<String>,
}

impl Authority {
    /// It can still be restored, and is gone otherwise.
    pub(crate) fn is_deleted(&self) -> bool {
        self.ca.status() == Some(&Status::Deleted)
    }

    /// Which it is, by its mark.
    pub(crate) fn address(&self) -> Address {
        Address::new(kinds::CertificateAuthority::NAME, &self.name)
    }

    /// It has a certificate of its own.
    pub(crate) fn is_signed(&self) -> bool {
        matches!(self.ca.status(), Some(Status::Active | Status::Disabled | Status::Expired))
    }
}

/// The identifier of our mark among the subject information accesses of a CSR (RFC 5280, 4.2.2.2): made once, of a UUID (X.667).
pub(crate) const MARK: &str = "2.25.135748607924151338070614773357560190479";

/// Whose an authority is, for as long as any list shows it: it is part of what the authority was made with, and stays when its tags
/// cannot be read any more (docs/decisions/0022).
pub(crate) fn mark(stack: &Stack, name: &str) -> String {
    format!("gcnet:{}/{}/{name}", stack.municipality, stack.environment)
}

/// The stack and the name in the mark; `None` for what somebody else made.
fn read_mark(accesses: &[AccessDescription]) -> Option<(Stack, &str)> {
    let ours = |access: &&AccessDescription| {
        access.access_method().and_then(|method| method.custom_object_identifier()) == Some(MARK)
    };
    let text = accesses.iter().find(ours)?.access_location()?.uniform_resource_identifier()?;
    let (municipality, rest) = text.strip_prefix("gcnet:")?.split_once('/')?;
    let (environment, name) = rest.split_once('/')?;
    Some((Stack::new(municipality, environment), name))
}

/// Two spellings of one serial number: the console shows octets with colons between them, the API decimal digits as well.
pub(crate) fn same_serial(hex: &str, listed: &str) -> bool {
    let plain = |text: &str| text.replace(':', "").trim_start_matches('0').to_ascii_lowercase();
    let (hex, listed) = (plain(hex), plain(listed));
    hex == listed || decimal(&hex).is_some_and(|digits| digits == listed)
}

fn decimal(hex: &str) -> Option<String> {
    let number = x509_parser::num_bigint::BigUint::parse_bytes(hex.as_bytes(), 16)?;
    Some(number.to_str_radix(10))
}

/// The type of resource that RAM calls an authority.
pub(crate) const SHARED_TYPE: &str = "acm-pca:CertificateAuthority";

impl Aws {
    /// Those that gcnet made, of whichever stack, also deleted ones that can still be restored.
    pub(crate) async fn authorities(&self) -> Result<Arc<Vec<Authority>>, Failure> {
        let read = async || {
            let listed = self.listed_authorities().await?;
            Ok(Arc::new(try_join_all(listed.iter().cloned().map(|authority| self.completed(authority))).await?))
        };
        self.snapshot.authorities.get_or_try_init(read).await.cloned()
    }

    /// The same, without what only further calls tell.
    pub(crate) async fn listed_authorities(&self) -> Result<Arc<Vec<Authority>>, Failure> {
        let read = async || {
            const OPERATION: &str = "acm-pca:ListCertificateAuthorities";
            let mut ours = vec![];
            let mut next = self.read().acmpca.list_certificate_authorities().max_results(100);
            // Not the SDK's paginator, which tells only after a wait for one more place in the bucket that there is no next page.
            loop {
                let page = self.call(OPERATION, next.clone().send()).await?;
                for ca in page.certificate_authorities.unwrap_or_default() {
                    let extensions = ca.certificate_authority_configuration().and_then(|of| of.csr_extensions());
                    let accesses = extensions.map(|of| of.subject_information_access()).unwrap_or_default();
                    if let Some((stack, name)) = read_mark(accesses) {
                        let name = name.to_string();
                        ours.push(Authority { ca, stack, name, tags: Tags::new(), signed_by: None });
                    }
                }
                match page.next_token.filter(|token| !token.is_empty()) {
                    None => break,
                    token => next = next.set_next_token(token),
                }
            }
            Ok(Arc::new(ours))
        };
        self.snapshot.listed_authorities.get_or_try_init(read).await.cloned()
    }

    /// With what only further calls tell. Nothing that the list shows is left out, whatever they say: it would be made a second
    /// time.
    async fn completed(&self, mut authority: Authority) -> Result<Authority, Failure> {
        if authority.is_deleted() {
            return Ok(authority);
        }
        let arn = need(authority.ca.arn(), "acm-pca:ListCertificateAuthorities", "Arn")?;
        let subordinate = authority.ca.r#type() == Some(&CertificateAuthorityType::Subordinate);
        let signed_by =
            async { if subordinate && authority.is_signed() { self.signed_by(arn).await } else { Ok(None) } };
        let (tags, signed_by) = join(self.tags_of(arn), signed_by).await;
        let is_being_made = authority.ca.status() == Some(&Status::Creating);
        let mut tags = match tags {
            // The list lags: only of a deleted one AWS refuses to tell the tags.
            Err(failure) if is_of_state(&failure) && !is_being_made => {
                authority.ca.status = Some(Status::Deleted);
                authority.ca.restorable_until = None;
                return Ok(authority);
            }
            // Only just made, so that not all reads know it yet.
            Err(failure) if is_gone(&failure) => Tags::new(),
            tags => tags?,
        };
        fill_in(&mut tags, &authority.stack, &authority.address());
        authority.tags = tags;
        authority.signed_by = match signed_by {
            Err(failure) if is_gone(&failure) => None,
            signed_by => signed_by?,
        };
        Ok(authority)
    }

    /// As [`Authority::tags`], of one authority, and without what the mark says.
    pub(crate) async fn tags_of(&self, arn: &str) -> Result<Tags, Failure> {
        let mut all = Tags::new();
        let mut next = self.read().acmpca.list_tags().certificate_authority_arn(arn);
        loop {
            let page = self.call("acm-pca:ListTags", next.clone().send()).await?;
            let tags = page.tags.unwrap_or_default().into_iter();
            all.extend(tags.map(|tag| (tag.key, tag.value.unwrap_or_default())));
            match page.next_token.filter(|token| !token.is_empty()) {
                None => return Ok(all),
                token => next = next.set_next_token(token),
            }
        }
    }

    /// The serial number of the first certificate of its chain.
    async fn signed_by(&self, arn: &str) -> Result<Option<String>, Failure> {
        const OPERATION: &str = "acm-pca:GetCertificateAuthorityCertificate";
        let call = self.read().acmpca.get_certificate_authority_certificate().certificate_authority_arn(arn);
        let answer = self.call(OPERATION, call.send()).await?;
        let chain = need(answer.certificate_chain, OPERATION, "CertificateChain")?;
        let unreadable = |error: String| Failure::internal(OPERATION, error);
        let first = Pem::iter_from_buffer(chain.as_bytes()).next();
        let first =
            need(first, OPERATION, "certificate in its chain")?.map_err(|error| unreadable(error.to_string()))?;
        let certificate = first.parse_x509().map_err(|error| unreadable(error.to_string()))?;
        Ok(Some(certificate.tbs_certificate.serial.to_str_radix(16)))
    }

    /// Which services may use our authorities.
    pub(crate) async fn ca_permissions(&self) -> Result<Arc<Vec<Permission>>, Failure> {
        let read = async || {
            let authorities = self.listed_authorities().await?;
            let living = authorities.iter().filter(|authority| !authority.is_deleted());
            let found = try_join_all(living.filter_map(|of| of.ca.arn()).map(|arn| self.permissions_of(arn))).await?;
            Ok(Arc::new(found.into_iter().flatten().collect()))
        };
        self.snapshot.ca_permissions.get_or_try_init(read).await.cloned()
    }

    async fn permissions_of(&self, arn: &str) -> Result<Vec<Permission>, Failure> {
        let mut all = vec![];
        let mut next = self.read().acmpca.list_permissions().certificate_authority_arn(arn);
        loop {
            let page = match self.call("acm-pca:ListPermissions", next.clone().send()).await {
                Err(failure) if is_gone(&failure) => return Ok(all),
                page => page?,
            };
            all.extend(page.permissions.unwrap_or_default());
            match page.next_token.filter(|token| !token.is_empty()) {
                None => return Ok(all),
                token => next = next.set_next_token(token),
            }
        }
    }

    /// What each share allows with the authorities in it. Nothing is read while there are none of ours.
    pub(crate) async fn share_permissions(&self) -> Result<Arc<Vec<AssociatedPermission>>, Failure> {
        let read = async || {
            // Who may not see authorities has no plan that shares one.
            if seen(self.listed_authorities().await)?.iter().all(Authority::is_deleted) {
                return Ok(Arc::default());
            }
            let mut all = vec![];
            let mut next = self.read().ram.list_permission_associations().resource_type(SHARED_TYPE).max_results(500);
            loop {
                let page = self.call("ram:ListPermissionAssociations", next.clone().send()).await?;
                all.extend(page.permissions.unwrap_or_default());
                match page.next_token.filter(|token| !token.is_empty()) {
                    None => return Ok(Arc::new(all)),
                    token => next = next.set_next_token(token),
                }
            }
        };
        self.snapshot.share_permissions.get_or_try_init(read).await.cloned()
    }
}

/// Deleted between two reads, or only just.
fn is_gone(failure: &Failure) -> bool {
    failure.class == Class::NotFound || is_of_state(failure)
}

fn is_of_state(failure: &Failure) -> bool {
    failure.code == "InvalidStateException"
}

#[cfg(test)]
mod tests {
    use aws_sdk_acmpca::types::{AccessMethod, GeneralName};

    use super::*;

    fn access(oid: &str, text: &str) -> AccessDescription {
        let method = AccessMethod::builder().custom_object_identifier(oid).build();
        let location = GeneralName::builder().uniform_resource_identifier(text).build();
        AccessDescription::builder().access_method(method).access_location(location).build()
    }

    #[test]
    fn a_mark_leads_back_to_the_stack_and_the_name_and_others_marks_do_not() {
        let stack = Stack::new("naruto", "prod");
        let other = access("1.3.6.1.5.5.7.48.5", "http://repository.example/");
        let marked = [other.clone(), access(MARK, &mark(&stack, "root"))];
        assert_eq!(read_mark(&marked), Some((stack, "root")));
        for text in ["", "gcnet:naruto", "gcnet:naruto/prod", "naruto/prod/root"] {
            assert_eq!(read_mark(&[access(MARK, text)]), None, "{text}");
        }
        assert_eq!(read_mark(&[other, access("2.25.1", "gcnet:naruto/prod/root")]), None);
    }

    #[test]
    fn a_serial_number_has_many_spellings() {
        for listed in ["67:c2:c0", "67c2c0", "0067C2C0", "6800064"] {
            assert!(same_serial("67c2c0", listed), "{listed}");
        }
        assert!(!same_serial("67c2c0", "67c2c1") && !same_serial("67c2c0", "6800065"));
    }
}
