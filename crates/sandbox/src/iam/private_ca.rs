//! Calls of Private CA as policies see them: the authority's tags, the template, and the bucket that is written to in the
//! caller's name.

use serde_json::Value;

use super::{Context, Request};
use crate::acmpca::{self, Authority};
use crate::protocol::Body;
use crate::s3;
use crate::store::State;

const SERVICE: &str = "acm-pca";

/// What conditions may ask about actions of Private CA itself. DOC (service authorization reference, "AWS Private CA"): the
/// tags of the authority, and of IssueCertificate the template. Unverified: that the tags of a deleted one still count.
pub(super) fn context(request: &Request<'_>, state: &State) -> Context {
    let Some(input) = input(request) else {
        return Context::new();
    };
    let tags = authority(request, input, state).map(|it| &it.tags).into_iter().flatten();
    let mut context: Context =
        tags.map(|(key, value)| (format!("aws:resourcetag/{}", key.to_ascii_lowercase()), value.clone())).collect();
    if request.operation == "IssueCertificate" {
        let template = text(input, "/TemplateArn").unwrap_or(acmpca::DEFAULT_TEMPLATE);
        context.insert("acm-pca:templatearn".to_owned(), template.to_owned());
    }
    context
}

/// What the caller needs on which object besides. DOC (CreateCertificateAuthority, UpdateCertificateAuthority,
/// RevokeCertificate, CreateCertificateAuthorityAuditReport): "Both AWS Private CA and the IAM principal must have permission
/// to write to the S3 bucket that you specify. If the IAM principal making the call does not have permission to write to the
/// bucket, then an exception is thrown." Unverified: which keys are tried, that s3:PutObjectAcl is needed as well, and that so
/// it is where an update does not name the bucket.
pub(super) fn writes(request: &Request<'_>, state: &State) -> Vec<(String, String)> {
    let Some(input) = input(request) else {
        return Vec::new();
    };
    let list = |bucket: &str| s3::arn_of(bucket, acmpca::PROBE);
    let kept = || authority(request, input, state).and_then(Authority::list_bucket).map(list);
    const CRL: &str = "/RevocationConfiguration/CrlConfiguration";
    let object = match request.operation {
        "CreateCertificateAuthority" | "UpdateCertificateAuthority" => match input.pointer(CRL) {
            Some(crl) if crl.get("Enabled").and_then(Value::as_bool) == Some(true) => {
                Some(list(text(crl, "/S3BucketName").unwrap_or_default()))
            }
            Some(_) => None,
            None => kept(),
        },
        "RevokeCertificate" => kept(),
        "CreateCertificateAuthorityAuditReport" => {
            Some(s3::arn_of(text(input, "/S3BucketName").unwrap_or_default(), "audit-report/"))
        }
        _ => None,
    };
    let actions = ["s3:PutObject", "s3:PutObjectAcl"];
    object.into_iter().flat_map(|arn| actions.map(|action| (action.to_owned(), arn.clone()))).collect()
}

fn input<'a>(request: &Request<'a>) -> Option<&'a Value> {
    match request.input {
        Body::Json(input) if request.service == SERVICE => Some(input),
        _ => None,
    }
}

fn text<'a>(input: &'a Value, pointer: &str) -> Option<&'a str> {
    input.pointer(pointer).and_then(Value::as_str)
}

/// The one that a call is about; those about policies call it differently.
fn authority<'a>(request: &Request<'_>, input: &Value, state: &'a State) -> Option<&'a Authority> {
    let arn = text(input, "/CertificateAuthorityArn").or_else(|| text(input, "/ResourceArn"))?;
    acmpca::find(state, request.region, arn)
}
