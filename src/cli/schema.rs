//! `gcnet schema`

use super::{Cx, Exit, Result, stdout};
use crate::config;

pub(super) fn run(cx: &Cx) -> Result<Exit> {
    cx.screen.json(&config::json_schema()).map_err(stdout)?;
    Ok(Exit::Success)
}
