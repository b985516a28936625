//! The account and the Region of the file against those of the credentials.

use gcnet_aws::Identity;

use super::{Check, Finding, Level};

/// Another account is refused by every command.
pub fn judge(expected: &str, identity: &Identity) -> Check {
    let level = if identity.account == expected { Level::Green } else { Level::Red };
    Check::new(level, Finding::Account { expected: expected.into(), actual: identity.account.clone() })
}

/// gcnet works in the file's Region, whatever a profile says; but whoever looks for what was made with another tool looks
/// elsewhere.
pub fn judge_region(file: &str, elsewhere: Option<String>) -> Check {
    let level = if elsewhere.is_some() { Level::Yellow } else { Level::Green };
    Check::new(level, Finding::Region { file: file.into(), elsewhere })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_account_is_red_and_another_region_is_yellow() {
        let arn = "arn:aws:iam::111122223333:user/taro".into();
        let identity = Identity { account: "111122223333".into(), arn };
        assert_eq!(judge("111122223333", &identity).level, Level::Green);
        assert_eq!(judge("999999999999", &identity).level, Level::Red);
        assert_eq!(judge_region("ap-northeast-1", None).level, Level::Green);
        assert_eq!(judge_region("ap-northeast-1", Some("us-east-1".into())).level, Level::Yellow);
    }
}
