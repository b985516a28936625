//! How requests are carried and told apart, and how errors look.

use gcnet_sandbox::Options;

use super::{crc32, document};
use crate::client::Aws;

const STREAMING: &str = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

#[tokio::test]
async fn errors_are_s3s_own() {
    let mut aws = Aws::start(Options::default()).await;
    let missing = aws.s3("GET", "/none?policy", "").await;
    assert_eq!((missing.status, missing.one("Error.BucketName").as_str()), (404, "none"));
    assert_eq!(missing.header("x-amz-request-id"), Some(missing.one("Error.RequestId").as_str()));
    assert!(missing.body.contains("<Error><Code>NoSuchBucket</Code>"), "{}", missing.body);
    let head = aws.s3("HEAD", "/none", "").await;
    assert_eq!((head.status, head.body.as_str()), (404, ""));

    aws.bucket("here").await;
    aws.region = "ap-northeast-3".to_owned();
    let far = aws.s3("GET", "/here?location", "").await;
    assert_eq!((far.status, far.code().as_str()), (301, "PermanentRedirect"));
    assert_eq!(far.header("x-amz-bucket-region"), Some("ap-northeast-1"));
    aws.key = "AKIANOBODY".to_owned();
    assert_eq!(aws.s3("GET", "/", "").await.code(), "InvalidAccessKeyId");
    aws.region = "mars".to_owned();
    assert_eq!(aws.s3("GET", "/", "").await.code(), "AuthorizationHeaderMalformed");
}

#[tokio::test]
async fn what_is_not_simulated_is_refused() {
    let aws = Aws::start(Options::default()).await;
    aws.bucket("here").await;
    for (method, path) in [
        ("GET", "/here?acl"),
        ("PUT", "/here?acl"),
        ("GET", "/here"),
        ("POST", "/here/a?uploads"),
        ("PUT", "/here/a?tagging"),
        ("GET", "/here?location&colour=red"),
        ("DELETE", "/here?cors"),
        ("PATCH", "/here"),
    ] {
        let reply = aws.s3(method, path, "").await;
        assert_eq!((reply.status, reply.code().as_str()), (501, "NotImplemented"), "{method} {path}");
    }
    let unsigned = ("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
    for (name, value) in [
        ("x-amz-meta-a", "b"),
        ("x-amz-tagging", "a=b"),
        ("x-amz-object-lock-mode", "GOVERNANCE"),
        ("cache-control", "no-store"),
        ("content-encoding", "gzip"),
        ("x-amz-sdk-checksum-algorithm", "SHA1"),
        ("x-amz-checksum-sha1", "AAAA"),
    ] {
        let reply = aws.s3_with("PUT", "/here/a", &[unsigned, (name, value)], b"a").await;
        assert_eq!((reply.status, reply.code().as_str()), (501, "NotImplemented"), "{name}");
    }
    for (name, value) in [("range", "bytes=0-1"), ("if-none-match", "\"a\"")] {
        aws.s3("PUT", "/here/a", "a").await;
        assert_eq!(aws.s3_with("GET", "/here/a", &[unsigned, (name, value)], b"").await.code(), "NotImplemented");
    }
}

#[tokio::test]
async fn a_body_is_stored_without_its_framing_or_not_at_all() {
    let aws = Aws::start(Options::default()).await;
    aws.bucket("here").await;
    let sum = crc32(b"hello");
    let framed = format!("3\r\nhel\r\n2\r\nlo\r\n0\r\nx-amz-checksum-crc32:{sum}\r\n\r\n");
    let trailer = ("x-amz-trailer", "x-amz-checksum-crc32");
    let length = ("x-amz-decoded-content-length", "5");
    let hash = |value| ("x-amz-content-sha256", value);
    let chunked = ("content-encoding", "aws-chunked");
    let put = async |path: &str, headers: &[(&str, &str)], body: &str| {
        aws.s3_with("PUT", path, headers, body.as_bytes()).await
    };
    let good = put("/here/a", &[hash(STREAMING), length, trailer, chunked], &framed).await;
    assert_eq!(good.status, 200, "{}", good.body);
    assert_eq!(good.header("x-amz-checksum-crc32"), Some(sum.as_str()));
    assert_eq!(aws.s3("GET", "/here/a", "").await.body, "hello");
    let signature = "0".repeat(64);
    let signed = format!("5;chunk-signature={signature}\r\nhello\r\n0;chunk-signature={signature}\r\n\r\n");
    assert_eq!(put("/here/b", &[hash("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), length], &signed).await.status, 200);
    assert_eq!(aws.s3("GET", "/here/b", "").await.body, "hello");

    let wrong = "0".repeat(64);
    for (headers, body, code) in [
        (vec![hash(STREAMING), trailer], framed.as_str(), "MissingContentLength"),
        (vec![hash(STREAMING), ("x-amz-decoded-content-length", "6"), trailer], &framed, "IncompleteBody"),
        (vec![hash(STREAMING), length, trailer], "hello", "IncompleteBody"),
        (vec![hash(STREAMING), length, trailer], &signed, "IncompleteBody"),
        (vec![hash(STREAMING), length], &framed, "MalformedTrailerError"),
        (vec![hash(STREAMING), length, ("x-amz-trailer", "x-amz-checksum-crc32c")], &framed, "MalformedTrailerError"),
        (vec![hash(STREAMING), length, trailer], &framed.replace("hel", "jel"), "BadDigest"),
        (vec![hash("STREAMING-UNHEARD-OF"), length], &framed, "NotImplemented"),
        (vec![hash("anything")], "hello", "InvalidArgument"),
        (vec![hash(&wrong)], "hello", "XAmzContentSHA256Mismatch"),
        (vec![], "hello", "InvalidRequest"),
        (vec![hash("UNSIGNED-PAYLOAD"), ("x-amz-sdk-checksum-algorithm", "CRC32")], "hello", "InvalidRequest"),
    ] {
        let reply = put("/here/c", &headers, body).await;
        assert_eq!(reply.code(), code, "{headers:?} {body}");
    }
    assert_eq!(aws.s3("GET", "/here?list-type=2", "").await.all("Contents.Key"), ["a", "b"]);
}

#[tokio::test]
async fn what_sets_something_comes_with_a_digest() {
    let aws = Aws::start(Options::default()).await;
    aws.bucket("here").await;
    let tagging = document("Tagging", "<TagSet/>");
    let unsigned = [("x-amz-content-sha256", "UNSIGNED-PAYLOAD")];
    for (path, body) in [("/here?tagging", tagging.as_str()), ("/here?policy", "{}")] {
        let reply = aws.s3_with("PUT", path, &unsigned, body.as_bytes()).await;
        assert_eq!(reply.code(), "InvalidRequest", "{path}");
    }
    let put = async |body: String| aws.s3("PUT", "/here?tagging", &body).await;
    for bad in [
        "<Tagging/>".to_owned(),
        document("TagSet", ""),
        document("Tagging", "<TagSet><X/></TagSet>"),
        document("Tagging", "<TagSet><Tag><Key>a</Key></Tag></TagSet>"),
    ] {
        assert_eq!(put(bad.clone()).await.code(), "MalformedXML", "{bad}");
    }
    assert_eq!(put(document("Tagging", "<TagSet/><Colour/>")).await.code(), "NotImplemented");
    assert_eq!(put(tagging).await.status, 204);
}
