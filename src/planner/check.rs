//! What can be wrong with the rows of an entry by themselves.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::config::{Entry, did_you_mean};
use crate::data_files::RawRow;
use crate::error::Diagnostic;
use crate::model::{CollectionFacts, Row};
use crate::rows;
use crate::system;

use super::entry::{Desired, EntryRows};

/// Fields that neither the schema nor the system table knows. Fields of Directus' own collections
/// differ between its versions, so there they only warn, and only when something is lost.
pub fn unknown_fields(entry: &Entry, facts: &CollectionFacts, raw: &[RawRow]) -> Vec<Diagnostic> {
    let mut reported = BTreeSet::new();
    let fields = raw.iter().flat_map(|raw| raw.row.iter().map(move |field| (raw, field)));
    fields
        .filter(|(_, (name, _))| !is_known(entry, facts, name))
        .filter(|(_, (name, value))| !is_lenient(entry, value) && reported.insert(name.as_str()))
        .map(|(raw, (name, _))| unknown_field(entry, facts, name, raw.place.clone()))
        .collect()
}

/// Whether the schema or the system table knows the field.
pub fn is_known(entry: &Entry, facts: &CollectionFacts, name: &str) -> bool {
    let home = || system::of(&entry.collection).is_some_and(|known| known.keeps_home(name));
    facts.fields.contains_key(name) || home()
}

fn is_lenient(entry: &Entry, value: &Value) -> bool {
    system::is_system(&entry.collection) && value.is_null()
}

fn unknown_field(entry: &Entry, facts: &CollectionFacts, name: &str, place: String) -> Diagnostic {
    let collection = &entry.collection;
    if system::is_system(collection) {
        let message = format!(
            "{collection} has no field {name} on the target, so its values are left out. Another \
             version of Directus wrote the file."
        );
        return Diagnostic::warning("ROW_UNKNOWN_FIELD", message, place);
    }
    let hint = did_you_mean(name, facts.fields.keys().map(String::as_str));
    let message = format!(
        "{collection} has no field {name}.{hint} Correct the row, add the field to the schema, or \
         let `onImport` remove it."
    );
    Diagnostic::error("ROW_UNKNOWN_FIELD", message, place)
}

/// A row without a key.
pub fn no_key(entry: &Entry, place: String) -> Diagnostic {
    let message = match entry.key_function {
        true => "`getKey` gave no key for this row. Let it return a string or a number.".to_owned(),
        false => format!(
            "This row has no value for the key of {} ({}). Give it one, or choose another `key` in {}.",
            entry.collection,
            entry.key.join(", "),
            entry.place
        ),
    };
    Diagnostic::error("KEY_MISSING", message, place)
}

/// Rows that share a key where each must have its own.
pub fn repeated_keys(rows: &EntryRows) -> Vec<Diagnostic> {
    if rows.entry.multiset {
        return Vec::new();
    }
    let desired = |indexes: &[usize]| -> Vec<&Desired> {
        indexes.iter().filter_map(|index| rows.desired.get(*index)).collect()
    };
    let repeated = rows.by_key().map(|(key, indexes)| (key, desired(indexes)));
    repeated
        .filter_map(|(key, same)| match same.as_slice() {
            [first, second, ..] => Some(repeated_key(rows, key, first, second)),
            _ => None,
        })
        .collect()
}

fn repeated_key(rows: &EntryRows, key: &str, first: &Desired, second: &Desired) -> Diagnostic {
    let entry = &rows.entry;
    let message = match entry.singleton {
        true => format!("{} holds one row, but the folder has more. Keep one.", entry.collection),
        false => format!(
            "Two rows of {} have the key {}: {} and {}. Remove one, or choose another `key` in {}.",
            entry.collection,
            rows.label(key),
            first.place,
            second.place,
            entry.place
        ),
    };
    Diagnostic::error("KEY_DUPLICATE", message, second.place.clone())
}

/// Marks rows that two entries of one collection hold, so that one of them takes care of it; reports
/// those that the entries want differently.
pub fn shadow_repeats(entries: &mut BTreeMap<String, EntryRows>) -> Vec<Diagnostic> {
    let mut first: BTreeMap<(String, String), (String, Row)> = BTreeMap::new();
    let mut found = Vec::new();
    for rows in entries.values_mut() {
        let EntryRows { entry, desired, .. } = rows;
        for desired in desired {
            let Some(identity) = identity(entry, desired) else { continue };
            let identity = (entry.collection.clone(), identity);
            match first.get(&identity) {
                Some((place, row)) if *row != desired.row => {
                    found.push(in_two_entries(entry, place, desired));
                }
                Some(_) => desired.shadowed = true,
                None => {
                    first.insert(identity, (desired.place.clone(), desired.row.clone()));
                }
            }
        }
    }
    found
}

/// What makes a row the same one in another entry. Rows of a multiset are told apart by nothing.
fn identity(entry: &Entry, desired: &Desired) -> Option<String> {
    let id = rows::value_of(&desired.row, &entry.primary_key);
    match (id, entry.multiset || entry.key_function) {
        (Value::Null, true) => None,
        (Value::Null, false) => Some(format!("{}={}", entry.key.join(","), desired.key)),
        (id, _) => Some(rows::text(id)),
    }
}

fn in_two_entries(entry: &Entry, place: &str, desired: &Desired) -> Diagnostic {
    let message = format!(
        "The same row of {} stands here and in {place} with other values. Make them equal, or let the \
         filters of the two entries exclude each other.",
        entry.collection
    );
    Diagnostic::error("ROW_IN_TWO_ENTRIES", message, desired.place.clone())
}
