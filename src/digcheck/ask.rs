//! Asking DNS servers: over UDP, and over TCP when the answer did not fit.
//!
//! Not a resolver: it answers names such as `.local`, which municipalities use, out of itself, follows aliases and keeps what
//! it heard, and the check is about what this one server says now.

use std::{net::SocketAddr, time::Duration};

use futures::{StreamExt, stream};
use hickory_net::{
    NetError,
    proto::{
        op::{DnsRequest, DnsRequestOptions, DnsResponse, Query, ResponseCode},
        rr,
    },
    runtime::TokioRuntimeProvider,
    tcp::TcpClientStream,
    udp::UdpClientStream,
    xfer::{DnsHandle, DnsRequestSender},
};

use super::{
    question::{Kind, Question},
    value::{self, Found},
};
use crate::config::schema::RecordType;

/// Queries in flight at once. A Resolver endpoint's address takes about 10,000 a second; sockets of this host are scarcer.
const IN_FLIGHT: usize = 64;
/// A lost datagram is sent again, within the time that there is.
const SENDINGS: u8 = 3;

/// A question, asked of a server.
#[derive(Debug)]
pub struct Asked<'a> {
    /// What was asked.
    pub question: &'a Question,
    /// Of whom.
    pub server: SocketAddr,
    /// How the last query went.
    pub via: Via,
    /// What came of it.
    pub reply: Reply,
}

/// What came of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// The server said something.
    Response(Response),
    /// It said nothing in time.
    TimedOut,
    /// The query could not be sent, or what came back could not be read.
    Failed {
        /// Why, in English.
        detail: String,
    },
}

/// What a server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// `NOERROR`, `NXDOMAIN`, as `dig` spells it.
    pub code: String,
    /// The answer section.
    pub answers: Vec<Found>,
    /// The SOAs of the authority section.
    pub authorities: Vec<Found>,
}

/// How a query went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// In a datagram.
    Udp,
    /// Once more, because the answer did not fit into a datagram.
    Tcp,
}

/// Asks every server every question; the answers come in the order of questions, each of all servers in turn.
/// `timeout` is that of one query, and once more of its repetition over TCP.
pub async fn ask_all<'a>(questions: &'a [Question], servers: &[SocketAddr], timeout: Duration) -> Vec<Asked<'a>> {
    let pairs = questions.iter().flat_map(|question| servers.iter().map(move |server| (question, *server)));
    let ask = |(question, server): (&'a Question, SocketAddr)| async move {
        let (via, reply) = ask(question, server, timeout).await;
        Asked { question, server, via, reply }
    };
    stream::iter(pairs).map(ask).buffered(IN_FLIGHT).collect().await
}

async fn ask(question: &Question, server: SocketAddr, timeout: Duration) -> (Via, Reply) {
    let name = match value::name(&question.name) {
        Ok(name) => name,
        Err(detail) => return (Via::Udp, Reply::Failed { detail }),
    };
    let query = Query::query(name, kind(question.kind));
    match over_udp(query.clone(), server, timeout).await {
        Ok(response) if response.metadata.truncation => (Via::Tcp, read(over_tcp(query, server, timeout).await)),
        response => (Via::Udp, read(response)),
    }
}

async fn over_udp(query: Query, server: SocketAddr, timeout: Duration) -> Result<DnsResponse, NetError> {
    let mut options = DnsRequestOptions::default();
    options.retry_interval = timeout / u32::from(SENDINGS);
    let mut udp = UdpClientStream::builder(server, TokioRuntimeProvider::default())
        .with_timeout(Some(timeout))
        .with_max_retries(SENDINGS)
        .with_os_port_selection(true)
        .build();
    first(udp.send_message(DnsRequest::from_query(query, options))).await
}

async fn over_tcp(query: Query, server: SocketAddr, timeout: Duration) -> Result<DnsResponse, NetError> {
    // Kept until the answer is there: with its last copy goes the task that reads the connection.
    let provider = TokioRuntimeProvider::default();
    let tcp = TcpClientStream::exchange(server, None, timeout, None, provider.clone()).await?;
    first(tcp.send(DnsRequest::from_query(query, DnsRequestOptions::default()))).await
}

async fn first(
    mut replies: impl futures::Stream<Item = Result<DnsResponse, NetError>> + Unpin,
) -> Result<DnsResponse, NetError> {
    // Without a word is how the library says that the time is over.
    replies.next().await.unwrap_or(Err(NetError::Timeout))
}

fn kind(kind: Kind) -> rr::RecordType {
    match kind {
        Kind::Soa => rr::RecordType::SOA,
        Kind::Ns => rr::RecordType::NS,
        Kind::Record(kind) => match kind {
            RecordType::A => rr::RecordType::A,
            RecordType::AAAA => rr::RecordType::AAAA,
            RecordType::CNAME => rr::RecordType::CNAME,
            RecordType::TXT => rr::RecordType::TXT,
            RecordType::MX => rr::RecordType::MX,
            RecordType::SRV => rr::RecordType::SRV,
            RecordType::PTR => rr::RecordType::PTR,
            RecordType::CAA => rr::RecordType::CAA,
        },
    }
}

/// What a server said in these bytes; `None` where it is no message.
pub(crate) fn heard(bytes: &[u8]) -> Option<Reply> {
    DnsResponse::from_buffer(bytes.to_vec()).ok().map(|response| read(Ok(response)))
}

fn read(response: Result<DnsResponse, NetError>) -> Reply {
    let response = match response {
        Ok(response) => response,
        Err(NetError::Timeout) => return Reply::TimedOut,
        Err(error) => return Reply::Failed { detail: error.to_string() },
    };
    let is_soa = |record: &&rr::Record| record.record_type() == rr::RecordType::SOA;
    Reply::Response(Response {
        code: code(response.metadata.response_code),
        answers: response.answers.iter().map(Found::from).collect(),
        authorities: response.authorities.iter().filter(is_soa).map(Found::from).collect(),
    })
}

fn code(code: ResponseCode) -> String {
    match code {
        ResponseCode::NoError => "NOERROR".into(),
        ResponseCode::FormErr => "FORMERR".into(),
        ResponseCode::ServFail => "SERVFAIL".into(),
        ResponseCode::NXDomain => "NXDOMAIN".into(),
        ResponseCode::NotImp => "NOTIMP".into(),
        ResponseCode::Refused => "REFUSED".into(),
        other => format!("RCODE{}", u16::from(other)),
    }
}
