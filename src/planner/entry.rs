//! One entry while a plan is made: its rows from the files, matched with those of the target.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::Value;

use crate::base::Hash;
use crate::config::Entry;
use crate::data_files::{DataFile, Origin, RawRows, assemble};
use crate::environment::Environment;
use crate::error::Diagnostic;
use crate::identity::{Identity, Places};
use crate::merge::{Agreed, Decision, OnDrift, State};
use crate::model::{CollectionFacts, Facts, Mode, Row};
use crate::naming::{self, ByKey, Naming};
use crate::plan::Warning;
use crate::record::{Columns, Fields, Record, Tokens};
use crate::references::{self, ReferenceField};
use crate::rows;
use crate::schema_merge::HeldBack;
use crate::words;

use super::agreement::Agreement;

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
    /// Those of them that refer by key.
    pub by_key: Vec<ByKey>,
    /// How rows are referred to by key.
    pub naming: Rc<Naming>,
    /// Fields with unique values.
    pub unique: BTreeSet<String>,
    /// Whether any file of it was read. Without one nothing is known, so nothing is changed.
    pub has_files: bool,
    /// The rows as the files or `onImport` gave them, until they are in database form.
    pub raw: RawRows,
    /// Where the rows that `onImport` returned come from.
    pub(super) returned: Option<Returned>,
    /// What [`Record`]s of the entry hold.
    pub columns: Rc<Columns>,
    /// What columns hold that a row does not have.
    pub(super) defaults: Record,
    /// The rows of the files in database form.
    pub desired: Vec<Desired>,
    /// Rows of the target that no desired row matches, by primary key.
    pub others: BTreeMap<String, Current>,
    /// Keys and contents of rows of the target that are exported and that nothing is compared with.
    pub(super) noted: Vec<(Hash, Hash)>,
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
    /// What placeholders stand for; `None` where nobody asks.
    pub environment: Option<Rc<Environment>>,
    /// Whether any row can have a placeholder.
    pub(super) has_placeholders: bool,
    /// Fields with placeholders, by how many rows of the entry stand before theirs.
    pub placeholders: BTreeMap<usize, Row>,
    /// Where the target of an export holds something else than the environment.
    pub drifted: Vec<Warning>,
    /// What the target is not to get: fields, or everything.
    pub(super) held_back: BTreeSet<String>,
    is_away: bool,
    files: Vec<DataFile>,
    pub(super) prepared: bool,
    /// Desired rows in the order of their keys.
    pub(super) index: Index,
    /// Keys of the files that several rows of the target have.
    pub repeated: Vec<Diagnostic>,
    /// Rows of the target by key, which wait until all are read, since a key may repeat.
    pub(super) held: BTreeMap<Rc<str>, Vec<Current>>,
}

/// A row of the files in database form.
#[derive(Debug, Clone, Default)]
pub struct Desired {
    /// The fields that the file has, without those that do not travel.
    pub record: Record,
    /// The text of its key.
    pub key: Rc<str>,
    /// Where it stands; [`EntryRows::place`] says it to people.
    pub origin: Origin,
    /// How many rows of the entry stand before it, over all files.
    pub index: usize,
    /// Whether it has values in fields that neither target nor base know: another instance's news.
    pub news: bool,
    /// References that name their row as the target does, where the files name it otherwise.
    pub followed: Row,
    /// The row of the target with this key.
    pub found: Option<Box<Found>>,
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
    pub key: Rc<str>,
    /// Its values; once it is matched only those that refer, are unique, or that the desired row does
    /// not have.
    pub record: Record,
    /// Whether it lies inside the entry's filter, so that it may be deleted.
    pub inside: bool,
    /// What was agreed on of the row.
    pub agreed: Agreed<Hash>,
    /// Its content over the base's fields; `None` without a base, and where an import finds it equal.
    pub was: Option<Hash>,
    /// Its content over the fields of the next base, as for `was`.
    pub is: Option<Hash>,
}

