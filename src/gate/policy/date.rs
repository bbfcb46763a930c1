//! Calendar days and durations, as a policy writes them.

use std::{fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// Year of the Gregorian calendar.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl Date {
    /// The day, in UTC, of so many seconds since the Unix epoch.
    pub fn from_unix_seconds(seconds: u64) -> Self {
        let latest = jiff::Timestamp::MAX.as_second().unsigned_abs();
        let moment = jiff::Timestamp::from_second(seconds.min(latest) as i64).expect("in range");
        let day = moment.to_zoned(jiff::tz::TimeZone::UTC).date();
        Self {
            year: day.year().unsigned_abs(),
            month: day.month().unsigned_abs(),
            day: day.day().unsigned_abs(),
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let datetime = toml::value::Datetime::deserialize(deserializer)?;
        let date = datetime
            .date
            .ok_or_else(|| D::Error::custom("expires is a date, as in 2027-01-31"))?;
        Ok(Self {
            year: date.year,
            month: date.month,
            day: date.day,
        })
    }
}

pub(super) fn optional_duration<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_duration(&text).map(Some).map_err(D::Error::custom)
}

/// Reads `30s`, `500ms`, `5m` or `1h`.
///
/// # Errors
/// When the text is no positive number with one of these units.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let split = text
        .find(|c: char| c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let scale = match unit {
        "ms" => 1e-3,
        "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3_600.0,
        _ => return Err(format!("`{text}` has no unit: write 30s, 500ms, 5m or 1h")),
    };
    let value = f64::from_str(number.trim())
        .map_err(|_| format!("`{text}` is no duration: write 30s, 500ms, 5m or 1h"))?;
    if !(value.is_finite() && value > 0.0 && value * scale < 1e9) {
        return Err(format!(
            "`{text}` is not a positive duration of sensible length"
        ));
    }
    Ok(Duration::from_secs_f64(value * scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_as_the_calendar_does() {
        for (seconds, text) in [
            (0, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (1_709_164_800, "2024-02-29"),
            (1_798_675_199, "2026-12-30"),
            (4_102_444_800, "2100-01-01"),
        ] {
            assert_eq!(Date::from_unix_seconds(seconds).to_string(), text);
        }
    }

    #[test]
    fn durations_need_a_unit() {
        assert_eq!(parse_duration("500ms"), Ok(Duration::from_millis(500)));
        for text in ["", "30", "s", "-1s", "1d", "nans", "1e300h"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
