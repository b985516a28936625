//! AWS Private CA: authorities and what becomes of them, and the certificates, which other libraries verify.

mod buckets;
mod certificates;
mod imports;
mod lifecycle;
mod permissions;
mod revocation;
mod sharing;
mod templates;
mod x509;

use gcnet_sandbox::{ApiCall, ApiError, Options};
use serde_json::{Value, json};

use crate::client::{ACCOUNT, Aws, REGION};
use crate::transit_gateway::stepped;
use x509::base64;

const DAY: u64 = 24 * 3600;

/// An account that time passes for only when a test says so.
struct Pca {
    aws: Aws,
}

impl Pca {
    async fn start() -> Self {
        Self::start_with(stepped()).await
    }

    async fn start_with(options: Options) -> Self {
        Self { aws: Aws::start(options).await }
    }

    fn call_as(&self, account: &str, service: &str, operation: &str, input: Value) -> Result<Value, ApiError> {
        self.aws.sandbox.call(&ApiCall {
            account: account.to_owned(),
            region: REGION.to_owned(),
            service: service.to_owned(),
            operation: operation.to_owned(),
            input,
            id: None,
        })
    }

    /// A call that must succeed.
    fn ok(&self, operation: &str, input: Value) -> Value {
        self.ok_as(ACCOUNT, operation, input)
    }

    fn ok_as(&self, account: &str, operation: &str, input: Value) -> Value {
        let answer = self.call_as(account, "acm-pca", operation, input.clone());
        answer.unwrap_or_else(|error| panic!("{operation} {input}: {error}"))
    }

    /// One that must be refused with this code; its message.
    fn refused(&self, operation: &str, input: Value, code: &str) -> String {
        self.refused_as(ACCOUNT, operation, input, code)
    }

    fn refused_as(&self, account: &str, operation: &str, input: Value, code: &str) -> String {
        let answer = self.call_as(account, "acm-pca", operation, input.clone());
        let error = answer.expect_err(&format!("{operation} {input} was not refused"));
        assert_eq!(error.code, code, "{operation} {input}: {error}");
        error.message
    }

    /// An authority that waits for its certificate.
    fn pending(&self, input: Value) -> String {
        let made = self.ok("CreateCertificateAuthority", input);
        self.aws.wait(10);
        text(&made["CertificateAuthorityArn"])
    }

    fn describe(&self, arn: &str) -> Value {
        self.ok("DescribeCertificateAuthority", one(arn))["CertificateAuthority"].clone()
    }

    fn status(&self, arn: &str) -> String {
        text(&self.describe(arn)["Status"])
    }

    fn csr(&self, arn: &str) -> String {
        text(&self.ok("GetCertificateAuthorityCsr", one(arn))["Csr"])
    }

    /// A certificate that can be read: its ARN, itself and its chain.
    fn issue(&self, input: Value) -> (String, String, Option<String>) {
        let issuer = text(&input["CertificateAuthorityArn"]);
        let arn = text(&self.ok("IssueCertificate", input)["CertificateArn"]);
        self.aws.wait(2);
        let read = self.ok("GetCertificate", json!({ "CertificateAuthorityArn": issuer, "CertificateArn": arn }));
        (arn, text(&read["Certificate"]), read["CertificateChain"].as_str().map(str::to_owned))
    }

    /// Gives a pending root the certificate that it signs itself.
    fn activate(&self, arn: &str, algorithm: &str, years: u64) {
        let csr = self.csr(arn);
        let input = signing(arn, &csr, algorithm, "RootCACertificate/V1", json!({ "Type": "YEARS", "Value": years }));
        let (_, certificate, chain) = self.issue(input);
        assert_eq!(chain, None);
        self.ok("ImportCertificateAuthorityCertificate", import(arn, &certificate, None));
        assert_eq!(self.status(arn), "ACTIVE");
    }

    /// A root of ten years that is active.
    fn root(&self) -> String {
        let arn = self.pending(authority("ROOT", "Root"));
        self.activate(&arn, "SHA256WITHECDSA", 10);
        arn
    }

    /// A subordinate below an authority, active for three years and one more for each that may be below it.
    fn subordinate(&self, parent: &str, path_length: u8) -> String {
        let arn = self.pending(authority("SUBORDINATE", &format!("Sub {path_length}")));
        let template = format!("SubordinateCACertificate_PathLen{path_length}/V1");
        let validity = json!({ "Type": "YEARS", "Value": 3 + path_length });
        let (_, certificate, chain) =
            self.issue(signing(parent, &self.csr(&arn), "SHA256WITHECDSA", &template, validity));
        self.ok("ImportCertificateAuthorityCertificate", import(&arn, &certificate, chain.as_deref()));
        assert_eq!(self.status(&arn), "ACTIVE");
        arn
    }

    /// The last error that an issue meets when it differs in this from a good one for a server.
    fn issue_refused(&self, arn: &str, differs: Value, code: &str) -> String {
        self.refused("IssueCertificate", with(&server(arn, "EndEntityCertificate/V1"), differs), code)
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

fn one(arn: &str) -> Value {
    json!({ "CertificateAuthorityArn": arn })
}

/// An object with other members, where null takes one away.
fn with(input: &Value, more: Value) -> Value {
    let mut input = input.clone();
    let members = input.as_object_mut().unwrap();
    members.extend(more.as_object().unwrap().clone());
    members.retain(|_, value| !value.is_null());
    input
}

/// What creates an authority with a key of ECDSA.
fn authority(kind: &str, name: &str) -> Value {
    keyed(kind, name, "EC_prime256v1", "SHA256WITHECDSA")
}

fn keyed(kind: &str, name: &str, key: &str, signing: &str) -> Value {
    json!({
        "CertificateAuthorityType": kind,
        "CertificateAuthorityConfiguration": {
            "KeyAlgorithm": key,
            "SigningAlgorithm": signing,
            "Subject": { "Country": "JP", "Organization": "鳴門市", "CommonName": name },
        },
    })
}

/// What issues a certificate for a request in PEM.
fn signing(issuer: &str, csr: &str, algorithm: &str, template: &str, validity: Value) -> Value {
    json!({
        "CertificateAuthorityArn": issuer,
        "Csr": base64(csr),
        "SigningAlgorithm": algorithm,
        "TemplateArn": format!("arn:aws:acm-pca:::template/{template}"),
        "Validity": validity,
    })
}

/// What issues a certificate of a week for `www.city.lg.jp`.
fn server(issuer: &str, template: &str) -> Value {
    let week = json!({ "Type": "DAYS", "Value": 7 });
    signing(issuer, &x509::csr(&["www.city.lg.jp"], |_| {}), "SHA256WITHECDSA", template, week)
}

fn import(arn: &str, certificate: &str, chain: Option<&str>) -> Value {
    let input = json!({ "CertificateAuthorityArn": arn, "Certificate": base64(certificate) });
    with(&input, json!({ "CertificateChain": chain.map(base64) }))
}
