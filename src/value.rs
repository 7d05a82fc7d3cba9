//! The canonical form of a value by Directus field type.
//!
//! The same value is spelled in several ways: SQLite gives `1` for true, PostgreSQL gives `"12.50"`
//! for a decimal, a person writes `2024-05-01 10:00`. Comparing and hashing need one spelling. A value
//! that does not fit its type is left as it is, so that the database can refuse it by name.

mod decimal;
mod form;
mod time;

use serde_json::{Number, Value};

use crate::json::number_text;

pub use form::Form;

/// The one form of `value` for a field of Directus' type `kind` with the flags `special`. Null stays
/// null.
///
/// | type | form |
/// |---|---|
/// | boolean | `true`, `false` |
/// | integer, float | a number as ECMAScript prints it |
/// | bigInteger | a string of digits |
/// | decimal | a string without trailing zeros |
/// | json, geometry | the value, numbers canonical |
/// | csv | an array of strings |
/// | date, dateTime, time | `2024-05-01`, `2024-05-01T10:00:00`, `10:00:00` |
/// | timestamp | `2024-05-01T10:00:00.000Z` |
/// | binary | base64, as it is |
/// | uuid | lower case |
pub fn canonical(kind: &str, special: &[String], value: &Value) -> Value {
    if value.is_null() {
        return Value::Null;
    }
    typed(effective_kind(kind, special), special, value).unwrap_or_else(|| numbers(value))
}

/// Whether two values of a field are the same one, whatever their spelling.
pub fn equal(kind: &str, special: &[String], a: &Value, b: &Value) -> bool {
    canonical(kind, special, a) == canonical(kind, special, b)
}

/// The flags say more than the column where a vendor lacks the type, as MySQL lacks booleans.
fn effective_kind<'a>(kind: &'a str, special: &[String]) -> &'a str {
    let has = |flag: &str| special.iter().any(|one| one == flag);
    match kind {
        "integer" if has("cast-boolean") => "boolean",
        "string" | "text" if has("cast-csv") => "csv",
        "string" | "text" if has("cast-json") => "json",
        _ => kind,
    }
}

/// The canonical form, or `None` where the value needs no more than canonical numbers.
fn typed(kind: &str, special: &[String], value: &Value) -> Option<Value> {
    match kind {
        "boolean" => boolean(value),
        "integer" => integer(value),
        "float" => float(value),
        "bigInteger" => plain(value).and_then(|text| decimal::integer(&text)).map(Value::String),
        "decimal" => plain(value).and_then(|text| decimal::normal(&text)).map(Value::String),
        "json" => special.iter().any(|flag| flag == "cast-json").then(|| embedded(value))?,
        "csv" => list(value),
        "date" => instant(value).map(|moment| Value::String(moment.date())),
        "dateTime" => instant(value).map(|moment| Value::String(moment.date_time())),
        "timestamp" => instant(value).map(|moment| Value::String(moment.timestamp())),
        "time" => value.as_str().and_then(time::clock).map(Value::String),
        "uuid" => value.as_str().map(|text| Value::String(text.to_lowercase())),
        "string" | "text" | "hash" | "binary" => plain(value).map(Value::String),
        _ if kind.starts_with("geometry") => embedded(value),
        _ => None,
    }
}

fn boolean(value: &Value) -> Option<Value> {
    match plain(value)?.as_str() {
        "1" | "true" => Some(Value::Bool(true)),
        "0" | "false" => Some(Value::Bool(false)),
        _ => None,
    }
}

fn integer(value: &Value) -> Option<Value> {
    let text = plain(value)?;
    match decimal::integer(&text) {
        Some(digits) => as_number(&digits),
        None => float(value),
    }
}

fn float(value: &Value) -> Option<Value> {
    let number = plain(value)?.parse::<f64>().ok().filter(|number| number.is_finite())?;
    as_number(ryu_js::Buffer::new().format_finite(number))
}

fn as_number(text: &str) -> Option<Value> {
    let number = text.parse::<Number>().ok()?;
    number_text(&number).parse().ok().map(Value::Number)
}

/// A list as the database holds it: joined by commas. An element with a comma in it is read back as
/// two, so it is split here as well.
fn list(value: &Value) -> Option<Value> {
    let joined = match value {
        Value::Array(items) => items.iter().map(plain).collect::<Option<Vec<_>>>()?.join(","),
        _ => plain(value)?,
    };
    let parts = joined.split(',').filter(|_| !joined.is_empty());
    Some(parts.map(Value::from).collect())
}

/// An object or array that a driver gave as text. Other texts are JSON strings in their own right.
fn embedded(value: &Value) -> Option<Value> {
    let parsed = serde_json::from_str::<Value>(value.as_str()?).ok()?;
    (parsed.is_object() || parsed.is_array()).then(|| numbers(&parsed))
}

/// A moment from text, or from the milliseconds since 1970 that SQLite holds.
fn instant(value: &Value) -> Option<time::Moment> {
    match value {
        Value::String(text) => time::Moment::parse(text),
        Value::Number(number) => {
            number_text(number).parse().ok().map(time::Moment::from_epoch_millis)
        }
        _ => None,
    }
}

/// A string as it is, a number or boolean as text.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number_text(number)),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// The same value with every number in canonical form.
fn numbers(value: &Value) -> Value {
    match value {
        Value::Number(number) => {
            number_text(number).parse().map_or_else(|_| value.clone(), Value::Number)
        }
        Value::Array(items) => items.iter().map(numbers).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, inner)| (name.clone(), numbers(inner))).collect()
        }
        _ => value.clone(),
    }
}
