//! Entries for a fuzzer: what the sandbox makes of bytes that others wrote. Hidden from the documentation; nothing else
//! may call them. What they answer is whether the bytes were what is read there.

use std::path::Path;
use std::time::Duration;

use crate::clock::{Clock, ClockMode};
use crate::log::Outcome;
use crate::persist::{Saved, parse};
use crate::store::State;
use crate::world::{Incoming, World};

/// A store in which requests find what they name.
#[derive(Debug)]
pub struct Furnished {
    saved: Saved,
}

/// Reads a store's file, and if it is one, what is written of it again.
///
/// # Errors
/// What is written cannot be read, or is not the same.
pub fn file(bytes: &[u8]) -> Result<bool, String> {
    let Ok(Ok(saved)) = parse(Path::new("sandbox.json"), bytes) else { return Ok(false) };
    let mut settled = saved.state.clone();
    settled.settle(saved.now);
    is_kept(&saved.state).map(|()| true)
}

impl Furnished {
    /// The store of a sandbox's file.
    ///
    /// # Errors
    /// It is none.
    pub fn new(file: &[u8]) -> Result<Self, String> {
        match parse(Path::new("sandbox.json"), file) {
            Ok(Ok(saved)) => Ok(Self { saved }),
            Ok(Err(why)) => Err(why),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Serves one request on a copy of the store: a line `SERVICE REGION ACCOUNT METHOD PATH`, headers as HTTP has them, an
    /// empty line and a body.
    ///
    /// # Errors
    /// The request left a store that cannot be kept in a file.
    pub fn request(&self, bytes: &[u8]) -> Result<bool, String> {
        let mut world = self.world();
        world.handle(&incoming(bytes));
        let is_done = world.log.all().last().is_some_and(|call| call.outcome == Outcome::Ok);
        let is_written = world.log.all().last().is_some_and(|call| call.committed);
        // It takes longer than all else together: so only for some, and always for the same.
        let is_chosen = bytes.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte)) < 32;
        if is_written && is_chosen {
            is_kept(&world.state)?;
        }
        Ok(is_done)
    }

    fn world(&self) -> World {
        let clock = Clock::starting(ClockMode::Stepped(Duration::from_secs(1)), Some(self.saved.now));
        World::new(self.saved.state.clone(), clock, None)
    }
}

/// What hyper would have made of it, and a signature that is well-formed unless there is another.
fn incoming(bytes: &[u8]) -> Incoming {
    let end = bytes.windows(2).position(|pair| pair == b"\n\n");
    let (head, body) = match end {
        Some(end) => (bytes.get(..end).unwrap_or_default(), bytes.get(end + 2..).unwrap_or_default()),
        None => (bytes, &[][..]),
    };
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines();
    let mut words = lines.next().unwrap_or_default().splitn(5, ' ');
    let mut word = || words.next().unwrap_or_default().to_owned();
    let (service, region, account, method, uri) = (word(), word(), word(), word(), word());
    let headers = lines.filter_map(|line| line.split_once(':'));
    let headers = headers.map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()));
    // HTTP has no other characters in a header.
    let headers: std::collections::BTreeMap<String, String> =
        headers.filter(|(_, value)| value.chars().all(|c| matches!(c, ' '..='~' | '\t'))).collect();
    let header = |name: &str| headers.get(name).cloned();
    let signed = || {
        let signature = "0".repeat(64);
        format!(
            "AWS4-HMAC-SHA256 Credential={account}/20260401/{region}/{service}/aws4_request, \
             SignedHeaders=host;x-amz-date, Signature={signature}"
        )
    };
    let (path, query) = match uri.split_once('?') {
        Some((path, query)) => (path.to_owned(), Some(query.to_owned())),
        None => (uri, None),
    };
    Incoming {
        method,
        path,
        query,
        authorization: Some(header("authorization").unwrap_or_else(signed)),
        security_token: header("x-amz-security-token"),
        date: Some(header("x-amz-date").unwrap_or_else(|| "20260401T000000Z".to_owned())),
        target: header("x-amz-target"),
        content_type: header("content-type"),
        wish: header(crate::wish::HEADER),
        headers,
        body: body.to_vec(),
    }
}

fn is_kept(state: &State) -> Result<(), String> {
    let written = serde_json::to_value(state).map_err(|error| error.to_string())?;
    let read: State = serde_json::from_value(written.clone()).map_err(|error| error.to_string())?;
    let again = serde_json::to_value(&read).map_err(|error| error.to_string())?;
    if again == written { Ok(()) } else { Err("the store is not read as it was written".to_owned()) }
}
