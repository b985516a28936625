//! What a plan leaves for the next one: a new certificate of a parent is seen only once it is there.

use std::collections::BTreeSet;

use gcnet_core::{Action, Address, Desired, Plan, Resource, Step, Target};

use super::CertificateAuthority;

impl CertificateAuthority {
    /// Authorities that this plan leaves alone and whose parent it signs anew: their chains still have the parent's old
    /// certificate, by which they are as good as before, and the next plan signs them again. What has a step of its own is
    /// looked at after its parent's.
    pub fn outdated_by(plan: &Plan, desired: &Desired) -> Vec<Address> {
        let touched: BTreeSet<&Address> = plan.steps.iter().map(|step| &step.address).collect();
        let anew: BTreeSet<&Address> =
            plan.steps.iter().filter(|step| is_signed_anew(step)).map(|step| &step.address).collect();
        let parent = |address: &Address| {
            let spec: Self = serde_json::from_value(desired.wants().get(address)?.spec.clone()).ok()?;
            spec.parent
        };
        let hangs = |address: &&Address| {
            address.kind() == Self::NAME
                && !touched.contains(*address)
                && parent(address).is_some_and(|parent| match parent.target() {
                    Target::Address(to) => anew.contains(to),
                    Target::Id(_) => false,
                })
        };
        desired.wants().keys().filter(hangs).cloned().collect()
    }
}

fn is_signed_anew(step: &Step) -> bool {
    const FIELDS: [&str; 3] = ["validity_years", "reissued_since", "parent"];
    let has_ended =
        |step: &Step| step.have.as_ref().is_some_and(|live| live.raw["status"] == CertificateAuthority::EXPIRED);
    step.action == Action::Update
        && step.address.kind() == CertificateAuthority::NAME
        && (has_ended(step) || step.changes.iter().any(|change| FIELDS.contains(&change.field.as_str())))
}
