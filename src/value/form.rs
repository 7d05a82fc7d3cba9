//! The canonical form of values that stand as JSON text: the same as of parsed ones, without parsing
//! those that are in that form already.

use std::borrow::Cow;

use super::{canonical, effective_kind};
use crate::json::number::{is_short, is_whole};
use crate::json::{self, scan};
use crate::model::FieldFacts;
use crate::words;

/// The form of one field's values, by its type and flags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    kind: String,
    special: Vec<String>,
    spelling: Spelling,
}

/// How most texts that need no change look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spelling {
    /// A string.
    Text,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Float,
    /// A string of digits.
    BigInteger,
    /// A string with digits and perhaps a point.
    Decimal,
    /// A string in lower case.
    Uuid,
    /// A string with digits where the pattern has `0`.
    Moment(&'static str),
    /// A string, a boolean or a whole number.
    Any,
    /// The same, but for strings that may hold an array or object.
    Embedded,
    /// What only parsing can tell.
    Parsed,
}

impl Form {
    /// The form of `field`; unknown fields count as JSON.
    pub fn of(field: Option<&FieldFacts>) -> Self {
        let (kind, special) = field.map_or(("unknown", &[][..]), |it| (&it.kind, &it.special));
        let spelling = spelling(effective_kind(kind, special), special);
        Self { kind: kind.to_owned(), special: special.to_vec(), spelling }
    }

    /// The compact text of the canonical form of the value that `text` is. A text that is not JSON
    /// stays as it is.
    pub fn token<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if text == "null" || self.spelling.fits(text) {
            return Cow::Borrowed(text);
        }
        if let (true, Some(compact)) = (self.spelling.nests(text), scan::compact(text)) {
            return Cow::Owned(compact);
        }
        let Ok(value) = serde_json::from_str(text) else { return Cow::Borrowed(text) };
        Cow::Owned(json::to_compact(&canonical(&self.kind, &self.special, &value)))
    }
}

fn spelling(kind: &str, special: &[String]) -> Spelling {
    match kind {
        "string" | "text" | "hash" | "binary" => Spelling::Text,
        "boolean" => Spelling::Boolean,
        "integer" => Spelling::Integer,
        "float" => Spelling::Float,
        "bigInteger" => Spelling::BigInteger,
        "decimal" => Spelling::Decimal,
        "uuid" => Spelling::Uuid,
        "date" => Spelling::Moment("0000-00-00"),
        "time" => Spelling::Moment("00:00:00"),
        "dateTime" => Spelling::Moment("0000-00-00T00:00:00"),
        "timestamp" => Spelling::Moment("0000-00-00T00:00:00.000Z"),
        "json" if special.iter().any(|flag| flag == "cast-json") => Spelling::Embedded,
        "csv" => Spelling::Parsed,
        _ if kind.starts_with("geometry") => Spelling::Embedded,
        _ => Spelling::Any,
    }
}

impl Spelling {
    /// Whether `text` is canonical for sure.
    fn fits(self, text: &str) -> bool {
        let inner = || text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        match self {
            Self::Text => is_plain_string(text),
            Self::Boolean => is_boolean(text),
            Self::Integer => is_whole(text),
            Self::Float => is_whole(text) || is_short(text),
            Self::BigInteger => inner().is_some_and(is_whole),
            Self::Decimal => inner().is_some_and(|text| is_whole(text) || is_short(text)),
            Self::Uuid => inner().is_some_and(|text| text.bytes().all(is_lower_hex)),
            Self::Moment(pattern) => inner().is_some_and(|text| is_moment(text, pattern)),
            Self::Any => is_plain_string(text) || is_boolean(text) || is_whole(text),
            Self::Embedded => Self::Any.fits(text) && !text.contains(['[', '{']),
            Self::Parsed => false,
        }
    }

    /// Whether `text` is an array or object that only needs another layout.
    fn nests(self, text: &str) -> bool {
        matches!(self, Self::Any | Self::Embedded) && text.starts_with(['[', '{'])
    }
}

fn is_plain_string(text: &str) -> bool {
    text.starts_with('"') && words::find(b'\\', text.as_bytes()).is_none()
}

fn is_boolean(text: &str) -> bool {
    text == "true" || text == "false"
}

fn is_lower_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'-')
}

/// Whether `text` looks like `pattern` and is in every calendar: days beyond the 28th are not looked
/// at more closely.
fn is_moment(text: &str, pattern: &str) -> bool {
    let alike = |(byte, pattern): (u8, u8)| match pattern {
        b'0' => byte.is_ascii_digit(),
        other => byte == other,
    };
    let number = |at: usize| text.get(at..at + 2).unwrap_or_default();
    let (day, time) = match pattern.len() {
        8 => (None, Some(0)),
        10 => (Some(0), None),
        _ => (Some(0), Some(11)),
    };
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(alike)
        && day.is_none_or(|_| {
            number(0) >= "10"
                && ("01"..="12").contains(&number(5))
                && ("01"..="28").contains(&number(8))
        })
        && time.is_none_or(|at| number(at) < "24" && number(at + 3) < "60" && number(at + 6) < "60")
}
