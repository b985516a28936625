//! The buckets that Private CA writes into, as HTTP clients see them: what is in them is not always text.

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Pca;
use crate::client::{ACCOUNT, REGION};

impl Pca {
    /// A request to S3 that must succeed; the body of its answer.
    async fn s3(&self, method: &str, path: &str, body: &str) -> Vec<u8> {
        let (status, body) = self.try_s3(method, path, body).await;
        assert!((200..300).contains(&status), "{method} {path}: {}", String::from_utf8_lossy(&body));
        body
    }

    async fn try_s3(&self, method: &str, path: &str, body: &str) -> (u16, Vec<u8>) {
        let scope = format!("{ACCOUNT}/20260401/{REGION}/s3/aws4_request");
        let zeros = "0".repeat(64);
        let sum = Sha256::digest(body);
        let hex: String = sum.iter().map(|byte| format!("{byte:02x}")).collect();
        let sum = BASE64_STANDARD.encode(sum);
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nX-Amz-Date: 20260401T000000Z\r\n\
             Authorization: AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host;x-amz-date, Signature={zeros}\r\n\
             x-amz-checksum-sha256: {sum}\r\nx-amz-content-sha256: {hex}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let endpoint = self.aws.sandbox.endpoint();
        let mut stream = TcpStream::connect(endpoint.strip_prefix("http://").unwrap()).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let status = std::str::from_utf8(&answer[9..12]).unwrap().parse().unwrap();
        (status, answer[end + 4..].to_vec())
    }

    /// A bucket without a policy.
    pub async fn bare_bucket(&self, name: &str) {
        let place = format!(
            "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
             <LocationConstraint>{REGION}</LocationConstraint></CreateBucketConfiguration>"
        );
        self.s3("PUT", &format!("/{name}"), &place).await;
    }

    /// One that lets Private CA write for this account.
    pub async fn bucket(&self, name: &str) {
        self.bare_bucket(name).await;
        self.policy_of_bucket(name, ACCOUNT).await;
    }

    /// Lets Private CA write into a bucket for an account's authorities.
    pub async fn policy_of_bucket(&self, name: &str, account: &str) {
        let policy = json!({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow",
                "Principal": { "Service": "acm-pca.amazonaws.com" },
                "Action": ["s3:PutObject", "s3:PutObjectAcl", "s3:GetBucketAcl", "s3:GetBucketLocation"],
                "Resource": [format!("arn:aws:s3:::{name}/*"), format!("arn:aws:s3:::{name}")],
                "Condition": {
                    "StringEquals": { "aws:SourceAccount": account },
                    "ArnLike": { "aws:SourceArn": format!("arn:aws:acm-pca:{REGION}:{account}:certificate-authority/*") },
                },
            }],
        });
        self.s3("PUT", &format!("/{name}?policy"), &policy.to_string()).await;
    }

    pub async fn object(&self, bucket: &str, key: &str) -> Vec<u8> {
        self.s3("GET", &format!("/{bucket}/{key}"), "").await
    }

    pub async fn has_object(&self, bucket: &str, key: &str) -> bool {
        self.try_s3("GET", &format!("/{bucket}/{key}"), "").await.0 == 200
    }
}

/// A configuration with a list of revoked certificates in a bucket.
pub fn crl(bucket: &str, more: Value) -> Value {
    let mut crl = json!({
        "Enabled": true,
        "ExpirationInDays": 7,
        "S3BucketName": bucket,
        "S3ObjectAcl": "BUCKET_OWNER_FULL_CONTROL",
    });
    crl.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ "CrlConfiguration": crl })
}
