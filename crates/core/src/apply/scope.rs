//! Which step a call is made for. Kinds do not hand it on: whoever watches calls asks here.

use crate::Address;

tokio::task_local! {
    static STEP: Address;
}

/// The address of the step that is being carried out by whoever asks; `None` outside of any.
pub fn current_step() -> Option<Address> {
    STEP.try_with(Address::clone).ok()
}

/// Does something on behalf of a step.
pub(super) async fn of<F: Future>(address: &Address, work: F) -> F::Output {
    STEP.scope(address.clone(), work).await
}
