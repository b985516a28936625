//! Tells of every call that changes something, as it is sent and as it is answered. Which calls those are needs no list: writes go
//! through clients of their own.

use std::{
    cell::{Cell, RefCell},
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{
            Intercept,
            context::{BeforeDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextRef},
        },
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::ConfigBag;
use aws_types::request_id::RequestId;
use gcnet_core::{Address, Class, Failure, current_step};

/// A moment in the life of a call that changes something. Never what was asked: requests may hold what nobody else should read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// It goes out now.
    Sent(Sent),
    /// It came back, or is known not to come back any more.
    Answered(Answered),
}

/// What goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Counts from 1 in a run.
    pub call: u64,
    /// `ec2:CreateVpc`, as in an IAM policy.
    pub operation: &'static str,
    /// In whose account, 12 digits.
    pub account: String,
    /// For example `ap-northeast-1`.
    pub region: String,
    /// For which step of the plan, if for one.
    pub step: Option<Address>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// [`Sent::call`]
    pub call: u64,
    /// How it ended.
    pub end: End,
    /// AWS's name for the call, which CloudTrail has as well; `None` where nothing came back.
    pub request_id: Option<String>,
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// It was carried out.
    Ok,
    /// It was refused, with this code, and changed nothing.
    Refused(String),
    /// Nobody here knows whether it was carried out; why.
    Unknown(String),
}

type Sink = Arc<dyn Fn(Write) + Send + Sync>;

/// Whoever is told, if anybody is. Clones tell the same.
#[derive(Clone, Default)]
pub(crate) struct Writes {
    sink: Arc<Mutex<Option<Sink>>>,
    calls: Arc<AtomicU64>,
}

impl fmt::Debug for Writes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writes").finish_non_exhaustive()
    }
}

/// One call under way. It lives beside the call's future, which the SDK polls in the same task.
#[derive(Default)]
struct Flight {
    operation: &'static str,
    call: Cell<Option<u64>>,
    request_id: RefCell<Option<String>>,
}

tokio::task_local! {
    static FLIGHT: Flight;
}

impl Writes {
    pub(crate) fn watch(&self, sink: impl Fn(Write) + Send + Sync + 'static) {
        *self.sink.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(sink));
    }

    fn tell(&self, write: Write) {
        let sink = self.sink.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(sink) = sink {
            sink(write);
        }
    }

    /// Makes a call; if it turns out to be one that changes something, it is told.
    pub(crate) async fn around<T>(
        &self,
        operation: &'static str,
        call: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let flight = Flight { operation, ..Flight::default() };
        FLIGHT
            .scope(flight, async {
                let answer = call.await;
                let (sent, request_id) =
                    FLIGHT.with(|flight| (flight.call.get(), flight.request_id.borrow_mut().take()));
                if let Some(call) = sent {
                    let end = answer.as_ref().map_or_else(end_of, |_| End::Ok);
                    self.tell(Write::Answered(Answered { call, end, request_id }));
                }
                answer
            })
            .await
    }
}

fn end_of(failure: &Failure) -> End {
    match failure.class {
        Class::Unknown => End::Unknown(failure.code.clone()),
        _ => End::Refused(failure.code.clone()),
    }
}

/// Sits in the clients that write, of one account and Region.
#[derive(Clone, Debug)]
pub(crate) struct Tap {
    pub(crate) writes: Writes,
    pub(crate) account: String,
    pub(crate) region: String,
}

impl Intercept for Tap {
    fn name(&self) -> &'static str {
        "gcnet-writes"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let call = self.writes.calls.fetch_add(1, Ordering::Relaxed) + 1;
        let operation = FLIGHT
            .try_with(|flight| {
                flight.call.set(Some(call));
                flight.operation
            })
            .unwrap_or_default();
        let (account, region, step) = (self.account.clone(), self.region.clone(), current_step());
        self.writes.tell(Write::Sent(Sent { call, operation, account, region, step }));
        Ok(())
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let id = context.response().headers().request_id().map(String::from);
        // Outside of a call of ours there is nobody to keep it for.
        let _ = FLIGHT.try_with(|flight| flight.request_id.replace(id));
        Ok(())
    }
}
