//! Accounts that have to be asked.

use serde_json::json;

use super::{DAY, gateway_arn, start, text};
use crate::client::{ACCOUNT, OTHER};

const ACCEPT: &str = "AcceptResourceShareInvitation";
const REJECT: &str = "RejectResourceShareInvitation";

#[tokio::test]
async fn a_stranger_is_invited_and_has_access_once_it_accepts() {
    let mut aws = start().await;
    let (share, gateway) = aws.offered().await;
    assert_eq!(aws.associations("RESOURCE", &share).await, [(gateway_arn(&gateway), "ASSOCIATED".to_owned())]);
    assert_eq!(aws.associations("PRINCIPAL", &share).await, [(OTHER.to_owned(), "ASSOCIATING".to_owned())]);
    assert!(aws.invitations().await.is_empty(), "the sender is not invited");

    aws.as_account(OTHER);
    let invitation = aws.invitations().await.remove(0);
    assert_eq!(invitation["status"], "PENDING");
    assert_eq!(invitation["resourceShareArn"], share);
    assert_eq!(invitation["senderAccountId"], ACCOUNT);
    assert_eq!(invitation["receiverAccountId"], OTHER);
    let none = aws.ram_ok("GetResourceShares", json!({ "resourceOwner": "OTHER-ACCOUNTS" })).await;
    assert!(none["resourceShares"].as_array().unwrap().is_empty(), "it sees the share before it accepts");
    let named = json!({ "resourceShareInvitationArn": invitation["resourceShareInvitationArn"] });
    let accepted = aws.ram_ok(ACCEPT, named.clone()).await;
    assert_eq!(accepted["resourceShareInvitation"]["status"], "ACCEPTED");
    aws.ram_refuses(ACCEPT, named.clone(), "ResourceShareInvitationAlreadyAcceptedException").await;
    aws.ram_refuses(REJECT, named, "ResourceShareInvitationAlreadyAcceptedException").await;
    aws.pass(5);

    let seen = aws.ram_ok("GetResourceShares", json!({ "resourceOwner": "OTHER-ACCOUNTS" })).await;
    assert_eq!(seen["resourceShares"][0]["owningAccountId"], ACCOUNT);
    assert!(seen["resourceShares"][0].get("tags").is_none());
    let resources = aws.ram_ok("ListResources", json!({ "resourceOwner": "OTHER-ACCOUNTS" })).await;
    assert_eq!(resources["resources"][0]["arn"], gateway_arn(&gateway));
    assert_eq!(resources["resources"][0]["type"], "ec2:TransitGateway");
    let associations = json!({ "associationType": "PRINCIPAL", "resourceShareArns": [share] });
    aws.ram_refuses("GetResourceShareAssociations", associations, "UnknownResourceException").await;
    aws.as_account(ACCOUNT);
    assert_eq!(aws.principal(&share).await, "ASSOCIATED");
}

#[tokio::test]
async fn an_invitation_is_seen_after_a_moment() {
    let mut aws = start().await;
    aws.share(json!({ "name": "s", "principals": [OTHER] })).await;
    aws.as_account(OTHER);
    assert!(aws.invitations().await.is_empty());
    aws.pass(3);
    assert_eq!(aws.invitations().await.len(), 1);
}

