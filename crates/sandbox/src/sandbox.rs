//! The public face: start, stop, faults, clock, log, inspection.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ipnet::Ipv4Net;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::clock::{Clock, ClockMode, Moment};
use crate::error::{AnnounceError, StartError};
use crate::fault::Fault;
use crate::inspect::{self, Resource};
use crate::lag::ReadLag;
use crate::log::Call;
use crate::organization::Organizations;
use crate::persist::{Notice, StoreFile};
use crate::quota::Quotas;
use crate::rate::Rates;
use crate::server::{self, Port, SharedWorld, lock};
use crate::snapshot::Snapshot;
use crate::store::State;
use crate::turnstile::Turnstile;
use crate::world::World;

/// How a sandbox behaves. The default is fast, forgetful and without faults.
#[derive(Debug, Clone)]
pub struct Options {
    /// A loopback address; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where the store is kept; None keeps it in memory only.
    pub file: Option<PathBuf>,
    /// How simulated time passes.
    pub clock: ClockMode,
    /// Real time that every request takes.
    pub latency: Duration,
    /// Ids and lags follow from it. A file that exists keeps its own.
    pub seed: u64,
    /// How far behind reads are.
    pub read_lag: ReadLag,
    /// What an account may hold.
    pub quotas: Quotas,
    /// Which accounts belong together.
    pub organizations: Organizations,
    /// Whether an assumed role may call only what its policies allow. Actions are checked, resources are not; long-term
    /// credentials may do everything.
    pub enforce_policies: bool,
    /// Whether services throttle at AWS's limits: Route 53 takes 5 requests a second from an account, Route 53 Resolver as
    /// many in a Region, and Private CA so many of each operation. In real time.
    pub limit_rates: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            file: None,
            clock: ClockMode::default(),
            latency: Duration::ZERO,
            seed: 0,
            read_lag: ReadLag::None,
            quotas: Quotas::default(),
            organizations: Organizations::default(),
            enforce_policies: false,
            limit_rates: false,
        }
    }
}

/// A running sandbox. Dropping it closes every connection at once; [`Sandbox::stop`] lets requests finish.
#[derive(Debug)]
pub struct Sandbox {
    pub(crate) world: SharedWorld,
    address: SocketAddr,
    notice: Option<Notice>,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
}

