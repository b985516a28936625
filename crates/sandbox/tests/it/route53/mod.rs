//! Route 53, rule by rule.

mod associations;
mod records;
mod tags;
mod zones;

use std::time::Duration;

use gcnet_sandbox::{ApiCall, ClockMode, Options};
use serde_json::{Value, json};

use crate::client::{Aws, REGION, Reply};

const NAMESPACE: &str = "https://route53.amazonaws.com/doc/2013-04-01/";
/// Longer than a change takes.
const SYNCED: Duration = Duration::from_secs(60);

/// Time passes in these tests only where they say so.
async fn start() -> Aws {
    Aws::start(Options { clock: ClockMode::Stepped(Duration::ZERO), ..Options::default() }).await
}

impl Aws {
    /// A call without a document.
    async fn r53(&self, method: &str, path: &str) -> Reply {
        self.rest("route53", method, &format!("/2013-04-01/{path}"), "").await
    }

    /// A POST whose document has this content.
    async fn r53_post(&self, path: &str, root: &str, content: &str) -> Reply {
        let body = format!("<{root} xmlns=\"{NAMESPACE}\">{content}</{root}>");
        self.rest("route53", "POST", &format!("/2013-04-01/{path}"), &body).await
    }

    /// The id of a private zone that has just become INSYNC.
    async fn zone(&self, name: &str, reference: &str, vpc: &str) -> String {
        let made = self.create_zone(name, reference, &vpc_xml(vpc)).await;
        assert_eq!(made.status, 201, "{}", made.body);
        self.sandbox.advance(SYNCED);
        made.one("HostedZone.Id").strip_prefix("/hostedzone/").unwrap().to_owned()
    }

    async fn create_zone(&self, name: &str, reference: &str, more: &str) -> Reply {
        let content = format!("<Name>{name}</Name>{more}<CallerReference>{reference}</CallerReference>");
        self.r53_post("hostedzone", "CreateHostedZoneRequest", &content).await
    }

    async fn on_vpc(&self, zone: &str, verb: &str, vpc: &str) -> Reply {
        let root = match verb {
            "associatevpc" => "AssociateVPCWithHostedZoneRequest",
            "disassociatevpc" => "DisassociateVPCFromHostedZoneRequest",
            "authorizevpcassociation" => "CreateVPCAssociationAuthorizationRequest",
            _ => "DeleteVPCAssociationAuthorizationRequest",
        };
        self.r53_post(&format!("hostedzone/{zone}/{verb}"), root, &vpc_xml(vpc)).await
    }

    /// A call from within the process; the input as the API's model has it.
    fn r53_call(&self, operation: &str, input: Value) -> Result<Value, String> {
        self.r53_wish(operation, input, None)
    }

    fn r53_wish(&self, operation: &str, input: Value, id: Option<&str>) -> Result<Value, String> {
        let call = ApiCall {
            account: self.key.clone(),
            region: REGION.to_owned(),
            service: "route53".to_owned(),
            operation: operation.to_owned(),
            input,
            id: id.map(str::to_owned),
        };
        self.sandbox.call(&call).map_err(|error| format!("{}: {}", error.code, error.message))
    }

    /// A batch of changes, after which time passes; the messages where it is refused.
    fn change(&self, zone: &str, changes: Value) -> Result<(), String> {
        let input = json!({ "HostedZoneId": zone, "ChangeBatch": { "Changes": changes } });
        let answer = self.r53_call("ChangeResourceRecordSets", input);
        self.sandbox.advance(SYNCED);
        answer.map(drop)
    }
}

fn vpc_xml(id: &str) -> String {
    format!("<VPC><VPCRegion>{REGION}</VPCRegion><VPCId>{id}</VPCId></VPC>")
}

/// A change of a simple set.
fn simple(action: &str, name: &str, kind: &str, ttl: u32, values: &[&str]) -> Value {
    let records: Vec<Value> = values.iter().map(|value| json!({ "Value": value })).collect();
    json!({
        "Action": action,
        "ResourceRecordSet": { "Name": name, "Type": kind, "TTL": ttl, "ResourceRecords": records },
    })
}

/// A change of an alias.
fn alias(action: &str, name: &str, zone: &str, target: &str) -> Value {
    let target = json!({ "HostedZoneId": zone, "DNSName": target, "EvaluateTargetHealth": false });
    json!({ "Action": action, "ResourceRecordSet": { "Name": name, "Type": "A", "AliasTarget": target } })
}
