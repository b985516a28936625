//! Static and propagated routes, and the search for them.

use gcnet_sandbox::{Options, Quotas};

use super::{CLOSED, stepped};
use crate::client::Aws;

const SEARCH: &str = "SearchTransitGatewayRoutes";

/// What a search finds: destination, type, state.
async fn search(aws: &Aws, table: &str, filters: &[(&str, &str)]) -> Vec<[String; 3]> {
    let mut params = format!("TransitGatewayRouteTableId={table}");
    for (n, (name, value)) in filters.iter().enumerate() {
        params.push_str(&format!(" Filter.{}.Name={name} Filter.{}.Value.1={value}", n + 1, n + 1));
    }
    let found = aws.call(SEARCH, params).await;
    let column = |name: &str| found.all(&format!("routeSet.item.{name}"));
    let rows = column("destinationCidrBlock").into_iter().zip(column("type")).zip(column("state"));
    rows.map(|((to, kind), state)| [to, kind, state]).collect()
}

const ALL: &[(&str, &str)] = &[("type", "static")];

#[tokio::test]
async fn a_static_route_lives_and_dies() {
    let aws = Aws::start(stepped()).await;
    let gateway = aws.gateway(CLOSED).await;
    let (vpc, [subnet, _]) = aws.vpc_with_subnets(1).await;
    let id = aws.attachment(&gateway, &vpc, &subnet).await;
    let table = aws.gateway_table(&gateway).await;
    let (create, replace, delete) =
        ("CreateTransitGatewayRoute", "ReplaceTransitGatewayRoute", "DeleteTransitGatewayRoute");
    let to =
        |block: &str, rest: &str| format!("TransitGatewayRouteTableId={table} DestinationCidrBlock={block} {rest}");
    let (hop, hole) = (format!("TransitGatewayAttachmentId={id}"), "Blackhole=true");

    let made = aws.call(create, to("10.9.0.0/16", &hop)).await;
    for (path, value) in [
        ("route.destinationCidrBlock", "10.9.0.0/16"),
        ("route.type", "static"),
        ("route.state", "pending"),
        ("transitGatewayAttachments.item.transitGatewayAttachmentId", &*id),
        ("transitGatewayAttachments.item.resourceId", &vpc),
        ("transitGatewayAttachments.item.resourceType", "vpc"),
    ] {
        assert_eq!(made.one(path), value, "{path}");
    }
    aws.call(create, to("10.8.0.0/16", hole)).await;
    aws.wait(2);
    let (to_hop, to_hole) = (["10.9.0.0/16", "static", "active"], ["10.8.0.0/16", "static", "blackhole"]);
    assert_eq!(search(&aws, &table, ALL).await, [to_hole, to_hop]);
    aws.refuses(&[
        (create, to("10.9.0.0/16", hole), "RouteAlreadyExists"),
        (create, to("10.7.0.0/16", ""), "MissingParameter"),
        (create, to("10.7.0.0/16", "Blackhole=false"), "MissingParameter"),
        (create, to("10.7.0.0/16", &format!("{hop} {hole}")), "InvalidParameterCombination"),
        (create, to("10.7.0.1/16", hole), "InvalidParameterValue"),
        (create, to("fd00::/8", hole), "InvalidParameterValue"),
        (
            create,
            to("10.7.0.0/16", "TransitGatewayAttachmentId=tgw-attach-1"),
            "InvalidTransitGatewayAttachmentID.NotFound",
        ),
        (create, to("10.7.0.0/16", hole).replace("tgw-rtb-0", "tgw-rtb-1"), "InvalidRouteTableID.NotFound"),
        (replace, to("10.7.0.0/16", hole), "InvalidRoute.NotFound"),
        (delete, to("10.7.0.0/16", ""), "InvalidRoute.NotFound"),
    ])
    .await;

    // They change places.
    aws.call(replace, to("10.8.0.0/16", &hop)).await;
    aws.call(replace, to("10.9.0.0/16", hole)).await;
    aws.wait(2);
    let states = async || search(&aws, &table, ALL).await.into_iter().map(|[_, _, state]| state).collect::<Vec<_>>();
    assert_eq!(states().await, ["active", "blackhole"]);

    // A route outlives its attachment and still names it.
    aws.call("DeleteTransitGatewayVpcAttachment", &hop).await;
    assert_eq!(states().await, ["blackhole", "blackhole"]);
    aws.wait(60);
    let filter = "Filter.1.Name=attachment.resource-type Filter.1.Value.1=vpc";
    let found = aws.call(SEARCH, format!("TransitGatewayRouteTableId={table} {filter}")).await;
    assert_eq!(found.all("item.transitGatewayAttachmentId"), [id.as_str()]);
    aws.refuses(&[(create, to("10.7.0.0/16", &hop), "InvalidTransitGatewayAttachmentID.NotFound")]).await;

    assert_eq!(aws.call(delete, to("10.8.0.0/16", "")).await.one("route.state"), "deleting");
    aws.refuses(&[
        (delete, to("10.8.0.0/16", ""), "IncorrectState"),
        (replace, to("10.8.0.0/16", hole), "IncorrectState"),
        (create, to("10.8.0.0/16", hole), "RouteAlreadyExists"),
    ])
    .await;
    aws.wait(2);
    assert_eq!(states().await, ["blackhole"]);
    aws.refuses(&[(delete, to("10.8.0.0/16", ""), "InvalidRoute.NotFound")]).await;
}

