//! `gcnet dig-check`

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use super::{Cx, Exit, Result, resolve::name, session::subject, stdout};
use crate::{
    config::{City, Purpose, derive::Direction, problem::nearest, schema::DnsProtocol},
    digcheck::{self, Question},
    report::{
        digcheck::{Checked, Report, text},
        message::Message,
    },
};

/// Of DNS.
const PORT: u16 = 53;

#[derive(clap::Args)]
pub(super) struct Args {
    #[arg(value_name = "CITY")]
    city: String,
    #[arg(long = "server", value_name = "IP[:PORT]", value_parser = server)]
    servers: Vec<SocketAddr>,
    #[arg(long = "name", value_name = "NAME")]
    names: Vec<String>,
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=60))]
    timeout: u64,
    #[arg(long)]
    json: bool,
}

fn server(text: &str) -> std::result::Result<SocketAddr, String> {
    let address = text.parse::<IpAddr>().map(|address| SocketAddr::new(address, PORT));
    address.or_else(|_| text.parse()).map_err(|_| "IP, IP:PORT, [IPv6]:PORT".into())
}

pub(super) async fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    if cx.global.sandbox {
        return Err(Box::new(Message::NoDnsInSandbox));
    }
    let fleet = cx.fleet()?;
    let city = cx.city(&fleet, &args.city, Purpose::Validate)?;
    let questions = asked_for(city, &args.names)?;
    let servers = servers(city, &args.servers)?;
    let asked = digcheck::ask_all(&questions, &servers, Duration::from_secs(args.timeout)).await;
    let checked: Vec<Checked<'_>> = asked.iter().map(Checked::new).collect();
    let subject = subject(&city.config);
    let report = Report { subject: &subject, city, servers: &servers, checked: &checked };
    if args.json {
        cx.screen.json(&report.document()).map_err(stdout)?;
    } else {
        cx.screen.data(&text(&report, cx.screen.out_style())).map_err(stdout)?;
    }
    let is_wrong = checked.iter().any(|checked| checked.verdict.is_failure());
    Ok(if is_wrong { Exit::Failure } else { Exit::Success })
}

/// The questions of the file; those of names, and of what is below them, where names were given.
fn asked_for(city: &City, names: &[String]) -> Result<Vec<Question>> {
    let questions = digcheck::questions(&city.config);
    if questions.is_empty() {
        return Err(Box::new(Message::NoDnsNames { municipality: city.key().into() }));
    }
    let names: Vec<String> = names.iter().map(|text| Ok(name(text)?.to_string())).collect::<Result<_>>()?;
    let is_of = |question: &Question, name: &str| {
        question.name == name || question.name.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'))
    };
    if let Some(name) = names.iter().find(|name| !questions.iter().any(|question| is_of(question, name))) {
        let mut known: Vec<String> = questions.into_iter().map(|question| question.name).collect();
        known.dedup();
        let suggestion = nearest(name, known.iter().map(String::as_str)).map(String::from);
        return Err(Box::new(Message::UnknownDnsName { name: name.clone(), suggestion, known }));
    }
    let is_wanted = |question: &Question| names.is_empty() || names.iter().any(|name| is_of(question, name));
    Ok(questions.into_iter().filter(is_wanted).collect())
}

/// Those that were named, or the inbound endpoint's addresses.
fn servers(city: &City, named: &[SocketAddr]) -> Result<Vec<SocketAddr>> {
    let mut servers = named.to_vec();
    if servers.is_empty() {
        if let Some(dns) = &city.config.dns
            && !dns.inbound.protocols.contains(&DnsProtocol::Do53)
        {
            return Err(Box::new(Message::DnsServerOverHttps { municipality: city.key().into() }));
        }
        let inbound = city.config.resolver_addresses(Direction::Inbound).into_iter();
        servers = inbound.map(|inbound| SocketAddr::new(inbound.address.into(), PORT)).collect();
    }
    servers.sort();
    servers.dedup();
    match servers.is_empty() {
        true => Err(Box::new(Message::NoDnsServer { municipality: city.key().into() })),
        false => Ok(servers),
    }
}
