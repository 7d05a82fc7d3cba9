//! Rows: what the steps leave of each, and how that differs from what is read again.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Reading, mismatch};
use crate::environment;
use crate::error::{Diagnostic, Error, Result};
use crate::json::scan::{self, Keys};
use crate::model::{CollectionFacts, FieldFacts, Row};
use crate::plan::{CREATED, RowChange, Step, Summary};
use crate::record::is_mask;
use crate::render;
use crate::row_text::RowText;
use crate::rows;
use crate::value::Form;
use crate::words::KeyText;

/// Rows per query: far below the number of values that any supported database takes.
const KEYS_PER_FILTER: usize = 500;

/// Everything is read where at least one row in this many was written: that takes less than asking for
/// each.
const ALL_FROM: u64 = 4;

/// A float of four bytes keeps about seven digits.
const FLOAT_ERROR: f64 = 1e-6;

/// What becomes of the rows that steps touch.
#[derive(Debug)]
pub struct ExpectedRows {
    facts: BTreeMap<String, CollectionFacts>,
    /// By collection and the text of the primary key, which is empty for a singleton.
    rows: BTreeMap<String, BTreeMap<KeyText, Expected>>,
    /// How many rows the plan knows of each collection, where it says so.
    known: BTreeMap<String, u64>,
    summary: Summary,
    /// Keys of rows that steps created, by the names that the plan gives them.
    created: BTreeMap<String, Value>,
}

#[derive(Debug)]
struct Expected {
    key: Value,
    /// The key for people; of a created row it is its key.
    label: Option<String>,
    /// The values that were written; `None` for a row that was deleted.
    values: Option<Written>,
    seen: bool,
}

/// The values that were written to a row.
#[derive(Debug)]
enum Written {
    /// All at once.
    Whole(RowText),
    /// In several steps.
    Parts(Row),
}

impl Written {
    fn row(&self) -> Cow<'_, Row> {
        match self {
            Self::Whole(text) => Cow::Owned(text.row()),
            Self::Parts(row) => Cow::Borrowed(row),
        }
    }

    fn add(&mut self, values: &Row) {
        let mut row = self.row().into_owned();
        row.extend(values.clone());
        *self = Self::Parts(row);
    }
}

impl ExpectedRows {
    /// No rows yet, of collections as they are now.
    pub fn new(facts: BTreeMap<String, CollectionFacts>, summary: &Summary) -> Self {
        let (rows, known, created) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { facts, rows, known, summary: summary.clone(), created }
    }

