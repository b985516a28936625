//! Moments as the people who read them have them on the wall. Machines get what AWS says: RFC 3339, mostly in UTC.

use jiff::{Timestamp, tz};

use super::{Lang, layout::clean};

/// Japan Standard Time: nine hours before UTC all year round.
const JST: tz::Offset = tz::offset(9);

/// A moment of RFC 3339 in Japanese time, to the minute; what is no such moment stays as it is.
pub(super) fn local(moment: &str, lang: Lang) -> String {
    let Ok(moment) = moment.parse::<Timestamp>() else { return clean(moment) };
    let local = JST.to_datetime(moment).strftime("%Y-%m-%d %H:%M");
    lang.pick(format!("日本時間 {local}"), format!("{local} JST"))
}

/// A moment in seconds since 1970, in Japanese time to the second.
pub(super) fn to_the_second(moment: i64, lang: Lang) -> String {
    let Ok(moment) = Timestamp::from_second(moment) else { return moment.to_string() };
    let local = JST.to_datetime(moment).strftime("%Y-%m-%d %H:%M:%S");
    lang.pick(format!("日本時間 {local}"), format!("{local} JST"))
}

/// Since when somebody has had to move.
pub(super) fn since(moment: &str, lang: Lang) -> String {
    let moment = local(moment, lang);
    lang.pick(format!("{moment} から"), format!("since {moment}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_that_of_the_reader() {
        assert_eq!(local("2026-11-20T16:02:03Z", Lang::En), "2026-11-21 01:02 JST");
        assert_eq!(local("2026-11-21T01:02:03.5+09:00", Lang::Ja), "日本時間 2026-11-21 01:02");
        assert_eq!(local("some day\u{1b}", Lang::En), "some day\\u{1b}");
    }
}
