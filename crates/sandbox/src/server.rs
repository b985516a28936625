//! HTTP: connections, bounded bodies, and answers that come late, never or not at all.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming as Body;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderValue, ORIGIN};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::control;
use crate::error::AwsError;
use crate::protocol::{Answer, Protocol};
use crate::wish;
use crate::world::{Incoming, Reply, World};

/// Larger than any request gcnet sends: a batch of log events is 1 MiB and its JSON. EC2 takes much less.
const LARGEST_BODY: usize = 2 * 1024 * 1024;
/// Larger than the head of any request: a client gets 431 for more.
const LARGEST_HEAD: usize = 64 * 1024;
/// So many headers a request.
const MOST_HEADERS: usize = 100;
/// How long a client may take to send a head.
const LONGEST_HEAD: Duration = Duration::from_secs(30);
/// So many connections at once: further ones wait in the system's queue.
const MOST_CONNECTIONS: usize = 1024;
/// How long a hanging request is held for a client that does not give up.
const LONGEST_HANG: Duration = Duration::from_secs(600);
/// How long a stopping server waits for requests in flight.
const LONGEST_GOODBYE: Duration = Duration::from_secs(2);

/// The world, shared by all connections.
pub(crate) type SharedWorld = Arc<Mutex<World>>;

/// A panic while the lock was held cannot leave half a change: requests work on a copy.
pub(crate) fn lock(world: &Mutex<World>) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A port that stays ours while nobody listens on it.
#[derive(Debug)]
pub(crate) struct Port {
    pub address: SocketAddr,
    listener: TcpListener,
    /// Bound and never listening, so that no other sandbox gets the port meanwhile.
    _reserved: TcpSocket,
}

impl Port {
    pub fn open(address: SocketAddr) -> std::io::Result<Self> {
        let reserved = bound(address)?;
        let address = reserved.local_addr()?;
        Ok(Self { address, listener: listening(address)?, _reserved: reserved })
    }
}

fn bound(address: SocketAddr) -> std::io::Result<TcpSocket> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

fn listening(address: SocketAddr) -> std::io::Result<TcpListener> {
    bound(address)?.listen(1024)
}

/// Accepts connections until told to stop, then lets requests in flight finish.
pub(crate) async fn run(port: Port, world: SharedWorld, mut stop: watch::Receiver<bool>) {
    let Port { address, mut listener, _reserved } = port;
    let for_connections = stop.clone();
    let mut connections = JoinSet::new();
    let mut accepted_so_far = 0;
    let mut away = lock(&world).away.subscribe();
    loop {
        tokio::select! {
            accepted = listener.accept(), if connections.len() < MOST_CONNECTIONS => match accepted {
                Ok((stream, _)) => {
                    let world = Arc::clone(&world);
                    accepted_so_far += 1;
                    let stop = for_connections.clone();
                    connections.spawn(converse(stream, accepted_so_far, world, stop, away.clone()));
                }
                Err(error) => tracing::debug!(%error, "a connection was not accepted"),
            },
            Some(_) = connections.join_next() => {}
            Ok(()) = away.changed() => {
                let Some(by) = *away.borrow_and_update() else { continue };
                drop(listener);
                pause(by).await;
                lock(&world).away.send_replace(None);
                away.mark_unchanged();
                listener = match listening(address) {
                    Ok(listener) => listener,
                    Err(error) => {
                        tracing::error!(%error, "the sandbox cannot listen any more");
                        return;
                    }
                };
            }
            () = stopped(&mut stop) => break,
        }
    }
    let goodbye = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(LONGEST_GOODBYE, goodbye).await.is_err() {
        tracing::debug!("connections were still open when the sandbox stopped");
    }
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    // Fails only when the sandbox is gone.
    let _ = stop.wait_for(|stop| *stop).await;
}

async fn converse(
    stream: TcpStream,
    number: u64,
    world: SharedWorld,
    mut stop: watch::Receiver<bool>,
    mut away: watch::Receiver<Option<Duration>>,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY is not available");
    }
    let service = service_fn(|request| serve(request, number, &world));
    let mut builder = hyper::server::conn::http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(LONGEST_HEAD);
    builder.max_header_size(LARGEST_HEAD).max_headers(MOST_HEADERS);
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let left = async {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => {}
            _ = away.wait_for(Option::is_some) => {}
        }
    };
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = left => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Makes hyper close the connection without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the sandbox dropped the connection on purpose")]
struct Dropped;