    /// Follows a step. `created` are the keys that the target gave to the rows of an `items.create`.
    pub fn take(&mut self, step: &Step, created: &[Value]) -> Result<()> {
        match step {
            Step::ItemsCreate { entry, collection, rows, names, links, .. } => {
                self.count(entry, collection);
                for (index, row) in rows.iter().enumerate() {
                    let key = self.key_of(collection, row, created.get(index))?;
                    if let Some(name) = names.get(index) {
                        self.created.insert(name.clone(), key.clone());
                    }
                    let row = match links.is_empty() {
                        true => row.clone(),
                        false => self.with_keys(&row.row(), links).into(),
                    };
                    self.create(collection, key, row);
                }
            }
            Step::ItemsUpdate { entry, collection, changes, links, .. } => {
                self.count(entry, collection);
                for RowChange { key, label, set, .. } in changes {
                    let (key, set) = (self.key_behind(key).clone(), self.with_keys(set, links));
                    self.change(collection, &key, label, &set);
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

    /// The key that a value stands for, if it stands for that of a created row.
    fn key_behind<'a>(&'a self, value: &'a Value) -> &'a Value {
        let name = value.get(CREATED).and_then(Value::as_str);
        name.and_then(|name| self.created.get(name)).unwrap_or(value)
    }

    /// The values with the keys of created rows.
    fn with_keys(&self, values: &Row, links: &BTreeSet<String>) -> Row {
        let mut values = values.clone();
        for (_, value) in values.iter_mut().filter(|(name, _)| links.contains(*name)) {
            *value = self.key_behind(value).clone();
        }
        values
    }

    fn count(&mut self, entry: &str, collection: &str) {
        let Some(counts) = self.summary.items.get(entry) else { return };
        let rows = counts.create + counts.update + counts.unchanged + counts.kept;
        let known = self.known.entry(collection.to_owned()).or_default();
        *known = rows.max(*known);
    }

    fn key_of(&self, collection: &str, row: &RowText, given: Option<&Value>) -> Result<Value> {
        if let Some(key) = given.filter(|key| !key.is_null()) {
            return Ok(key.clone());
        }
        let primary = self.facts.get(collection).map_or("", |facts| facts.primary.as_str());
        let own = row.value(primary).filter(|key| !key.is_null());
        own.ok_or_else(|| {
            Error::new("INTERNAL", format!("A created row of {collection} has no known key."))
        })
    }

    fn create(&mut self, collection: &str, key: Value, row: RowText) {
        let text = self.key_text(collection, &key);
        let rows = self.rows_of(collection);
        match rows.get_mut(&text).and_then(|expected| expected.values.as_mut()) {
            // The rows of a singleton are one.
            Some(values) => values.add(&row.row()),
            None => {
                let values = Some(Written::Whole(row));
                rows.insert(text, Expected { key, label: None, values, seen: false });
            }
        }
    }

    fn change(&mut self, collection: &str, key: &Value, label: &str, values: &Row) {
        let text = self.key_text(collection, key);
        let rows = self.rows_of(collection);
        let fresh = || Expected {
            key: key.clone(),
            label: Some(label.to_owned()),
            values: None,
            seen: false,
        };
        let expected = rows.entry(text).or_insert_with(fresh);
        expected.values.get_or_insert_with(|| Written::Parts(Row::new())).add(values);
    }

    fn rows_of(&mut self, collection: &str) -> &mut BTreeMap<KeyText, Expected> {
        self.rows.entry(collection.to_owned()).or_default()
    }

    fn remove(&mut self, collection: &str, key: &Value, label: &str) {
        let label = Some(label.to_owned());
        let gone = Expected { key: key.clone(), label, values: None, seen: false };
        let text = self.key_text(collection, key);
        self.rows_of(collection).insert(text, gone);
    }

    /// All rows of a singleton are one.
    fn key_text(&self, collection: &str, key: &Value) -> KeyText {
        match self.facts.get(collection) {
            Some(facts) if facts.singleton => String::new().into(),
            facts => {
                let field = facts.and_then(|facts| facts.fields.get(&facts.primary));
                rows::text(&rows::canonical(field, key)).into()
            }
        }
    }

    /// The queries that find the rows again.
    pub fn to_read(&self) -> Vec<Reading> {
        self.rows.iter().flat_map(|(name, expected)| self.readings(name, expected)).collect()
    }

    fn readings(&self, name: &str, expected: &BTreeMap<KeyText, Expected>) -> Vec<Reading> {
        let Some(facts) = self.facts.get(name) else { return Vec::new() };
        let mut fields = written_fields(expected);
        fields.remove(&facts.primary);
        let fields: Vec<String> = fields.into_iter().collect();
        let reading =
            |filter| Reading { collection: name.to_owned(), fields: fields.clone(), filter };
        let known = self.known.get(name).copied().unwrap_or_default();
        let is_most = expected.len() > KEYS_PER_FILTER && expected.len() as u64 * ALL_FROM >= known;
        if facts.singleton || (known > 0 && is_most) {
            return vec![reading(Value::Null)];
        }
        let keys: Vec<&Value> = expected.values().map(|row| &row.key).collect();
        let filters = keys.chunks(KEYS_PER_FILTER);
        filters.map(|keys| reading(json!({ &facts.primary: { "_in": keys } }))).collect()
    }

    /// Everything in which the rows of `page` are not as they should be; `None` where it is no JSON array
    /// of objects.
    pub fn compare(&mut self, collection: &str, page: &str) -> Option<Vec<Diagnostic>> {
        let Some(facts) = self.facts.get(collection) else { return Some(Vec::new()) };
        let Some(expected) = self.rows.get_mut(collection) else { return Some(Vec::new()) };
        let mut comparison = Comparison::new(collection, facts, expected);
        scan::rows(page, Keys::Any, &mut comparison)?;
        Some(comparison.found)
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

/// The fields that are written to some row. Most rows have the same.
fn written_fields(expected: &BTreeMap<KeyText, Expected>) -> BTreeSet<String> {
    let mut fields = BTreeSet::new();
    for row in expected.values() {
        match &row.values {
            None => {}
            Some(Written::Parts(values)) => fields.extend(values.keys().cloned()),
            Some(Written::Whole(text)) => {
                each_field(text, |name, _| {
                    if !fields.contains(name) {
                        fields.insert(name.to_owned());
                    }
                });
            }
        }
    }
    fields
}

/// Hands names and texts of a row's values to `take`.
fn each_field(row: &RowText, mut take: impl FnMut(&str, &str)) {
    if let Some(fields) = row.fields() {
        return fields.iter().for_each(|(name, token)| take(name, token));
    }
    let read = scan::fields(&row.text(), |name, token| take(&name, token));
    debug_assert!(read.is_some(), "the planner wrote the row");
}

/// A page of rows that is compared. Values are only made of what is not the same as text.
struct Comparison<'e, 'p> {
    collection: &'e str,
    facts: &'e CollectionFacts,
    expected: &'e mut BTreeMap<KeyText, Expected>,
    forms: BTreeMap<&'e str, Form>,
    primary: Form,
    /// The fields of the row that ends next.
    row: Vec<(Cow<'p, str>, &'p str)>,
    found: Vec<Diagnostic>,
}

impl<'e> Comparison<'e, '_> {
    fn new(
        collection: &'e str,
        facts: &'e CollectionFacts,
        expected: &'e mut BTreeMap<KeyText, Expected>,
    ) -> Self {
        let forms = facts.fields.iter().map(|(name, field)| (name.as_str(), Form::of(Some(field))));
        Self {
            collection,
            expected,
            forms: forms.collect(),
            primary: Form::of(facts.fields.get(&facts.primary)),
            row: Vec::new(),
            found: Vec::new(),
            facts,
        }
    }

    fn key_text(&self) -> KeyText {
        if self.facts.singleton {
            return String::new().into();
        }
        self.primary.token(self.token(&self.facts.primary, 0)).into_owned().into()
    }

    /// The text of a field's value; `guess` is where it stands if rows are read as they are written.
    fn token(&self, name: &str, guess: usize) -> &str {
        let guessed = self.row.get(guess).filter(|(own, _)| own == name);
        let field = guessed.or_else(|| self.row.iter().find(|(own, _)| own == name));
        field.map_or("null", |(_, token)| token)
    }

    fn is_as(&self, written: &RowText) -> bool {
        let (mut same, mut place) = (true, 0);
        each_field(written, |name, wanted| {
            place += 1;
            same = same && (name == self.facts.primary || self.is_same(name, wanted, place));
        });
        same
    }

    fn is_same(&self, name: &str, wanted: &str, place: usize) -> bool {
        let now = self.token(name, place);
        wanted == now
            || is_mask(now)
            || self.forms.get(name).is_some_and(|form| form.token(wanted) == form.token(now))
    }

    fn values(&self) -> Row {
        let value = |token: &str| serde_json::from_str(token).unwrap_or_default();
        self.row.iter().map(|(name, token)| (name.to_string(), value(token))).collect()
    }
}

impl<'p> scan::Rows<'p> for Comparison<'_, 'p> {
    fn field(&mut self, name: Cow<'p, str>, value: &'p str) {
        self.row.push((name, value));
    }

    fn item(&mut self, _: usize, _: &'p str) {
        let key = self.key_text();
        // Of a singleton the first row counts, as it does in Directus.
        let expected = self.expected.get_mut(&key).filter(|expected| !expected.seen);
        if let Some(expected) = expected {
            expected.seen = true;
            let written = match &expected.values {
                Some(Written::Whole(row)) => Some(row.clone()),
                _ => None,
            };
            if written.is_none_or(|row| !self.is_as(&row))
                && let Some(expected) = self.expected.get(&key)
            {
                let found = differences(self.collection, self.facts, expected, &self.values());
                self.found.extend(found);
            }
        }
        self.row.clear();
    }
}

fn differences(
    collection: &str,
    facts: &CollectionFacts,
    expected: &Expected,
    row: &Row,
) -> Vec<Diagnostic> {
    let Some(values) = &expected.values else { return vec![back_again(collection, expected)] };
    let values = values.row();
    let compared = values.iter().filter(|(name, _)| **name != facts.primary);
    let differing = compared.filter_map(|(name, value)| {
        let field = facts.fields.get(name);
        let wanted = rows::canonical(field, value);
        let now = rows::canonical(field, rows::value_of(row, name));
        // A placeholder was written as what it stands for, which is told to nobody.
        let differs = !environment::fits(&wanted, &now) && !rows::is_mask(&now);
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
    let now = environment::hide(wanted, now, rows::MASK);
    let (wanted, now) = render::contrast(wanted, &now);
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
    match expected.label.clone().unwrap_or_else(|| rows::plain(&expected.key)).as_str() {
        "" => collection.to_owned(),
        label => format!("{collection}[{label}]"),
    }
}
