//! Tags of zones, and what policies say.

use serde_json::{Value, json};

use super::start;
use crate::client::{ACCOUNT, Aws, OTHER, REGION};

fn tag(aws: &Aws, zone: &str, add: Value, remove: Value) -> Result<Value, String> {
    let input = json!({ "ResourceType": "hostedzone", "ResourceId": zone, "AddTags": add, "RemoveTagKeys": remove });
    aws.r53_call("ChangeTagsForResource", input)
}

fn pairs(from: usize, to: usize) -> Value {
    (from..to).map(|n| json!({ "Key": format!("k{n:02}"), "Value": n.to_string() })).collect()
}

#[tokio::test]
async fn tags_are_changed_ten_at_a_time() {
    let mut aws = start().await;
    let vpc = aws.vpc("10.0.0.0/16").await;
    let zone = aws.zone("a.example", "1", &vpc).await;
    tag(&aws, &zone, pairs(0, 10), Value::Null).unwrap();
    tag(&aws, &zone, pairs(9, 12), json!(["k00", "none"])).unwrap();
    let read = aws.r53("GET", &format!("tags/hostedzone/{zone}")).await;
    assert_eq!(read.all("Tags.Tag.Key").len(), 11);
    assert_eq!(read.one("ResourceTagSet.ResourceId"), zone);
    let found = aws.sandbox.everything(ACCOUNT);
    assert!(found.iter().any(|one| one.id == zone && one.tags.get("k11").is_some_and(|value| value == "11")));

    let two = [json!({ "Key": "a" }), json!({ "Key": "a" })];
    for (add, remove) in [
        (pairs(0, 11), Value::Null),
        (Value::Null, Value::Null),
        (json!([]), Value::Null),
        (json!(two), Value::Null),
        (json!([{ "Key": "AWS:x", "Value": "" }]), Value::Null),
        (json!([{ "Key": "", "Value": "" }]), Value::Null),
        (json!([{ "Key": "a", "Value": "x".repeat(257) }]), Value::Null),
        (json!([{ "Key": "a", "Value": "" }]), json!(["a"])),
        (Value::Null, json!(["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"])),
    ] {
        let refused = tag(&aws, &zone, add.clone(), remove).unwrap_err();
        assert!(refused.starts_with("InvalidInput"), "{add}: {refused}");
    }
    for n in 1..4 {
        tag(&aws, &zone, pairs(10 * n, 10 * n + 10), Value::Null).unwrap();
    }
    tag(&aws, &zone, pairs(40, 50), Value::Null).unwrap();
    assert!(tag(&aws, &zone, pairs(50, 52), Value::Null).unwrap_err().contains("50 tags"));

    let other = aws.zone("b.example", "2", &vpc).await;
    let many =
        |ids: Value| aws.r53_call("ListTagsForResources", json!({ "ResourceType": "hostedzone", "ResourceIds": ids }));
    let sets = many(json!([zone, other])).unwrap();
    assert_eq!(sets["ResourceTagSets"][0]["Tags"].as_array().unwrap().len(), 49);
    assert_eq!(sets["ResourceTagSets"][1]["Tags"], Value::Null);
    assert!(many(json!([zone, "Z0"])).unwrap_err().starts_with("NoSuchHostedZone"));
    assert!(many(json!(vec![&zone; 11])).unwrap_err().starts_with("InvalidInput"));
    assert!(many(json!([])).unwrap_err().starts_with("InvalidInput"));
    assert_eq!(aws.r53("GET", "tags/healthcheck/x").await.code(), "NoSuchHealthCheck");
    assert_eq!(aws.r53("GET", "tags/bucket/x").await.code(), "InvalidInput");
    aws.key = OTHER.to_owned();
    assert!(tag(&aws, &zone, pairs(0, 1), Value::Null).unwrap_err().starts_with("AccessDenied"));
}

/// DOC (Route 53 API permissions): what is done with a VPC needs to see it.
#[tokio::test]
async fn a_role_needs_to_see_the_vpc_as_well() {
    let mut aws = Aws::start(gcnet_sandbox::Options { enforce_policies: true, ..Default::default() }).await;
    let vpc = aws.vpc("10.0.0.0/16").await;
    let iam = async |aws: &Aws, operation: &str, params: &[(&str, &str)]| {
        let reply = aws.query("iam", "2010-05-08", operation, params).await.unwrap();
        assert_eq!(reply.status, 200, "{}", reply.body);
    };
    let trust = format!(
        r#"{{"Statement":[{{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{{"AWS":"arn:aws:iam::{ACCOUNT}:root"}}}}]}}"#
    );
    iam(&aws, "CreateRole", &[("RoleName", "dns"), ("AssumeRolePolicyDocument", &trust)]).await;
    let put = async |aws: &Aws, region: &str, actions: &str| {
        let condition = format!(r#"{{"StringEquals":{{"aws:RequestedRegion":"{region}"}}}}"#);
        let document = format!(
            r#"{{"Statement":[{{"Effect":"Allow","Action":[{actions}],"Resource":"*","Condition":{condition}}}]}}"#
        );
        let params = [("RoleName", "dns"), ("PolicyName", "p"), ("PolicyDocument", document.as_str())];
        iam(aws, "PutRolePolicy", &params).await;
    };
    // The service is global, wherever its client is.
    put(&aws, "us-east-1", "\"route53:*\"").await;
    aws.sandbox.advance(std::time::Duration::from_secs(60));
    let role = format!("arn:aws:iam::{ACCOUNT}:role/dns");
    let session = aws.sts("AssumeRole", &[("RoleArn", &role), ("RoleSessionName", "session")]).await;
    let long_term = aws.key.clone();
    let key = session.one("Credentials.AccessKeyId");
    let token = Some(session.one("Credentials.SessionToken"));
    (aws.key, aws.token) = (key.clone(), token.clone());
    let refused = aws.create_zone("a.example", "1", &super::vpc_xml(&vpc)).await;
    assert_eq!((refused.status, refused.code().as_str()), (403, "AccessDenied"));
    assert!(refused.body.contains("ec2:DescribeVpcs"), "{}", refused.body);
    assert_eq!(aws.r53("GET", "hostedzone").await.status, 200);

    (aws.key, aws.token) = (long_term.clone(), None);
    put(&aws, "us-east-1", "\"route53:Create*\", \"ec2:DescribeVpcs\"").await;
    (aws.key, aws.token) = (key.clone(), token.clone());
    let made = aws.create_zone("a.example", "1", &super::vpc_xml(&vpc)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let zone = made.one("HostedZone.Id").rsplit('/').next().unwrap().to_owned();
    let refused = aws.r53("GET", &format!("hostedzone/{zone}")).await;
    assert!(refused.body.contains(&format!("route53:GetHostedZone on resource: arn:aws:route53:::hostedzone/{zone}")));
    let refused = aws.r53("GET", &format!("hostedzonesbyvpc?vpcid={vpc}&vpcregion={REGION}")).await;
    assert!(refused.body.contains("arn:aws:route53:::hostedzone/*"), "{}", refused.body);

    (aws.key, aws.token) = (long_term, None);
    put(&aws, REGION, "\"route53:*\"").await;
    (aws.key, aws.token) = (key, token);
    assert_eq!(aws.r53("GET", "hostedzone").await.code(), "AccessDenied");
}
