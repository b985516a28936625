//! `gcnet requests`

use std::path::{Path, PathBuf};

use super::{
    Cx, Exit, Result,
    place::Place,
    session::{Asking, Protected, Session, subject},
    stdout,
};
use crate::{
    config::schema::Municipality,
    files::{self, Readers},
    handshake,
    report::{
        message::Message,
        requests::{self, Asked, Sheet},
    },
};

#[derive(clap::Args)]
pub(super) struct Args {
    #[arg(value_name = "CITY")]
    city: String,
    #[arg(long, value_name = "ACCOUNT")]
    party: Option<String>,
    #[arg(long)]
    all: bool,
    #[arg(long, conflicts_with = "all")]
    destroy: bool,
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(super) async fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    let fleet = cx.fleet()?;
    let (city, session) = Place::with(cx, async |place| {
        let city = cx.city(&fleet, &args.city, place.purpose())?;
        Ok((city, Session::open(cx, place, &city.config).await?))
    })
    .await?;
    let planned = if args.destroy {
        session.plan_destruction(city, Protected::Stays)?.0
    } else {
        session.plan(city, Asking::Once)?
    };
    let asked = Asked {
        handshakes: &planned.handshakes,
        upkeep: &planned.wish.upkeep,
        borrowed: &planned.wish.borrowed,
        ids: &planned.plan.ids,
        whole: args.all,
    };
    let mut sheets = requests::sheets(&city.config, &subject(&city.config), &asked, cx.screen.lang());
    if let Some(party) = &args.party {
        let known: Vec<String> = sheets.iter().map(|sheet| key(sheet).to_string()).collect();
        let account = handshake::account_called(&city.config, party);
        let is_meant = |sheet: &Sheet| {
            key(sheet) == party || sheet.who.company == *party || (account.is_some() && sheet.who.account == account)
        };
        sheets.retain(is_meant);
        if sheets.is_empty() {
            return Err(match account {
                Some(_) => Box::new(Message::NobodyOwes { party: party.clone(), known }),
                None => unknown(&city.config, party),
            });
        }
    }
    let not_yet = requests::not_yet(&city.config, &planned.handshakes, cx.screen.lang());
    if !not_yet.is_empty() {
        let command = cx.again(&format!("apply {}", city.key()));
        cx.screen.tell(&Message::NotYetToRequest { parties: not_yet, command });
    } else if sheets.is_empty() {
        cx.screen.tell(&Message::NothingToRequest { municipality: city.key().into() });
    }
    match &args.out {
        Some(dir) => write(cx, dir, city.key(), &sheets)?,
        None => {
            let texts: Vec<&str> = sheets.iter().map(|sheet| sheet.text.as_str()).collect();
            cx.screen.data(&texts.join("\n---\n\n")).map_err(stdout)?;
        }
    }
    Ok(Exit::Success)
}

/// Nobody is called so.
pub(super) fn unknown(municipality: &Municipality, party: &str) -> Box<Message> {
    let known = municipality.accounts.others.keys().map(ToString::to_string).collect();
    Box::new(Message::UnknownParty { party: party.into(), known })
}

/// What a sheet is called: the party's name in the file.
fn key(sheet: &Sheet) -> &str {
    match sheet.who.name.as_deref().unwrap_or(&sheet.who.company) {
        // Of a line that is no longer in the file.
        "" => "line",
        name => name,
    }
}

fn write(cx: &Cx, dir: &Path, city: &str, sheets: &[Sheet]) -> Result<()> {
    let unwritable = |path: &Path, error: std::io::Error| {
        Box::new(Message::Unwritable { path: path.into(), detail: error.to_string() })
    };
    std::fs::create_dir_all(dir).map_err(|error| unwritable(dir, error))?;
    for sheet in sheets {
        // A company's name may hold anything.
        let name: String = key(sheet).chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { '_' }).collect();
        let path = dir.join(format!("{city}-{name}.md"));
        files::replace(&path, sheet.text.as_bytes(), Readers::Everybody).map_err(|error| unwritable(&path, error))?;
        cx.screen.tell(&Message::Written { path });
    }
    Ok(())
}
