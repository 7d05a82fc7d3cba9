//! The export of an entry's rows: mapped, canonical, sorted, and grouped into files.

mod adding;
mod ahead;
mod environment;
mod folder;
mod other_release;
mod row;
mod writing;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::{Value, json};

use self::ahead::Ahead;
pub use self::ahead::Arrangement;
use self::row::Exported;
use self::writing::{FileRows, Writing};
use crate::config::Entry;
use crate::error::{Diagnostic, Error, Result};
use crate::groups;
use crate::identity::{Identity, Places};
use crate::json;
use crate::model::{CollectionFacts, Facts, FileText};
use crate::naming;
use crate::record::{self, Column, Columns, Record};
use crate::room::Growing;
use crate::row_text::RowText;
use crate::rows;
use crate::system;
use crate::value::Form;

/// Collects the rows of one entry and writes its files.
#[derive(Debug)]
pub struct ItemExport {
    entry: Entry,
    facts: CollectionFacts,
    identity: Identity,
    places: Places,
    /// The fields of the schema that travel.
    columns: Rc<Columns>,
    /// What rows are ordered by: the config's sort, then the key.
    order: Vec<OrderField>,
    /// What primary keys look like.
    id_form: Form,
    rows: Vec<Exported>,
    room: Growing,
    writing: Writing,
    ahead: Ahead,
}

/// A row with what it is ordered by.
type Ordered = (Record, Exported);

/// A field that rows are ordered by.
#[derive(Debug)]
struct OrderField {
    name: String,
    kind: String,
    descends: bool,
}

impl ItemExport {
    /// An export of `entry` from the instance that `facts` describes.
    pub fn new(entry: Entry, facts: &Facts) -> Self {
        let places = Places::of(facts, &entry.collection);
        let facts_of = facts.collections.get(&entry.collection).cloned().unwrap_or_default();
        let facts_of = naming::outside(facts_of, &entry.by_key);
        let added = facts_of.fields.iter().filter(|(_, field)| field.kind == "alias");
        let added = added.map(|(name, _)| name).filter(|_| entry.on_export);
        let travelling = |name: &String| {
            Column::new(name, Form::of(facts_of.fields.get(name)), places.place(name))
        };
        Self {
            columns: Columns::new(written(&entry).chain(added).map(travelling).collect()).into(),
            order: order(&entry, &facts_of),
            id_form: Form::of(facts_of.fields.get(&entry.primary_key)),
            facts: facts_of,
            identity: Identity::to_folder(facts.admin.as_ref()),
            places,
            rows: Vec::new(),
            room: Growing::default(),
            writing: Writing::default(),
            ahead: Ahead::default(),
            entry,
        }
    }

    /// Adds a page of rows, with references by key, as `onExport` returned them: a JSON array of objects, `null` for a row
    /// that it dropped. `keys` are the primary keys of the page, where `onExport` may have changed them.
    pub fn add_rows(&mut self, bytes: &[u8], keys: Option<&[Value]>) -> Result<()> {
        self.room.add(bytes.len());
        adding::page(self, bytes, keys)
    }

    /// Puts the rows in order, whatever the order in which they came, and gives the paths of the files.
    /// [`Self::chunk`] then gives their texts.
    pub fn finish(&mut self) -> Result<Vec<String>> {
        self.place_variables();
        let rows = std::mem::take(&mut self.rows).into_iter();
        let mut rows: Vec<_> = rows.map(|row| (self.order_of(&row), row)).collect();
        rows.sort_by(|a, b| self.compare(a, b));
        self.check_keys(&rows)?;
        let rows = rows.into_iter().map(|(_, row)| row).collect();
        let files = match self.entry.group_by.is_empty() {
            true => vec![FileRows::new(self.path(), rows)],
            false => self.grouped(rows),
        };
        let paths = files.iter().map(|file| file.path.clone()).collect();
        self.writing = Writing::of(files);
        Ok(paths)
    }

    /// The next part of the text of a file, whole lines of it; `None` behind the last one, whereupon the
    /// next file follows.
    pub fn chunk(&mut self) -> Option<String> {
        self.writing.chunk()
    }

    /// The files of the entry in one piece.
    pub fn files(&mut self) -> Result<Vec<FileText>> {
        let paths = self.finish()?;
        let text = |path| FileText { path, text: std::iter::from_fn(|| self.chunk()).collect() };
        Ok(paths.into_iter().map(text).collect())
    }

    /// The path of the only file, or of the header of groups.
    fn path(&self) -> String {
        format!("data/{}.json", self.entry.id)
    }

    /// The text of a primary key of the instance.
    fn id_text(&self, id: &Value) -> String {
        rows::text(&rows::canonical(self.facts.fields.get(&self.entry.primary_key), id))
    }

    /// What a row is ordered by.
    fn order_of(&self, row: &Exported) -> Record {
        Record::of(row.tokens(self.order.iter().map(|field| field.name.as_str())).into_iter())
    }

    /// By the config's sort, then by key, then by all values.
    fn compare(&self, a: &Ordered, b: &Ordered) -> Ordering {
        self.compare_keys(&a.0, &b.0).then_with(|| a.1.row.text().cmp(&b.1.row.text()))
    }

