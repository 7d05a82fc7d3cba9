//! References by key in planning: the target's rows are read with keys in place of ids, and the steps
//! have the target's ids in place of keys.

use serde::Serialize;
use serde_json::{Value, json};

use crate::config::OnMissing;
use crate::data_files;
use crate::error::{Diagnostic, Error, Result};
use crate::json::scan;
use crate::model::{Facts, Row};
use crate::naming::{KnownKeys, Naming, RowsById, Unnamed};
use crate::plan::CREATED;
use crate::record::Fields;
use crate::references::ReferenceField;
use crate::rows;

use super::entry::{Desired, EntryRows};
use super::links::{self, RowId, There};
use super::{Planner, no_entry};

/// The member of an object that stands for a row of the target which has no key.
const ID: &str = "$id";

/// Rows to be read for their keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyReading {
    /// The collection.
    pub collection: String,
    /// The fields of the key, as they are called on the target.
    pub fields: Vec<String>,
}

impl Planner {
    /// What is to be read of the target before any of its rows: all rows of these collections, one
    /// after the other.
    pub fn keys_to_read(&self) -> Vec<KeyReading> {
        let referred = self.entries.values().flat_map(|rows| rows.entry.by_key.values()).flatten();
        let needed = self.naming.with_parts(referred.map(String::as_str).collect());
        let is_read = |(name, _): &(&str, Vec<&str>)| {
            needed.contains(name) && self.facts.collections.contains_key(*name)
        };
        let readings = self.naming.in_order().into_iter().filter(is_read);
        let reading = |(collection, fields): (&str, Vec<&str>)| {
            let fields = fields.into_iter().map(str::to_owned).collect();
            let fields = self.names_on_target(collection, fields);
            KeyReading { collection: collection.to_owned(), fields }
        };
        readings.map(reading).collect()
    }

    /// Takes a page of the rows of [`Self::keys_to_read`], with their primary keys.
    pub fn add_keys(&mut self, collection: &str, page: &[u8]) -> Result<()> {
        let names = self.renames.of_collection(collection);
        let rows = core::str::from_utf8(page).unwrap_or_default();
        let page = RowsById { rows, names: &names };
        let added = self.known.add(&self.naming, &self.schema, collection, page);
        added.ok_or_else(data_files::not_understood)
    }

    /// A page of rows of the target with keys in place of ids, where the entry refers by key.
    ///
    /// Fails in an export with every reference to a row that does not exist, or has no key, unless the
    /// config takes null for it.
    pub fn by_key(&mut self, entry: &str, page: &[u8]) -> Result<Vec<u8>> {
        let names = self.renamed_fields(entry)?;
        let own = self.entries.get(entry).ok_or_else(|| no_entry(entry))?;
        if own.by_key.is_empty() {
            return Ok(page.to_vec());
        }
        let rows = core::str::from_utf8(page).unwrap_or_default();
        let page = RowsById { rows, names: &names };
        let mut found = Vec::new();
        let text = self.known.page(&own.by_key, &self.schema, page, |unnamed| {
            if !self.exports {
                return without_key(unnamed.id);
            }
            if !own.takes_null(&unnamed.field.reference) {
                found.push(unnamed_row(own, unnamed));
            }
            Value::Null.to_string()
        });
        Error::check(&found)?;
        text.map(String::into_bytes).ok_or_else(data_files::not_understood)
    }

    pub(super) fn ids(&self) -> Ids<'_> {
        Ids { naming: &self.naming, known: &self.known, facts: &self.schema }
    }

    pub(super) fn there(&self) -> There<'_> {
        There { existing: &self.existing, known: &self.known }
    }
}

impl EntryRows {
    /// Whether the config lets a reference of this field become null. That of a key cannot, since the
    /// row would be another one.
    pub(super) fn takes_null(&self, reference: &ReferenceField) -> bool {
        self.entry.on_missing == OnMissing::Null
            && reference.nullable
            && !self.entry.key.contains(&reference.field)
    }
}

/// A reference to a row of the target that has no key, by the text of its id. It is equal to none of the
/// files.
pub fn without_key(id: &str) -> String {
    format!("{{\"{ID}\":{id}}}")
}

