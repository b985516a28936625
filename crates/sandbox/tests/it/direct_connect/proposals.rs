//! Association proposals: a transit gateway of one account, a gateway of another.

use serde_json::{Value, json};

use super::{association, cidrs, dx, gateway, text};
use crate::client::{ACCOUNT, Aws, OTHER};
use crate::transit_gateway::stepped;

const OURS: &[&str] = &["10.210.1.0/24", "10.210.2.0/24"];
const DAY: u64 = 24 * 3600;

/// Ours is the transit gateway, theirs the line.
fn propose(aws: &Aws, line: &str, transit: &str, blocks: &[&str]) -> Result<String, String> {
    let input = json!({
        "directConnectGatewayId": line,
        "directConnectGatewayOwnerAccount": OTHER,
        "gatewayId": transit,
        "addAllowedPrefixesToDirectConnectGateway": cidrs(blocks),
    });
    let made = dx(aws, ACCOUNT, "CreateDirectConnectGatewayAssociationProposal", input)?;
    Ok(text(&made["directConnectGatewayAssociationProposal"]["proposalId"]))
}

fn proposal(aws: &Aws, account: &str, id: &str) -> Value {
    let listed = dx(aws, account, "DescribeDirectConnectGatewayAssociationProposals", json!({ "proposalId": id }));
    listed.unwrap()["directConnectGatewayAssociationProposals"][0].clone()
}

fn accept(aws: &Aws, line: &str, id: &str, instead: Option<&[&str]>) -> Result<Value, String> {
    let input = json!({
        "directConnectGatewayId": line,
        "proposalId": id,
        "associatedGatewayOwnerAccount": ACCOUNT,
        "overrideAllowedPrefixesToDirectConnectGateway": instead.map(cidrs),
    });
    let made = dx(aws, OTHER, "AcceptDirectConnectGatewayAssociationProposal", input)?;
    Ok(made["directConnectGatewayAssociation"].clone())
}

#[tokio::test]
async fn a_proposal_is_accepted_with_other_prefixes() {
    let aws = Aws::start(stepped()).await;
    let (transit, _) = aws.attached_gateway(1).await;
    let line = gateway(&aws, OTHER, 64512);
    let id = propose(&aws, &line, &transit, OURS).unwrap();
    let seen = proposal(&aws, OTHER, &id);
    assert_eq!(seen, proposal(&aws, ACCOUNT, &id));
    assert_eq!(seen["proposalState"], "requested");
    assert_eq!(seen["requestedAllowedPrefixesToDirectConnectGateway"], cidrs(OURS));
    assert_eq!(seen["existingAllowedPrefixesToDirectConnectGateway"], json!([]));
    assert!(proposal(&aws, "777788889999", &id).is_null());
    assert_eq!(aws.line(&transit).await, None, "nothing is attached before they accept");
    assert!(propose(&aws, &line, &transit, OURS).unwrap_err().contains("already"));

    let made = accept(&aws, &line, &id, Some(&OURS[..1])).unwrap();
    assert_eq!(
        (&made["associationState"], &made["directConnectGatewayOwnerAccount"]),
        (&json!("associating"), &json!(OTHER))
    );
    assert_eq!(made["allowedPrefixesToDirectConnectGateway"], cidrs(&OURS[..1]));
    assert_eq!(made["associatedGateway"]["ownerAccount"], ACCOUNT);
    let association_id = text(&made["associationId"]);
    assert_eq!(association(&aws, ACCOUNT, &association_id), made);
    aws.wait(600);
    assert_eq!(aws.line(&transit).await.unwrap().1, "available");
    let mut theirs = Aws { key: OTHER.to_owned(), ..aws };
    assert_eq!(theirs.line(&transit).await, None, "the attachment is the transit gateway's owner's");
    theirs.key = ACCOUNT.to_owned();
    let aws = theirs;

    assert_eq!(proposal(&aws, ACCOUNT, &id)["proposalState"], "accepted");
    let delete = json!({ "proposalId": id });
    assert!(dx(&aws, ACCOUNT, "DeleteDirectConnectGatewayAssociationProposal", delete).is_err());
    assert!(accept(&aws, &line, &id, None).is_err());

    // We ask for other prefixes by another proposal, and cannot change them ourselves.
    let change = json!({
        "associationId": association_id,
        "addAllowedPrefixesToDirectConnectGateway": cidrs(&OURS[1..]),
    });
    let error = dx(&aws, ACCOUNT, "UpdateDirectConnectGatewayAssociation", change).unwrap_err();
    assert!(error.contains("another account"), "{error}");
    let second = propose(&aws, &line, &transit, &OURS[1..]).unwrap();
    let seen = proposal(&aws, OTHER, &second);
    assert_eq!(seen["existingAllowedPrefixesToDirectConnectGateway"], cidrs(&OURS[..1]));
    assert_eq!(seen["requestedAllowedPrefixesToDirectConnectGateway"], cidrs(OURS));
    let changed = accept(&aws, &line, &second, None).unwrap();
    assert_eq!((&changed["associationId"], &changed["associationState"]), (&json!(association_id), &json!("updating")));
    assert_eq!(changed["allowedPrefixesToDirectConnectGateway"], cidrs(OURS));

    // Either side ends it; the accepted proposals are listed for some days.
    aws.wait(600);
    dx(&aws, ACCOUNT, "DeleteDirectConnectGatewayAssociation", json!({ "associationId": association_id })).unwrap();
    aws.wait(600);
    assert_eq!(association(&aws, OTHER, &association_id)["associationState"], "disassociated");
    assert_eq!(proposal(&aws, OTHER, &id)["proposalState"], "accepted");
    aws.wait(3 * DAY);
    assert!(proposal(&aws, ACCOUNT, &id).is_null());
}

