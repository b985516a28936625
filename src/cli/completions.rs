//! `gcnet completions`

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Cx, Exit, Result, stdout};

/// Print completions for a shell.
#[derive(clap::Args)]
pub(super) struct Args {
    /// For which
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(cx: &Cx, args: &Args) -> Result<Exit> {
    let mut script = vec![];
    clap_complete::generate(args.shell, &mut super::Args::command(), "gcnet", &mut script);
    cx.screen.data(&String::from_utf8_lossy(&script)).map_err(stdout)?;
    Ok(Exit::Success)
}
