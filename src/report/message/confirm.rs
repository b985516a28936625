//! Questions before something is changed.

use crate::report::{Style, layout::clean, style::Tone};

/// What must be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Confirm {
    /// The plan is to be carried out.
    Apply,
    /// Everything is to be destroyed.
    Destroy,
    /// A certificate is to be revoked.
    Revoke,
    /// A deleted certificate authority is to be restored.
    Restore,
    /// The lease of another run is to be ended.
    Unlock,
    /// Something of production is to be destroyed: the municipality's key must be typed.
    Name {
        /// The key.
        municipality: String,
    },
    /// Something protected is to be destroyed: the municipality's key must be typed.
    Protected {
        /// The key.
        municipality: String,
    },
}

impl Confirm {
    /// Whether a line that was typed is a yes. An empty one is not.
    pub fn accepts(&self, answer: &str) -> bool {
        match self {
            Confirm::Apply | Confirm::Destroy | Confirm::Revoke | Confirm::Restore | Confirm::Unlock => {
                matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes" | "はい")
            }
            Confirm::Name { municipality } | Confirm::Protected { municipality } => answer.trim() == municipality,
        }
    }
}

/// The question, without a newline: the answer stands beside it.
pub fn question(confirm: &Confirm, style: Style) -> String {
    let text = match confirm {
        Confirm::Apply => style.pick("実行しますか。[y/N] ".to_string(), "Carry out this plan? [y/N] ".to_string()),
        Confirm::Destroy => style.pick("すべて削除しますか。[y/N] ".into(), "Destroy all of it? [y/N] ".into()),
        Confirm::Revoke => style.pick("失効しますか。[y/N] ".into(), "Revoke it? [y/N] ".into()),
        Confirm::Restore => style.pick("復元しますか。[y/N] ".into(), "Restore it? [y/N] ".into()),
        Confirm::Unlock => style.pick("リースを外しますか。[y/N] ".into(), "End this lease? [y/N] ".into()),
        Confirm::Name { municipality } => {
            let key = clean(municipality);
            style.pick(
                format!("本番のものを削除します。続けるには自治体のキー {key} を入力してください: "),
                format!("This destroys parts of production. Type the municipality's name, {key} , to go on: "),
            )
        }
        Confirm::Protected { municipality } => {
            let key = clean(municipality);
            style.pick(
                format!("保護されているものも削除します。続けるには自治体のキー {key} を入力してください: "),
                format!("This destroys what is protected. Type the municipality's name, {key} , to go on: "),
            )
        }
    };
    style.paint(Tone::Title, text)
}

/// The question for the code that a device shows, without a newline.
pub fn mfa_code(serial: &str, style: Style) -> String {
    let serial = clean(serial);
    style.paint(
        Tone::Title,
        style.pick(
            format!("MFA デバイス {serial} の 6 桁のコード: "),
            format!("Code of the MFA device {serial} (six digits): "),
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_yes_is_one() {
        for yes in ["y\n", "YES\n", " はい\n"] {
            assert!(Confirm::Apply.accepts(yes), "{yes:?}");
        }
        for no in ["\n", "n\n", "yeah\n", "naruto\n"] {
            assert!(!Confirm::Destroy.accepts(no), "{no:?}");
        }
        let name = Confirm::Name { municipality: "naruto".into() };
        assert!(name.accepts("naruto\n") && !name.accepts("y\n") && !name.accepts("Naruto\n"));
    }
}
