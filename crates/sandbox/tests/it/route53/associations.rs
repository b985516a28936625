//! Which VPCs see a zone, within an account and between two.

use gcnet_sandbox::Quotas;
use serde_json::json;

use super::{SYNCED, start};
use crate::client::{ACCOUNT, OTHER, REGION};

#[tokio::test]
async fn vpcs_of_the_owner_come_and_go() {
    let aws = start().await;
    let (one, two) = (aws.vpc("10.0.0.0/16").await, aws.vpc("10.1.0.0/16").await);
    let zone = aws.zone("a.example", "1", &one).await;
    let path = format!("hostedzone/{zone}");
    assert_eq!(aws.on_vpc(&zone, "disassociatevpc", &one).await.code(), "LastVPCAssociation");
    let missing = aws.on_vpc(&zone, "disassociatevpc", &two).await;
    assert_eq!((missing.status, missing.code().as_str()), (404, "VPCAssociationNotFound"));
    let made = aws.on_vpc(&zone, "associatevpc", &two).await;
    assert_eq!(made.one("ChangeInfo.Status"), "PENDING");
    aws.sandbox.advance(SYNCED);
    assert_eq!(aws.r53("GET", &path).await.all("VPCs.VPC.VPCId").len(), 2);
    // The same once more, and another zone of that name.
    assert_eq!(aws.on_vpc(&zone, "associatevpc", &two).await.code(), "ConflictingDomainExists");
    let three = aws.vpc("10.2.0.0/16").await;
    let twin = aws.zone("a.example", "2", &three).await;
    assert_eq!(aws.on_vpc(&twin, "associatevpc", &two).await.code(), "ConflictingDomainExists");
    assert_eq!(aws.on_vpc(&twin, "associatevpc", "vpc-0123456789abcdef0").await.code(), "InvalidVPCId");
    assert_eq!(aws.on_vpc("Z0", "associatevpc", &two).await.code(), "NoSuchHostedZone");

    assert_eq!(aws.on_vpc(&zone, "disassociatevpc", &one).await.status, 200);
    assert_eq!(aws.on_vpc(&zone, "associatevpc", &one).await.code(), "PriorRequestNotComplete");
    aws.sandbox.advance(SYNCED);
    assert_eq!(aws.r53("GET", &path).await.all("VPCs.VPC.VPCId"), [two.as_str()]);
    aws.sandbox.set_quotas(Quotas { vpcs_per_hosted_zone: 1, ..Quotas::default() });
    assert_eq!(aws.on_vpc(&zone, "associatevpc", &one).await.code(), "LimitsExceeded");
}

#[tokio::test]
async fn a_public_zone_has_no_vpcs() {
    let aws = start().await;
    let vpc = aws.vpc("10.0.0.0/16").await;
    let made = aws.create_zone("a.example", "1", "").await;
    let zone = made.one("HostedZone.Id").rsplit('/').next().unwrap().to_owned();
    aws.sandbox.advance(SYNCED);
    assert_eq!(made.one("Config.PrivateZone"), "false");
    assert_eq!(aws.on_vpc(&zone, "associatevpc", &vpc).await.code(), "PublicZoneVPCAssociation");
    assert_eq!(aws.on_vpc(&zone, "authorizevpcassociation", &vpc).await.code(), "InvalidInput");
    let read = aws.r53("GET", &format!("hostedzone/{zone}")).await;
    assert_eq!(read.all("DelegationSet.NameServers.NameServer").len(), 4);
    assert!(aws.r53("GET", "hostedzone?hostedzonetype=PrivateHostedZone").await.all("HostedZone.Id").is_empty());
}