#[tokio::test]
async fn an_invitation_lapses_after_seven_days_and_can_be_sent_again() {
    let mut aws = start().await;
    let (share, _) = aws.offered().await;
    aws.as_account(OTHER);
    let lapsed = aws.invitation().await;
    aws.as_account(ACCOUNT);
    aws.pass(7 * DAY - 13);
    assert_eq!(aws.principal(&share).await, "ASSOCIATING");
    aws.pass(1);
    assert_eq!(aws.principal(&share).await, "FAILED");
    let body = json!({ "associationType": "PRINCIPAL", "associationStatus": "FAILED" });
    let failed = aws.ram_ok("GetResourceShareAssociations", body).await;
    assert!(text(&failed["resourceShareAssociations"][0]["statusMessage"]).contains("expired"));
    assert_eq!(failed["resourceShareAssociations"][0]["external"], true);

    aws.as_account(OTHER);
    assert_eq!(aws.invitations().await[0]["status"], "EXPIRED");
    let named = json!({ "resourceShareInvitationArn": lapsed });
    aws.ram_refuses(ACCEPT, named.clone(), "ResourceShareInvitationExpiredException").await;
    aws.ram_refuses(REJECT, named, "ResourceShareInvitationExpiredException").await;

    aws.as_account(ACCOUNT);
    let principal = json!({ "resourceShareArn": share, "principals": [OTHER] });
    aws.ram_refuses("AssociateResourceShare", principal.clone(), "InvalidStateTransitionException").await;
    aws.ram_ok("DisassociateResourceShare", principal.clone()).await;
    assert_eq!(aws.principal(&share).await, "DISASSOCIATING");
    aws.ram_refuses("AssociateResourceShare", principal.clone(), "InvalidStateTransitionException").await;
    aws.pass(5);
    let again = aws.ram_ok("AssociateResourceShare", principal).await;
    assert_eq!(again["resourceShareAssociations"][0]["status"], "ASSOCIATING");
    aws.pass(5);
    aws.as_account(OTHER);
    let pending = aws.invitation().await;
    assert_ne!(pending, lapsed);
    aws.ram_ok(ACCEPT, json!({ "resourceShareInvitationArn": pending })).await;
    aws.pass(5);
    aws.as_account(ACCOUNT);
    assert_eq!(aws.principal(&share).await, "ASSOCIATED");
}

#[tokio::test]
async fn a_rejection_is_a_failure_for_the_owner() {
    let mut aws = start().await;
    let (share, _) = aws.offered().await;
    aws.as_account(OTHER);
    let named = json!({ "resourceShareInvitationArn": aws.invitation().await });
    let rejected = aws.ram_ok(REJECT, named.clone()).await;
    assert_eq!(rejected["resourceShareInvitation"]["status"], "REJECTED");
    aws.ram_refuses(ACCEPT, named, "ResourceShareInvitationAlreadyRejectedException").await;
    aws.as_account(ACCOUNT);
    assert_eq!(aws.principal(&share).await, "FAILED");
    let body = json!({ "associationType": "PRINCIPAL", "principal": OTHER });
    let failed = aws.ram_ok("GetResourceShareAssociations", body).await;
    assert!(text(&failed["resourceShareAssociations"][0]["statusMessage"]).contains("rejected"));
}

#[tokio::test]
async fn what_is_taken_back_cannot_be_accepted() {
    let mut aws = start().await;
    let (share, _) = aws.offered().await;
    aws.as_account(OTHER);
    let named = json!({ "resourceShareInvitationArn": aws.invitation().await });
    aws.as_account(ACCOUNT);
    aws.ram_ok("DisassociateResourceShare", json!({ "resourceShareArn": share, "principals": [OTHER] })).await;
    aws.as_account(OTHER);
    assert!(aws.invitations().await.is_empty());
    aws.ram_refuses(ACCEPT, named, "ResourceShareInvitationArnNotFoundException").await;
    aws.ram_refuses(ACCEPT, json!({ "resourceShareInvitationArn": share }), "MalformedArnException").await;
    aws.as_account(ACCOUNT);
    let gone = json!({ "resourceShareArn": share, "principals": ["777788889999"] });
    aws.ram_refuses("DisassociateResourceShare", gone, "UnknownResourceException").await;
    aws.pass(5 + 3600);
    assert!(aws.associations("PRINCIPAL", &share).await.is_empty(), "the tombstone stays for an hour");
}

#[tokio::test]
async fn what_is_in_motion_cannot_be_disassociated() {
    let aws = start().await;
    let gateway = gateway_arn(&aws.shareable().await);
    let share = aws.share(json!({ "name": "s", "resourceArns": [gateway], "principals": [OTHER] })).await;
    for body in [
        json!({ "resourceShareArn": share, "resourceArns": [gateway] }),
        json!({ "resourceShareArn": share, "principals": [OTHER] }),
    ] {
        aws.ram_refuses("DisassociateResourceShare", body, "InvalidStateTransitionException").await;
    }
    let delete = json!({ "resourceShareArn": share });
    aws.ram_refuses("DeleteResourceShare", delete.clone(), "InvalidStateTransitionException").await;
    aws.pass(5);
    // Only waiting for the other account is left.
    aws.ram_ok("DeleteResourceShare", delete).await;
    aws.pass(10);
    assert_eq!(aws.principal(&share).await, "DISASSOCIATED");
}
