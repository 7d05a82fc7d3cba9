//! How things of a plan are called in sentences.

use serde_json::Value;

use crate::json;
use crate::plan::Step;

/// How many rows are named in one sentence, and how many fields one by one.
pub(super) const NAMED: usize = 10;

/// How many digits of a hash are shown.
const DIGITS: usize = 12;

/// What a step of the schema concerns, and what is done to it; `None` for rows.
pub(super) fn named(step: &Step) -> Option<(String, &'static str)> {
    Some(match step {
        Step::CollectionCreate { collection, .. } => (the_collection(collection), "created"),
        Step::CollectionUpdate { collection, .. } => (the_collection(collection), "changed"),
        Step::CollectionDelete { collection } => (the_collection(collection), "dropped"),
        Step::FieldCreate { collection, field, .. } => (the_field(collection, field), "created"),
        Step::FieldUpdate { collection, field, .. } => (the_field(collection, field), "changed"),
        Step::FieldRename { collection, field, .. } => (the_field(collection, field), "renamed"),
        Step::FieldDelete { collection, field } => (the_field(collection, field), "dropped"),
        Step::SystemFieldUpdate { collection, field, indexed: true } => {
            (the_field(collection, field), "indexed")
        }
        Step::SystemFieldUpdate { collection, field, .. } => {
            (the_field(collection, field), "freed of its index")
        }
        Step::RelationCreate { collection, field, .. } => {
            (the_relation(collection, field), "created")
        }
        Step::RelationUpdate { collection, field, .. } => {
            (the_relation(collection, field), "changed")
        }
        Step::RelationDelete { collection, field } => (the_relation(collection, field), "dropped"),
        Step::ItemsCreate { .. } | Step::ItemsUpdate { .. } | Step::ItemsDelete { .. } => {
            return None;
        }
    })
}

fn the_collection(name: &str) -> String {
    format!("The collection {name}")
}

fn the_field(collection: &str, field: &str) -> String {
    format!("The field {collection}.{field}")
}

fn the_relation(collection: &str, field: &str) -> String {
    format!("The relation {collection}.{field}")
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
