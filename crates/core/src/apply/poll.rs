//! Everyone who waits for a resource of one kind shares one read per tick; kinds that are due together share one
//! snapshot. So one or forty slow creations cost the same.

use std::{collections::BTreeMap, sync::Arc, sync::Mutex, time::Duration};

use futures::future::join_all;
use tokio::{
    sync::{Notify, oneshot},
    time::Instant,
};

use crate::{Failure, Kinds, Object, World, kind::lock};

/// How often to look while waiting: after `first`, then half as long again each time, up to `max`.
#[derive(Clone, Copy, Debug)]
pub struct Poll {
    /// Before the first look.
    pub first: Duration,
    /// Between two looks, at most.
    pub max: Duration,
}

impl Poll {
    fn delay(self, attempt: u32) -> Duration {
        self.first.mul_f64(1.5f64.powi(attempt.min(30) as i32)).min(self.max)
    }

    /// Lets time pass before the next look.
    #[expect(clippy::disallowed_methods, reason = "this is the engine, the one that sleeps")]
    pub(crate) async fn pause(self, attempt: u32) {
        tokio::time::sleep(self.delay(attempt)).await;
    }
}

/// All objects of one kind, as one read saw them.
pub(super) struct Look {
    /// When the read began: what was written later may not be in it.
    pub(super) began: Instant,
    pub(super) objects: Result<Vec<Object>, Failure>,
}

pub(super) type Seen = Arc<Look>;

impl Look {
    /// What was seen; nothing when the read failed.
    pub(super) fn objects(&self) -> &[Object] {
        self.objects.as_deref().unwrap_or_default()
    }

    pub(super) fn find(&self, id: &str) -> Option<&Object> {
        self.objects().iter().find(|object| object.id == id)
    }
}

struct Waiter {
    due: Instant,
    tell: oneshot::Sender<Seen>,
}

pub(super) struct Waits<'a, W: 'static> {
    world: &'a W,
    kinds: Kinds<W>,
    poll: Poll,
    waiting: Mutex<BTreeMap<&'static str, Vec<Waiter>>>,
    changed: Notify,
}

impl<'a, W: World> Waits<'a, W> {
    pub(super) fn new(world: &'a W, kinds: Kinds<W>, poll: Poll) -> Self {
        Waits { world, kinds, poll, waiting: Mutex::default(), changed: Notify::new() }
    }

    /// What the next read of this kind sees; the read starts after this call. `attempt` counts the waits of one step, and
    /// each is longer than the one before.
    pub(super) async fn next(&self, kind: &'static str, attempt: u32) -> Seen {
        let (tell, seen) = oneshot::channel();
        let due = Instant::now() + self.poll.delay(attempt);
        lock(&self.waiting).entry(kind).or_default().push(Waiter { due, tell });
        self.changed.notify_one();
        let ended = |_| {
            let objects = Err(Failure::internal("gcnet:wait", "the poller has ended"));
            Arc::new(Look { began: due, objects })
        };
        seen.await.unwrap_or_else(ended)
    }

    /// Lets time pass before a call is made again.
    pub(super) async fn pause(&self, attempt: u32) {
        self.poll.pause(attempt).await;
    }

    /// Lets time pass up to a moment.
    pub(super) async fn until(&self, moment: Instant) {
        tokio::time::sleep_until(moment).await;
    }

    /// Reads for all who wait. Ends only by being dropped.
    pub(super) async fn run(&self) {
        loop {
            let due = lock(&self.waiting).values().flatten().map(|waiter| waiter.due).min();
            match due {
                None => self.changed.notified().await,
                Some(due) if due > Instant::now() => tokio::select! {
                    biased;
                    () = tokio::time::sleep_until(due) => {}
                    () = self.changed.notified() => {}
                },
                Some(_) => self.look().await,
            }
        }
    }

    async fn look(&self) {
        let now = Instant::now();
        let due: Vec<(&'static str, Vec<Waiter>)> = {
            let mut waiting = lock(&self.waiting);
            let (due, later) = std::mem::take(&mut *waiting)
                .into_iter()
                .partition::<BTreeMap<_, _>, _>(|(_, waiters)| waiters.iter().any(|waiter| waiter.due <= now));
            *waiting = later;
            due.into_iter().collect()
        };
        let world = self.world.fresh();
        let world = &world;
        join_all(due.into_iter().map(|(name, waiters)| async move {
            let objects = match self.kinds.get(name) {
                Some(kind) => kind.observe(world).await,
                None => Err(Failure::internal("gcnet:wait", format!("no kind is called {name}"))),
            };
            let seen = Arc::new(Look { began: now, objects });
            for waiter in waiters {
                // Nobody listens any more: the step was dropped.
                let _ = waiter.tell.send(seen.clone());
            }
        }))
        .await;
    }
}
