//! One entry while a plan is made: its rows from the files, matched with those of the target.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::base::Hash;
use crate::config::Entry;
use crate::data_files::{DataFile, RawRow, assemble};
use crate::error::Diagnostic;
use crate::identity::Places;
use crate::merge::{Agreed, Decision, OnDrift, State};
use crate::model::{CollectionFacts, Facts, Mode, Row};
use crate::references::{self, ReferenceField};
use crate::rows;
use crate::schema_merge::HeldBack;

use super::agreement::Agreement;
use super::check;

/// The key of the only row of a singleton.
const SINGLE: &str = "[]";

/// An entry with its rows.
#[derive(Debug)]
pub struct EntryRows {
    /// The entry.
    pub entry: Entry,
    /// Its collection, as it will be after the schema steps.
    pub facts: CollectionFacts,
    /// Where ids of the Administrator can stand.
    pub places: Places,
    /// Fields that refer to rows.
    pub references: Vec<ReferenceField>,
    /// Fields with unique values.
    pub unique: BTreeSet<String>,
    /// Whether any file of it was read. Without one nothing is known, so nothing is changed.
    pub has_files: bool,
    /// The rows as the files or `onImport` gave them, until they are in database form.
    pub raw: Vec<RawRow>,
    /// The rows of the files in database form.
    pub desired: Vec<Desired>,
    /// Rows of the target that no desired row matches, by primary key.
    pub others: BTreeMap<String, Current>,
    /// How many rows of the target lie inside the entry's filter.
    pub seen: u64,
    /// How far an import may go with its rows.
    pub mode: Mode,
    /// What happens to rows that changed on the target.
    pub on_drift: OnDrift,
    /// What was agreed on; `None` where nobody keeps a base.
    pub agreement: Option<Agreement>,
    /// Whether the rows of the target are on their way to the files, and not the other way round.
    pub exports: bool,
    /// Rows of the files that `onImport` dropped, by their place among them.
    pub dropped: Vec<usize>,
    /// What the target is not to get: fields, or everything.
    held_back: BTreeSet<String>,
    is_away: bool,
    files: Vec<DataFile>,
    prepared: bool,
    /// Desired rows by key.
    pub(super) index: BTreeMap<String, Vec<usize>>,
    /// Rows of the target by key, which wait until all are read, since a key may repeat.
    pub(super) held: BTreeMap<String, Vec<Current>>,
}

/// A row of the files in database form.
#[derive(Debug, Clone, Default)]
pub struct Desired {
    /// The fields that the file has, without those that do not travel.
    pub row: Row,
    /// The text of its key.
    pub key: String,
    /// As in [`RawRow::place`].
    pub place: String,
    /// As in [`RawRow::index`].
    pub index: usize,
    /// Whether it has values in fields that neither target nor base know: another instance's news.
    pub news: bool,
    /// References that name their row as the target does, where the files name it otherwise.
    pub followed: Row,
    /// The row of the target with this key.
    pub found: Option<Found>,
    /// Whether another entry of the collection has the same row, and takes care of it.
    pub shadowed: bool,
    /// What was agreed on of the row.
    pub agreed: Agreed<Hash>,
    /// What happened since files and target agreed, once all rows were read.
    pub state: State,
    /// What becomes of the row, once all rows were read.
    pub decision: Decision,
}

/// How a row of the target differs from the desired one.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The primary key on the target.
    pub id: Value,
    /// The fields that differ, as desired.
    pub set: Row,
    /// The same fields, as they are.
    pub before: Row,
    /// The row as it is, as far as planning needs it.
    pub current: Current,
    /// The content that the next base holds once the row is as desired.
    pub after: Option<Hash>,
}

/// A row of the target.
#[derive(Debug, Clone, Default)]
pub struct Current {
    /// The primary key.
    pub id: Value,
    /// The text of its key.
    pub key: String,
    /// Its values; where no desired row matches only those that refer or are unique.
    pub row: Row,
    /// Whether it lies inside the entry's filter, so that it may be deleted.
    pub inside: bool,
    /// What was agreed on of the row.
    pub agreed: Agreed<Hash>,
    /// Its content over the base's fields.
    pub was: Option<Hash>,
    /// Its content over the fields of the next base.
    pub is: Option<Hash>,
}

