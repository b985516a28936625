//! Words for states, AWS's and the engine's, for readers of Japanese. Readers of English get AWS's own.

use super::{Lang, layout::clean};

/// What a state is called. A word that this version does not know, or a whole message of AWS, stays as it is.
pub(super) fn word(word: &str, lang: Lang) -> String {
    let known = || STATES.iter().find(|(known, _)| known.eq_ignore_ascii_case(&plain(word)));
    match lang {
        Lang::Ja => known().map_or_else(|| clean(word), |(_, japanese)| (*japanese).to_string()),
        Lang::En => clean(word),
    }
}

/// Services write one state in four ways: `pending-acceptance`, `pendingAcceptance`, `PENDING_ACCEPTANCE`.
fn plain(word: &str) -> String {
    word.chars().filter(|c| c.is_ascii_alphanumeric()).collect()
}

/// Without what stands between the parts of a word.
const STATES: [(&str, &str); 51] = [
    ("actionneeded", "対応が必要"),
    ("active", "有効"),
    ("asked", "依頼済み"),
    ("associated", "関連付け済み"),
    ("associating", "関連付け中"),
    ("autorecovering", "自動復旧中"),
    ("available", "利用可能"),
    ("blackhole", "ブラックホール"),
    ("complete", "完了"),
    ("confirming", "承諾を反映中"),
    ("created", "作成済み"),
    ("creating", "作成中"),
    ("deleted", "削除済み"),
    ("deleting", "削除中"),
    ("disabled", "無効"),
    ("disabling", "無効化中"),
    ("disassociated", "関連付け解除済み"),
    ("disassociating", "関連付け解除中"),
    ("down", "BGP または物理層が停止"),
    ("enabled", "有効"),
    ("enabling", "有効化中"),
    ("expired", "失効"),
    ("failed", "失敗"),
    ("failing", "失敗処理中"),
    ("inactive", "無効"),
    ("initiating", "開始中"),
    ("initiatingrequest", "申請を開始中"),
    ("invitationlapsed", "招待が失効"),
    ("modifying", "変更中"),
    ("operational", "利用可能"),
    ("ordering", "発注中"),
    ("overridden", "別のルールが優先"),
    ("partial", "一部のみ利用可能"),
    ("pending", "準備中"),
    ("pendingacceptance", "承諾待ち"),
    ("pendingcertificate", "証明書待ち"),
    ("provisioning", "準備中"),
    ("ready", "利用可能"),
    ("refused", "拒否"),
    ("rejected", "拒否"),
    ("rejecting", "拒否を反映中"),
    ("requested", "依頼済み"),
    ("restoring", "復元中"),
    ("rollingback", "取り消し中"),
    ("suspended", "停止中"),
    ("testing", "試験中"),
    ("unavailable", "利用不可"),
    ("unknown", "不明"),
    ("up", "利用可能"),
    ("updating", "更新中"),
    ("verifying", "確認中"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_state_is_one_word_however_a_service_writes_it() {
        for written in ["pending-acceptance", "pendingAcceptance", "PENDING_ACCEPTANCE", "PendingAcceptance"] {
            assert_eq!(word(written, Lang::Ja), "承諾待ち");
            assert_eq!(word(written, Lang::En), written);
        }
        assert_eq!(word("Access error\u{1b}", Lang::Ja), "Access error\\u{1b}");
    }

    #[test]
    fn the_words_are_in_order_and_japanese() {
        assert!(STATES.is_sorted());
        assert!(STATES.iter().all(|(_, japanese)| !japanese.is_ascii()));
    }
}
