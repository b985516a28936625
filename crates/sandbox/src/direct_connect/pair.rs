//! A Direct Connect gateway and a transit gateway, maybe of two accounts: what associations and proposals have in common.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{missing, page, refused};
use crate::clock::Moment;
use crate::ec2::{TransitGateway, direct_connect_attachment as tgw_side};
use crate::error::Result;
use crate::service::Ctx;

/// A transit gateway, wherever it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TransitGatewayRef {
    pub id: String,
    pub owner: String,
    pub region: String,
}

impl TransitGatewayRef {
    /// The transit gateway of an account in the Region of the request. The caller need not see it.
    pub(super) fn here(ctx: &Ctx<'_>, owner: &str, id: String) -> Self {
        TransitGatewayRef { id, owner: owner.to_owned(), region: ctx.region.to_owned() }
    }

    /// It, which must be in the Region of the request and available. (The former as for virtual private gateways:
    /// terraform-provider-aws #37791.)
    pub(super) fn usable<'a>(&self, ctx: &'a Ctx<'_>) -> Result<&'a TransitGateway> {
        let found = tgw_side::transit_gateway(ctx.state, &self.owner, ctx.region, &self.id);
        let found = found.ok_or_else(|| missing("Transit Gateway", &self.id))?;
        match found.state(ctx.now) {
            "available" => Ok(found),
            state => Err(refused(format!("Transit Gateway {} is in the state {state}.", self.id))),
        }
    }
}

/// The two ends.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub gateway: &'a str,
    pub gateway_owner: &'a str,
    pub transit_gateway: &'a TransitGatewayRef,
}

impl Pair<'_> {
    /// By the owners of both ends.
    pub fn is_seen_by(self, ctx: &Ctx<'_>) -> bool {
        let caller = &ctx.caller.account;
        self.gateway_owner == caller || self.transit_gateway.owner == *caller
    }

    /// Writes the ends into an answer.
    pub fn write(self, answer: &mut Value) {
        let TransitGatewayRef { id, owner, region } = self.transit_gateway;
        answer["directConnectGatewayId"] = json!(self.gateway);
        answer["directConnectGatewayOwnerAccount"] = json!(self.gateway_owner);
        answer["associatedGateway"] =
            json!({ "id": id, "type": "transitGateway", "ownerAccount": owner, "region": region });
    }
}

/// What stands between two gateways.
pub(super) trait Between {
    fn ends(&self) -> Pair<'_>;

    /// As in an answer, with its id.
    fn json(&self, id: &str, now: Moment) -> Value;
}

/// Which of a list are asked for, and which page of them.
pub(super) struct Wanted {
    pub id: Option<String>,
    pub gateway: Option<String>,
    pub transit_gateway: Option<String>,
    pub max_results: Option<i64>,
    pub next_token: Option<String>,
}

impl Wanted {
    /// The list `name` of an answer: of all that the caller sees, what is asked for. `all` is sorted.
    pub fn of<'a, T: Between + 'a>(
        &self,
        ctx: &Ctx<'_>,
        name: &str,
        all: impl Iterator<Item = (&'a String, &'a T)>,
    ) -> Result<Value> {
        let is = |wanted: &Option<String>, it: &str| wanted.as_ref().is_none_or(|wanted| wanted == it);
        let rows = all.filter(|(id, it)| {
            let ends = it.ends();
            ends.is_seen_by(ctx)
                && is(&self.id, id)
                && is(&self.gateway, ends.gateway)
                && is(&self.transit_gateway, &ends.transit_gateway.id)
        });
        let rows = rows.map(|(id, it)| (id.clone(), it.json(id, ctx.now)));
        page::answer(name, rows, self.max_results, self.next_token.as_deref())
    }
}
