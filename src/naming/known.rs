//! The rows of an instance by id and by key, and its pages with references by key.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;
use std::rc::Rc;

use serde_json::Value;

use super::{ByKey, Naming};
use crate::json::scan::{self, Keys};
use crate::model::{Facts, Row};
use crate::record;
use crate::references;
use crate::rows;

/// Which row of an instance has which key, for collections whose rows are referred to by key. Its size
/// is that of ids and keys alone.
#[derive(Debug, Default)]
pub struct KnownKeys {
    collections: BTreeMap<String, Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// The text of a reference, by that of the id.
    keys: BTreeMap<Box<str>, Rc<str>>,
    /// Who has the key, by the text of a reference.
    ids: BTreeMap<Rc<str>, Held>,
}

/// Who has a key.
#[derive(Debug, Clone, PartialEq)]
pub enum Held {
    /// One row, with this id.
    Once(Value),
    /// Several rows, so that it tells none of them.
    Several(Vec<Value>),
}

/// A reference of the instance to a row that does not exist, or has no key.
#[derive(Debug, Clone, Copy)]
pub struct Unnamed<'a> {
    /// The row that holds it, as text.
    pub row: &'a str,
    /// The field.
    pub field: &'a ByKey,
    /// Whose row it refers to.
    pub collection: &'a str,
    /// The text of the id.
    pub id: &'a str,
}

/// A page of rows of an instance, and what its fields are called now.
#[derive(Debug, Clone, Copy)]
pub struct RowsById<'a> {
    /// A JSON array of objects.
    pub rows: &'a str,
    /// New names of fields that are renamed, by their old ones.
    pub names: &'a BTreeMap<String, String>,
}

impl RowsById<'_> {
    fn now<'n>(&'n self, name: &'n str) -> &'n str {
        self.names.get(name).map_or(name, String::as_str)
    }
}

impl KnownKeys {
    /// Takes rows of `collection` with the primary key and the fields of the key. Rows of collections
    /// that the key refers to were taken before. `None` where the page is something else.
    pub fn add(
        &mut self,
        naming: &Naming,
        facts: &Facts,
        collection: &str,
        page: RowsById<'_>,
    ) -> Option<()> {
        let rows: Vec<Row> = serde_json::from_str(page.rows).ok()?;
        let primary = &facts.collections.get(collection)?.primary;
        for row in rows {
            let named = row.into_iter().map(|(name, value)| (page.now(&name).to_owned(), value));
            let row: Row = named.collect();
            let id = rows::value_of(&row, primary);
            if let Some(key) = self.key_in(naming, facts, collection, &row) {
                self.put(collection, &references::key_text(facts, collection, id), id, &key);
            }
        }
        Some(())
    }

    /// The text of a reference to a row; `None` where nothing of its key is known.
    fn key_in(&self, naming: &Naming, facts: &Facts, name: &str, row: &Row) -> Option<String> {
        let mut values = Vec::new();
        for part in naming.keys.get(name)? {
            let value = rows::value_of(row, &part.field);
            values.push(match part.collection(|field| row.get(field).cloned()) {
                _ if value.is_null() => Value::Null,
                Some(to) => {
                    let id = references::key_text(facts, &to, value);
                    record::value(self.key_of(&to, &id)?)
                }
                None => rows::canonical(Some(&part.facts), value),
            });
        }
        let known = values.iter().any(|value| !value.is_null());
        known.then(|| naming.of_key(name, &rows::text(&Value::Array(values))))
    }

    fn put(&mut self, collection: &str, id_text: &str, id: &Value, key: &str) {
        let known = self.collections.entry(collection.to_owned()).or_default();
        let key: Rc<str> = key.into();
        known.keys.insert(id_text.into(), key.clone());
        match known.ids.entry(key) {
            Slot::Vacant(slot) => drop(slot.insert(Held::Once(id.clone()))),
            Slot::Occupied(mut slot) => slot.get_mut().add(id.clone()),
        }
    }

    /// The text of a reference to the row with that id.
    pub fn key_of(&self, collection: &str, id: &str) -> Option<&str> {
        self.collections.get(collection)?.keys.get(id).map(|key| &**key)
    }

    /// Who has the key that a reference names.
    pub fn held(&self, collection: &str, key: &str) -> Option<&Held> {
        self.collections.get(collection)?.ids.get(key)
    }

    /// The id of the only row that a reference names.
    pub fn id_of(&self, collection: &str, key: &str) -> Option<&Value> {
        match self.held(collection, key)? {
            Held::Once(id) => Some(id),
            Held::Several(_) => None,
        }
    }

    /// The same rows with references by key in `fields`; `unnamed` gives the text of one that names no
    /// row. `None` where the page is something else.
    pub fn page(
        &self,
        fields: &[ByKey],
        facts: &Facts,
        page: RowsById<'_>,
        mut unnamed: impl FnMut(Unnamed<'_>) -> String,
    ) -> Option<String> {
        let mut text = String::from("[");
        let mut is_whole = true;
        scan::items(page.rows, Keys::Any, |_, row| {
            text.push_str(if text.len() > 1 { ",{" } else { "{" });
            let read = scan::fields(row, |name, token| {
                let field = fields.iter().find(|field| field.reference.field == page.now(&name));
                let token = match field {
                    Some(field) if token != "null" => {
                        self.token(field, facts, (row, token), page, &mut unnamed)
                    }
                    _ => Cow::Borrowed(token),
                };
                text.extend([&Value::from(&*name).to_string(), ":", &token, ","]);
            });
            is_whole &= read.is_some();
            text.truncate(text.trim_end_matches(',').len());
            text.push('}');
        })?;
        text.push(']');
        is_whole.then_some(text)
    }

    fn token<'a>(
        &self,
        field: &ByKey,
        facts: &Facts,
        (row, token): (&str, &'a str),
        page: RowsById<'_>,
        unnamed: &mut impl FnMut(Unnamed<'_>) -> String,
    ) -> Cow<'a, str> {
        let sibling = |asked: &str| {
            let mut found = None;
            scan::fields(row, |name, token| {
                found = found.or((page.now(&name) == asked).then_some(token));
            })?;
            found
        };
        let Some(collection) = field.collection(sibling) else { return field.form.token(token) };
        let id = &references::key_text(facts, &collection, &record::value(token));
        let key = self.key_of(&collection, id);
        let none = || unnamed(Unnamed { row, field, collection: &collection, id });
        key.map_or_else(none, str::to_owned).into()
    }
}

impl Held {
    fn add(&mut self, id: Value) {
        match self {
            Self::Once(first) => *self = Self::Several(vec![first.take(), id]),
            Self::Several(ids) => ids.push(id),
        }
    }
}
