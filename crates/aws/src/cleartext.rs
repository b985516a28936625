//! Requests that anybody on the way could read. Their signatures are good for some minutes, and what an answer says would be
//! believed: nothing is sent over HTTP but to this machine, whoever chose the endpoint (an option, the environment, a profile).

use std::net::IpAddr;

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{Intercept, context::BeforeTransmitInterceptorContextRef},
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::ConfigBag;

/// Refuses before anything is signed.
#[derive(Debug)]
pub(crate) struct NotInTheOpen;

/// The request was not sent.
#[derive(Debug, thiserror::Error)]
#[error("{0} is neither HTTPS nor on this machine")]
pub(crate) struct Cleartext(String);

/// Whether requests to this URL leave the machine, and in the open.
pub fn is_cleartext(url: &str) -> bool {
    let is_http = url.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://"));
    is_http && !is_loopback(url)
}

/// Whether a URL leads to this machine.
pub fn is_loopback(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = host.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host =
        host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit())).map_or(host, |(h, _)| h);
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl Intercept for NotInTheOpen {
    fn name(&self) -> &'static str {
        "gcnet-not-in-the-open"
    }

    fn read_before_signing(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        match context.request().uri() {
            uri if is_cleartext(uri) => {
                // What follows the host may be anything.
                let origin: String = uri.split('/').take(3).collect::<Vec<_>>().join("/");
                Err(Cleartext(origin).into())
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_spoken_to_in_the_open() {
        for url in [
            "http://127.0.0.1:4566",
            "http://localhost:4566/x",
            "http://[::1]:1",
            "http://127.9.9.9",
            "127.8.0.1",
            "HTTP://LOCALHOST",
        ] {
            assert!(is_loopback(url) && !is_cleartext(url), "{url}");
        }
        for url in [
            "http://ec2.ap-northeast-1.amazonaws.com/",
            "http://10.0.0.1:4566",
            "HTTP://example.com",
            // A name that only begins with, or hides behind, the one that is asked for.
            "http://localhost.example.com",
            "http://127.0.0.1@example.com/",
            "http://127.0.0.1:80@example.com/",
            "http://example.com#@127.0.0.1",
            "http://example.com\\@127.0.0.1",
            "http://2130706433",
            "http://",
        ] {
            assert!(is_cleartext(url), "{url}");
        }
        assert!(!is_cleartext("https://ec2.ap-northeast-1.amazonaws.com/"));
    }
}