#[tokio::test]
async fn a_vpc_of_another_account_needs_an_authorisation_and_its_own_account() {
    let mut aws = start().await;
    let ours = aws.vpc("10.0.0.0/16").await;
    let zone = aws.zone("a.example", "1", &ours).await;
    let path = format!("hostedzone/{zone}");
    aws.key = OTHER.to_owned();
    let theirs = aws.vpc("10.1.0.0/16").await;
    let refused = aws.on_vpc(&zone, "associatevpc", &theirs).await;
    assert_eq!((refused.status, refused.code().as_str()), (401, "NotAuthorizedException"));
    assert_eq!(aws.on_vpc(&zone, "authorizevpcassociation", &theirs).await.code(), "AccessDenied");

    aws.key = ACCOUNT.to_owned();
    let unknown = aws.on_vpc(&zone, "authorizevpcassociation", "vpc-0123456789abcdef0").await;
    assert_eq!(unknown.code(), "InvalidVPCId");
    let authorized = aws.on_vpc(&zone, "authorizevpcassociation", &theirs).await;
    assert_eq!(authorized.one("HostedZoneId"), zone);
    assert_eq!(authorized.one("VPC.VPCId"), theirs);
    let at_once = aws.on_vpc(&zone, "authorizevpcassociation", &theirs).await;
    assert_eq!(at_once.code(), "ConcurrentModification");
    aws.sandbox.advance(SYNCED);
    assert_eq!(aws.on_vpc(&zone, "authorizevpcassociation", &theirs).await.status, 200);
    // The owner of the zone cannot do the other's part.
    let refused = aws.on_vpc(&zone, "associatevpc", &theirs).await;
    assert_eq!((refused.status, refused.code().as_str()), (401, "NotAuthorizedException"));

    aws.key = OTHER.to_owned();
    let made = aws.on_vpc(&zone, "associatevpc", &theirs).await;
    assert_eq!(made.one("ChangeInfo.Status"), "PENDING");
    let change = made.one("ChangeInfo.Id").rsplit('/').next().unwrap().to_owned();
    assert_eq!(aws.r53("GET", &format!("change/{change}")).await.code(), "AccessDenied");
    aws.sandbox.advance(SYNCED);
    let seen = aws.r53("GET", &format!("hostedzonesbyvpc?vpcid={theirs}&vpcregion={REGION}")).await;
    assert_eq!(seen.all("HostedZoneSummary.HostedZoneId"), [zone.as_str()]);
    assert_eq!(seen.all("Owner.OwningAccount"), [ACCOUNT]);
    assert_eq!(aws.r53("GET", &path).await.code(), "AccessDenied");
    aws.refuses(&[("DeleteVpc", format!("VpcId={theirs}"), "DependencyViolation")]).await;

    // The association outlives its authorisation.
    aws.key = ACCOUNT.to_owned();
    let list = format!("{path}/authorizevpcassociation");
    assert_eq!(aws.r53("GET", &list).await.all("VPCs.VPC.VPCId"), [theirs.as_str()]);
    assert_eq!(aws.on_vpc(&zone, "deauthorizevpcassociation", &theirs).await.status, 200);
    aws.sandbox.advance(SYNCED);
    let gone = aws.on_vpc(&zone, "deauthorizevpcassociation", &theirs).await;
    assert_eq!((gone.status, gone.code().as_str()), (404, "VPCAssociationAuthorizationNotFound"));
    assert!(aws.r53("GET", &list).await.all("VPCs.VPC.VPCId").is_empty());
    assert_eq!(aws.r53("GET", &path).await.all("VPCs.VPC.VPCId").len(), 2);

    // Either side ends it, and a third one does not.
    aws.key = "777788889999".to_owned();
    assert_eq!(aws.on_vpc(&zone, "disassociatevpc", &theirs).await.code(), "AccessDenied");
    aws.key = OTHER.to_owned();
    assert_eq!(aws.on_vpc(&zone, "disassociatevpc", &theirs).await.status, 200);
    aws.sandbox.advance(SYNCED);
    assert_eq!(aws.on_vpc(&zone, "associatevpc", &theirs).await.code(), "NotAuthorizedException");
    aws.call("DeleteVpc", format!("VpcId={theirs}")).await;
}

#[tokio::test]
async fn authorisations_have_pages_and_a_quota() {
    let mut aws = start().await;
    aws.sandbox.set_quotas(Quotas { vpc_association_authorizations: 2, ..Quotas::default() });
    let ours = aws.vpc("10.0.0.0/16").await;
    let zone = aws.zone("a.example", "1", &ours).await;
    aws.key = OTHER.to_owned();
    let mut theirs = Vec::new();
    for n in 1..=3 {
        theirs.push(aws.vpc(&format!("10.{n}.0.0/16")).await);
    }
    aws.key = ACCOUNT.to_owned();
    for vpc in &theirs[..2] {
        assert_eq!(aws.on_vpc(&zone, "authorizevpcassociation", vpc).await.status, 200);
        aws.sandbox.advance(SYNCED);
    }
    let most = aws.on_vpc(&zone, "authorizevpcassociation", &theirs[2]).await;
    assert_eq!(most.code(), "TooManyVPCAssociationAuthorizations");
    let input = json!({ "HostedZoneId": zone, "MaxResults": "1" });
    let first = aws.r53_call("ListVPCAssociationAuthorizations", input).unwrap();
    let input = json!({ "HostedZoneId": zone, "NextToken": first["NextToken"] });
    let second = aws.r53_call("ListVPCAssociationAuthorizations", input).unwrap();
    let mut seen = [&first, &second].map(|page| page["VPCs"][0]["VPCId"].as_str().unwrap().to_owned());
    seen.sort();
    theirs.truncate(2);
    theirs.sort();
    assert_eq!(seen.to_vec(), theirs);
    assert!(second.get("NextToken").is_none());
}
