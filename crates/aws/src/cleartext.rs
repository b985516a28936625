//! Requests that anybody on the way could read. Their signatures are good for some minutes, and what an answer says would be
//! believed: nothing is sent over HTTP but to this machine, whoever chose the endpoint (an option, the environment, a profile
//! or its section of services) and whoever asks (our clients, and those of the SDK's providers of credentials).

use std::net::IpAddr;

use aws_smithy_http_client::{Builder, ConnectorBuilder, proxy::ProxyConfig, tls};
use aws_smithy_runtime_api::client::{
    connector_metadata::ConnectorMetadata,
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
    },
    orchestrator::HttpRequest,
    result::ConnectorError,
    runtime_components::RuntimeComponents,
};

/// Where a machine in AWS asks for its own credentials, over HTTP and never beyond its host or node.
///
/// DOC (SDKs and tools reference guide, "IMDS credential provider" and "Container credential provider"): IMDS, ECS, and EKS Pod
/// Identity.
const METADATA: &[&str] = &["169.254.169.254", "fd00:ec2::254", "169.254.170.2", "169.254.170.23", "fd00:ec2::23"];

const TLS: tls::Provider = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::AwsLc);

/// The client beneath all others: the SDK's default one, which sends nothing in the open, and to this machine nothing by way of
/// a proxy.
#[derive(Debug)]
pub(crate) struct NotInTheOpen<C = SharedHttpClient> {
    /// To this machine.
    near: C,
    /// To all others, by way of the environment's proxy if it names one.
    far: C,
}

impl NotInTheOpen {
    pub(crate) fn new() -> Self {
        let far = |settings: Option<&HttpConnectorSettings>, components: Option<&RuntimeComponents>| {
            let mut builder = ConnectorBuilder::default().tls_provider(TLS).proxy_config(ProxyConfig::from_env());
            builder.set_connector_settings(settings.cloned());
            builder.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
            builder.build()
        };
        NotInTheOpen {
            near: Builder::new().tls_provider(TLS).build_https(),
            far: Builder::new().build_with_connector_fn(far),
        }
    }
}

impl HttpClient for NotInTheOpen {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let near = self.near.http_connector(settings, components);
        let far = self.far.http_connector(settings, components);
        SharedHttpConnector::new(NotInTheOpen { near, far })
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.far.connector_metadata()
    }
}

impl<C: HttpConnector> HttpConnector for NotInTheOpen<C> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let uri = request.uri();
        if is_loopback(uri) || is_metadata(uri) {
            return self.near.call(request);
        }
        if is_cleartext(uri) {
            // What follows the host may be anything.
            let origin: String = uri.split('/').take(3).collect::<Vec<_>>().join("/");
            return HttpConnectorFuture::ready(Err(ConnectorError::user(Cleartext(origin).into())));
        }
        self.far.call(request)
    }
}

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
    let host = host(url);
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Whether it is where the machine's own credentials come from.
fn is_metadata(url: &str) -> bool {
    METADATA.contains(&host(url))
}

/// The host's name or address, without the brackets of IPv6.
fn host(url: &str) -> &str {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = host.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host =
        host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit())).map_or(host, |(h, _)| h);
    host.trim_start_matches('[').trim_end_matches(']')
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// Writes down what it was to send.
    #[derive(Clone, Debug, Default)]
    struct Sent(Arc<Mutex<Vec<String>>>);

    impl HttpConnector for Sent {
        fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
            self.0.lock().unwrap().push(request.uri().into());
            HttpConnectorFuture::ready(Err(ConnectorError::user("not sent".into())))
        }
    }

    #[tokio::test]
    async fn what_would_be_in_the_open_is_not_sent_and_what_is_for_this_machine_meets_no_proxy() {
        let (near, far) = (Sent::default(), Sent::default());
        let client = NotInTheOpen { near: near.clone(), far: far.clone() };
        let here = ["http://127.0.0.1:4566/", "https://localhost/", "http://169.254.169.254/latest/api/token"];
        let here =
            [&here[..], &["http://[fd00:ec2::254]/latest", "http://169.254.170.2/v2", "http://169.254.170.23/v1"]]
                .concat();
        let there = ["https://sts.ap-northeast-1.amazonaws.com/"];
        let nowhere =
            ["http://sts.example/", "HTTP://10.0.0.1/", "http://169.254.169.254.example/", "http://169.254.1.1/"];
        for uri in here.iter().chain(&there).chain(&nowhere) {
            let refused = client.call(HttpRequest::get(*uri).unwrap()).await.unwrap_err();
            let is_ours = std::error::Error::source(&refused).is_some_and(|error| error.is::<Cleartext>());
            assert_eq!(is_ours, nowhere.contains(uri), "{uri}");
        }
        assert_eq!(*near.0.lock().unwrap(), here);
        assert_eq!(*far.0.lock().unwrap(), there);
    }

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
