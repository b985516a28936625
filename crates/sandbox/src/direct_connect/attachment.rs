//! DescribeDirectConnectGatewayAttachments: the virtual interfaces of a gateway.

use serde::Deserialize;
use serde_json::{Value, json};

use super::virtual_interface::VirtualInterface;
use super::{page, refused};
use crate::error::Result;
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] =
    &[Operation::json_read("DescribeDirectConnectGatewayAttachments", describe)];

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Describe {
    direct_connect_gateway_id: Option<String>,
    virtual_interface_id: Option<String>,
    max_results: Option<i64>,
    next_token: Option<String>,
}

/// DOC: "You must specify a Direct Connect gateway, a virtual interface, or both."
fn describe(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Describe { direct_connect_gateway_id: gateway, virtual_interface_id: interface, max_results, next_token } =
        json_input(input)?;
    if gateway.is_none() && interface.is_none() {
        return Err(refused("Either a Direct Connect gateway id or a virtual interface id must be given."));
    }
    let ctx = &*ctx;
    let rows = ctx.state.direct_connect.virtual_interfaces.iter();
    let rows = rows.filter(|(id, it)| {
        it.owner == ctx.caller.account
            && it.gateway.is_some()
            && gateway.as_ref().is_none_or(|gateway| it.gateway.as_ref() == Some(gateway))
            && interface.as_ref().is_none_or(|interface| interface == *id)
    });
    let rows = rows.map(|(id, it)| (id.clone(), json(ctx, id, it)));
    page::answer("directConnectGatewayAttachments", rows, max_results, next_token.as_deref())
}

fn json(ctx: &Ctx<'_>, id: &str, interface: &VirtualInterface) -> Value {
    let state = match interface.state(ctx.now) {
        "available" => "attached",
        "deleting" => "detaching",
        "deleted" => "detached",
        _ => "attaching",
    };
    json!({
        "directConnectGatewayId": interface.gateway,
        "virtualInterfaceId": id,
        "virtualInterfaceRegion": interface.region,
        "virtualInterfaceOwnerAccount": interface.owner,
        "attachmentState": state,
        "attachmentType": "TransitVirtualInterface",
    })
}
