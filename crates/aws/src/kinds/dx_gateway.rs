//! A Direct Connect gateway of ours: where the line ends that a provider hosts for us.

use aws_sdk_directconnect::types::{DirectConnectGatewayState as Code, Tag};
use gcnet_core::{Calls, Context, Diff, Failure, Kind, Live, Owner, Resource, State, Tags};
use serde::{Deserialize, Serialize};

use crate::{
    aws::Aws,
    read::{need, parse},
};

/// In no Region: every Region sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DxGateway {
    /// For people: neither unique nor a key.
    pub name: String,
    /// Amazon's side of BGP towards the line; never that of a transit gateway that it is associated with.
    pub asn: u32,
}

impl Resource for DxGateway {
    const NAME: &'static str = "dx-gateway";
}

impl Kind<Aws> for DxGateway {
    const CALLS: Calls = Calls {
        observe: &["directconnect:DescribeDirectConnectGateways"],
        create: &["directconnect:CreateDirectConnectGateway", "directconnect:TagResource"],
        update: &["directconnect:UpdateDirectConnectGateway", "directconnect:TagResource"],
        delete: &["directconnect:DeleteDirectConnectGateway"],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        const OPERATION: &str = "directconnect:DescribeDirectConnectGateways";
        let mut found = vec![];
        for gateway in aws.dx_gateways().await?.iter() {
            let state = match gateway.direct_connect_gateway_state() {
                Some(Code::Deleted) => continue,
                Some(Code::Available) => State::Ready,
                Some(Code::Deleting) => State::Leaving,
                other => State::Pending(other.map_or("unknown", Code::as_str).into()),
            };
            let asn = need(gateway.amazon_side_asn(), OPERATION, "amazonSideAsn")?;
            let tags = gateway.tags().iter().map(|tag| (tag.key().into(), tag.value().unwrap_or_default().into()));
            found.push(Live {
                id: need(gateway.direct_connect_gateway_id(), OPERATION, "directConnectGatewayId")?.into(),
                owner: Owner::Tags(tags.collect()),
                state,
                spec: DxGateway {
                    name: gateway.direct_connect_gateway_name().unwrap_or_default().into(),
                    asn: parse(&asn.to_string(), OPERATION)?,
                },
            });
        }
        Ok(found)
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        let DxGateway { name, asn } = self;
        diff.in_place("name", name, &live.name);
        diff.replace("asn", asn, &live.asn);
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        const OPERATION: &str = "directconnect:CreateDirectConnectGateway";
        let aws = &cx.world;
        let call = aws
            .write()
            .directconnect
            .create_direct_connect_gateway()
            .direct_connect_gateway_name(&self.name)
            .amazon_side_asn(i64::from(self.asn))
            .set_tags(Some(to_dx(OPERATION, &cx.tags)?));
        let made = aws.call(OPERATION, call.send()).await?;
        let id = made.direct_connect_gateway.and_then(|gateway| gateway.direct_connect_gateway_id);
        need(id, OPERATION, "directConnectGatewayId")
    }

    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        let call = cx.world.write().directconnect.update_direct_connect_gateway();
        let call = call.direct_connect_gateway_id(&live.id).new_direct_connect_gateway_name(&self.name);
        cx.world.call("directconnect:UpdateDirectConnectGateway", call.send()).await.map(drop)
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let call = aws.write().directconnect.delete_direct_connect_gateway().direct_connect_gateway_id(&live.id);
        aws.call("directconnect:DeleteDirectConnectGateway", call.send()).await.map(drop)
    }

    async fn retag(id: &str, tags: &Tags, aws: &Aws) -> Result<(), Failure> {
        const OPERATION: &str = "directconnect:TagResource";
        let arn = format!("arn:aws:directconnect::{}:dx-gateway/{id}", aws.account());
        let call = aws.write().directconnect.tag_resource().resource_arn(arn);
        aws.call(OPERATION, call.set_tags(Some(to_dx(OPERATION, tags)?)).send()).await.map(drop)
    }

    fn example() -> Self {
        DxGateway { name: "gcnet-naruto-lgcs".into(), asn: 64_512 }
    }
}

fn to_dx(operation: &'static str, tags: &Tags) -> Result<Vec<Tag>, Failure> {
    let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build();
    let tags = tags.iter().map(tag).collect::<Result<_, _>>();
    tags.map_err(|error| Failure::internal(operation, error.to_string()))
}
