//! Peering attachments between Regions, between accounts, and within one of each.

use gcnet_sandbox::{Options, Quotas};

use super::{CLOSED, HOUR, stepped};
use crate::client::{ACCOUNT, Aws, OTHER, REGION};

const FAR: &str = "ap-northeast-3";
const CREATE: &str = "CreateTransitGatewayPeeringAttachment";
const ACCEPT: &str = "AcceptTransitGatewayPeeringAttachment";
const REJECT: &str = "RejectTransitGatewayPeeringAttachment";
const DELETE: &str = "DeleteTransitGatewayPeeringAttachment";
const DESCRIBE: &str = "DescribeTransitGatewayPeeringAttachments";
const GONE: &str = "InvalidTransitGatewayAttachmentID.NotFound";

impl Aws {
    fn become_other(&mut self, account: &str, region: &str) {
        account.clone_into(&mut self.key);
        region.clone_into(&mut self.region);
    }

    /// The states of all peerings that the caller sees.
    async fn peerings(&self) -> Vec<String> {
        self.call(DESCRIBE, "").await.all("item.state")
    }
}

/// Our gateway, the other account's gateway in a Region, and the request between them, which is ours.
async fn requested(aws: &mut Aws, region: &str) -> (String, String, String) {
    aws.become_other(OTHER, region);
    let theirs = aws.gateway(CLOSED).await;
    aws.become_other(ACCOUNT, REGION);
    let ours = aws.gateway(CLOSED).await;
    let tag = "TagSpecification.1.ResourceType=transit-gateway-attachment TagSpecification.1.Tag.1.Key=Name \
               TagSpecification.1.Tag.1.Value=asp";
    let params = format!("{} {tag}", between(&ours, &theirs, OTHER, region));
    let made = aws.call(CREATE, params).await;
    assert_eq!(made.one("transitGatewayPeeringAttachment.state"), "initiatingRequest");
    assert_eq!(made.one("tagSet.item.value"), "asp");
    (ours, theirs, made.one("transitGatewayAttachmentId"))
}

fn between(ours: &str, theirs: &str, account: &str, region: &str) -> String {
    format!("TransitGatewayId={ours} PeerTransitGatewayId={theirs} PeerAccountId={account} PeerRegion={region}")
}

fn named(id: &str) -> String {
    format!("TransitGatewayAttachmentId={id}")
}

#[tokio::test]
async fn a_peering_between_regions_has_one_id() {
    let mut aws = Aws::start(stepped()).await;
    let (ours, theirs, id) = requested(&mut aws, FAR).await;
    aws.refuses(&[
        (DELETE, named(&id), "IncorrectState"),
        (CREATE, between(&ours, &theirs, OTHER, FAR), "DuplicateTransitGatewayAttachment"),
    ])
    .await;
    // The other side does not see it yet.
    aws.become_other(OTHER, FAR);
    assert!(aws.peerings().await.is_empty());
    aws.refuses(&[
        (ACCEPT, named(&id), GONE),
        ("CreateTags", format!("ResourceId.1={id} Tag.1.Key=a"), GONE),
        ("DeleteTransitGateway", format!("TransitGatewayId={theirs}"), "IncorrectState"),
    ])
    .await;
    aws.wait(20);
    let seen = aws.call(DESCRIBE, format!("TransitGatewayAttachmentIds.1={id}")).await;
    for (path, value) in [
        ("item.state", "pendingAcceptance"),
        ("requesterTgwInfo.transitGatewayId", &*ours),
        ("requesterTgwInfo.ownerId", ACCOUNT),
        ("requesterTgwInfo.region", REGION),
        ("accepterTgwInfo.transitGatewayId", &theirs),
        ("accepterTgwInfo.ownerId", OTHER),
        ("accepterTgwInfo.region", FAR),
        ("options.dynamicRouting", "disable"),
    ] {
        assert_eq!(seen.one(path), value, "{path}");
    }
    assert!(seen.all("tagSet.item.key").is_empty(), "tags are each side's own");
    let back = between(&theirs, &ours, ACCOUNT, REGION);
    aws.refuses(&[(CREATE, back, "DuplicateTransitGatewayAttachment")]).await;

    // The requester cannot accept; in another Region there is nothing to accept.
    aws.become_other(ACCOUNT, REGION);
    assert_eq!(aws.peerings().await, ["pendingAcceptance"]);
    aws.refuses(&[(ACCEPT, named(&id), "InvalidParameterValue"), (REJECT, named(&id), "InvalidParameterValue")]).await;
    aws.become_other(OTHER, REGION);
    aws.refuses(&[(ACCEPT, named(&id), GONE)]).await;

    aws.become_other(OTHER, FAR);
    assert_eq!(aws.call(ACCEPT, named(&id)).await.one("transitGatewayPeeringAttachment.state"), "pending");
    aws.refuses(&[(ACCEPT, named(&id), "IncorrectState"), (DELETE, named(&id), "IncorrectState")]).await;
    aws.call("CreateTags", format!("ResourceId.1={id} Tag.1.Key=theirs")).await;
    aws.wait(60);
    assert_eq!(aws.peerings().await, ["available"]);
    aws.become_other(ACCOUNT, REGION);
    let seen = aws.call(DESCRIBE, "").await;
    assert_eq!((seen.all("item.state"), seen.all("item.key")), (vec!["available".into()], vec!["Name".into()]));
    let all =
        aws.call("DescribeTransitGatewayAttachments", "Filter.1.Name=resource-type Filter.1.Value.1=peering").await;
    for (path, value) in [
        ("item.resourceId", &*theirs),
        ("item.resourceOwnerId", OTHER),
        ("item.resourceType", "peering"),
        ("item.transitGatewayId", &ours),
        ("item.transitGatewayOwnerId", ACCOUNT),
        ("item.state", "available"),
    ] {
        assert_eq!(all.one(path), value, "{path}");
    }
    aws.refuses(&[("DeleteTransitGateway", format!("TransitGatewayId={ours}"), "IncorrectState")]).await;

    // Either side deletes it, and it ends for both.
    aws.become_other(OTHER, FAR);
    aws.call(DELETE, named(&id)).await;
    for (seconds, states) in [(0, vec!["deleting"]), (60, vec!["deleted"]), (HOUR, vec![])] {
        aws.wait(seconds);
        for (account, region) in [(ACCOUNT, REGION), (OTHER, FAR)] {
            aws.become_other(account, region);
            assert_eq!(aws.peerings().await, states, "{account}");
        }
    }
    aws.call("DeleteTransitGateway", format!("TransitGatewayId={theirs}")).await;
}

