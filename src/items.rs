//! The export of an entry's rows: mapped, canonical, sorted, and grouped into files.

mod folder;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::config::Entry;
use crate::error::{Diagnostic, Error, Result};
use crate::groups;
use crate::identity::{Identity, Places};
use crate::json;
use crate::model::{CollectionFacts, Facts, FileText, Row};
use crate::rows;

/// Collects the rows of one entry and writes its files.
#[derive(Debug)]
pub struct ItemExport {
    entry: Entry,
    facts: CollectionFacts,
    identity: Identity,
    places: Places,
    rows: Vec<Exported>,
}

/// A row on its way to a file.
#[derive(Debug)]
struct Exported {
    /// The text of its primary key on the instance.
    id: String,
    /// Its values in file form.
    row: Row,
}

impl ItemExport {
    /// An export of `entry` from the instance that `facts` describes.
    pub fn new(entry: Entry, facts: &Facts) -> Self {
        Self {
            facts: facts.collections.get(&entry.collection).cloned().unwrap_or_default(),
            identity: Identity::to_folder(facts.admin.as_ref()),
            places: Places::of(facts, &entry.collection),
            rows: Vec::new(),
            entry,
        }
    }

    /// Adds a page of rows, as `onExport` returned them: a JSON array of objects, `null` for a row
    /// that it dropped. `keys` are the primary keys of the page, where `onExport` may have changed them.
    pub fn add_rows(&mut self, bytes: &[u8], keys: Option<&[Value]>) -> Result<()> {
        for (index, row) in parse_rows(bytes, &self.entry.id)?.into_iter().enumerate() {
            let Some(row) = row else { continue };
            let own = rows::value_of(&row, &self.entry.primary_key);
            let id = self.id_text(keys.and_then(|keys| keys.get(index)).unwrap_or(own));
            let row = self.file_form(row);
            self.rows.push(Exported { id, row });
        }
        Ok(())
    }

    /// The files of the entry, whatever the order in which the rows came.
    pub fn files(&mut self) -> Result<Vec<FileText>> {
        let rows = std::mem::take(&mut self.rows).into_iter();
        let mut rows: Vec<Row> = rows.map(|exported| exported.row).collect();
        rows.sort_by(|a, b| self.compare(a, b));
        self.check_keys(&rows)?;
        Ok(match self.entry.group_by.is_empty() {
            true => vec![file(format!("data/{}.json", self.entry.id), rows)],
            false => self.grouped(rows),
        })
    }

    /// The text of a primary key of the instance.
    fn id_text(&self, id: &Value) -> String {
        rows::text(&rows::canonical(self.facts.fields.get(&self.entry.primary_key), id))
    }

    /// The row with canonical values, without what does not travel. What `onExport` added stays.
    fn file_form(&self, mut row: Row) -> Row {
        row.retain(|name, value| self.travels(name) && !rows::is_mask(value));
        self.identity.map(&self.places, &mut row);
        let fields = row.iter();
        fields
            .map(|(name, value)| {
                (name.clone(), rows::canonical(self.facts.fields.get(name), value))
            })
            .collect()
    }

    fn travels(&self, name: &str) -> bool {
        let added = || match self.facts.fields.get(name) {
            Some(field) => field.kind == "alias",
            None => true,
        };
        self.entry.fields.iter().any(|field| field == name) || (self.entry.on_export && added())
    }

    /// By the config's sort, then by key.
    fn compare(&self, a: &Row, b: &Row) -> Ordering {
        let sort = [self.entry.sort.as_slice(), &self.key()].concat();
        rows::compare(a, b, &sort, &self.facts)
    }

    fn key(&self) -> Vec<String> {
        match self.entry.key_function {
            true => vec![self.entry.primary_key.clone()],
            false => self.entry.key.clone(),
        }
    }

    fn check_keys(&self, rows: &[Row]) -> Result<()> {
        if self.entry.multiset || self.entry.key_function {
            return Ok(());
        }
        let mut seen = BTreeSet::new();
        let repeats = rows.iter().filter(|row| match rows::key_text(row, &self.entry.key) {
            Some(key) => !seen.insert(key),
            None => false,
        });
        let found: Vec<Diagnostic> = repeats.map(|row| self.duplicate(rows, row)).collect();
        Error::check(&found)
    }

    fn duplicate(&self, all: &[Row], row: &Row) -> Diagnostic {
        let key = rows::key_text(row, &self.entry.key);
        let same = all.iter().filter(|other| rows::key_text(other, &self.entry.key) == key);
        let both: Vec<String> = same.map(sample).take(2).collect();
        let message = format!(
            "Two rows of {} have the key {}: {}. Give them different values of {}, or choose another \
             `key` in {}.",
            self.entry.collection,
            rows::label(row, &self.entry.key),
            both.join(" and "),
            self.entry.key.join(", "),
            self.entry.place,
        );
        Diagnostic::error("KEY_DUPLICATE", message, self.entry.id.clone())
    }

    /// The header and a file per group.
    fn grouped(&self, rows: Vec<Row>) -> Vec<FileText> {
        let header = json!({
            "partial": true,
            "groupedBy": self.entry.group_by,
            "count": rows.len(),
        });
        let groups = self.groups(rows);
        let values: Vec<Vec<Value>> = groups.values().map(|(values, _)| values.clone()).collect();
        let path = |name: String| format!("data/{}/{name}.json", self.entry.id);
        let names = groups::names(&values).into_iter().map(path);
        let rows = groups.into_values().map(|(_, rows)| rows);
        let files = names.zip(rows).map(|(path, rows)| file(path, rows));
        let header =
            FileText { path: format!("data/{}.json", self.entry.id), text: json::to_text(&header) };
        [header].into_iter().chain(files).collect()
    }

    /// Rows by the text of the values that name their group.
    fn groups(&self, rows: Vec<Row>) -> BTreeMap<String, (Vec<Value>, Vec<Row>)> {
        let mut groups: BTreeMap<String, (Vec<Value>, Vec<Row>)> = BTreeMap::new();
        for row in rows {
            let fields = self.entry.group_by.iter();
            let values: Vec<Value> =
                fields.map(|field| rows::value_of(&row, field).clone()).collect();
            let group = groups.entry(rows::text(&Value::Array(values.clone()))).or_default();
            group.0 = values;
            group.1.push(row);
        }
        groups
    }
}

/// A page of rows: a JSON array of objects. `null` stands for a row that a user function dropped.
fn parse_rows(bytes: &[u8], name: &str) -> Result<Vec<Option<Row>>> {
    let Value::Array(items) = json::parse(bytes, name)? else {
        return Err(Error::at("ROW_INVALID", "The rows are not a JSON array.", name));
    };
    items.into_iter().map(|item| as_row(item, name)).collect()
}

fn as_row(item: Value, name: &str) -> Result<Option<Row>> {
    match item {
        Value::Null => Ok(None),
        Value::Object(row) => Ok(Some(row)),
        other => {
            let message = format!("A row is not an object but {}.", json::to_compact(&other));
            Err(Error::at("ROW_INVALID", message, name))
        }
    }
}

fn file(path: String, rows: Vec<Row>) -> FileText {
    let rows = rows.into_iter().map(Value::Object).collect();
    FileText { path, text: json::to_text(&Value::Array(rows)) }
}

/// The beginning of a row, to tell it from another.
fn sample(row: &Row) -> String {
    let text = json::to_compact(&Value::Object(row.clone()));
    match text.char_indices().nth(120) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
