//! A transit virtual interface that a line's provider hosts for this account: the line itself.

use std::collections::BTreeSet;

use aws_sdk_directconnect::types::{VirtualInterface, VirtualInterfaceState as Code};
use gcnet_core::{
    Ask, Calls, Context, Diff, Failure, Kind, Known, Live, Natural, Owner, Party, Ref, Removal, Resource, State, Tags,
    identity,
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
    /// We took it.
    pub confirmed: bool,
    /// VLAN, 1 to 4094. This and what follows is the provider's to set: what was agreed, where it was; live, what is.
    pub vlan: Option<u32>,
    /// ASN of the router on the municipality's side.
    pub bgp_asn: Option<u32>,
    /// Largest packet in bytes.
    pub mtu: Option<u32>,
    /// BGP peer address on AWS's side, without the length of its mask.
    pub amazon_address: Option<String>,
    /// BGP peer address on the customer's side, likewise.
    pub customer_address: Option<String>,
}

impl TransitVif {
    /// Whether it is the one that was agreed on, as far as both sides say.
    fn is_agreed(&self, live: &Self) -> bool {
        fn agree<T: PartialEq>(want: &Option<T>, live: &Option<T>) -> bool {
            want.is_none() || live.is_none() || want == live
        }
        agree(&self.vlan, &live.vlan)
            && agree(&self.bgp_asn, &live.bgp_asn)
            && agree(&self.mtu, &live.mtu)
            && agree(&self.amazon_address, &live.amazon_address)
            && agree(&self.customer_address, &live.customer_address)
    }
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
        // The rest is the provider's, see `asks`.
        let TransitVif { gateway, vif, confirmed, .. } = self;
        diff.replace("vif", vif, &live.vif);
        // What is confirmed cannot be given back: not before somebody has looked.
        if self.is_agreed(live) {
            diff.in_place("confirmed", confirmed, &live.confirmed);
        }
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
            None => vec![Ask::of(Party::Outsider, "allocate-vif")],
            Some(live) if !self.is_agreed(&live.spec) => vec![Ask::operator("check-vif")],
            Some(_) => vec![],
        }
    }

    /// The provider's account is not seen from here.
    fn removal(_: &Live<Self>) -> Removal {
        Removal::Asked(Ask::of(Party::Outsider, "delete-vif"))
    }

    fn example() -> Self {
        TransitVif {
            gateway: Ref::to("lgcs"),
            vif: "dxvif-fg1234ab".into(),
            confirmed: true,
            vlan: Some(101),
            bgp_asn: Some(65_001),
            mtu: Some(8500),
            amazon_address: Some("169.254.100.1".into()),
            customer_address: Some("169.254.100.2".into()),
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
            confirmed,
            vlan: Some(vif.vlan()).and_then(number),
            bgp_asn: vif.asn_long().and_then(number).or_else(|| number(vif.asn())),
            mtu: vif.mtu().and_then(number),
            amazon_address: address(vif.amazon_address()),
            customer_address: address(vif.customer_address()),
        },
    }))
}

/// AWS says 0 for what it does not say.
fn number(value: impl TryInto<u32>) -> Option<u32> {
    value.try_into().ok().filter(|value| *value != 0)
}

/// AWS tells addresses with and without the length of the mask.
fn address(text: Option<&str>) -> Option<String> {
    let address = text?.split('/').next()?;
    (!address.is_empty()).then(|| address.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allocated(vlan: i32) -> Live<TransitVif> {
        let vif = VirtualInterface::builder().virtual_interface_id("dxvif-1").virtual_interface_state(Code::Confirming);
        let vif = vif.vlan(vlan).asn(65_001).mtu(8500).amazon_address("169.254.100.1/30");
        read(&vif.build(), &BTreeSet::new()).unwrap().unwrap()
    }

    #[test]
    fn another_vlan_than_agreed_is_not_confirmed_before_somebody_looked() {
        let wish = TransitVif { vif: "dxvif-1".into(), customer_address: None, ..TransitVif::example() };
        let fields = |live: &Live<TransitVif>| {
            let mut diff = Diff::default();
            wish.diff(&live.spec, &mut diff);
            diff.0.into_iter().map(|change| change.field).collect::<Vec<_>>()
        };
        let agreed = allocated(101);
        assert_eq!(fields(&agreed), ["confirmed"]);
        assert!(wish.is_agreed(&agreed.spec));
        let other = allocated(102);
        assert!(fields(&other).is_empty());
        assert!(!wish.is_agreed(&other.spec));
        let silent = TransitVif { vlan: None, ..wish.clone() };
        assert!(silent.is_agreed(&other.spec), "a file that says nothing agrees");
    }
}
