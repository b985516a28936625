//! `gcnet reach`

use std::collections::BTreeSet;

use gcnet_reach::{ModelError, Moment, Network};

use super::{
    Cx, Exit, Result,
    place::Place,
    session::{Asking, Session, subject},
    stdout,
};
use crate::{
    config::{City, Purpose, problem::nearest},
    reach::{self, Outcome, Patience},
    report::{
        Lang,
        message::Message,
        reach::{self as words, Overview, PathReport, Report, View, Waits},
        show,
    },
};

#[derive(clap::Args)]
pub(super) struct Args {
    #[arg(value_name = "CITY")]
    city: String,
    #[arg(long)]
    live: bool,
    #[arg(long, value_name = "PLACE", requires = "to")]
    from: Option<String>,
    #[arg(long, value_name = "PLACE", requires = "from")]
    to: Option<String>,
    #[arg(long)]
    when_open: bool,
    #[arg(long)]
    json: bool,
}

/// A network, and what it will be once nothing waits any more.
struct Look {
    view: View,
    now: Network,
    later: Network,
    waits: Waits,
    /// Of which somebody has still to grant something.
    owed: BTreeSet<String>,
}

pub(super) async fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    let fleet = cx.fleet()?;
    // What contradicts the file's wishes is what this command shows, so it does not end it.
    let look_at = |purpose| cx.look_at(&fleet, &args.city, purpose, |_, _| vec![]);
    let lang = if args.json { Lang::En } else { cx.screen.lang() };
    let (city, errors, look) = if args.live {
        Place::with(cx, async |place| {
            let (city, errors) = look_at(place.purpose())?;
            Ok((city, errors, live(cx, place, city, lang).await?))
        })
        .await?
    } else {
        let (city, errors) = look_at(Purpose::Validate)?;
        (city, errors, planned(city, lang))
    };
    let exit = match (&args.from, &args.to) {
        (Some(from), Some(to)) => path(cx, args, city, &look, (from, to))?,
        _ => survey(cx, args, city, &look)?,
    };
    Ok(if errors > 0 { Exit::Failure } else { exit })
}

fn planned(city: &City, lang: Lang) -> Look {
    let now = reach::planned(&city.config);
    let waits = words::planned_waits(&city.config, lang);
    Look { view: View::Planned, later: now.when_open(), now, waits, owed: BTreeSet::new() }
}

/// When nothing waits any more, what is in AWS is what the file leads to.
async fn live(cx: &Cx, place: &Place, city: &City, lang: Lang) -> Result<Look> {
    let session = Session::open(cx, place, &city.config).await?;
    let handshakes = session.plan(city, Asking::Once)?.handshakes;
    Ok(Look {
        view: View::Live,
        now: reach::live(&city.config, session.owned(&city.config)?, &handshakes),
        later: reach::planned(&city.config).when_open(),
        waits: words::live_waits(&show::shakes(&city.config, &handshakes), lang),
        owed: reach::owed_lines(&handshakes),
    })
}

fn survey(cx: &Cx, args: &Args, city: &City, look: &Look) -> Result<Exit> {
    let patience = match look.view {
        View::Planned => Patience::Planned,
        View::Live => Patience::Live(&look.owed),
    };
    let survey = reach::survey(&city.config, &look.now, &look.later, patience).map_err(|error| broken(city, &error))?;
    let live = if args.live { " --live" } else { "" };
    let overview = Overview {
        subject: &subject(&city.config),
        city,
        view: look.view,
        network: &look.now,
        survey: &survey,
        waits: &look.waits,
        when_open: args.when_open,
        command: &cx.again(&format!("reach {}{live}", city.key())),
    };
    if args.json {
        cx.screen.json(&Report::new(&overview)).map_err(stdout)?;
    } else {
        cx.screen.data(&words::text(&overview, cx.screen.out_style())).map_err(stdout)?;
    }
    let is_broken = |outcome: &Outcome| matches!(outcome, Outcome::Broken { .. });
    Ok(if survey.rules.iter().any(|(_, outcome)| is_broken(outcome)) { Exit::Failure } else { Exit::Success })
}

fn path(cx: &Cx, args: &Args, city: &City, look: &Look, (from, to): (&str, &str)) -> Result<Exit> {
    let (network, moment) = if args.when_open { (&look.later, Moment::WhenOpen) } else { (&look.now, Moment::Now) };
    let (sources, targets) = (places(network, from, args.json)?, places(network, to, args.json)?);
    let is_one = sources.len() == 1 && targets.len() == 1;
    let pairs = sources.iter().flat_map(|from| targets.iter().map(move |to| (*from, *to)));
    let subject = subject(&city.config);
    let mut texts = vec![];
    for (from, to) in pairs.filter(|(from, to)| is_one || from != to) {
        let paths = gcnet_reach::path(network, from, to).map_err(|error| broken(city, &error))?;
        if args.json {
            let report = PathReport::new(&subject, look.view, moment, &paths, &look.waits);
            cx.screen.json(&report).map_err(stdout)?;
            return Ok(Exit::Success);
        }
        let style = cx.screen.out_style();
        let name = words::look(look.view, args.when_open, style.lang);
        texts.push(words::path(&subject, &name, &paths, &look.waits, style));
    }
    cx.screen.data(&texts.join("\n")).map_err(stdout)?;
    Ok(Exit::Success)
}

/// The place of that name, or all that are part of what a rule calls so: `shared` is every place of the shared VPC. A form
/// for machines is about one pair.
fn places<'a>(network: &'a Network, name: &str, one: bool) -> Result<Vec<&'a str>> {
    let known = || network.places.iter().map(|place| place.name.as_str());
    let is_part = |place: &&str| place.strip_prefix(name).is_some_and(|rest| rest.starts_with('/'));
    let found: Vec<&str> = match known().find(|place| *place == name) {
        Some(place) => vec![place],
        None if one => vec![],
        None => known().filter(is_part).collect(),
    };
    if found.is_empty() {
        let suggestion = nearest(name, known()).map(String::from);
        let known = known().map(String::from).collect();
        return Err(Box::new(Message::UnknownPlace { name: name.into(), suggestion, known }));
    }
    Ok(found)
}

fn broken(city: &City, error: &ModelError) -> Box<Message> {
    Box::new(Message::NoNetwork { municipality: city.key().into(), detail: error.to_string() })
}
