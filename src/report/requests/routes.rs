//! What the other party's own tables must send here. Nobody but the party sees whether they do.

use gcnet_core::{Request, theirs};
use serde_json::{Value, json};

use super::command;
use crate::{
    blueprint::{self, Purpose},
    config::schema::{Asp, Connect, Municipality},
    handshake::Handshake,
    report::Lang,
};

/// The destinations and the calls that add them; empty where nothing of theirs has to lead to us.
pub(super) fn text(
    municipality: &Municipality,
    handshake: &Handshake,
    ask: &gcnet_core::Ask,
    region: &str,
    lang: Lang,
) -> String {
    let Some(asp) = asp(municipality, handshake) else { return String::new() };
    let Some(add) = adding(handshake, ask) else { return String::new() };
    let destinations: Vec<String> =
        blueprint::destinations(municipality, asp).iter().map(ToString::to_string).collect();
    let rows: String = destinations.iter().map(|cidr| format!("| `{cidr}` |\n")).collect();
    let head = lang.pick(
        "自治体の Transit Gateway に向ける宛先:\n\n| 宛先 |\n|---|\n",
        "Destinations to send to the municipality's transit gateway:\n\n| Destination |\n|---|\n",
    );
    let label = lang.pick(
        "承諾の後に、通信に使うルートテーブルごとに実行するもの（AWS CLI）:",
        "After the acceptance, for each route table in use (AWS CLI):",
    );
    let commands: Vec<String> =
        destinations.into_iter().map(|cidr| command::text(&add(cidr.into()), region, lang)).collect();
    format!("{head}{rows}\n{label}\n\n```sh\n{}\n```\n\n", commands.join("\n\n"))
}

/// Behind a PrivateLink lies no route.
fn asp<'a>(municipality: &'a Municipality, handshake: &Handshake) -> Option<&'a Asp> {
    let Some(Purpose::Asp(name)) = &handshake.purpose else { return None };
    let asp = municipality.asps.iter().find(|asp| asp.name.as_str() == name)?;
    (asp.connect.value != Connect::Privatelink).then_some(asp)
}

/// Makes the call that adds one destination; `None` for what is no attachment that they are about to have.
fn adding(handshake: &Handshake, ask: &gcnet_core::Ask) -> Option<Box<dyn Fn(Value) -> Request>> {
    let call = ask.calls.last()?.clone();
    let member = |name: &str| call.input.get(name).cloned();
    match ask.action.as_str() {
        "attach-vpc" => {
            let tgw = member("TransitGatewayId")?;
            let table = theirs("route-tables-of", member("VpcId")?.as_str()?);
            Some(Box::new(move |cidr| {
                let input = json!({ "RouteTableId": table, "DestinationCidrBlock": cidr, "TransitGatewayId": tgw });
                Request::new("ec2", "CreateRoute", input)
            }))
        }
        "accept-peering" | "request-peering" => {
            let gateway = handshake.address.name().rsplit('/').next().unwrap_or_default().to_string();
            let attachment = member("TransitGatewayAttachmentId").unwrap_or_else(|| theirs("peering-of", &gateway));
            Some(Box::new(move |cidr| {
                let input = json!({
                    "TransitGatewayRouteTableId": theirs("transit-tables-of", &gateway),
                    "DestinationCidrBlock": cidr,
                    "TransitGatewayAttachmentId": attachment,
                });
                Request { region: call.region.clone(), ..Request::new("ec2", "CreateTransitGatewayRoute", input) }
            }))
        }
        _ => None,
    }
}
