//! What an account may hold, from Service Quotas.

use std::collections::BTreeMap;

use gcnet_core::Failure;

use crate::aws::Aws;

/// Quotas of one service by code, in whole things.
pub type Limits = BTreeMap<String, u64>;

impl Aws {
    /// The quotas of a service, as they were raised for this account. Those of global services are asked for in us-east-1.
    ///
    /// # Errors
    /// The read failed or is not allowed.
    pub async fn limits(&self, service: &str) -> Result<Limits, Failure> {
        // DOC (Service Quotas API reference): quotas of IAM and Route 53 are kept there alone.
        if matches!(service, "iam" | "route53") && self.region() != "us-east-1" {
            let global = self.in_account_region(self.account(), "us-east-1")?;
            return Box::pin(global.limits(service)).await;
        }
        let call = self.read().quotas.list_service_quotas().service_code(service).max_results(100);
        let pages = self.pages("servicequotas:ListServiceQuotas", call.into_paginator().send()).await?;
        let quotas = pages.into_iter().flat_map(|page| page.quotas.unwrap_or_default());
        let known = quotas.filter_map(|quota| Some((quota.quota_code?, whole(quota.value?)?)));
        Ok(known.collect())
    }
}

/// Values are modelled as fractions, and count things.
fn whole(value: f64) -> Option<u64> {
    let fits = (0.0..=9e15).contains(&value);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range was just checked")]
    fits.then_some(value as u64)
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn only_what_counts_things_is_a_limit() {
        assert_eq!([5.0, 0.0, 2500.9, -1.0, f64::NAN].map(whole), [Some(5), Some(0), Some(2500), None, None]);
    }
}
