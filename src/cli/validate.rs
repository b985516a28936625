//! `gcnet validate`

use super::{Cx, Exit, Result, contradictions, stdout};
use crate::{
    config::{Finding, Purpose, Severity},
    report::{diagnostics, message::Message},
};

#[derive(clap::Args)]
pub(super) struct Args {
    #[arg(value_name = "CITY")]
    cities: Vec<String>,
    #[arg(long)]
    json: bool,
    #[arg(long)]
    strict: bool,
}

pub(super) fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    let fleet = cx.fleet()?;
    let purpose = if args.strict { Purpose::RealAccount } else { Purpose::Validate };
    for name in &args.cities {
        if let Err(crate::config::CityError::Unknown { name, suggestion, known }) = fleet.city(name) {
            return Err(Box::new(Message::UnknownCity { name, suggestion, known }));
        }
    }
    let asked = |finding: &Finding| {
        let here = |name: &str| args.cities.iter().any(|city| city == name);
        args.cities.is_empty()
            || here(&finding.place.source.stem)
            || finding.related.iter().any(|related| here(&related.place.source.stem))
    };
    let findings: Vec<Finding> = fleet.check_also(purpose, contradictions).into_iter().filter(asked).collect();
    if args.json {
        cx.screen.json(&diagnostics::Report::new(&findings)).map_err(stdout)?;
    } else {
        for finding in &findings {
            cx.screen.data(&diagnostics::render(finding, cx.screen.out_style())).map_err(stdout)?;
        }
        cx.screen.note(&format!("{}\n", diagnostics::tally(&findings, cx.screen.lang())));
    }
    let limit = if args.strict { Severity::Warning } else { Severity::Error };
    Ok(if findings.iter().any(|finding| finding.severity >= limit) { Exit::Failure } else { Exit::Success })
}
