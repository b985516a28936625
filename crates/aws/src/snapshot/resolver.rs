//! Reads of Route 53 Resolver. All its operations together have 5 requests a second (aws-facts 2.1): one list for each kind,
//! and one call more for an endpoint of ours, whose addresses no list shows.

use std::{collections::BTreeSet, sync::Arc};

use aws_sdk_route53resolver::types::{
    IpAddressResponse, ResolverEndpoint, ResolverQueryLogConfig, ResolverQueryLogConfigAssociation, ResolverRule,
    ResolverRuleAssociation, ShareStatus,
};
use futures::future::try_join_all;
use gcnet_core::{Class, Failure};

use crate::{aws::Aws, mark, read::need};

/// An endpoint with its addresses.
pub(crate) type PlacedEndpoint = (ResolverEndpoint, Vec<IpAddressResponse>);

/// Every page of a list. Not the SDK's paginator, which tells only after a wait for one more place in the bucket that there is
/// no next page.
macro_rules! pages {
    ($aws:expr, $operation:expr, $call:expr, $items:ident) => {{
        let mut all = vec![];
        let mut next = $call.max_results(100);
        loop {
            let page = $aws.call($operation, next.clone().send()).await?;
            all.extend(page.$items.unwrap_or_default());
            match page.next_token.filter(|token| !token.is_empty()) {
                None => break all,
                token => next = next.set_next_token(token),
            }
        }
    }};
}

/// A list, kept in its cell.
macro_rules! resolver {
    ($(#[$doc:meta])* $cell:ident: $item:ty = $operation:literal, $call:ident) => {
        $(#[$doc])*
        pub(crate) async fn $cell(&self) -> Result<Arc<Vec<$item>>, Failure> {
            let read = async || Ok(Arc::new(pages!(self, $operation, self.read().resolver.$call(), $cell)));
            self.snapshot.$cell.get_or_try_init(read).await.cloned()
        }
    };
}

impl Aws {
    resolver! {
        /// Also those that others share with this account, and the one that AWS defines for everything else.
        resolver_rules: ResolverRule = "route53resolver:ListResolverRules", list_resolver_rules
    }
    resolver! {
        resolver_rule_associations: ResolverRuleAssociation = "route53resolver:ListResolverRuleAssociations",
        list_resolver_rule_associations
    }
    resolver! {
        resolver_query_log_configs: ResolverQueryLogConfig = "route53resolver:ListResolverQueryLogConfigs",
        list_resolver_query_log_configs
    }
    resolver! {
        resolver_query_log_config_associations: ResolverQueryLogConfigAssociation =
            "route53resolver:ListResolverQueryLogConfigAssociations", list_resolver_query_log_config_associations
    }

    /// Those of our rules with other parties' VPCs, each with its account, as far as roles let us look. Nothing is read while no
    /// rule is shared.
    pub(crate) async fn foreign_rule_associations(
        &self,
    ) -> Result<Arc<Vec<(String, ResolverRuleAssociation)>>, Failure> {
        let read = async || {
            let rules = self.resolver_rules().await?;
            let shared = rules.iter().filter(|rule| rule.share_status() == Some(&ShareStatus::SharedByMe));
            let shared: BTreeSet<&str> = shared.filter_map(|rule| rule.id()).collect();
            if shared.is_empty() {
                return Ok(Arc::default());
            }
            let look = async |account: &str| {
                let seen = match self.in_account(account) {
                    Ok(there) => there.resolver_rule_associations().await,
                    Err(failure) => Err(failure),
                };
                let seen = self.as_far_as_allowed(account, seen)?;
                let ours = seen.iter().filter(|seen| seen.resolver_rule_id().is_some_and(|rule| shared.contains(rule)));
                Ok(ours.map(|seen| (account.to_string(), seen.clone())).collect::<Vec<_>>())
            };
            let found: Vec<Vec<_>> = try_join_all(self.others().map(look)).await?;
            Ok(Arc::new(found.into_iter().flatten().collect()))
        };
        self.snapshot.foreign_rule_associations.get_or_try_init(read).await.cloned()
    }

    /// Those that gcnet made, of whichever stack.
    pub(crate) async fn resolver_endpoints(&self) -> Result<Arc<Vec<PlacedEndpoint>>, Failure> {
        let read = async || {
            const OPERATION: &str = "route53resolver:ListResolverEndpoints";
            let found: Vec<ResolverEndpoint> =
                pages!(self, OPERATION, self.read().resolver.list_resolver_endpoints(), resolver_endpoints);
            let ours = found.into_iter().filter(|endpoint| mark::read(endpoint.creator_request_id()).is_some());
            Ok(Arc::new(try_join_all(ours.map(|endpoint| self.placed(endpoint))).await?))
        };
        self.snapshot.resolver_endpoints.get_or_try_init(read).await.cloned()
    }

    async fn placed(&self, endpoint: ResolverEndpoint) -> Result<PlacedEndpoint, Failure> {
        const OPERATION: &str = "route53resolver:ListResolverEndpointIpAddresses";
        let id = need(endpoint.id(), OPERATION, "Id")?;
        let call = self.read().resolver.list_resolver_endpoint_ip_addresses().resolver_endpoint_id(id);
        let addresses: Result<Vec<IpAddressResponse>, Failure> =
            async { Ok(pages!(self, OPERATION, call, ip_addresses)) }.await;
        match addresses {
            Ok(addresses) => Ok((endpoint, addresses)),
            // It went between the two reads.
            Err(Failure { class: Class::NotFound, .. }) => Ok((endpoint, vec![])),
            Err(failure) => Err(failure),
        }
    }
}
