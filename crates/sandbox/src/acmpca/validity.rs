//! How long a certificate is valid: `Validity`.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::Deserialize;

use super::errors::{invalid_args, validation};
use crate::clock::Moment;
use crate::error::Result;

/// DOC (Validity).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub(super) struct Validity {
    value: i64,
    r#type: String,
}

impl Validity {
    /// The end of what begins now, to the second as certificates have it.
    pub fn end(&self, now: Moment) -> Result<Moment> {
        let Self { value, r#type } = self;
        if *value < 1 {
            return Err(validation("validity.value", value, "have value greater than or equal to 1"));
        }
        let in_time = |span: Result<Span, jiff::Error>| {
            let from = Timestamp::from_second(now.as_millis().div_euclid(1000)).ok()?.to_zoned(TimeZone::UTC);
            Some(from.checked_add(span.ok()?).ok()?.timestamp())
        };
        let end = match r#type.as_str() {
            "DAYS" => in_time(Span::new().try_days(*value)),
            "MONTHS" => in_time(Span::new().try_months(*value)),
            "YEARS" => in_time(Span::new().try_years(*value)),
            "ABSOLUTE" => Timestamp::from_second(*value).ok(),
            "END_DATE" => date(*value),
            other => {
                let must = "satisfy enum value set: [END_DATE, ABSOLUTE, DAYS, MONTHS, YEARS]";
                return Err(validation("validity.type", other, must));
            }
        };
        end.map(|end| Moment::from_millis(end.as_millisecond()))
            .ok_or_else(|| invalid_args(format!("The validity {value} is no {type} that a certificate can have.")))
    }

    /// A beginning. DOC (ValidityNotBefore): "using the Validity type value ABSOLUTE".
    pub fn beginning(&self) -> Result<Moment> {
        if self.r#type != "ABSOLUTE" {
            return Err(invalid_args("The type of ValidityNotBefore must be ABSOLUTE."));
        }
        self.end(Moment::from_millis(0))
    }
}

/// DOC: YYMMDDHHMMSS, where 50 is 1950, or YYYYMMDDHHMMSS. A number has lost the zeros that it began with.
fn date(value: i64) -> Option<Timestamp> {
    let digits = value.to_string();
    let full = match digits.len() {
        ..=12 => {
            let digits = format!("{digits:0>12}");
            format!("{}{digits}", if digits.as_str() < "5" { "20" } else { "19" })
        }
        14 => digits,
        _ => return None,
    };
    let at = DateTime::strptime("%Y%m%d%H%M%S", full).ok()?;
    at.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(value: i64, kind: &str, now: &str) -> Result<String> {
        let now: Timestamp = now.parse().unwrap();
        let validity = Validity { value, r#type: kind.to_owned() };
        validity.end(Moment::from_millis(now.as_millisecond())).map(Moment::to_seconds_string)
    }

    #[test]
    fn the_samples_of_the_api_reference_and_calendars() {
        let now = "2020-10-12T12:34:54.789Z";
        for (value, kind, expected) in [
            (491_231_235_959, "END_DATE", "2049-12-31T23:59:59Z"),
            (20_491_231_235_959, "END_DATE", "2049-12-31T23:59:59Z"),
            (90_101_000_000, "END_DATE", "2009-01-01T00:00:00Z"),
            (500_101_000_000, "END_DATE", "1950-01-01T00:00:00Z"),
            (2_524_608_000, "ABSOLUTE", "2050-01-01T00:00:00Z"),
            (90, "DAYS", "2021-01-10T12:34:54Z"),
            (13, "MONTHS", "2021-11-12T12:34:54Z"),
            (10, "YEARS", "2030-10-12T12:34:54Z"),
        ] {
            assert_eq!(end(value, kind, now).unwrap(), expected, "{value} {kind}");
        }
        assert_eq!(end(1, "YEARS", "2028-02-29T00:00:00Z").unwrap(), "2029-02-28T00:00:00Z");
        for (value, kind) in [
            (0, "DAYS"),
            (1, "WEEKS"),
            (i64::MAX, "DAYS"),
            (9000, "YEARS"),
            (1_234_567_890_123, "END_DATE"),
            (20_491_331_235_959, "END_DATE"),
        ] {
            assert!(end(value, kind, now).is_err(), "{value} {kind}");
        }
        assert!(Validity { value: 1, r#type: "DAYS".to_owned() }.beginning().is_err());
    }
}
