//! Zones: names, references, states, lists.

use std::time::Duration;

use gcnet_sandbox::{ClockMode, Options, Quotas};
use serde_json::json;

use super::{SYNCED, start, vpc_xml};
use crate::client::{ACCOUNT, Aws, OTHER, REGION};

#[tokio::test]
async fn a_zone_is_made_with_one_vpc_and_read_again() {
    let aws = start().await;
    let vpc = aws.vpc("10.0.0.0/16").await;
    let config =
        "<HostedZoneConfig><Comment>戸籍 &amp; 附票</Comment><PrivateZone>true</PrivateZone></HostedZoneConfig>";
    let made = aws.create_zone("City.Example", "gcnet/a/1", &format!("{}{config}", vpc_xml(&vpc))).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let id = made.one("HostedZone.Id").strip_prefix("/hostedzone/").unwrap().to_owned();
    assert!(id.starts_with('Z') && id.len() == 21, "{id}");
    assert_eq!(made.one("HostedZone.Name"), "city.example.");
    assert_eq!(made.one("ChangeInfo.Status"), "PENDING");
    assert_eq!(made.all("NameServers.NameServer").len(), 4);
    assert_eq!(made.one("CreateHostedZoneResponse.VPC.VPCId"), vpc);

    // The caller's reference alone says who made it, as tags come later.
    let listed = aws.r53("GET", "hostedzone?hostedzonetype=PrivateHostedZone").await;
    assert_eq!(listed.all("HostedZone.CallerReference"), ["gcnet/a/1"]);
    assert_eq!(listed.all("Config.Comment"), ["戸籍 & 附票"]);
    assert_eq!(listed.one("HostedZone.ResourceRecordSetCount"), "2");
    assert!(listed.all("VPCId").is_empty());
    let seen = aws.r53("GET", &format!("hostedzone/{id}")).await;
    assert_eq!(seen.all("VPCs.VPC.VPCId"), [vpc.as_str()]);
    assert_eq!(seen.all("VPCs.VPC.VPCRegion"), [REGION]);
    assert_eq!(aws.r53("GET", "hostedzonecount").await.one("HostedZoneCount"), "1");

    let change = made.one("ChangeInfo.Id").strip_prefix("/change/").unwrap().to_owned();
    assert_eq!(aws.r53("GET", &format!("change/{change}")).await.one("ChangeInfo.Status"), "PENDING");
    aws.sandbox.advance(SYNCED);
    assert_eq!(aws.r53("GET", &format!("change/{change}")).await.one("ChangeInfo.Status"), "INSYNC");
    assert_eq!(aws.r53("GET", "change/C0").await.code(), "NoSuchChange");
    let everything = aws.sandbox.everything(ACCOUNT);
    assert!(everything.iter().any(|one| one.kind == "hostedzone" && one.id == id && one.region.is_empty()));
}

