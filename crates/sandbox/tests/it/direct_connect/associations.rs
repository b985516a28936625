//! Associations of an account's own gateways, and what they are on the transit gateway's side.

use gcnet_sandbox::{AnnounceError, ApiCall, Options, Quotas};
use ipnet::Ipv4Net;
use serde_json::json;

use super::{associate, association, cidrs, dx, gateway};
use crate::client::{ACCOUNT, Aws, OTHER};
use crate::transit_gateway::stepped;

const OURS: &[&str] = &["10.210.1.0/24"];

#[tokio::test]
async fn an_association_makes_an_attachment_that_routes() {
    let aws = Aws::start(stepped()).await;
    let transit = aws.gateway("Options.AmazonSideAsn=64700").await;
    let table = aws.gateway_table(&transit).await;
    let line = gateway(&aws, ACCOUNT, 64512);
    let id = associate(&aws, ACCOUNT, &line, &transit, OURS).unwrap();
    let seen = association(&aws, ACCOUNT, &id);
    assert_eq!(seen["associationState"], "associating");
    assert_eq!(seen["allowedPrefixesToDirectConnectGateway"], cidrs(OURS));
    assert_eq!(seen["associatedGateway"]["type"], "transitGateway");
    let (attachment, state) = aws.line(&transit).await.unwrap();
    assert_eq!(state, "pending");
    let both = format!("TransitGatewayRouteTableId={table} TransitGatewayAttachmentId={attachment}");
    aws.refuses(&[("EnableTransitGatewayRouteTablePropagation", both.clone(), "IncorrectState")]).await;

    aws.wait(600);
    assert_eq!(association(&aws, ACCOUNT, &id)["associationState"], "associated");
    assert_eq!(aws.line(&transit).await.unwrap().1, "available");
    aws.call("CreateTags", format!("ResourceId.1={attachment} Tag.1.Key=Name Tag.1.Value=line")).await;
    let default = format!("TransitGatewayAttachmentIds.1={attachment}");
    let default = aws.call("DescribeTransitGatewayAttachments", default).await;
    assert_eq!(default.one("tagSet.item.value"), "line");
    aws.call("EnableTransitGatewayRouteTablePropagation", both).await;
    aws.wait(10);

    let search = format!("TransitGatewayRouteTableId={table} Filter.1.Name=type Filter.1.Value.1=propagated");
    let learned = async || aws.call("SearchTransitGatewayRoutes", &search).await.all("item.destinationCidrBlock");
    assert!(learned().await.is_empty(), "no router announces anything by itself");
    let blocks: Vec<Ipv4Net> = ["192.168.0.0/24", "172.16.0.0/12", "10.0.0.4/30"].map(|it| it.parse().unwrap()).into();
    aws.sandbox.announce(&line, &blocks).unwrap();
    assert_eq!(learned().await, ["172.16.0.0/12", "192.168.0.0/24"]);
    let found = aws.call("SearchTransitGatewayRoutes", &search).await;
    assert_eq!((found.one("item.resourceType"), found.one("item.resourceId")), ("direct-connect-gateway".into(), line));

    aws.refuses(&[("DeleteTransitGateway", format!("TransitGatewayId={transit}"), "IncorrectState")]).await;
    let ended = dx(&aws, ACCOUNT, "DeleteDirectConnectGatewayAssociation", json!({ "associationId": id })).unwrap();
    assert_eq!(ended["directConnectGatewayAssociation"]["associationState"], "disassociating");
    assert_eq!(aws.line(&transit).await.unwrap().1, "deleting");
    let again = dx(&aws, ACCOUNT, "DeleteDirectConnectGatewayAssociation", json!({ "associationId": id }));
    assert!(again.is_err());
    aws.wait(600);
    // Both are listed for a while.
    assert_eq!(association(&aws, ACCOUNT, &id)["associationState"], "disassociated");
    assert_eq!(aws.line(&transit).await.unwrap().1, "deleted");
    assert!(learned().await.is_empty());
    aws.call("DeleteTransitGateway", format!("TransitGatewayId={transit}")).await;
    aws.wait(3600);
    assert!(association(&aws, ACCOUNT, &id).is_null());
    assert_eq!(aws.line(&transit).await, None);
    let left: Vec<String> = aws.sandbox.everything(ACCOUNT).into_iter().map(|it| it.kind).collect();
    assert_eq!(left, ["dx-gateway"]);
}

