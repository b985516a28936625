//! Roles that other companies gave us.

use std::collections::BTreeMap;

use gcnet_core::Failure;

use super::{Check, Finding, Level};

/// `accounts`: those with a role in the file. What a role that cannot be used was for is asked of its company, so that a run
/// goes on without it.
pub fn judge(accounts: &[String], lost: Result<BTreeMap<String, Failure>, Failure>) -> Vec<Check> {
    let mut lost = match lost {
        Ok(lost) => lost,
        Err(failure) => return vec![Check::new(Level::Red, Finding::RolesNotTried(failure))],
    };
    let check = |account: &String| {
        let failure = lost.remove(account);
        let level = if failure.is_some() { Level::Yellow } else { Level::Green };
        Check::new(level, Finding::OtherRole { account: account.clone(), failure })
    };
    accounts.iter().map(check).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_role_does_not_stop_a_run() {
        let accounts = ["111122223333".to_string(), "444455556666".to_string()];
        let lost = BTreeMap::from([(accounts[1].clone(), Failure::internal("sts:AssumeRole", "no"))]);
        let levels: Vec<Level> = judge(&accounts, Ok(lost)).into_iter().map(|check| check.level).collect();
        assert_eq!(levels, [Level::Green, Level::Yellow]);
        assert_eq!(judge(&accounts, Err(Failure::internal("x", "")))[0].level, Level::Red);
        assert_eq!(judge(&[], Ok(BTreeMap::new())), []);
    }
}
