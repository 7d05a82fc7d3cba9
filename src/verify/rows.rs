//! Rows: what the steps leave of each, and how that differs from what is read again.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Reading, mismatch};
use crate::error::{Diagnostic, Error, Result};
use crate::model::{CollectionFacts, FieldFacts, Row};
use crate::plan::{RowChange, Step};
use crate::render;
use crate::rows;

/// Rows per query: far below the number of values that any supported database takes.
const KEYS_PER_FILTER: usize = 500;

/// A float of four bytes keeps about seven digits.
const FLOAT_ERROR: f64 = 1e-6;

/// What becomes of the rows that steps touch.
#[derive(Debug)]
pub struct ExpectedRows {
    facts: BTreeMap<String, CollectionFacts>,
    /// By collection and the text of the primary key, which is empty for a singleton.
    rows: BTreeMap<String, BTreeMap<String, Expected>>,
}

#[derive(Debug)]
struct Expected {
    key: Value,
    /// The key for people.
    label: String,
    /// The values that were written; `None` for a row that was deleted.
    values: Option<Row>,
    seen: bool,
}

impl ExpectedRows {
    /// No rows yet, of collections as they are now.
    pub fn new(facts: BTreeMap<String, CollectionFacts>) -> Self {
        Self { facts, rows: BTreeMap::new() }
    }

