//! Columns: what of them Directus can set, and so what is compared.

use serde_json::Value;

use super::meta::equal;
use crate::snapshot::{Field, Object};
use crate::value;

/// The properties that a snapshot keeps of a column.
const KEYS: [&str; 16] = [
    "name",
    "table",
    "data_type",
    "default_value",
    "max_length",
    "numeric_precision",
    "numeric_scale",
    "is_nullable",
    "is_unique",
    "is_indexed",
    "is_primary_key",
    "is_generated",
    "generation_expression",
    "has_auto_increment",
    "foreign_key_table",
    "foreign_key_column",
];

/// What can be set of any column.
const ANY_TYPE: [&str; 4] =
    ["default_value", "is_nullable", "is_primary_key", "has_auto_increment"];

/// What can be set of a column that is not the primary key; a key has both by itself.
const NOT_A_KEY: [&str; 2] = ["is_unique", "is_indexed"];

/// What can be set of a number with digits after the point.
const DECIMAL: [&str; 2] = ["numeric_precision", "numeric_scale"];

/// Spellings of "the time of the insert" in column defaults.
const NOW: [&str; 3] = ["now()", "CURRENT_TIMESTAMP", "current_timestamp()"];

/// Databases whose floats have no digits that could be set.
const ONE_SIZE_OF_FLOAT: [Option<&str>; 2] = [Some(SQLITE), Some("postgres")];

/// Types whose values databases spell in ways of their own, also in defaults.
const RESPELLED: [&str; 5] = ["date", "dateTime", "time", "timestamp", "uuid"];

/// SQLite as Directus names it. It has one kind of float and no precision.
const SQLITE: &str = "sqlite";

/// How many characters a UUID has where it is stored as text.
const UUID_LENGTH: u64 = 36;

/// Whether a field that has a column on both sides needs another one on a target of that vendor.
pub(super) fn differs(desired: &Field, current: &Field, vendor: Option<&str>) -> bool {
    if desired.schema.is_none() || current.schema.is_none() {
        return false;
    }
    !same_kind(desired, current, vendor) || !differing(desired, current, vendor).is_empty()
}

/// The properties of a column, the type aside, that are not as desired.
pub(super) fn differing(
    desired: &Field,
    current: &Field,
    vendor: Option<&str>,
) -> Vec<&'static str> {
    let (Some(new), Some(old)) = (&desired.schema, &current.schema) else { return Vec::new() };
    if is_counted_key(current) {
        return Vec::new();
    }
    let is_changed =
        |key: &&str| new.get(*key).is_some_and(|new| !same(key, &desired.kind, new, old));
    told(desired, current, vendor).filter(is_changed).collect()
}

/// The properties of a column that `folder` does not tell: those that it has otherwise, and those that
/// it leaves open where the column is not as Directus would make it.
pub(super) fn untold(folder: &Field, own: &Field, vendor: Option<&str>) -> Vec<&'static str> {
    let (Some(told), Some(now)) = (&folder.schema, &own.schema) else { return Vec::new() };
    if is_counted_key(own) {
        return Vec::new();
    }
    let is_left_open = |key: &&str| !told.contains_key(*key) && now.contains_key(*key);
    let open = self::told(folder, own, vendor).filter(is_left_open);
    let open = open.filter(|key| !same(key, &own.kind, &left_open(key, &own.kind), now));
    differing(folder, own, vendor).into_iter().chain(open).collect()
}

/// The properties that can be compared. What is a UUID on one side has a length on that side only.
fn told<'a>(
    desired: &'a Field,
    current: &'a Field,
    vendor: Option<&'a str>,
) -> impl Iterator<Item = &'static str> {
    let is_uuid = desired.kind == "string" && current.kind == "uuid";
    settable(desired, vendor).filter(move |key| !is_uuid || *key != "max_length")
}

/// Whether the column is a key that the database counts up: Directus compares nothing of it but the
/// type.
pub(super) fn is_counted_key(field: &Field) -> bool {
    field.is_primary_key() && field.is_auto_increment()
}

/// Whether the column of a field takes null. A snapshot that does not say leaves it to Directus, which
/// lets it.
pub(super) fn takes_null(field: &Field) -> bool {
    flag(field, "is_nullable") != Some(false)
}

/// Whether the column of a field takes each value once only. A primary key does by itself.
pub(super) fn is_unique(field: &Field) -> bool {
    field.is_primary_key() || flag(field, "is_unique") == Some(true)
}

fn flag(field: &Field, key: &str) -> Option<bool> {
    field.schema.as_ref()?.get(key)?.as_bool()
}

/// The column as it will be: the properties of a snapshot, what is left open filled from the target.
pub(super) fn laid_over(current: &Object, desired: &Object) -> Object {
    let mut laid = current.clone();
    laid.extend(pick(desired));
    laid
}