#[tokio::test]
async fn a_peering_within_a_region_has_an_id_on_each_side() {
    let mut aws = Aws::start(stepped()).await;
    let (_, theirs, id) = requested(&mut aws, REGION).await;
    aws.wait(20);
    aws.become_other(OTHER, REGION);
    aws.refuses(&[(ACCEPT, named(&id), GONE)]).await;
    let filters = format!(
        "Filter.1.Name=transit-gateway-id Filter.1.Value.1={theirs} Filter.2.Name=remote-owner-id \
                           Filter.2.Value.1={ACCOUNT}"
    );
    let their_id = aws.call(DESCRIBE, filters).await.one("item.transitGatewayAttachmentId");
    assert_ne!(id, their_id);
    aws.call(ACCEPT, named(&their_id)).await;
    aws.wait(60);
    assert_eq!(aws.peerings().await, ["available"]);
    aws.become_other(ACCOUNT, REGION);
    aws.call(DELETE, named(&id)).await;
    aws.become_other(OTHER, REGION);
    assert_eq!(aws.peerings().await, ["deleting"]);

    // In one account, both sides are in one list.
    let more = aws.gateway(CLOSED).await;
    aws.call(CREATE, between(&more, &theirs, OTHER, REGION)).await;
    aws.wait(20);
    let pending = aws.call(DESCRIBE, "Filter.1.Name=state Filter.1.Value.1=pendingAcceptance").await;
    assert_eq!(pending.all("item.transitGatewayAttachmentId").len(), 2);
}

#[tokio::test]
async fn a_peering_is_rejected() {
    let mut aws = Aws::start(stepped()).await;
    let (ours, theirs, id) = requested(&mut aws, FAR).await;
    aws.wait(20);
    aws.become_other(OTHER, FAR);
    aws.call(REJECT, named(&id)).await;
    aws.refuses(&[(ACCEPT, named(&id), "IncorrectState"), (DELETE, named(&id), "IncorrectState")]).await;
    aws.wait(10);
    aws.become_other(ACCOUNT, REGION);
    assert_eq!(aws.peerings().await, ["rejected"]);
    aws.refuses(&[(DELETE, named(&id), GONE)]).await;
    // The pair is free again.
    aws.call(CREATE, between(&ours, &theirs, OTHER, FAR)).await;
}

#[tokio::test]
async fn a_peer_that_is_not_there_fails_the_peering() {
    let aws = Aws::start(stepped()).await;
    let ours = aws.gateway(CLOSED).await;
    aws.call(CREATE, between(&ours, "tgw-0123456789abcdef0", OTHER, FAR)).await;
    assert_eq!(aws.peerings().await, ["initiatingRequest"]);
    aws.wait(20);
    let seen = aws.call(DESCRIBE, "").await;
    assert_eq!((seen.one("item.state"), seen.one("status.code")), ("failed".to_owned(), "failed".to_owned()));
    assert!(seen.one("status.message").contains("does not exist"));
    aws.call("DeleteTransitGateway", format!("TransitGatewayId={ours}")).await;
}

