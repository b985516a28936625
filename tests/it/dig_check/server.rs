//! A DNS server on loopback: UDP and TCP, records in memory, answers that do not fit cut off as RFC 1035 has it.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream, UdpSocket},
    sync::Arc,
    thread,
};

use hickory_net::proto::{
    op::{Message, OpCode, ResponseCode},
    rr::{Name, RData, Record, RecordType, rdata::SOA},
};

/// What a server without EDNS may send in a datagram.
const SMALLEST_PAYLOAD: usize = 512;

/// What it answers with.
#[derive(Clone, Default)]
pub struct Zones {
    /// Zones that it serves, by name.
    apexes: Vec<String>,
    records: BTreeMap<(String, RecordType), Vec<(u32, RData)>>,
    refused: Vec<String>,
}

impl Zones {
    pub fn zone(mut self, apex: &str) -> Self {
        let soa = SOA::new(name("ns.example"), name("admin.example"), 1, 900, 60, 86400, 60);
        self.apexes.push(apex.into());
        self.with(apex, 900, RData::SOA(soa))
    }

    pub fn with(mut self, owner: &str, ttl: u32, data: RData) -> Self {
        self.records.entry((owner.to_lowercase(), data.record_type())).or_default().push((ttl, data));
        self
    }

    pub fn without(mut self, owner: &str, kind: RecordType) -> Self {
        assert!(self.records.remove(&(owner.into(), kind)).is_some(), "{owner} has no {kind}");
        self
    }

    pub fn without_zone(mut self, apex: &str) -> Self {
        self.apexes.retain(|known| known != apex);
        self.without(apex, RecordType::SOA)
    }

    /// From now on it refuses names below this one.
    pub fn refusing(mut self, apex: &str) -> Self {
        self.refused.push(apex.into());
        self
    }

    fn answer(&self, query: &Message) -> Message {
        let mut reply = Message::response(query.id, OpCode::Query);
        let asked = &query.queries[0];
        reply.add_query(asked.clone());
        let owner = asked.name().to_lowercase().to_ascii().trim_end_matches('.').to_string();
        let is_below = |apex: &&String| owner == **apex || owner.ends_with(&format!(".{apex}"));
        if self.refused.iter().any(|apex| is_below(&apex)) {
            reply.metadata.response_code = ResponseCode::Refused;
            return reply;
        }
        let found = self.records.get(&(owner.clone(), asked.query_type()));
        // The owner in capitals: a name means the same however it is written.
        let shouted = name(&owner.to_uppercase());
        for (ttl, data) in found.into_iter().flatten().rev() {
            reply.add_answer(Record::from_rdata(shouted.clone(), *ttl, data.clone()));
        }
        if found.is_none() {
            let is_known = self.records.keys().any(|(known, _)| *known == owner);
            reply.metadata.response_code = if is_known { ResponseCode::NoError } else { ResponseCode::NXDomain };
            let around = self.apexes.iter().filter(is_below).max_by_key(|apex| apex.len());
            for (ttl, data) in around.iter().flat_map(|apex| &self.records[&((**apex).clone(), RecordType::SOA)]) {
                reply.add_authority(Record::from_rdata(name(around.unwrap()), *ttl, data.clone()));
            }
        }
        reply
    }
}

pub fn name(text: &str) -> Name {
    Name::from_ascii(format!("{}.", text.trim_end_matches('.'))).unwrap()
}

/// Serves until the tests end.
pub fn serve(zones: Zones) -> SocketAddr {
    let (udp, tcp) = sockets();
    let zones = Arc::new(zones);
    let same = Arc::clone(&zones);
    thread::spawn(move || tcp.incoming().flatten().for_each(|stream| over_tcp(&same, stream)));
    over_udp(zones, udp)
}

/// The same behind a firewall that lets no connections through.
pub fn serve_datagrams_only(zones: Zones) -> SocketAddr {
    let (udp, _) = sockets();
    over_udp(Arc::new(zones), udp)
}

fn over_udp(zones: Arc<Zones>, udp: UdpSocket) -> SocketAddr {
    let address = udp.local_addr().unwrap();
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok((length, from)) = udp.recv_from(&mut buffer) {
            udp.send_to(&datagram(&zones, &buffer[..length]), from).unwrap();
        }
    });
    address
}

fn datagram(zones: &Zones, query: &[u8]) -> Vec<u8> {
    let query = Message::from_vec(query).unwrap();
    let fits = query.edns.as_ref().map_or(SMALLEST_PAYLOAD, |edns| edns.max_payload().into());
    let reply = zones.answer(&query);
    let whole = reply.to_vec().unwrap();
    if whole.len() <= fits { whole } else { reply.truncate().to_vec().unwrap() }
}

fn over_tcp(zones: &Zones, mut stream: TcpStream) {
    let mut length = [0; 2];
    while stream.read_exact(&mut length).is_ok() {
        let mut query = vec![0; u16::from_be_bytes(length).into()];
        stream.read_exact(&mut query).unwrap();
        let reply = zones.answer(&Message::from_vec(&query).unwrap()).to_vec().unwrap();
        stream.write_all(&(reply.len() as u16).to_be_bytes()).unwrap();
        stream.write_all(&reply).unwrap();
    }
}

/// Both at one port: a port that is free for datagrams may be taken for connections.
fn sockets() -> (UdpSocket, TcpListener) {
    for _ in 0..100 {
        let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
        if let Ok(tcp) = TcpListener::bind(udp.local_addr().unwrap()) {
            return (udp, tcp);
        }
    }
    panic!("no port is free for both");
}
