//! Filters that find the rows of the target by the keys that the folder has.

use serde_json::{Value, json};

use crate::config::Entry;
use crate::system;

use super::entry::{Desired, EntryRows};
use super::naming::Ids;

/// How many keys a filter holds: a query with more may exceed a limit of the database.
const KEYS_PER_FILTER: usize = 100;

/// Filters for the rows that the reading of an entry did not show although the folder has them. Empty
/// where everything was read, and where a function makes the key.
pub fn filters(rows: &EntryRows, ids: &Ids<'_>) -> Vec<Value> {
    let entry = &rows.entry;
    if entry.singleton || reads_everything(entry) {
        return Vec::new();
    }
    let key = match entry.key_function {
        true => std::slice::from_ref(&entry.primary_key),
        false => &entry.key,
    };
    let wanted: Vec<&Desired> = rows.unmatched();
    let chunks = wanted.chunks(KEYS_PER_FILTER);
    let by_keys = chunks.filter_map(|chunk| by_keys(rows, chunk, key, ids));
    by_keys.map(|filter| within_system(&entry.collection, filter)).collect()
}

/// Whether no row that could match was left out: nothing but the collection's own filter applied.
fn reads_everything(entry: &Entry) -> bool {
    let own = system_filter(&entry.collection).unwrap_or_default();
    entry.limit.is_none() && (entry.filter.is_null() || entry.filter == own)
}

fn by_keys(rows: &EntryRows, wanted: &[&Desired], key: &[String], ids: &Ids<'_>) -> Option<Value> {
    match key {
        [field] => {
            let values = wanted.iter().filter_map(|desired| ids.of_field(rows, desired, field));
            let values: Vec<Value> = values.filter(|value| !value.is_null()).collect();
            (!values.is_empty()).then(|| json!({ field: { "_in": values } }))
        }
        fields => {
            let each: Vec<Value> =
                wanted.iter().filter_map(|desired| by_fields(rows, desired, fields, ids)).collect();
            (!each.is_empty()).then(|| json!({ "_or": each }))
        }
    }
}

/// `None` where the key refers to a row that the target does not have.
fn by_fields(
    rows: &EntryRows,
    desired: &Desired,
    fields: &[String],
    ids: &Ids<'_>,
) -> Option<Value> {
    let equal = |field: &String| {
        Some(match ids.of_field(rows, desired, field)? {
            Value::Null => json!({ field: { "_null": true } }),
            value => json!({ field: { "_eq": value } }),
        })
    };
    let each: Option<Vec<Value>> = fields.iter().map(equal).collect();
    Some(json!({ "_and": each? }))
}

/// Rows of a system collection that belong to the instance, such as presets of a user, are never met.
fn within_system(collection: &str, filter: Value) -> Value {
    match system_filter(collection) {
        Some(own) => json!({ "_and": [own, filter] }),
        None => filter,
    }
}

fn system_filter(collection: &str) -> Option<Value> {
    serde_json::from_str(system::of(collection)?.filter?).ok()
}
