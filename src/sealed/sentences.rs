//! How things of a plan are called in sentences.

use serde_json::{Map, Value};

use crate::json;

/// How many rows are named in one sentence, and how many fields one by one.
pub(super) const NAMED: usize = 10;

/// How many digits of a hash are shown.
const DIGITS: usize = 12;

/// Steps of the schema: their type, what they concern, and what is done to it.
const SCHEMA: [(&str, &str, &str); 11] = [
    ("collection.create", "collection", "created"),
    ("collection.update", "collection", "changed"),
    ("collection.delete", "collection", "dropped"),
    ("field.rename", "field", "renamed"),
    ("field.create", "field", "created"),
    ("field.update", "field", "changed"),
    ("field.delete", "field", "dropped"),
    ("systemField.update", "index of the field", "changed"),
    ("relation.create", "relation", "created"),
    ("relation.update", "relation", "changed"),
    ("relation.delete", "relation", "dropped"),
];

/// What a step of the schema concerns, as `The field posts.title`, and what is done to it.
pub(super) fn named(step: &Map<String, Value>) -> Option<(String, &'static str)> {
    let text = |key| step.get(key).and_then(Value::as_str);
    let kind = text("type")?;
    let (_, thing, done) = SCHEMA.iter().find(|(known, ..)| *known == kind)?;
    let collection = text("collection")?;
    let path = text("field").map_or(collection.into(), |field| format!("{collection}.{field}"));
    Some((format!("The {thing} {path}"), done))
}

/// The first names of a list, and how many there are beside them.
pub(super) fn listed(names: &[&str]) -> String {
    let first = names.get(..NAMED).unwrap_or(names).join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

/// A value of a sealed plan. Of a long one only the hash is known.
pub(super) fn shown(value: &Value) -> String {
    match value.get("sha256").and_then(Value::as_str) {
        Some(hash) => format!("a long value ({})", first_digits(hash)),
        None => json::to_compact(value),
    }
}

/// Enough of a hash to tell it from others.
pub(super) fn first_digits(hash: &str) -> &str {
    hash.get(..DIGITS).unwrap_or(hash)
}