/// What `onImport` made of an entry's rows.
#[derive(Debug, Default)]
pub(super) struct Returned {
    /// What it returned, until that is in the place of what it was given.
    rows: RawRows,
    /// How many rows it was given, with those that it dropped.
    count: usize,
    /// Where these stand.
    pub origins: Vec<Origin>,
    /// By returned row: how many it was given before that one.
    pub indexes: Vec<usize>,
}

/// Rows by key: their numbers, sorted by key.
#[derive(Debug, Default)]
pub(super) struct Index {
    sorted: Vec<u32>,
    /// Behind the key that was found last, where the next one is likely to be.
    next: usize,
}

impl Index {
    /// The index of `desired`. Rows that share a key keep their order.
    pub fn of(desired: &[Desired]) -> Self {
        let mut sorted: Vec<u32> = (0..desired.len() as u32).collect();
        let key = |index: &u32| key_at(desired, *index).as_bytes();
        sorted.sort_by(|a, b| words::order(key(a), key(b)));
        Self { sorted, next: 0 }
    }

    /// The rows with that key.
    pub fn find(&mut self, desired: &[Desired], key: &str) -> &[u32] {
        let is_here =
            |index: &&u32| words::same(key_at(desired, **index).as_bytes(), key.as_bytes());
        if self.sorted.get(self.next).as_ref().is_none_or(|index| !is_here(index)) {
            let is_before = |index: &u32| {
                words::order(key_at(desired, *index).as_bytes(), key.as_bytes()).is_lt()
            };
            self.next = self.sorted.partition_point(is_before);
        }
        let rows = self.sorted.get(self.next..).unwrap_or_default();
        let rows = rows.get(..rows.iter().take_while(is_here).count()).unwrap_or_default();
        self.next += rows.len();
        rows
    }

    /// Rows that share a key, together, in the order of keys.
    pub fn by_key<'a>(&'a self, desired: &'a [Desired]) -> impl Iterator<Item = &'a [u32]> {
        let key = |index: &u32| key_at(desired, *index).as_bytes();
        self.sorted.chunk_by(move |a, b| words::same(key(a), key(b)))
    }
}

fn key_at(desired: &[Desired], index: u32) -> &str {
    desired.get(index as usize).map_or("", |desired| &desired.key)
}