#[tokio::test]
async fn prefixes_are_changed_by_adding_and_removing() {
    let aws = Aws::start(stepped()).await;
    let transit = aws.gateway("Options.AmazonSideAsn=64700").await;
    let line = gateway(&aws, ACCOUNT, 64512);
    let id = associate(&aws, ACCOUNT, &line, &transit, OURS).unwrap();
    let change = |add: &[&str], remove: &[&str]| {
        let input = json!({
            "associationId": id,
            "addAllowedPrefixesToDirectConnectGateway": cidrs(add),
            "removeAllowedPrefixesToDirectConnectGateway": cidrs(remove),
        });
        dx(&aws, ACCOUNT, "UpdateDirectConnectGatewayAssociation", input)
    };
    assert!(change(&["10.0.0.0/8"], &[]).unwrap_err().contains("associating"));
    aws.wait(600);
    let changed = change(&["10.210.2.0/24", "10.210.3.0/24"], OURS).unwrap()["directConnectGatewayAssociation"].clone();
    assert_eq!(changed["associationState"], "updating");
    assert_eq!(changed["allowedPrefixesToDirectConnectGateway"], cidrs(&["10.210.2.0/24", "10.210.3.0/24"]));
    assert!(change(&["10.0.0.0/8"], &[]).is_err());
    aws.wait(600);
    assert!(change(&[], &[]).is_err());
    assert!(change(&[], OURS).is_err(), "it is not allowed any more");
    assert!(change(&[], &["10.210.2.0/24", "10.210.3.0/24"]).is_err(), "none would be left");
    assert!(change(&["10.210.2.1/24"], &[]).is_err());
    let theirs = json!({ "associationId": id, "addAllowedPrefixesToDirectConnectGateway": cidrs(OURS) });
    let error = dx(&aws, OTHER, "UpdateDirectConnectGatewayAssociation", theirs).unwrap_err();
    assert!(error.contains("does not exist"), "{error}");
}

#[tokio::test]
async fn what_aws_refuses_is_refused() {
    let quotas = Quotas { transit_gateways_per_direct_connect_gateway: 1, allowed_prefixes: 2, ..Quotas::default() };
    let mut aws = Aws::start(Options { quotas, ..stepped() }).await;
    let transit = aws.gateway("Options.AmazonSideAsn=64700").await;
    let second = aws.gateway("Options.AmazonSideAsn=64701").await;
    let line = gateway(&aws, ACCOUNT, 64512);
    let same = gateway(&aws, ACCOUNT, 64700);
    aws.key = OTHER.to_owned();
    let foreign = aws.gateway("").await;
    aws.key = ACCOUNT.to_owned();
    let none = "5f294f92-bafb-4011-916d-9b0b00000000";
    for (gateway, to, blocks, why) in [
        (&line, &transit, &[][..], "required"),
        (&line, &transit, &["10.0.0.0/33"], "CIDR"),
        (&line, &transit, &["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"], "limit"),
        (&same, &transit, OURS, "ASN"),
        (&line, &foreign, OURS, "does not exist"),
        (&line, &"tgw-0123456789abcdef0".to_owned(), OURS, "does not exist"),
        (&none.to_owned(), &transit, OURS, "does not exist"),
    ] {
        let error = associate(&aws, ACCOUNT, gateway, to, blocks).unwrap_err();
        assert!(error.contains(why), "{error}");
    }
    associate(&aws, ACCOUNT, &line, &transit, OURS).unwrap();
    assert!(associate(&aws, ACCOUNT, &line, &transit, OURS).unwrap_err().contains("already"));
    assert!(associate(&aws, ACCOUNT, &line, &second, &["10.9.0.0/16"]).unwrap_err().contains("limit"));
    aws.sandbox.set_quotas(Quotas::default());
    assert!(associate(&aws, ACCOUNT, &line, &second, &["10.0.0.0/8"]).unwrap_err().contains("overlaps"));
    associate(&aws, ACCOUNT, &line, &second, &["10.9.0.0/16"]).unwrap();
    let held = dx(&aws, ACCOUNT, "DeleteDirectConnectGateway", json!({ "directConnectGatewayId": line }));
    assert!(held.unwrap_err().contains("associations"));
    assert!(dx(&aws, ACCOUNT, "DescribeDirectConnectGatewayAssociations", json!({})).is_err());
}

