//! The leases of one command: taken before anything is read, kept while it works, given back at its end however it ends.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use gcnet_aws::lease::LeaseParameter;
use gcnet_core::{
    Stack, Stop,
    lease::{End, Holder, Kept, Lease, LeaseError, Lost, Released},
};

use super::{
    Cx, Result,
    connect::{Connected, connect},
    place::Place,
};
use crate::{
    blueprint,
    config::City,
    report::{lease::Leasing, message::Message, progress},
};

/// How a command is with its leases.
pub(super) struct How {
    /// `apply`, `destroy`: what others are told.
    pub(super) command: &'static str,
    /// None is taken.
    pub(super) none: bool,
    /// Events are told as JSON.
    pub(super) json: bool,
}

/// The leases that a command holds, by municipality.
pub(super) struct Leases<'a> {
    cx: &'a Cx,
    how: How,
    stop: Stop,
    held: Mutex<BTreeMap<String, Held>>,
}

struct Held {
    stack: Stack,
    parameter: String,
    me: Holder,
    over: Option<Holder>,
    /// Machines were told that it was taken.
    is_told: bool,
    kept: Kept,
}

impl<'a> Leases<'a> {
    /// None yet. When one is lost, `stop` is requested.
    pub(super) fn new(cx: &'a Cx, how: How, stop: Stop) -> Self {
        Leases { cx, how, stop, held: Mutex::default() }
    }

    /// Takes that of a municipality, or says who has it.
    pub(super) async fn take(&self, place: &Place, city: &City) -> Result<()> {
        if self.how.none {
            return Ok(());
        }
        let connected = connect(self.cx, place, &city.config).await?;
        let stack = blueprint::stack(&city.config);
        let parameter = parameter(&connected, city);
        let name = parameter.name().to_string();
        let me = Holder {
            run: self.cx.run(city.key()),
            command: self.how.command.into(),
            owner: connected.arn.clone(),
            host: gethostname::gethostname().to_string_lossy().into_owned(),
            process: std::process::id(),
            since: 0,
            heartbeat: 0,
            expires: 0,
        };
        let terms = place.lease_terms();
        let why = |error| failed(self.cx, &connected, city, Optional::Yes, error);
        let lease = Lease::take(parameter, terms, me).await.map_err(why)?;
        let (me, over) = (lease.holder().clone(), lease.over().cloned());
        if let Some(holder) = over.clone() {
            self.tell(Leasing::TakenOver { stack: stack.to_string(), holder });
        }
        let kept = lease.keep(self.on_lost(&stack));
        self.lock().insert(city.key().into(), Held { stack, parameter: name, me, over, is_told: false, kept });
        Ok(())
    }

    fn on_lost(&self, stack: &Stack) -> impl FnOnce(Lost) + Send + 'static {
        let (screen, stop, json, stack) = (self.cx.screen.clone(), self.stop.clone(), self.how.json, stack.clone());
        move |lost| {
            if json {
                // Whoever reads no events any more has stopped the run already.
                let _ = screen.json_line(&progress::lease_lost(&stack, &lost));
            }
            screen.tell(&Message::Lease(Leasing::Lost { stack: stack.to_string(), lost }));
            stop.request();
        }
    }

    /// Tells machines of a municipality's lease. Whoever reads no events any more is noticed by the run itself.
    pub(super) fn tell_machines(&self, city: &City) {
        let mut held = self.lock();
        if let Some(Held { stack, parameter, me, over, is_told, .. }) = held.get_mut(city.key()) {
            *is_told = true;
            let _ = self.cx.screen.event(&progress::lease_taken(stack, parameter, me, over.as_ref()));
        }
    }

    /// No other run is at work on this municipality.
    pub(super) fn holds(&self, city: &City) -> bool {
        self.lock().contains_key(city.key())
    }

    /// Gives that of a municipality back. What cannot be given back is told, and is no reason to fail.
    pub(super) async fn release(&self, key: &str, end: End) {
        // Not held over the call: the guard would be.
        let held = self.lock().remove(key);
        let Some(Held { stack, is_told, kept, .. }) = held else { return };
        match kept.release(end).await {
            // Of what was lost, machines were told that; of what they never heard of, nothing.
            Ok(Released::GivenBack) if self.how.json && is_told => {
                let _ = self.cx.screen.json_line(&progress::lease_released(&stack));
            }
            Ok(_) => {}
            Err(failure) => {
                let unlock = unlock(self.cx, key);
                self.tell(Leasing::NotReleased { stack: stack.to_string(), failure, unlock });
            }
        }
    }

    /// Gives back all that are left.
    pub(super) async fn release_all(&self) {
        let keys: Vec<String> = self.lock().keys().cloned().collect();
        for key in keys {
            self.release(&key, End::Free).await;
        }
    }

    fn tell(&self, leasing: Leasing) {
        self.cx.screen.tell(&Message::Lease(leasing));
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where the lease of a municipality is written.
pub(super) fn parameter(connected: &Connected, city: &City) -> LeaseParameter {
    LeaseParameter::new(connected.aws.clone(), &blueprint::stack(&city.config), &blueprint::tags(&city.config))
}

/// What ends the lease of a municipality.
pub(super) fn unlock(cx: &Cx, key: &str) -> String {
    cx.again(&format!("unlock {key}"))
}

/// Whether a command can do without a lease.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Optional {
    Yes,
    No,
}

/// Why there is no lease.
pub(super) fn failed(
    cx: &Cx,
    connected: &Connected,
    city: &City,
    optional: Optional,
    error: LeaseError,
) -> Box<Message> {
    let stack = blueprint::stack(&city.config);
    let parameter = gcnet_aws::lease::name(&stack);
    let stack = stack.to_string();
    Box::new(Message::Lease(match error {
        LeaseError::Held(holder) => Leasing::Held { stack, holder, unlock: unlock(cx, city.key()) },
        LeaseError::Contended => Leasing::Contended { stack },
        LeaseError::Unreadable(detail) => Leasing::Unreadable { parameter, detail },
        LeaseError::Call(failure) => {
            let Connected { endpoint, profile, .. } = connected;
            let (endpoint, profile) = (endpoint.clone(), profile.clone());
            Leasing::Refused { stack, failure, endpoint, profile, optional: optional == Optional::Yes }
        }
    }))
}
