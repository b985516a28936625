//! Attachments between two accounts. No request can make one as long as gateways are not shared, so these tests start
//! below [`super::visible`].

use std::time::Duration;

use super::vpc_attachment::{self, AttachmentOptions, Wanted};
use crate::account::{Caller, Mfa};
use crate::clock::Moment;
use crate::ec2::{SERVICE, Tags};
use crate::error::{AwsError, Result};
use crate::organization::Organizations;
use crate::protocol::{Form, Params, Xml};
use crate::quota::Quotas;
use crate::service::{Ctx, Run};
use crate::store::State;
use crate::wish::Wish;

const HUB: &str = "111122223333";
const SPOKE: &str = "444455556666";
const REGION: &str = "ap-northeast-1";

struct Cloud {
    state: State,
    now: Moment,
}

impl Cloud {
    fn wait(&mut self, seconds: u64) {
        self.now = self.now.plus(Duration::from_secs(seconds));
    }

    fn with<T>(&mut self, account: &str, run: impl FnOnce(&mut Ctx<'_>) -> Result<T>) -> Result<T> {
        let (account, mfa) = (account.to_owned(), Mfa::Untold);
        let caller = Caller { account, arn: String::new(), user_id: String::new(), role_arn: None, mfa };
        let mut state = self.state.clone();
        state.settle(self.now);
        let quotas = Quotas::default();
        let (now, wall) = (self.now, self.now);
        let (wish, organizations) = (Wish::default(), Organizations::default());
        let mut ctx = Ctx {
            state: &mut state,
            now,
            wall,
            caller: &caller,
            region: REGION,
            quotas: &quotas,
            organizations: &organizations,
            wish,
        };
        let answer = run(&mut ctx)?;
        self.state = state;
        Ok(answer)
    }

    /// An operation with its parameters as `A=b C=d`; the answer as a document.
    fn call(&mut self, account: &str, operation: &str, params: impl AsRef<str>) -> Result<String> {
        let pairs = params.as_ref().split_whitespace().filter_map(|word| word.split_once('='));
        let form: Form = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let Some(Run::Query(run)) = SERVICE.operation(operation).map(|known| known.run) else {
            return Err(AwsError::new("InvalidAction", operation));
        };
        self.with(account, |ctx| run(ctx, &Params::new(&form)).map(text))
    }

    fn code(&mut self, account: &str, operation: &str, params: impl AsRef<str>) -> String {
        self.call(account, operation, params).unwrap_err().code.into_owned()
    }

    /// The state of the only attachment, as an account sees it.
    fn state_for(&mut self, account: &str) -> String {
        one(&self.call(account, "DescribeTransitGatewayVpcAttachments", "").unwrap(), "state")
    }
}

fn text(xml: Xml) -> String {
    xml.document("Answer", None)
}

/// The text of the first element of this name; empty if there is none.
fn one(document: &str, name: &str) -> String {
    let after = document.split_once(&format!("<{name}>")).map(|(_, rest)| rest);
    after.and_then(|rest| rest.split('<').next()).unwrap_or_default().to_owned()
}

/// A hub's gateway with default tables and a spoke's attachment to it: cloud, gateway, attachment.
fn attached(options: &str) -> (Cloud, String, String) {
    let mut cloud = Cloud { state: State::default(), now: Moment::from_millis(0) };
    let gateway = cloud.call(HUB, "CreateTransitGateway", options).unwrap();
    let gateway = one(&gateway, "transitGatewayId");
    cloud.wait(90);
    let vpc = one(&cloud.call(SPOKE, "CreateVpc", "CidrBlock=10.1.0.0/16").unwrap(), "vpcId");
    let subnet = cloud.call(SPOKE, "CreateSubnet", format!("VpcId={vpc} CidrBlock=10.1.0.0/24")).unwrap();
    let subnets = vec![one(&subnet, "subnetId")];
    let tags = Tags::from([("Name".to_owned(), "spoke".to_owned())]);
    let wanted = Wanted { vpc, subnets, options: AttachmentOptions::default(), tags };
    let made = cloud.with(SPOKE, |ctx| vpc_attachment::attach(ctx, HUB, &gateway, wanted).map(text)).unwrap();
    (cloud, gateway, one(&made, "transitGatewayAttachmentId"))
}

#[test]
fn the_gateways_owner_accepts() {
    let (mut cloud, gateway, id) = attached("");
    let named = format!("TransitGatewayAttachmentId={id}");
    for account in [HUB, SPOKE] {
        assert_eq!(cloud.state_for(account), "pendingAcceptance", "{account}");
    }
    let accept = "AcceptTransitGatewayVpcAttachment";
    assert_eq!(cloud.code(SPOKE, accept, &named), "OperationNotPermitted");
    assert_eq!(cloud.code(HUB, "DeleteTransitGateway", format!("TransitGatewayId={gateway}")), "IncorrectState");
    assert_eq!(one(&cloud.call(HUB, accept, &named).unwrap(), "state"), "pending");
    assert_eq!(cloud.code(HUB, accept, &named), "IncorrectState");
    cloud.wait(75 + 30);
    for account in [HUB, SPOKE] {
        assert_eq!(cloud.state_for(account), "available", "{account}");
    }

    // The hub sees its table's association and the spoke's block; the spoke sees neither.
    let read = "DescribeTransitGatewayAttachments";
    let seen = cloud.call(HUB, read, "").unwrap();
    assert_eq!(one(&seen, "resourceOwnerId"), SPOKE);
    assert_eq!(one(&seen, "transitGatewayOwnerId"), HUB);
    let table = one(&seen, "transitGatewayRouteTableId");
    assert!(seen.contains("<state>associated</state>"), "{seen}");
    assert_eq!(one(&cloud.call(SPOKE, read, "").unwrap(), "transitGatewayRouteTableId"), "");
    let search = format!("TransitGatewayRouteTableId={table} Filter.1.Name=type Filter.1.Value.1=propagated");
    let routes = cloud.call(HUB, "SearchTransitGatewayRoutes", &search).unwrap();
    assert_eq!(one(&routes, "destinationCidrBlock"), "10.1.0.0/16");
    assert_eq!(cloud.code(SPOKE, "SearchTransitGatewayRoutes", search), "InvalidRouteTableID.NotFound");

    // Only the VPC's owner modifies it; either deletes it, and it ends for both.
    let modify = format!("{named} Options.DnsSupport=disable");
    assert_eq!(cloud.code(HUB, "ModifyTransitGatewayVpcAttachment", modify), "OperationNotPermitted");
    cloud.call(HUB, "DeleteTransitGatewayVpcAttachment", &named).unwrap();
    for (seconds, state) in [(0, "deleting"), (60, "deleted"), (3600, "")] {
        cloud.wait(seconds);
        for account in [HUB, SPOKE] {
            assert_eq!(cloud.state_for(account), state, "{account}");
        }
    }
    assert_eq!(one(&cloud.call(SPOKE, "DescribeNetworkInterfaces", "").unwrap(), "networkInterfaceId"), "");
    cloud.call(HUB, "DeleteTransitGateway", format!("TransitGatewayId={gateway}")).unwrap();
}

#[test]
fn the_gateways_owner_rejects() {
    let (mut cloud, _, id) = attached("");
    let named = format!("TransitGatewayAttachmentId={id}");
    let reject = "RejectTransitGatewayVpcAttachment";
    assert_eq!(cloud.code(SPOKE, reject, &named), "OperationNotPermitted");
    cloud.call(HUB, reject, &named).unwrap();
    assert_eq!(cloud.state_for(SPOKE), "rejecting");
    assert_eq!(cloud.code(SPOKE, "DeleteTransitGatewayVpcAttachment", &named), "IncorrectState");
    cloud.wait(10);
    for account in [HUB, SPOKE] {
        assert_eq!(cloud.state_for(account), "rejected", "{account}");
    }
    assert_eq!(cloud.code(HUB, reject, &named), "InvalidTransitGatewayAttachmentID.NotFound");
}

#[test]
fn a_request_can_be_withdrawn_or_accepted_at_once() {
    let (mut cloud, _, id) = attached("");
    cloud.call(SPOKE, "DeleteTransitGatewayVpcAttachment", format!("TransitGatewayAttachmentId={id}")).unwrap();
    assert_eq!(cloud.state_for(HUB), "deleting");

    let (mut cloud, _, _) = attached("Options.AutoAcceptSharedAttachments=enable");
    assert_eq!(cloud.state_for(HUB), "pending");
}

#[test]
fn each_account_has_its_own_tags() {
    let (mut cloud, _, id) = attached("");
    let read = |cloud: &mut Cloud, account: &str| {
        one(&cloud.call(account, "DescribeTransitGatewayVpcAttachments", "").unwrap(), "value")
    };
    assert_eq!((read(&mut cloud, HUB), read(&mut cloud, SPOKE)), (String::new(), "spoke".to_owned()));
    cloud.call(HUB, "CreateTags", format!("ResourceId.1={id} Tag.1.Key=Name Tag.1.Value=hub")).unwrap();
    assert_eq!((read(&mut cloud, HUB), read(&mut cloud, SPOKE)), ("hub".to_owned(), "spoke".to_owned()));
}
