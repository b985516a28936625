//! The part of a sheet about routes: what the party's own tables have to send to us, for as long as the connection lasts.

use gcnet_aws::kinds::{ForeignRoute, TgwPeering};
use gcnet_core::Request;

use super::{Writer, command};
use crate::{
    blueprint::{Tables, Upkeep},
    report::layout::clean,
};

impl Writer<'_> {
    /// Nothing where there is nothing to route.
    pub(super) fn upkeep(&self, upkeep: &[&Upkeep]) -> String {
        let upkeep: Vec<&&Upkeep> = upkeep.iter().filter(|upkeep| !upkeep.destinations.is_empty()).collect();
        if upkeep.is_empty() {
            return String::new();
        }
        let head = self.lang.pick(
            "## 自治体の Transit Gateway に向ける経路\n\n\
             接続している間、貴社のルートテーブルに次の経路が必要です。接続が成立した後に追加し、宛先が変わったときは変更してください。\
             追加済みかどうかは、こちらのアカウントからは見えません。\n\n",
            "## Routes to the municipality's transit gateway\n\n\
             Your route tables need these routes for as long as the connection lasts. Add them once it stands, and change them \
             when the destinations do. Our account does not see whether they are there.\n\n",
        );
        let parts: String = upkeep.into_iter().map(|upkeep| self.routes(upkeep)).collect();
        format!("{head}{parts}")
    }

    fn routes(&self, upkeep: &Upkeep) -> String {
        let (Tables::Vpc { id } | Tables::Gateway { id, .. }) = &upkeep.tables;
        let rows: String = upkeep.destinations.iter().map(|cidr| format!("| `{cidr}` |\n")).collect();
        let column = self.lang.pick("宛先", "Destination");
        let purpose = self.purpose(&upkeep.purpose);
        let mut text = format!("### `{}`: {purpose}\n\n| {column} |\n|---|\n{rows}\n", clean(id));
        let calls = self.route_calls(upkeep);
        if !calls.is_empty() {
            let calls: Vec<String> =
                calls.iter().map(|call| command::text(call, &self.subject.region, self.lang)).collect();
            text.push_str(&format!("```sh\n{}\n```\n\n", calls.join("\n\n")));
        }
        text
    }

    /// None while what they lead to has no id.
    fn route_calls(&self, upkeep: &Upkeep) -> Vec<Request> {
        let id = |address: &str| self.ids.iter().find(|(known, _)| known.as_str() == address).map(|(_, id)| id);
        let destinations = upkeep.destinations.iter();
        match &upkeep.tables {
            Tables::Vpc { id: vpc } => {
                let Some(tgw) = id("transit-gateway/main") else { return vec![] };
                destinations.map(|cidr| ForeignRoute::by_hand(vpc, tgw, *cidr)).collect()
            }
            Tables::Gateway { id: peer, region } => {
                let Some(attachment) = id(upkeep.through.as_str()) else { return vec![] };
                let attachment = (*region != self.subject.region).then_some(attachment.as_str());
                destinations.map(|cidr| TgwPeering::route_by_hand(peer, region, attachment, *cidr)).collect()
            }
        }
    }
}