#[tokio::test]
async fn only_what_a_router_can_say_is_announced() {
    let aws = Aws::start(stepped()).await;
    let line = gateway(&aws, ACCOUNT, 64512);
    let many: Vec<Ipv4Net> = (0..101).map(|n| format!("10.{n}.0.0/16").parse().unwrap()).collect();
    assert!(matches!(aws.sandbox.announce(&line, &many), Err(AnnounceError::TooMany { given: 101, most: 100 })));
    assert!(matches!(aws.sandbox.announce("none", &many[..1]), Err(AnnounceError::NoGateway(_))));
    let crooked: Ipv4Net = "10.0.0.1/24".parse().unwrap();
    assert!(matches!(aws.sandbox.announce(&line, &[crooked]), Err(AnnounceError::HostBits(_))));

    let json = [("Content-Type".to_owned(), "application/json".to_owned())];
    let body = json!({ "gateway": line, "cidrs": ["10.1.0.0/16"] }).to_string();
    assert_eq!(aws.send("PUT", "/_sandbox/announce", &json, body.as_bytes()).await.unwrap().status, 200);
    let body = body.replace("/16", "/8");
    assert_eq!(aws.send("PUT", "/_sandbox/announce", &json, body.as_bytes()).await.unwrap().status, 400);
}

#[tokio::test]
async fn a_transit_gateway_has_so_many_lines_and_an_asn_of_its_own() {
    let mut aws = Aws::start(stepped()).await;
    let transit = aws.gateway("Options.AmazonSideAsn=64700").await;
    let line = gateway(&aws, ACCOUNT, 64512);
    associate(&aws, ACCOUNT, &line, &transit, OURS).unwrap();
    aws.sandbox.set_quotas(Quotas { direct_connect_gateways_per_transit_gateway: 1, ..Quotas::default() });
    let second = gateway(&aws, ACCOUNT, 64513);
    assert!(associate(&aws, ACCOUNT, &second, &transit, OURS).unwrap_err().contains("limit"));
    aws.sandbox.set_quotas(Quotas::default());
    associate(&aws, ACCOUNT, &second, &transit, OURS).unwrap();

    // In the other Region: a transit gateway of the first one's ASN is refused, and an own one is not.
    aws.region = "ap-northeast-3".to_owned();
    for (asn, refused) in [(64700, true), (64701, false)] {
        let far = aws.gateway(&format!("Options.AmazonSideAsn={asn}")).await;
        let made = aws.sandbox.call(&ApiCall {
            account: ACCOUNT.to_owned(),
            region: aws.region.clone(),
            service: "directconnect".to_owned(),
            operation: "CreateDirectConnectGatewayAssociation".to_owned(),
            input: json!({
                "directConnectGatewayId": line,
                "gatewayId": far,
                "addAllowedPrefixesToDirectConnectGateway": cidrs(&["10.220.0.0/16"]),
            }),
            id: None,
        });
        assert_eq!(made.is_err(), refused, "{asn}: {made:?}");
        if let Err(error) = made {
            assert!(error.message.contains("ASN"), "{error}");
        }
    }
}
