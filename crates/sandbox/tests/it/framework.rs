//! Protocols, identities, faults, lag, the file, the clock.

use gcnet_sandbox::Options;

use crate::client::{ACCOUNT, Aws, OTHER};

#[tokio::test]
async fn a_vpc_is_made_and_read_and_tagged() {
    let aws = Aws::start(Options::default()).await;
    let id = aws.vpc("10.0.0.0/16").await;
    assert!(id.starts_with("vpc-0") && id.len() == 21, "{id}");
    aws.ok("CreateTags", &[("ResourceId.1", &id), ("Tag.1.Key", "Name"), ("Tag.1.Value", "鳴門 & <co>")]).await;
    let read = aws.ok("DescribeVpcs", &[("VpcId.1", &id)]).await;
    assert_eq!(read.one("tagSet.item.value"), "鳴門 & <co>");
    assert_eq!(aws.sandbox.everything(ACCOUNT).iter().filter(|r| r.id == id).count(), 1);
    assert!(aws.sandbox.everything(OTHER).is_empty());
}

#[tokio::test]
async fn a_twelve_digit_key_is_the_account() {
    let aws = Aws::start(Options::default()).await;
    let me = aws.sts("GetCallerIdentity", &[]).await;
    assert_eq!(me.one("Account"), ACCOUNT);
    assert!(me.one("RequestId").len() == 36);
}

#[tokio::test]
async fn logs_speaks_json() {
    let aws = Aws::start(Options::default()).await;
    let target = |name: &str| format!("Logs_20140328.{name}");
    let made = aws.json("logs", &target("CreateLogGroup"), r#"{"logGroupName":"/gcnet/a"}"#).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let again = aws.json("logs", &target("CreateLogGroup"), r#"{"logGroupName":"/gcnet/a"}"#).await;
    assert_eq!(again.code(), "ResourceAlreadyExistsException");
    let odd = aws.json("logs", &target("DescribeLogGroups"), r#"{"colour":"red"}"#).await;
    assert_eq!(odd.code(), "SerializationException");
    assert!(odd.body.contains("colour"));
}