impl EntryRows {
    /// An entry without rows. `facts` describes the target as the schema steps will leave it.
    pub fn new(entry: Entry, facts: &Facts, references: Vec<ReferenceField>) -> Self {
        Self {
            facts: facts.collections.get(&entry.collection).cloned().unwrap_or_default(),
            places: Places::of(facts, &entry.collection),
            unique: references::unique_fields(facts, &entry.collection),
            references,
            has_files: false,
            raw: Vec::new(),
            desired: Vec::new(),
            others: BTreeMap::new(),
            seen: 0,
            mode: Mode::default(),
            on_drift: OnDrift::default(),
            agreement: None,
            exports: false,
            dropped: Vec::new(),
            held_back: BTreeSet::new(),
            is_away: false,
            files: Vec::new(),
            prepared: false,
            index: BTreeMap::new(),
            held: BTreeMap::new(),
            entry,
        }
    }

    /// Leaves out what the target is not to get.
    pub fn hold_back(&mut self, held_back: &HeldBack) {
        let collection = &self.entry.collection;
        self.is_away = held_back.collections.contains(collection);
        let own = held_back.fields.iter().filter(|(of, _)| of == collection);
        self.held_back = own.map(|(_, field)| field.clone()).collect();
        self.entry.fields.retain(|field| !self.held_back.contains(field));
    }

    /// Takes a parsed file. Where the target is not to get the collection, its rows are left alone.
    pub fn add_file(&mut self, file: DataFile) {
        if !self.is_away {
            self.has_files = true;
            self.files.push(file);
        }
    }

    /// Reads the rows out of the files.
    pub fn assemble(&mut self) -> Vec<Diagnostic> {
        let (rows, found) = assemble(std::mem::take(&mut self.files));
        self.raw = rows;
        found
    }

    /// Whether user functions have yet to see the rows.
    pub fn waits_for_functions(&self) -> bool {
        self.entry.on_import || self.entry.key_function
    }

    /// Replaces the rows by those that `onImport` returned; `None` where it dropped one.
    pub fn set_raw(&mut self, rows: Vec<Option<Row>>) {
        let places: Vec<String> = self.raw.drain(..).map(|raw| raw.place).collect();
        for (index, row) in rows.into_iter().enumerate() {
            let place = places.get(index).cloned().unwrap_or_else(|| self.made(index));
            match row {
                Some(row) => self.raw.push(RawRow { row, place, index }),
                None => self.dropped.push(index),
            }
        }
    }

    fn made(&self, index: usize) -> String {
        format!("{}: row {} of onImport", self.entry.id, index + 1)
    }

    /// Brings the rows into database form, once. `keys` are those that `getKey` gave.
    pub fn prepare(&mut self, keys: Option<&[Value]>) -> Vec<Diagnostic> {
        if std::mem::replace(&mut self.prepared, true) {
            return Vec::new();
        }
        let mut raw = std::mem::take(&mut self.raw);
        raw.iter_mut().for_each(|raw| raw.row.retain(|name, _| !self.held_back.contains(name)));
        let mut found = match self.exports {
            true => Vec::new(),
            false => check::unknown_fields(&self.entry, &self.facts, &raw),
        };
        for (index, raw) in raw.into_iter().enumerate() {
            let key = self.key_of(&raw.row, keys.and_then(|keys| keys.get(index)));
            match key {
                Some(key) => self.add_desired(raw, key),
                None => found.push(check::no_key(&self.entry, raw.place)),
            }
        }
        found.extend(check::repeated_keys(self));
        self.agree();
        found
    }

    fn add_desired(&mut self, raw: RawRow, key: String) {
        let fields = self.entry.fields.iter().map(String::as_str).collect();
        let row = rows::database_form(&raw.row, &fields, &self.facts);
        let news = self.exports && self.has_news(&raw.row);
        self.index.entry(key.clone()).or_default().push(self.desired.len());
        let RawRow { place, index, .. } = raw;
        self.desired.push(Desired { row, key, place, index, news, ..Desired::default() });
    }

