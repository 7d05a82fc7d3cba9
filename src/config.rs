//! Config evaluation: raw config and facts of the instance give entries and all diagnostics.

mod collection;
mod entry;
mod environment;
mod fields;
mod files;
mod names;
mod naming;
mod options;
mod query;
mod renames;
mod suggest;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use self::files::{EntryFiles, entry_files};
pub(crate) use self::suggest::did_you_mean;
use crate::error::Diagnostic;
pub use crate::file_name::safe_name;
use crate::merge::OnDrift;
use crate::model::{Effects, Facts, Mode};

/// What the JavaScript side read: the exports of each config file, functions replaced by
/// `{"$function": true}`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RawConfig {
    /// The config files in the order they were loaded.
    pub sources: Vec<RawSource>,
    /// The mode that the environment or a flag asks for.
    #[serde(default)]
    pub mode: Mode,
    /// The mode of the schema, where it is to go less far.
    #[serde(default)]
    pub schema_mode: Option<Mode>,
}

/// The exports of one config file.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RawSource {
    /// The file's name, relative to the folder, for diagnostics.
    pub file: String,
    /// `syncCustomCollections`, as exported: collection name to entry.
    #[serde(default)]
    pub custom: Option<Map<String, Value>>,
    /// `syncDirectusCollections`, as exported: collection name to entry.
    #[serde(default)]
    pub directus: Option<Map<String, Value>>,
    /// `renames`, as exported, such as `{"posts.title": "posts.headline"}`; or null.
    #[serde(default)]
    pub renames: Value,
}

/// The evaluated config.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Config {
    /// How far an import may go.
    pub mode: Mode,
    /// The same for the schema, where it is to go less far than the rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema_mode: Option<Mode>,
    /// The entries, sorted by id. Fit for a run only if `diagnostics` has no error.
    pub entries: Vec<Entry>,
    /// Collections whose rows are referred to by key, since their primary keys do not travel, with the
    /// fields of the key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub named: BTreeMap<String, Vec<String>>,
    /// Fields that have another name than they had, by their old names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renames: Vec<Rename>,
    /// Every problem found, errors and warnings, in the order of the config.
    pub diagnostics: Vec<Diagnostic>,
}

/// A field that was given another name.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Rename {
    /// Its collection.
    pub collection: String,
    /// The old name.
    pub field: String,
    /// The new name.
    pub to: String,
    /// Where it stands in the config: `config.js: renames['posts.title']`.
    pub place: String,
}

impl Rename {
    fn new([collection, field, to]: [&str; 3], place: String) -> Self {
        Self { collection: collection.into(), field: field.into(), to: to.into(), place }
    }

    /// `posts.title`.
    pub fn old_path(&self) -> String {
        format!("{}.{}", self.collection, self.field)
    }

    /// `posts.headline`.
    pub fn new_path(&self) -> String {
        format!("{}.{}", self.collection, self.to)
    }
}

/// One collection of the config with its prefix: the unit that has files, filter and key.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// The stem of its files under `data/`: `<prefix_><collection>`, safe on every disk.
    pub id: String,
    /// The collection.
    pub collection: String,
    /// The prefix from the config, or empty.
    #[serde(default)]
    pub prefix: String,
    /// Where it stands in the config: `config.js: syncCustomCollections.posts`.
    pub place: String,
    /// The source's index in [`RawConfig::sources`].
    pub source: usize,
    /// The field names that are read, compared and written, sorted: physical columns without the
    /// excluded, never-export and masked ones. Holds the primary key only when it travels.
    pub fields: Vec<String>,
    /// The primary key's field.
    pub primary_key: String,
    /// The fields that identify a row across instances; empty for a singleton, and where `getKey`
    /// gives the key.
    pub key: Vec<String>,
    /// Whether `getKey` of the config gives the key instead (JavaScript calls it).
    #[serde(default)]
    pub key_function: bool,
    /// The fields whose values stand in the files as keys of the rows that they refer to, with those
    /// collections of [`Config::named`] that they may lead to.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_key: BTreeMap<String, BTreeSet<String>>,
    /// What becomes of a reference to a row that does not exist.
    #[serde(default, skip_serializing_if = "OnMissing::is_error")]
    pub on_missing: OnMissing,
    /// Whether several rows may share a key, as permissions do; they are reconciled as a multiset.
    #[serde(default)]
    pub multiset: bool,
    /// Whether the collection holds one row.
    #[serde(default)]
    pub singleton: bool,
    /// The fields whose values name a group file; empty for one file.
    #[serde(default)]
    pub group_by: Vec<String>,
    /// What to read from the instance: the filter of the config and the collection's own, combined,
    /// in Directus' filter syntax, or null.
    #[serde(default)]
    pub filter: Value,
    /// `query.sort` of the config; empty sorts by key.
    #[serde(default)]
    pub sort: Vec<String>,
    /// `query.limit` of the config.
    #[serde(default)]
    pub limit: Option<u64>,
    /// Whether rows may be deleted under a mode that deletes.
    pub deletes: bool,
    /// `mode` of the config, in place of that of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// `onDrift` of the config.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_drift: Option<OnDrift>,
    /// Whether `onExport` is a function (JavaScript calls it).
    #[serde(default)]
    pub on_export: bool,
    /// Whether `onImport` is a function (JavaScript calls it).
    #[serde(default)]
    pub on_import: bool,
    /// `watch` of the config: event scopes such as `roles` or `posts.items`.
    #[serde(default)]
    pub watch: Vec<String>,
    /// Fields that never leave the instance, but may come from the environment: secrets, and what
    /// belongs to the instance in the settings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<String>,
    /// `env` of the config: variables by the place that an export writes them to, as `field` or
    /// `field/path`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, String>,
    /// Whether the hashes of users' passwords travel.
    #[serde(default, skip_serializing_if = "is_false")]
    pub password_hashes: bool,
    /// `admin` of the config: the id of the Administrator role or policy, where several could be it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admin: Option<String>,
    /// `emitEvents`, `track` and `files` of the config.
    #[serde(default, skip_serializing_if = "Effects::are_none")]
    pub effects: Effects,
}