#[tokio::test]
async fn blocks_of_vpcs_are_propagated() {
    let aws = Aws::start(stepped()).await;
    let gateway = aws.gateway(CLOSED).await;
    let (vpc, [subnet, _]) = aws.vpc_with_subnets(1).await;
    let id = aws.attachment(&gateway, &vpc, &subnet).await;
    let (twin, [subnet, _]) = aws.vpc_with_subnets(1).await;
    let twin_id = aws.attachment(&gateway, &twin, &subnet).await;
    let table = aws.gateway_table(&gateway).await;
    let propagate = |id: &str| format!("TransitGatewayRouteTableId={table} TransitGatewayAttachmentId={id}");
    let any = [("state", "*")];
    aws.call("EnableTransitGatewayRouteTablePropagation", propagate(&id)).await;
    assert!(search(&aws, &table, &any).await.is_empty());
    aws.wait(10);
    let learnt = ["10.1.0.0/16", "propagated", "active"];
    assert_eq!(search(&aws, &table, &any).await, [learnt]);

    // An overlapping block of a later VPC is not propagated.
    aws.call("EnableTransitGatewayRouteTablePropagation", propagate(&twin_id)).await;
    aws.wait(10);
    assert_eq!(search(&aws, &table, &[("attachment.resource-id", &vpc)]).await, [learnt]);
    assert!(search(&aws, &table, &[("attachment.resource-id", &twin)]).await.is_empty());

    // A static route to the same destination wins; a propagated one can be neither replaced nor deleted.
    let to = format!("TransitGatewayRouteTableId={table} DestinationCidrBlock=10.1.0.0/16");
    aws.refuses(&[
        ("ReplaceTransitGatewayRoute", format!("{to} Blackhole=true"), "InvalidRoute.NotFound"),
        ("DeleteTransitGatewayRoute", to.clone(), "InvalidRoute.NotFound"),
    ])
    .await;
    aws.call("CreateTransitGatewayRoute", format!("{to} Blackhole=true")).await;
    aws.wait(2);
    assert_eq!(search(&aws, &table, &any).await, [["10.1.0.0/16", "static", "blackhole"]]);
    aws.call("DeleteTransitGatewayRoute", &to).await;
    aws.wait(2);
    aws.call("DeleteTransitGatewayVpcAttachment", format!("TransitGatewayAttachmentId={id}")).await;
    assert_eq!(search(&aws, &table, &[("attachment.transit-gateway-attachment-id", &twin_id)]).await, [learnt]);
}