    /// The text of a row's key: the one that `getKey` gave, or the values of the key's fields.
    fn key_of(&self, row: &Row, given: Option<&Value>) -> Option<String> {
        if self.entry.key_function {
            let given = given.filter(|key| !key.is_null())?;
            return Some(rows::text(&Value::Array(vec![rows::canonical(None, given)])));
        }
        if self.entry.singleton {
            return Some(SINGLE.to_owned());
        }
        let fields = self.entry.key.iter().map(String::as_str).collect();
        rows::key_text(&rows::database_form(row, &fields, &self.facts), &self.entry.key)
    }

    /// Desired rows by key, each key once.
    pub fn by_key(&self) -> impl Iterator<Item = (&String, &Vec<usize>)> {
        self.index.iter()
    }

    /// Takes a page of rows of the target, in the form that Directus gives them.
    pub fn add_current(&mut self, page: Vec<Row>, keys: Option<&[Value]>, inside: bool) {
        for (index, row) in page.into_iter().enumerate() {
            self.seen += u64::from(inside);
            let given = keys.and_then(|keys| keys.get(index));
            let current = self.current(&row, given, inside);
            self.add_one(current);
        }
    }

    /// A row of the target in database form, with what the base says of it.
    fn current(&self, given: &Row, key: Option<&Value>, inside: bool) -> Current {
        let row = rows::database_form(given, &rows::columns(&self.entry), &self.facts);
        let id = rows::value_of(&row, &self.entry.primary_key).clone();
        let key = self.key_of(&row, key).unwrap_or_default();
        let agreement = self.agreement.as_ref();
        Current {
            agreed: agreement.map_or(Agreed::Unknown, |agreement| agreement.of(&key)),
            was: agreement.map(|agreement| agreement.content_before(given)),
            is: agreement.map(|agreement| match self.exports {
                true => agreement.content_now(given),
                false => agreement.content_after(&row, &self.defaults(&row)),
            }),
            id,
            key,
            row,
            inside,
        }
    }

    /// What the columns that `row` does not have will hold.
    pub(super) fn defaults(&self, row: &Row) -> Row {
        let names = self.entry.fields.iter().filter(|name| !row.contains_key(*name));
        names.map(|name| (name.clone(), self.default_of(name))).collect()
    }

    /// What a column that the schema steps add will hold in the rows that exist.
    pub(super) fn default_of(&self, name: &str) -> Value {
        let field = self.facts.fields.get(name);
        rows::canonical(field, field.map_or(&Value::Null, |field| &field.default_value))
    }

    /// Keys of desired rows that no row of the target matched so far.
    pub fn unmatched(&self) -> Vec<&Desired> {
        let is_read = |key: &String| self.held.get(key).is_some_and(|held| !held.is_empty());
        let open = |desired: &&Desired| desired.found.is_none() && !is_read(&desired.key);
        self.desired.iter().filter(open).collect()
    }

    /// The primary key that a desired row has or will have; `None` where the target makes it.
    pub fn id_of<'a>(&'a self, desired: &'a Desired) -> Option<&'a Value> {
        match &desired.found {
            Some(found) => Some(&found.id),
            None => desired.row.get(&self.entry.primary_key).filter(|id| !id.is_null()),
        }
    }

    /// The fields that put rows in order: those of the key, else the primary key.
    pub fn sort_key(&self) -> &[String] {
        match self.entry.key.is_empty() {
            true => std::slice::from_ref(&self.entry.primary_key),
            false => &self.entry.key,
        }
    }

    /// A row's key for people.
    pub fn label(&self, key: &str) -> String {
        let parts = serde_json::from_str::<Vec<Value>>(key).unwrap_or_default();
        match parts.is_empty() {
            true => self.entry.collection.clone(),
            false => parts.iter().map(rows::plain).collect::<Vec<_>>().join(" / "),
        }
    }
}