async fn serve(request: Request<Body>, connection: u64, world: &SharedWorld) -> Result<Response<Full<Bytes>>, Dropped> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    let protocol = Protocol::guess(parts.headers.contains_key("x-amz-target"), path);
    // What a page in a browser sends carries where it comes from, and, if its own name was made to resolve to loopback, that.
    if parts.headers.contains_key(ORIGIN) || !names_loopback(&parts.headers) {
        let error =
            r#"{"error":"the sandbox answers programs of this machine: Host must be loopback, without Origin"}"#;
        return Ok(response(403, "application/json", error.to_owned().into()));
    }
    let body = match Limited::new(body, LARGEST_BODY).collect().await {
        Ok(collected) => collected.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => {
            return Ok(respond(protocol.error(&protocol.too_large(), "")));
        }
        Err(_) => return Err(Dropped), // The client went away in the middle of it.
    };
    if path.starts_with(control::PREFIX) {
        let kind = text(&parts.headers, CONTENT_TYPE.as_str());
        let (status, value) = control::handle(&mut lock(world), &parts.method, path, kind.as_deref(), &body);
        return Ok(response(status, "application/json", value.to_string().into()));
    }
    // Only S3 has an operation there, and only those who sign know of it.
    if parts.method != Method::POST && path == "/" && !parts.headers.contains_key(AUTHORIZATION) {
        let error = AwsError::new("InvalidAction", "The services that the sandbox simulates take POST / only.")
            .with_status(405);
        return Ok(respond(protocol.error(&error, "")));
    }
    let headers =
        parts.headers.keys().filter_map(|name| Some((name.to_string(), text(&parts.headers, name.as_str())?)));
    let incoming = Incoming {
        method: parts.method.as_str().to_owned(),
        path: path.to_owned(),
        query: parts.uri.query().map(str::to_owned),
        authorization: text(&parts.headers, AUTHORIZATION.as_str()),
        security_token: text(&parts.headers, "x-amz-security-token"),
        date: text(&parts.headers, "x-amz-date"),
        target: text(&parts.headers, "x-amz-target"),
        content_type: text(&parts.headers, CONTENT_TYPE.as_str()),
        wish: text(&parts.headers, wish::HEADER),
        headers: headers.collect(),
        body: body.to_vec(),
    };
    let (latency, turns) = {
        let world = lock(world);
        (world.latency, world.turns.clone())
    };
    pause(latency).await;
    if let Some(turns) = turns {
        turns.enter(connection).await;
    }
    let (handled, now) = {
        let mut world = lock(world);
        (world.handle(&incoming), world.clock.now())
    };
    pause(handled.late).await;
    match handled.reply {
        Reply::Answer(mut answer) => {
            if parts.method == Method::HEAD {
                answer.body.clear();
            }
            let mut response = respond(answer);
            // Clients compare what is dated in an answer with the date of the answer.
            let date = now.to_http_date();
            if let Some(Ok(date)) = date.as_deref().map(HeaderValue::from_str) {
                response.headers_mut().insert(DATE, date);
            }
            Ok(response)
        }
        Reply::Drop => Err(Dropped),
        Reply::Hang => {
            pause(LONGEST_HANG).await;
            Err(Dropped)
        }
    }
}

/// Whether the client knows this server as a loopback address. A page whose own name was made to resolve to loopback
/// does not.
fn names_loopback(headers: &HeaderMap) -> bool {
    let host = text(headers, "host").unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host.as_str(), |(name, _)| name);
    // S3 clients may put a bucket's name before it, and no resolver asks the network for what is below localhost (RFC 6761).
    matches!(name, "127.0.0.1" | "localhost" | "[::1]") || name.ends_with(".localhost")
}

#[expect(clippy::disallowed_methods, reason = "latency is what is being simulated")]
async fn pause(real_time: Duration) {
    if !real_time.is_zero() {
        tokio::time::sleep(real_time).await;
    }
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    Some(value.to_owned())
}

fn respond(answer: Answer) -> Response<Full<Bytes>> {
    let mut response = response(answer.status, answer.content_type, answer.body);
    if let Ok(id) = HeaderValue::from_str(&answer.request_id) {
        response.headers_mut().insert("x-amzn-requestid", id);
    }
    if let Some(Ok(code)) = answer.error_type.as_deref().map(HeaderValue::from_str) {
        response.headers_mut().insert("x-amzn-errortype", code);
    }
    for (name, value) in answer.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

fn response(status: u16, content_type: &'static str, body: Vec<u8>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
