//! VPCs as zones know them: by Region and id.

use serde::{Deserialize, Serialize};

use crate::error::{AwsError, Result};
use crate::protocol::{Node, Xml};
use crate::region;
use crate::store::State;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VpcRef {
    pub region: String,
    pub id: String,
}

impl VpcRef {
    /// The VPC in a request. DOC (CreateHostedZone): a VPC needs both its members.
    pub fn read(within: &Node<'_>) -> Result<Option<Self>> {
        let Some(vpc) = within.child("VPC")? else {
            return Ok(None);
        };
        let (id, region) = (vpc.required("VPCId", 1..=1024)?, vpc.required("VPCRegion", 1..=64)?);
        if !region::exists(region) {
            return Err(vpc.invalid(format!("{region} is no Region that the sandbox simulates.")));
        }
        Ok(Some(Self { region: region.to_owned(), id: id.to_owned() }))
    }

    /// The VPC in a request that is about one.
    pub fn required(within: &Node<'_>) -> Result<Self> {
        Self::read(within)?.ok_or_else(|| within.invalid("VPC is missing."))
    }

    pub fn xml(&self) -> Xml {
        Xml::new().text("VPCRegion", &self.region).text("VPCId", &self.id)
    }

    /// The account that has it.
    pub fn owner<'a>(&self, state: &'a State) -> Option<&'a str> {
        let has = |account: &&String| state.regional(account, &self.region).ec2.vpcs.contains_key(&self.id);
        state.accounts.keys().find(has).map(String::as_str)
    }

    /// `InvalidVPCId` for one that nobody has, or that somebody else has where it must be the caller's.
    pub fn unusable(&self) -> AwsError {
        let Self { region, id } = self;
        AwsError::new("InvalidVPCId", format!("The VPC: {id} in region {region} that you provided is not valid."))
    }

    /// Refuses a VPC that sees a zone of this name already. DOC (ConflictingDomainExists): the same name only; a parent's
    /// and a child's may be seen together.
    pub fn refuse_conflict(&self, state: &State, name: &str) -> Result<()> {
        let mut zones = state.route53.zones.iter();
        let Some((id, _)) = zones.find(|(_, zone)| zone.name == name && zone.vpcs.contains(self)) else {
            return Ok(());
        };
        let Self { region, id: vpc } = self;
        Err(AwsError::new(
            "ConflictingDomainExists",
            format!(
                "The VPC {vpc} in region {region} has already been associated with the hosted zone {id} with the same \
                 domain name."
            ),
        ))
    }
}

/// Whether a zone of any account is associated with a VPC.
pub(crate) fn is_associated(state: &State, region: &str, id: &str) -> bool {
    let vpc = VpcRef { region: region.to_owned(), id: id.to_owned() };
    state.route53.zones.values().any(|zone| zone.vpcs.contains(&vpc))
}
