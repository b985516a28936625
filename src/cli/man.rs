//! `gcnet man`

use std::path::{Path, PathBuf};

use clap::Command;
use clap_mangen::Man;

use super::{Cx, Exit, Result, stdout};
use crate::{
    files::{self, Readers},
    report::message::Message,
};

#[derive(clap::Args)]
pub(super) struct Args {
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(super) fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    let command = super::command_line(cx.screen.lang());
    match &args.out {
        None => cx.screen.verbatim(&page(&command)).map_err(stdout)?,
        Some(dir) => {
            let unwritable =
                |error: std::io::Error| Box::new(Message::Unwritable { path: dir.clone(), detail: error.to_string() });
            std::fs::create_dir_all(dir).map_err(unwritable)?;
            write(dir, "gcnet", &command).map_err(unwritable)?;
        }
    }
    Ok(Exit::Success)
}

fn page(command: &Command) -> String {
    let mut text = vec![];
    // Writing into memory does not fail.
    let _ = Man::new(command.clone()).render(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}

fn write(dir: &Path, name: &str, command: &Command) -> std::io::Result<()> {
    files::replace(&dir.join(format!("{name}.1")), page(command).as_bytes(), Readers::Everybody)?;
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        write(dir, &format!("{name}-{}", sub.get_name()), sub)?;
    }
    Ok(())
}
