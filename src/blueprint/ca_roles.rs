//! The roles of the private CA: one keeps it, the other issues from it, and neither does both (Private CA user guide, "Best
//! practices": least privilege, separation of duties).

use gcnet_aws::{
    Policy, audit,
    kinds::{Bucket, LogGroup},
};
use gcnet_core::{Desired, Stack, identity};
use serde_json::{Value, json};

use super::{access::add_role, audit_group, ca, rights::allow};
use crate::config::{
    derive::OperatorRole,
    schema::{Municipality, PrivateCa},
};

/// What shows an authority and what it issued, and lets nothing be changed.
const READS: [&str; 7] = [
    "acm-pca:DescribeCertificateAuthority",
    "acm-pca:DescribeCertificateAuthorityAuditReport",
    "acm-pca:GetCertificate",
    "acm-pca:GetCertificateAuthorityCertificate",
    "acm-pca:GetPolicy",
    "acm-pca:ListPermissions",
    "acm-pca:ListTags",
];

/// All that keeps an authority alive, and all that ends it; not what signs anything, nor what lets others sign: a policy of the
/// authority's own, and its tags, which say whom it obeys and whether it is protected.
const MANAGES: [&str; 8] = [
    "acm-pca:CreateCertificateAuthorityAuditReport",
    "acm-pca:CreatePermission",
    "acm-pca:DeleteCertificateAuthority",
    "acm-pca:DeletePermission",
    "acm-pca:GetCertificateAuthorityCsr",
    "acm-pca:ImportCertificateAuthorityCertificate",
    "acm-pca:RestoreCertificateAuthority",
    "acm-pca:UpdateCertificateAuthority",
];

/// To take back what it issued, and to have it listed.
const ISSUES: [&str; 2] = ["acm-pca:CreateCertificateAuthorityAuditReport", "acm-pca:RevokeCertificate"];

/// Certificates of servers and clients, never of a further authority.
const TEMPLATES: [&str; 3] = [
    "arn:aws:acm-pca:::template/EndEntityCertificate/V1",
    "arn:aws:acm-pca:::template/EndEntityClientAuthCertificate/V1",
    "arn:aws:acm-pca:::template/EndEntityServerAuthCertificate/V1",
];

pub(super) fn add(municipality: &Municipality, desired: &mut Desired) {
    let Some(ca) = &municipality.private_ca else { return };
    add_role(municipality, desired, OperatorRole::CaAdmin, |stack| admin(municipality, ca, stack));
    add_role(municipality, desired, OperatorRole::CaIssuer, |stack| issuer(municipality, ca, stack));
}

fn admin(municipality: &Municipality, ca: &PrivateCa, stack: &Stack) -> Policy {
    let actions = READS.iter().chain(&MANAGES).copied().collect();
    let keeps = only(allow(actions, vec![authorities(municipality)]), stack, None);
    Policy::new([vec![keeps, writes(municipality, ca, stack)], beside(municipality, stack)].concat())
}

/// A role must not point at what it is for, which comes after it and goes before it: the tags say which authority it is.
fn issuer(municipality: &Municipality, ca: &PrivateCa, stack: &Stack) -> Policy {
    let address = format!("certificate-authority/{}", ca::issuing(ca));
    let actions = READS.iter().chain(&ISSUES).copied().collect();
    let uses = only(allow(actions, vec![authorities(municipality)]), stack, Some(&address));
    let mut signs =
        only(allow(vec!["acm-pca:IssueCertificate"], vec![authorities(municipality)]), stack, Some(&address));
    signs["Condition"]["StringEquals"]["acm-pca:TemplateArn"] = json!(TEMPLATES);
    Policy::new([vec![uses, signs, writes(municipality, ca, stack)], beside(municipality, stack)].concat())
}

/// What both do beside their work.
fn beside(municipality: &Municipality, stack: &Stack) -> Vec<Value> {
    let mut statements = reads(municipality, stack);
    if let Some(group) = audit_group(municipality) {
        let (account, region) = (municipality.accounts.network.id.to_string(), municipality.region.value.as_str());
        let streams = format!("{}:*", LogGroup::arn(region, &account, &group));
        statements.push(allow(audit::CALLS.to_vec(), vec![streams]));
    }
    statements
}

fn authorities(municipality: &Municipality) -> String {
    let (account, region) = (&municipality.accounts.network.id, municipality.region.value.as_str());
    format!("arn:aws:acm-pca:{region}:{}:certificate-authority/*", account.as_str())
}

/// Of this stack, whatever else is in the account.
fn only(mut statement: Value, stack: &Stack, address: Option<&str>) -> Value {
    let mut tags = json!({
        format!("aws:ResourceTag/{}", identity::MUNICIPALITY): stack.municipality,
        format!("aws:ResourceTag/{}", identity::ENVIRONMENT): stack.environment,
    });
    if let Some(address) = address {
        tags[format!("aws:ResourceTag/{}", identity::ADDRESS)] = address.into();
    }
    statement["Condition"] = json!({ "StringEquals": tags });
    statement
}

/// Whoever has Private CA write a list or a report must be able to write into the bucket as well (RevokeCertificate,
/// UpdateCertificateAuthority, CreateCertificateAuthorityAuditReport).
fn writes(municipality: &Municipality, ca: &PrivateCa, stack: &Stack) -> Value {
    let elsewhere = ca::bucket_elsewhere(ca).map(objects);
    let buckets = [Some(format!("{}/*", bucket(municipality, stack))), elsewhere];
    allow(WRITES.to_vec(), buckets.into_iter().flatten().collect())
}

/// What writing an object takes, and saying that it is its bucket's owner's.
pub(super) const WRITES: [&str; 2] = ["s3:PutObject", "s3:PutObjectAcl"];

/// All objects of a bucket.
pub(super) fn objects(bucket: &str) -> String {
    format!("arn:aws:s3:::{bucket}/*")
}

fn bucket(municipality: &Municipality, stack: &Stack) -> String {
    format!("arn:aws:s3:::{}", Bucket::named(stack, ca::NAME, &municipality.accounts.network.id.to_string()))
}

/// The list of authorities, which knows no resource, and the audit reports in the bucket.
fn reads(municipality: &Municipality, stack: &Stack) -> Vec<Value> {
    let bucket = bucket(municipality, stack);
    vec![
        allow(vec!["acm-pca:ListCertificateAuthorities"], vec!["*".into()]),
        allow(vec!["s3:GetObject", "s3:ListBucket"], vec![format!("{bucket}/*"), bucket]),
    ]
}
