//! Dates and opening months.

use std::fmt;

use super::scalar;
use crate::config::fault::{Fault, Form};

/// A calendar date, `2025-03-31`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date(pub jiff::civil::Date);

impl Date {
    /// Reads `YYYY-MM-DD`; nothing else that a date parser might take.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let fault = || Fault::Form { form: Form::Date };
        let shape = text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !shape {
            return Err(fault());
        }
        text.parse().map(Self).map_err(|_| fault())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

scalar!(Date, Form::Date, r"^\d{4}-\d{2}-\d{2}$", "a date");

/// A month of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month {
    /// Year, four digits.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// When a line opens, as the specification's table puts it. It is a plan: whether the line is there says `status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Opens {
    /// 2025年1月: `2025-01`.
    In(Month),
    /// 2025年4月以降: `2025-04以降`, in English `2025-04 or later`.
    From(Month),
}

impl Opens {
    /// Reads `2025-01`, `2025-04以降` or `2025-04 or later`.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let fault = || Fault::Form { form: Form::Opens };
        let (month, later) = match text.strip_suffix("以降").or_else(|| text.strip_suffix("or later")) {
            Some(month) => (month.trim_end(), true),
            None => (text, false),
        };
        let (year, month) = month.split_once('-').ok_or_else(fault)?;
        if year.len() != 4 || month.len() != 2 {
            return Err(fault());
        }
        let month = Month {
            year: year.parse().map_err(|_| fault())?,
            month: month.parse().ok().filter(|month| (1..=12).contains(month)).ok_or_else(fault)?,
        };
        Ok(if later { Self::From(month) } else { Self::In(month) })
    }

    /// The earliest month.
    pub fn month(self) -> Month {
        match self {
            Self::In(month) | Self::From(month) => month,
        }
    }
}

scalar!(Opens, Form::Opens, r"^\d{4}-(0[1-9]|1[0-2])( ?(以降|or later))?$", "a month");
