//! The authorities' bucket is emptied only while it says itself that it is ours, and buckets of like names are left alone.

use gcnet_core::Outcome;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{
    ca::alone,
    story::{Story, TOKYO, carry_out},
};

/// A request to S3, answered with its status.
async fn s3(story: &Story, method: &str, path: &str, body: &str) -> u16 {
    let (account, zeros) = (story.account(), "0".repeat(64));
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nX-Amz-Date: 20260401T000000Z\r\n\
         Authorization: AWS4-HMAC-SHA256 Credential={account}/20260401/{TOKYO}/s3/aws4_request, \
         SignedHeaders=host;x-amz-date, Signature={zeros}\r\nx-amz-content-sha256: UNSIGNED-PAYLOAD\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let endpoint = story.sandbox.endpoint();
    let mut stream = TcpStream::connect(endpoint.strip_prefix("http://").unwrap()).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let status: u16 = answer[9..12].parse().unwrap();
    assert!(status < 300 || status == 404, "{method} {path}: {answer}");
    status
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_says_itself_that_it_is_ours_is_emptied() {
    let story = alone(&[]).await;
    story.apply().await;
    let account = story.account();
    let (ours, theirs) = (format!("gcnet-naruto-prod-ca-{account}"), format!("gcnet-naruto-prod-backup-{account}"));
    let place = "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
                 <LocationConstraint>ap-northeast-1</LocationConstraint></CreateBucketConfiguration>";
    s3(&story, "PUT", &format!("/{theirs}"), place).await;
    for bucket in [&ours, &theirs] {
        s3(&story, "PUT", &format!("/{bucket}/report.json"), "{}").await;
    }
    story.apply().await;
    assert_eq!(s3(&story, "GET", &format!("/{theirs}/report.json"), "").await, 200);

    // Without its tags it may be anybody's.
    s3(&story, "DELETE", &format!("/{ours}?tagging"), "").await;
    let (plan, report) = carry_out(&story.aws().await, &story.nothing()).await;
    let at = plan.steps.iter().position(|step| step.address.as_str() == "bucket/ca").unwrap();
    let Outcome::Failed { error } = &report.outcomes[at] else { panic!("{:?}", report.outcomes[at]) };
    assert_eq!(error.failure().unwrap().code, "untagged-bucket");
    assert_eq!(s3(&story, "GET", &format!("/{ours}/report.json"), "").await, 200);

    // The next apply writes them again.
    story.apply().await;
    story.clear().await;
    assert_eq!(s3(&story, "GET", &format!("/{ours}/report.json"), "").await, 404);
    assert_eq!(s3(&story, "GET", &format!("/{theirs}/report.json"), "").await, 200);
}