#[tokio::test]
async fn routes_are_searched() {
    let aws = Aws::start(stepped()).await;
    let gateway = aws.gateway(CLOSED).await;
    let (vpc, [subnet, _]) = aws.vpc_with_subnets(1).await;
    let id = aws.attachment(&gateway, &vpc, &subnet).await;
    let table = aws.gateway_table(&gateway).await;
    let named = format!("TransitGatewayRouteTableId={table}");
    aws.call("EnableTransitGatewayRouteTablePropagation", format!("{named} TransitGatewayAttachmentId={id}")).await;
    for block in ["0.0.0.0/0", "10.0.0.0/8", "10.1.2.0/24", "10.1.2.128/25", "192.168.0.0/16"] {
        let params = format!("{named} DestinationCidrBlock={block} Blackhole=true");
        aws.call("CreateTransitGatewayRoute", params).await;
    }
    aws.wait(10);
    for (filters, expected) in [
        (vec![("route-search.exact-match", "10.1.0.0/16")], vec!["10.1.0.0/16"]),
        (vec![("route-search.exact-match", "10.2.0.0/16")], vec![]),
        (vec![("route-search.longest-prefix-match", "10.1.2.200")], vec!["10.1.2.128/25"]),
        (vec![("route-search.longest-prefix-match", "10.1.2.0/23")], vec!["10.1.0.0/16"]),
        (vec![("route-search.longest-prefix-match", "8.8.8.8")], vec!["0.0.0.0/0"]),
        (vec![("route-search.longest-prefix-match", "10.1.9.9"), ("type", "static")], vec![]),
        (vec![("route-search.subnet-of-match", "10.1.0.0/16")], vec!["10.1.0.0/16", "10.1.2.0/24", "10.1.2.128/25"]),
        (vec![("route-search.subnet-of-match", "10.1.0.0/16"), ("state", "active")], vec!["10.1.0.0/16"]),
        (
            vec![("route-search.supernet-of-match", "10.1.2.0/24")],
            vec!["0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24"],
        ),
        (vec![("type", "propagated")], vec!["10.1.0.0/16"]),
        (vec![("state", "active")], vec!["10.1.0.0/16"]),
        (vec![("attachment.transit-gateway-attachment-id", &*id)], vec!["10.1.0.0/16"]),
        (vec![("attachment.resource-type", "vpc")], vec!["10.1.0.0/16"]),
    ] {
        let found = search(&aws, &table, &filters).await;
        let found: Vec<&str> = found.iter().map(|[to, _, _]| to.as_str()).collect();
        assert_eq!(found, expected, "{filters:?}");
    }
    let search = |filter: &str| (SEARCH, format!("{named} {filter}"), "InvalidParameterValue");
    aws.refuses(&[
        (SEARCH, named.clone(), "MissingParameter"),
        search("Filter.1.Name=route-search.exact-match Filter.1.Value.1=10.1.0.1/16"),
        search("Filter.1.Name=route-search.exact-match Filter.1.Value.1=10.1.0.1"),
        search("Filter.1.Name=route-search.longest-prefix-match Filter.1.Value.1=ten"),
        search("Filter.1.Name=prefix-list-id Filter.1.Value.1=pl-1"),
        search("Filter.1.Name=type"),
        search("Filter.1.Name=type Filter.1.Value.1=static MaxResults=4"),
    ])
    .await;

    // Page by page.
    let (mut token, mut seen) = (String::new(), Vec::new());
    loop {
        let page =
            aws.call(SEARCH, format!("{named} Filter.1.Name=state Filter.1.Value.1=* MaxResults=5{token}")).await;
        seen.extend(page.all("routeSet.item.destinationCidrBlock"));
        let next = page.all("nextToken");
        assert_eq!(page.one("additionalRoutesAvailable"), (!next.is_empty()).to_string());
        let Some(next) = next.into_iter().next() else { break };
        token = format!(" NextToken={next}");
    }
    assert_eq!(seen.len(), 6);
}

#[tokio::test]
async fn there_are_not_too_many_routes() {
    let quotas = Quotas { transit_gateway_routes: 1, ..Quotas::default() };
    let aws = Aws::start(Options { quotas, ..stepped() }).await;
    let gateway = aws.gateway(CLOSED).await;
    let (one, two) = (aws.gateway_table(&gateway).await, aws.gateway_table(&gateway).await);
    let route =
        |table: &str| format!("TransitGatewayRouteTableId={table} DestinationCidrBlock=10.0.0.0/8 Blackhole=true");
    aws.call("CreateTransitGatewayRoute", route(&one)).await;
    aws.refuses(&[("CreateTransitGatewayRoute", route(&two), "TransitGatewayRouteLimitExceeded")]).await;
}
