//! What a change of its column does to the values of a field.
//!
//! Directus alters the column, and the database converts what is in it: PostgreSQL casts, so a text
//! that is too long is cut, and a value that cannot be cast ends the import.

use serde_json::{Number, Value};

use super::column::same_kind;
use crate::snapshot::Field;

/// What becomes of the values of a column that is altered.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fate {
    /// Every value fits as it is.
    Kept,
    /// Texts of more characters do not fit.
    Longer(u64),
    /// Numbers outside of the range do not fit. Both ends are inside.
    Outside(Number, Number),
    /// Every value is converted, and may change or not fit.
    Converted,
}

/// Changes of type that keep every value, beside those that texts and numbers have.
const KEPT: [(&str, &str); 2] = [("date", "dateTime"), ("json", "text")];

/// Types that are stored as text.
const TEXTS: [&str; 4] = ["string", "hash", "text", "csv"];

/// The most characters that values of other types have as text.
const WIDTHS: [(&str, u64); 3] = [("integer", 11), ("bigInteger", 20), ("uuid", 36)];

/// The length of a string where nothing is said of it, and of every hash.
const STRING_LENGTH: u64 = 255;

/// Whole numbers that a type holds.
const RANGES: [(&str, i64, i64); 2] =
    [("integer", i32::MIN as i64, i32::MAX as i64), ("bigInteger", i64::MIN, i64::MAX)];

/// Digits of a decimal where nothing is said of them: all, and those after the point.
const DECIMAL_DIGITS: (u64, u64) = (10, 5);

/// What becomes of the values of `before` in the column of `after`, in a database of that vendor.
pub(super) fn fate(before: &Field, after: &Field, vendor: Option<&str>) -> Fate {
    let kinds = (before.kind.as_str(), after.kind.as_str());
    let known = texts(before, after).or_else(|| numbers(before, after));
    match known {
        _ if kinds.0 != kinds.1 && same_kind(after, before, vendor) => Fate::Kept,
        Some(fate) => fate,
        None if kinds.0 == kinds.1 || KEPT.contains(&kinds) => Fate::Kept,
        None => Fate::Converted,
    }
}

/// What becomes of values in a column of text; `None` where it is none, or theirs is too different.
fn texts(before: &Field, after: &Field) -> Option<Fate> {
    let room = room(after)?;
    if TEXTS.contains(&before.kind.as_str()) {
        return Some(shortened(length(before), room));
    }
    let (_, width) = WIDTHS.iter().find(|(kind, _)| *kind == before.kind)?;
    room.is_none_or(|room| room >= *width).then_some(Fate::Kept)
}

fn shortened(old: Option<u64>, new: Option<u64>) -> Fate {
    match (old, new) {
        (None, Some(new)) => Fate::Longer(new),
        (Some(old), Some(new)) if new < old => Fate::Longer(new),
        _ => Fate::Kept,
    }
}

/// How many characters a new column of text takes, `Some(None)` without a limit; `None` for others.
fn room(field: &Field) -> Option<Option<u64>> {
    match field.kind.as_str() {
        "string" => Some(length(field).or(Some(STRING_LENGTH))),
        "hash" => Some(Some(STRING_LENGTH)),
        kind => TEXTS.contains(&kind).then_some(None),
    }
}

/// The length that a column of text has.
fn length(field: &Field) -> Option<u64> {
    let is_limited = field.kind == "string" || field.kind == "hash";
    is_limited.then(|| number(field, "max_length")).flatten()
}

/// What becomes of numbers in a column of numbers; `None` where one of both holds no exact ones.
fn numbers(before: &Field, after: &Field) -> Option<Fate> {
    match (before.kind.as_str(), after.kind.as_str()) {
        ("decimal", "decimal") => Some(decimals(before, after)),
        (old, "decimal") => Some(whole_in_decimal(range(old)?, digits(after))),
        (old, new) => {
            let ((low, high), (lowest, highest)) = (range(old)?, range(new)?);
            let fits = lowest <= low && high <= highest;
            Some(if fits { Fate::Kept } else { Fate::Outside(lowest.into(), highest.into()) })
        }
    }
}

/// The type with what limits its values: `string(255)`, `decimal(10,2)`.
pub(super) fn described(field: &Field) -> String {
    let kind = &field.kind;
    match (kind.as_str(), number(field, "max_length"), given_digits(field)) {
        ("string", Some(length), _) => format!("{kind}({length})"),
        ("decimal", _, Some((all, after))) => format!("{kind}({all},{after})"),
        _ => kind.clone(),
    }
}

fn range(kind: &str) -> Option<(i64, i64)> {
    RANGES.iter().find(|(name, ..)| *name == kind).map(|(_, low, high)| (*low, *high))
}

/// Fewer digits after the point round values; fewer before it leave some outside.
fn decimals(before: &Field, after: &Field) -> Fate {
    let new = digits(after);
    match given_digits(before) {
        Some(old) if new.1 >= old.1 && before_point(new) >= before_point(old) => Fate::Kept,
        Some(old) if new.1 >= old.1 => outside(new),
        _ => Fate::Converted,
    }
}

fn whole_in_decimal((_, high): (i64, i64), digits: (u64, u64)) -> Fate {
    let needed = high.to_string().len() as u64;
    if before_point(digits) >= needed { Fate::Kept } else { outside(digits) }
}

fn before_point((all, after): (u64, u64)) -> u64 {
    all.saturating_sub(after)
}

/// Everything that a decimal of so many digits does not hold.
fn outside(digits: (u64, u64)) -> Fate {
    let nines = |count: u64| "9".repeat(usize::try_from(count).unwrap_or_default());
    let whole = Some(nines(before_point(digits))).filter(|whole| !whole.is_empty());
    let whole = whole.unwrap_or_else(|| "0".into());
    let highest = if digits.1 == 0 { whole } else { format!("{whole}.{}", nines(digits.1)) };
    match (format!("-{highest}").parse(), highest.parse()) {
        (Ok(lowest), Ok(highest)) => Fate::Outside(lowest, highest),
        _ => Fate::Converted,
    }
}

/// The digits of a decimal that is made: all of them, and those after the point.
fn digits(field: &Field) -> (u64, u64) {
    given_digits(field).unwrap_or(DECIMAL_DIGITS)
}

/// The digits of a decimal that is there; `None` where it takes any number of them.
fn given_digits(field: &Field) -> Option<(u64, u64)> {
    Some((number(field, "numeric_precision")?, number(field, "numeric_scale")?))
}

fn number(field: &Field, key: &str) -> Option<u64> {
    field.schema.as_ref()?.get(key).and_then(Value::as_u64)
}