impl Sandbox {
    /// Opens the file, if any, and serves on loopback. Needs a tokio runtime with I/O and time.
    ///
    /// # Errors
    ///
    /// See [`StartError`]. A corrupt file is no error: it is set aside and [`Sandbox::notice`] says so.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let Options {
            listen,
            file,
            clock,
            latency,
            seed,
            read_lag,
            quotas,
            organizations,
            enforce_policies,
            limit_rates,
        } = options;
        if !listen.ip().is_loopback() {
            return Err(StartError::NotLoopback(listen));
        }
        let port = Port::open(listen).map_err(|source| StartError::Listen { address: listen, source })?;

        let (file, saved, notice) = match &file {
            Some(path) => {
                let (file, saved, notice) = StoreFile::open(path)?;
                (Some(file), saved, notice)
            }
            None => (None, None, None),
        };
        let (state, at) = match saved {
            Some(saved) => (saved.state, Some(saved.now)),
            None => {
                let state = State { seed, ..State::default() };
                (state, None)
            }
        };
        let mut world = World::new(state, Clock::starting(clock, at), file);
        world.latency = latency;
        world.lag = read_lag;
        world.quotas = quotas;
        world.organizations = organizations;
        world.enforce_policies = enforce_policies;
        world.rates = limit_rates.then(Rates::default);
        Ok(Self::serve(port, world, notice))
    }

    /// Serves what another sandbox held, on a port of its own and in memory; see [`Snapshot`]. Ids that are made from now on
    /// follow from `seed`.
    ///
    /// # Errors
    ///
    /// No port is free.
    pub async fn restore(snapshot: &Snapshot, clock: ClockMode, seed: u64) -> Result<Self, StartError> {
        let listen = Options::default().listen;
        let port = Port::open(listen).map_err(|source| StartError::Listen { address: listen, source })?;
        Ok(Self::serve(port, snapshot.world(clock, seed), None))
    }

    /// What it holds now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::of(&lock(&self.world))
    }

    fn serve(port: Port, world: World, notice: Option<Notice>) -> Self {
        let (address, world) = (port.address, Arc::new(Mutex::new(world)));
        let stop = watch::Sender::new(false);
        let server = tokio::spawn(server::run(port, Arc::clone(&world), stop.subscribe()));
        Self { world, address, notice, stop, server }
    }

    /// `http://127.0.0.1:PORT`, for `AWS_ENDPOINT_URL`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What a person should know about how it started.
    #[must_use]
    pub fn notice(&self) -> Option<&Notice> {
        self.notice.as_ref()
    }

    /// Stops accepting, lets requests in flight finish for a moment, and closes the file.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        if let Err(error) = (&mut self.server).await {
            tracing::debug!(%error, "the sandbox's server did not end by itself");
        }
    }

    /// Makes something go wrong.
    pub fn inject(&self, fault: Fault) {
        lock(&self.world).faults.inject(fault);
    }

    /// Forgets all faults that were injected.
    pub fn clear_faults(&self) {
        lock(&self.world).faults.clear();
    }

    /// Lets requests in one by one from now on, those that are in flight at once in an order that follows from the seed. Some
    /// connections are passed over for a while.
    pub fn interleave(&self, seed: u64) {
        lock(&self.world).turns = Some(Turnstile::new(seed));
    }

    /// Executes the `writes`-th successful write from now, loses its answer, and drops every connection after it, as if
    /// the client had been killed there. Zero cuts at once. See [`Sandbox::cut`] and [`Sandbox::heal`].
    pub fn cut_after_writes(&self, writes: u64) {
        lock(&self.world).cut_after_writes(writes);
    }

    /// Resolves when the line is cut.
    pub async fn cut(&self) {
        let mut cut = lock(&self.world).cut.subscribe();
        // Fails only when the sender is gone, and it lives in the world.
        let _ = cut.wait_for(|cut| *cut).await;
    }

    /// Answers again, and forgets a cut that has not happened yet.
    pub fn heal(&self) {
        lock(&self.world).heal();
    }

    /// The calls so far, oldest first.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        lock(&self.world).log.all()
    }

    /// Forgets the calls so far.
    pub fn clear_calls(&self) {
        lock(&self.world).log.clear();
    }

    /// Simulated time.
    #[must_use]
    pub fn now(&self) -> Moment {
        lock(&self.world).clock.now()
    }

    /// Lets simulated time pass at once.
    pub fn advance(&self, by: Duration) {
        lock(&self.world).clock.advance(by);
    }

    /// Sets what an account may hold.
    pub fn set_quotas(&self, quotas: Quotas) {
        lock(&self.world).quotas = quotas;
    }

    /// Sets what one account may hold, whatever the others may: AWS raises quotas by account.
    pub fn set_quotas_of(&self, account: &str, quotas: Quotas) {
        lock(&self.world).quotas_of.insert(account.to_owned(), quotas);
    }

    /// Sets which accounts belong together. What was shared before stays as it was.
    pub fn set_organizations(&self, organizations: Organizations) {
        lock(&self.world).organizations = organizations;
    }

    /// Sets how late reads are.
    pub fn set_read_lag(&self, lag: ReadLag) {
        lock(&self.world).lag = lag;
    }

    /// Sets the real time that every request takes.
    pub fn set_latency(&self, latency: Duration) {
        lock(&self.world).latency = latency;
    }

    /// Ends every session of a role or a user: the next call with its key is refused as expired.
    pub fn expire_sessions(&self) {
        lock(&self.world).state.expire_sessions();
    }

    /// Sets what the routers beyond a Direct Connect gateway's lines announce to it, in place of what they announced: none
    /// at first. The transit gateways that are associated with it learn that.
    ///
    /// # Errors
    ///
    /// See [`AnnounceError`].
    pub fn announce(&self, gateway: &str, blocks: &[Ipv4Net]) -> Result<(), AnnounceError> {
        lock(&self.world).announce(gateway, blocks)
    }

    /// Why the file could not be written the last time that it could not: the requests of such times were undone.
    #[must_use]
    pub fn unsaved(&self) -> Option<String> {
        lock(&self.world).unsaved.clone()
    }

    /// All that is alive in an account, sorted; what has been deleted is not, even where AWS still lists it.
    #[must_use]
    pub fn everything(&self, account: &str) -> Vec<Resource> {
        inspect::everything(&lock(&self.world).settled(), account)
    }

    /// The ids of what is alive in an account and Region, by kind.
    #[must_use]
    pub fn live(&self, account: &str, region: &str) -> BTreeMap<String, Vec<String>> {
        let mut by_kind: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for resource in self.everything(account) {
            if resource.region == region {
                by_kind.entry(resource.kind).or_default().push(resource.id);
            }
        }
        by_kind
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // The connections belong to the server's task and end with it.
        self.server.abort();
    }
}
