//! S3, rule by rule.

mod access;
mod wire;

use gcnet_sandbox::Options;

use crate::client::{Aws, REGION, Reply};

/// In base64, as a header has it.
fn crc32(body: &[u8]) -> String {
    let step = |crc: u32| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
    let crc = !body.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)));
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let wide = u64::from(crc) << 4;
    let text: String = (0..6).rev().map(|n| char::from(DIGITS[(wide >> (6 * n)) as usize & 63])).collect();
    format!("{text}==")
}

impl Aws {
    /// A call as SDKs send it, with a checksum of what it carries.
    async fn s3(&self, method: &str, path: &str, body: &str) -> Reply {
        let sum = crc32(body.as_bytes());
        let more = [("x-amz-content-sha256", "UNSIGNED-PAYLOAD"), ("x-amz-checksum-crc32", sum.as_str())];
        let more = if body.is_empty() { &more[..1] } else { &more[..] };
        self.s3_with(method, path, more, body.as_bytes()).await
    }

    /// A call with these headers besides those that sign it.
    async fn s3_with(&self, method: &str, path: &str, more: &[(&str, &str)], body: &[u8]) -> Reply {
        let mut headers = self.signed("s3");
        headers.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self.send(method, path, &headers, body).await.unwrap()
    }

    async fn bucket(&self, name: &str) {
        let region = &self.region;
        let body = document("CreateBucketConfiguration", &format!("<LocationConstraint>{region}</LocationConstraint>"));
        let made = self.s3("PUT", &format!("/{name}"), &body).await;
        assert_eq!(made.status, 200, "{}", made.body);
    }

    /// A policy of one statement.
    async fn bucket_policy(&self, bucket: &str, statement: &str) -> Reply {
        let policy = format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#);
        self.s3("PUT", &format!("/{bucket}?policy"), &policy).await
    }
}

fn document(root: &str, content: &str) -> String {
    format!("<{root} xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">{content}</{root}>")
}

#[tokio::test]
async fn a_bucket_outlives_its_sandbox_with_all_that_is_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { file: Some(folder.path().join("store.json")), ..Options::default() };
    let aws = Aws::start(options.clone()).await;
    aws.bucket("gcnet-naruto").await;
    let versioning = document("VersioningConfiguration", "<Status>Enabled</Status>");
    assert_eq!(aws.s3("PUT", "/gcnet-naruto?versioning", &versioning).await.status, 200);
    assert_eq!(aws.s3("PUT", "/gcnet-naruto/crl/a", "first").await.status, 200);
    let second = aws.s3("PUT", "/gcnet-naruto/crl/a?x-id=PutObject", "second").await;
    assert_eq!(aws.s3("DELETE", "/gcnet-naruto/crl/a", "").await.status, 204);
    aws.sandbox.stop().await;

    let aws = Aws::start(options).await;
    assert_eq!(aws.s3("GET", "/gcnet-naruto/crl/a", "").await.code(), "NoSuchKey");
    let id = second.header("x-amz-version-id").unwrap();
    let read = aws.s3("GET", &format!("/gcnet-naruto/crl/a?versionId={id}"), "").await;
    assert_eq!((read.status, read.body.as_str()), (200, "second"));
    assert_eq!(read.header("etag"), Some("\"a9f0e61a137d86aa9db53465e0801612\""));
    assert_eq!(aws.s3("DELETE", "/gcnet-naruto", "").await.code(), "BucketNotEmpty");
    let all = aws.s3("GET", "/gcnet-naruto?versions", "").await;
    assert_eq!((all.all("Version.Key").len(), all.all("DeleteMarker.Key").len()), (2, 1));
    assert_eq!(aws.sandbox.live(&aws.key, REGION)["bucket"], ["gcnet-naruto"]);
}

#[tokio::test]
async fn an_account_holds_so_many_buckets() {
    let aws = Aws::start(Options::default()).await;
    aws.sandbox.set_quotas(gcnet_sandbox::Quotas { buckets: 1, tags: 1, ..Default::default() });
    aws.bucket("first").await;
    let body = document("CreateBucketConfiguration", &format!("<LocationConstraint>{REGION}</LocationConstraint>"));
    assert_eq!(aws.s3("PUT", "/second", &body).await.code(), "TooManyBuckets");
    let tags: String = ["a", "b"].map(|key| format!("<Tag><Key>{key}</Key><Value/></Tag>")).concat();
    let tagging = document("Tagging", &format!("<TagSet>{tags}</TagSet>"));
    assert_eq!(aws.s3("PUT", "/first?tagging", &tagging).await.code(), "BadRequest");
}