fn unnamed_row(rows: &EntryRows, unnamed: Unnamed<'_>) -> Diagnostic {
    let (entry, field) = (&rows.entry, &unnamed.field.reference.field);
    let mut own = None;
    scan::fields(unnamed.row, |name, token| {
        own = own.or((*name == entry.primary_key).then_some(token))
    });
    let own = own.unwrap_or("null").trim_matches('"');
    let message = format!(
        "The row {own} of {} refers by its field {field} to the row {} of {to}, which does not exist or \
         has no value for its key. Correct the row, exclude {field}, or let such references be null by \
         `onMissing: 'null'` in {}.",
        entry.collection,
        unnamed.id.trim_matches('"'),
        entry.place,
        to = unnamed.collection,
    );
    Diagnostic::error("REFERENCE_MISSING", message, format!("{}[{own}].{field}", entry.id))
}

/// From references by key to the ids of the target.
#[derive(Debug, Clone, Copy)]
pub struct Ids<'a> {
    naming: &'a Naming,
    known: &'a KnownKeys,
    facts: &'a Facts,
}

impl Ids<'_> {
    /// As [`Self::put`], for values of a desired row that may have placeholders where `whole` has none.
    pub fn put_desired(
        &self,
        entry: &EntryRows,
        values: &mut Row,
        whole: Fields<'_>,
    ) -> Vec<String> {
        for reference in entry.by_key.iter().map(|field| &field.reference.field) {
            if let Some(value) = values.get_mut(reference).filter(|value| !value.is_null()) {
                *value = whole.value(reference);
            }
        }
        self.put(entry, values, Some(whole))
    }

    /// Puts ids in place of keys in some of a row's values; the others are in `whole`. Gives the fields
    /// that refer to rows which the plan creates.
    pub fn put(
        &self,
        entry: &EntryRows,
        values: &mut Row,
        whole: Option<Fields<'_>>,
    ) -> Vec<String> {
        let mut waiting = Vec::new();
        for reference in entry.references.iter().filter(|reference| !reference.named.is_empty()) {
            let get = |field: &str| {
                let other = || whole.and_then(|whole| whole.get(field));
                values.get(field).cloned().or_else(other)
            };
            let Some(own) = values.get(&reference.field) else { continue };
            let id = match (own.get(ID), links::target_of(self.facts, reference, get)) {
                (Some(id), _) => id.clone(),
                (None, Some(target)) if reference.named.contains(&target.0) => self.id(&target),
                _ => continue,
            };
            if id.get(CREATED).is_some() {
                waiting.push(reference.field.clone());
            }
            let form = self.facts.collections.get(&entry.entry.collection);
            let form = form.and_then(|facts| facts.fields.get(&reference.field));
            let id = if id.is_object() { id } else { rows::canonical(form, &id) };
            values.insert(reference.field.clone(), id);
        }
        waiting
    }

    /// The id of a row, or what stands for that of a row which the plan creates.
    fn id(&self, (collection, key): &RowId) -> Value {
        let known = self.known.id_of(collection, key).cloned();
        known.unwrap_or_else(|| self.created(&name(collection, key)))
    }

    /// What stands in a plan for the id of a row that it creates under that name.
    pub fn created(&self, name: &str) -> Value {
        json!({ CREATED: name })
    }

    /// The value of a field of the key by which a row of the target is found; `None` where it refers to
    /// a row that the target does not have.
    pub fn of_field(&self, rows: &EntryRows, desired: &Desired, field: &str) -> Option<Value> {
        let whole = rows.fields(desired);
        let mut value = Row::from_iter([(field.to_owned(), whole.value(field))]);
        let waits = !rows.by_key.is_empty() && !self.put(rows, &mut value, Some(whole)).is_empty();
        value.remove(field).filter(|_| !waits)
    }

    /// What other rows of the plan call a row that it creates; `None` where they need no name.
    pub fn name_of(&self, entry: &EntryRows, desired: &Desired) -> Option<String> {
        let key = entry.reference_to(&desired.key)?;
        self.naming.has(&entry.entry.collection).then(|| name(&entry.entry.collection, &key))
    }
}

/// `categories "shoes"`.
fn name(collection: &str, key: &str) -> String {
    format!("{collection} {key}")
}
