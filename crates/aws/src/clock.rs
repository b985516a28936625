//! Time as AWS tells it. This machine's clock may be wrong, and a simulated AWS has a time of its own.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{Intercept, context::BeforeDeserializationInterceptorContextRef},
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::{DateTime, config_bag::ConfigBag, date_time::Format};

/// The date of the latest answer, in seconds since 1970, 0 before the first; and by how much it was ahead of this machine's
/// clock then.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clock(Arc<(AtomicI64, AtomicI64)>);

impl Clock {
    /// By this machine's clock while AWS has not answered yet.
    pub(crate) fn now(&self) -> i64 {
        match self.0.0.load(Ordering::Relaxed) {
            0 => here(),
            now => now,
        }
    }

    /// In seconds; `None` while AWS has not answered yet.
    pub(crate) fn skew(&self) -> Option<i64> {
        (self.0.0.load(Ordering::Relaxed) != 0).then(|| self.0.1.load(Ordering::Relaxed))
    }
}

/// This machine's clock, in seconds since 1970.
fn here() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

impl Intercept for Clock {
    fn name(&self) -> &'static str {
        "gcnet-clock"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let date = context.response().headers().get("date");
        if let Some(now) = date.and_then(|date| DateTime::from_str(date, Format::HttpDate).ok()) {
            // Answers come in any order.
            self.0.0.fetch_max(now.secs(), Ordering::Relaxed);
            self.0.1.store(now.secs() - here(), Ordering::Relaxed);
        }
        Ok(())
    }
}
