//! The controls over HTTP.

use gcnet_sandbox::Options;
use serde_json::{Value, json};

use crate::client::{ACCOUNT, Aws};

async fn control(aws: &Aws, method: &str, path: &str, body: Value) -> (u16, Value) {
    let json = [("Content-Type".to_owned(), "application/json".to_owned())];
    let path = format!("/_sandbox/{path}");
    let reply = aws.send(method, &path, &json, body.to_string().as_bytes()).await.unwrap();
    (reply.status, serde_json::from_str(&reply.body).unwrap())
}

#[tokio::test]
async fn what_the_api_does_http_does() {
    let aws = Aws::start(Options::default()).await;
    let vpc = [("CidrBlock", "10.0.0.0/16")];
    let fault = json!({ "on": { "operation": "CreateVpc" }, "times": 1, "effect": "throttle" });
    assert_eq!(control(&aws, "POST", "faults", fault).await.0, 200);
    assert_eq!(aws.ec2("CreateVpc", &vpc).await.status, 503);
    let late = json!({ "times": 1, "effect": { "latency": 20 } });
    assert_eq!(control(&aws, "POST", "faults", late).await.0, 200);
    let begun = std::time::Instant::now();
    aws.call("DescribeVpcs", "").await;
    assert!(begun.elapsed().as_millis() >= 20);
    let fault = json!({ "effect": { "drop": "after_execution" } });
    assert_eq!(control(&aws, "POST", "faults", fault).await.0, 200);
    assert!(aws.try_ec2("CreateVpc", &vpc).await.is_none());
    assert_eq!(control(&aws, "DELETE", "faults", json!({})).await.0, 200);

    let (_, calls) = control(&aws, "GET", "calls", json!({})).await;
    assert_eq!(calls["calls"][0]["outcome"], json!({ "outcome": "error", "code": "RequestLimitExceeded" }));
    let (_, resources) = control(&aws, "GET", &format!("resources/{ACCOUNT}"), json!({})).await;
    assert_eq!(resources["resources"].as_array().unwrap().len(), 6);

    let before = aws.sandbox.now();
    control(&aws, "POST", "clock", json!({ "advance_seconds": 3600 })).await;
    assert!(aws.sandbox.now().as_millis() - before.as_millis() >= 3_600_000);
    control(&aws, "PUT", "quotas", json!({ "vpcs": 1 })).await;
    assert_eq!(aws.ec2("CreateVpc", &vpc).await.code(), "VpcLimitExceeded");

    control(&aws, "POST", "cut", json!({ "after_writes": 0 })).await;
    assert!(aws.try_ec2("DescribeVpcs", &[]).await.is_none());
    control(&aws, "DELETE", "cut", json!({})).await;
    assert_eq!(aws.ec2("DescribeVpcs", &[]).await.status, 200);
}

#[tokio::test]
async fn odd_controls_are_refused() {
    let aws = Aws::start(Options::default()).await;
    for (method, path, body, status) in [
        ("GET", "colour", json!({}), 404),
        ("POST", "faults", json!({ "effect": "explode" }), 400),
        ("POST", "faults", json!({ "effect": "throttle", "colour": 1 }), 400),
        ("POST", "clock", json!({ "advance_seconds": -1 }), 400),
        ("PUT", "quotas", json!({ "colours": 1 }), 400),
    ] {
        assert_eq!(control(&aws, method, path, body).await.0, status, "{method} {path}");
    }
    // What a page in a browser could send without being allowed to, or read under a name of its own.
    let json = [("Content-Type".to_owned(), "application/json".to_owned())];
    let rebound = aws.send_to("evil.example", "GET", "/_sandbox/calls", &json, b"").await.unwrap();
    assert_eq!(rebound.status, 403);
    let form = [("Content-Type".to_owned(), "text/plain".to_owned())];
    let reply = aws.send("POST", "/_sandbox/faults", &form, b"{}").await.unwrap();
    assert_eq!(reply.status, 415);
}

/// Services as well as controls: a page could make networks, if not read them.
#[tokio::test]
async fn a_page_in_a_browser_gets_nothing() {
    let aws = Aws::start(Options::default()).await;
    let headers = |origin: Option<&str>| {
        let mut headers = aws.signed("ec2");
        headers.push(("Content-Type".to_owned(), "application/x-www-form-urlencoded".to_owned()));
        headers.extend(origin.map(|origin| ("Origin".to_owned(), origin.to_owned())));
        headers
    };
    let body = b"Action=DescribeVpcs&Version=2016-11-15";
    for (host, origin, status) in [
        ("127.0.0.1:4566", None, 200),
        ("localhost", None, 200),
        ("[::1]:4566", None, 200),
        ("bucket.localhost", None, 200),
        ("evil.example", None, 403),
        ("localhost.evil.example", None, 403),
        ("127.0.0.1.evil.example:4566", None, 403),
        ("evil.example:127.0.0.1", None, 403),
        ("", None, 403),
        ("127.0.0.1", Some("https://evil.example"), 403),
        ("127.0.0.1", Some("null"), 403),
    ] {
        let reply = aws.send_to(host, "POST", "/", &headers(origin), body).await.unwrap();
        assert_eq!(reply.status, status, "{host} {origin:?}: {}", reply.body);
    }
}

#[tokio::test]
async fn heads_are_bounded() {
    let aws = Aws::start(Options::default()).await;
    let many: Vec<_> = (0..200).map(|n| (format!("X-{n}"), "x".to_owned())).collect();
    let large = [("X-Large".to_owned(), "x".repeat(100_000))];
    for headers in [&many[..], &large] {
        let reply = aws.send("POST", "/", headers, b"").await;
        let status = reply.map(|reply| reply.status);
        assert!([None, Some(400), Some(431)].contains(&status), "{status:?}");
    }
    assert_eq!(aws.ec2("DescribeVpcs", &[]).await.status, 200, "and others are served all the same");
}
