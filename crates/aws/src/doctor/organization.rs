//! The organisation that an account is in, and what of its sharing can be seen.
//!
//! DOC (Organizations API reference): every member may call DescribeOrganization. Whether RAM shares with the organisation is
//! kept with the management account (RAM user guide, "Enable resource sharing within AWS Organizations"): a member sees it only
//! in shares that were taken without an invitation.

use aws_sdk_ram::types::{ResourceOwner, ResourceShareAssociationStatus, ResourceShareAssociationType};
use gcnet_core::{Class, Failure};

use crate::{aws::Aws, read::need};

/// An organisation, as a member sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// `o-…`
    pub id: String,
    /// 12 digits.
    pub management_account: String,
}

impl Aws {
    /// `None` for an account that is in none.
    ///
    /// # Errors
    /// The read failed or is not allowed.
    pub async fn organization(&self) -> Result<Option<Organization>, Failure> {
        const OPERATION: &str = "organizations:DescribeOrganization";
        let answer = self.call(OPERATION, self.read().organizations.describe_organization().send()).await;
        let found = match answer {
            Ok(answer) => need(answer.organization, OPERATION, "Organization")?,
            Err(failure) if failure.class == Class::Invalid && failure.code.contains("NotInUse") => return Ok(None),
            Err(failure) => return Err(failure),
        };
        Ok(Some(Organization {
            id: need(found.id, OPERATION, "Id")?,
            management_account: need(found.master_account_id, OPERATION, "MasterAccountId")?,
        }))
    }

    /// Whether a share of this account's, in this Region, reached an account of the organisation without an invitation.
    ///
    /// # Errors
    /// The read failed or is not allowed.
    pub async fn shares_within_organization(&self) -> Result<bool, Failure> {
        const SHARES: &str = "ram:GetResourceShares";
        let owned = self.read().ram.get_resource_shares().resource_owner(ResourceOwner::SelfValue);
        let pages = self.pages(SHARES, owned.into_paginator().send()).await?;
        if pages.iter().all(|page| page.resource_shares().is_empty()) {
            return Ok(false);
        }
        const PRINCIPALS: &str = "ram:GetResourceShareAssociations";
        let principals =
            self.read().ram.get_resource_share_associations().association_type(ResourceShareAssociationType::Principal);
        let pages = self.pages(PRINCIPALS, principals.into_paginator().send()).await?;
        let mut all = pages.iter().flat_map(|page| page.resource_share_associations());
        Ok(all.any(|one| {
            one.external() == Some(false) && one.status() == Some(&ResourceShareAssociationStatus::Associated)
        }))
    }
}
