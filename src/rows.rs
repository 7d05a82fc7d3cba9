//! Rows in database form: canonical values, the key's text, a label for people, and an order.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde_json::Value;

use crate::config::Entry;
use crate::json;
use crate::model::{CollectionFacts, FieldFacts, Row};
use crate::record;
use crate::value;
use crate::words;

/// What Directus shows in place of a concealed or hashed value. Never a value to keep or write.
pub const MASK: &str = "**********";

/// Whether `value` is the mask of a secret.
pub fn is_mask(value: &Value) -> bool {
    value.as_str() == Some(MASK)
}

/// The canonical form of one value of `field`; unknown fields count as JSON.
pub fn canonical(field: Option<&FieldFacts>, value: &Value) -> Value {
    match field {
        Some(facts) => value::canonical(&facts.kind, &facts.special, value),
        None => value::canonical("unknown", &[], value),
    }
}

/// `row` cut down to `fields` without masked values, each value canonical by its field's type.
pub fn database_form(row: &Row, fields: &BTreeSet<&str>, facts: &CollectionFacts) -> Row {
    row.iter()
        .filter(|(name, value)| fields.contains(name.as_str()) && !is_mask(value))
        .map(|(name, value)| (name.clone(), canonical(facts.fields.get(name), value)))
        .collect()
}

/// The fields that are read and compared for an entry: its own, its key's and the primary key.
pub fn columns(entry: &Entry) -> BTreeSet<&str> {
    let own = entry.fields.iter().chain(&entry.key).map(String::as_str);
    own.chain([entry.primary_key.as_str()]).collect()
}

/// The canonical text of the values of `key` in `row`, absent ones as null. `None` when all are
/// null, since such a row cannot be found again.
pub fn key_text(row: &Row, key: &[String]) -> Option<String> {
    let values: Vec<Value> = key.iter().map(|field| value_of(row, field).clone()).collect();
    let known = values.iter().any(|value| !value.is_null());
    known.then(|| text(&Value::Array(values)))
}

/// The text of one value for an index.
pub fn text(value: &Value) -> String {
    let is_plain = |text: &str| !text.bytes().any(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
    match value {
        Value::String(text) if is_plain(text) => ["\"", text, "\""].concat(),
        other => json::to_compact(other),
    }
}

/// The row's key for people: the values joined by ` / `.
pub fn label(row: &Row, key: &[String]) -> String {
    let parts: Vec<String> = key.iter().map(|field| plain(value_of(row, field))).collect();
    parts.join(" / ")
}

/// A value for people: strings without quotes.
pub fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => json::to_compact(other),
    }
}

/// The value of `field`, null where the row has none.
pub fn value_of<'a>(row: &'a Row, field: &str) -> &'a Value {
    row.get(field).unwrap_or(&Value::Null)
}

/// The order of two rows by `fields`, a leading `-` meaning descending; rows that tie are ordered by
/// their whole text, so that the order never depends on how they were read.
pub fn compare(a: &Row, b: &Row, fields: &[String], facts: &CollectionFacts) -> Ordering {
    let by_fields = fields.iter().map(|field| compare_field(a, b, field, facts));
    by_fields.fold(Ordering::Equal, Ordering::then).then_with(|| whole(a).cmp(&whole(b)))
}

fn whole(row: &Row) -> String {
    json::to_compact(&Value::Object(row.clone()))
}

fn compare_field(a: &Row, b: &Row, field: &str, facts: &CollectionFacts) -> Ordering {
    let name = field.strip_prefix('-').unwrap_or(field);
    let kind = facts.fields.get(name).map_or("", |field| field.kind.as_str());
    let order = compare_values(value_of(a, name), value_of(b, name), kind);
    if field.starts_with('-') { order.reverse() } else { order }
}

/// The order of two canonical values of one field: null first, numbers by size, also where they
/// stand as strings of digits (`bigInteger`, `decimal`), and strings by code point.
pub fn compare_values(a: &Value, b: &Value, kind: &str) -> Ordering {
    if is_numeric(kind)
        && let (Some(a), Some(b)) = (digits(a), digits(b))
    {
        return compare_numbers(&a, &b);
    }
    rank(a).cmp(&rank(b)).then_with(|| plain(a).cmp(&plain(b)))
}

/// The same order for canonical values that stand as JSON text; an absent one counts as null.
pub fn compare_tokens(a: Option<&str>, b: Option<&str>, kind: &str) -> Ordering {
    let plain = |token: &Option<&'_ str>| {
        let is_string = |text: &&str| text.starts_with('"') && !text.contains('\\');
        token.is_some_and(|token| is_string(&token))
    };
    match (a, b) {
        (Some(a), Some(b)) if !is_numeric(kind) && plain(&Some(a)) && plain(&Some(b)) => {
            let (a, b) = (a.trim_end_matches('"'), b.trim_end_matches('"'));
            words::order(a.as_bytes(), b.as_bytes())
        }
        _ if a == b => Ordering::Equal,
        _ => {
            let value = |token: Option<&str>| token.map(record::value).unwrap_or_default();
            compare_values(&value(a), &value(b), kind)
        }
    }
}

fn is_numeric(kind: &str) -> bool {
    matches!(kind, "integer" | "bigInteger" | "float" | "decimal")
}

fn digits(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => text.parse::<f64>().is_ok().then(|| text.clone()),
        _ => None,
    }
}

/// By size; integers too long for a float are told apart by their digits.
fn compare_numbers(a: &str, b: &str) -> Ordering {
    let size = |text: &str| text.parse::<f64>().unwrap_or(f64::NAN);
    let by_digits = a.len().cmp(&b.len()).then_with(|| a.cmp(b));
    let negative = a.starts_with('-');
    let exact = if negative { by_digits.reverse() } else { by_digits };
    size(a).total_cmp(&size(b)).then(exact)
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) | Value::Object(_) => 4,
    }
}
