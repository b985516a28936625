//! Read lag and determinism.

use std::time::Duration;

use gcnet_sandbox::{ClockMode, Options, ReadLag};

use crate::client::{ACCOUNT, Aws};

const LAG: Duration = Duration::from_secs(10);

fn options(read_lag: ReadLag) -> Options {
    Options { clock: ClockMode::Stepped(Duration::ZERO), read_lag, ..Options::default() }
}

#[tokio::test]
async fn creates_changes_and_deletions_lag() {
    let aws = Aws::start(options(ReadLag::Fixed(LAG))).await;
    let read = async |aws: &Aws| {
        let page = aws.call("DescribeVpcs", "").await;
        (page.all("vpcSet.item.vpcId").len(), page.all("tagSet.item.key").len())
    };
    let later = || aws.sandbox.advance(LAG);

    let vpc = aws.vpc("10.0.0.0/16").await;
    assert_eq!(read(&aws).await, (0, 0));
    let by_id = ("DescribeVpcs", format!("VpcId.1={vpc}"), "InvalidVpcID.NotFound");
    aws.refuses(&[by_id]).await;
    // Writes see the present.
    aws.call("CreateTags", format!("ResourceId.1={vpc} Tag.1.Key=k")).await;
    aws.sandbox.advance(LAG / 2);
    assert_eq!(read(&aws).await, (0, 0));
    aws.sandbox.advance(LAG / 2);
    assert_eq!(read(&aws).await, (1, 1));

    aws.call("DeleteTags", format!("ResourceId.1={vpc}")).await;
    assert_eq!(read(&aws).await, (1, 1));
    later();
    assert_eq!(read(&aws).await, (1, 0));
    aws.call("DeleteVpc", format!("VpcId={vpc}")).await;
    assert_eq!(read(&aws).await, (1, 0));
    assert_eq!(aws.sandbox.everything(ACCOUNT), []);
    later();
    assert_eq!(read(&aws).await, (0, 0));
}

#[tokio::test]
async fn a_drawn_lag_is_the_same_for_the_same_seed() {
    let run = async |seed| {
        let aws = Aws::start(Options { seed, ..options(ReadLag::UpTo(LAG)) }).await;
        aws.vpc("10.0.0.0/16").await;
        let mut seen = Vec::new();
        for _ in 0..20 {
            aws.sandbox.advance(Duration::from_millis(500));
            seen.push(aws.call("DescribeVpcs", "").await.all("vpcSet.item.vpcId").len());
        }
        seen
    };
    let (one, again, other) = (run(1).await, run(1).await, run(2).await);
    assert_eq!(one, again);
    assert_ne!(one, other);
    // Some reads are late, some are not, and the last is not.
    assert!(one.contains(&0) && one.ends_with(&[1]), "{one:?}");
}

#[tokio::test]
async fn the_same_calls_give_the_same_bytes() {
    let run = async || {
        let aws = Aws::start(options(ReadLag::None)).await;
        let vpc = aws.vpc("10.0.0.0/16").await;
        let subnet = aws.subnet(&vpc, "10.0.0.0/24").await;
        let read = aws.call("DescribeSubnets", format!("SubnetId.1={subnet}")).await;
        (read.body, aws.sandbox.calls())
    };
    assert_eq!(run().await, run().await);
}
