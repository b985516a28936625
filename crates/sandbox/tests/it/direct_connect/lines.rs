//! A provider's connection and the virtual interface that it hosts for us.

use gcnet_sandbox::{ApiCall, Options};
use serde_json::{Value, json};

use super::{associate, dx, gateway, text};
use crate::client::{ACCOUNT, Aws, OTHER, REGION};
use crate::transit_gateway::stepped;

/// The provider's, available.
fn connection(aws: &Aws) -> String {
    let input = json!({ "location": "TYO", "bandwidth": "10Gbps", "connectionName": "lgcs", "providerName": "p" });
    let made = dx(aws, OTHER, "CreateConnection", input).unwrap();
    assert_eq!(made["connectionState"], "requested");
    aws.wait(60);
    text(&made["connectionId"])
}

fn allocation(connection: &str, vlan: i64) -> Value {
    json!({
        "connectionId": connection,
        "ownerAccount": ACCOUNT,
        "newTransitVirtualInterfaceAllocation": { "virtualInterfaceName": "itano", "vlan": vlan, "asn": 65000, "mtu": 8500 },
    })
}

fn interface(aws: &Aws, account: &str, id: &str) -> Value {
    let listed = dx(aws, account, "DescribeVirtualInterfaces", json!({ "virtualInterfaceId": id }));
    listed.unwrap()["virtualInterfaces"][0].clone()
}

#[tokio::test]
async fn a_hosted_interface_is_confirmed_and_ends() {
    let aws = Aws::start(stepped()).await;
    let connection = connection(&aws);
    let made = dx(&aws, OTHER, "AllocateTransitVirtualInterface", allocation(&connection, 101)).unwrap();
    let id = text(&made["virtualInterface"]["virtualInterfaceId"]);
    let seen = interface(&aws, ACCOUNT, &id);
    assert_eq!(seen, interface(&aws, OTHER, &id));
    assert_eq!((&seen["virtualInterfaceState"], &seen["ownerAccount"]), (&json!("confirming"), &json!(ACCOUNT)));
    assert_eq!((&seen["virtualInterfaceType"], &seen["asnLong"]), (&json!("transit"), &json!(65000)));

    let line = gateway(&aws, ACCOUNT, 64512);
    let confirm = json!({ "virtualInterfaceId": id, "directConnectGatewayId": line });
    assert!(
        dx(&aws, OTHER, "ConfirmTransitVirtualInterface", confirm.clone()).unwrap_err().contains("another account")
    );
    let state = dx(&aws, ACCOUNT, "ConfirmTransitVirtualInterface", confirm.clone()).unwrap();
    assert_eq!(state["virtualInterfaceState"], "pending");
    assert!(dx(&aws, ACCOUNT, "ConfirmTransitVirtualInterface", confirm).is_err());
    let attachments = || {
        let input = json!({ "directConnectGatewayId": line });
        let listed = dx(&aws, ACCOUNT, "DescribeDirectConnectGatewayAttachments", input).unwrap();
        listed["directConnectGatewayAttachments"][0].clone()
    };
    assert_eq!(attachments()["attachmentState"], "attaching");
    aws.wait(120);
    let seen = interface(&aws, ACCOUNT, &id);
    assert_eq!((&seen["virtualInterfaceState"], &seen["amazonSideAsn"]), (&json!("available"), &json!(64512)));
    assert_eq!(seen["bgpPeers"][0]["bgpStatus"], "up");
    assert_eq!(
        (&attachments()["attachmentState"], &attachments()["virtualInterfaceId"]),
        (&json!("attached"), &json!(id))
    );

    let delete = json!({ "directConnectGatewayId": line });
    assert!(
        dx(&aws, ACCOUNT, "DeleteDirectConnectGateway", delete.clone()).unwrap_err().contains("virtual interfaces")
    );
    let held = json!({ "connectionId": connection });
    assert!(dx(&aws, OTHER, "DeleteConnection", held.clone()).unwrap_err().contains("virtual interfaces"));
    let ended = dx(&aws, OTHER, "DeleteVirtualInterface", json!({ "virtualInterfaceId": id })).unwrap();
    assert_eq!(ended["virtualInterfaceState"], "deleting");
    assert_eq!(attachments()["attachmentState"], "detaching");
    aws.wait(60);
    assert_eq!(interface(&aws, ACCOUNT, &id)["virtualInterfaceState"], "deleted");
    assert_eq!(attachments()["attachmentState"], "detached");
    dx(&aws, ACCOUNT, "DeleteDirectConnectGateway", delete).unwrap();
    assert_eq!(dx(&aws, OTHER, "DeleteConnection", held.clone()).unwrap()["connectionState"], "deleting");
    aws.wait(15 * 60);
    let gone = dx(&aws, ACCOUNT, "DescribeVirtualInterfaces", json!({ "virtualInterfaceId": id }));
    assert!(gone.unwrap_err().contains("does not exist"));
    assert!(dx(&aws, OTHER, "DescribeConnections", held).unwrap_err().contains("Could not find Connection"));
    assert!(aws.sandbox.everything(ACCOUNT).is_empty() && aws.sandbox.everything(OTHER).is_empty());
}

