//! A transit virtual interface that a line's provider hosts for this account: the line itself.

use std::collections::BTreeSet;

use aws_sdk_directconnect::types::{VirtualInterface, VirtualInterfaceState as Code};
use gcnet_core::{
    Ask, Calls, Context, Diff, Failure, Kind, Known, Live, Natural, Owner, Party, Ref, Resource, State, Tags, identity,
};
use serde::{Deserialize, Serialize};

use super::DxGateway;
use crate::{aws::Aws, error, read::need};

/// The provider allocates it on its connection, we confirm it onto our gateway.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TransitVif {
    /// Where it ends; live and not confirmed yet, nowhere.
    pub gateway: Ref<DxGateway>,
    /// `dxvif-…`, as the provider tells it: its id and its name in the stack.
    pub vif: String,
    /// The account that allocates it; live, unknown and empty.
    pub provider: String,
    /// We took it.
    pub confirmed: bool,
}

impl Resource for TransitVif {
    const NAME: &'static str = "transit-vif";
}

impl Kind<Aws> for TransitVif {
    const CALLS: Calls = Calls {
        observe: &["directconnect:DescribeVirtualInterfaces", "directconnect:DescribeDirectConnectGateways"],
        create: &[],
        update: &["directconnect:ConfirmTransitVirtualInterface"],
        delete: &[],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        let (interfaces, gateways) = futures::try_join!(aws.virtual_interfaces(), aws.dx_gateways())?;
        let tagged =
            gateways.iter().filter(|gateway| gateway.tags().iter().any(|tag| tag.key() == identity::MUNICIPALITY));
        let tagged: BTreeSet<&str> = tagged.filter_map(|gateway| gateway.direct_connect_gateway_id()).collect();
        // Those that we host for others on a connection of ours are listed too.
        let ours = interfaces.iter().filter(|vif| vif.owner_account().is_none_or(|owner| owner == aws.account()));
        let transit = ours.filter(|vif| vif.virtual_interface_type() == Some("transit"));
        transit.filter_map(|vif| read(vif, &tagged).transpose()).collect()
    }

    fn natural(&self) -> Option<Natural> {
        Some(Natural { parent: self.gateway.target().clone(), name: self.vif.clone() })
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let TransitVif { gateway, vif, provider: _, confirmed } = self;
        diff.replace("vif", vif, &live.vif);
        diff.in_place("confirmed", confirmed, &live.confirmed);
        // Nobody can move it to another gateway, and before it is confirmed it has none.
        if live.confirmed {
            diff.replace("gateway", gateway, &live.gateway);
        }
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        Err(error::theirs("directconnect:AllocateTransitVirtualInterface", cx.world.account()))
    }

    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        let call = cx.world.write().directconnect.confirm_transit_virtual_interface();
        let call = call.virtual_interface_id(&live.id).direct_connect_gateway_id(cx.id(&self.gateway)?);
        cx.world.call("directconnect:ConfirmTransitVirtualInterface", call.send()).await.map(drop)
    }

    async fn delete(_: &Live<Self>, _: &Aws) -> Result<(), Failure> {
        Ok(()) // theirs
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // carries no tags of ours
    }

    fn is_theirs(&self) -> bool {
        true
    }

    /// Without calls: which connection, VLAN and router is the provider's own work.
    fn asks(&self, live: Option<&Live<Self>>, _: &Known<'_>) -> Vec<Ask> {
        match live {
            None if self.provider.is_empty() => vec![Ask::of(Party::Outsider, "allocate-vif")],
            None => vec![Ask::account(&self.provider, "allocate-vif")],
            Some(_) => vec![],
        }
    }

    /// The provider's account is not seen from here.
    fn ask_removal(_: &Live<Self>) -> Option<Ask> {
        Some(Ask::of(Party::Outsider, "delete-vif"))
    }

    fn example() -> Self {
        TransitVif {
            gateway: Ref::to("lgcs"),
            vif: "dxvif-fg1234ab".into(),
            provider: "333344445555".into(),
            confirmed: true,
        }
    }
}

fn read(vif: &VirtualInterface, tagged: &BTreeSet<&str>) -> Result<Option<Live<TransitVif>>, Failure> {
    const OPERATION: &str = "directconnect:DescribeVirtualInterfaces";
    let (state, confirmed) = match vif.virtual_interface_state() {
        Some(Code::Deleted | Code::Rejected) => return Ok(None),
        Some(Code::Confirming) => (State::Ready, false),
        // Down is BGP's word: the interface is there.
        Some(Code::Available | Code::Down | Code::Testing) => (State::Ready, true),
        Some(Code::Deleting) => (State::Leaving, true),
        other => (State::Pending(other.map_or("unknown", Code::as_str).into()), true),
    };
    let id = need(vif.virtual_interface_id(), OPERATION, "virtualInterfaceId")?;
    let gateway = vif.direct_connect_gateway_id().filter(|gateway| confirmed && !gateway.is_empty());
    Ok(Some(Live {
        id: id.into(),
        // On a gateway that we made it hangs on that, whether or not a wish names it: the gateway cannot go before it.
        owner: if gateway.is_some_and(|gateway| tagged.contains(gateway)) { Owner::Parent } else { Owner::Offer },
        state,
        spec: TransitVif {
            gateway: Ref::id(gateway.unwrap_or_default()),
            vif: id.into(),
            provider: String::new(),
            confirmed,
        },
    }))
}