#[tokio::test]
async fn a_proposal_is_taken_back_or_rejected() {
    let aws = Aws::start(stepped()).await;
    let (transit, _) = aws.attached_gateway(1).await;
    let line = gateway(&aws, OTHER, 64512);
    for who in [ACCOUNT, OTHER] {
        let id = propose(&aws, &line, &transit, OURS).unwrap();
        let kinds = || aws.sandbox.everything(ACCOUNT).into_iter().map(|it| it.kind).collect::<Vec<_>>();
        assert!(kinds().contains(&"dx-gateway-association-proposal".to_owned()));
        let delete = json!({ "proposalId": id });
        assert!(dx(&aws, "777788889999", "DeleteDirectConnectGatewayAssociationProposal", delete.clone()).is_err());
        let gone = dx(&aws, who, "DeleteDirectConnectGatewayAssociationProposal", delete).unwrap();
        assert_eq!(gone["directConnectGatewayAssociationProposal"]["proposalState"], "deleted");
        assert_eq!(proposal(&aws, ACCOUNT, &id)["proposalState"], "deleted");
        assert!(accept(&aws, &line, &id, None).is_err());
        assert!(!kinds().contains(&"dx-gateway-association-proposal".to_owned()));
    }
}

#[tokio::test]
async fn what_aws_refuses_is_refused() {
    let aws = Aws::start(stepped()).await;
    let line = gateway(&aws, OTHER, 64700);
    let bare = aws.gateway("Options.AmazonSideAsn=64701").await;
    let (transit, _) = aws.attached_gateway(1).await;
    let own = gateway(&aws, ACCOUNT, 64512);
    for (gateway, from, blocks, why) in [
        (&line, &bare, OURS, "must be attached"),
        (&own, &transit, OURS, "does not exist"),
        (&line, &"tgw-0123456789abcdef0".to_owned(), OURS, "does not exist"),
        (&line, &transit, &["10.0.0.1/8"], "CIDR"),
    ] {
        let error = propose(&aws, gateway, from, blocks).unwrap_err();
        assert!(error.contains(why), "{error}");
    }
    let id = propose(&aws, &line, &transit, OURS).unwrap();
    // Both have 64700, which shows only now; the proposal stays.
    assert!(accept(&aws, &line, &id, None).unwrap_err().contains("ASN"));
    assert_eq!(proposal(&aws, ACCOUNT, &id)["proposalState"], "requested");
    let wrong = json!({
        "directConnectGatewayId": line,
        "proposalId": id,
        "associatedGatewayOwnerAccount": OTHER,
    });
    assert!(dx(&aws, OTHER, "AcceptDirectConnectGatewayAssociationProposal", wrong.clone()).is_err());
    assert!(dx(&aws, ACCOUNT, "AcceptDirectConnectGatewayAssociationProposal", wrong).is_err());

    // No prefixes are no error; nothing reaches on-premises.
    let other = gateway(&aws, OTHER, 64512);
    let empty = propose(&aws, &other, &transit, &[]).unwrap();
    assert_eq!(accept(&aws, &other, &empty, None).unwrap()["allowedPrefixesToDirectConnectGateway"], json!([]));
}

#[tokio::test]
async fn an_acceptance_is_made_in_the_transit_gateways_region() {
    let aws = Aws::start(stepped()).await;
    let (transit, _) = aws.attached_gateway(1).await;
    let line = gateway(&aws, OTHER, 64512);
    let id = propose(&aws, &line, &transit, OURS).unwrap();
    let elsewhere = gcnet_sandbox::ApiCall {
        account: OTHER.to_owned(),
        region: "ap-northeast-3".to_owned(),
        service: "directconnect".to_owned(),
        operation: "AcceptDirectConnectGatewayAssociationProposal".to_owned(),
        input: json!({
            "directConnectGatewayId": line,
            "proposalId": id,
            "associatedGatewayOwnerAccount": ACCOUNT,
        }),
        id: None,
    };
    assert!(aws.sandbox.call(&elsewhere).unwrap_err().message.contains("does not exist"));
    accept(&aws, &line, &id, None).unwrap();
}
