//! `gcnet resolve`

use std::net::IpAddr;

use gcnet_resolve::{Asker, Name, RecordType, Resolution, Resolver};

use super::{
    Cx, Exit, Result,
    place::Place,
    session::{Session, subject},
    stdout,
};
use crate::{
    config::{City, Purpose, problem::nearest, values::Domain},
    report::{
        message::Message,
        reach::View,
        resolve::{Report, text},
    },
    resolve,
};

#[derive(clap::Args)]
pub(super) struct Args {
    #[arg(value_name = "CITY")]
    city: String,
    #[arg(value_name = "NAME")]
    name: String,
    #[arg(long, value_name = "WHO")]
    from: Option<String>,
    #[arg(long = "type", value_name = "TYPE", ignore_case = true,
        value_parser = clap::builder::PossibleValuesParser::new(RecordType::ALL.map(RecordType::as_str)))]
    record_type: Option<String>,
    #[arg(long)]
    live: bool,
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    let (name, record_type) = question(args)?;
    let fleet = cx.fleet()?;
    // What does not hold together is what this command shows, so it does not end it.
    let look_at = |purpose| cx.look_at(&fleet, &args.city, purpose, |_, _| vec![]);
    let (city, errors, model, view) = if args.live {
        Place::with(cx, async |place| {
            let (city, errors) = look_at(place.purpose())?;
            let session = Session::open(cx, place, &city.config).await?;
            Ok((city, errors, resolve::live(&city.config, session.owned(&city.config)?), View::Live))
        })
        .await?
    } else {
        let (city, errors) = look_at(Purpose::Validate)?;
        (city, errors, resolve::planned(&city.config), View::Planned)
    };
    let resolver = Resolver::new(&model).map_err(|error| broken(city, &error))?;
    let mut answers = vec![];
    for asker in askers(city, &model, view, args.from.as_deref())? {
        answers.push(resolver.query(&asker, &name, record_type).map_err(|error| broken(city, &error))?);
    }
    let subject = subject(&city.config);
    if args.json {
        cx.screen.json(&Report::new(&subject, view, &answers)).map_err(stdout)?;
    } else {
        cx.screen.data(&text(&subject, view, &answers, cx.screen.out_style())).map_err(stdout)?;
    }
    Ok(if errors > 0 { Exit::Failure } else { Exit::Success })
}

/// What is asked of an address, unless a type is named, is its name.
fn question(args: &Args) -> Result<(Name, RecordType)> {
    let default = if args.name.parse::<IpAddr>().is_ok() { RecordType::Ptr } else { RecordType::A };
    // clap has taken one of the list.
    let asked = args.record_type.as_deref().and_then(|text| text.parse().ok());
    Ok((name(&args.name)?, asked.unwrap_or(default)))
}

/// A name as it is asked for: an address under its reverse name, other scripts as punycode.
pub(super) fn name(text: &str) -> Result<Name> {
    let wrong = || Box::new(Message::NotAName { text: text.into() });
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(Name::reverse(address));
    }
    // Punycode of our own, but slashes as in RFC 2317 are more than a domain of a file has.
    if text.is_ascii() {
        return text.parse().map_err(|_| wrong());
    }
    Domain::parse(text).map_err(|_| wrong())?.parse().map_err(|_| wrong())
}

/// Everybody, on-premises first, unless somebody is named.
fn askers(city: &City, model: &Resolution, view: View, from: Option<&str>) -> Result<Vec<Asker>> {
    let vpcs = || model.vpcs.iter().map(|vpc| vpc.name.as_str());
    let known = || std::iter::once(resolve::ONPREM).chain(vpcs());
    let Some(from) = from else {
        return Ok(known().flat_map(|name| resolve::asker(model, name)).collect());
    };
    let found = resolve::asker(model, from);
    if found.is_empty() {
        let name = from.to_string();
        if view == View::Live && !resolve::asker(&resolve::planned(&city.config), from).is_empty() {
            return Err(Box::new(Message::PlaceNotBuilt { name }));
        }
        if city.config.asps.iter().any(|asp| asp.name.as_str() == from && asp.vpcs.is_empty()) {
            return Err(Box::new(Message::PlaceWithoutVpc { name }));
        }
        let suggestion = nearest(from, known()).map(String::from);
        let known = known().map(String::from).collect();
        return Err(Box::new(Message::UnknownPlace { name: from.into(), suggestion, known }));
    }
    Ok(found)
}

fn broken(city: &City, error: &gcnet_resolve::ModelError) -> Box<Message> {
    Box::new(Message::NoNetwork { municipality: city.key().into(), detail: error.to_string() })
}