#[tokio::test]
async fn what_cannot_be_a_zone_is_refused() {
    let mut aws = start().await;
    let vpc = aws.vpc("10.0.0.0/16").await;
    let our = vpc_xml(&vpc);
    aws.zone("a.example", "used", &vpc).await;
    let private = |value: bool| format!("<HostedZoneConfig><PrivateZone>{value}</PrivateZone></HostedZoneConfig>");
    let far = our.replace(REGION, "us-east-1");
    let half = format!("<VPC><VPCId>{vpc}</VPCId></VPC>");
    for (name, reference, more, status, code) in [
        ("b.example", "used", our.as_str(), 409, "HostedZoneAlreadyExists"),
        ("A.Example.", "2", our.as_str(), 400, "ConflictingDomainExists"),
        ("b.example", "2", &vpc_xml("vpc-0123456789abcdef0"), 400, "InvalidVPCId"),
        ("example", "2", our.as_str(), 400, "InvalidDomainName"),
        ("b..example", "2", our.as_str(), 400, "InvalidDomainName"),
        ("市.example", "2", our.as_str(), 400, "InvalidDomainName"),
        ("", "2", our.as_str(), 400, "InvalidDomainName"),
        ("b.example", "", our.as_str(), 400, "InvalidInput"),
        ("b.example", &"r".repeat(129), our.as_str(), 400, "InvalidInput"),
        ("b.example", "2", far.as_str(), 400, "InvalidInput"),
        ("b.example", "2", half.as_str(), 400, "InvalidInput"),
        ("b.example", "2", &private(true), 400, "InvalidInput"),
        ("b.example", "2", &format!("{our}{}", private(false)), 400, "InvalidInput"),
        ("b.example", "2", &format!("{our}<DelegationSetId>N1</DelegationSetId>"), 400, "InvalidInput"),
        ("b.example", "2", &format!("{our}{our}"), 400, "InvalidInput"),
    ] {
        let reply = aws.create_zone(name, reference, more).await;
        assert_eq!((reply.status, reply.code().as_str()), (status, code), "{name} {reference}: {}", reply.body);
        assert_eq!(reply.one("Error.Type"), "Sender");
        assert_eq!(reply.one("ErrorResponse.RequestId").len(), 36);
    }
    // A parent's and a child's zone may be seen by one VPC.
    aws.zone("sub.a.example", "3", &vpc).await;
    // Nor may another's VPC be used.
    aws.key = OTHER.to_owned();
    assert_eq!(aws.create_zone("b.example", "used", &our).await.code(), "InvalidVPCId");
    let own = aws.vpc("10.0.0.0/16").await;
    aws.zone("a.example", "used", &own).await;
    aws.sandbox.set_quotas(Quotas { hosted_zones: 1, ..Quotas::default() });
    assert_eq!(aws.create_zone("b.example", "9", &vpc_xml(&own)).await.code(), "TooManyHostedZones");
}

#[tokio::test]
async fn a_zone_goes_when_it_is_empty_and_its_reference_stays_used() {
    let mut aws = start().await;
    let vpc = aws.vpc("10.0.0.0/16").await;
    let zone = aws.zone("a.example", "1", &vpc).await;
    let path = format!("hostedzone/{zone}");
    aws.change(&zone, json!([super::simple("CREATE", "www.a.example", "A", 60, &["10.0.0.1"])])).unwrap();
    assert_eq!(aws.r53("DELETE", &path).await.code(), "HostedZoneNotEmpty");
    // The VPC cannot go while a zone would keep its id.
    aws.refuses(&[("DeleteVpc", format!("VpcId={vpc}"), "DependencyViolation")]).await;
    aws.key = OTHER.to_owned();
    for (method, status, code) in [("GET", 403, "AccessDenied"), ("DELETE", 403, "AccessDenied")] {
        let reply = aws.r53(method, &path).await;
        assert_eq!((reply.status, reply.code().as_str()), (status, code));
    }
    aws.key = ACCOUNT.to_owned();
    aws.change(&zone, json!([super::simple("DELETE", "www.a.example", "A", 60, &["10.0.0.1"])])).unwrap();
    let deleted = aws.r53("DELETE", &path).await;
    assert_eq!(deleted.one("ChangeInfo.Status"), "PENDING");
    let change = deleted.one("ChangeInfo.Id").rsplit('/').next().unwrap().to_owned();
    assert_eq!(aws.r53("GET", &format!("change/{change}")).await.status, 200);
    let gone = aws.r53("GET", &path).await;
    assert_eq!((gone.status, gone.code().as_str()), (404, "NoSuchHostedZone"));
    assert_eq!(aws.r53("DELETE", &path).await.code(), "NoSuchHostedZone");
    assert_eq!(aws.create_zone("a.example", "1", &vpc_xml(&vpc)).await.code(), "HostedZoneAlreadyExists");
    aws.call("DeleteVpc", format!("VpcId={vpc}")).await;
}

