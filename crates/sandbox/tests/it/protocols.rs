//! What is checked before an operation is reached, in each protocol.

use gcnet_sandbox::Options;

use crate::client::{ACCOUNT, Aws, OTHER};

#[tokio::test]
async fn a_twelve_digit_key_is_the_account() {
    let mut aws = Aws::start(Options::default()).await;
    let me = aws.sts("GetCallerIdentity", &[]).await;
    assert_eq!(me.one("GetCallerIdentityResult.Account"), ACCOUNT);
    assert_eq!(me.one("ResponseMetadata.RequestId").len(), 36);

    let vpc = aws.vpc("10.0.0.0/16").await;
    aws.key = OTHER.to_owned();
    let call = ("DescribeVpcs", format!("VpcId.1={vpc}"), "InvalidVpcID.NotFound");
    aws.refuses(&[call]).await;
    aws.key = ACCOUNT.to_owned();
    aws.region = "ap-northeast-3".to_owned();
    assert!(aws.call("DescribeVpcs", "").await.all("vpcId").is_empty());
}

#[tokio::test]
async fn identities_and_regions_are_refused_in_the_words_of_each_protocol() {
    let mut aws = Aws::start(Options::default()).await;
    let logs = "Logs_20140328.DescribeLogGroups";
    for (key, region, ec2, sts, json) in [
        (
            "AKIAIOSFODNN7EXAMPLE",
            "ap-northeast-1",
            (401, "AuthFailure"),
            (403, "InvalidClientTokenId"),
            (400, "UnrecognizedClientException"),
        ),
        (
            ACCOUNT,
            "eu-west-1",
            (401, "AuthFailure"),
            (403, "SignatureDoesNotMatch"),
            (400, "InvalidSignatureException"),
        ),
    ] {
        aws.key = key.to_owned();
        aws.region = region.to_owned();
        let replies = [
            aws.ec2("DescribeVpcs", &[]).await,
            aws.sts("GetCallerIdentity", &[]).await,
            aws.json("logs", logs, "{}").await,
        ];
        for (reply, expected) in replies.iter().zip([ec2, sts, json]) {
            assert_eq!((reply.status, reply.code().as_str()), expected);
        }
    }
}

#[tokio::test]
async fn headers_must_be_there_and_well_formed() {
    let aws = Aws::start(Options::default()).await;
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    let zeros = "0".repeat(64);
    let auth = format!(
        "AWS4-HMAC-SHA256 Credential={ACCOUNT}/20260401/ap-northeast-1/ec2/aws4_request, SignedHeaders=host, Signature={zeros}"
    );
    let date = ("X-Amz-Date", "20260401T000000Z");
    let body = "Action=DescribeVpcs&Version=2016-11-15";
    for (headers, code) in [
        (vec![form], "MissingAuthenticationToken"),
        (vec![form, ("Authorization", "AWS4-HMAC-SHA256 x")], "IncompleteSignature"),
        (vec![form, ("Authorization", &auth)], "IncompleteSignature"),
        (vec![date, ("Authorization", &auth)], "MalformedQueryString"),
        (vec![form, date, ("Authorization", &auth.replace("/ec2/", "/lambda/"))], "InvalidAction"),
    ] {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let headers: Vec<_> = headers.iter().map(owned).collect();
        let reply = aws.send("POST", "/", &headers, body.as_bytes()).await.unwrap();
        assert_eq!(reply.code(), code, "{headers:?}: {}", reply.body);
    }
}

#[tokio::test]
async fn nothing_unknown_is_accepted() {
    let aws = Aws::start(Options::default()).await;
    aws.refuses(&[
        ("CreateInternetGateway", String::new(), "InvalidAction"),
        ("DescribeVpcs", "Colour=red".to_owned(), "UnknownParameter"),
        ("CreateVpc", "CidrBlock=10.0.0.0/16 Ipv4IpamPoolId=x".to_owned(), "UnknownParameter"),
        ("DescribeVpcs", "Filter.1.Name=colour Filter.1.Value.1=red".to_owned(), "InvalidParameterValue"),
    ])
    .await;
    assert!(aws.call("DescribeVpcs", "").await.all("vpcId").is_empty());

    let unknown = aws.sts("GetFederationToken", &[]).await;
    assert_eq!(unknown.code(), "InvalidAction");
    let json = aws.json("logs", "Logs_20140328.TestMetricFilter", "{}").await;
    assert_eq!(json.code(), "UnknownOperationException");
}

#[tokio::test]
async fn dry_run_checks_and_changes_nothing() {
    let aws = Aws::start(Options::default()).await;
    let reply = aws.ec2("CreateVpc", &[("CidrBlock", "10.0.0.0/16"), ("DryRun", "true")]).await;
    assert_eq!((reply.status, reply.code().as_str()), (412, "DryRunOperation"));
    aws.refuses(&[
        ("CreateVpc", "CidrBlock=10.0.0.0/8 DryRun=true".to_owned(), "InvalidVpc.Range"),
        ("CreateVpc", "CidrBlock=10.0.0.0/16 DryRun=yes".to_owned(), "InvalidParameterValue"),
    ])
    .await;
    assert!(aws.call("DescribeVpcs", "DryRun=false").await.all("vpcId").is_empty());
    let vpc = aws.vpc("10.0.0.0/16").await;
    // The API has no DryRun for this one.
    let call = format!("VpcId={vpc} EnableDnsSupport.Value=true DryRun=true");
    aws.refuses(&[("ModifyVpcAttribute", call, "UnknownParameter")]).await;
}

#[tokio::test]
async fn odd_requests_are_answered_and_do_no_harm() {
    let aws = Aws::start(Options::default()).await;
    let get = aws.send("GET", "/", &[], b"").await.unwrap();
    assert_eq!(get.status, 405);
    let large = vec![b'x'; 3 * 1024 * 1024];
    let reply = aws.send("POST", "/", &[], &large).await;
    assert!(reply.is_none_or(|reply| reply.status == 413));
    for body in [&b"\xff\xfe"[..], b"%", b"=&=&", b"Action", b"{\"a\":"] {
        let reply = aws.send("POST", "/", &[], body).await.unwrap();
        assert_eq!(reply.status, 403, "{}", reply.body);
    }
    for body in ["", "[]", "{", "null", "{\"logGroupName\":1}"] {
        let reply = aws.json("logs", "Logs_20140328.CreateLogGroup", body).await;
        assert_eq!(reply.code(), "SerializationException", "{body}");
    }
    assert_eq!(aws.sts("GetCallerIdentity", &[]).await.status, 200);
}

#[tokio::test]
async fn many_sandboxes_run_at_once() {
    let (one, two) =
        tokio::join!(Aws::start(Options::default()), Aws::start(Options { seed: 1, ..Options::default() }));
    let (first, second) = tokio::join!(one.vpc("10.0.0.0/16"), two.vpc("10.0.0.0/16"));
    assert_ne!(first, second);
    assert_eq!(two.call("DescribeVpcs", "").await.all("vpcSet.item.vpcId"), [second]);
}

#[tokio::test]
async fn only_loopback_is_served() {
    let options = Options { listen: "0.0.0.0:0".parse().unwrap(), ..Options::default() };
    let refused = gcnet_sandbox::Sandbox::start(options).await.unwrap_err();
    assert!(matches!(refused, gcnet_sandbox::StartError::NotLoopback(_)), "{refused}");
}