    /// Follows a step. `created` are the keys that the target gave to the rows of an `items.create`.
    pub fn take(&mut self, step: &Step, created: &[Value]) -> Result<()> {
        match step {
            Step::ItemsCreate { collection, rows, .. } => {
                for (index, row) in rows.iter().enumerate() {
                    let key = self.key_of(collection, row, created.get(index))?;
                    self.put(collection, &key, rows::plain(&key), row);
                }
            }
            Step::ItemsUpdate { collection, changes, .. } => {
                for RowChange { key, label, set, .. } in changes {
                    self.put(collection, key, label.clone(), set);
                }
            }
            Step::ItemsDelete { collection, keys, labels, .. } => {
                for (key, label) in keys.iter().zip(labels) {
                    self.remove(collection, key, label);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn key_of(&self, collection: &str, row: &Row, given: Option<&Value>) -> Result<Value> {
        let primary = self.facts.get(collection).map_or("", |facts| facts.primary.as_str());
        let own = row.get(primary).filter(|key| !key.is_null());
        own.or(given).cloned().ok_or_else(|| {
            Error::new("INTERNAL", format!("A created row of {collection} has no known key."))
        })
    }

    fn put(&mut self, collection: &str, key: &Value, label: String, values: &Row) {
        let text = self.key_text(collection, key);
        let rows = self.rows.entry(collection.to_owned()).or_default();
        let fresh = || Expected { key: key.clone(), label, values: None, seen: false };
        let expected = rows.entry(text).or_insert_with(fresh);
        expected.values.get_or_insert_default().extend(values.clone());
    }

    fn remove(&mut self, collection: &str, key: &Value, label: &str) {
        let gone =
            Expected { key: key.clone(), label: label.to_owned(), values: None, seen: false };
        let text = self.key_text(collection, key);
        self.rows.entry(collection.to_owned()).or_default().insert(text, gone);
    }

    /// All rows of a singleton are one.
    fn key_text(&self, collection: &str, key: &Value) -> String {
        match self.facts.get(collection) {
            Some(facts) if facts.singleton => String::new(),
            facts => rows::text(&rows::canonical(
                facts.and_then(|facts| facts.fields.get(&facts.primary)),
                key,
            )),
        }
    }

    /// The queries that find the rows again.
    pub fn to_read(&self) -> Vec<Reading> {
        self.rows.iter().flat_map(|(name, expected)| self.readings(name, expected)).collect()
    }

    fn readings(&self, name: &str, expected: &BTreeMap<String, Expected>) -> Vec<Reading> {
        let Some(facts) = self.facts.get(name) else { return Vec::new() };
        let written = expected.values().filter_map(|row| row.values.as_ref());
        let fields: BTreeSet<&String> = written.flat_map(Row::keys).collect();
        let fields: Vec<String> =
            fields.into_iter().filter(|field| **field != facts.primary).cloned().collect();
        let reading =
            |filter| Reading { collection: name.to_owned(), fields: fields.clone(), filter };
        if facts.singleton {
            return vec![reading(Value::Null)];
        }
        let keys: Vec<&Value> = expected.values().map(|row| &row.key).collect();
        let filters = keys.chunks(KEYS_PER_FILTER);
        filters.map(|keys| reading(json!({ &facts.primary: { "_in": keys } }))).collect()
    }

    /// Everything in which the rows of `page` are not as they should be.
    pub fn compare(&mut self, collection: &str, page: &[Row]) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for row in page {
            let Some(facts) = self.facts.get(collection) else { continue };
            let key = self.key_text(collection, rows::value_of(row, &facts.primary));
            let expected = self.rows.get_mut(collection).and_then(|rows| rows.get_mut(&key));
            match expected {
                // Of a singleton the first row counts, as it does in Directus.
                Some(expected) if !expected.seen => {
                    expected.seen = true;
                    found.extend(differences(collection, facts, expected, row));
                }
                _ => {}
            }
        }
        found
    }

    /// The rows that should have been read, but were not.
    pub fn missing(&self) -> Vec<Diagnostic> {
        let all =
            self.rows.iter().flat_map(|(name, rows)| rows.values().map(move |row| (name, row)));
        all.filter(|(_, row)| !row.seen && row.values.is_some())
            .map(|(name, row)| lost(name, row))
            .collect()
    }
}

fn differences(
    collection: &str,
    facts: &CollectionFacts,
    expected: &Expected,
    row: &Row,
) -> Vec<Diagnostic> {
    let Some(values) = &expected.values else { return vec![back_again(collection, expected)] };
    let compared = values.iter().filter(|(name, _)| **name != facts.primary);
    let differing = compared.filter_map(|(name, value)| {
        let field = facts.fields.get(name);
        let wanted = rows::canonical(field, value);
        let now = rows::canonical(field, rows::value_of(row, name));
        let differs = wanted != now && !rows::is_mask(&now);
        differs.then(|| {
            changed(&format!("{}.{name}", place(collection, expected)), field, &wanted, &now)
        })
    });
    differing.collect()
}

fn changed(path: &str, field: Option<&FieldFacts>, wanted: &Value, now: &Value) -> Diagnostic {
    let cause = match field {
        Some(field) if is_cut(field, wanted, now) => format!(
            "Likely cause: the column, a {} on this database, cannot hold the whole value; give the field another type.",
            field.kind
        ),
        _ => "Likely cause: a trigger of the database, a filter hook of another extension, or an \
              `onImport` that is not idempotent."
            .to_owned(),
    };
    let (wanted, now) = render::contrast(wanted, now);
    mismatch(
        format!("{path} was written as {wanted}, but reads back as {now}. {cause}"),
        path.into(),
    )
}

/// Whether the value was stored as far as the column can hold it.
fn is_cut(field: &FieldFacts, wanted: &Value, now: &Value) -> bool {
    let number = |value: &Value| rows::plain(value).parse::<f64>().ok();
    match (number(wanted), number(now)) {
        (Some(wanted), Some(now)) if field.kind == "float" => {
            (wanted - now).abs() <= FLOAT_ERROR * wanted.abs()
        }
        (Some(wanted), Some(now)) => wanted.fract() != 0.0 && (wanted - now).abs() < 1.0,
        _ => match (wanted.as_str(), now.as_str()) {
            (Some(wanted), Some(now)) => wanted.starts_with(now),
            _ => false,
        },
    }
}

fn back_again(collection: &str, expected: &Expected) -> Diagnostic {
    let place = place(collection, expected);
    let message = format!(
        "{place} was deleted, but is there again. Likely cause: a trigger of the database."
    );
    mismatch(message, place)
}

fn lost(collection: &str, expected: &Expected) -> Diagnostic {
    let place = place(collection, expected);
    let message = format!(
        "{place} was written, but is not there. Likely cause: a trigger of the database, or a foreign key \
         that deletes it along with another row."
    );
    mismatch(message, place)
}

fn place(collection: &str, expected: &Expected) -> String {
    match expected.label.is_empty() {
        true => collection.to_owned(),
        false => format!("{collection}[{}]", expected.label),
    }
}
