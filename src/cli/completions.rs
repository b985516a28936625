//! `gcnet completions`

use clap_complete::Shell;

use super::{Cx, Exit, Result, stdout};

#[derive(clap::Args)]
pub(super) struct Args {
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    let mut script = vec![];
    clap_complete::generate(args.shell, &mut super::command_line(cx.screen.lang()), "gcnet", &mut script);
    cx.screen.verbatim(&String::from_utf8_lossy(&script)).map_err(stdout)?;
    Ok(Exit::Success)
}
