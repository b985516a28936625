//! What a command about certificate authorities says beside its data: why something was not done, and what to know about
//! what was.

mod issuing;
mod listing;
mod request;
mod restoring;
mod revoking;
mod standing;

use std::path::Path;

use gcnet_core::Failure;

use crate::report::{
    Lang,
    layout::clean,
    message::{
        call::{self, Origin},
        told::{Label, Told},
    },
};

pub use issuing::Issuing;
pub use listing::Listing;
pub use restoring::{Deleted, Restoring};
pub use revoking::Revoking;
pub use standing::Standing;

/// What was being done when AWS refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Issuing a certificate.
    Issue,
    /// Revoking one.
    Revoke,
    /// Restoring an authority.
    Restore,
    /// Having an audit report written.
    Report,
}

impl Doing {
    fn failed(self, lang: Lang) -> &'static str {
        match self {
            Doing::Issue => lang.pick("証明書は発行されませんでした", "no certificate was issued"),
            Doing::Revoke => lang.pick("証明書を失効できませんでした", "the certificate was not revoked"),
            Doing::Restore => lang.pick("CA を復元できませんでした", "the authority was not restored"),
            Doing::Report => lang.pick("監査レポートを作成できませんでした", "there is no audit report"),
        }
    }
}

/// One thing to say.
#[derive(Debug)]
pub enum Trouble {
    /// See [`Standing`].
    Standing(Standing),
    /// See [`Issuing`].
    Issuing(Issuing),
    /// See [`Listing`].
    Listing(Listing),
    /// See [`Revoking`].
    Revoking(Revoking),
    /// See [`Restoring`].
    Restoring(Restoring),
    /// AWS refused.
    Refused {
        /// What.
        doing: Doing,
        /// The refusal.
        failure: Failure,
        /// Where to, when not to AWS itself.
        endpoint: Option<String>,
        /// With which profile.
        profile: Option<String>,
    },
    /// Nobody can be asked.
    NeedsYes {
        /// The command.
        command: String,
    },
}

macro_rules! from {
    ($($part:ident),*) => {
        $(impl From<$part> for Trouble {
            fn from(part: $part) -> Trouble {
                Trouble::$part(part)
            }
        })*
    };
}
from!(Standing, Issuing, Listing, Revoking, Restoring);

/// The sentence and what belongs to it.
pub(crate) fn told(trouble: &Trouble, lang: Lang) -> Told {
    match trouble {
        Trouble::Standing(part) => standing::told(part, lang),
        Trouble::Issuing(part) => issuing::told(part, lang),
        Trouble::Listing(part) => listing::told(part, lang),
        Trouble::Revoking(part) => revoking::told(part, lang),
        Trouble::Restoring(part) => restoring::told(part, lang),
        Trouble::Refused { doing, failure, endpoint, profile } => {
            let what = call::what(failure, lang);
            let origin = Origin { profile: profile.as_deref(), endpoint: endpoint.as_deref() };
            let text = doing.failed(lang);
            call::explain(Told::error(format!("{text}: {what}")), failure, origin, lang)
                .with(Label::RequestId, call::request_id(Some(failure)))
        }
        Trouble::NeedsYes { command } => Told::error(lang.pick(
            "端末がないため確認できません。何も変更していません",
            "there is no terminal to ask on; nothing was changed",
        ))
        .hint(lang.pick(
            format!("よければ `{} --yes` を実行してください", clean(command)),
            format!("if you mean it, run `{} --yes`", clean(command)),
        )),
    }
}

fn shown(path: &Path) -> String {
    clean(&path.display().to_string())
}