#[tokio::test]
async fn routes_over_a_peering_are_static() {
    let mut aws = Aws::start(stepped()).await;
    let (ours, _, id) = requested(&mut aws, FAR).await;
    let table = aws.gateway_table(&ours).await;
    let both = format!("TransitGatewayRouteTableId={table} {}", named(&id));
    let route = format!("{both} DestinationCidrBlock=10.9.0.0/16");
    aws.wait(5);
    aws.refuses(&[
        ("AssociateTransitGatewayRouteTable", both.clone(), "IncorrectState"),
        ("CreateTransitGatewayRoute", route.clone(), "IncorrectState"),
    ])
    .await;
    aws.become_other(OTHER, FAR);
    aws.call(ACCEPT, named(&id)).await;
    aws.wait(60);
    aws.become_other(ACCOUNT, REGION);
    aws.refuses(&[("EnableTransitGatewayRouteTablePropagation", both.clone(), "InvalidParameterValue")]).await;
    aws.call("AssociateTransitGatewayRouteTable", &both).await;
    aws.call("CreateTransitGatewayRoute", &route).await;
    aws.wait(30);
    let members = "GetTransitGatewayRouteTableAssociations";
    let listed = aws.call(members, format!("TransitGatewayRouteTableId={table}")).await;
    assert_eq!((listed.one("item.resourceType"), listed.one("item.state")), ("peering".into(), "associated".into()));
    let search =
        format!("TransitGatewayRouteTableId={table} Filter.1.Name=attachment.resource-type Filter.1.Value.1=peering");
    let state = async |aws: &Aws| aws.call("SearchTransitGatewayRoutes", &search).await.one("routeSet.item.state");
    assert_eq!(state(&aws).await, "active");
    aws.call(DELETE, named(&id)).await;
    aws.wait(60);
    assert_eq!(state(&aws).await, "blackhole");
    assert!(aws.call(members, format!("TransitGatewayRouteTableId={table}")).await.all("item.state").is_empty());
}

#[tokio::test]
async fn a_default_table_is_associated_and_learns_nothing() {
    let mut aws = Aws::start(stepped()).await;
    let ours = aws.gateway("").await;
    aws.become_other(ACCOUNT, FAR);
    let theirs = aws.gateway(CLOSED).await;
    aws.become_other(ACCOUNT, REGION);
    let id = aws.call(CREATE, between(&ours, &theirs, ACCOUNT, FAR)).await.one("transitGatewayAttachmentId");
    aws.wait(20);
    aws.become_other(ACCOUNT, FAR);
    aws.call(ACCEPT, named(&id)).await;
    aws.wait(90);
    assert!(aws.call("DescribeTransitGatewayAttachments", "").await.all("association.state").is_empty());
    aws.become_other(ACCOUNT, REGION);
    let seen = aws.call("DescribeTransitGatewayAttachments", "").await;
    assert_eq!(seen.one("association.state"), "associated");
    let table = seen.one("association.transitGatewayRouteTableId");
    let learnt =
        aws.call("GetTransitGatewayRouteTablePropagations", format!("TransitGatewayRouteTableId={table}")).await;
    assert!(learnt.all("item.state").is_empty());
}

#[tokio::test]
async fn peerings_are_refused() {
    let quotas = Quotas { pending_transit_gateway_peerings: 1, ..Quotas::default() };
    let mut aws = Aws::start(Options { quotas, ..stepped() }).await;
    let (ours, theirs, id) = requested(&mut aws, FAR).await;
    let good = between(&ours, "tgw-0123456789abcdef0", OTHER, FAR);
    aws.refuses(&[
        (CREATE, good.clone(), "TransitGatewayAttachmentLimitExceeded"),
        (CREATE, between("tgw-0123456789abcdef0", &theirs, OTHER, FAR), "InvalidTransitGatewayID.NotFound"),
        (CREATE, between(&ours, &ours, ACCOUNT, REGION), "InvalidParameterValue"),
        (CREATE, good.replace(OTHER, "1234"), "InvalidParameterValue"),
        (CREATE, good.replace(FAR, "eu-west-1"), "InvalidParameterValue"),
        (CREATE, format!("{good} Options.DynamicRouting=on"), "InvalidParameterValue"),
        (CREATE, format!("TransitGatewayId={ours} PeerTransitGatewayId={theirs}"), "MissingParameter"),
        (CREATE, format!("{good} TagSpecification.1.ResourceType=transit-gateway"), "InvalidParameterValue"),
        (DELETE, named("tgw-attach-0123456789abcdef0"), GONE),
        (DELETE, named("peering"), "InvalidTransitGatewayAttachmentID.Malformed"),
        ("DeleteTransitGatewayVpcAttachment", named(&id), GONE),
        (DESCRIBE, "Filter.1.Name=vpc-id Filter.1.Value.1=x".to_owned(), "InvalidParameterValue"),
    ])
    .await;
}
