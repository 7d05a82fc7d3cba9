//! Dates and times as text, in the proleptic Gregorian calendar.

const MILLIS_PER_DAY: i64 = 86_400_000;
const MILLIS_PER_MINUTE: i64 = 60_000;

/// A date with a time of day, shifted to UTC where the text named a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// Days since 1970-01-01.
    days: i64,
    /// `HH:MM:SS`.
    clock: String,
    /// The digits after the second, without trailing zeros.
    fraction: String,
}

impl Moment {
    /// Reads `2024-05-01`, `2024-05-01 10:00`, `2024-05-01T10:00:00.5Z` or `…+02:00`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (date, rest) = text.split_at_checked(10)?;
        let days = days_of(date)?;
        if rest.is_empty() {
            return Some(Self { days, clock: "00:00:00".into(), fraction: String::new() });
        }
        let (time, offset_minutes) = split_zone(rest.strip_prefix(['T', 't', ' '])?)?;
        let (clock, fraction) = clock_parts(time)?;
        Some(Self { days, clock, fraction }.shifted(offset_minutes))
    }

    /// The moment `millis` milliseconds after the start of 1970 in UTC.
    pub fn from_epoch_millis(millis: i64) -> Self {
        let of_day = millis.rem_euclid(MILLIS_PER_DAY);
        let seconds = of_day / 1000;
        let clock = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
        let fraction = format!("{:03}", of_day % 1000).trim_end_matches('0').into();
        Self { days: millis.div_euclid(MILLIS_PER_DAY), clock, fraction }
    }

    /// `2024-05-01`.
    pub fn date(&self) -> String {
        let (year, month, day) = civil(self.days);
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// `2024-05-01T10:00:00`, with a fraction only where it is not zero.
    pub fn date_time(&self) -> String {
        format!("{}T{}", self.date(), with_fraction(&self.clock, &self.fraction))
    }

    /// `2024-05-01T10:00:00.000Z`; finer digits are cut off, as JavaScript's dates do.
    pub fn timestamp(&self) -> String {
        format!("{}T{}.{:0<3.3}Z", self.date(), self.clock, self.fraction)
    }

    fn shifted(self, offset_minutes: i64) -> Self {
        if offset_minutes == 0 {
            return self;
        }
        let seconds = seconds_of(&self.clock);
        let local = self.days * MILLIS_PER_DAY + seconds * 1000;
        let utc = Self::from_epoch_millis(local - offset_minutes * MILLIS_PER_MINUTE);
        Self { fraction: self.fraction, ..utc }
    }
}

/// A time of day as `HH:MM:SS`, with a fraction only where it is not zero.
pub fn clock(text: &str) -> Option<String> {
    let (clock, fraction) = clock_parts(text.trim())?;
    Some(with_fraction(&clock, &fraction))
}

fn with_fraction(clock: &str, fraction: &str) -> String {
    if fraction.is_empty() { clock.into() } else { format!("{clock}.{fraction}") }
}

/// Splits `10:00:00.500` into `10:00:00` and `5`; the seconds may be left out.
fn clock_parts(text: &str) -> Option<(String, String)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let parts = whole.split(':').map(two_digits).collect::<Option<Vec<_>>>()?;
    let (hour, minute, second) = match parts.as_slice() {
        [hour, minute] => (*hour, *minute, 0),
        [hour, minute, second] => (*hour, *minute, *second),
        _ => return None,
    };
    let valid = hour < 24 && minute < 60 && second < 60 && all_digits(fraction);
    let clock = format!("{hour:02}:{minute:02}:{second:02}");
    valid.then(|| (clock, fraction.trim_end_matches('0').into()))
}

/// Splits the zone off: its offset to UTC in minutes, zero where there is none.
fn split_zone(text: &str) -> Option<(&str, i64)> {
    if let Some(time) = text.strip_suffix(['Z', 'z']) {
        return Some((time, 0));
    }
    let Some(start) = text.rfind(['+', '-']) else { return Some((text, 0)) };
    let (time, zone) = text.split_at_checked(start)?;
    let digits = zone.replace(':', "");
    let (hours, minutes) = match digits.len() {
        3 => (two_digits(digits.get(1..3)?)?, 0),
        5 => (two_digits(digits.get(1..3)?)?, two_digits(digits.get(3..5)?)?),
        _ => return None,
    };
    let offset = hours * 60 + minutes;
    Some((time.trim_end(), if zone.starts_with('-') { -offset } else { offset }))
}

fn seconds_of(clock: &str) -> i64 {
    clock.split(':').filter_map(two_digits).fold(0, |sum, part| sum * 60 + part)
}

fn two_digits(text: &str) -> Option<i64> {
    (text.len() == 2 && all_digits(text)).then(|| text.parse().ok())?
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Days since 1970-01-01 of `YYYY-MM-DD`, or `None` when there is no such day.
fn days_of(date: &str) -> Option<i64> {
    let mut parts = date.splitn(3, '-');
    let year = parts.next().filter(|year| year.len() == 4 && all_digits(year))?.parse().ok()?;
    let (month, day) = (two_digits(parts.next()?)?, two_digits(parts.next()?)?);
    let days = days_from_civil(year, month, day);
    (civil(days) == (year, month, day)).then_some(days)
}

/// Counts years from March, so that the leap day is the last day of a year.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let march_year = if month <= 2 { year - 1 } else { year };
    let era = march_year.div_euclid(400);
    let year_of_era = march_year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The inverse of [`days_from_civil`].
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}
