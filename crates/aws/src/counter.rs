//! Counts what is really sent, retries included: a plan's cost in calls is part of the plan.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{Intercept, context::BeforeTransmitInterceptorContextRef},
        orchestrator::Metadata,
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::ConfigBag;

/// Requests by `Service:Operation`.
pub type Counts = BTreeMap<String, usize>;

#[derive(Clone, Debug, Default)]
pub(crate) struct Counter(Arc<Mutex<Counts>>);

impl Counter {
    pub(crate) fn counts(&self) -> Counts {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Intercept for Counter {
    fn name(&self) -> &'static str {
        "gcnet-counter"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(call) = config.load::<Metadata>() {
            let name = format!("{}:{}", call.service(), call.name());
            *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(name).or_default() += 1;
        }
        Ok(())
    }
}