#[tokio::test]
async fn one_change_of_a_zone_at_a_time() {
    let aws = start().await;
    let vpc = aws.vpc("10.0.0.0/16").await;
    let made = aws.create_zone("a.example", "1", &vpc_xml(&vpc)).await;
    let zone = made.one("HostedZone.Id").rsplit('/').next().unwrap().to_owned();
    let path = format!("hostedzone/{zone}");
    let comment = async || aws.r53_post(&path, "UpdateHostedZoneCommentRequest", "<Comment>new</Comment>").await;
    assert_eq!(comment().await.code(), "PriorRequestNotComplete");
    assert_eq!(aws.r53("DELETE", &path).await.code(), "PriorRequestNotComplete");
    assert_eq!(aws.on_vpc(&zone, "associatevpc", &vpc).await.code(), "PriorRequestNotComplete");
    let tag = "<AddTags><Tag><Key>a</Key></Tag></AddTags>";
    let tagged = aws.r53_post(&format!("tags/hostedzone/{zone}"), "ChangeTagsForResourceRequest", tag).await;
    assert_eq!(tagged.code(), "PriorRequestNotComplete");
    let batch = json!({ "Changes": [super::simple("CREATE", "www.a.example", "A", 60, &["10.0.0.1"])] });
    let input = json!({ "HostedZoneId": zone, "ChangeBatch": batch });
    let refused = aws.r53_call("ChangeResourceRecordSets", input).unwrap_err();
    assert!(refused.starts_with("PriorRequestNotComplete"), "{refused}");
    aws.sandbox.advance(SYNCED);
    assert_eq!(comment().await.one("Config.Comment"), "new");
    let without = aws.r53_post(&path, "UpdateHostedZoneCommentRequest", "").await;
    assert!(without.all("Config.Comment").is_empty(), "{}", without.body);
}

#[tokio::test]
async fn lists_have_pages() {
    let mut aws = start().await;
    let vpc = aws.vpc("10.0.0.0/16").await;
    for (n, name) in ["www.b.example", "a.example", "c.a.example"].into_iter().enumerate() {
        aws.zone(name, &n.to_string(), &vpc).await;
    }
    let mut found = Vec::new();
    let mut path = "hostedzone?maxitems=2".to_owned();
    loop {
        let page = aws.r53("GET", &path).await;
        assert_eq!(page.one("MaxItems"), "2");
        found.extend(page.all("HostedZone.Id"));
        match page.one("IsTruncated").as_str() {
            "true" => path = format!("hostedzone?maxitems=2&marker={}", page.one("NextMarker")),
            _ => break,
        }
    }
    assert_eq!(found.len(), 3);
    let mut sorted = found.clone();
    sorted.sort();
    assert_eq!(found, sorted);

    let all = aws.r53("GET", "hostedzonesbyname").await;
    assert_eq!(all.all("HostedZone.Name"), ["a.example.", "c.a.example.", "www.b.example."]);
    let first = aws.r53("GET", "hostedzonesbyname?dnsname=C.a.example&maxitems=1").await;
    assert_eq!(first.all("HostedZone.Name"), ["c.a.example."]);
    assert_eq!(first.one("NextDNSName"), "www.b.example.");
    let (name, id) = (first.one("NextDNSName"), first.one("NextHostedZoneId"));
    let next = aws.r53("GET", &format!("hostedzonesbyname?dnsname={name}&hostedzoneid={id}")).await;
    assert_eq!(next.all("HostedZone.Name"), ["www.b.example."]);
    assert_eq!(next.one("IsTruncated"), "false");

    let by_vpc = format!("hostedzonesbyvpc?vpcid={vpc}&vpcregion={REGION}");
    let first = aws.r53("GET", &format!("{by_vpc}&maxitems=2")).await;
    assert_eq!(first.all("HostedZoneSummary.HostedZoneId").len(), 2);
    let rest = aws.r53("GET", &format!("{by_vpc}&nexttoken={}", first.one("NextToken"))).await;
    assert_eq!(rest.all("HostedZoneSummary.Name").len(), 1);
    assert_eq!(rest.all("Owner.OwningAccount"), [ACCOUNT]);

    for (path, code) in [
        ("hostedzone?maxitems=0".to_owned(), "InvalidInput"),
        ("hostedzone?hostedzonetype=Public".to_owned(), "InvalidInput"),
        ("hostedzone?delegationsetid=N1".to_owned(), "InvalidInput"),
        ("hostedzonesbyname?dnsname=a..b".to_owned(), "InvalidDomainName"),
        (format!("hostedzonesbyvpc?vpcid={vpc}"), "InvalidInput"),
        (format!("{by_vpc}&nexttoken=x"), "InvalidPaginationToken"),
        ("hostedzones".to_owned(), "InvalidAction"),
    ] {
        assert_eq!(aws.r53("GET", &path).await.code(), code, "{path}");
    }
    aws.key = OTHER.to_owned();
    let denied = aws.r53("GET", &by_vpc).await;
    assert_eq!(denied.code(), "AccessDenied");
    assert!(denied.body.contains("is not owned by you"));
    assert!(aws.r53("GET", "hostedzone").await.all("HostedZone.Id").is_empty());
}

