//! Records: batches, what may be in them, and the list.

use gcnet_sandbox::Quotas;
use serde_json::{Value, json};

use super::{SYNCED, alias, simple, start};
use crate::client::{Aws, REGION};

async fn with_zone() -> (Aws, String, String) {
    let aws = start().await;
    let vpc = aws.vpc("10.0.0.0/16").await;
    let zone = aws.zone("city.example", "1", &vpc).await;
    (aws, vpc, zone)
}

/// Name, type and what it says, of all sets.
fn listed(aws: &Aws, zone: &str) -> Vec<String> {
    let answer = aws.r53_call("ListResourceRecordSets", json!({ "HostedZoneId": zone })).unwrap();
    let sets = answer["ResourceRecordSets"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let describe = |set: &Value| {
        let values = set["ResourceRecords"].as_array().into_iter().flatten().map(|record| text(&record["Value"]));
        let target = text(&set["AliasTarget"]["DNSName"]);
        let said = values.chain([target]).filter(|said| !said.is_empty()).collect::<Vec<_>>().join(" ");
        format!("{} {} {said}", text(&set["Name"]), text(&set["Type"]))
    };
    sets.iter().map(describe).filter(|set| !set.contains(" NS ") && !set.contains(" SOA ")).collect()
}

#[tokio::test]
async fn a_batch_is_made_whole_or_not_at_all() {
    let (aws, _, zone) = with_zone().await;
    aws.change(
        &zone,
        json!([
            simple("CREATE", "WWW.city.example", "A", 60, &["10.0.0.1", "10.0.0.2"]),
            simple("UPSERT", "*.city.example.", "CNAME", 60, &["www.city.example"]),
            simple("CREATE", "city.example", "TXT", 0, &["\"v=spf1 -all\""]),
            simple("CREATE", "_sip._tcp.city.example", "SRV", 2_147_483_647, &["0 0 5060 www.city.example"]),
        ]),
    )
    .unwrap();
    let before = [
        "city.example. TXT \"v=spf1 -all\"",
        "\\052.city.example. CNAME www.city.example",
        "_sip._tcp.city.example. SRV 0 0 5060 www.city.example",
        "www.city.example. A 10.0.0.1 10.0.0.2",
    ];
    assert_eq!(listed(&aws, &zone), before);

    let bad = json!([
        simple("DELETE", "www.city.example", "A", 60, &["10.0.0.2", "10.0.0.1"]),
        simple("CREATE", "city.example", "TXT", 60, &["\"other\""]),
        simple("DELETE", "none.city.example", "A", 60, &["10.0.0.1"]),
    ]);
    let refused = aws.change(&zone, bad).unwrap_err();
    assert_eq!(
        refused,
        "InvalidChangeBatch: [Tried to create resource record set [name='city.example.', type='TXT'] but it already \
         exists, Tried to delete resource record set [name='none.city.example.', type='A'] but it was not found]"
    );
    assert_eq!(listed(&aws, &zone), before);

    // A CNAME takes the place of an address within one batch, and an UPSERT says something else.
    aws.change(
        &zone,
        json!([
            simple("DELETE", "www.city.example", "A", 60, &["10.0.0.2", "10.0.0.1"]),
            simple("CREATE", "www.city.example", "CNAME", 60, &["web.example"]),
            simple("UPSERT", "city.example", "TXT", 60, &["\"other\""]),
        ]),
    )
    .unwrap();
    let after = listed(&aws, &zone);
    assert!(after.contains(&"www.city.example. CNAME web.example".to_owned()), "{after:?}");
    assert!(after.contains(&"city.example. TXT \"other\"".to_owned()), "{after:?}");
    let count = aws.r53("GET", &format!("hostedzone/{zone}")).await.one("ResourceRecordSetCount");
    assert_eq!(count, "6");
}

#[tokio::test]
async fn what_cannot_be_in_a_batch_is_said() {
    let (aws, _, zone) = with_zone().await;
    aws.change(
        &zone,
        json!([
            simple("CREATE", "a.city.example", "A", 60, &["10.0.0.1"]),
            simple("CREATE", "c.city.example", "CNAME", 60, &["a.city.example"]),
        ]),
    )
    .unwrap();
    let soa = "ns-1536.awsdns-00.co.uk. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400";
    let delete_ns = simple(
        "DELETE",
        "city.example",
        "NS",
        172_800,
        &["ns-0.awsdns-00.com.", "ns-512.awsdns-00.net.", "ns-1024.awsdns-00.org.", "ns-1536.awsdns-00.co.uk."],
    );
    let twice = ["10.0.0.1", "10.0.0.1"];
    for (changes, said) in [
        (vec![simple("CREATE", "other.example", "A", 60, &["10.0.0.1"])], "is not permitted in zone city.example."),
        (vec![simple("CREATE", "notcity.example", "A", 60, &["10.0.0.1"])], "is not permitted in zone city.example."),
        (vec![simple("UPSERT", "city.example", "CNAME", 60, &["b.example"])], "is not permitted at apex"),
        (vec![simple("CREATE", "a.city.example", "CNAME", 60, &["b.example"])], "conflicts with other records"),
        (vec![simple("CREATE", "c.city.example", "A", 60, &["10.0.0.1"])], "conflicting RRSet of type CNAME"),
        (vec![simple("UPSERT", "c.city.example", "CNAME", 60, &["x.example", "y.example"])], "exactly one value"),
        (vec![simple("CREATE", "b.city.example", "A", 60, &twice)], "Duplicate Resource Record: '10.0.0.1'"),
        (vec![simple("CREATE", "b.city.example", "A", 60, &["10.0.0"])], "ARRDATAIllegalIPv4Address"),
        (vec![simple("CREATE", "b..city.example", "A", 60, &["10.0.0.1"])], "DomainLabelEmpty"),
        (vec![simple("CREATE", "役場.city.example", "A", 60, &["10.0.0.1"])], "UnsupportedCharacter"),
        (vec![simple("DELETE", "a.city.example", "A", 61, &["10.0.0.1"])], "do not match the current values"),
        (vec![simple("DELETE", "a.city.example", "A", 60, &["10.0.0.2"])], "do not match the current values"),
        (vec![simple("DELETE", "a.city.example", "AAAA", 60, &["2001:db8::1"])], "was not found"),
        (vec![simple("DELETE", "city.example", "SOA", 900, &[soa])], "exactly one SOA record"),
        (vec![delete_ns], "at least one NS record"),
        (vec![simple("UPSERT", "city.example", "SOA", 900, &[soa])], "not simulated"),
        (vec![simple("CREATE", "sub.city.example", "NS", 900, &["ns.example"])], "not simulated"),
        (
            vec![
                simple("UPSERT", "b.city.example", "A", 60, &["10.0.0.1"]),
                simple("UPSERT", "b.city.example", "A", 60, &["10.0.0.2"]),
            ],
            "invalid set of changes for a resource record set 'A b.city.example.'",
        ),
        (
            vec![
                simple("DELETE", "a.city.example", "A", 60, &["10.0.0.1"]),
                simple("DELETE", "a.city.example", "A", 60, &["10.0.0.1"]),
            ],
            "invalid set of changes",
        ),
    ] {
        let refused = aws.change(&zone, json!(changes)).unwrap_err();
        assert!(refused.starts_with("InvalidChangeBatch: [") && refused.contains(said), "{changes:?}: {refused}");
    }
    let mut without_ttl = simple("CREATE", "b.city.example", "A", 60, &["10.0.0.1"]);
    without_ttl["ResourceRecordSet"]["TTL"] = Value::Null;
    let mut with_region = simple("CREATE", "b.city.example", "A", 60, &["10.0.0.1"]);
    with_region["ResourceRecordSet"]["Region"] = json!(REGION);
    let mut both = alias("CREATE", "b.city.example", "Z1", "a.example");
    both["ResourceRecordSet"]["TTL"] = json!(60);
    let mut negative = simple("CREATE", "b.city.example", "A", 60, &["10.0.0.1"]);
    negative["ResourceRecordSet"]["TTL"] = json!(-1);
    for changes in [
        json!([without_ttl]),
        json!([with_region]),
        json!([both]),
        json!([negative]),
        json!([]),
        json!([simple("CREATE", "b.city.example", "A", 2_147_483_648, &["10.0.0.1"])]),
        json!([simple("CREATE", "b.city.example", "A", 60, &[])]),
        json!([simple("REPLACE", "b.city.example", "A", 60, &["10.0.0.1"])]),
        json!([simple("CREATE", "b.city.example", "NAPTR", 60, &["x"])]),
        json!([simple("CREATE", "b.city.example", "TXT", 60, &[&"x".repeat(4001)])]),
    ] {
        let refused = aws.change(&zone, changes.clone()).unwrap_err();
        assert!(refused.starts_with("InvalidInput"), "{changes}: {refused}");
    }
    assert_eq!(listed(&aws, &zone).len(), 2);
}

#[tokio::test]
async fn a_batch_has_a_size_and_a_zone_too() {
    let (aws, _, zone) = with_zone().await;
    let addresses = |count: usize| (0..count).map(|n| format!("10.0.{}.{}", n / 250, n % 250)).collect::<Vec<_>>();
    let sets = |action: &str, count: usize| {
        let sets = (0..count).map(|n| {
            let values = addresses(100);
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            simple(action, &format!("n{n}.city.example"), "A", 60, &values)
        });
        sets.collect::<Vec<Value>>()
    };
    aws.change(&zone, json!(sets("UPSERT", 5))).unwrap();
    let refused = aws.change(&zone, json!(sets("UPSERT", 6))).unwrap_err();
    assert!(refused.contains("Number of records limit of 1000 exceeded"), "{refused}");
    assert!(aws.change(&zone, json!(sets("CREATE", 11))).unwrap_err().contains("Number of records limit"));
    let long = format!("\"{}\"", "x".repeat(250));
    let texts: Vec<Value> =
        (0..130).map(|n| simple("CREATE", &format!("t{n}.city.example"), "TXT", 60, &[&long])).collect();
    assert!(aws.change(&zone, json!(texts)).unwrap_err().contains("Number of characters limit of 32000 exceeded"));
    let many = addresses(401);
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let refused = aws.change(&zone, json!([simple("CREATE", "m.city.example", "A", 60, &many)])).unwrap_err();
    assert!(refused.contains("400"), "{refused}");

    aws.sandbox.set_quotas(Quotas { records_per_hosted_zone: 8, ..Quotas::default() });
    aws.change(&zone, json!([simple("CREATE", "x.city.example", "A", 60, &["10.0.0.1"])])).unwrap();
    let refused = aws.change(&zone, json!([simple("CREATE", "y.city.example", "A", 60, &["10.0.0.1"])])).unwrap_err();
    assert!(refused.contains("MAX_RRSETS_BY_ZONE"), "{refused}");
}

#[tokio::test]
async fn an_alias_points_at_an_endpoint_or_within_the_zone() {
    let (aws, vpc, zone) = with_zone().await;
    aws.call("ModifyVpcAttribute", format!("VpcId={vpc} EnableDnsHostnames.Value=true")).await;
    let subnet = aws.subnet(&vpc, "10.0.0.0/24").await;
    let params = format!(
        "VpcEndpointType=Interface VpcId={vpc} ServiceName=com.amazonaws.{REGION}.kms SubnetId.1={subnet} \
         PrivateDnsEnabled=false"
    );
    let made = aws.call("CreateVpcEndpoint", params).await;
    let (name, its_zone) = (made.one("dnsEntrySet.item.dnsName"), made.one("dnsEntrySet.item.hostedZoneId"));
    aws.change(
        &zone,
        json!([
            simple("CREATE", "a.city.example", "A", 60, &["10.0.0.1"]),
            alias("CREATE", "kms.city.example", &its_zone, &name.to_uppercase()),
            alias("CREATE", "city.example", &zone, "a.city.example"),
        ]),
    )
    .unwrap();
    let target = format!("kms.city.example. A {name}.");
    assert!(listed(&aws, &zone).contains(&target), "{:?}", listed(&aws, &zone));
    for (change, said) in [
        (alias("CREATE", "b.city.example", "Z2E726K9Y6RL4X", &name), "but that target was not found"),
        (alias("CREATE", "b.city.example", &its_zone, "vpce-0.example"), "but that target was not found"),
        (alias("CREATE", "b.city.example", &zone, "none.city.example"), "but that target was not found"),
        (alias("CREATE", "b.city.example", &zone, "b.city.example"), "but that target was not found"),
        (alias("CREATE", "b.city.example", &zone, &name), "does not lie within the target zone"),
    ] {
        let refused = aws.change(&zone, json!([change])).unwrap_err();
        assert!(refused.contains(said), "{change}: {refused}");
    }
    let unmatched = alias("DELETE", "kms.city.example", &its_zone, "other.example");
    assert!(aws.change(&zone, json!([unmatched])).unwrap_err().contains("do not match"));
    aws.change(&zone, json!([alias("DELETE", "kms.city.example", &its_zone, &name)])).unwrap();
}

#[tokio::test]
async fn weighted_sets_are_told_apart_by_their_identifier() {
    let (aws, _, zone) = with_zone().await;
    let weighted = |action: &str, identifier: &str, weight: u32| {
        let mut change = simple(action, "w.city.example", "A", 60, &["10.0.0.1"]);
        change["ResourceRecordSet"]["SetIdentifier"] = json!(identifier);
        change["ResourceRecordSet"]["Weight"] = json!(weight);
        change
    };
    aws.change(&zone, json!([weighted("CREATE", "one", 1), weighted("CREATE", "two", 255)])).unwrap();
    let plain = simple("CREATE", "w.city.example", "A", 60, &["10.0.0.1"]);
    assert!(aws.change(&zone, json!([plain])).unwrap_err().contains("other RRSets exist"));
    assert!(aws.change(&zone, json!([weighted("DELETE", "one", 2)])).unwrap_err().contains("do not match"));
    assert!(aws.change(&zone, json!([weighted("CREATE", "x", 256)])).unwrap_err().starts_with("InvalidInput"));
    let mut nameless = weighted("CREATE", "x", 1);
    nameless["ResourceRecordSet"]["SetIdentifier"] = Value::Null;
    assert!(aws.change(&zone, json!([nameless])).unwrap_err().starts_with("InvalidInput"));

    let page = json!({ "HostedZoneId": zone, "StartRecordName": "w.city.example", "MaxItems": "1" });
    let first = aws.r53_call("ListResourceRecordSets", page).unwrap();
    assert_eq!(first["ResourceRecordSets"][0]["SetIdentifier"], "one");
    assert_eq!(first["NextRecordIdentifier"], "two");
    let page = json!({
        "HostedZoneId": zone,
        "StartRecordName": first["NextRecordName"],
        "StartRecordType": first["NextRecordType"],
        "StartRecordIdentifier": first["NextRecordIdentifier"],
    });
    let second = aws.r53_call("ListResourceRecordSets", page).unwrap();
    assert_eq!(second["ResourceRecordSets"][0]["Weight"], "255");
    assert_eq!(second["ResourceRecordSets"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_list_has_pages_of_300() {
    let (aws, _, zone) = with_zone().await;
    let sets = |range: std::ops::Range<u32>| {
        range
            .map(|n| simple("CREATE", &format!("n{n:03}.city.example"), "A", 60, &["10.0.0.1"]))
            .collect::<Vec<Value>>()
    };
    aws.change(&zone, json!(sets(0..310))).unwrap();
    let path = format!("hostedzone/{zone}/rrset");
    let first = aws.r53("GET", &format!("{path}?maxitems=1000")).await;
    assert_eq!(first.all("ResourceRecordSet.Name").len(), 300);
    assert_eq!(first.one("MaxItems"), "300");
    // The two of AWS come first.
    assert_eq!(first.all("ResourceRecordSet.Type")[..3], ["NS", "SOA", "A"]);
    assert_eq!(
        (first.one("NextRecordName").as_str(), first.one("NextRecordType").as_str()),
        ("n298.city.example.", "A")
    );
    let rest = aws.r53("GET", &format!("{path}/?name=n298.city.example&type=A")).await;
    assert_eq!(rest.all("ResourceRecordSet.Name").len(), 12);
    assert_eq!(rest.one("IsTruncated"), "false");
    let after = aws.r53("GET", &format!("{path}?name=n3085.city.example&maxitems=1")).await;
    assert_eq!(after.all("ResourceRecordSet.Name"), ["n309.city.example."]);
    for query in ["type=A", "identifier=x", "name=a.city.example&identifier=x", "name=a..b", "maxitems=x", "colour=red"]
    {
        assert_eq!(aws.r53("GET", &format!("{path}?{query}")).await.code(), "InvalidInput", "{query}");
    }
}

#[tokio::test]
async fn a_document_must_be_as_the_api_says() {
    let (aws, _, zone) = with_zone().await;
    let path = format!("/2013-04-01/hostedzone/{zone}/rrset/");
    let set = "<Action>CREATE</Action><ResourceRecordSet><Name>a.city.example</Name><Type>A</Type><TTL>60</TTL>\
               <ResourceRecords><ResourceRecord><Value>10.0.0.1</Value></ResourceRecord></ResourceRecords>\
               </ResourceRecordSet>";
    let root = "ChangeResourceRecordSetsRequest";
    let document = |batch: &str| format!("<{root} xmlns=\"{}\">{batch}</{root}>", super::NAMESPACE);
    let good = document(&format!("<ChangeBatch><Changes><Change>{set}</Change></Changes></ChangeBatch>"));
    for bad in [
        String::new(),
        "{}".to_owned(),
        good.replace(super::NAMESPACE, "urn:other"),
        good.replace(root, "ChangeRequest"),
        good.replace("<TTL>", "<Colour>red</Colour><TTL>"),
        good.replace("<Changes>", "<Changes><Colour/>"),
        good.replace("</ChangeBatch>", "</ChangeBatch><ChangeBatch/>"),
        good.replace("60", "sixty"),
        good.replace("</Change>", ""),
        good.replace("<ChangeBatch>", "<ChangeBatch a=\"b\">"),
        format!("<!DOCTYPE a [<!ENTITY b \"c\">]>{good}"),
        good.replace("10.0.0.1", "&b;"),
        "<a>".repeat(100_000),
    ] {
        let reply = aws.rest("route53", "POST", &path, &bad).await;
        assert_eq!((reply.status, reply.code().as_str()), (400, "InvalidInput"), "{bad}");
    }
    let reply = aws.rest("route53", "GET", &path, &good).await;
    assert_eq!(reply.code(), "InvalidInput", "a read takes no document");
    assert_eq!(aws.rest("route53", "POST", &path, &good).await.status, 200);
    aws.sandbox.advance(SYNCED);
    assert_eq!(listed(&aws, &zone), ["a.city.example. A 10.0.0.1"]);
}
