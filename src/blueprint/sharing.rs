//! The transit gateway, shared with the accounts whose VPCs attach to it.

use std::collections::BTreeMap;

use gcnet_aws::kinds::{Share, SharePrincipal, ShareResource};
use gcnet_core::Ref;

use super::{Build, Network, Purpose};
use crate::config::schema::Connect;

/// The share's name, and the first part of its members'.
const SHARE: &str = "tgw";

/// By account id: who receives the gateway.
pub(super) type Recipients = BTreeMap<String, Ref<SharePrincipal>>;

pub(super) fn add(build: &mut Build<'_>, network: &Network) -> Recipients {
    let municipality = build.municipality;
    let attached = municipality.asps.iter().filter(|asp| asp.connect.value == Connect::Tgw);
    let parties: BTreeMap<String, _> =
        attached.filter_map(|asp| municipality.account_of(asp)).map(|party| (party.id.to_string(), party)).collect();
    if parties.is_empty() {
        return Recipients::new();
    }
    let external = municipality.sharing.allow_external_principals;
    let share = build.desired.add(SHARE, Share { external });
    build.desired.add("", ShareResource::of(share.clone(), network.tgw.clone().widen()));
    let mut recipients = Recipients::new();
    for (account, party) in parties {
        let accepted = build.acts_for(&party).then_some(true);
        let principal = SharePrincipal { share: share.clone(), account: account.clone(), accepted };
        let purpose = Purpose::Account(party.name.to_string());
        recipients.insert(account, build.shake("", principal, purpose));
    }
    recipients
}