#[tokio::test]
async fn a_hosted_interface_that_is_declined_is_rejected() {
    let aws = Aws::start(stepped()).await;
    let connection = connection(&aws);
    let line = gateway(&aws, ACCOUNT, 64512);
    let offered = |vlan| {
        let made = dx(&aws, OTHER, "AllocateTransitVirtualInterface", allocation(&connection, vlan)).unwrap();
        text(&made["virtualInterface"]["virtualInterfaceId"])
    };
    let delete = |account, id: &str| {
        let ended = dx(&aws, account, "DeleteVirtualInterface", json!({ "virtualInterfaceId": id })).unwrap();
        text(&ended["virtualInterfaceState"])
    };
    let (declined, withdrawn) = (offered(1), offered(2));
    assert_eq!((delete(ACCOUNT, &declined), delete(OTHER, &withdrawn)), ("rejected".into(), "deleting".into()));
    let confirm = json!({ "virtualInterfaceId": declined, "directConnectGatewayId": line });
    assert!(dx(&aws, ACCOUNT, "ConfirmTransitVirtualInterface", confirm).is_err());
    aws.wait(60);
    assert_eq!(interface(&aws, OTHER, &declined)["virtualInterfaceState"], "rejected");
    offered(1);
}

#[tokio::test]
async fn what_aws_refuses_is_refused() {
    let aws = Aws::start(stepped()).await;
    for input in [
        json!({ "location": "TYO", "bandwidth": "2Gbps", "connectionName": "a" }),
        json!({ "location": "", "bandwidth": "1Gbps", "connectionName": "a" }),
    ] {
        assert!(dx(&aws, OTHER, "CreateConnection", input).is_err());
    }
    let connection = connection(&aws);
    dx(&aws, OTHER, "AllocateTransitVirtualInterface", allocation(&connection, 1)).unwrap();
    let mut odd = Vec::new();
    for (member, value) in [
        ("vlan", json!(0)),
        ("vlan", json!(1)),
        ("vlan", json!(4095)),
        ("asn", json!(0)),
        ("asn", json!(null)),
        ("asnLong", json!(65000)),
        ("mtu", json!(9000)),
        ("addressFamily", json!("ipv6")),
        ("virtualInterfaceName", json!("")),
    ] {
        let mut input = allocation(&connection, 2);
        input["newTransitVirtualInterfaceAllocation"][member] = value;
        odd.push(input);
    }
    let mut nobody = allocation(&connection, 2);
    nobody["ownerAccount"] = json!("1");
    odd.extend([nobody, allocation("dxcon-00000000", 2)]);
    for input in odd {
        assert!(dx(&aws, OTHER, "AllocateTransitVirtualInterface", input.clone()).is_err(), "{input}");
    }
    assert!(dx(&aws, ACCOUNT, "AllocateTransitVirtualInterface", allocation(&connection, 2)).is_err());
    for vlan in 2..=4 {
        dx(&aws, OTHER, "AllocateTransitVirtualInterface", allocation(&connection, vlan)).unwrap();
    }
    let reply = Aws { key: OTHER.to_owned(), ..aws };
    let body = allocation(&connection, 5).to_string();
    let reply = reply.json("directconnect", "OvertureService.AllocateTransitVirtualInterface", &body).await;
    assert_eq!(reply.code(), "LimitExceededException");
}

#[tokio::test]
async fn ids_may_be_wished_for_and_all_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let options = || Options { file: Some(folder.path().join("sandbox.json")), ..stepped() };
    let aws = Aws::start(options()).await;
    let wished = |operation: &str, input: Value, id: &str| ApiCall {
        account: OTHER.to_owned(),
        region: REGION.to_owned(),
        service: "directconnect".to_owned(),
        operation: operation.to_owned(),
        input,
        id: Some(id.to_owned()),
    };
    let line = "0a1b2c3d-0000-4000-8000-00000000000f";
    let name = json!({ "directConnectGatewayName": "lgcs" });
    aws.sandbox.call(&wished("CreateDirectConnectGateway", name, line)).unwrap();
    let port = json!({ "location": "TYO", "bandwidth": "1Gbps", "connectionName": "lgcs" });
    aws.sandbox.call(&wished("CreateConnection", port, "dxcon-0a1b2c3d")).unwrap();
    aws.wait(60);
    let allocation = allocation("dxcon-0a1b2c3d", 7);
    aws.sandbox.call(&wished("AllocateTransitVirtualInterface", allocation, "dxvif-0a1b2c3d")).unwrap();
    let own = gateway(&aws, ACCOUNT, 64512);
    let transit = aws.gateway("Options.AmazonSideAsn=64700").await;
    associate(&aws, ACCOUNT, &own, &transit, &["10.1.0.0/16"]).unwrap();
    aws.sandbox.announce(&own, &["10.9.0.0/16".parse().unwrap()]).unwrap();
    let (before, theirs) = (aws.sandbox.everything(ACCOUNT), aws.sandbox.everything(OTHER));
    let ids: Vec<&str> = theirs.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids, [line, "dxcon-0a1b2c3d"]);
    aws.sandbox.stop().await;

    let aws = Aws::start(options()).await;
    assert_eq!((aws.sandbox.everything(ACCOUNT), aws.sandbox.everything(OTHER)), (before, theirs));
    let saved = std::fs::read_to_string(folder.path().join("sandbox.json")).unwrap();
    assert!(saved.contains("10.9.0.0/16"));
}
