//! What can be wrong with the rows of an entry by themselves.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::config::{Entry, did_you_mean};
use crate::data_files::Origin;
use crate::error::Diagnostic;
use crate::model::CollectionFacts;
use crate::rows;
use crate::system;

use super::entry::{Current, Desired, EntryRows};

/// Fields that neither the schema nor the system table knows. Fields of Directus' own collections
/// differ between its versions, so there they only warn, and only when something is lost.
#[derive(Debug, Default)]
pub struct UnknownFields {
    reported: BTreeSet<String>,
    /// What is reported, once for each field.
    pub found: Vec<Diagnostic>,
}

impl UnknownFields {
    /// Notes that a row of the files has the field.
    pub fn add(&mut self, rows: &EntryRows, name: &str, token: &str, origin: Origin) {
        let is_lenient = system::is_system(&rows.entry.collection) && token == "null";
        if !is_lenient && self.reported.insert(name.to_owned()) {
            self.found.push(unknown_field(&rows.entry, &rows.facts, name, rows.place(origin)));
        }
    }
}

impl EntryRows {
    /// Whether the schema or the system table knows the field.
    pub fn is_known(&self, name: &str) -> bool {
        let home =
            || system::of(&self.entry.collection).is_some_and(|known| known.keeps_home(name));
        self.facts.fields.contains_key(name) || home()
    }
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
    let desired = |index: &u32| rows.desired.get(*index as usize);
    let repeated = rows.index.by_key(&rows.desired).filter_map(|same| match same {
        [first, second, ..] => Some((desired(first)?, desired(second)?)),
        _ => None,
    });
    repeated.map(|(first, second)| repeated_key(rows, first, second)).collect()
}

fn repeated_key(rows: &EntryRows, first: &Desired, second: &Desired) -> Diagnostic {
    let entry = &rows.entry;
    let message = match entry.singleton {
        true => format!("{} holds one row, but the folder has more. Keep one.", entry.collection),
        false => format!(
            "Two rows of {} have the key {}: {} and {}. Remove one, or choose another `key` in {}.",
            entry.collection,
            rows.label(&first.key),
            rows.place(first.origin),
            rows.place(second.origin),
            entry.place
        ),
    };
    Diagnostic::error("KEY_DUPLICATE", message, rows.place(second.origin))
}

/// Rows of the target that share a key where each must have its own, so that nobody knows which of them
/// the files mean.
pub fn repeated_there(rows: &EntryRows, key: &str, repeated: &[Current]) -> Diagnostic {
    let entry = &rows.entry;
    let ids: Vec<String> = repeated.iter().map(|row| rows::plain(&row.id)).collect();
    let message = format!(
        "Several rows of {} on the target have the key {}: {}. Give them different values of {}, or \
         choose another `key` in {}.",
        entry.collection,
        rows.label(key),
        ids.join(", "),
        entry.key.join(", "),
        entry.place
    );
    Diagnostic::error("KEY_DUPLICATE", message, entry.id.clone())
}

/// Marks rows that two entries of one collection hold, so that one of them takes care of it; reports
/// those that the entries want differently.
pub fn shadow_repeats(entries: &mut BTreeMap<String, EntryRows>) -> Vec<Diagnostic> {
    let mut shadowed = Vec::new();
    let mut found = Vec::new();
    let mut first: BTreeMap<(&str, String), (&EntryRows, &Desired)> = BTreeMap::new();
    for rows in entries.values().filter(|rows| is_shared(entries, rows)) {
        for (index, desired) in rows.desired.iter().enumerate() {
            let Some(identity) = identity(rows, desired) else { continue };
            let identity = (rows.entry.collection.as_str(), identity);
            match first.get(&identity) {
                Some((other, same)) if other.fields(same).row() != rows.fields(desired).row() => {
                    found.push(in_two_entries(rows, &other.place(same.origin), desired));
                }
                Some(_) => shadowed.push((rows.entry.id.clone(), index)),
                None => drop(first.insert(identity, (rows, desired))),
            }
        }
    }
    for (id, index) in shadowed {
        let desired = entries.get_mut(&id).and_then(|rows| rows.desired.get_mut(index));
        desired.into_iter().for_each(|desired| desired.shadowed = true);
    }
    found
}

/// Whether a row may stand twice: in another entry of the collection, or under another key.
fn is_shared(entries: &BTreeMap<String, EntryRows>, rows: &EntryRows) -> bool {
    if !rows.entry.keyed_by_primary_key() {
        return true;
    }
    let own = entries.values().filter(|other| other.entry.collection == rows.entry.collection);
    own.count() > 1
}

/// What makes a row the same one in another entry. Rows of a multiset are told apart by nothing.
fn identity(rows: &EntryRows, desired: &Desired) -> Option<String> {
    let entry = &rows.entry;
    let id = rows.fields(desired).value(&entry.primary_key);
    match (id, entry.multiset || entry.key_function) {
        (Value::Null, true) => None,
        (Value::Null, false) => Some(format!("{}={}", entry.key.join(","), desired.key)),
        (id, _) => Some(rows::text(&id)),
    }
}

fn in_two_entries(rows: &EntryRows, place: &str, desired: &Desired) -> Diagnostic {
    let message = format!(
        "The same row of {} stands here and in {place} with other values. Make them equal, or let the \
         filters of the two entries exclude each other.",
        rows.entry.collection
    );
    Diagnostic::error("ROW_IN_TWO_ENTRIES", message, rows.place(desired.origin))
}