    /// By the config's sort, then by key.
    fn compare_keys(&self, a: &Record, b: &Record) -> Ordering {
        let by_field = self.order.iter().zip(a.tokens().iter().zip(b.tokens().iter()));
        let by_field = by_field.map(|(field, (a, b))| {
            let order = rows::compare_tokens(a, b, &field.kind);
            if field.descends { order.reverse() } else { order }
        });
        by_field.fold(Ordering::Equal, Ordering::then)
    }

    fn check_keys(&self, rows: &[Ordered]) -> Result<()> {
        if self.entry.multiset || self.entry.key_function {
            return Ok(());
        }
        let in_order = rows.is_sorted_by(|a, b| self.compare_keys(&a.0, &b.0) == Ordering::Less);
        if self.entry.sort.is_empty() && in_order {
            return Ok(());
        }
        let mut keys: Vec<(String, usize)> = Vec::with_capacity(rows.len());
        keys.extend(
            rows.iter()
                .enumerate()
                .filter_map(|(index, row)| Some((self.key_text(&row.0)?, index))),
        );
        keys.sort();
        let same = keys.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1);
        let repeated = same.flat_map(|same| {
            let first = same.iter().take(2).map(|(_, index)| *index).collect::<Vec<_>>();
            same.iter().skip(1).map(move |(_, index)| (*index, first.clone()))
        });
        let repeated: BTreeMap<usize, Vec<usize>> = repeated.collect();
        let found: Vec<Diagnostic> =
            repeated.values().map(|both| self.duplicate(rows, both)).collect();
        Error::check(&found)
    }

    /// The text of a row's key; `None` where all of it is null.
    fn key_text(&self, order: &Record) -> Option<String> {
        let tokens = order.tokens().iter().skip(self.entry.sort.len());
        let key: Vec<&str> =
            tokens.take(self.entry.key.len()).map(|token| token.unwrap_or("null")).collect();
        key.iter().any(|token| *token != "null").then(|| format!("[{}]", key.join(",")))
    }

    fn duplicate(&self, rows: &[Ordered], both: &[usize]) -> Diagnostic {
        let both = both.iter().filter_map(|index| rows.get(*index));
        let both: Vec<&RowText> = both.map(|(_, exported)| &exported.row).collect();
        let label = both.first().map(|row| rows::label(&row.row(), &self.entry.key));
        let samples: Vec<String> = both.iter().map(|row| sample(&row.text())).collect();
        let message = format!(
            "Two rows of {} have the key {}: {}. Give them different values of {}, or choose another \
             `key` in {}.",
            self.entry.collection,
            label.unwrap_or_default(),
            samples.join(" and "),
            self.entry.key.join(", "),
            self.entry.place,
        );
        Diagnostic::error("KEY_DUPLICATE", message, self.entry.id.clone())
    }

    /// The header and a file per group.
    fn grouped(&self, rows: Vec<Exported>) -> Vec<FileRows> {
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
        let files = names.zip(rows).map(|(path, rows)| FileRows::new(path, rows));
        let path = self.path();
        let header = FileRows::header(path, json::to_text(&header));
        [header].into_iter().chain(files).collect()
    }

    /// Rows by the text of the values that name their group.
    fn groups(&self, rows: Vec<Exported>) -> BTreeMap<String, (Vec<Value>, Vec<Exported>)> {
        let mut groups: BTreeMap<String, (Vec<Value>, Vec<Exported>)> = BTreeMap::new();
        for row in rows {
            let tokens = row.tokens(self.entry.group_by.iter().map(String::as_str));
            let value = |token: Option<String>| token.map(|token| record::value(&token));
            let values: Vec<Value> =
                tokens.into_iter().map(|token| value(token).unwrap_or_default()).collect();
            let group = groups.entry(rows::text(&Value::Array(values.clone()))).or_default();
            group.0 = values;
            group.1.push(row);
        }
        groups
    }
}

/// The fields that stand in the files; the content of a file has a place of its own.
fn written(entry: &Entry) -> impl Iterator<Item = &String> {
    entry.fields.iter().filter(|field| *field != system::CONTENT)
}

/// The fields that give the key of a row.
fn key(entry: &Entry) -> &[String] {
    match entry.key_function {
        true => std::slice::from_ref(&entry.primary_key),
        false => &entry.key,
    }
}

fn order(entry: &Entry, facts: &CollectionFacts) -> Vec<OrderField> {
    let sort = entry.sort.iter().map(|field| match field.strip_prefix('-') {
        Some(name) => (name, true),
        None => (field.as_str(), false),
    });
    let fields = sort.chain(key(entry).iter().map(|field| (field.as_str(), false)));
    let order = fields.map(|(name, descends)| {
        let kind = facts.fields.get(name).map_or("", |field| field.kind.as_str());
        OrderField { name: name.to_owned(), kind: kind.to_owned(), descends }
    });
    order.collect()
}

/// The beginning of a row, to tell it from another.
fn sample(text: &str) -> String {
    match text.char_indices().nth(120) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