/// The properties that a snapshot keeps.
pub(super) fn pick(column: &Object) -> Object {
    let kept = column.iter().filter(|(key, _)| KEYS.contains(&key.as_str()));
    kept.map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// Whether two types are one to the target: where a database has no UUID type, Directus reads the
/// column back as a string of 36 characters. SQLite keeps a decimal as a float, and counts up in one
/// type of number only.
pub(super) fn same_kind(desired: &Field, current: &Field, vendor: Option<&str>) -> bool {
    let counts = |field| is_counted_key(field) && vendor == Some(SQLITE);
    match (desired.kind.as_str(), current.kind.as_str()) {
        ("uuid", "string") => has_uuid_length(current),
        ("string", "uuid") => has_uuid_length(desired),
        ("decimal", "float") => vendor == Some(SQLITE),
        ("bigInteger", "integer") => counts(desired) && counts(current),
        (new, old) => new == old,
    }
}

fn has_uuid_length(field: &Field) -> bool {
    let length = field.schema.as_ref().and_then(|column| column.get("max_length"));
    length.and_then(Value::as_u64) == Some(UUID_LENGTH)
}

/// The properties of a column that are compared, in one spelling: those that a target of that vendor
/// can set.
pub(super) fn compared(field: &Field, vendor: Option<&str>) -> Object {
    let Some(column) = field.schema.as_ref().filter(|_| !is_counted_key(field)) else {
        return Object::new();
    };
    let keys = settable(field, vendor).filter(|key| *key != "max_length" || !is_uuid_text(field));
    let value = |key: &str| column.get(key).cloned().unwrap_or_else(|| left_open(key, &field.kind));
    let spelled = |key: &str| match key {
        "default_value" => default_form(&field.kind, &value(key)),
        _ => value(key),
    };
    keys.map(|key| (key.to_owned(), spelled(key))).collect()
}

/// What Directus makes of a property that a new column leaves open.
fn left_open(key: &str, kind: &str) -> Value {
    match (key, kind) {
        ("is_nullable", _) => Value::Bool(true),
        ("is_primary_key" | "has_auto_increment" | "is_unique" | "is_indexed", _) => {
            Value::Bool(false)
        }
        ("max_length", "string") => Value::from(255),
        ("numeric_precision", "decimal") => Value::from(10),
        ("numeric_scale", "decimal") => Value::from(5),
        _ => Value::Null,
    }
}

/// Every property that may be compared of a column.
pub(super) fn comparable() -> impl Iterator<Item = &'static str> {
    ANY_TYPE.iter().chain(&NOT_A_KEY).chain(&DECIMAL).copied().chain(["max_length"])
}

/// The type in one spelling, see [`same_kind`].
pub(super) fn kind<'a>(field: &'a Field, vendor: Option<&str>) -> &'a str {
    match field.kind.as_str() {
        "string" if has_uuid_length(field) => "uuid",
        "bigInteger" if vendor == Some(SQLITE) && is_counted_key(field) => "integer",
        "decimal" if vendor == Some(SQLITE) => "float",
        kind => kind,
    }
}

fn is_uuid_text(field: &Field) -> bool {
    field.kind == "string" && has_uuid_length(field)
}

/// The properties that a target of that vendor can set of a column of this type.
fn settable(field: &Field, vendor: Option<&str>) -> impl Iterator<Item = &'static str> + use<> {
    let by_key: &[&str] = if field.is_primary_key() { &[] } else { &NOT_A_KEY };
    let by_kind: &[&str] = match field.kind.as_str() {
        "string" => &["max_length"],
        "decimal" if vendor != Some(SQLITE) => &DECIMAL,
        "float" if !ONE_SIZE_OF_FLOAT.contains(&vendor) => &DECIMAL,
        _ => &[],
    };
    ANY_TYPE.iter().chain(by_key).chain(by_kind).copied()
}

fn same(key: &str, kind: &str, new: &Value, old: &Object) -> bool {
    let old = old.get(key).unwrap_or(&Value::Null);
    equal(new, old)
        || (key == "default_value" && default_form(kind, new) == default_form(kind, old))
}

/// The default of a column of that type in one spelling.
fn default_form(kind: &str, default: &Value) -> Value {
    if is_now(default) {
        return Value::from(NOW[0]);
    }
    match RESPELLED.contains(&kind) {
        true => value::canonical(kind, &[], default),
        false => default.clone(),
    }
}

/// Whether the default is the time of the insert.
pub(super) fn is_now(default: &Value) -> bool {
    default.as_str().is_some_and(|text| NOW.iter().any(|now| now.eq_ignore_ascii_case(text)))
}

/// The type that makes a column of the same kind anew. Where a database has no UUID type, Directus
/// calls a reference to a UUID a string, though it is stored as `char`: made as a string it would
/// become a `varchar`, and where there is a UUID type, no reference could be made of it.
pub(super) fn creating_kind(field: &Field) -> &str {
    let data_type = field.schema.as_ref().and_then(|column| column.get("data_type"));
    let is_char = data_type.and_then(Value::as_str) == Some("char");
    if is_char && has_uuid_length(field) { "uuid" } else { &field.kind }
}
