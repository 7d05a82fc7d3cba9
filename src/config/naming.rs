//! Whose rows are referred to by key: those of collections whose primary keys do not travel, so that
//! an id of one instance says nothing on another.

use std::collections::{BTreeMap, BTreeSet};

use super::Entry;
use crate::error::Diagnostic;
use crate::model::Facts;
use crate::references::{self, ReferenceField};

/// Collections by name, with the fields of their keys.
type Keys = BTreeMap<String, Vec<String>>;

/// The reference fields of every collection.
type References = BTreeMap<String, Vec<ReferenceField>>;

/// Notes in `entries` which of their fields refer by key, and gives the collections that these refer
/// to.
pub fn assign(entries: &mut [Entry], facts: &Facts, report: &mut Vec<Diagnostic>) -> Keys {
    let local: BTreeSet<&str> =
        entries.iter().filter(|entry| is_local(entry)).map(|entry| &*entry.collection).collect();
    if local.is_empty() {
        return Keys::new();
    }
    let references = references::of_all(facts);
    let mut keys = Keys::new();
    for collection in local {
        let is_referrer =
            |entry: &&Entry| leads_to(entry, &references, collection).next().is_some();
        let Some(referrer) = entries.iter().find(is_referrer) else { continue };
        match key_of(collection, entries, referrer) {
            Ok(key) => drop(keys.insert(collection.to_owned(), key)),
            Err(problem) => report.push(problem),
        }
    }
    report.extend(circle(&keys, entries, &references));
    for entry in entries {
        let mut by_key: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for name in keys.keys() {
            for reference in leads_to(entry, &references, name) {
                by_key.entry(reference.field.clone()).or_default().insert(name.clone());
            }
        }
        report.extend(by_key.contains_key(&entry.primary_key).then(|| key_is_reference(entry)));
        entry.by_key = by_key;
    }
    keys
}

/// Whether every instance gives the rows other primary keys.
fn is_local(entry: &Entry) -> bool {
    let has_key = !entry.key.contains(&entry.primary_key);
    has_key && !entry.carries_primary_key() && !entry.singleton && !entry.multiset
}

/// The fields of an entry that travel and can refer to rows of `collection`.
fn leads_to<'a>(
    entry: &'a Entry,
    references: &'a References,
    collection: &'a str,
) -> impl Iterator<Item = &'a ReferenceField> {
    let travels = |field: &String| entry.carries(field) || entry.key.contains(field);
    let own = references.get(&entry.collection).into_iter().flatten();
    own.filter(move |reference| travels(&reference.field) && reference.may_lead_to(collection))
}

/// The key by which rows of `collection` are known, or why there is none.
fn key_of(
    collection: &str,
    entries: &[Entry],
    referrer: &Entry,
) -> Result<Vec<String>, Diagnostic> {
    let own = || entries.iter().filter(|entry| entry.collection == collection);
    let Some(first) = own().find(|entry| is_local(entry)) else { return Ok(Vec::new()) };
    if first.key_function {
        let message = format!(
            "{} refers to rows of {collection}, whose primary key \"{}\" does not travel, so it refers \
             to them by key. `getKey` cannot be looked up: name the fields by `key: ['…']`.",
            referrer.collection, first.primary_key
        );
        return Err(invalid(first, message));
    }
    match own().find(|entry| entry.key != first.key || entry.carries_primary_key()) {
        None => Ok(first.key.clone()),
        Some(other) => {
            let message = format!(
                "{} refers to rows of {collection} by key, so its entries need the same `key`, and all \
                 have to exclude the primary key \"{}\". {} differs.",
                referrer.collection, first.primary_key, other.place
            );
            Err(invalid(first, message))
        }
    }
}

/// A key cannot be told where it refers to a row whose key refers back to it.
fn circle(keys: &Keys, entries: &[Entry], references: &References) -> Vec<Diagnostic> {
    let mut open: BTreeMap<&str, BTreeSet<&str>> =
        keys.keys().map(|name| (name.as_str(), needs(name, keys, references))).collect();
    loop {
        let known = |needs: &BTreeSet<&str>| needs.iter().all(|name| !open.contains_key(name));
        let settled: Vec<&str> =
            open.iter().filter(|(_, needs)| known(needs)).map(|(name, _)| *name).collect();
        if settled.is_empty() {
            break;
        }
        open.retain(|name, _| !settled.contains(name));
    }
    let names: Vec<&str> = open.keys().copied().collect();
    let in_circle = entries.iter().filter(|entry| open.contains_key(&*entry.collection));
    let problem = |entry: &Entry| {
        let message = format!(
            "The key of {} refers to rows that are known by a key which leads back to it ({}), so none of \
             them can be told. Take a field that refers to nothing into one of the keys instead.",
            entry.collection,
            names.join(", "),
        );
        invalid(entry, message)
    };
    in_circle.map(problem).collect()
}

/// The collections whose keys are part of the key of `collection`.
fn needs<'a>(collection: &str, keys: &'a Keys, references: &References) -> BTreeSet<&'a str> {
    let key = keys.get(collection).map(Vec::as_slice).unwrap_or_default();
    let own = references.get(collection).into_iter().flatten();
    let own: Vec<_> = own.filter(|reference| key.contains(&reference.field)).collect();
    let is_needed = |name: &&String| own.iter().any(|reference| reference.may_lead_to(name));
    keys.keys().filter(is_needed).map(String::as_str).collect()
}

/// A primary key that is a reference by key would be another one on each instance.
fn key_is_reference(entry: &Entry) -> Diagnostic {
    let message = format!(
        "The primary key \"{}\" of {} refers to rows that have another id on each instance, so the rows of \
         {1} cannot be told by it. Give the collection a primary key of its own, or let the ids of the \
         rows that it refers to travel.",
        entry.primary_key, entry.collection,
    );
    invalid(entry, message)
}

fn invalid(entry: &Entry, message: String) -> Diagnostic {
    Diagnostic::error("CONFIG_KEY_INVALID", message, format!("{}.key", entry.place))
}
