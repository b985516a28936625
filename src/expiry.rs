//! Authorities whose own certificates end soon. No plan shows it: the planner reads no clock, and nothing differs until it is late.

use gcnet_aws::kinds::CertificateAuthority;
use gcnet_core::{Address, Owned, Resource};
use jiff::Timestamp;

use crate::config::schema::{Municipality, Renewal};

/// A live authority, its end, and how far away that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expiring {
    /// Which.
    pub address: Address,
    /// When its certificate ends, as RFC 3339.
    pub expires: String,
    /// Whole days from now; none once it has ended.
    pub days: i64,
    /// The key of the file that has it issued anew.
    pub key: &'static str,
}

/// Those of a municipality that end within the file's `warn_days`. `now` is in seconds since 1970, by AWS's clock.
pub fn expiring(municipality: &Municipality, owned: &[Owned], now: i64) -> Vec<Expiring> {
    const DAY: i64 = 24 * 3600;
    let Some(ca) = &municipality.private_ca else { return vec![] };
    let renewal = |address: &Address| -> Option<(&Renewal, &'static str)> {
        match (address.name(), &ca.subordinate) {
            ("root", _) => Some((&ca.renewal, "private_ca.renewal.reissued_since")),
            (_, Some(below)) => Some((&below.renewal, "private_ca.subordinate.renewal.reissued_since")),
            (_, None) => None,
        }
    };
    let of = |owned: &Owned| {
        let Owned { address, object } = owned;
        let (renewal, key) = renewal(address)?;
        let expires = object.raw.get("expires")?.as_str()?;
        let left = expires.parse::<Timestamp>().ok()?.as_second() - now;
        let days = left.max(0) / DAY;
        let soon = left < i64::from(renewal.warn_days.get()) * DAY;
        soon.then(|| Expiring { address: address.clone(), expires: expires.into(), days, key })
    };
    let authorities = owned.iter().filter(|owned| owned.object.kind == CertificateAuthority::NAME);
    authorities.filter(|owned| !owned.object.is_deleted()).filter_map(of).collect()
}

/// A day of the file on which nothing can have been issued yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotYet {
    /// Its key.
    pub key: &'static str,
    /// The day of the file, `2026-12-01`.
    pub day: String,
    /// Today in Japan, in the same form.
    pub today: String,
}

/// The first day to come that a file wishes certificates since: none that is issued today would satisfy it. `now` is in seconds
/// since 1970, by AWS's clock.
pub fn not_yet(municipality: &Municipality, now: i64) -> Option<NotYet> {
    const JAPAN: i64 = 9 * 3600;
    let ca = municipality.private_ca.as_ref()?;
    let today = Timestamp::from_second(now + JAPAN).ok()?.to_string().get(..10)?.to_string();
    let below = ca.subordinate.as_ref().map(|below| ("private_ca.subordinate.renewal.reissued_since", &below.renewal));
    let all = [("private_ca.renewal.reissued_since", &ca.renewal)].into_iter().chain(below);
    let mut days = all.filter_map(|(key, renewal)| Some((key, renewal.reissued_since.as_ref()?.to_string())));
    let (key, day) = days.find(|(_, day)| *day > today)?;
    Some(NotYet { key, day, today })
}

#[cfg(test)]
mod tests {
    use gcnet_core::{Object, Owner, State, Tags};
    use serde_json::json;

    use super::*;

    #[test]
    fn who_ends_within_the_days_of_the_file_is_warned_of() {
        let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("municipalities");
        let fleet = crate::config::Fleet::load(&dir).unwrap();
        let naruto = &fleet.city("naruto").unwrap().config;
        let end: Timestamp = "2036-12-01T00:00:00Z".parse().unwrap();
        let owned = |state: State| Owned {
            address: Address::new(CertificateAuthority::NAME, "root"),
            object: Object {
                kind: CertificateAuthority::NAME,
                id: "arn".into(),
                owner: Owner::Tags(Tags::new()),
                state,
                raw: json!({ "expires": "2036-12-01T00:00:00Z" }),
            },
        };
        let day = 24 * 3600;
        for (before, days) in [(366, None), (365, None), (364, Some(364)), (0, Some(0)), (-5, Some(0))] {
            let found = expiring(naruto, &[owned(State::Ready)], end.as_second() - before * day);
            assert_eq!(found.first().map(|found| found.days), days, "{before} days before");
        }
        let deleted = owned(State::Deleted { until: None });
        assert_eq!(expiring(naruto, &[deleted], end.as_second()), []);
    }

    #[test]
    fn a_day_to_come_is_found_by_the_day_of_japan() {
        let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("municipalities");
        let text = std::fs::read_to_string(dir.join("naruto.yaml")).unwrap();
        let text = text.replace("warn_days: 365", "warn_days: 365, reissued_since: 2026-12-02");
        let naruto = crate::config::Fleet::from_sources(vec![crate::config::source::Source::new("naruto.yaml", text)]);
        let now = |text: &str| text.parse::<Timestamp>().unwrap().as_second();
        for (at, today) in [("2026-12-01T14:59:59Z", Some("2026-12-01")), ("2026-12-01T15:00:00Z", None)] {
            let found = not_yet(&naruto.city("naruto").unwrap().config, now(at));
            assert_eq!(found.map(|found| found.today).as_deref(), today, "{at}");
        }
    }
}