fn is_false(flag: &bool) -> bool {
    !*flag
}

/// What becomes of a reference to a row that does not exist.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnMissing {
    /// It stops the run.
    #[default]
    Error,
    /// It becomes null.
    Null,
}

impl OnMissing {
    fn is_error(&self) -> bool {
        *self == Self::Error
    }
}

impl Entry {
    /// Whether `field` is read, compared and written.
    pub fn carries(&self, field: &str) -> bool {
        self.fields.iter().any(|carried| carried == field)
    }

    /// Whether the primary key stands in the files. Where it does not, the target makes its own.
    pub fn carries_primary_key(&self) -> bool {
        self.carries(&self.primary_key)
    }

    /// Whether rows are known across instances by their primary key.
    pub fn keyed_by_primary_key(&self) -> bool {
        matches!(self.key.as_slice(), [only] if *only == self.primary_key)
    }

    /// Whether the rows stand in one file per group.
    pub fn grouped(&self) -> bool {
        !self.group_by.is_empty()
    }

    /// The id before it is made safe for every disk: `<prefix>_<collection>` or `<collection>`.
    fn exact_id(&self) -> String {
        match self.prefix.as_str() {
            "" => self.collection.clone(),
            prefix => format!("{prefix}_{}", self.collection),
        }
    }
}

/// Evaluates a config against an instance. Every problem is reported in [`Config::diagnostics`];
/// entries that name no usable collection are left out.
pub fn resolve(raw: &RawConfig, facts: &Facts) -> Config {
    let directus = raw.sources.iter().filter_map(|source| source.directus.as_ref());
    let synced = directus.flat_map(Map::keys).map(String::as_str).collect();
    let mut diagnostics = Vec::new();
    let mut entries = Vec::new();
    for declared in declarations(raw) {
        entries.extend(entry::evaluate(&declared, facts, &synced, &mut diagnostics));
    }
    let mut entries = without_duplicates(entries, &mut diagnostics);
    names::assign_ids(&mut entries);
    entries.sort_by(|a, b| a.id.cmp(&b.id));
    let named = naming::assign(&mut entries, facts, &mut diagnostics);
    let renames = renames::evaluate(raw, facts, &mut diagnostics);
    Config { mode: raw.mode, schema_mode: raw.schema_mode, entries, named, renames, diagnostics }
}

/// Which of the two exports of a config file an entry stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Export {
    Custom,
    Directus,
}

impl Export {
    fn name(self) -> &'static str {
        match self {
            Self::Custom => "syncCustomCollections",
            Self::Directus => "syncDirectusCollections",
        }
    }
}

/// One entry as a config file declares it.
struct Declared<'a> {
    source: usize,
    export: Export,
    collection: &'a str,
    options: &'a Value,
    /// As [`Entry::place`].
    place: String,
}

fn declarations(raw: &RawConfig) -> Vec<Declared<'_>> {
    let mut declared = Vec::new();
    for (source, file) in raw.sources.iter().enumerate() {
        for (export, collections) in
            [(Export::Directus, &file.directus), (Export::Custom, &file.custom)]
        {
            declared.extend(collections.iter().flatten().map(|(collection, options)| {
                let place = format!("{}: {}.{collection}", file.file, export.name());
                Declared { source, export, collection, options, place }
            }));
        }
    }
    declared
}

/// Two entries of one collection need different prefixes, since each has its own files.
fn without_duplicates(entries: Vec<Entry>, report: &mut Vec<Diagnostic>) -> Vec<Entry> {
    let mut first: BTreeMap<String, Entry> = BTreeMap::new();
    for entry in entries {
        match first.get(&entry.exact_id()) {
            Some(other) => report.push(duplicate(&entry, other)),
            None => drop(first.insert(entry.exact_id(), entry)),
        }
    }
    first.into_values().collect()
}

fn duplicate(entry: &Entry, other: &Entry) -> Diagnostic {
    let message = format!(
        "{} and {} would both write data/{}.json. Give one of them another `prefix`.",
        other.place,
        entry.place,
        entry.exact_id()
    );
    Diagnostic::error("CONFIG_DUPLICATE_ENTRY", message, &entry.place)
}
