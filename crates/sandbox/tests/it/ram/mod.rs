//! Resource Access Manager: shares, whom they are for, invitations, what the other account sees.

mod invitations;
mod organizations;
mod shared_gateways;
mod shares;

use std::time::Duration;

use gcnet_sandbox::{ClockMode, Options};
use serde_json::{Value, json};

use crate::client::{ACCOUNT, Aws, OTHER, REGION, Reply};

const DAY: u64 = 24 * 3600;

/// Time moves only when a test says so.
async fn start() -> Aws {
    Aws::start(Options { clock: ClockMode::Stepped(Duration::ZERO), ..Options::default() }).await
}

fn gateway_arn(id: &str) -> String {
    format!("arn:aws:ec2:{REGION}:{ACCOUNT}:transit-gateway/{id}")
}

impl Aws {
    fn pass(&self, seconds: u64) {
        self.sandbox.advance(Duration::from_secs(seconds));
    }

    /// From now on the caller is this account.
    fn as_account(&mut self, account: &str) {
        self.key = account.to_owned();
    }

    async fn ram(&self, operation: &str, body: Value) -> Reply {
        let path = format!("/{}", operation.to_ascii_lowercase());
        if operation == "DeleteResourceShare" {
            let members: Vec<(&str, &str)> = body
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
                .collect();
            let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(members).finish();
            return self.rest("ram", "DELETE", &format!("{path}?{query}"), "").await;
        }
        self.rest("ram", "POST", &path, &body.to_string()).await
    }

    async fn ram_ok(&self, operation: &str, body: Value) -> Value {
        let reply = self.ram(operation, body.clone()).await;
        assert_eq!(reply.status, 200, "{operation} {body}: {} {}", reply.code(), reply.body);
        serde_json::from_str(&reply.body).unwrap()
    }

    async fn ram_refuses(&self, operation: &str, body: Value, code: &str) {
        let reply = self.ram(operation, body.clone()).await;
        assert_eq!(reply.status, 400, "{operation} {body} was not refused");
        assert_eq!(reply.code(), code, "{operation} {body}: {}", reply.body);
    }

    /// A gateway that is available.
    async fn shareable(&self) -> String {
        let id = self.call("CreateTransitGateway", "").await.one("transitGatewayId");
        self.pass(90);
        id
    }

    /// A share that is active.
    async fn share(&self, body: Value) -> String {
        let made = self.ram_ok("CreateResourceShare", body).await;
        self.pass(2);
        made["resourceShare"]["resourceShareArn"].as_str().unwrap().to_owned()
    }

    /// A share of a gateway with the other account, which has not accepted yet: share and gateway.
    async fn offered(&self) -> (String, String) {
        let gateway = self.shareable().await;
        let body = json!({ "name": "tgw", "resourceArns": [gateway_arn(&gateway)], "principals": [OTHER] });
        let share = self.share(body).await;
        self.pass(10);
        (share, gateway)
    }

    /// The same, accepted and seen. The caller is the owner before and after.
    async fn shared(&mut self) -> (String, String) {
        let (share, gateway) = self.offered().await;
        self.as_account(OTHER);
        let invitation = self.invitation().await;
        self.ram_ok("AcceptResourceShareInvitation", json!({ "resourceShareInvitationArn": invitation })).await;
        self.as_account(ACCOUNT);
        self.pass(5 + 20);
        (share, gateway)
    }

    /// The status of the associations of a type, with the entity.
    async fn associations(&self, kind: &str, share: &str) -> Vec<(String, String)> {
        let body = json!({ "associationType": kind, "resourceShareArns": [share] });
        let found = self.ram_ok("GetResourceShareAssociations", body).await;
        let all = found["resourceShareAssociations"].as_array().unwrap().iter();
        all.map(|it| (text(&it["associatedEntity"]), text(&it["status"]))).collect()
    }

    async fn principal(&self, share: &str) -> String {
        let all = self.associations("PRINCIPAL", share).await;
        assert_eq!(all.len(), 1);
        all[0].1.clone()
    }

    async fn invitations(&self) -> Vec<Value> {
        let found = self.ram_ok("GetResourceShareInvitations", json!({})).await;
        found["resourceShareInvitations"].as_array().unwrap().clone()
    }

    /// The ARN of the only invitation.
    async fn invitation(&self) -> String {
        let all = self.invitations().await;
        assert_eq!(all.len(), 1, "{all:?}");
        text(&all[0]["resourceShareInvitationArn"])
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
