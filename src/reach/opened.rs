//! Lines that are not open yet, as if they were.
//!
//! A line that the file calls planned has no wishes yet, only something that others have to do. Who reaches whom once it
//! opens is asked today.

use gcnet_core::Address;

use super::facts::Facts;
use crate::{
    blueprint::Purpose,
    config::{
        at::At,
        schema::{DxOwner, Line, LineStatus, Municipality},
        values::DxGatewayId,
    },
    handshake::{Handshake, Stage},
};

/// The same municipality with every line open. A gateway that nobody has told us yet gets an id that stands for it.
pub(super) fn lines(municipality: &Municipality) -> Municipality {
    let mut opened = municipality.clone();
    for (index, line) in opened.lines.iter_mut().enumerate() {
        if !line.is_buildable() {
            line.status.value = LineStatus::Connected;
        }
        if *line.dxgw.owner == DxOwner::Other && line.dxgw.id.is_none() {
            line.dxgw.id = DxGatewayId::parse(&format!("00000000-0000-0000-0000-{index:012}")).ok().map(At::nowhere);
        }
    }
    opened
}

/// What waits while a line is not open, as [`crate::blueprint::Standing`] names it.
pub(super) fn standing(line: &Line) -> Address {
    Address::new("line", &line.name)
}

/// Lines that carry nothing yet, and the handshake that each waits for: an association that is there carries what was
/// granted, even when more was asked for.
pub(super) fn held(municipality: &Municipality, handshakes: &[Handshake], facts: &Facts) -> Vec<(String, Address)> {
    let waits = |line: &Line| {
        let purpose = Purpose::Line(line.name.to_string());
        let open = |handshake: &&Handshake| handshake.stage != Stage::Done && !facts.is_there(&handshake.address);
        let mut own = handshakes.iter().filter(|handshake| handshake.purpose.as_ref() == Some(&purpose));
        let handshake = own.find(open)?;
        Some((line.name.to_string(), handshake.address.clone()))
    };
    municipality.lines.iter().filter_map(waits).collect()
}
