//! `/_sandbox/…`: what the Rust API offers, over HTTP, for `gcnet sandbox serve`.
//!
//! | request | does |
//! |---|---|
//! | `GET /_sandbox/calls`, `DELETE` | the call log |
//! | `POST /_sandbox/faults`, `DELETE` | injects one [`Fault`], forgets all |
//! | `POST /_sandbox/clock` `{"advance_seconds": 60}` | lets simulated time pass |
//! | `POST /_sandbox/cut` `{"after_writes": 3}`, `DELETE` | cuts the line, heals it |
//! | `PUT /_sandbox/announce` `{"gateway": "…", "cidrs": ["10.1.0.0/16"]}` | what routers announce to a Direct Connect gateway |
//! | `PUT /_sandbox/quotas` | sets [`Quotas`]; what is left out has AWS's default |
//! | `PUT /_sandbox/organizations` `[["111122223333", "444455556666"]]` | sets [`Organizations`] |
//! | `GET /_sandbox/resources/111122223333` | all that is alive in an account |
//! | `DELETE /_sandbox/sessions` | expires all temporary credentials |
//! | `GET /_sandbox/operations` | what is simulated |

use std::time::Duration;

use hyper::Method;
use ipnet::Ipv4Net;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::fault::Fault;
use crate::inspect;
use crate::organization::Organizations;
use crate::quota::Quotas;
use crate::service;
use crate::world::World;

/// All control requests begin with this.
pub(crate) const PREFIX: &str = "/_sandbox/";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_seconds: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cut {
    after_writes: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Announce {
    gateway: String,
    cidrs: Vec<Ipv4Net>,
}

/// Serves a control request: an HTTP status and a JSON document.
pub(crate) fn handle(
    world: &mut World,
    method: &Method,
    path: &str,
    content_type: Option<&str>,
    body: &[u8],
) -> (u16, Value) {
    // A page in a browser can send a form anywhere, but not JSON without being allowed to.
    let changes = method != Method::GET;
    if changes && content_type != Some("application/json") {
        return (415, json!({ "error": "Content-Type must be application/json" }));
    }
    match serve(world, method, path, body) {
        Ok(value) => (200, value),
        Err(refused) => refused,
    }
}

fn serve(world: &mut World, method: &Method, path: &str, body: &[u8]) -> Result<Value, (u16, Value)> {
    let words: Vec<&str> = path.strip_prefix(PREFIX).unwrap_or(path).split('/').collect();
    match (method.as_str(), words.as_slice()) {
        ("GET", ["calls"]) => return Ok(json!({ "calls": world.log.all() })),
        ("DELETE", ["calls"]) => world.log.clear(),
        ("POST", ["faults"]) => world.faults.inject(parse::<Fault>(body)?),
        ("DELETE", ["faults"]) => world.faults.clear(),
        ("POST", ["clock"]) => {
            let Advance { advance_seconds } = parse(body)?;
            world.clock.advance(Duration::from_secs(advance_seconds));
            return Ok(json!({ "now": world.clock.now().to_string() }));
        }
        ("POST", ["cut"]) => {
            let Cut { after_writes } = parse(body)?;
            world.cut_after_writes(after_writes);
        }
        ("DELETE", ["cut"]) => world.heal(),
        ("PUT", ["announce"]) => {
            let Announce { gateway, cidrs } = parse(body)?;
            world.announce(&gateway, &cidrs).map_err(|why| (400, json!({ "error": why.to_string() })))?;
        }
        ("PUT", ["quotas"]) => world.quotas = parse::<Quotas>(body)?,
        ("PUT", ["organizations"]) => world.organizations = parse::<Organizations>(body)?,
        ("GET", ["resources", account]) => {
            return Ok(json!({ "resources": inspect::everything(&world.settled(), account) }));
        }
        ("DELETE", ["sessions"]) => world.state.expire_sessions(),
        ("GET", ["operations"]) => return Ok(json!({ "operations": service::registered() })),
        _ => return Err((404, json!({ "error": "the sandbox has no such control" }))),
    }
    Ok(json!({}))
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, (u16, Value)> {
    serde_json::from_slice(body).map_err(|error| (400, json!({ "error": error.to_string() })))
}