impl EntryRows {
    /// An entry without rows. `facts` describes the target as the schema steps will leave it, and
    /// `references` are the fields of the collection that refer to rows.
    pub fn new(
        entry: Entry,
        facts: &Facts,
        references: Vec<ReferenceField>,
        naming: &Rc<Naming>,
    ) -> Self {
        let references = naming.references(&entry, references);
        let own = facts.collections.get(&entry.collection).cloned().unwrap_or_default();
        Self {
            by_key: ByKey::of(&references, &own),
            naming: naming.clone(),
            facts: naming::outside(own, &entry.by_key),
            places: Places::of(facts, &entry.collection),
            unique: references::unique_fields(facts, &entry.collection),
            references,
            has_files: false,
            raw: RawRows::default(),
            returned: None,
            columns: Rc::default(),
            defaults: Record::default(),
            desired: Vec::new(),
            others: BTreeMap::new(),
            noted: Vec::new(),
            seen: 0,
            mode: Mode::default(),
            on_drift: OnDrift::default(),
            agreement: None,
            exports: false,
            dropped: Vec::new(),
            environment: None,
            has_placeholders: false,
            placeholders: BTreeMap::new(),
            drifted: Vec::new(),
            held_back: BTreeSet::new(),
            is_away: false,
            files: Vec::new(),
            prepared: false,
            index: Index::default(),
            repeated: Vec::new(),
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

    /// Takes a file. Where the target is not to get the collection, its rows are left alone.
    pub fn add_file(&mut self, file: DataFile) {
        if !self.is_away {
            self.has_files = true;
            self.files.push(file);
        }
    }

    /// Finds the rows in the files.
    pub fn assemble(&mut self) -> Vec<Diagnostic> {
        let (rows, found) = assemble(std::mem::take(&mut self.files));
        self.raw = rows;
        found
    }

    /// Whether JavaScript has yet to see the rows: functions of the config, or the contents of files.
    pub fn waits_for_functions(&self) -> bool {
        self.entry.on_import || self.entry.key_function || self.entry.effects.files
    }

    /// Maps the ids of the Administrator before user functions see the rows. Gives the fixed ids that
    /// stay, each with its place.
    pub fn map_raw(&mut self, identity: &Identity) -> Vec<(&'static str, String)> {
        let mut left = Vec::new();
        self.raw.change(|origin, row| {
            identity.map(&self.places, row);
            let ids = crate::identity::unmapped(&self.places, row).into_iter();
            left.extend(ids.map(|id| (id, origin)));
        });
        left.into_iter().map(|(id, origin)| (id, self.place(origin))).collect()
    }

    /// Takes the next rows that `onImport` returned, an array with `null` where it dropped one.
    pub fn add_returned(&mut self, rows: &[u8]) -> crate::error::Result<()> {
        let (rows, kept) = RawRows::returned(rows)?;
        let returned = self.returned.get_or_insert_default();
        for is_kept in kept {
            let list = if is_kept { &mut returned.indexes } else { &mut self.dropped };
            list.push(returned.count);
            returned.count += 1;
        }
        returned.rows.append(rows);
        Ok(())
    }

    /// Replaces the rows by those that `onImport` returned.
    pub fn end_returned(&mut self) {
        let returned = self.returned.get_or_insert_default();
        returned.origins = self.raw.iter().map(|(origin, _)| origin).collect();
        self.raw.replace(std::mem::take(&mut returned.rows));
    }

    /// The place of a row of the files, or of `onImport`, for people.
    pub fn place(&self, origin: Origin) -> String {
        let made = || format!("{}: row {} of onImport", self.entry.id, origin.number());
        self.raw.place(origin).unwrap_or_else(made)
    }

    /// The fields of a desired row.
    pub fn fields<'a>(&'a self, desired: &'a Desired) -> Fields<'a> {
        desired.record.tokens().of(&self.columns)
    }

    /// The fields of a row of the target that are still known.
    pub fn fields_there<'a>(&'a self, current: &'a Current) -> Fields<'a> {
        current.record.tokens().of(&self.columns)
    }

    /// What a column that the schema steps add will hold in the rows that exist.
    pub(super) fn default_of(&self, name: &str) -> Value {
        let field = self.facts.fields.get(name);
        rows::canonical(field, field.map_or(&Value::Null, |field| &field.default_value))
    }

    /// What the columns that a row does not have will hold.
    pub(super) fn defaults(&self) -> Tokens<'_> {
        self.defaults.tokens()
    }

    /// Keys of desired rows that no row of the target matched so far.
    pub fn unmatched(&self) -> Vec<&Desired> {
        let is_read = |key: &Rc<str>| self.held.get(key).is_some_and(|held| !held.is_empty());
        let open = |desired: &&Desired| desired.found.is_none() && !is_read(&desired.key);
        self.desired.iter().filter(open).collect()
    }

    /// The primary key that a desired row has or will have; `None` where the target makes it.
    pub fn id_of(&self, desired: &Desired) -> Option<Value> {
        match &desired.found {
            Some(found) => Some(found.current.id.clone()),
            None => self.fields(desired).get(&self.entry.primary_key).filter(|id| !id.is_null()),
        }
    }

    /// The text of a reference by key to a row of that key; `None` where rows are referred to by their
    /// ids.
    pub fn reference_to(&self, key: &str) -> Option<String> {
        let collection = &self.entry.collection;
        let is_named = !key.is_empty() && self.naming.has(collection);
        is_named.then(|| self.naming.of_key(collection, key))
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
        let inner = key.strip_prefix("[\"").and_then(|key| key.strip_suffix("\"]"));
        if let Some(plain) = inner.filter(|text| !text.contains(['"', '\\'])) {
            return plain.to_owned();
        }
        let parts = serde_json::from_str::<Vec<Value>>(key).unwrap_or_default();
        match parts.is_empty() {
            true => self.entry.collection.clone(),
            false => parts.iter().map(rows::plain).collect::<Vec<_>>().join(" / "),
        }
    }
}
