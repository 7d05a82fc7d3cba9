//! The query of an entry: which rows it means, and whether it says so for sure.

use serde_json::{Value, json};

use crate::model::{Facts, RelationFacts};
use crate::system::{SystemCollection, is_system};

/// Filter variables whose meaning changes by time or by user, so that a row outside the filter now may
/// have been inside when it was exported.
const MOVING: &[&str] = &["$NOW", "$CURRENT_"];

/// The filter of the config and the collection's own, both of which a row must meet.
pub fn filter(given: &Value, system: Option<&SystemCollection>) -> Value {
    let own = system
        .and_then(|system| system.filter)
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or(Value::Null);
    match (given, own) {
        (Value::Null, own) => own,
        (given, own) if own.is_null() || own == *given => given.clone(),
        (given, own) => json!({ "_and": [given, own] }),
    }
}

/// Why a row that the query does not show may still be wanted; `None` where it may not.
pub fn uncertain(filter: &Value, limit: Option<u64>) -> Option<String> {
    match limit {
        Some(limit) => Some(format!("`limit` is {limit}")),
        None => moves(filter).then(|| "the filter depends on the time or the user".into()),
    }
}

/// The collection's own field of `-author.name`.
pub fn sorted_field(sort: &str) -> &str {
    own_field(sort.strip_prefix('-').unwrap_or(sort))
}

/// The fields in `filter` that do not exist, each with its collection, as far as relations between user
/// collections tell.
pub fn unknown_fields<'a>(
    filter: &'a Value,
    collection: &'a str,
    facts: &'a Facts,
) -> Vec<(&'a str, &'a str)> {
    let mut unknown = Vec::new();
    for (name, inner) in conditions(filter) {
        let field = own_field(name);
        match facts.collections.get(collection) {
            Some(known) if !known.fields.contains_key(field) => unknown.push((collection, field)),
            _ => {}
        }
        if let Some(related) = related(collection, field, facts) {
            unknown.extend(unknown_fields(inner, related, facts));
        }
    }
    unknown
}

/// The fields that a filter names at its top, those inside `_and` and `_or` included, with what is
/// asked of each.
fn conditions(filter: &Value) -> Vec<(&str, &Value)> {
    filter.as_object().into_iter().flatten().flat_map(condition).collect()
}

fn condition<'a>((name, inner): (&'a String, &'a Value)) -> Vec<(&'a str, &'a Value)> {
    match (name.as_str(), inner) {
        ("_and" | "_or", Value::Array(filters)) => filters.iter().flat_map(conditions).collect(),
        (name, _) if name.starts_with(['_', '$']) => Vec::new(),
        (name, inner) => vec![(name, inner)],
    }
}

/// The user collection that the field refers to. What collections of Directus hold differs by version,
/// so a condition on them is left to Directus.
fn related<'a>(collection: &str, field: &str, facts: &'a Facts) -> Option<&'a str> {
    let holds =
        |relation: &&RelationFacts| relation.collection == collection && relation.field == field;
    let related = facts.relations.iter().find(holds)?.related.as_deref();
    related.filter(|name| !is_system(name))
}

/// The field at the start of `author.name`, `year(date)`, `json(options, key)` or `item:pages`.
fn own_field(path: &str) -> &str {
    let inner = path.split_once('(').map_or(path, |(_, inner)| inner.trim_end_matches(')'));
    inner.split(['.', ',', ':']).next().unwrap_or(inner)
}

fn moves(filter: &Value) -> bool {
    match filter {
        Value::String(text) => MOVING.iter().any(|variable| text.contains(variable)),
        Value::Array(items) => items.iter().any(moves),
        Value::Object(fields) => fields.values().any(moves),
        _ => false,
    }
}