/// What an AWS account of another company holds is rebuilt under the id that the file knows.
#[tokio::test]
async fn a_zone_has_the_id_that_a_request_wishes_for() {
    let aws = start().await;
    let vpc = aws.vpc("10.0.0.0/16").await;
    let input = |reference: &str| {
        let vpc = json!({ "VPCId": vpc, "VPCRegion": REGION });
        json!({ "Name": format!("{reference}.example"), "CallerReference": reference, "VPC": vpc })
    };
    let wished = "Z0A1SHARED00000000001";
    let made = aws.r53_wish("CreateHostedZone", input("a"), Some(wished)).unwrap();
    assert_eq!(made["HostedZone"]["Id"], format!("/hostedzone/{wished}"));
    let again = aws.r53_wish("CreateHostedZone", input("b"), Some(wished)).unwrap_err();
    assert!(again.starts_with("SandboxIdTaken"), "{again}");
    let stray = aws.r53_wish("CreateHostedZone", input("b"), Some("vpc-a1000000000000001")).unwrap_err();
    assert!(stray.starts_with("InvalidSandboxId"), "{stray}");
    let listed = aws.r53_call("ListHostedZones", json!({ "HostedZoneType": "PrivateHostedZone" })).unwrap();
    assert_eq!(listed["HostedZones"].as_array().unwrap().len(), 1);
    let got = aws.r53_call("GetHostedZone", json!({ "Id": made["HostedZone"]["Id"] })).unwrap();
    assert_eq!(got["VPCs"][0]["VPCId"], vpc.as_str());
}

#[tokio::test]
async fn zones_are_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let options = || Options {
        file: Some(folder.path().join("sandbox.json")),
        clock: ClockMode::Stepped(Duration::ZERO),
        ..Options::default()
    };
    let aws = Aws::start(options()).await;
    let vpc = aws.vpc("10.0.0.0/16").await;
    let zone = aws.zone("a.example", "1", &vpc).await;
    let changes = json!([
        super::simple("CREATE", "*.a.example", "AAAA", 60, &["2001:db8::1"]),
        super::alias("CREATE", "b.a.example", &zone, "c.a.example"),
        super::simple("CREATE", "c.a.example", "A", 60, &["10.0.0.1"]),
    ]);
    aws.change(&zone, changes).unwrap();
    let read = async |aws: &Aws| {
        let zone_now = aws.r53("GET", &format!("hostedzone/{zone}")).await.body;
        [zone_now, aws.r53("GET", &format!("hostedzone/{zone}/rrset")).await.body]
    };
    let before = read(&aws).await;
    aws.sandbox.stop().await;
    let aws = Aws::start(options()).await;
    assert_eq!(read(&aws).await, before);
    assert_eq!(aws.create_zone("b.example", "1", &vpc_xml(&vpc)).await.code(), "HostedZoneAlreadyExists");
}
